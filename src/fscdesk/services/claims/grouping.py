"""Which services go on one claim: pure, so that it can be tried on anything.

A claim has one patient, policy, rendering and supervising clinician, referral, authorization,
and place where it was held; it stays in one calendar year, keeps a session whole, and has at
most fifty lines (837P; a CMS-1500 takes six a page, any number of pages).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from fscdesk.models.values import Money
from fscdesk.services.claims.build_plan import LineChange, PlannedLine

MOST_LINES: Final = 50
"""Service lines of an 837P claim (loop 2400)."""
MOST_DIAGNOSES: Final = 12
"""Diagnoses of a claim (HI, box 21)."""
MOST_POINTERS: Final = 4
"""Diagnoses that a line points at (SV107, box 24E)."""
TELEHEALTH: Final = frozenset({"02", "10"})
"""Places of service without a facility: the client was elsewhere, or at home (CMS list)."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A service after the rules have run."""

    charge_id: int
    code: str
    modifiers: tuple[str, ...]
    place_of_service: str
    units: int
    amount: Money
    changes: tuple[LineChange, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftSession:
    """A session that goes on a claim, with all that decides on which.

    ``diagnoses`` are those of the day, in the patient's order.
    """

    session_id: int
    patient_id: int
    day: date
    minute: int
    policy_id: int
    rank: int
    rendering_id: int
    supervising_id: int | None
    referral_id: int | None
    authorization_id: int | None
    location_id: int | None
    note: str
    diagnoses: tuple[str, ...]
    lines: tuple[DraftLine, ...]
    held_for: tuple[str, ...] = ()
    held_before: tuple[str, ...] = ()
    primary_id: int | None = None

    @property
    def facility_id(self) -> int | None:
        """Return where it was held, None for a session over video or phone."""
        remote = all(line.place_of_service in TELEHEALTH for line in self.lines)
        return None if remote else self.location_id


@dataclass(frozen=True, slots=True)
class Group:
    """Sessions of one claim in their order. ``location_id`` is the facility of all of them."""

    sessions: tuple[DraftSession, ...]
    location_id: int | None

    @property
    def place_of_service(self) -> str:
        """Return the place of the first line: that of the claim (CLM05-1)."""
        return self.sessions[0].lines[0].place_of_service

    def diagnoses(self) -> tuple[str, ...]:
        """Return the codes of the claim: those of the first day, then what later days add."""
        codes = dict.fromkeys(code for one in self.sessions for code in one.diagnoses)
        return tuple(codes)[:MOST_DIAGNOSES]

    def lines(self) -> tuple[PlannedLine, ...]:
        """Return the lines in the order of days, each pointing at the diagnoses of its day."""
        places = {code: at for at, code in enumerate(self.diagnoses(), start=1)}
        usual = self.place_of_service
        return tuple(
            PlannedLine(
                session_id=one.session_id,
                charge_id=line.charge_id,
                day=one.day,
                code=line.code,
                modifiers=line.modifiers,
                place_of_service="" if line.place_of_service == usual else line.place_of_service,
                units=line.units,
                amount=line.amount,
                pointers=tuple(places[code] for code in one.diagnoses if code in places)[
                    :MOST_POINTERS
                ],
            )
            for one in self.sessions
            for line in one.lines
        )


def group_sessions(sessions: Iterable[DraftSession]) -> list[Group]:
    """Return which sessions go on one claim, in the order of patient, first day, and session."""
    together: dict[tuple[object, ...], list[DraftSession]] = defaultdict(list)
    for one in sorted(sessions, key=_when):
        together[_key(one)].append(one)
    groups = [
        Group(tuple(part), place)
        for some in together.values()
        for place, here in _by_facility(some)
        for part in _parts(here)
    ]
    return sorted(groups, key=lambda one: (one.sessions[0].patient_id, *_when(one.sessions[0])))


def _when(one: DraftSession) -> tuple[date, int, int]:
    return one.day, one.minute, one.session_id


def _key(one: DraftSession) -> tuple[object, ...]:
    return (
        one.patient_id,
        one.policy_id,
        one.rendering_id,
        one.supervising_id,
        one.referral_id,
        one.authorization_id,
        one.primary_id,
        one.day.year,
    )


def _by_facility(
    sessions: Sequence[DraftSession],
) -> list[tuple[int | None, list[DraftSession]]]:
    """Part sessions by the office where they were held; those at a distance go with the first."""
    offices = list(dict.fromkeys(one.facility_id for one in sessions if one.facility_id))
    first = offices[0] if offices else None
    parts: dict[int | None, list[DraftSession]] = defaultdict(list)
    for one in sessions:
        parts[one.facility_id or first].append(one)
    return list(parts.items())


def _parts(sessions: Sequence[DraftSession]) -> list[list[DraftSession]]:
    """Cut sessions into claims of at most fifty lines; no session is cut."""
    parts: list[list[DraftSession]] = []
    room = 0
    for one in sessions:
        if not parts or len(one.lines) > room:
            parts.append([])
            room = MOST_LINES
        parts[-1].append(one)
        room -= len(one.lines)
    return parts
