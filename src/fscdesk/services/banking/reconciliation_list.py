"""The reconciliations of an account as a list, those that were taken back too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from fscdesk.models.reconciliation import Reconciliation, ReconciliationStatus
from fscdesk.models.staff import Staff
from fscdesk.models.values import Money
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class ReconciliationRow:
    """One of the list, the newest first. ``by`` and ``at`` say who completed or undid it, if so."""

    id: int
    number: str
    first_day: date
    last_day: date
    opening: Money
    statement: Money
    book: Money | None
    status: ReconciliationStatus
    by: str
    at: datetime | None
    why: str


def reconciliations(work: Work, account_id: int) -> tuple[ReconciliationRow, ...]:
    """Return all of an account, the newest first, the undone ones too."""
    require(work, Right.RECONCILE, "reconcile bank accounts")
    people = {row.id: row.name for row in work.db.execute(select(Staff.id, Staff.name))}
    rows = work.db.scalars(
        select(Reconciliation)
        .where(Reconciliation.bank_account_id == account_id)
        .order_by(Reconciliation.id.desc())
    )
    return tuple(
        ReconciliationRow(
            id=row.id,
            number=row.number,
            first_day=row.first_day,
            last_day=row.last_day,
            opening=row.opening,
            statement=row.statement,
            book=row.book,
            status=row.status,
            by=people.get(row.undone_by or row.completed_by or 0, ""),
            at=row.undone_at or row.completed_at,
            why=row.undone_why,
        )
        for row in rows
    )
