"""The day sheet and the unapplied money: both tie to the ledger, to the cent, on any day."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete, func, select

from fscdesk.models.ledger import EntryKind, JournalLine
from fscdesk.models.payment import CreditKind, PaymentMethod
from fscdesk.models.staff import RoleRight
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.entry_words import KIND_WORDS
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application, applications_of, unapply
from fscdesk.services.payments.receiving import NewPayment, Received, Rest
from fscdesk.services.reports.day_sheet import DayOf, DaySheet, day_sheet
from fscdesk.services.reports.money_tables import MONEY_IN, day_sheet_table
from fscdesk.services.reports.payment_list import payments_between
from fscdesk.services.reports.unapplied import Unapplied, unapplied
from fscdesk.services.work import Work
from tests.support.payments import DAY, Till, open_till, pay, received, verify
from tests.support.people import add_session

TODAY = date(2026, 4, 12)


@pytest.fixture
def till(books: Office) -> Till:
    """Open charges."""
    return books.write(open_till).value


@pytest.fixture
def paid(books: Office, till: Till) -> Received:
    """A check with a rest, cash, and an EFT of the payer that pays too much."""
    received(books, NewPayment(Money(160_00), PaymentMethod.CASH, TODAY,
                               guarantor_id=till.ben_pays,
                               applications=(Application(till.own, Money(160_00)),)))  # fmt: skip
    received(books, NewPayment(Money(5_00), PaymentMethod.EFT, DAY, payer_id=till.payer))
    parts = (Application(till.copays[0], Money(30_00)),)
    return received(
        books, pay(till, 42_50, *parts, rest=Rest(CreditKind.RETAINER, till.alma), reference="9")
    )


def sheet(books: Office, day: date, by: DayOf = DayOf.ENTRY) -> DaySheet:
    return books.read(lambda work: day_sheet(work, day, by=by))


def open_money(books: Office, day: date) -> Unapplied:
    return books.read(lambda work: unapplied(work, day))


def test_a_day_in_the_books_by_kind_person_and_method(books: Office, paid: Received) -> None:
    found = sheet(books, DAY)
    assert [
        (row.kind, row.person, row.method, row.entries, row.amount.plain(), row.money.plain())
        for row in found.rows
    ] == [
        (EntryKind.RECEIPT, books.actor.name, "check", 1, "42.50", "42.50"),
        (EntryKind.RECEIPT, books.actor.name, "eft", 1, "5.00", "5.00"),
        (EntryKind.APPLIED, books.actor.name, "check", 1, "30.00", "0.00"),
    ]
    assert (found.total, found.money, found.ties) == (Money(77_50), Money(47_50), True)
    assert {one.account: one.net.plain() for one in found.accounts} == {
        "1050": "47.50",
        "1100": "-30.00",
        "2400": "-12.50",
        "2410": "-5.00",
    }
    verify(books)


def test_on_paper_it_has_the_words_of_the_screens(books: Office, paid: Received) -> None:
    table = books.read(lambda work: day_sheet_table(work, day_sheet(work, DAY)))
    posted = [(row[1], row[3], row[-1]) for row in table.rows if row[0] == "Posted"]
    assert posted == [
        ("Payment", "Check", Money(42_50)),
        ("Payment", "EFT", Money(5_00)),
        ("Credit applied", "Check", None),  # moves no money: nothing stands there
        ("All entries", None, Money(47_50)),
    ]
    assert MONEY_IN in table.notes
    assert set(KIND_WORDS) == set(EntryKind)


def test_a_reversal_is_a_row_of_its_own(books: Office, paid: Received) -> None:
    def back(work: Work) -> None:
        unapply(work, applications_of(work, paid.payment_id), on=TODAY, reason="wrong")

    books.write(back)
    kinds = {row.kind: row.amount.plain() for row in sheet(books, TODAY).rows}
    assert kinds == {
        EntryKind.RECEIPT: "160.00",
        EntryKind.APPLIED: "160.00",
        EntryKind.REVERSAL: "30.00",
    }


def test_by_posting_it_is_the_offices_day(books: Office, paid: Received) -> None:
    found = sheet(books, TODAY, DayOf.POSTING)
    assert found.ties
    assert found.entries == 8  # three sessions, three receipts, two applications
    assert sheet(books, DAY, DayOf.POSTING).entries == 0


def test_every_day_together_is_the_journal(books: Office, paid: Received) -> None:
    days = books.read(lambda work: work.db.scalars(select(JournalLine.day).distinct()).all())
    whole = books.read(
        lambda work: work.db.scalar(
            select(func.sum(JournalLine.amount)).where(JournalLine.amount > Money())
        )
    )
    sheets = [sheet(books, day) for day in days]
    assert all(one.ties for one in sheets)
    assert Money(sum(one.total.cents for one in sheets)) == whole
    assert len(days) == 5


def test_a_day_without_work_is_empty_and_ties(books: Office) -> None:
    found = sheet(books, date(2020, 1, 1))
    assert (found.rows, found.total, found.ties) == ((), Money(), True)


def test_money_that_is_left_by_owner_and_reason(books: Office, paid: Received) -> None:
    found = open_money(books, TODAY)
    assert [
        (row.owner, row.kind, row.payment, row.days, row.balance.plain()) for row in found.rows
    ] == [
        ("Example East", CreditKind.OVERPAYMENT, "PAY-2026-00002", 2, "5.00"),
        ("Alma Anyone", CreditKind.RETAINER, "PAY-2026-00003", 2, "12.50"),
    ]
    assert (found.total, found.ledger, found.difference) == (Money(17_50), Money(17_50), Money())
    assert open_money(books, date(2026, 4, 9)).rows == ()


def test_a_past_day_has_what_was_left_then(books: Office, till: Till, paid: Received) -> None:
    def back(work: Work) -> None:
        unapply(work, applications_of(work, paid.payment_id), on=TODAY, reason="wrong")

    books.write(back)
    assert open_money(books, TODAY).total == Money(47_50)
    past = open_money(books, DAY)
    assert (past.total, past.difference) == (Money(17_50), Money())


def test_the_payments_of_a_period(books: Office, paid: Received) -> None:
    def numbers(first: date, last: date, text: str = "") -> list[str]:
        found = books.read(lambda work: payments_between(work, first, last, text=text))
        return [row.number[-1] for row in found]

    assert numbers(DAY, TODAY) == ["2", "3", "1"]
    assert numbers(DAY, DAY) == ["2", "3"]
    assert numbers(DAY, TODAY, "alma 9") == ["3"]
    assert numbers(DAY, TODAY, "100%") == []
    (row,) = books.read(lambda work: payments_between(work, DAY, DAY, text="G-1"))
    assert (row.unapplied, row.name) == (Money(12_50), "Alma Anyone")


def test_without_the_right_nothing_is_shown(books: Office) -> None:
    books.write(lambda work: work.db.execute(delete(RoleRight)))
    for ask in (
        lambda work: day_sheet(work, DAY),
        lambda work: unapplied(work, DAY),
        lambda work: payments_between(work, DAY, DAY),
    ):
        with pytest.raises(Problem, match="You may not"):
            books.read(ask)


def test_unapplied_tells_what_simplepractice_alone_calls_overpaid(
    books: Office, till: Till
) -> None:
    day = date(2026, 2, 2)
    books.write(
        lambda work: add_session(work, till.ben, 1, day=day, share=100_00, patient_paid=112_00)
    )
    found = books.read(lambda work: unapplied(work, work.today()))
    (row,) = [one for one in found.rows if one.credit_id is None]
    assert (row.kind, row.note, row.balance) == (None, "SimplePractice says", Money(12_00))
    assert (found.difference, found.total) == (Money(), found.ledger)
