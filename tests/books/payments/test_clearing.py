"""1060: the payments that arrived close what SimplePractice called paid, in any order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge, Side
from fscdesk.models.ledger import EntryKind, JournalLine
from fscdesk.models.payment import Credit, PaymentMethod, PaymentOrigin
from fscdesk.models.simplepractice import ReportedAllocation
from fscdesk.models.values import Money
from fscdesk.services.charges.settling import Open, Recorded, legs_for
from fscdesk.services.ledger.posting import About, Draft, post
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.clearing import open_items, settle
from fscdesk.services.payments.clearing_list import CLOSED_SINCE, clearing_list
from fscdesk.services.payments.receiving import NewPayment, Rest, receive
from fscdesk.services.work import Work
from tests.support.payments import DAY, Till, cents, pay, received, verify
from tests.support.people import add_batch, add_provider, add_session


@pytest.fixture
def recorded(books: Office, till: Till) -> tuple[int, int]:
    """Two sessions of Ben that SimplePractice calls paid: 95.00 and 40.00."""

    def add(work: Work) -> tuple[int, int]:
        provider = add_provider(work, "Testa Fernsample")
        days = date(2026, 3, 4), date(2026, 3, 11)
        first, second = (
            add_session(
                work, till.ben, provider, day=day, share=paid, patient_paid=paid, paid_on=DAY
            )
            for day, paid in zip(days, (95_00, 40_00), strict=True)
        )
        return first, second

    return books.write(add).value


def from_simplepractice(till: Till, amount: int, on: date, ident: str) -> NewPayment:
    return NewPayment(
        Money(amount),
        PaymentMethod.CARD,
        on,
        guarantor_id=till.ben_pays,
        rest=Rest(patient_id=till.ben),
        origin=PaymentOrigin.SIMPLEPRACTICE,
        external_id=ident,
    )


def left(books: Office, side: Side = Side.PATIENT) -> list[tuple[date, int]]:
    return books.read(lambda work: [(one.day, one.left) for one in open_items(work, side)])


def test_payments_close_what_is_called_paid(
    books: Office, till: Till, recorded: tuple[int, int]
) -> None:
    assert left(books) == [(date(2026, 3, 4), 95_00), (date(2026, 3, 11), 40_00)]
    received(books, from_simplepractice(till, 40_00, date(2026, 3, 11), "880001"))
    done = books.write(lambda work: settle(work, on=DAY)).value
    assert (done.applications, done.amount) == (1, Money(40_00))
    assert left(books) == [(date(2026, 3, 4), 95_00)]
    received(books, from_simplepractice(till, 95_00, date(2026, 3, 20), "880002"))
    books.write(lambda work: settle(work, on=DAY))
    assert left(books) == []
    assert books.read(lambda work: cents(work, "1060")) == 0
    assert books.read(lambda work: cents(work, "1050")) == 135_00
    assert books.read(lambda work: cents(work, "2400")) == 0
    verify(books)
    again = books.write(lambda work: settle(work, on=DAY)).value
    assert again.applications == 0


def test_the_income_allocation_says_which_session_a_payment_paid(
    books: Office, till: Till, recorded: tuple[int, int]
) -> None:
    def tell(work: Work) -> None:
        batch = add_batch(work, "income.csv", read=0, created=0)
        work.db.add(
            ReportedAllocation(
                key="one",
                occurrence=1,
                side=Side.PATIENT,
                patient_id=till.ben,
                paid_on=date(2026, 3, 20),
                session_day=date(2026, 3, 11),
                codes="90837",
                amount=Money(40_00),
                batch_id=batch,
            )
        )

    books.write(tell)
    received(books, from_simplepractice(till, 50_00, date(2026, 3, 20), "880001"))
    books.write(lambda work: settle(work, on=DAY))
    # 40.00 as the report says; the other ten are Ben's as well, so they pay the older session.
    assert left(books) == [(date(2026, 3, 4), 85_00)]
    verify(books)


def test_a_payment_that_came_before_its_session_waits_as_a_credit(
    books: Office, till: Till
) -> None:
    found = received(books, from_simplepractice(till, 95_00, date(2026, 3, 4), "880001"))
    assert books.write(lambda work: settle(work, on=DAY)).value.applications == 0

    def session(work: Work) -> None:
        provider = add_provider(work, "Testa Fernsample")
        day = date(2026, 3, 4)
        add_session(work, till.ben, provider, day=day, share=95_00, patient_paid=95_00)
        settle(work, on=DAY)

    books.write(session)
    assert left(books) == []
    assert books.read(lambda work: work.db.get_one(Credit, found.credit_id).balance) == Money()
    verify(books)


def test_what_is_typed_here_and_called_paid_there_is_one_payment(books: Office, till: Till) -> None:
    """A check was typed for Alma's copay; then SimplePractice's report calls it paid as well."""
    received(books, pay(till, 30_00, Application(till.copays[0], Money(30_00))))

    def said(work: Work) -> None:
        charge = work.db.get_one(Charge, till.copays[0])
        legs = legs_for(Recorded(30_00), Open(patient=0, insurance=130_00))
        about = About(
            charge.patient_id, charge.guarantor_id, charge.session_id, charge.id, charge.payer_id
        )
        post(work, Draft(DAY, EntryKind.SP_RECORDED, "Recorded in SimplePractice", legs, about))
        settle(work, on=DAY)

    books.write(said)
    assert books.read(lambda work: cents(work, "1060")) == 0
    assert books.read(lambda work: cents(work, "2400")) == 0
    assert books.read(lambda work: cents(work, "1050")) == 30_00
    charge = books.read(lambda work: work.db.get_one(Charge, till.copays[0]))
    assert charge.patient_balance == Money()


def test_a_payers_check_pays_what_the_report_says_and_the_write_off_follows(
    books: Office, till: Till
) -> None:
    def prepare(work: Work) -> None:
        provider = add_provider(work, "Testa Fernsample")
        add_session(
            work,
            till.alma,
            provider,
            day=date(2026, 3, 16),
            payer=till.payer,
            insurance=130_00,
            insurance_paid=91_40,
            write_off=38_60,
        )
        batch = add_batch(work, "insurance_payments.csv", read=0, created=0)
        work.db.add(
            ReportedAllocation(
                key="two",
                occurrence=1,
                side=Side.INSURANCE,
                patient_id=till.alma,
                paid_on=DAY,
                codes="",
                reference="EFT1",
                amount=Money(91_40),
                batch_id=batch,
            )
        )

    books.write(prepare)
    check = NewPayment(
        Money(100_00),
        PaymentMethod.EFT,
        DAY,
        payer_id=till.payer,
        reference="EFT1",
        origin=PaymentOrigin.SIMPLEPRACTICE,
    )

    def act(work: Work) -> Money:
        found = receive(work, check)
        settle(work, on=DAY + timedelta(days=21))
        return work.db.get_one(Credit, found.credit_id).balance

    assert books.write(act).value == Money(8_60)
    assert left(books, Side.INSURANCE) == []
    assert books.read(lambda work: cents(work, "1060")) == 0
    assert books.read(lambda work: cents(work, "4900")) == 38_60
    days = select(JournalLine.day).filter_by(account="4900")
    assert books.read(lambda work: work.db.scalars(days).all()) == [DAY], "the payer decided then"
    verify(books)


def test_a_payers_line_names_no_payment_from_before_its_session(books: Office, till: Till) -> None:
    """The oldest check with money left came half a year before the service: it paid another."""

    def prepare(work: Work) -> None:
        add_session(
            work,
            till.alma,
            add_provider(work, "Testa Fernsample"),
            day=date(2026, 3, 16),
            payer=till.payer,
            insurance=130_00,
            insurance_paid=91_40,
        )

    def check(reference: str, on: date) -> NewPayment:
        return NewPayment(
            Money(100_00),
            PaymentMethod.EFT,
            on,
            payer_id=till.payer,
            reference=reference,
            origin=PaymentOrigin.SIMPLEPRACTICE,
        )

    def reason() -> str:
        (line,) = books.read(clearing_list).lines
        return line.reason

    books.write(prepare)
    assert reason().startswith("No payment of the payer came")
    received(books, check("OLD", date(2025, 11, 10)))
    assert reason().startswith("No payment of the payer with money left can have paid this")
    received(books, check("LATER", date(2026, 4, 10)))
    received(books, check("FIRST", date(2026, 4, 2)))
    assert reason().startswith("The payer’s payment FIRST of 04/02/2026 is here with 100.00 left")


def test_what_stood_open_on_an_earlier_day(
    books: Office, till: Till, recorded: tuple[int, int]
) -> None:
    before = books.read(lambda work: clearing_list(work, DAY))
    assert [line.amount for line in before.lines] == [Money(95_00), Money(40_00)]
    assert before.difference == Money()
    received(books, from_simplepractice(till, 135_00, DAY, "sp-1"))
    settled = DAY + timedelta(days=1)
    books.write(lambda work: settle(work, on=settled))
    now = books.read(clearing_list)
    assert now.lines == ()
    eve = books.read(lambda work: clearing_list(work, DAY - timedelta(days=1)))
    assert eve.difference == Money()
    assert {line.reason for line in eve.lines} <= {CLOSED_SINCE}
