"""What lies around a statement: the one before it, days that none covers, months proved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select

from fscdesk.models.bank import BankAccount, BankLine, BankStatement, StatementStatus
from fscdesk.models.reconciliation import Reconciliation, ReconciliationStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.statement_files import ReadStatement
from fscdesk.services.banking.statement_plan import LineVerdict, PlannedLine
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.work import Work


def around(
    work: Work, account: BankAccount, read: ReadStatement, rows: Sequence[PlannedLine]
) -> list[Finding]:
    """Say what a file does not show: days between statements, balances that do not go on.

    ``rows`` are its lines with what becomes of them. A day of a proved month is said too.
    """
    found: list[Finding] = []
    if read.first_day is None:
        return found
    newest = work.db.scalar(
        select(func.max(BankStatement.last_day)).where(
            BankStatement.bank_account_id == account.id,
            BankStatement.status == StatementStatus.APPLIED,
            BankStatement.first_day < read.first_day,
        )
    )
    if newest is not None and (read.first_day - newest).days > 1:
        found.append(
            Finding(
                "bank-gap",
                f"No statement covers the days between {newest:%m/%d/%Y} and "
                f"{read.first_day:%m/%d/%Y}.",
                "days",
                Severity.WARNING,
            )
        )
    found += _breaks(work, account, read, rows)
    proved = work.db.scalar(
        select(func.max(Reconciliation.last_day)).where(
            Reconciliation.bank_account_id == account.id,
            Reconciliation.status == ReconciliationStatus.COMPLETED,
        )
    )
    if proved is not None and read.first_day <= proved:
        found.append(
            Finding(
                "bank-reconciled",
                f"The account is reconciled up to {proved:%m/%d/%Y}; a new line before that day "
                "was missing then.",
                "days",
                Severity.INFO,
            )
        )
    return found


def _breaks(
    work: Work, account: BankAccount, read: ReadStatement, rows: Sequence[PlannedLine]
) -> Iterator[Finding]:
    """Yield where the balance of the statement before, and this one's, do not go on."""
    before = _before(work, account, read)
    if before is None or read.first_day is None or read.last_day is None:
        return
    name = f"{before.number} ended with {before.closing} on {before.last_day:%m/%d/%Y}"
    if read.opening is not None and before.last_day < read.first_day:
        if read.opening != before.closing:
            yield Finding(
                "bank-opening",
                f"{name}; this statement begins with {read.opening}. Lines between them are"
                " missing.",
                "balance",
                Severity.WARNING,
            )
    elif (come := _come(work, account, before, read, rows)) is not None and (
        before.closing + come != read.closing
    ):
        yield Finding(
            "bank-closing",
            f"{name}; with the {come} that came since that is {before.closing + come}. This"
            f" statement ends with {read.closing}. A line is missing, or the bank had not"
            " posted it.",
            "balance",
            Severity.WARNING,
        )


def off_by(
    work: Work, account: BankAccount, read: ReadStatement, rows: Sequence[PlannedLine]
) -> Money | None:
    """Return what a statement ends with beyond the one before and what came since.

    None where one of them tells no balance, or days lie between them.
    """
    before = _before(work, account, read)
    if before is None or read.closing is None or read.first_day is None or read.last_day is None:
        return None
    come = _come(work, account, before, read, rows)
    return None if come is None else read.closing - (before.closing + come)


def _come(
    work: Work, account: BankAccount, before: Any, read: ReadStatement, rows: Sequence[PlannedLine]
) -> Money | None:
    """Return what came since the balance of the statement before, with the new lines of this."""
    if read.first_day is None or read.closing is None:
        return None
    if before.last_day < read.first_day - timedelta(days=1):
        return None
    new = (
        one.line.amount
        for one in rows
        if one.verdict is LineVerdict.NEW and one.line.on >= before.first_day
    )
    return sum(new, _stored_since(work, account, before, read))


def _before(work: Work, account: BankAccount, read: ReadStatement) -> Any:
    """Return the statement that ends last before this one does, and tells its end."""
    return work.db.execute(
        select(
            BankStatement.id,
            BankStatement.number,
            BankStatement.first_day,
            BankStatement.last_day,
            BankStatement.closing,
        )
        .where(
            BankStatement.bank_account_id == account.id,
            BankStatement.status == StatementStatus.APPLIED,
            BankStatement.closing.is_not(None),
            BankStatement.first_day.is_not(None),
            BankStatement.last_day < read.last_day,
        )
        .order_by(BankStatement.last_day.desc(), BankStatement.id.desc())
        .limit(1)
    ).first()


def _stored_since(work: Work, account: BankAccount, before: Any, read: ReadStatement) -> Money:
    """Return what other statements brought that was not in the balance of the one before."""
    total = work.db.scalar(
        select(func.sum(BankLine.amount)).where(
            BankLine.bank_account_id == account.id,
            BankLine.live.is_(True),
            BankLine.statement_id != before.id,
            or_(BankLine.statement_id > before.id, BankLine.on > before.last_day),
            BankLine.on.between(before.first_day, read.last_day),
        )
    )
    return total or ZERO
