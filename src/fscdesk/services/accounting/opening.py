"""What a practice had and owed when it began here: one entry, proven, that can be taken back.

It is dated the day before the first day, so that every report from that day on begins with it.
What does not balance stands in account 3090 until somebody explains it; 0.00 there is the proof
that assets are liabilities and equity. What clients and payers owe is not entered here: it comes
with the sessions, charge by charge.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.account import Account, AccountType
from fscdesk.models.audit import AuditEvent
from fscdesk.models.bank import BankAccount
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.reconciliation import Reconciliation, ReconciliationStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.accounting.journal import (
    ManualEntry,
    ManualLeg,
    PostedEntry,
    checked_legs,
    late_words,
    number_of,
    post_checked,
)
from fscdesk.services.audit import record
from fscdesk.services.editing import locked, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.accounts import OPENING_BALANCES
from fscdesk.services.ledger.periods import PeriodStatus, status_of
from fscdesk.services.ledger.posting import reverse_by_hand
from fscdesk.services.ledger.proved_days import accounts_of, require_not_proved
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "OpeningBank",
    "OpeningDraft",
    "OpeningLine",
    "OpeningPlan",
    "held_before",
    "open_books",
    "plan_opening",
    "standing_opening",
    "undo_opening",
]

_NOTHING: Final = "Nothing was posted."
_DOING: Final = "enter opening balances"
_STARTED: Final = "start_bank_account"


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """What one account held before the first day; debits (what the practice has) are positive."""

    account: str
    balance: Money
    note: str = ""


@dataclass(frozen=True, slots=True)
class OpeningBank:
    """What the bank itself had at the end of the day before: reconciling begins with it."""

    bank_account_id: int
    starts_with: Money


@dataclass(frozen=True, slots=True)
class OpeningDraft:
    """What a person enters in the wizard."""

    first_day: date
    lines: tuple[OpeningLine, ...]
    banks: tuple[OpeningBank, ...] = ()
    late_reason: str | None = None


@dataclass(frozen=True, slots=True)
class OpeningPlan:
    """The proof before posting: ``assets`` − ``liabilities`` − ``equity`` = ``difference``.

    All four as people read them, positive where an account of that side holds something.
    ``equity`` counts income and expense of the running year. ``difference`` would stand in
    3090; ``missing`` says what stands against posting. ``already`` is what the books hold on
    that day without it, in the accounts that are entered: it would be counted besides.
    """

    on: date
    lines: tuple[OpeningLine, ...]
    assets: Money
    liabilities: Money
    equity: Money
    difference: Money
    missing: tuple[str, ...]
    already: tuple[OpeningLine, ...] = ()

    @property
    def proven(self) -> bool:
        """Return whether assets are liabilities and equity."""
        return not self.difference


def plan_opening(work: Work, draft: OpeningDraft) -> OpeningPlan:
    """Return the proof of what was entered. Raises Problem for a line that cannot be posted."""
    require(work, Right.KEEP_BOOKS, _DOING)
    lines = tuple(one for one in draft.lines if one.balance)
    off = Money(sum(one.balance.cents for one in lines))
    if lines:
        checked_legs(work, _legs(lines, off))
    types: dict[str, AccountType] = {
        row.code: row.type
        for row in work.db.execute(
            select(Account.code, Account.type).where(
                Account.code.in_({one.account for one in lines})
            )
        )
    }

    def held(*kinds: AccountType) -> Money:
        return Money(sum(one.balance.cents for one in lines if types[one.account] in kinds))

    missing: list[str] = []
    if not lines:
        missing.append("No account has a balance.")
    there = standing_opening(work)
    if there is not None:
        missing.append(f"Entry {there.number} opens the books already.")
    on = draft.first_day - timedelta(days=1)
    return OpeningPlan(
        on,
        lines,
        held(AccountType.ASSET),
        -held(AccountType.LIABILITY),
        -held(AccountType.EQUITY, AccountType.INCOME, AccountType.EXPENSE),
        off,
        tuple(missing),
        () if there is not None else held_before(work, on, [one.account for one in lines]),
    )


def held_before(work: Work, on: date, accounts: Collection[str]) -> tuple[OpeningLine, ...]:
    """Return what these accounts hold at the end of a day by everything but the opening."""
    held = func.sum(JournalLine.amount)
    there = standing_opening(work)
    found = (
        select(JournalLine.account, held.label("held"))
        .where(JournalLine.account.in_(accounts), JournalLine.day <= on)
        .group_by(JournalLine.account)
        .having(held != ZERO)
        .order_by(JournalLine.account)
    )
    if there is not None:
        found = found.where(JournalLine.entry_id != there.id)
    return tuple(OpeningLine(row.account, row.held) for row in work.db.execute(found))


def open_books(work: Work, draft: OpeningDraft) -> PostedEntry:
    """Post the opening balances, and say with what each bank account starts.

    Raises Problem, and posts nothing, where the books were opened already, and for a bank account
    that is reconciled.
    """
    plan = plan_opening(work, draft)
    _lock(work)
    if plan.missing or standing_opening(work) is not None:
        said = plan.missing[0] if plan.missing else "The books were opened at another desk."
        raise Problem(said, hint=f"{_NOTHING} Take the opening back first, if it was wrong.")
    done = post_checked(
        work,
        ManualEntry(
            plan.on,
            "Opening balances",
            _legs(plan.lines, plan.difference),
            kind=EntryKind.OPENING,
            late_reason=draft.late_reason,
        ),
    )
    for one in draft.banks:
        _start(work, one.bank_account_id, draft.first_day, one.starts_with)
    work.touch(Topic.BANK)
    return done


def undo_opening(work: Work, *, reason: str, late_reason: str | None = None) -> PostedEntry:
    """Take the opening balances back, on their day.

    Each bank account starts again as it did before, unless somebody changed that since.
    """
    require(work, Right.KEEP_BOOKS, _DOING)
    words = text_of(reason, "the reason", longest=200, required=True)
    _lock(work)
    there = standing_opening(work)
    if there is None:
        raise Problem("The books have no opening balances.", hint="Nothing was changed.")
    late = late_words(late_reason)
    if late is None and status_of(work, there.on) is not PeriodStatus.OPEN:
        late = words  # it is written already why
    back = reverse_by_hand(work, there.id, on=there.on, reason=words, late_reason=late)
    for ident, on, balance in _starts_before(work, there.on + timedelta(days=1)):
        _start(work, ident, on, balance)
    require_not_proved(work, accounts_of(work, there.id), there.on)
    record(work, "undo_opening", "journal_entry", there.id, by=back, reason=words)
    work.touch(Topic.BOOKS, Topic.BANK)
    return PostedEntry(back, number_of(work, back), there.on)


def standing_opening(work: Work) -> PostedEntry | None:
    """Return the entry that opens the books, where one stands."""
    turned = select(JournalEntry.reverses_id).where(JournalEntry.reverses_id.is_not(None))
    row = work.db.execute(
        select(JournalEntry.id, JournalEntry.number, JournalEntry.entry_date)
        .where(
            JournalEntry.kind == EntryKind.OPENING,
            JournalEntry.id.not_in(turned),
            select(JournalLine.id)
            .where(JournalLine.entry_id == JournalEntry.id, JournalLine.part == Part.BOOKS)
            .exists(),
        )
        .order_by(JournalEntry.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else PostedEntry(*row)


def _legs(lines: tuple[OpeningLine, ...], off: Money) -> tuple[ManualLeg, ...]:
    legs = [ManualLeg(one.account, one.balance.cents, note=one.note) for one in lines]
    if off:
        legs.append(ManualLeg(OPENING_BALANCES, -off.cents, note="To explain"))
    return tuple(legs)


def _starts_before(work: Work, first: date) -> list[tuple[int, date | None, Money]]:
    """Return the bank accounts that the opening of a day lets start, and how they did before.

    What an account started with before stands in the record of the act that changed it.
    """
    found: list[tuple[int, date | None, Money]] = []
    for row in work.db.scalars(
        select(BankAccount).where(BankAccount.starts_on == first).order_by(BankAccount.id)
    ).all():
        act = work.db.scalar(
            select(AuditEvent.detail)
            .where(
                AuditEvent.action == _STARTED,
                AuditEvent.noun == "bank_account",
                AuditEvent.noun_id == row.id,
            )
            .order_by(AuditEvent.id.desc())
            .limit(1)
        )
        if act is not None and act["new"] == [first.isoformat(), row.starts_with.plain()]:
            on, balance = act["old"]
            before = None if on is None else date.fromisoformat(on)
            found.append((row.id, before, Money.parse(balance)))
    return found


def _start(work: Work, bank_account_id: int, on: date | None, balance: Money) -> None:
    row = locked(work, BankAccount, bank_account_id, "this bank account")
    proved = work.db.scalar(
        select(Reconciliation.number)
        .where(
            Reconciliation.bank_account_id == row.id,
            Reconciliation.status == ReconciliationStatus.COMPLETED,
        )
        .limit(1)
    )
    if proved is not None:
        raise Problem(
            f"{row.name} is reconciled from its first day on ({proved}).",
            hint=f"{_NOTHING} Undo its reconciliations first.",
        )
    old = row.starts_on, row.starts_with
    row.starts_on, row.starts_with = on, balance
    work.db.flush()
    record(
        work,
        _STARTED,
        "bank_account",
        row.id,
        old=[None if old[0] is None else old[0].isoformat(), old[1].plain()],
        new=[None if on is None else on.isoformat(), balance.plain()],
    )


def _lock(work: Work) -> None:
    """Let nobody else open the books, or take that back, before this work ends."""
    work.db.get_one(Account, OPENING_BALANCES, with_for_update=True)
