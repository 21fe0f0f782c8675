"""Disputes: a part of a card payment is charged back, money comes again, both are undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fscdesk.models.charge import Charge
from fscdesk.models.payment import Payment, PaymentMethod, PaymentStatus
from fscdesk.models.session import Session
from fscdesk.models.values import Money
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.ledger.balances import balance
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.payments.disputing import (
    charge_back_part,
    take_dispute_back,
    taken_of,
    win_dispute,
)
from fscdesk.services.payments.policies import RETURNED_FEE
from fscdesk.services.payments.returning import ReturnKind, return_payment
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payment_acts import LATER, setting, version_of
from tests.support.payments import Till, cents, open_till, pay, received, verify
from tests.support.second_person import at_once, refusals, winners

WON = date(2026, 4, 12)


@pytest.fixture
def till(books: Office) -> Till:
    return books.write(open_till).value


def carded(books: Office, till: Till, amount: int = 70_00) -> int:
    """A card payment of 70.00: both copays of 30.00 and 10.00 that stays."""
    parts = tuple(Application(one, Money(30_00)) for one in till.copays)
    new = replace(pay(till, amount, *parts), method=PaymentMethod.CARD)
    return received(books, new).payment_id


def part(work: Work, payment: int, amount: int, **facts: object) -> int:
    given: dict[str, object] = {"on": LATER, "reason": "Disputed", "fee": Money(), **facts}
    version = work.db.get_one(Payment, payment).version
    done = charge_back_part(
        work,
        payment,
        Money(amount),
        expected_version=version,
        **given,  # type: ignore[arg-type]
    )
    return done.entry_id


def won(work: Work, payment: int, **facts: object) -> int:
    version = work.db.get_one(Payment, payment).version
    given: dict[str, object] = {"on": WON, "reason": "Won", **facts}
    return win_dispute(work, payment, expected_version=version, **given).entry_id  # type: ignore[arg-type]


def undone(work: Work, payment: int) -> int:
    version = work.db.get_one(Payment, payment).version
    return take_dispute_back(work, payment, reason="By mistake", expected_version=version)


def stands(books: Office, till: Till, payment: int) -> tuple[list[int], int, int, PaymentStatus]:
    """Return what is open of the copays, the credit, what the bank took, and the status."""

    def ask(work: Work) -> tuple[list[int], int, int, PaymentStatus]:
        owed = [work.db.get_one(Charge, one).patient_balance.cents for one in till.copays]
        there = work.db.get_one(Payment, payment)
        taken = taken_of(work, payment).cents
        return owed, -cents(work, "2400"), taken, there.status

    return books.read(ask)


def paid_sessions(books: Office, till: Till) -> list[bool]:
    def ask(work: Work) -> list[bool]:
        ids = [work.db.get_one(Charge, one).session_id for one in till.copays]
        return [work.db.get_one(Session, one).billing_status.value == "paid" for one in ids]

    return books.read(ask)


POSTED, RETURNED = PaymentStatus.POSTED, PaymentStatus.RETURNED


def test_what_is_left_goes_first_then_what_was_applied_last(books: Office, till: Till) -> None:
    payment = carded(books, till)
    assert stands(books, till, payment) == ([0, 0], 10_00, 0, POSTED)
    books.write(lambda work: part(work, payment, 4_00))
    assert stands(books, till, payment) == ([0, 0], 6_00, 4_00, POSTED)
    verify(books)
    books.write(lambda work: part(work, payment, 21_00))
    assert stands(books, till, payment) == ([0, 15_00], 0, 25_00, POSTED)
    assert books.read(lambda work: balance(work, "1000", as_of=LATER)) == Money(-25_00)
    verify(books)
    books.write(lambda work: part(work, payment, 45_00))
    assert stands(books, till, payment) == ([30_00, 30_00], 0, 70_00, RETURNED)
    verify(books)


def test_a_dispute_is_won_and_pays_again_what_is_open(books: Office, till: Till) -> None:
    payment = carded(books, till)
    books.write(lambda work: part(work, payment, 25_00))
    done = assert_all_or_nothing(books, lambda work: won(work, payment)).value
    assert stands(books, till, payment) == ([0, 0], 10_00, 0, POSTED)
    assert books.read(lambda work: balance(work, "1000")) == Money()
    assert done > 0
    verify(books)


def test_the_whole_is_won_in_parts(books: Office, till: Till) -> None:
    payment = carded(books, till)
    before = paid_sessions(books, till)
    version = version_of(books, payment)
    books.write(
        lambda work: return_payment(
            work,
            payment,
            on=LATER,
            reason="Disputed",
            expected_version=version,
            kind=ReturnKind.CHARGEBACK,
            fee=Money(),
        )
    )
    assert stands(books, till, payment) == ([30_00, 30_00], 0, 70_00, RETURNED)
    books.write(lambda work: won(work, payment, amount=Money(40_00)))
    assert stands(books, till, payment) == ([0, 20_00], 0, 30_00, POSTED)
    verify(books)
    books.write(lambda work: won(work, payment))
    assert stands(books, till, payment) == ([0, 0], 10_00, 0, POSTED)
    assert paid_sessions(books, till) == before
    with pytest.raises(Problem, match=r"0\.00 of payment PAY-2026-00001 is charged back"):
        books.write(lambda work: won(work, payment))
    verify(books)


def test_both_are_undone_the_last_one_first(books: Office, till: Till) -> None:
    payment = carded(books, till)
    books.write(lambda work: part(work, payment, 25_00))
    books.write(lambda work: won(work, payment))
    assert_all_or_nothing(books, lambda work: undone(work, payment))
    assert stands(books, till, payment) == ([0, 15_00], 0, 25_00, POSTED)
    verify(books)
    books.write(lambda work: undone(work, payment))
    # The money is a credit again: a person applies it to what is open now.
    assert stands(books, till, payment) == ([0, 15_00], 25_00, 0, POSTED)
    verify(books)
    with pytest.raises(Problem, match="Nothing of this payment is charged back"):
        books.write(lambda work: undone(work, payment))


def test_what_was_won_of_the_whole_is_undone(books: Office, till: Till) -> None:
    payment = carded(books, till, 60_00)
    books.write(lambda work: part(work, payment, 20_00))
    books.write(lambda work: part(work, payment, 40_00))
    books.write(lambda work: won(work, payment))
    books.write(lambda work: undone(work, payment))
    assert stands(books, till, payment) == ([30_00, 30_00], 0, 60_00, RETURNED)
    verify(books)


@pytest.mark.parametrize("keep", [False, True])
def test_the_fee_goes_with_a_dispute_that_is_won(books: Office, till: Till, keep: bool) -> None:
    setting(books, RETURNED_FEE, "15.00")
    payment = carded(books, till)
    books.write(lambda work: part(work, payment, 25_00, fee=None))
    assert books.read(lambda work: cents(work, "4300")) == -15_00
    books.write(lambda work: won(work, payment, keep_fee=keep))
    assert books.read(lambda work: cents(work, "4300")) == (-15_00 if keep else 0)
    verify(books)


def test_what_cannot_be_is_refused(books: Office, till: Till) -> None:
    payment = carded(books, till)
    for amount, words in (
        (0, "above zero"),
        (70_00, "is the whole"),
        (70_01, "is left at the bank"),
    ):
        with pytest.raises(Problem, match=words):
            books.write(lambda work, amount=amount: part(work, payment, amount))  # type: ignore[misc]
    books.write(lambda work: part(work, payment, 25_00))
    for act, words in (
        (lambda work: part(work, payment, 45_01), "is left at the bank"),
        (lambda work: won(work, payment, amount=Money(25_01)), "cannot come again"),
        (lambda work: won(work, payment, on=date(2026, 4, 1)), "lies before the money came"),
        (
            lambda work: void_payment(
                work, payment, reason="x", expected_version=version_of(books, payment)
            ),
            "cannot be voided",
        ),
    ):
        with pytest.raises(Problem, match=words):
            books.write(act)
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: win_dispute(work, payment, on=WON, reason="x", expected_version=1))
    verify(books)


def test_only_a_clients_card_payment_is_disputed(books: Office, till: Till) -> None:
    parts = (Application(till.copays[0], Money(30_00)),)
    check = received(books, pay(till, 30_00, *parts)).payment_id
    with pytest.raises(Problem, match="only a client's card payment"):
        books.write(lambda work: part(work, check, 10_00))


def test_two_desks_record_it_once(books: Office, till: Till) -> None:
    payment = carded(books, till)
    seen = version_of(books, payment)

    def act(work: Work) -> None:
        charge_back_part(
            work,
            payment,
            Money(25_00),
            on=LATER,
            reason="Disputed",
            expected_version=seen,
            fee=Money(),
        )

    done = at_once((books, act), (books, act))
    assert (len(winners(done)), len(refusals(done))) == (1, 1)
    assert stands(books, till, payment)[2] == 25_00
    verify(books)
