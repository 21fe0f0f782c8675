"""What the bank's files say an account began with, where nobody has said it here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select

from fscdesk.models.bank import BankAccount, BankStatement, StatementStatus
from fscdesk.models.reconciliation import Reconciliation, ReconciliationStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class ToldStart:
    """The first day of the oldest file, what the bank had before it, and the file's number."""

    on: date
    amount: Money
    number: str

    @property
    def words(self) -> str:
        """Return ``5,000.00 before 03/01/2026 (BST-2026-00001)``."""
        return f"{self.amount} before {self.on:%m/%d/%Y} ({self.number})"


def lacks_start(work: Work, account: BankAccount) -> bool:
    """Return whether nobody has said with what an account begins, and no month is proved."""
    if account.starts_on is not None or account.starts_with != ZERO:
        return False
    proved = exists().where(
        Reconciliation.bank_account_id == account.id,
        Reconciliation.status == ReconciliationStatus.COMPLETED,
    )
    return not work.db.scalar(select(proved))


def told_start(work: Work, account: BankAccount) -> ToldStart | None:
    """Return what the oldest applied file of an account begins with; None where none tells it."""
    row = work.db.execute(
        select(BankStatement.first_day, BankStatement.opening, BankStatement.number)
        .where(
            BankStatement.bank_account_id == account.id,
            BankStatement.status == StatementStatus.APPLIED,
            BankStatement.first_day.is_not(None),
            BankStatement.opening.is_not(None),
        )
        .order_by(BankStatement.first_day, BankStatement.id)
        .limit(1)
    ).first()
    return None if row is None else ToldStart(row.first_day, row.opening, row.number)
