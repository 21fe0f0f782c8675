"""An account's ledger where a payment takes the place of what SimplePractice had called paid."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from fscdesk.models.ledger import JournalLine
from fscdesk.models.payment import PaymentMethod, PaymentOrigin
from fscdesk.models.values import ZERO, Money
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.patients.account import (
    AccountFilter,
    AccountRow,
    account_header,
    page_of_account,
)
from fscdesk.services.payments.applying import applications_of, unapply
from fscdesk.services.payments.clearing import settle
from fscdesk.services.payments.receiving import NewPayment, Rest
from fscdesk.services.work import Work
from tests.support.payments import DAY, Till, received, verify
from tests.support.people import add_provider, add_session

SESSION, REPORTED = date(2026, 3, 4), date(2026, 3, 20)


@pytest.fixture
def session(books: Office, till: Till) -> int:
    """A session of Ben's on 03/04 whose 95.00 SimplePractice calls paid on 03/20."""

    def add(work: Work) -> int:
        provider = add_provider(work, "Testa Fernsample")
        return add_session(
            work,
            till.ben,
            provider,
            day=SESSION,
            share=95_00,
            patient_paid=95_00,
            paid_on=REPORTED,
        )

    return books.write(add).value


def pay(books: Office, till: Till, cents: int, on: date) -> int:
    """A card payment of SimplePractice's export comes, and closes what it can."""
    new = NewPayment(
        Money(cents),
        PaymentMethod.CARD,
        on,
        guarantor_id=till.ben_pays,
        rest=Rest(patient_id=till.ben),
        origin=PaymentOrigin.SIMPLEPRACTICE,
        external_id=f"{on}",
    )
    payment_id = received(books, new).payment_id
    books.write(lambda work: settle(work, on=DAY))
    return payment_id


def ledger(books: Office, till: Till, wanted: AccountFilter | None = None) -> list[AccountRow]:
    page = books.read(
        lambda work: page_of_account(work, till.ben, wanted or AccountFilter(), Span(0, 50, "day"))
    )
    return list(page.rows)


def told(rows: list[AccountRow]) -> list[tuple[str, str, str, str, str]]:
    return [
        (
            f"{row.day:%m/%d}",
            row.what,
            row.detail,
            str(row.charge or row.paid or ZERO),
            str(row.client_owes),
        )
        for row in rows
        if row.what != "Session 03/03, 90837"
    ]


def position(books: Office, till: Till, as_of: date) -> Money:
    """What Ben owes less his credit, by the ledger itself."""

    def ask(work: Work) -> Money:
        total = select(func.sum(JournalLine.amount)).where(
            JournalLine.patient_id == till.ben,
            JournalLine.account.in_(("1100", "2400")),
            JournalLine.day <= as_of,
        )
        return work.db.scalar(total) or ZERO

    return books.read(ask)


def test_a_payment_that_came_later_is_one_movement(books: Office, till: Till, session: int) -> None:
    pay(books, till, 95_00, date(2026, 3, 25))
    assert told(ledger(books, till)) == [
        ("03/04", "Session 03/04, 90837", "Charge: client 95.00", "95.00", "255.00"),
        (
            "03/20",
            "Client paid for 03/04",
            "Recorded in SimplePractice, entry 2026-000005",
            "-95.00",
            "160.00",
        ),
        (
            "03/25",
            "Payment by card",
            "PAY-2026-00001: 95.00 for 03/04, as SimplePractice recorded",
            "0.00",
            "160.00",
        ),
    ]
    verify(books)


def test_a_payment_that_had_come_before_is_applied_where_simplepractice_says_so(
    books: Office, till: Till, session: int
) -> None:
    payment_id = pay(books, till, 95_00, date(2026, 3, 5))
    rows = ledger(books, till)
    assert told(rows) == [
        ("03/04", "Session 03/04, 90837", "Charge: client 95.00", "95.00", "255.00"),
        ("03/05", "Payment by card", "PAY-2026-00001: 95.00 to the credit", "-95.00", "160.00"),
        (
            "03/20",
            "Credit applied for 03/04",
            "PAY-2026-00001 by card: 95.00, as SimplePractice recorded",
            "0.00",
            "160.00",
        ),
    ]
    assert (rows[-1].opens, rows[-1].opens_id) == ("payment", payment_id)
    verify(books)


def test_a_part_and_a_rest_are_said_with_the_payment(
    books: Office, till: Till, session: int
) -> None:
    pay(books, till, 40_00, date(2026, 3, 5))
    pay(books, till, 65_00, date(2026, 3, 25))
    assert told(ledger(books, till))[2:] == [
        (
            "03/20",
            "Client paid for 03/04",
            "95.00 as SimplePractice recorded; PAY-2026-00001 by card: 40.00",
            "-55.00",
            "160.00",
        ),
        (
            "03/25",
            "Payment by card",
            "PAY-2026-00002: 55.00 for 03/04, as SimplePractice recorded, 10.00 to the credit",
            "-10.00",
            "150.00",
        ),
    ]
    verify(books)


def test_every_row_says_what_the_ledger_says_on_its_day(
    books: Office, till: Till, session: int
) -> None:
    pay(books, till, 40_00, date(2026, 3, 5))
    pay(books, till, 65_00, date(2026, 3, 25))
    last = {row.day: row.client_owes for row in ledger(books, till) if row.day is not None}
    assert last == {day: position(books, till, day) for day in last}
    header = books.read(lambda work: account_header(work, till.ben))
    assert ledger(books, till)[-1].balance == header.balance


def test_what_was_taken_back_shows_as_a_pair(books: Office, till: Till, session: int) -> None:
    payment_id = pay(books, till, 95_00, date(2026, 3, 25))
    books.write(
        lambda work: unapply(
            work, applications_of(work, payment_id), on=DAY, reason="Wrong session"
        )
    )
    assert told(ledger(books, till))[2:] == [
        ("03/25", "Payment by card", "PAY-2026-00001: 95.00 to the credit", "-95.00", "65.00"),
        (
            "03/25",
            "Credit applied for 03/04",
            "PAY-2026-00001 by card: 95.00, as SimplePractice recorded",
            "95.00",
            "160.00",
        ),
        ("04/10", "Reversed: Credit applied for 03/04", "Wrong session", "-95.00", "65.00"),
    ]
    standing = ledger(books, till, AccountFilter(only_standing=True))
    assert [row.client_owes for row in standing][-1] == Money(65_00)
    verify(books)


def test_a_session_alone_has_its_payment_too(books: Office, till: Till, session: int) -> None:
    pay(books, till, 95_00, date(2026, 3, 25))
    rows = ledger(books, till, AccountFilter(session_id=session))
    assert [row.what for row in rows] == [
        "Session 03/04, 90837",
        "Client paid for 03/04",
        "Payment by card",
    ]
