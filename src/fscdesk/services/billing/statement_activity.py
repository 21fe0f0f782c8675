"""The rows of a statement: what happened in its period, from the lines of the ledger.

A statement goes on where the last one ended. What was posted since then for an earlier day was
not on it, so it is activity of this one, under its own day; so the previous balance is always
the one that the guarantor has on paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.patient import Patient
from fscdesk.models.provider import Provider
from fscdesk.models.service import Service
from fscdesk.models.values import Money
from fscdesk.services.billing.positions import PATIENT_SIDE, in_chunks
from fscdesk.services.billing.statement_plan import Recipient
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import INSURANCE_SIDE
from fscdesk.services.printing.statement import StatementLine, StatementSection
from fscdesk.services.printing.words import day as day_words
from fscdesk.services.work import Work

NOT_SAID = frozenset({*PATIENT_SIDE, *INSURANCE_SIDE})
"""Of the entry of a charge, what is not one of these accounts is its full price."""


@dataclass(frozen=True, slots=True)
class Activity:
    """The sections of one guarantor's statement, and with whom the sessions were."""

    sections: tuple[StatementSection, ...]
    clinicians: tuple[str, ...]


class _Window(NamedTuple):
    """Which lines are activity: from a day on, or after a statement of a day and an entry."""

    start: date | None
    after: date | None
    through: int


@dataclass(frozen=True, slots=True)
class _Event:
    """One entry as far as it concerns one patient. Cents; ``change`` is of the balance."""

    patient_id: int | None
    entry_id: int
    day: date
    part: Part
    change: int
    price: int
    charge_id: int | None
    session_id: int | None
    reverses: int | None
    opening: bool


class _Charged(NamedTuple):
    name: str
    day: date
    units: int
    clinician: str


def activity_of(work: Work, as_of: date, recipients: Sequence[Recipient]) -> dict[int, Activity]:
    """Return the activity of each recipient up to the day, by guarantor.

    For each: previous balance + all lines = the patient-side balance of the ledger.
    """
    by_window: dict[_Window, list[int]] = {}
    for one in recipients:
        by_window.setdefault(_window(one), []).append(one.guarantor_id)
    found: dict[int, Activity] = {}
    for window, guarantors in by_window.items():
        for chunk in in_chunks(guarantors):
            found.update(_activity(work, as_of, window, chunk))
    return found


def _window(one: Recipient) -> _Window:
    if one.last is None or one.period_from != one.last.as_of + timedelta(days=1):
        return _Window(one.period_from, None, 0)
    return _Window(None, one.last.as_of, one.last.through_entry)


def _activity(
    work: Work, as_of: date, window: _Window, guarantors: Sequence[int]
) -> dict[int, Activity]:
    events: dict[int, list[_Event]] = {guarantor: [] for guarantor in guarantors}
    for guarantor, event in _events(work, as_of, window, guarantors):
        events[guarantor].append(event)
    closing = _closing(work, as_of, guarantors)
    charged = _charged(
        work, {event.charge_id for some in events.values() for event in some if event.charge_id}
    )
    patients = {patient for some in closing.values() for patient in some}
    patients |= {event.patient_id for some in events.values() for event in some}
    names = _names(work, [patient for patient in patients if patient is not None])
    return {
        guarantor: _one(events[guarantor], closing.get(guarantor, {}), charged, names)
        for guarantor in guarantors
    }


def _one(
    events: Sequence[_Event],
    closing: Mapping[int | None, int],
    charged: Mapping[int, _Charged],
    names: Mapping[int, str],
) -> Activity:
    shown = _without_undone(events)
    whose = {event.patient_id for event in shown}
    whose |= {patient for patient, cents in closing.items() if cents}
    order = sorted(
        whose, key=lambda patient: (names.get(patient or 0, "").casefold(), patient or 0)
    )
    sections = tuple(
        _section(
            [event for event in shown if event.patient_id == patient],
            closing.get(patient, 0),
            charged,
            names.get(patient or 0, ""),
        )
        for patient in order
    )
    clinicians = dict.fromkeys(
        charged[event.charge_id].clinician
        for event in shown
        if event.price > 0 and event.charge_id is not None and event.charge_id in charged
    )
    return Activity(sections or (StatementSection(()),), tuple(clinicians))


def _section(
    events: Sequence[_Event], closing: int, charged: Mapping[int, _Charged], name: str
) -> StatementSection:
    lines = sorted(_lines(events, charged), key=lambda row: row[0])
    balance = closing - sum(event.change for event in events)
    previous = Money(balance)
    out = []
    for _, line, change in lines:
        balance += change
        out.append(replace(line, balance=Money(balance)))
    return StatementSection(tuple(out), previous, name)


_Row = tuple[tuple[date, int, date, int], StatementLine, int]


def _lines(events: Sequence[_Event], charged: Mapping[int, _Charged]) -> list[_Row]:
    """Say each event in words; charges of a day come before its payments."""
    rows: list[_Row] = []
    payments: dict[tuple[date, int | None, Part], list[_Event]] = {}
    for event in events:
        if event.part is Part.CHARGE:
            of = charged.get(event.charge_id or 0)
            first = of.day if of else event.day
            rows.append(((event.day, 0, first, event.entry_id), _charge(event, of), event.change))
        else:
            payments.setdefault((event.day, event.session_id, event.part), []).append(event)
    for (day, _, part), group in payments.items():
        change = sum(event.change for event in group)
        if change:  # what was taken back and recorded again on one day is no news
            of = charged.get(group[0].charge_id or 0)
            key = (day, 1, of.day if of else day, group[0].entry_id)
            rows.append((key, _payment(group, part, change, of), change))
    return rows


def _charge(event: _Event, of: _Charged | None) -> StatementLine:
    """The row of a charge: its full price, less what a payer is asked for."""
    name = "Balance brought forward" if event.opening else "Charge"
    if of is not None:
        name = of.name + (f" × {of.units}" if of.units > 1 else "")
        if of.day != event.day:
            name += f" of {day_words(of.day)}"
    if event.price < 0:
        name = f"Correction: {name}"
    share = event.change - event.price
    return StatementLine(
        event.day,
        name,
        Money(),
        charge=Money(event.price),
        insurance=Money(share) if share else None,
    )


def _payment(
    group: Sequence[_Event], part: Part, change: int, of: _Charged | None
) -> StatementLine:
    day, amount = group[0].day, Money(change)
    which = f" for {day_words(of.day)}" if of is not None and of.day != day else ""
    corrects = all(event.reverses is not None for event in group)
    if part is Part.PATIENT_PAID:
        if corrects:
            what = f"Correction: payment{which}"
        elif change > 0:
            what = f"Payment returned{which}"
        else:
            what = f"Payment{which}, thank you"
        return StatementLine(day, what, Money(), paid=amount)
    correction = "Correction: " if corrects else ""
    if part is Part.INSURANCE_PAID:
        return StatementLine(day, f"{correction}Insurance{which}", Money(), insurance=amount)
    return StatementLine(day, f"{correction}Adjustment{which}", Money(), adjusted=amount)


def _without_undone(events: Sequence[_Event]) -> list[_Event]:
    """Leave out what was taken back on its own day: it should never have been there."""
    at = {(event.entry_id, event.part): event for event in events}
    gone: set[tuple[int, Part]] = set()
    for event in sorted(events, key=lambda one: one.entry_id):
        first = at.get((event.reverses or 0, event.part))
        if first is None or first.day != event.day or (first.entry_id, first.part) in gone:
            continue
        if first.change == -event.change and first.price == -event.price:
            gone |= {(first.entry_id, first.part), (event.entry_id, event.part)}
    return [event for event in events if (event.entry_id, event.part) not in gone]


def _events(
    work: Work, as_of: date, window: _Window, guarantors: Sequence[int]
) -> Iterable[tuple[int, _Event]]:
    """Read the lines of the window and make one event of each entry, patient and part."""
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
    for (guarantor, patient, entry, part), group in groups.items():
        change = sum(row.amount.cents for row in group if row.account in PATIENT_SIDE)
        price = -sum(row.amount.cents for row in group if row.account not in NOT_SAID)
        if part is Part.CHARGE and not price:
            price = change  # an opening balance has no revenue behind it
        if change or (part is Part.CHARGE and price):
            first = group[0]
            yield (
                guarantor,
                _Event(
                    patient,
                    entry,
                    first.day,
                    part,
                    change,
                    price if part is Part.CHARGE else 0,
                    first.charge_id,
                    first.session_id,
                    first.reverses_id,
                    first.kind is EntryKind.OPENING,
                ),
            )


def _in_window(window: _Window) -> ColumnElement[bool]:
    if window.after is None:
        return and_(JournalLine.day >= window.start)
    return or_(JournalLine.day > window.after, JournalLine.entry_id > window.through)


def _closing(
    work: Work, as_of: date, guarantors: Sequence[int]
) -> dict[int, dict[int | None, int]]:
    """Return what is owed on the day for each patient of each guarantor, in cents."""
    sums = (
        select(JournalLine.guarantor_id, JournalLine.patient_id, func.sum(JournalLine.amount))
        .where(
            among(work, JournalLine.guarantor_id, guarantors),
            JournalLine.account.in_(PATIENT_SIDE),
            JournalLine.day <= as_of,
        )
        .group_by(JournalLine.guarantor_id, JournalLine.patient_id)
    )
    found: dict[int, dict[int | None, int]] = {}
    for guarantor, patient, total in work.db.execute(sums):
        if guarantor is None:
            continue
        found.setdefault(guarantor, {})[patient] = total.cents
    return found


def _charged(work: Work, charge_ids: set[int]) -> dict[int, _Charged]:
    found: dict[int, _Charged] = {}
    for chunk in in_chunks(sorted(charge_ids)):
        rows = work.db.execute(
            select(Charge.id, Service.name, Charge.service_day, Charge.units, Provider.name)
            .join(Service, Service.id == Charge.service_id)
            .join(Provider, Provider.id == Charge.provider_id)
            .where(among(work, Charge.id, chunk))
        )
        for charge_id, name, day, units, clinician in rows:
            found[charge_id] = _Charged(name, day, units, clinician)
    return found


def _names(work: Work, patient_ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for chunk in in_chunks(sorted(patient_ids)):
        rows = work.db.execute(
            select(Patient.id, Patient.name).where(among(work, Patient.id, chunk))
        )
        found.update({patient: name for patient, name in rows})  # noqa: C416 - rows
    return found
