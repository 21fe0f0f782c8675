"""Disputes of money that was refunded or moved meanwhile, and of days that are closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from fscdesk.models.ledger import JournalEntry
from fscdesk.models.payment import Credit, Payment, PaymentMethod, PaymentStatus
from fscdesk.models.values import Money
from fscdesk.services.accounting.closing_periods import close
from fscdesk.services.banking.reconciling import complete, start
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.balances import balance
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application, applications_of
from fscdesk.services.payments.disputing import left_of
from fscdesk.services.payments.refunding import cancel_refund, pay_refund
from fscdesk.services.payments.returning import ReturnKind, return_payment
from fscdesk.services.payments.transferring import apply_credit, take_back
from fscdesk.services.work import Work
from tests.books.payments.test_disputing import carded, part, stands, undone, won
from tests.support.bank_books import starts
from tests.support.clock import Clock
from tests.support.deposits import deposit
from tests.support.payment_acts import LATER, asked, version_of
from tests.support.payments import Till, cents, open_till, pay, received, verify

POSTED, RETURNED = PaymentStatus.POSTED, PaymentStatus.RETURNED


@pytest.fixture
def till(books: Office) -> Till:
    return books.write(open_till).value


def credit_of(books: Office, payment: int) -> int:
    """Return the credit of a payment."""
    query = select(Credit.id).where(Credit.payment_id == payment)
    return books.read(lambda work: work.db.scalars(query).one())


def refunded(books: Office, payment: int, amount: int) -> None:
    """Give a part of a card payment back."""
    refund = asked(books, credit_of(books, payment), amount)
    books.write(
        lambda work: pay_refund(
            work, refund.refund_id, on=LATER, reference="", expected_version=refund.version
        )
    )


def moved(books: Office, payment: int, to: int) -> None:
    """Take all that a payment paid back and apply its 30.00 to another charge."""
    credit = credit_of(books, payment)
    for entry in books.read(lambda work: applications_of(work, payment)):
        books.write(lambda work, entry=entry: take_back(work, entry, reason="Wrong"))  # type: ignore[misc]
    parts = [Application(to, Money(30_00))]
    books.write(lambda work: apply_credit(work, credit, parts, on=LATER))


def whole(books: Office, payment: int) -> None:
    """Record that all of a card payment was charged back."""
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


def small(books: Office, till: Till) -> int:
    """A card payment of 30.00 that pays the first copay."""
    new = pay(till, 30_00, Application(till.copays[0], Money(30_00)))
    return received(books, replace(new, method=PaymentMethod.CARD)).payment_id


@pytest.mark.parametrize(("amount", "owed"), [(60_00, [30_00, 30_00]), (30_00, [0, 30_00])])
def test_what_is_left_after_a_refund_is_charged_back(
    books: Office, till: Till, amount: int, owed: list[int]
) -> None:
    payment = carded(books, till)
    deposit(books, payment)
    refunded(books, payment, 10_00)
    with pytest.raises(Problem, match=r"60\.00 of payment PAY-2026-00001 is left at the bank"):
        books.write(lambda work: part(work, payment, 60_01))
    books.write(lambda work: part(work, payment, amount))
    # It is not returned as a whole: 10.00 of it went back to the client.
    assert stands(books, till, payment) == (owed, 0, amount, POSTED)
    assert books.read(lambda work: left_of(work, payment)) == Money(60_00 - amount)
    assert books.read(lambda work: cents(work, "1000")) == 70_00 - amount
    verify(books)
    books.write(lambda work: won(work, payment))
    assert stands(books, till, payment) == ([0, 0], 0, 0, POSTED)
    verify(books)
    books.write(lambda work: undone(work, payment))
    books.write(lambda work: undone(work, payment))
    assert stands(books, till, payment) == (owed, amount, 0, POSTED)
    verify(books)


def test_the_whole_of_it_is_refused_with_the_way(books: Office, till: Till) -> None:
    payment = carded(books, till)
    refunded(books, payment, 10_00)
    with pytest.raises(Problem, match=r"10\.00 of payment PAY-2026-00001 was refunded") as refused:
        whole(books, payment)
    assert refused.value.hint == "Nothing was changed. Record the part that was charged back."


def test_a_refund_that_is_promised_is_called_off_first(books: Office, till: Till) -> None:
    payment = carded(books, till)
    refund = asked(books, credit_of(books, payment), 10_00)
    with pytest.raises(Problem, match=r"10\.00 of payment .* waits to be refunded") as refused:
        books.write(lambda work: part(work, payment, 30_00))
    assert refused.value.hint == "Nothing was changed. Cancel the refund first."
    books.write(
        lambda work: cancel_refund(
            work, refund.refund_id, reason="Disputed", expected_version=refund.version
        )
    )
    books.write(lambda work: part(work, payment, 30_00))
    verify(books)


@pytest.mark.parametrize("all_of_it", [False, True])
def test_what_the_chargeback_took_is_paid_again_and_nothing_else(
    books: Office, till: Till, all_of_it: bool
) -> None:
    first, second = till.copays
    payment = small(books, till)
    moved(books, payment, second)
    if all_of_it:
        whole(books, payment)
    else:
        books.write(lambda work: part(work, payment, 20_00))
    done = books.write(lambda work: won(work, payment))
    assert stands(books, till, payment) == ([30_00, 0], 0, 0, POSTED)
    assert done.value > 0
    verify(books)
    moved(books, payment, first)
    books.write(lambda work: part(work, payment, 20_00))
    books.write(lambda work: won(work, payment, amount=Money(15_00)))
    assert stands(books, till, payment) == ([5_00, 30_00], 0, 5_00, POSTED)
    books.write(lambda work: undone(work, payment))
    books.write(lambda work: won(work, payment))
    assert stands(books, till, payment) == ([0, 30_00], 0, 0, POSTED)
    verify(books)


def test_two_chargebacks_are_won_one_after_the_other(books: Office, till: Till) -> None:
    payment = carded(books, till, 60_00)
    books.write(lambda work: part(work, payment, 20_00))
    books.write(lambda work: won(work, payment))
    books.write(lambda work: part(work, payment, 10_00))
    books.write(lambda work: part(work, payment, 30_00))
    assert stands(books, till, payment) == ([10_00, 30_00], 0, 40_00, POSTED)
    books.write(lambda work: won(work, payment, amount=Money(25_00)))
    books.write(lambda work: won(work, payment))
    assert stands(books, till, payment) == ([0, 0], 0, 0, POSTED)
    verify(books)


def test_what_was_paid_again_is_not_paid_twice(books: Office, till: Till) -> None:
    first, second = till.copays
    parts = Application(first, Money(15_00)), Application(second, Money(30_00))
    new = replace(pay(till, 70_00, *parts), method=PaymentMethod.CARD)
    payment = received(books, new).payment_id
    books.write(lambda work: part(work, payment, 60_00))
    assert stands(books, till, payment) == ([20_00, 30_00], 0, 60_00, POSTED)
    for amount, owed in ((5_00, [15_00, 30_00]), (10_00, [15_00, 20_00]), (45_00, [15_00, 0])):
        books.write(lambda work, amount=amount: won(work, payment, amount=Money(amount)))  # type: ignore[misc]
        assert stands(books, till, payment)[0] == owed
    verify(books)


def test_a_win_is_of_a_day_after_the_banks_chargeback(
    books: Office, till: Till, clock: Clock
) -> None:
    """The chargeback of April was recorded in May, when April was closed: so may the win be."""
    payment = carded(books, till)
    clock.set(datetime(2026, 5, 10, 16, tzinfo=UTC))
    books.write(lambda work: close(work, date(2026, 4, 30)))
    taken = books.write(lambda work: part(work, payment, 40_00, on=date(2026, 4, 25))).value
    with pytest.raises(Problem, match=r"04/24/2026, lies before the money came on 04/25/2026"):
        books.write(lambda work: won(work, payment, on=date(2026, 4, 24)))
    came = books.write(lambda work: won(work, payment, on=date(2026, 4, 28))).value
    days = books.read(
        lambda work: [work.db.get_one(JournalEntry, one).entry_date for one in (taken, came)]
    )
    assert days == [date(2026, 5, 1), date(2026, 5, 1)]
    assert stands(books, till, payment) == ([0, 0], 10_00, 0, POSTED)
    verify(books)


def test_what_is_won_pays_on_the_day_that_the_books_have_it(
    books: Office, till: Till, clock: Clock
) -> None:
    """The bank's day is proved already: the money is there the day after, and pays then."""
    clock.set(datetime(2026, 5, 10, 16, tzinfo=UTC))
    account = books.write(lambda work: starts(work, "3/1", 0)).value
    payment = carded(books, till)
    books.write(lambda work: part(work, payment, 40_00, on=date(2026, 4, 20)))
    books.write(lambda work: complete(work, start(work, account, date(2026, 4, 30), Money())))
    came = books.write(lambda work: won(work, payment, on=date(2026, 4, 21))).value

    def look(work: Work) -> None:
        assert work.db.get_one(JournalEntry, came).entry_date == date(2026, 5, 1)
        assert balance(work, "2400", as_of=date(2026, 4, 30)) == Money()
        assert balance(work, "2400") == Money(-10_00)

    books.read(look)
    assert stands(books, till, payment) == ([0, 0], 10_00, 0, POSTED)
    verify(books)


def test_a_win_of_the_whole_too(books: Office, till: Till, clock: Clock) -> None:
    payment = carded(books, till)
    clock.set(datetime(2026, 5, 10, 16, tzinfo=UTC))
    books.write(lambda work: close(work, date(2026, 4, 30)))
    whole(books, payment)

    def early(work: Work) -> None:
        win = work.db.get_one(Payment, payment)
        assert win.status is RETURNED
        won(work, payment, on=date(2026, 4, 10))

    with pytest.raises(Problem, match=r"lies before the money came on 04/11/2026"):
        books.write(early)
    books.write(lambda work: won(work, payment, on=LATER))
    verify(books)
