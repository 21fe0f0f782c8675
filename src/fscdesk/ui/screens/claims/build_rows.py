"""The rows of today's claims: those that go, those that do not, and sessions without a claim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from fscdesk.models.values import Money
from fscdesk.services.claims.today import (
    GoingClaim,
    LeftOut,
    PlannedClaim,
    Route,
    StayingClaim,
    Today,
)
from fscdesk.ui.screens.claims.build_tiles import (
    BEHIND,
    EVERYTHING,
    IN_CLAIMS,
    LEFT_OUT,
    MEND,
    READY,
)
from fscdesk.ui.text import count_text
from fscdesk.ui.theme import Status

NEW: Final = "new"
_MARKS: Final = MappingProxyType(
    {
        READY: Status("Ready", "green", "circle-arrow-up"),
        MEND: Status("To mend", "amber", "triangle-alert"),
        BEHIND: Status("Stays", "neutral", "pause"),
        NEW: Status("Not built", "slate", "circle-dashed"),
        LEFT_OUT: Status("Left out", "neutral", "circle-minus"),
    }
)
_ROUTES: Final = MappingProxyType(
    {Route.ELECTRONIC: "By file", Route.PAPER: "On paper", Route.PORTAL: "By portal"}
)
_PLANNED_FROM: Final = 2_000_000_000


@dataclass(frozen=True, slots=True)
class DayRow:
    """One line: a claim, or a session that is on none. ``id`` is unlike that of any other line.

    ``claim_id`` and ``session_id`` are what can be opened. ``what`` says how it goes, or why not.
    """

    id: int
    term: str
    patient: str
    payer: str
    number: str
    day: date | None
    lines: int
    total: Money | None
    what: str
    hint: str = ""
    field: str = ""
    claim_id: int | None = None
    patient_id: int | None = None
    session_id: int | None = None
    place: str = ""
    warns: int = 0

    @property
    def mark(self) -> Status:
        """Return its badge."""
        return _MARKS[self.term]


def rows_of(today: Today, term: str) -> list[DayRow]:
    """Return the lines of one term of the sum: what must be mended first stands first."""
    wanted = {
        EVERYTHING: (MEND, READY, BEHIND, NEW, LEFT_OUT),
        IN_CLAIMS: (MEND, READY, BEHIND, NEW),
    }.get(term, (term,))
    by_term: dict[str, Iterator[DayRow]] = {
        READY: (_going(one) for one in today.batch.going),
        MEND: (_staying(one, MEND, today) for one in today.to_mend),
        BEHIND: (_staying(one, BEHIND, today) for one in today.behind),
        NEW: (_planned(at, one) for at, one in enumerate(today.unbuilt)),
        LEFT_OUT: (_left_out(one) for one in today.left_out),
    }
    return [row for key in wanted for row in by_term[key]]


def counts_of(today: Today) -> dict[str, int]:
    """Return the figures of the sum."""
    return {
        EVERYTHING: today.sessions,
        IN_CLAIMS: today.in_claims,
        LEFT_OUT: len(today.left_out),
        READY: len(today.batch.going),
        MEND: len(today.to_mend),
        BEHIND: len(today.behind),
    }


def _going(one: GoingClaim) -> DayRow:
    what = _ROUTES[one.route]
    if one.frequency != "1":
        what += ", corrected (7)" if one.frequency == "7" else ", void (8)"
    if one.warns:
        what += f", {count_text(one.warns, 'warning')} to look at"
    return DayRow(
        id=one.claim_id,
        term=READY,
        patient=one.patient,
        payer=one.payer,
        number=one.number,
        day=one.first_day,
        lines=one.lines,
        total=one.total,
        what=what,
        claim_id=one.claim_id,
        patient_id=one.patient_id,
        warns=one.warns,
    )


def _staying(one: StayingClaim, term: str, today: Today) -> DayRow:
    return DayRow(
        id=one.claim_id,
        term=term,
        patient=one.patient,
        payer=one.payer,
        number=one.number,
        day=today.days.get(one.claim_id),
        lines=0,
        total=one.total,
        what=f"{one.reason.rstrip('.')}.",
        hint=one.hint,
        field=one.field,
        claim_id=one.claim_id,
    )


def _planned(at: int, one: PlannedClaim) -> DayRow:
    return DayRow(
        id=_PLANNED_FROM + at,
        term=NEW,
        patient=one.patient,
        payer=one.payer,
        number="",
        day=one.first_day,
        lines=len(one.lines),
        total=one.total,
        what=one.will_stop or "It became ready since. Build it with Ctrl+B.",
        patient_id=one.patient_id,
    )


def _left_out(one: LeftOut) -> DayRow:
    # The name stands in the row already; what follows the first sentence stands below it.
    said = one.reason.removeprefix(f"{one.patient} ")
    what, stop, more = f"{said[:1].upper()}{said[1:]}".partition(". ")
    what += stop.rstrip()
    return DayRow(
        id=-one.session_id,
        term=LEFT_OUT,
        patient=one.patient,
        payer="",
        number="",
        day=one.day,
        lines=0,
        total=one.fee,
        what=what,
        hint=more,
        patient_id=one.patient_id,
        session_id=one.session_id,
        place=one.place,
    )
