"""What is better done before a month is closed. It stands against nothing: a person decides."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from fscdesk.models.bank import BankAccount, BankLine, BankSuspense
from fscdesk.models.ledger import JournalLine
from fscdesk.models.reconciliation import Reconciliation, ReconciliationStatus
from fscdesk.models.recurring import DueReversal, RecurringEntry
from fscdesk.models.values import ZERO
from fscdesk.services.ledger.periods import month_end
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work

__all__ = ["BeforeClosing", "Undone", "before_closing"]


class Undone(enum.StrEnum):
    """What a month still waits for."""

    RECURRING = "recurring"
    REVERSALS = "reversals"
    NOT_RECONCILED = "not_reconciled"
    TO_IDENTIFY = "to_identify"


@dataclass(frozen=True, slots=True)
class BeforeClosing:
    """One thing that is not done yet, in words, and how many there are of it."""

    kind: Undone
    words: str
    count: int


def before_closing(work: Work, month: date) -> tuple[BeforeClosing, ...]:
    """Return what is not done of the month of a day and of those before it."""
    require(work, Right.SEE_REPORTS, "see what a month waits for")
    last = month_end(month)
    found = [*_entries(work, last), *_banks(work, last)]
    held = work.db.execute(
        select(func.count(), func.sum(BankSuspense.open)).where(
            BankSuspense.open > ZERO, BankSuspense.undone.is_(False), BankSuspense.since <= last
        )
    ).one()
    if held[0]:
        words = f"{held[1]} of the bank's money is to identify."
        found.append(BeforeClosing(Undone.TO_IDENTIFY, words, held[0]))
    return tuple(found)


def _entries(work: Work, last: date) -> list[BeforeClosing]:
    found: list[BeforeClosing] = []
    names = work.db.scalars(
        select(RecurringEntry.name)
        .where(RecurringEntry.active, RecurringEntry.next_on <= last)
        .order_by(RecurringEntry.next_on, RecurringEntry.name)
    ).all()
    if names:
        words = f"Not posted yet: {', '.join(names)}."
        found.append(BeforeClosing(Undone.RECURRING, words, len(names)))
    waiting = work.db.scalar(
        select(func.count())
        .select_from(DueReversal)
        .where(DueReversal.done_entry_id.is_(None), DueReversal.on <= last)
    )
    if waiting:
        words = f"Entries that are due to turn back: {waiting:,}."
        found.append(BeforeClosing(Undone.REVERSALS, words, waiting))
    return found


def _banks(work: Work, last: date) -> list[BeforeClosing]:
    proved = (
        select(Reconciliation.bank_account_id)
        .where(
            Reconciliation.status == ReconciliationStatus.COMPLETED,
            Reconciliation.last_day >= last,
        )
        .scalar_subquery()
    )
    names = work.db.scalars(
        select(BankAccount.name)
        .where(
            BankAccount.active,
            or_(
                BankAccount.starts_on <= last,
                and_(BankAccount.starts_on.is_(None), or_(_has_lines(last), _has_entries(last))),
            ),
            BankAccount.id.not_in(proved),
        )
        .order_by(BankAccount.name)
    ).all()
    if not names:
        return []
    words = f"Not reconciled to {last:%m/%d/%Y}: {', '.join(names)}."
    return [BeforeClosing(Undone.NOT_RECONCILED, words, len(names))]


def _has_lines(last: date) -> ColumnElement[bool]:
    """Whether the bank told of something on an account by a day."""
    return exists().where(
        BankLine.bank_account_id == BankAccount.id, BankLine.live.is_(True), BankLine.on <= last
    )


def _has_entries(last: date) -> ColumnElement[bool]:
    """Whether the books moved an account by a day."""
    return exists().where(JournalLine.account == BankAccount.account, JournalLine.day <= last)
