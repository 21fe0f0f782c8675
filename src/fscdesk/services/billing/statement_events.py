"""What happened to guarantors' accounts, entry by entry, with the names that statements use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.patient import Patient
from fscdesk.models.provider import Provider
from fscdesk.models.service import Service
from fscdesk.services.billing.positions import PATIENT_SIDE, in_chunks
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import (
    INSURANCE_SIDE,
    PATIENT_RECEIVABLE,
    RECORDED_IN_SIMPLEPRACTICE,
)
from fscdesk.services.ledger.sources import EntrySource, sources_of
from fscdesk.services.work import Work

NOT_SAID: Final = frozenset({*PATIENT_SIDE, *INSURANCE_SIDE})
"""Of the entry of a charge, what is not one of these accounts is its full price."""
PLAIN: Final = frozenset({EntryKind.CHARGE, EntryKind.OPENING, EntryKind.SP_RECORDED})
"""Entries that need no document to be named."""


class Window(NamedTuple):
    """Which lines are activity: from a day on, or after a statement of a day and an entry."""

    start: date | None
    after: date | None
    through: int


@dataclass(frozen=True, slots=True)
class Event:
    """One part of one entry as far as it concerns one patient of one guarantor.

    Cents. ``change`` is of the balance: what is ``owed`` for each charge (account 1100) and
    what is ``held`` as credit (2400, negative where the credit grows). ``source`` is known
    where the entry is not one of ``PLAIN``.
    """

    patient_id: int | None
    entry_id: int
    day: date
    part: Part
    change: int
    price: int
    held: int
    owed: tuple[tuple[int, int], ...]
    charge_id: int | None
    session_id: int | None
    reverses: int | None
    opening: bool
    source: EntrySource | None


class Charged(NamedTuple):
    """A charge as statements name it; the clinician is empty for a fee of the account."""

    name: str
    day: date
    units: int
    clinician: str


@dataclass(frozen=True, slots=True)
class Names:
    """What the rows of some statements are called by."""

    charges: Mapping[int, Charged]
    patients: Mapping[int, str]
    recorded: frozenset[int]
    """Entries that only settle what SimplePractice has called paid (account 1060)."""


def events_of(
    work: Work, as_of: date, window: Window, guarantors: Sequence[int]
) -> dict[int, list[Event]]:
    """Return the events of the window by guarantor, in the order of their entries."""
    rows = work.db.execute(
        select(
            JournalLine.guarantor_id,
            JournalLine.patient_id,
            JournalLine.entry_id,
            JournalLine.part,
            JournalLine.day,
            JournalLine.account,
            JournalLine.amount,
            JournalLine.charge_id,
            JournalLine.session_id,
            JournalEntry.kind,
            JournalEntry.reverses_id,
        )
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(
            among(work, JournalLine.guarantor_id, guarantors),
            JournalLine.day <= as_of,
            _in_window(window),
            or_(JournalLine.account.in_(PATIENT_SIDE), JournalLine.part == Part.CHARGE),
        )
        .order_by(JournalLine.entry_id, JournalLine.id)
    )
    groups: dict[tuple[int, int | None, int, Part], list[Any]] = {}
    for row in rows:
        if row.guarantor_id is not None:
            key = (row.guarantor_id, row.patient_id, row.entry_id, row.part)
            groups.setdefault(key, []).append(row)
    sources = sources_of(
        work, {group[0].entry_id for group in groups.values() if group[0].kind not in PLAIN}
    )
    found: dict[int, list[Event]] = {guarantor: [] for guarantor in guarantors}
    for (guarantor, *_), group in groups.items():
        event = _event(group, sources.get(group[0].entry_id))
        if event.change or event.price or event.owed:
            found[guarantor].append(event)
    return found


def _event(group: Sequence[Any], source: EntrySource | None) -> Event:
    first = group[0]
    part = first.part
    change = sum(row.amount.cents for row in group if row.account in PATIENT_SIDE)
    owed: dict[int, int] = {}
    for row in group:
        if row.account == PATIENT_RECEIVABLE:
            charge = row.charge_id or 0
            owed[charge] = owed.get(charge, 0) + row.amount.cents
    price = 0
    if part is Part.CHARGE:
        price = -sum(row.amount.cents for row in group if row.account not in NOT_SAID)
        price = price or change  # an opening balance has no revenue behind it
    about = next((row for row in group if row.charge_id is not None), first)
    return Event(
        first.patient_id,
        first.entry_id,
        first.day,
        part,
        change,
        price,
        change - sum(owed.values()),
        tuple(owed.items()),
        about.charge_id,
        about.session_id,
        first.reverses_id,
        first.kind is EntryKind.OPENING,
        source,
    )


def names_of(work: Work, events: Iterable[Event], patients: Collection[int | None]) -> Names:
    """Return the names that the rows of these events need."""
    whole = list(events)
    charges = {event.charge_id for event in whole if event.charge_id is not None}
    charges |= {charge for event in whole for charge, _ in event.owed if charge}
    only_held = {event.entry_id for event in whole if event.held and not event.owed}
    known = {patient for patient in patients if patient is not None}
    known |= {event.patient_id for event in whole if event.patient_id is not None}
    return Names(_charges(work, charges), _patients(work, known), _recorded(work, only_held))


def _in_window(window: Window) -> ColumnElement[bool]:
    if window.after is None:
        return and_(JournalLine.day >= window.start)
    return or_(JournalLine.day > window.after, JournalLine.entry_id > window.through)


def _charges(work: Work, charge_ids: set[int]) -> dict[int, Charged]:
    found: dict[int, Charged] = {}
    for chunk in in_chunks(sorted(charge_ids)):
        rows = work.db.execute(
            select(Charge.id, Service.name, Charge.service_day, Charge.units, Provider.name)
            .join(Service, Service.id == Charge.service_id)
            .outerjoin(Provider, Provider.id == Charge.provider_id)
            .where(among(work, Charge.id, chunk))
        )
        for charge_id, name, day, units, clinician in rows:
            found[charge_id] = Charged(name, day, units, clinician or "")
    return found


def _patients(work: Work, patient_ids: set[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for chunk in in_chunks(sorted(patient_ids)):
        rows = work.db.execute(
            select(Patient.id, Patient.name).where(among(work, Patient.id, chunk))
        )
        found.update({patient: name for patient, name in rows})  # noqa: C416 - rows
    return found


def _recorded(work: Work, entry_ids: set[int]) -> frozenset[int]:
    found: set[int] = set()
    for chunk in in_chunks(sorted(entry_ids)):
        found.update(
            work.db.scalars(
                select(JournalLine.entry_id).where(
                    among(work, JournalLine.entry_id, chunk),
                    JournalLine.account == RECORDED_IN_SIMPLEPRACTICE,
                )
            )
        )
    return frozenset(found)
