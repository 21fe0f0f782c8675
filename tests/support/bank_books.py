"""A bank account with lines and entries, and matches between them, in a line each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.bank import BankAccount, BankAccountKind, BankLine, BankSuspense
from fscdesk.models.deposit import DepositKind
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.reconciliation import (
    BankMatch,
    BankMatchEntry,
    BankMatchLine,
    MatchedBy,
    MatchStatus,
)
from fscdesk.models.values import Money
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.deposits import DepositDraft, make_deposit
from fscdesk.services.banking.typed_lines import type_line
from fscdesk.services.ledger.accounts import (
    BANK,
    BANK_FEES,
    OPENING_BALANCES,
    SERVICE_REVENUE,
    TO_IDENTIFY,
)
from fscdesk.services.ledger.posting import Draft, Leg, post
from fscdesk.services.work import Work


def day(text: str) -> date:
    """Read ``3/15`` as a day of 2026."""
    month, _, number = text.partition("/")
    return date(2026, int(month), int(number))


def starts(work: Work, on: str, with_cents: int) -> int:
    """Let the operating account begin on a day with an amount; return its id."""
    account = work.db.get_one(BankAccount, account_named(work))
    account.starts_on, account.starts_with = day(on), Money(with_cents)
    work.db.flush()
    return account.id


def other_account(work: Work, name: str = "Savings") -> int:
    """Add a second account, which is 1020 of the chart."""
    row = BankAccount(name=name, kind=BankAccountKind.SAVINGS, account="1020")
    work.db.add(row)
    work.db.flush()
    return row.id


def line(work: Work, on: str, cents: int, words: str = "DEPOSIT") -> int:
    """Type a line of the operating account's statement."""
    account = account_named(work)
    return type_line(work, account, on=day(on), amount=Money(cents), words=words)


def entry(
    work: Work, on: str, cents: int, memo: str = "", *, kind: EntryKind = EntryKind.BANK
) -> int:
    """Post money in or out of the operating account."""
    other = BANK_FEES if cents < 0 else SERVICE_REVENUE
    if kind is EntryKind.OPENING:
        other = OPENING_BALANCES
    legs = (Leg(BANK, cents, Part.BOOKS), Leg(other, -cents, Part.BOOKS))
    return post(work, Draft(day(on), kind, memo or f"Entry of {on}", legs))


def match(
    work: Work,
    lines: Sequence[int],
    entries: Sequence[int],
    *,
    by: MatchedBy = MatchedBy.HAND,
    suspense: int | None = None,
) -> int:
    """Match lines and entries of the operating account; sums are taken as they are."""
    days = list(work.db.scalars(select(BankLine.on).where(BankLine.id.in_(lines))))
    days = days or list(
        work.db.scalars(select(JournalEntry.entry_date).where(JournalEntry.id.in_(entries)))
    )
    amounts = {
        row.entry_id: row.amount
        for row in work.db.execute(
            select(JournalLine.entry_id, func.sum(JournalLine.amount).label("amount"))
            .where(JournalLine.entry_id.in_(entries), JournalLine.account == BANK)
            .group_by(JournalLine.entry_id)
        )
    }
    made = BankMatch(
        bank_account_id=account_named(work),
        by=by,
        why="By hand",
        on=max(days),
        amount=sum(amounts.values(), Money()),
        made_by=work.actor.staff_id,
        made_at=work.now(),
    )
    work.db.add(made)
    work.db.flush()
    work.db.add_all(
        BankMatchLine(match_id=made.id, bank_line_id=one, live_line_id=one) for one in lines
    )
    work.db.add_all(
        BankMatchEntry(
            match_id=made.id,
            entry_id=one,
            account=BANK,
            amount=amounts[one],
            suspense_id=suspense,
            live=True,
        )
        for one in entries
    )
    work.db.flush()
    return made.id


def unmatch(work: Work, match_id: int) -> None:
    """Take a match apart."""
    made = work.db.get_one(BankMatch, match_id)
    made.status = MatchStatus.UNDONE
    made.undone_by, made.undone_at = work.actor.staff_id, work.now()
    for one in work.db.scalars(select(BankMatchLine).where(BankMatchLine.match_id == match_id)):
        one.live_line_id = None
    for its in work.db.scalars(select(BankMatchEntry).where(BankMatchEntry.match_id == match_id)):
        its.live = None
    work.db.flush()


def cleared(work: Work, on: str, cents: int, *, booked: str = "") -> int:
    """A line and its entry, matched; ``booked`` is the entry's day where that differs."""
    return match(work, [line(work, on, cents)], [entry(work, booked or on, cents)])


def deposit(work: Work, payment_id: int, on: str, *, kind: DepositKind = DepositKind.EFT) -> int:
    """Deposit one payment whole, and return the deposit's id."""
    return make_deposit(work, DepositDraft(None, kind, day(on), payment_ids=(payment_id,))).id


def suspense(work: Work, line_id: int, number: str = "SUS-2026-00001") -> int:
    """Hold a line's money in 2420, matched."""
    there = work.db.get_one(BankLine, line_id)
    cents = there.amount.cents
    legs = (Leg(BANK, cents, Part.BOOKS), Leg(TO_IDENTIFY, -cents, Part.BOOKS))
    entry_id = post(work, Draft(there.on, EntryKind.BANK, f"{number} held", legs))
    held = BankSuspense(
        number=number,
        bank_line_id=line_id,
        amount=there.amount,
        open=there.amount,
        entry_id=entry_id,
        since=there.on,
    )
    work.db.add(held)
    work.db.flush()
    match(work, [line_id], [entry_id], by=MatchedBy.SUSPENSE, suspense=held.id)
    return held.id
