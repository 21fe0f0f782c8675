"""Entries that the bank's lines themselves make: fees, interest, transfers, suspense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fscdesk.models.account import Account, AccountType, CashFlow
from fscdesk.models.bank import BankAccount
from fscdesk.models.cost_centre import CostCentre
from fscdesk.models.ledger import EntryKind, Part
from fscdesk.models.values import LARGEST_CENTS, ZERO
from fscdesk.services.accounting.chart import NamedAccount
from fscdesk.services.accounting.kept_accounts import KEPT
from fscdesk.services.banking.match_items import BankLeg
from fscdesk.services.editing import text_of
from fscdesk.services.errors import Problem
from fscdesk.services.ledger import accounts
from fscdesk.services.ledger.posting import About, Draft, Leg, Mark, post
from fscdesk.services.permissions import Right, may
from fscdesk.services.work import Work

_OF_THE_BANK = (AccountType.INCOME, AccountType.EXPENSE)
"""What the bank's lines are by themselves; money between the practice's accounts is besides."""
_NOTHING = "Nothing was posted."


@dataclass(frozen=True, slots=True)
class LineAccounts:
    """The accounts that a bank's line may be said to be, and why the others are not there."""

    offered: tuple[NamedAccount, ...]
    missing: str


def post_legs(
    work: Work,
    account: str,
    on: date,
    legs: Sequence[BankLeg],
    memo: str,
    *,
    reference: str | None = None,
) -> int:
    """Post one entry on an account of the ledger against its legs, and return it.

    Amounts are as the bank writes them: money in is positive. Raises Problem for an account that
    is not in use, or that only documents move, a cost centre that is not in use, and, without the
    right to keep the books, for equity, loans, equipment and the like: anything but income,
    expense and the practice's own money.
    """
    _require(work, account, legs)
    words = text_of(memo, "the memo", longest=200) or "Entry of the bank"
    total = sum(leg.amount.cents for leg in legs)
    sides = [Leg(account, total, Part.BOOKS)] if total else []
    sides += [Leg(leg.account, -leg.amount.cents, Part.BOOKS) for leg in legs]
    marks = [Mark()] if total else []
    marks += [Mark(leg.cost_centre or None, leg.note or None) for leg in legs]
    marked = any(one != Mark() for one in marks)
    return post(
        work,
        Draft(
            on,
            EntryKind.BANK,
            words,
            tuple(sides),
            marks=tuple(marks) if marked else None,
            reference=reference,
        ),
    )


def post_suspense(
    work: Work, account: BankAccount, on: date, cents: int, number: str, payer_id: int | None
) -> int:
    """Post money that came without a name (or left again, below zero) against 2420."""
    said = "came, and waits to be explained" if cents > 0 else "went back"
    return post(
        work,
        Draft(
            on,
            EntryKind.BANK,
            f"{number} {said}",
            (
                Leg(account.account, cents, Part.BOOKS),
                Leg(accounts.TO_IDENTIFY, -cents, Part.BOOKS),
            ),
            about=About(payer_id=payer_id),
            reference=number,
        ),
    )


def _require(work: Work, account: str, legs: Sequence[BankLeg]) -> None:
    codes = {leg.account for leg in legs}
    kept = sorted(codes & {*KEPT, account})
    if kept:
        raise Problem(
            f"Account {kept[0]} is kept by the program.",
            hint=f"{_NOTHING} {KEPT.get(kept[0], 'It is the account of this line itself.')}",
        )
    known: dict[str, Account] = {
        one.code: one
        for one in work.db.scalars(
            select(Account).where(Account.code.in_(codes), Account.active.is_(True))
        )
    }
    unknown = sorted(codes - {*known})
    if unknown:
        raise Problem(
            f"Account {unknown[0]} is not in use.", hint=f"{_NOTHING} Choose one of the chart."
        )
    _require_right(work, known)
    centres = {leg.cost_centre for leg in legs} - {""}
    there = set(
        work.db.scalars(
            select(CostCentre.code).where(CostCentre.code.in_(centres), CostCentre.active.is_(True))
        )
    )
    if centres - there:
        raise Problem(
            f"{min(centres - there)} is no cost centre in use.",
            hint=f"{_NOTHING} Choose another one, or leave it empty.",
        )
    if any(not leg.amount for leg in legs):
        raise Problem("A part of the entry is 0.00.", hint=f"{_NOTHING} Leave it out.")
    for amount in (*(leg.amount for leg in legs), sum((leg.amount for leg in legs), ZERO)):
        if abs(amount.cents) > LARGEST_CENTS:
            raise Problem(f"{amount} is more than these books can hold.", hint=_NOTHING)


def accounts_for_line(work: Work, bank_account_id: int) -> LineAccounts:
    """Return the accounts on which the person at the desk may post what a bank's line is.

    Just those that `post_legs` takes: not the line's own account, not what documents keep, and
    without the right to keep the books only income, expense and the practice's own money.
    """
    bank = work.db.get(BankAccount, bank_account_id)
    own = "" if bank is None else bank.account
    keeps_books = may(work, Right.KEEP_BOOKS)
    rows = work.db.scalars(select(Account).where(Account.active.is_(True)).order_by(Account.code))
    free = [one for one in rows if one.code not in KEPT and one.code != own]
    taken = [one for one in free if keeps_books or _moved_by_bank(one)]
    missing = "Receivables, credits and undeposited money are moved by their documents."
    if len(taken) < len(free):
        missing = (
            "Equity, loans, equipment and the like are entered by who keeps the books;"
            " receivables, credits and undeposited money by their documents."
        )
    return LineAccounts(tuple(NamedAccount(one.code, one.name, one.type) for one in taken), missing)


def _moved_by_bank(one: Account) -> bool:
    return one.type in _OF_THE_BANK or one.flow is CashFlow.CASH


def _require_right(work: Work, chart: Mapping[str, Account]) -> None:
    """Raise Problem for an account that only who keeps the books may move."""
    if may(work, Right.KEEP_BOOKS):
        return
    others = sorted(code for code, one in chart.items() if not _moved_by_bank(one))
    if others:
        one = chart[others[0]]
        raise Problem(
            f"You may not post to {one.code} {one.name}.",
            hint=f"{_NOTHING} Choose income, expense or another bank account, or ask who keeps"
            " the books.",
        )
