"""What the list of claims can be asked, and how the question becomes a condition."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus, Frequency
from fscdesk.models.claim_batch import ClaimSending
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.values import Money
from fscdesk.services.asked import fields_asked
from fscdesk.services.bulk import is_postgres
from fscdesk.services.claim_standing import BEING_CORRECTED, FALLEN
from fscdesk.services.claims.clocks import WAITING
from fscdesk.services.claims.deadlines import due_on
from fscdesk.services.days_meant import days_meant
from fscdesk.services.id_sets import among
from fscdesk.services.patients.finding import patients_with
from fscdesk.services.patients.names import fold
from fscdesk.services.work import Work

VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "held": "Held",
        "ready": "Ready",
        "sent": "Sent",
        "silent": "Silent",
        "rejected": "Rejected",
        "pending": "Pending",
        "denied": "Denied",
        "appeals": "Appeals",
        "paid": "Paid",
        "mine": "Mine",
        "follow_up": "Follow up",
        "all": "All",
    }
)
"""The built-in views. A claim that is not sent is either held, with its reasons, or ready.

``denied`` leaves out those whose place another claim has taken. ``mine`` are open claims that are
assigned to the person at the desk, ``follow_up`` those whose next action is due.
"""
NOBODY: Final = 0
"""Of the chip of who a claim is assigned to: nobody."""
OVER: Final = (ClaimStatus.PAID, ClaimStatus.CLOSED, ClaimStatus.VOID)
"""Nothing is left to do with these."""
SILENT_DAYS: Final = 30
"""From so many days after the last sending on a payer counts as silent (DESIGN.md 9)."""
_OUT_OF: Final = 10_000
"""No payer gives so many days; a day so far ahead is none that a database need reckon with."""


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """The question above the list; empty means any.

    ``text`` is words, each of which must be found in the client, the clinician, the payer, the
    number, the payer's number, a code, the reason code, the day or the amount. ``from_day`` and
    ``to_day`` are of service. ``silent_days``: sent at least so long ago (by the first sending
    with ``by_first``) and not decided. ``due_within``: a clock ends in so many days, or has.
    ``assigned`` holds members of the staff, ``NOBODY`` among them.
    """

    text: str = ""
    from_day: date | None = None
    to_day: date | None = None
    statuses: tuple[str, ...] = ()
    frequencies: tuple[str, ...] = ()
    reason_codes: tuple[str, ...] = ()
    payers: tuple[int, ...] = ()
    clinicians: tuple[int, ...] = ()
    ranks: tuple[int, ...] = ()
    assigned: tuple[int, ...] = ()
    patient_id: int | None = None
    session_id: int | None = None
    batch_id: int | None = None
    silent_days: int | None = None
    by_first: bool = False
    due_within: int | None = None
    view: str = "all"

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> ClaimFilter:
        """Read what the table part holds.

        Keys: text, day (first, last), status, frequency, reason, payer, clinician, rank,
        assigned, patient, session, batch, silent, by_first, due, view. Raises KeyError for any
        other key.
        """
        return cls(**fields_asked(asked, _SINGLE, texts=_TEXTS, numbers=_NUMBERS, days=True))


_TEXTS = {"status": "statuses", "frequency": "frequencies", "reason": "reason_codes"}
_NUMBERS = {
    "payer": "payers",
    "clinician": "clinicians",
    "rank": "ranks",
    "assigned": "assigned",
}
_SINGLE = {
    "text": "text",
    "patient": "patient_id",
    "session": "session_id",
    "batch": "batch_id",
    "silent": "silent_days",
    "by_first": "by_first",
    "due": "due_within",
    "view": "view",
}


def is_ready() -> ColumnElement[bool]:
    """Return whether a claim can go as far as it itself says: scrubbed, and nothing keeps it."""
    return and_(
        Claim.status == ClaimStatus.SCRUBBED,
        Claim.stops == 0,
        Claim.held_for == "",
        Claim.wait_for == "",
        Claim.outdated == "",
        Claim.crossed_over.is_(False),
    )


def is_denied() -> ColumnElement[bool]:
    """Return whether a denial waits for somebody: no other claim has taken its place.

    One that is still being corrected has not.
    """
    after = aliased(Claim)
    taken = exists().where(
        after.replaces_id == Claim.id,
        after.status.not_in(FALLEN),
        after.held_for != BEING_CORRECTED,
    )
    return and_(Claim.status == ClaimStatus.DENIED, ~taken)


def matching(work: Work, wanted: ClaimFilter) -> list[ColumnElement[bool]] | None:
    """Return the conditions of a filter; None where a word is nowhere."""
    conditions = [
        *_ranges(work, wanted),
        *_picks(work, wanted),
        *_view(work, wanted.view),
    ]
    for word in wanted.text.split():
        places = _places(work, word)
        if not places:
            return None
        conditions.append(or_(*places))
    return conditions


def _ranges(work: Work, wanted: ClaimFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.from_day is not None:
        conditions.append(Claim.last_day >= wanted.from_day)
    if wanted.to_day is not None:
        conditions.append(Claim.first_day <= wanted.to_day)
    if wanted.patient_id is not None:
        conditions.append(Claim.patient_id == wanted.patient_id)
    if wanted.session_id is not None:
        lines = select(ClaimLine.claim_id).where(ClaimLine.session_id == wanted.session_id)
        conditions.append(Claim.id.in_(lines))
    if wanted.batch_id is not None:
        sent = select(ClaimSending.claim_id).where(ClaimSending.batch_id == wanted.batch_id)
        conditions.append(Claim.id.in_(sent))
    if wanted.silent_days is not None:
        latest = work.today() - timedelta(days=min(wanted.silent_days, _OUT_OF))
        sent_on = Claim.first_sent_on if wanted.by_first else Claim.last_sent_on
        conditions += [Claim.status.in_(WAITING), sent_on <= latest]
    if wanted.due_within is not None:
        last = work.today() + timedelta(days=min(wanted.due_within, _OUT_OF))
        conditions.append(due_on(work) <= last)
    return conditions


def _picks(work: Work, wanted: ClaimFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.statuses:
        conditions.append(Claim.status.in_([ClaimStatus(one) for one in wanted.statuses]))
    if wanted.frequencies:
        conditions.append(Claim.frequency.in_([Frequency(one) for one in wanted.frequencies]))
    if wanted.reason_codes:
        conditions.append(Claim.reason_code.in_(wanted.reason_codes))
    if wanted.ranks:
        conditions.append(Claim.rank.in_(wanted.ranks))
    if wanted.payers:
        conditions.append(among(work, Claim.payer_id, wanted.payers))
    if wanted.clinicians:
        conditions.append(among(work, Claim.rendering_id, wanted.clinicians))
    if wanted.assigned:
        mine = among(work, Claim.assigned_to, [one for one in wanted.assigned if one != NOBODY])
        free = NOBODY in wanted.assigned
        conditions.append(or_(mine, Claim.assigned_to.is_(None)) if free else mine)
    return conditions


def _view(work: Work, view: str) -> list[ColumnElement[bool]]:
    unsent = Claim.status.in_((ClaimStatus.DRAFT, ClaimStatus.SCRUBBED))
    conditions: dict[str, list[ColumnElement[bool]]] = {
        "all": [],
        "held": [unsent, not_(is_ready())],
        "ready": [is_ready()],
        "sent": [Claim.status.in_((ClaimStatus.SUBMITTED, ClaimStatus.ACKNOWLEDGED))],
        "silent": [
            Claim.status.in_(WAITING),
            Claim.last_sent_on <= work.today() - timedelta(days=SILENT_DAYS),
        ],
        "paid": [Claim.status.in_((ClaimStatus.PAID, ClaimStatus.PARTIALLY_PAID))],
        "rejected": [Claim.status == ClaimStatus.REJECTED],
        "pending": [Claim.status.in_((ClaimStatus.ACCEPTED, ClaimStatus.PENDING))],
        "denied": [is_denied()],
        "appeals": [Claim.status == ClaimStatus.APPEALING],
        "mine": [Claim.assigned_to == work.actor.staff_id, Claim.status.not_in(OVER)],
        "follow_up": [Claim.next_action_on <= work.today(), Claim.status.not_in(OVER)],
    }
    return conditions[view]


def _places(work: Work, word: str) -> list[ColumnElement[bool]]:
    days = days_meant(word, work.today())
    if days:
        lines = select(ClaimLine.claim_id).where(ClaimLine.service_day.in_(days))
        return [Claim.id.in_(lines)]
    places = [
        _starts(work, Claim.number, word.upper()),
        _starts(work, Claim.payer_number, word),
        Claim.reason_code == word.upper(),
        Claim.id.in_(select(ClaimLine.claim_id).where(ClaimLine.code == word.upper())),
    ]
    if "." in word:  # a number without cents is a code or a reference
        with suppress(ValueError):
            places.append(Claim.total == Money.parse(word))
    folded = fold(word)
    patients = patients_with(work, [folded])
    if patients:
        places.append(among(work, Claim.patient_id, patients))
    payers = _named(work, folded, Payer.id, Payer.name, Payer.short_name)
    if payers:
        places.append(among(work, Claim.payer_id, payers))
    clinicians = _named(work, folded, Provider.id, Provider.name)
    if clinicians:
        places.append(among(work, Claim.rendering_id, clinicians))
    return places


def _named(work: Work, folded: str, key: Any, *names: Any) -> list[int]:
    return [
        row[0] for row in work.db.execute(select(key, *names)) if folded in fold(" ".join(row[1:]))
    ]


def _starts(work: Work, column: Any, word: str) -> ColumnElement[bool]:
    """Return that a column begins so; on SQLite as a range, which its index can answer."""
    begins: ColumnElement[bool] = (
        func.upper(column).startswith(word.upper(), autoescape=True)
        if is_postgres(work)
        else and_(
            func.upper(column) >= word.upper(), func.upper(column) < f"{word.upper()}\U0010ffff"
        )
    )
    return begins
