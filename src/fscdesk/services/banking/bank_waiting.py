"""How much of the banks' lines waits for a person."""

from __future__ import annotations

from sqlalchemy import func, select

from fscdesk.models.bank import BankAccount, BankLine
from fscdesk.models.reconciliation import BankMatchLine
from fscdesk.services.work import Work


def lines_waiting(work: Work) -> int:
    """Return how many lines of the accounts in use nothing explains yet."""
    return (
        work.db.scalar(
            select(func.count())
            .select_from(BankLine)
            .join(BankAccount, BankAccount.id == BankLine.bank_account_id)
            .outerjoin(BankMatchLine, BankMatchLine.live_line_id == BankLine.id)
            .where(
                BankLine.live.is_(True), BankAccount.active.is_(True), BankMatchLine.id.is_(None)
            )
        )
        or 0
    )
