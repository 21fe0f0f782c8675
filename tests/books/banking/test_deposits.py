"""Deposits: out of undeposited funds whole, into one account, locked, counted, taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from fscdesk.models.bank import BankAccountKind
from fscdesk.models.deposit import Deposit
from fscdesk.models.ledger import JournalEntry
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.accounts import BankAccountDraft, save_bank_account
from fscdesk.services.banking.deposits import (
    DepositDraft,
    DepositKind,
    deposit_with_key,
    make_deposit,
    undeposited,
    undo_deposit,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.ledger.balances import balance
from fscdesk.services.office import Office
from fscdesk.services.payments.correcting import correct_amount, correct_payer, void_payment
from fscdesk.services.payments.returning import return_payment
from fscdesk.services.permissions import Right
from fscdesk.services.work import Topic, Work
from tests.support.deposits import counter, deposit, deposited_on, paid, undone, waiting
from tests.support.fail_at import assert_all_or_nothing, whole_books
from tests.support.payment_acts import LATER, version_of
from tests.support.payments import DAY, Till, cents, verify
from tests.support.second_person import at_once, refusals, winners, without


def sums(books: Office, *accounts: str) -> tuple[int, ...]:
    return books.read(lambda work: tuple(cents(work, one) for one in accounts))


def test_a_deposit_takes_its_payments_out_of_undeposited_funds(books: Office, till: Till) -> None:
    check = paid(books, till, 150_00, reference="1047")
    cash = paid(books, till, 40_00, PaymentMethod.CASH)
    late = paid(books, till, 10_00)
    assert sums(books, "1000", "1050") == (0, 200_00)

    draft = counter(
        [check.payment_id, cash.payment_id], reference="Slip 7", cash={20_00: 1, 10_00: 2}
    )
    written = books.write(lambda work: make_deposit(work, draft))
    done = written.value
    assert (done.number, done.on, done.amount, done.fees) == (
        "DEP-2026-00001",
        LATER,
        Money(190_00),
        ZERO,
    )
    assert (done.entered_on, done.items, done.repeated) == (LATER, 2, False)
    assert written.topics >= {Topic.BANK, Topic.PAYMENTS, Topic.LEDGER}
    assert sums(books, "1000", "1050") == (190_00, 10_00)
    assert deposited_on(books, check.payment_id) == LATER
    assert waiting(books) == [("PAY-2026-00003", "10.00")]
    assert late.number == "PAY-2026-00003"
    verify(books)


def test_what_was_undeposited_on_a_past_day(books: Office, till: Till) -> None:
    one = paid(books, till, 150_00)
    made = deposit(books, one.payment_id)

    def on(day: date) -> list[str]:
        return books.read(lambda work: [str(item.amount) for item in undeposited(work, day)])

    assert (on(DAY - timedelta(1)), on(DAY), on(LATER)) == ([], ["150.00"], [])
    undone(books, made.id)
    # As if it had never been: its reversal is of its own day.
    assert on(LATER) == ["150.00"]
    assert books.read(lambda work: balance(work, "1000", as_of=LATER)) == ZERO


def test_fees_of_a_card_batch_may_be_typed(books: Office, till: Till) -> None:
    one = paid(books, till, 100_00, PaymentMethod.CARD)
    done = deposit(
        books, one.payment_id, kind=DepositKind.CARD, fees=Money(3_45), reference="Batch 12"
    )
    assert (done.gross, done.fees, done.amount) == (Money(100_00), Money(3_45), Money(96_55))
    assert sums(books, "1000", "1050", "7600") == (96_55, 0, 3_45)
    verify(books)


def test_a_deposit_undone_leaves_everything_as_it_was(books: Office, till: Till) -> None:
    one = paid(books, till, 150_00)
    done = deposit(books, one.payment_id)
    undone(books, done.id)
    assert sums(books, "1000", "1050") == (0, 150_00)
    assert deposited_on(books, one.payment_id) is None
    assert waiting(books) == [("PAY-2026-00001", "150.00")]
    verify(books)
    with pytest.raises(Problem, match=r"DEP-2026-00001 was undone already"):
        undone(books, done.id)
    again = deposit(books, one.payment_id, on=LATER)
    assert (again.number, again.entered_on) == ("DEP-2026-00002", LATER)
    verify(books)


def test_a_payment_is_in_one_deposit_at_a_time(books: Office, till: Till) -> None:
    first, second = paid(books, till, 150_00), paid(books, till, 20_00)
    deposit(books, first.payment_id)
    before = books.read(whole_books)
    with pytest.raises(Problem, match=r"PAY-2026-00001 is in DEP-2026-00001 of 04/11/2026\."):
        deposit(books, first.payment_id, second.payment_id)
    assert books.read(whole_books) == before


def test_two_desks_deposit_the_same_payment(books: Office, till: Till) -> None:
    one, other = paid(books, till, 150_00), paid(books, till, 20_00)
    acts = [
        (books, lambda work: make_deposit(work, counter([one.payment_id, other.payment_id]))),
        (books, lambda work: make_deposit(work, counter([one.payment_id]))),
    ]
    outcomes = at_once(*acts)
    (refused,) = refusals(outcomes)
    assert isinstance(refused, Problem), repr(refused)
    assert len(winners(outcomes)) == 1
    verify(books)


def test_a_deposit_and_a_void_at_once(books: Office, till: Till) -> None:
    one = paid(books, till, 150_00)
    version = version_of(books, one.payment_id)
    outcomes = at_once(
        (books, lambda work: make_deposit(work, counter([one.payment_id]))),
        (
            books,
            lambda work: void_payment(
                work, one.payment_id, reason="twice", expected_version=version
            ),
        ),
    )
    (refused,) = refusals(outcomes)
    assert isinstance(refused, Problem), repr(refused)
    verify(books)


def test_nothing_is_half_done(books: Office, till: Till) -> None:
    check, cash = paid(books, till, 150_00), paid(books, till, 20_00, PaymentMethod.CASH)
    draft = counter([check.payment_id, cash.payment_id], cash={20_00: 1}, fees=Money(1_00))
    done = assert_all_or_nothing(books, lambda work: make_deposit(work, draft)).value
    assert_all_or_nothing(books, lambda work: undo_deposit(work, done.id, "Counted again"))
    verify(books)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"on": date(2026, 4, 9)}, r"PAY-2026-00001 came on 04/10/2026, after the day of the dep"),
        ({"on": date(2036, 4, 9)}, "has not come yet"),
        ({"on": date(1926, 4, 9), "kind": DepositKind.EFT}, "lies long before"),
        ({"payment_ids": ()}, "A deposit needs a payment"),
        ({"payment_ids": (77,)}, "not in the books"),
        ({"refund_ids": (77,)}, "not in the books"),
        ({"fees": Money(-1)}, "cannot be a fee"),
        ({"cash": {20_00: 1}}, r"20\.00 was counted, the cash payments are 0\.00: 20\.00 too much"),
        ({"cash": {30_00: 1}}, "no note and no coin"),
        ({"cash": {20_00: -1}}, "cannot be the number"),
        ({"bank_account_id": 77}, "bank account is not in use"),
        ({"kind": DepositKind.SUSPENSE}, "waits to be explained"),
        ({"reference": "x" * 101}, "100 fit"),
        ({"payout_id": 77}, "This payout is not in the books"),
    ],
)
def test_what_cannot_be_is_refused(
    books: Office, till: Till, facts: dict[str, Any], words: str
) -> None:
    one = paid(books, till, 150_00)
    before = books.read(whole_books)
    draft = replace(counter([one.payment_id]), **facts)
    with pytest.raises(Problem, match=words) as refused:
        books.write(lambda work: make_deposit(work, draft))
    assert refused.value.hint
    assert books.read(whole_books) == before


def test_what_a_deposit_locks(books: Office, till: Till) -> None:
    one = paid(books, till, 150_00)
    done = deposit(books, one.payment_id)
    version = version_of(books, one.payment_id)
    named = r"was deposited on 04/11/2026 \(DEP-2026-00001\)"

    def amount(work: Work) -> None:
        correct_amount(work, one.payment_id, Money(1_00), reason="x", expected_version=version)

    def void(work: Work) -> None:
        void_payment(work, one.payment_id, reason="x", expected_version=version)

    for act in (amount, void):
        with pytest.raises(Problem, match=named):
            books.write(act)
    # Who paid is no fact of the bank: that can be corrected, and the deposit stands.
    books.write(
        lambda work: correct_payer(
            work,
            one.payment_id,
            guarantor_id=till.ben_pays,
            reason="Ben's check",
            expected_version=version,
        )
    )
    verify(books)
    undone(books, done.id)
    version = version_of(books, one.payment_id)
    books.write(amount)
    verify(books)


def test_a_check_that_is_returned_after_its_deposit(books: Office, till: Till) -> None:
    one = paid(books, till, 150_00)
    deposit(books, one.payment_id)
    bounce(books, one.payment_id)
    assert sums(books, "1000", "1050") == (0, 0)
    assert deposited_on(books, one.payment_id) == LATER
    verify(books)


def test_a_check_that_is_returned_before_its_deposit_is_entered(books: Office, till: Till) -> None:
    """The bank took it and gave it back: both of its lines are still to be had in the books."""
    one, other = paid(books, till, 150_00), paid(books, till, 20_00)
    bounce(books, one.payment_id)
    assert sums(books, "1000", "1050") == (-150_00, 170_00)
    (first, _) = books.read(undeposited)
    assert (first.returned, first.amount) == (True, Money(150_00))
    deposit(books, one.payment_id, other.payment_id)
    assert sums(books, "1000", "1050") == (20_00, 0)
    verify(books)


def test_money_leaves_the_account_that_it_was_deposited_in(books: Office, till: Till) -> None:
    savings = books.write(
        lambda work: save_bank_account(work, BankAccountDraft("Savings", BankAccountKind.SAVINGS))
    ).value
    one = paid(books, till, 150_00)
    deposit(books, one.payment_id, bank_account_id=savings)
    assert sums(books, "1000", "1001", "1050") == (0, 150_00, 0)
    bounce(books, one.payment_id)
    assert sums(books, "1000", "1001", "1050") == (0, 0, 0)
    verify(books)


def test_money_that_the_bank_had_first_is_entered_when_it_is_known(
    books: Office, till: Till
) -> None:
    one = paid(books, till, 150_00, PaymentMethod.EFT)
    early = DAY - timedelta(3)
    done = deposit(books, one.payment_id, kind=DepositKind.EFT, on=early)
    assert (done.on, done.entered_on) == (early, DAY)
    assert deposited_on(books, one.payment_id) == early
    entry = books.read(lambda work: work.db.get_one(JournalEntry, done.entry_id).entry_date)
    assert entry == DAY
    verify(books)


def test_rights_and_versions(books: Office, till: Till) -> None:
    one = paid(books, till, 150_00)
    other = without(books, Right.MAKE_DEPOSITS)
    with pytest.raises(Problem, match="You may not make deposits"):
        other.write(lambda work: make_deposit(work, counter([one.payment_id])))
    done = deposit(books, one.payment_id)
    with pytest.raises(Problem, match="You may not take deposits back"):
        other.write(lambda work: undo_deposit(work, done.id, "x"))
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: undo_deposit(work, done.id, "x", expected_version=9))
    with pytest.raises(Problem, match="The reason is missing"):
        books.write(lambda work: undo_deposit(work, done.id, " "))
    assert books.read(lambda work: work.db.get_one(Deposit, done.id).version) == 1


def test_a_command_that_comes_again_makes_one_deposit(books: Office, till: Till) -> None:
    one, other = paid(books, till, 150_00), paid(books, till, 20_00)
    draft = counter([one.payment_id], request_key="once")
    outcomes = at_once(
        (books, lambda work: make_deposit(work, draft)),
        (books, lambda work: make_deposit(work, draft)),
    )
    assert {done.id for done in winners(outcomes)} == {1}, outcomes
    assert books.write(lambda work: make_deposit(work, draft)).value.repeated
    misused = DepositDraft(None, DepositKind.COUNTER, LATER, (other.payment_id,))
    with pytest.raises(Problem, match="under the same key with other facts"):
        books.write(lambda work: make_deposit(work, replace(misused, request_key="once")))
    verify(books)


def test_an_undone_deposit_gives_its_command_free(books: Office, till: Till) -> None:
    one = paid(books, till, 150_00)
    draft = counter([one.payment_id], request_key="once")
    first = books.write(lambda work: make_deposit(work, draft)).value
    undone(books, first.id)
    assert books.read(lambda work: deposit_with_key(work, "once")) is None
    second = books.write(lambda work: make_deposit(work, draft)).value
    assert (second.repeated, second.id == first.id) == (False, False)
    assert waiting(books) == []
    assert books.write(lambda work: make_deposit(work, draft)).value.repeated
    verify(books)


def bounce(books: Office, payment_id: int) -> None:
    """The bank takes a check back."""
    version = version_of(books, payment_id)
    books.write(
        lambda work: return_payment(
            work, payment_id, on=LATER, reason="not covered", expected_version=version, fee=ZERO
        )
    )


def test_fees_that_leave_nothing_are_refused(books: Office, till: Till) -> None:
    one = paid(books, till, 50_00, PaymentMethod.CARD)
    before = books.read(whole_books)
    for fees in (50_00, 60_00):
        with pytest.raises(Problem, match=r"leave nothing of these 50\.00 for the bank"):
            deposit(books, one.payment_id, kind=DepositKind.CARD, fees=Money(fees))
    assert books.read(whole_books) == before
    done = deposit(books, one.payment_id, kind=DepositKind.CARD, fees=Money(49_99))
    assert done.amount == Money(1)
    verify(books)
