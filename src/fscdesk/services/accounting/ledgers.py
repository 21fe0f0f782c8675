"""The general ledger as it is read: an account with its running balance, and the journal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_, select

from fscdesk.models.account import Account
from fscdesk.models.document import Document, DocumentKind
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.recurring import DueReversal
from fscdesk.models.staff import Staff
from fscdesk.models.values import LARGEST_CENTS, LARGEST_ID, ZERO, Money
from fscdesk.services.accounting.journal import BY_HAND, WRITTEN
from fscdesk.services.errors import Problem
from fscdesk.services.paging import Page, Span
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work

__all__ = [
    "AccountLedger",
    "EntryDetail",
    "EntryFilter",
    "EntryLine",
    "EntryRow",
    "LedgerRow",
    "account_ledger",
    "entry_detail",
    "entry_named",
    "journal_page",
    "who_posted",
]

_HAND: Final = (*BY_HAND, EntryKind.CLOSING)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line of an account; debits are positive. ``balance`` is the account's after it."""

    line_id: int
    entry_id: int
    number: str
    on: date
    kind: EntryKind
    memo: str
    note: str
    cost_centre: str | None
    amount: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class AccountLedger:
    """An account from one day to another: what it began with, a page of lines, how it ended."""

    account: str
    name: str
    first: date | None
    last: date
    opening: Money
    debits: Money
    credits: Money
    closing: Money
    page: Page[LedgerRow]


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries of the journal are asked for.

    ``by_hand``: only what a person wrote, closes of years, and what turned those back.
    ``posted_by`` are ids of staff. Each word of ``text`` is looked for in number, memo and
    reference; one that is an amount finds entries with a line of it, too.
    """

    first: date | None = None
    last: date | None = None
    kinds: Collection[EntryKind] = ()
    by_hand: bool = False
    late: bool = False
    account: str = ""
    text: str = ""
    posted_by: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry in the journal's list; ``amount`` is one side of it. ``posted_at`` is UTC.

    ``reversed_by`` and ``reverses`` are numbers of entries, None where there is none.
    """

    id: int
    number: str
    on: date
    kind: EntryKind
    memo: str
    reference: str
    amount: Money
    posted_by: str
    posted_at: datetime | None
    late_reason: str
    reverses: str | None
    reversed_by: str | None


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One line of an entry as its page shows it; debits are positive."""

    account: str
    name: str
    amount: Money
    cost_centre: str | None
    note: str


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """An entry whole. ``may_reverse``: a person may turn it back here.

    ``reverse_on`` is the day on which it turns back by itself, None when it does not, or has.
    """

    row: EntryRow
    lines: tuple[EntryLine, ...]
    attachments: int
    reverse_on: date | None
    may_reverse: bool


def account_ledger(
    work: Work,
    account: str,
    *,
    first: date | None,
    last: date,
    start: int = 0,
    size: int = 100,
    cost_centre: str | None = None,
) -> AccountLedger:
    """Return a page of the lines of an account between two days, in order, with its balances.

    ``first`` None is from the beginning. The balance of a line is that of the account (of the
    cost centre, where one is given) after it, whatever page it is on.
    """
    require(work, Right.SEE_REPORTS, "see the ledger")
    named = work.db.get(Account, account)
    if named is None:
        raise Problem(f"There is no account {account}.", hint="Choose one of the chart.")
    mine: list[ColumnElement[bool]] = [JournalLine.account == account]
    if cost_centre is not None:
        mine.append(JournalLine.cost_centre == cost_centre)
    within = [*mine, JournalLine.day <= last]
    opening = ZERO
    if first is not None:
        opening = _sum(work, *mine, JournalLine.day < first)
        within.append(JournalLine.day >= first)
    debits = _sum(work, *within, JournalLine.amount > ZERO)
    credits_ = _sum(work, *within, JournalLine.amount < ZERO)
    total = work.db.scalar(select(func.count()).select_from(JournalLine).where(*within)) or 0
    order = (JournalLine.day, JournalLine.id)
    before = (
        select(JournalLine.amount).where(*within).order_by(*order).limit(max(start, 0)).subquery()
    )
    running = opening
    if start > 0:
        running = running + (work.db.scalar(select(func.sum(before.c.amount))) or ZERO)
    rows: list[LedgerRow] = []
    for line, entry in work.db.execute(
        select(JournalLine, JournalEntry)
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(*within)
        .order_by(*order)
        .offset(start)
        .limit(size)
    ):
        running = running + line.amount
        rows.append(
            LedgerRow(
                *(line.id, entry.id, entry.number, line.day, entry.kind, entry.memo),
                *(line.note or "", line.cost_centre, line.amount, running),
            )
        )
    return AccountLedger(
        account,
        named.name,
        first,
        last,
        opening,
        debits,
        credits_,
        opening + debits + credits_,
        Page(start, total, tuple(rows), {"amount": debits + credits_}),
    )


def journal_page(work: Work, wanted: EntryFilter, span: Span) -> Page[EntryRow]:
    """Return entries of the journal by day or number, with the sum of one side of all of them."""
    require(work, Right.SEE_REPORTS, "see the journal")
    where = _conditions(wanted)
    total = work.db.scalar(select(func.count()).select_from(JournalEntry).where(*where)) or 0
    amount = work.db.scalar(
        select(func.sum(JournalLine.amount))
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(*where, JournalLine.amount > ZERO)
    )
    key = JournalEntry.number if span.sort == "number" else JournalEntry.entry_date
    order = (key.desc(), JournalEntry.id.desc()) if span.descending else (key, JournalEntry.id)
    found = work.db.scalars(
        select(JournalEntry).where(*where).order_by(*order).offset(span.start).limit(span.size)
    ).all()
    return Page(span.start, total, _rows(work, found), {"amount": amount or ZERO})


def entry_detail(work: Work, entry_id: int) -> EntryDetail:
    """Return one entry with its lines. Raises Problem where there is none."""
    require(work, Right.SEE_REPORTS, "see the journal")
    entry = work.db.get(JournalEntry, entry_id) if entry_id <= LARGEST_ID else None
    if entry is None:
        raise Problem("This entry is not in the books.", hint="Look for it in the journal.")
    (row,) = _rows(work, [entry])
    lines = work.db.execute(
        select(JournalLine, Account.name)
        .join(Account, Account.code == JournalLine.account)
        .where(JournalLine.entry_id == entry_id)
        .order_by(JournalLine.id)
    )
    kept = work.db.scalar(
        select(func.count())
        .select_from(Document)
        .where(Document.kind == DocumentKind.ATTACHMENT, Document.noun_id == entry_id)
    )
    due = work.db.get(DueReversal, entry_id)
    waits = due is not None and due.done_entry_id is None and row.reversed_by is None
    return EntryDetail(
        row,
        tuple(
            EntryLine(line.account, name, line.amount, line.cost_centre, line.note or "")
            for line, name in lines
        ),
        kept or 0,
        due.on if due is not None and waits else None,
        entry.kind in WRITTEN and row.reversed_by is None,
    )


def who_posted(work: Work) -> tuple[tuple[int, str], ...]:
    """Return the staff who posted entries, by name: id and name."""
    require(work, Right.SEE_REPORTS, "see the journal")
    posted = select(JournalEntry.posted_by).distinct()
    found = work.db.execute(
        select(Staff.id, Staff.name).where(Staff.id.in_(posted)).order_by(Staff.name)
    )
    return tuple((row.id, row.name) for row in found)


def entry_named(work: Work, number: str) -> int:
    """Return the id of the entry with a number. Raises Problem where there is none."""
    found = work.db.scalar(select(JournalEntry.id).where(JournalEntry.number == number.strip()))
    if found is None:
        raise Problem(f"There is no entry {number}.", hint="Nothing was done. Look at its number.")
    return found


def _conditions(wanted: EntryFilter) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [JournalEntry.posted_at.is_not(None)]
    if wanted.first is not None:
        where.append(JournalEntry.entry_date >= wanted.first)
    if wanted.last is not None:
        where.append(JournalEntry.entry_date <= wanted.last)
    if wanted.kinds:
        where.append(JournalEntry.kind.in_(wanted.kinds))
    if wanted.by_hand:
        hand = select(JournalEntry.id).where(JournalEntry.kind.in_(_HAND))
        where.append(or_(JournalEntry.kind.in_(_HAND), JournalEntry.reverses_id.in_(hand)))
    if wanted.late:
        where.append(JournalEntry.late_reason.is_not(None))
    if wanted.posted_by:
        where.append(JournalEntry.posted_by.in_(wanted.posted_by))
    if wanted.account:
        lines = select(JournalLine.entry_id).where(JournalLine.account == wanted.account)
        where.append(JournalEntry.id.in_(lines))
    searched = (JournalEntry.number, JournalEntry.memo, JournalEntry.reference)
    for word in wanted.text.split():
        found = [column.icontains(word, autoescape=True) for column in searched]
        amount = _amount(word)
        if amount is not None:
            sides = (JournalLine.amount == amount, JournalLine.amount == -amount)
            lines = select(JournalLine.entry_id).where(or_(*sides))
            found.append(JournalEntry.id.in_(lines))
        where.append(or_(*found))
    return where


def _amount(word: str) -> Money | None:
    """Return the amount that a word of a search is; None for other words, and for zero."""
    try:
        found = Money.parse(word.replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        return None
    return found if found and abs(found.cents) <= LARGEST_CENTS else None


def _rows(work: Work, entries: Sequence[JournalEntry]) -> tuple[EntryRow, ...]:
    ids = [one.id for one in entries]
    sides: dict[int, Money] = {
        row.entry_id: row.side
        for row in work.db.execute(
            select(JournalLine.entry_id, func.sum(JournalLine.amount).label("side"))
            .where(JournalLine.entry_id.in_(ids), JournalLine.amount > ZERO)
            .group_by(JournalLine.entry_id)
        )
    }
    turned: dict[int | None, str] = {
        row.reverses_id: row.number
        for row in work.db.execute(
            select(JournalEntry.reverses_id, JournalEntry.number).where(
                JournalEntry.reverses_id.in_(ids)
            )
        )
    }
    origins = {one.reverses_id for one in entries if one.reverses_id is not None}
    numbers = _named(work, JournalEntry.id, JournalEntry.number, origins)
    staff = _named(work, Staff.id, Staff.name, {one.posted_by for one in entries})
    return tuple(
        EntryRow(
            *(one.id, one.number, one.entry_date, one.kind, one.memo, one.reference or ""),
            *(sides.get(one.id, ZERO), staff.get(one.posted_by, ""), one.posted_at),
            one.late_reason or "",
            None if one.reverses_id is None else numbers.get(one.reverses_id),
            turned.get(one.id),
        )
        for one in entries
    )


def _named(work: Work, key: Any, name: Any, wanted: Collection[int]) -> dict[int, str]:
    found = work.db.execute(select(key, name).where(key.in_(wanted)))
    return {row[0]: row[1] for row in found}


def _sum(work: Work, *where: ColumnElement[bool]) -> Money:
    return work.db.scalar(select(func.sum(JournalLine.amount)).where(*where)) or ZERO
