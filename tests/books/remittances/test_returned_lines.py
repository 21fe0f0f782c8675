"""A line by which the bank took a payment back: recorded with it in one act, and taken back."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.ledger import EntryKind, JournalEntry
from fscdesk.models.payment import Payment, PaymentMethod, PaymentStatus
from fscdesk.models.reconciliation import BankMatchLine
from fscdesk.models.values import Money
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.matching import proposals
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import NewPayment, Rest, receive
from fscdesk.services.remittances.returned_lines import (
    ReturnOfLine,
    record_return,
    take_return_back,
)
from fscdesk.services.work import Work
from tests.support.bank_books import deposit, line, other_account
from tests.support.payments import Till, cents, open_till, verify

DAY = date(2026, 3, 12)


@pytest.fixture
def till(books: Office) -> Till:
    return books.write(open_till).value


def check(books: Office, till: Till, amount: int = 60_00, number: str = "1040") -> int:
    """Bring a check to the bank on March 3; return the payment."""

    def act(work: Work) -> int:
        new = NewPayment(
            Money(amount),
            PaymentMethod.CHECK,
            date(2026, 3, 3),
            guarantor_id=till.alma_pays,
            reference=number,
            rest=Rest(patient_id=till.alma),
        )
        ident = receive(work, new).payment_id
        deposit(work, ident, "3/3")
        return ident

    return books.write(act).value


def recorded(books: Office, line_id: int, payment_id: int, fee: int = 25_00) -> ReturnOfLine:
    """Record that a line is the return of a payment."""
    return books.write(
        lambda work: record_return(
            work, account_named(work), line_id, payment_id, reason="NSF", fee=Money(fee)
        )
    ).value


def matched(books: Office) -> list[int]:
    """The lines that are matched."""
    return books.read(
        lambda work: list(
            work.db.scalars(
                select(BankMatchLine.bank_line_id).where(BankMatchLine.live_line_id.is_not(None))
            )
        )
    )


def test_the_return_has_the_banks_day_and_is_the_line(books: Office, till: Till) -> None:
    payment = check(books, till)
    came = books.write(lambda work: line(work, "3/12", -60_00, "RETURNED ITEM")).value
    done = recorded(books, came, payment)
    assert (done.amount, done.on, done.returned.fee) == (Money(60_00), DAY, Money(25_00))

    def look(work: Work) -> tuple[PaymentStatus, date, int]:
        entry = work.db.scalars(
            select(JournalEntry).where(JournalEntry.kind == EntryKind.RETURNED)
        ).one()
        status = work.db.get_one(Payment, payment).status
        return status, entry.entry_date, cents(work, "1000")

    assert books.read(look) == (PaymentStatus.RETURNED, DAY, 0)
    assert matched(books) == [came]
    verify(books)
    books.write(lambda work: take_return_back(work, done))
    assert books.read(lambda work: work.db.get_one(Payment, payment).status) == "posted"
    assert matched(books) == []
    assert books.read(lambda work: cents(work, "4300")) == 0, "the fee is taken back too"
    verify(books)


def test_a_payment_of_another_amount_is_refused_whole(books: Office, till: Till) -> None:
    payment = check(books, till, 50_00)
    came = books.write(lambda work: line(work, "3/12", -60_00, "RETURNED ITEM")).value
    with pytest.raises(Problem, match=r"is 50\.00; the bank took 60\.00 back"):
        recorded(books, came, payment)
    assert books.read(lambda work: work.db.get_one(Payment, payment).status) == "posted"


def test_what_is_matched_already_posts_no_return(books: Office, till: Till) -> None:
    one, two = check(books, till), check(books, till, number="1041")
    came = books.write(lambda work: line(work, "3/12", -60_00, "RETURNED ITEM")).value
    recorded(books, came, one)
    with pytest.raises(Problem, match="matched already"):
        recorded(books, came, two)
    assert books.read(lambda work: work.db.get_one(Payment, two).status) == "posted"
    verify(books)


def test_only_payments_of_the_account_and_of_its_way_may_have_come_back(
    books: Office, till: Till
) -> None:
    check(books, till, number="1040")
    named = check(books, till, number="1041")

    def cash(work: Work) -> None:
        new = NewPayment(
            Money(60_00),
            PaymentMethod.CASH,
            date(2026, 3, 3),
            guarantor_id=till.alma_pays,
            rest=Rest(patient_id=till.alma),
        )
        deposit(work, receive(work, new).payment_id, "3/3")
        other_account(work)
        line(work, "3/12", -60_00, "RETURNED ITEM CK 1041")

    books.write(cash)
    (one,) = books.read(lambda work: proposals(work, account_named(work)))
    assert [each.reference for each in one.returns] == ["1041", "1040"]
    assert (one.returns[0].payment_id, one.returns[0].deposit) == (named, "DEP-2026-00002")
