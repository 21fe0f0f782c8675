"""What a bank line may be posted to, and by whom: equity and loans are for who keeps the books."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.cost_centre import CostCentre, CostCentreKind
from fscdesk.models.values import LARGEST_CENTS, Money
from fscdesk.services.accounting.chart import chart
from fscdesk.services.banking.accepting import MatchDraft, accept
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.bank_entries import accounts_for_line
from fscdesk.services.banking.match_items import BankLeg
from fscdesk.services.banking.suspense import explain_by_account, suspense
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.balances import balance
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.bank_books import line
from tests.support.payments import verify
from tests.support.second_person import clerk


def post(desk: Office, account: str, centre: str = "") -> None:
    """Say at a desk that 20.00 the bank took was for an account."""

    def act(work: Work) -> None:
        taken = line(work, "3/2", -20_00, f"TO {account}")
        legs = (BankLeg(account, Money(-20_00), centre),)
        ident = account_named(work)
        accept(work, MatchDraft(ident, (taken,), legs=legs, memo="Bank"))

    desk.write(act)


def held(books: Office, account: str) -> int:
    return books.read(lambda work: balance(work, account, as_of=date(2026, 4, 12))).cents


@pytest.mark.parametrize("account", ["3000", "3090", "3100", "1400", "2000"])
def test_who_only_reconciles_posts_no_equity_and_no_loan(books: Office, account: str) -> None:
    with pytest.raises(Problem, match=f"You may not post to {account} ") as refused:
        post(clerk(books), account)
    assert "ask who keeps the books" in refused.value.hint
    assert held(books, account) == 0
    post(books, account)
    assert held(books, account) == 20_00
    verify(books)


@pytest.mark.parametrize("account", ["7500", "4340", "1020"])
def test_what_the_bank_does_by_itself_is_for_who_reconciles(books: Office, account: str) -> None:
    post(clerk(books), account)
    assert held(books, account) == 20_00
    verify(books)


@pytest.mark.parametrize("keeper", [True, False])
def test_what_is_offered_is_what_is_taken(books: Office, *, keeper: bool) -> None:
    desk = books if keeper else clerk(books)
    offered = desk.read(lambda work: accounts_for_line(work, account_named(work)))
    codes = {one.code for one in offered.offered}
    every = {one.code for one in books.read(chart)}
    for code in sorted(every):
        try:
            post(desk, code)
        except Problem:
            assert code not in codes, code
        else:
            assert code in codes, code
    assert ("who keeps the books" in offered.missing) is not keeper


def test_current_earnings_are_nobodys(books: Office) -> None:
    for desk in (books, clerk(books)):
        with pytest.raises(Problem, match="Account 3200 is kept by the program") as refused:
            post(desk, "3200")
        assert "computed from income and expense" in refused.value.hint


def test_money_on_hold_is_explained_by_the_same_rule(books: Office) -> None:
    came = books.write(lambda work: line(work, "3/15", 61_75, "UNKNOWN")).value
    draft = MatchDraft(books.read(account_named), (came,), hold=True)
    books.write(lambda work: accept(work, draft))
    waits = books.read(suspense)[0].id
    other = clerk(books)
    for account in ("3000", "3090", "2420"):
        legs = [BankLeg(account, Money(61_75))]
        with pytest.raises(Problem, match=rf"You may not post|{account} is kept"):
            other.write(lambda work, legs=legs: explain_by_account(work, waits, legs, "x"))  # type: ignore[misc]
    assert books.read(suspense)[0].open == Money(61_75)
    interest = [BankLeg("4340", Money(61_75))]
    other.write(lambda work: explain_by_account(work, waits, interest, "Interest"))
    verify(books)


@pytest.mark.parametrize("cents", [LARGEST_CENTS + 1, 10**15])
def test_what_no_books_can_hold_is_refused(books: Office, cents: int) -> None:
    came = books.write(lambda work: line(work, "3/15", 1_00, "UNKNOWN")).value
    legs = (BankLeg("4340", Money(cents)), BankLeg("4340", Money(1_00 - cents)))
    draft = MatchDraft(books.read(account_named), (came,), legs=legs, memo="Interest")
    with pytest.raises(Problem, match="more than these books can hold") as refused:
        books.write(lambda work: accept(work, draft))
    assert refused.value.hint == "Nothing was posted."
    assert held(books, "4340") == 0


def test_a_cost_centre_that_is_not_in_use_is_refused(books: Office) -> None:
    for code, active in (("WEST", True), ("GONE", False)):
        row = CostCentre(code=code, name=code, kind=next(iter(CostCentreKind)), active=active)
        books.write(lambda work, row=row: work.db.add(row))  # type: ignore[misc]
    with pytest.raises(Problem, match="GONE is no cost centre in use"):
        post(books, "7500", "GONE")
    post(books, "7500", "WEST")
    assert held(books, "7500") == 20_00
