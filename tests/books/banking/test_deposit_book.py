"""The book of deposits: what could be made, what was, and how far each has come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from fscdesk.models.deposit import DepositKind
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.banking.deposit_book import (
    BookedDeposit,
    DepositState,
    deposit_book,
    deposit_of_entry,
    deposit_way,
    deposits_holding,
    deposits_to_make,
    joined,
    made_here,
)
from fscdesk.services.banking.deposit_plan import plan_deposits
from fscdesk.services.banking.deposits import make_deposit
from fscdesk.services.banking.reconciling import complete, start
from fscdesk.services.banking.suspense import explain
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.bank_books import line, match, starts, suspense
from tests.support.deposits import deposit, paid, undone
from tests.support.payments import Till, open_till, verify


@pytest.fixture
def till(books: Office) -> Till:
    return books.write(open_till).value


def states(books: Office) -> list[tuple[str, str, str]]:
    """What the book says: number, state, amount."""
    return [(one.number, one.state.value, str(one.amount)) for one in books.read(deposit_book)]


def first(books: Office) -> BookedDeposit:
    return books.read(deposit_book)[0]


def test_it_follows_a_deposit_from_the_drawer_to_the_lock(books: Office, till: Till) -> None:
    assert books.read(deposit_book) == ()
    assert not books.read(made_here)
    check = paid(books, till, 80_00, reference="1047")
    assert states(books) == [("", "to_make", "80.00")]
    assert books.read(deposits_to_make) == 1
    assert first(books).words == "Alma Anyone"
    made = deposit(books, check.payment_id)
    assert books.read(made_here)
    assert states(books) == [(made.number, "made", "80.00")]

    def banked(work: Work) -> None:
        starts(work, "4/1", 0)
        match(work, [line(work, "4/12", 80_00)], [made.entry_id])

    books.write(banked)
    assert states(books) == [(made.number, "banked", "80.00")]
    way = books.read(lambda work: deposit_way(work, made.id))
    assert [(one.on, str(one.amount)) for one in way.lines] == [(date(2026, 4, 12), "80.00")]
    assert (way.reconciliation, way.reconciled_to) == ("", None)
    books.write(lambda work: complete(work, start(work, 1, date(2026, 4, 12), Money(80_00))))
    assert states(books) == [(made.number, "locked", "80.00")]
    way = books.read(lambda work: deposit_way(work, made.id))
    assert way.state is DepositState.LOCKED
    assert (way.reconciliation, way.reconciled_to) == ("REC-2026-00001", date(2026, 4, 12))
    assert books.read(lambda work: deposit_of_entry(work, made.entry_id)) == made.id
    verify(books)


def test_an_undone_one_stays_in_the_list_beside_what_can_be_made_anew(
    books: Office, till: Till
) -> None:
    check = paid(books, till, 80_00)
    made = deposit(books, check.payment_id)
    undone(books, made.id)
    assert states(books) == [("", "to_make", "80.00"), (made.number, "undone", "80.00")]


def test_no_two_rows_have_the_same_number(books: Office, till: Till) -> None:
    for method in (PaymentMethod.CHECK, PaymentMethod.CARD, PaymentMethod.EFT, PaymentMethod.EFT):
        paid(books, till, 10_00, method)
    made = deposit(books, paid(books, till, 5_00).payment_id)
    ids = [one.id for one in books.read(deposit_book)]
    assert len(set(ids)) == len(ids) == 5
    assert [one for one in ids if one > 0] == [made.id]


def test_days_choose_what_was_made_and_never_hide_what_waits(books: Office, till: Till) -> None:
    made = deposit(books, paid(books, till, 80_00).payment_id)
    paid(books, till, 20_00)
    late = date(2026, 6, 1)
    assert [one.number for one in books.read(lambda work: deposit_book(work, first=late))] == [""]
    all_of_it = books.read(lambda work: deposit_book(work, last=made.on))
    assert [one.number for one in all_of_it] == ["", made.number]


def test_it_is_found_by_what_it_holds(books: Office, till: Till) -> None:
    check = paid(books, till, 80_00, reference="1047")
    made = deposit(books, check.payment_id)
    for words in ("1047", check.number.lower(), "alma"):
        assert books.read(partial(_holding, words)) == {made.id}
    for words in ("", "  ", "nobody"):
        assert books.read(partial(_holding, words)) == frozenset()


def test_days_of_cash_and_checks_become_one_slip(books: Office, till: Till) -> None:
    one = paid(books, till, 30_00)
    two = paid(books, till, 20_00, PaymentMethod.CASH, received_on=date(2026, 4, 11))
    groups = books.read(plan_deposits).groups
    assert len(groups) == 2
    draft = joined(groups)
    assert (draft.kind, draft.on) == (DepositKind.COUNTER, date(2026, 4, 11))
    assert sorted(draft.payment_ids) == sorted((one.payment_id, two.payment_id))
    made = books.write(lambda work: make_deposit(work, draft)).value
    assert (made.items, str(made.amount)) == (2, "50.00")
    verify(books)


def test_what_goes_on_different_ways_is_not_one_deposit(books: Office, till: Till) -> None:
    paid(books, till, 30_00)
    paid(books, till, 20_00, PaymentMethod.CARD)
    groups = books.read(plan_deposits).groups
    with pytest.raises(Problem, match="different ways"):
        joined(groups)
    with pytest.raises(Problem, match="different ways"):
        joined([])
    card = next(one for one in groups if one.kind is DepositKind.CARD)
    with pytest.raises(Problem, match="Each payout"):
        joined([card, replace(card, payout_id=7)])


def _holding(words: str, work: Work) -> frozenset[int]:
    return deposits_holding(work, words)


def test_what_explains_held_money_is_at_the_bank_and_can_be_told_apart(
    books: Office, till: Till
) -> None:
    def hold(work: Work) -> int:
        return suspense(work, line(work, "3/30", 61_75, "EXAMPLE EAST"))

    held = books.write(hold).value
    payment = paid(books, till, 61_75, PaymentMethod.EFT, reference="EFT1").payment_id
    made = books.write(lambda work: explain(work, held, [payment])).value
    row = first(books)
    assert (row.number, row.state) == (made.number, DepositState.BANKED)
    assert row.deposit is not None
    assert row.deposit.banked_on == date(2026, 3, 30)
    way = books.read(lambda work: deposit_way(work, made.id))
    assert way.state is DepositState.BANKED
    assert [(one.on, str(one.amount)) for one in way.lines] == [(date(2026, 3, 30), "61.75")]
    undone(books, made.id)
    assert [state for _, state, _ in states(books)] == ["to_make", "undone"]
    way = books.read(lambda work: deposit_way(work, made.id))
    assert (way.detail.row.banked_on, way.lines) == (None, ())
    verify(books)
