"""The rows of a statement: what happened in its period, from the lines of the ledger.

A statement goes on where the last one ended. What was posted since then for an earlier day was
not on it, so it is activity of this one, under its own day; so the previous balance is always
the one that the guarantor has on paper.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import func, select

from fscdesk.models.ledger import JournalLine
from fscdesk.models.values import Money
from fscdesk.services.billing.positions import PATIENT_SIDE, in_chunks
from fscdesk.services.billing.statement_events import Event, Names, Window, events_of, names_of
from fscdesk.services.billing.statement_rows import rows_of, without_undone
from fscdesk.services.billing.statement_terms import Recipient
from fscdesk.services.id_sets import among
from fscdesk.services.printing.statement import StatementSection
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class Activity:
    """The sections of one guarantor's statement, and with whom the sessions were."""

    sections: tuple[StatementSection, ...]
    clinicians: tuple[str, ...]


def activity_of(
    work: Work, as_of: date, recipients: Sequence[Recipient], parked: Collection[int] = ()
) -> dict[int, Activity]:
    """Return the activity of each recipient up to the day, by guarantor.

    For each: previous balance + all lines = the patient-side balance of the ledger, of those
    patients whose balance is not ``parked``.
    """
    by_window: dict[Window, list[int]] = {}
    for one in recipients:
        by_window.setdefault(_window(one), []).append(one.guarantor_id)
    found: dict[int, Activity] = {}
    for window, guarantors in by_window.items():
        for chunk in in_chunks(guarantors):
            found.update(_activity(work, as_of, window, chunk, frozenset(parked)))
    return found


def _window(one: Recipient) -> Window:
    if one.last is None or one.period_from != one.last.as_of + timedelta(days=1):
        return Window(one.period_from, None, 0)
    return Window(None, one.last.as_of, one.last.through_entry)


def _activity(
    work: Work, as_of: date, window: Window, guarantors: Sequence[int], parked: frozenset[int]
) -> dict[int, Activity]:
    events = {
        guarantor: [event for event in some if event.patient_id not in parked]
        for guarantor, some in events_of(work, as_of, window, guarantors).items()
    }
    closing = {
        guarantor: {one: cents for one, cents in some.items() if one not in parked}
        for guarantor, some in _closing(work, as_of, guarantors).items()
    }
    names = names_of(
        work,
        (event for some in events.values() for event in some),
        {patient for some in closing.values() for patient in some},
    )
    return {
        guarantor: _one(guarantor, events[guarantor], closing.get(guarantor, {}), names)
        for guarantor in guarantors
    }


def _one(
    guarantor: int, events: Sequence[Event], closing: Mapping[int | None, int], names: Names
) -> Activity:
    shown = without_undone(events)
    whose = {event.patient_id for event in shown}
    whose |= {patient for patient, cents in closing.items() if cents}
    order = sorted(
        whose, key=lambda patient: (names.patients.get(patient or 0, "").casefold(), patient or 0)
    )
    sections = tuple(
        _section(
            guarantor,
            [event for event in shown if event.patient_id == patient],
            closing.get(patient, 0),
            names,
            names.patients.get(patient or 0, ""),
        )
        for patient in order
    )
    clinicians = dict.fromkeys(
        names.charges[event.charge_id].clinician
        for event in shown
        if event.price > 0 and event.charge_id is not None and event.charge_id in names.charges
    )
    return Activity(sections or (StatementSection(()),), tuple(filter(None, clinicians)))


def _section(
    guarantor: int, events: Sequence[Event], closing: int, names: Names, name: str
) -> StatementSection:
    rows = sorted(rows_of(events, names, guarantor), key=lambda row: row[0])
    balance = closing - sum(event.change for event in events)
    previous = Money(balance)
    out = []
    for _, line, change in rows:
        balance += change
        out.append(replace(line, balance=Money(balance)))
    return StatementSection(tuple(out), previous, name)


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
