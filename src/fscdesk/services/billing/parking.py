"""Parked balances: kept, but out of lists and statements until the client comes again.

A visit that was held after the day of parking releases the balance. It is written down with the
visit itself; whoever reads counts such a balance as released from the visit on in any case.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, func, select

from fscdesk.models.collection import ParkedBalance
from fscdesk.models.patient import Patient
from fscdesk.models.session import Attendance, Session
from fscdesk.models.staff import Staff
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.editing import locked, text_of
from fscdesk.services.errors import ChangedElsewhere
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import PATIENT_RECEIVABLE
from fscdesk.services.ledger.balances import patient_position
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

_DOING = "park balances"
NEW_VISIT = "Came again"


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """A balance that is parked, or was: who, since when, why; ``owes`` is what is open today."""

    id: int
    patient_id: int
    patient: str
    number: str
    owes: Money
    parked_on: date
    parked_by: str
    reason: str
    released_on: date | None
    release_reason: str


def park(work: Work, patient_id: int, *, reason: str) -> int:
    """Park a patient's balance from today, and return the id of that.

    Raises ChangedElsewhere when it is parked already.
    """
    require(work, Right.MAKE_STATEMENTS, _DOING)
    patient = locked(work, Patient, patient_id, "this client")
    words = text_of(reason, "the reason", longest=300, required=True)
    before = _live(work, patient_id)
    if before is not None and _came_again(work, [patient_id]):
        _release(work, before, NEW_VISIT)
        before = None
    if before is not None:
        raise ChangedElsewhere(
            f"This balance was parked on {before.parked_on:%m/%d/%Y} already.",
            hint="Nothing was changed.",
        )
    row = ParkedBalance(
        patient_id=patient.id,
        live=patient.id,
        parked_on=work.today(),
        parked_by=work.actor.staff_id,
        reason=words,
    )
    work.db.add(row)
    work.db.flush()
    record(work, "park_balance", "patient", patient_id, parked_id=row.id)
    work.touch(Topic.PATIENTS)
    return row.id


def release(work: Work, patient_id: int, *, reason: str) -> None:
    """Bring a parked balance back. Raises ChangedElsewhere when it is not parked any more."""
    require(work, Right.MAKE_STATEMENTS, _DOING)
    locked(work, Patient, patient_id, "this client")
    words = text_of(reason, "the reason", longest=300, required=True)
    row = _live(work, patient_id)
    if row is None:
        raise ChangedElsewhere("This balance is not parked.", hint="Nothing was changed.")
    _release(work, row, words)


def release_on_new_visit(work: Work, patient_ids: Collection[int] | None = None) -> tuple[int, ...]:
    """Write down which parked balances a visit has released; return their patients.

    Called where visits come to be: by an import, and by setting an attendance.
    """
    back = sorted(_came_again(work, patient_ids))
    for patient_id in back:
        locked(work, Patient, patient_id, "this client")
        row = _live(work, patient_id)
        if row is not None:
            _release(work, row, NEW_VISIT)
    return tuple(back)


def park_without_visit(work: Work, patient_ids: Collection[int]) -> tuple[int, ...]:
    """Park again what a visit had released that is not there any more; return the patients.

    For undoing an import, and for a visit that did not take place after all. What a person
    released or parked since stays as that person said.
    """
    newest = (
        select(func.max(ParkedBalance.id))
        .where(among(work, ParkedBalance.patient_id, patient_ids))
        .group_by(ParkedBalance.patient_id)
    )
    rows = work.db.scalars(
        select(ParkedBalance)
        .where(
            ParkedBalance.id.in_(newest),
            ParkedBalance.live.is_(None),
            ParkedBalance.release_reason == NEW_VISIT,
            ~_visited(),
        )
        .order_by(ParkedBalance.patient_id)
    ).all()
    for row in rows:
        locked(work, Patient, row.patient_id, "this client")
        row.live = row.patient_id
        row.released_on, row.released_by, row.release_reason = None, None, ""
        work.db.flush()
        record(work, "park_again", "patient", row.patient_id, parked_id=row.id)
    if rows:
        work.touch(Topic.PATIENTS)
    return tuple(row.patient_id for row in rows)


def parked_patients(work: Work) -> frozenset[int]:
    """Return the patients whose balance is parked now; who came again is not among them."""
    found = select(ParkedBalance.patient_id).where(ParkedBalance.live.is_not(None), ~_visited())
    return frozenset(work.db.scalars(found))


def is_parked(work: Work, patient_id: int) -> bool:
    """Return whether a patient's balance is parked now."""
    found = select(ParkedBalance.id).where(ParkedBalance.live == patient_id, ~_visited())
    return work.db.scalar(found) is not None


def parked_balances(work: Work) -> tuple[ParkedRow, ...]:
    """Return what is parked now, the oldest first."""
    found = _rows().where(ParkedBalance.live.is_not(None), ~_visited())
    ordered = found.order_by(ParkedBalance.parked_on, ParkedBalance.id)
    return tuple(_row(work, *row) for row in work.db.execute(ordered))


def parkings_of(work: Work, patient_id: int) -> tuple[ParkedRow, ...]:
    """Return when and why a patient's balance was parked and came back, the newest first."""
    found = _rows().where(ParkedBalance.patient_id == patient_id)
    return tuple(
        _row(work, *row) for row in work.db.execute(found.order_by(ParkedBalance.id.desc()))
    )


def _visited() -> ColumnElement[bool]:
    """Return the condition that the patient came after the day of parking."""
    return exists(
        select(Session.id).where(
            Session.patient_id == ParkedBalance.patient_id,
            Session.day > ParkedBalance.parked_on,
            Session.attendance == Attendance.COMPLETED,
            Session.withdrawn_by.is_(None),
        )
    )


def _came_again(work: Work, patient_ids: Collection[int] | None) -> set[int]:
    found = select(ParkedBalance.patient_id).where(ParkedBalance.live.is_not(None), _visited())
    if patient_ids is not None:
        found = found.where(among(work, ParkedBalance.patient_id, patient_ids))
    return set(work.db.scalars(found))


def _live(work: Work, patient_id: int) -> ParkedBalance | None:
    found = (
        select(ParkedBalance)
        .where(ParkedBalance.live == patient_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return work.db.scalars(found).one_or_none()


def _release(work: Work, row: ParkedBalance, reason: str) -> None:
    row.live = None
    row.released_on = work.today()
    row.released_by = work.actor.staff_id
    row.release_reason = reason
    work.db.flush()
    record(work, "release_balance", "patient", row.patient_id, parked_id=row.id)
    work.touch(Topic.PATIENTS)


def _rows() -> Select[ParkedBalance, str, str, str]:
    return (
        select(ParkedBalance, Patient.name, Patient.number, Staff.name)
        .join(Patient, Patient.id == ParkedBalance.patient_id)
        .join(Staff, Staff.id == ParkedBalance.parked_by)
    )


def _row(work: Work, row: ParkedBalance, patient: str, number: str, by: str) -> ParkedRow:
    return ParkedRow(
        row.id,
        row.patient_id,
        patient,
        number,
        patient_position(work, row.patient_id).get(PATIENT_RECEIVABLE, ZERO),
        row.parked_on,
        by,
        row.reason,
        row.released_on,
        row.release_reason,
    )
