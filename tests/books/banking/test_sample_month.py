"""The sample month: exports, card payouts and the bank's file meet, but for one credit."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import partial

from sqlalchemy import select

from fscdesk.models.bank import BankLine
from fscdesk.models.deposit import Deposit
from fscdesk.models.payment import Payment
from fscdesk.models.reconciliation import BankMatch, BankMatchEntry, BankMatchLine
from fscdesk.models.values import Money
from fscdesk.services.banking.accepting import accept, draft_of
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.certain import apply_certain
from fscdesk.services.banking.matching import Proposal, Reach, proposals
from fscdesk.services.banking.statements import apply_statement
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.month import CARDS, EXPORT, SESSIONS, bring_in
from tests.support.payments import cents, verify
from tests.support.shared import samples

CHASE = "bank_chase_checking_2026-03.csv"
BY_HAND = {"cash+check", "0000481516"}
"""Carried to the bank: proposed by amount, and confirmed by a person."""


def expected() -> dict[str, str]:
    told = json.loads((samples() / "expected.json").read_text(encoding="utf-8"))
    found: dict[str, str] = told["bank_matches"]
    return found


def read_bank(books: Office) -> None:
    data = (samples() / CHASE).read_bytes()
    books.write(lambda work: apply_statement(work, CHASE, data))


def look(books: Office) -> tuple[Proposal, ...]:
    return books.read(lambda work: proposals(work, account_named(work)))


def apply(books: Office) -> None:
    books.write(lambda work: apply_certain(work, account_named(work)))


def take(work: Work, one: Proposal) -> int:
    return accept(work, draft_of(account_named(work), one))


def matched(books: Office) -> dict[str, str]:
    """Return what each matched credit is, in the words of expected.json."""
    rows = books.read(
        lambda work: work.db.execute(
            select(BankLine.on, BankLine.amount, Deposit.reference, Deposit.id)
            .join(BankMatchLine, BankMatchLine.live_line_id == BankLine.id)
            .join(BankMatchEntry, BankMatchEntry.match_id == BankMatchLine.match_id)
            .join(Deposit, Deposit.id == BankMatchEntry.deposit_id)
            .where(BankMatchEntry.live.is_(True))
        ).all()
    )
    return {f"{row.on} {row.amount.plain()}": row.reference or str(row.id) for row in rows}


def test_the_sample_month_meets_the_bank_but_for_one_credit(books: Office) -> None:
    for file in (SESSIONS, EXPORT, CARDS):
        bring_in(books, file)
    read_bank(books)
    apply(books)
    told = expected()
    certain = {when: what for when, what in told.items() if what not in {*BY_HAND, "unexplained"}}
    assert matched(books) == certain
    left = {(str(one.lines[0].on), one.amount.plain()): one for one in look(books)}
    for when, what in told.items():
        if what in BY_HAND:
            day, amount = when.split()
            one = left.pop((day, amount))
            assert (one.reach, one.certain) == (Reach.ONE, False), one
            books.write(partial(take, one=one))
    credits_ = {key: one for key, one in left.items() if one.amount > Money()}
    ((key, unknown),) = credits_.items()
    assert (key, unknown.reach, unknown.hold) == (("2026-03-30", "61.75"), Reach.NONE, True)
    assert len(matched(books)) == len(told) - 1
    debits = {key[1]: one for key, one in left.items() if one.amount < Money()}
    assert set(debits) == {"-15.00", "-99.00", "-1850.00", "-2400.00"}
    assert debits["-15.00"].entry_to_make is not None
    total = sum(int(Decimal(when.split()[1]) * 100) for when in told)
    assert books.read(lambda work: cents(work, "1000")) == total - 61_75
    verify(books)


def test_the_bank_first_and_the_exports_later_meet_as_well(sqlite_books: Office) -> None:
    read_bank(sqlite_books)
    apply(sqlite_books)
    assert matched(sqlite_books) == {}
    for file in (CARDS, EXPORT, SESSIONS):
        bring_in(sqlite_books, file)
    apply(sqlite_books)
    told = expected().values()
    assert sorted(matched(sqlite_books).values()) == sorted({*told} - BY_HAND - {"unexplained"})
    days = sqlite_books.read(
        lambda work: work.db.execute(
            select(Payment.banked_on, Payment.deposited_on).where(
                Payment.reference == "EFT9990126072"
            )
        ).one()
    )
    assert str(days.banked_on) == str(days.deposited_on) == "2026-03-13"
    automatic = sqlite_books.read(lambda work: set(work.db.scalars(select(BankMatch.automatic))))
    assert automatic == {True}
