"""Entries that the bank's lines themselves make: fees, interest, transfers, suspense."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from fscdesk.models.account import Account
from fscdesk.models.bank import BankAccount
from fscdesk.models.cost_centre import CostCentre
from fscdesk.models.ledger import EntryKind, Part
from fscdesk.services.banking.match_items import BankLeg
from fscdesk.services.editing import text_of
from fscdesk.services.errors import Problem
from fscdesk.services.ledger import accounts
from fscdesk.services.ledger.posting import About, Draft, Leg, Mark, post
from fscdesk.services.work import Work

KEPT = frozenset({accounts.UNDEPOSITED, accounts.RECORDED_IN_SIMPLEPRACTICE, accounts.TO_IDENTIFY})
KEPT |= frozenset(accounts.OPEN_ACCOUNTS)
"""Accounts that belong to documents: payments, charges, suspense. No leg names them."""
_NOTHING = "Nothing was posted."


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
    is not in use, or that only documents move.
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
    kept = sorted(codes & (KEPT | {account}))
    if kept:
        raise Problem(
            f"Account {kept[0]} is kept by the program.",
            hint=f"{_NOTHING} Choose another account; payments are deposited instead.",
        )
    known = {
        row.code: row.active
        for row in work.db.execute(
            select(Account.code, Account.active).where(Account.code.in_(codes))
        )
    }
    unknown = sorted(one for one in codes if not known.get(one))
    if unknown:
        raise Problem(
            f"Account {unknown[0]} is not in use.", hint=f"{_NOTHING} Choose one of the chart."
        )
    centres = {leg.cost_centre for leg in legs} - {""}
    there = set(work.db.scalars(select(CostCentre.code).where(CostCentre.code.in_(centres))))
    if centres - there:
        raise Problem(
            f"There is no cost centre {min(centres - there)}.",
            hint=f"{_NOTHING} Choose one of the list.",
        )
    if any(not leg.amount for leg in legs):
        raise Problem("A part of the entry is 0.00.", hint=f"{_NOTHING} Leave it out.")
