"""What the client is charged for a dispute: it goes, stays and comes again with what it is for."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.values import Money
from fscdesk.services.billing.account_fees import void_fee
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.books.payments.test_disputing import carded, part, undone, won
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payment_acts import LATER
from tests.support.payments import Till, cents, open_till, verify

FEE = Money(25_00)


@pytest.fixture
def till(books: Office) -> Till:
    return books.write(open_till).value


def fees(books: Office) -> list[int]:
    """Return the fees that stand, in cents; the revenue of fees is their sum."""

    def ask(work: Work) -> list[int]:
        live = select(Charge).where(Charge.code == "NSF", Charge.voided_on.is_(None))
        found = [one.patient_balance.cents for one in work.db.scalars(live.order_by(Charge.id))]
        assert -cents(work, "4300") == sum(found)
        return found

    verify(books)
    return books.read(ask)


@pytest.mark.parametrize(
    ("keep", "first", "then"), [(None, [25_00], []), (True, [25_00], [25_00]), (False, [], [])]
)
def test_it_goes_when_all_came_again(
    books: Office, till: Till, keep: bool | None, first: list[int], then: list[int]
) -> None:
    payment = carded(books, till)
    books.write(lambda work: part(work, payment, 40_00, fee=FEE))
    books.write(lambda work: won(work, payment, amount=Money(1_00), keep_fee=keep))
    assert fees(books) == first
    books.write(lambda work: won(work, payment, keep_fee=keep))
    assert fees(books) == then


def test_one_that_was_kept_stays_when_a_later_dispute_is_won(books: Office, till: Till) -> None:
    payment = carded(books, till)
    books.write(lambda work: part(work, payment, 40_00, fee=FEE))
    books.write(lambda work: won(work, payment, keep_fee=True))
    books.write(lambda work: part(work, payment, 30_00, fee=Money(15_00)))
    books.write(lambda work: won(work, payment))
    assert fees(books) == [25_00]


def test_it_goes_with_the_chargeback_that_is_taken_back(books: Office, till: Till) -> None:
    payment = carded(books, till)
    books.write(lambda work: part(work, payment, 40_00, fee=FEE))
    books.write(lambda work: part(work, payment, 10_00, fee=Money(15_00)))
    assert fees(books) == [25_00, 15_00]
    books.write(lambda work: undone(work, payment))
    assert fees(books) == [25_00]
    books.write(lambda work: part(work, payment, 10_00))  # without a fee
    books.write(lambda work: undone(work, payment))
    assert fees(books) == [25_00]
    books.write(lambda work: undone(work, payment))
    assert fees(books) == []


def test_it_comes_again_with_a_win_that_is_taken_back(books: Office, till: Till) -> None:
    payment = carded(books, till)
    books.write(lambda work: part(work, payment, 40_00, fee=FEE))
    books.write(lambda work: part(work, payment, 10_00, fee=Money(15_00)))
    for _ in range(2):
        books.write(lambda work: won(work, payment))
        assert fees(books) == []
        assert_all_or_nothing(books, lambda work: undone(work, payment))
        assert fees(books) == [25_00, 15_00]
    books.write(lambda work: undone(work, payment))
    assert fees(books) == [25_00]
    books.write(lambda work: undone(work, payment))
    assert fees(books) == []


def test_only_what_the_win_took_comes_again(books: Office, till: Till) -> None:
    payment = carded(books, till)
    books.write(lambda work: part(work, payment, 20_00, fee=FEE))
    books.write(lambda work: won(work, payment, amount=Money(10_00)))
    books.write(lambda work: won(work, payment))
    assert fees(books) == []
    books.write(lambda work: undone(work, payment))
    assert fees(books) == [25_00]
    books.write(lambda work: undone(work, payment))  # the first win took no fee
    assert fees(books) == [25_00]


def test_what_a_person_took_back_does_not_come_again(books: Office, till: Till) -> None:
    payment = carded(books, till)
    books.write(lambda work: part(work, payment, 40_00, fee=FEE))
    books.write(lambda work: won(work, payment, keep_fee=True))

    def waive(work: Work) -> None:
        fee = work.db.scalars(select(Charge.id).where(Charge.code == "NSF")).one()
        void_fee(work, fee, on=LATER, reason="Waived")

    books.write(waive)
    books.write(lambda work: undone(work, payment))
    assert fees(books) == []
