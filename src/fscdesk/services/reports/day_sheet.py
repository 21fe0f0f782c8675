"""The day sheet: everything that was posted on a day, by kind, person and method.

Its totals are those of the journal: each entry is in one row, with its debits, which are its
credits too. Beside it stands what each account moved, and the money that came and went.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from fscdesk.models.account import Account
from fscdesk.models.bank import BankAccount
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.payment import Payment
from fscdesk.models.staff import Staff
from fscdesk.models.values import ZERO, Money
from fscdesk.services.ledger.accounts import UNDEPOSITED
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work


class DayOf(enum.StrEnum):
    """Which day of an entry counts: its accounting day, or the office day it was written on."""

    ENTRY = "entry"
    POSTING = "posting"


@dataclass(frozen=True, slots=True)
class DaySheetRow:
    """What one person posted of one kind, by one method; ``method`` is empty without money.

    ``amount`` sums the debits of its entries, which are their credits. ``money`` is what came
    into the till or the bank by them; negative is what went out.
    """

    kind: EntryKind
    person: str
    method: str
    entries: int
    amount: Money
    money: Money


@dataclass(frozen=True, slots=True)
class AccountMoved:
    """What one account moved on the day: ``net`` is debits less credits."""

    account: str
    name: str
    debit: Money
    credit: Money
    net: Money


@dataclass(frozen=True, slots=True)
class DaySheet:
    """One day. ``journal`` is the sum of all debits of the day, asked for by itself.

    ``difference`` is the rows' total less the journal's: anything but zero is a fault.
    """

    day: date
    by: DayOf
    rows: tuple[DaySheetRow, ...]
    accounts: tuple[AccountMoved, ...]
    entries: int
    total: Money
    money: Money
    journal: Money
    difference: Money

    @property
    def ties(self) -> bool:
        """Return whether the rows are the journal, and its debits its credits."""
        return not self.difference and not sum(one.net.cents for one in self.accounts)


class _Key(NamedTuple):
    kind: EntryKind
    person: str
    method: str


def day_sheet(work: Work, day: date, *, by: DayOf = DayOf.ENTRY) -> DaySheet:
    """Return what was posted on a day; a reversal is a row of its own kind."""
    require(work, Right.SEE_REPORTS, "look at the day sheet")
    posted = _posted(work, day, by)
    counts: dict[_Key, list[int]] = defaultdict(lambda: [0, 0, 0])
    debit = func.sum(case((JournalLine.amount > ZERO, JournalLine.amount), else_=0))
    held = or_(
        JournalLine.account == UNDEPOSITED, JournalLine.account.in_(select(BankAccount.account))
    )
    money = func.sum(case((held, JournalLine.amount), else_=0))
    # A deposit holds payments of any method: it is none's.
    payment = case((JournalEntry.kind != EntryKind.DEPOSIT, JournalLine.payment_id))
    entries = (
        select(
            JournalEntry.id,
            JournalEntry.kind,
            Staff.name.label("person"),
            func.max(payment).label("payment"),
            debit.label("amount"),
            money.label("money"),
        )
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .join(Staff, Staff.id == JournalEntry.posted_by)
        .where(posted)
        .group_by(JournalEntry.id, JournalEntry.kind, Staff.name)
        .subquery()
    )
    rows = work.db.execute(
        select(
            entries.c.kind,
            entries.c.person,
            Payment.method,
            func.count(),
            func.sum(entries.c.amount),
            func.sum(entries.c.money),
        )
        .outerjoin_from(entries, Payment, Payment.id == entries.c.payment)
        .group_by(entries.c.kind, entries.c.person, Payment.method)
    )
    for kind, person, method, count, amount, moved in rows:
        key = _Key(kind, person, "" if method is None else method.value)
        for at, value in enumerate((count, _cents(amount), _cents(moved))):
            counts[key][at] += value
    shown = tuple(
        DaySheetRow(*key, one[0], Money(one[1]), Money(one[2]))
        for key, one in sorted(counts.items(), key=lambda item: _order(item[0]))
    )
    journal = Money(_cents(work.db.scalar(_debits(posted))))
    total = Money(sum(row.amount.cents for row in shown))
    return DaySheet(
        day,
        by,
        shown,
        _accounts(work, posted),
        sum(row.entries for row in shown),
        total,
        Money(sum(row.money.cents for row in shown)),
        journal,
        total - journal,
    )


def money_accounts(work: Work) -> tuple[str, ...]:
    """Return the accounts on which money comes and goes: the till and the bank."""
    banks = work.db.scalars(select(BankAccount.account).distinct())
    return tuple(sorted({UNDEPOSITED, *banks}))


def entries_of_day(
    work: Work, day: date, by: DayOf
) -> dict[tuple[EntryKind, str, str], tuple[int, ...]]:
    """Return the ids of the entries of a day by kind, person and method, as the rows have them."""
    payment = func.max(case((JournalEntry.kind != EntryKind.DEPOSIT, JournalLine.payment_id)))
    entries = (
        select(JournalEntry.id, JournalEntry.kind, Staff.name, payment.label("payment"))
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .join(Staff, Staff.id == JournalEntry.posted_by)
        .where(_posted(work, day, by))
        .group_by(JournalEntry.id, JournalEntry.kind, Staff.name)
        .subquery()
    )
    found: dict[tuple[EntryKind, str, str], list[int]] = defaultdict(list)
    rows = work.db.execute(
        select(entries.c.id, entries.c.kind, entries.c.name, Payment.method).outerjoin_from(
            entries, Payment, Payment.id == entries.c.payment
        )
    )
    for ident, kind, person, method in rows:
        found[kind, person, "" if method is None else method.value].append(ident)
    return {key: tuple(sorted(ids)) for key, ids in found.items()}


def _posted(work: Work, day: date, by: DayOf) -> ColumnElement[bool]:
    if by is DayOf.ENTRY:
        return and_(JournalEntry.entry_date == day, JournalEntry.posted_at.is_not(None))
    start = datetime.combine(day, time(), work.zone)
    end = datetime.combine(day + timedelta(days=1), time(), work.zone)
    return and_(JournalEntry.posted_at >= start, JournalEntry.posted_at < end)


def _debits(posted: ColumnElement[bool]) -> Select[Money]:
    return (
        select(func.sum(JournalLine.amount))
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(posted, JournalLine.amount > ZERO)
    )


def _accounts(work: Work, posted: ColumnElement[bool]) -> tuple[AccountMoved, ...]:
    debit = func.sum(case((JournalLine.amount > ZERO, JournalLine.amount), else_=0))
    credit = func.sum(case((JournalLine.amount < ZERO, -JournalLine.amount), else_=0))
    rows = work.db.execute(
        select(JournalLine.account, Account.name, debit, credit)
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .join(Account, Account.code == JournalLine.account)
        .where(posted)
        .group_by(JournalLine.account, Account.name)
        .order_by(JournalLine.account)
    )
    found = []
    for account, name, plus, minus in rows:
        up, down = Money(_cents(plus)), Money(_cents(minus))
        found.append(AccountMoved(account, name, up, down, up - down))
    return tuple(found)


def _order(key: _Key) -> tuple[int, str, str]:
    return list(EntryKind).index(key.kind), key.person.casefold(), key.method


def _cents(value: object) -> int:
    if value is None:
        return 0
    return value.cents if isinstance(value, Money) else int(str(value))
