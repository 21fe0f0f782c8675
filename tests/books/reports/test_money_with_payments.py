"""Payments that are posted here count in the figures of Home as recorded ones do."""

from __future__ import annotations

from datetime import date

from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.ledger.accounts import INSURANCE_RECEIVABLE
from fscdesk.services.ledger.balances import balance
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.clearing import settle
from fscdesk.services.payments.receiving import NewPayment, receive
from fscdesk.services.remittances.typed_eobs import EobLine, post_eob
from fscdesk.services.reports.metric_facts import read_payments
from fscdesk.services.reports.metrics import money_by_week
from fscdesk.services.work import Work
from tests.support.payments import DAY, Till, open_till, pay
from tests.support.people import add_provider, add_session

WEEK = date(2026, 4, 6)


def week(work: Work) -> tuple[Money, Money]:
    found = next(one for one in money_by_week(work, DAY) if one.start == WEEK)
    return found.insurance, found.patient


def paid(work: Work, till: Till) -> None:
    check = NewPayment(Money(91_40), PaymentMethod.CHECK, DAY, payer_id=till.payer)
    post_eob(work, check, [EobLine(till.copays[0], Money(91_40), Money(38_60))])
    receive(work, pay(till, 30_00, Application(till.copays[0], Money(30_00))))


def test_what_is_paid_here_is_money_of_its_week(books: Office) -> None:
    till = books.write(open_till).value
    books.write(lambda work: paid(work, till))
    assert books.read(week) == (Money(91_40), Money(30_00))
    assert books.read(lambda work: balance(work, INSURANCE_RECEIVABLE)) == Money(130_00)
    facts = books.read(lambda work: read_payments(work, date(2026, 1, 1), DAY))
    assert facts.days_to_payment(DAY) == (DAY - date(2026, 3, 2)).days


def test_money_that_closes_what_was_recorded_is_not_counted_twice(books: Office) -> None:
    till = books.write(open_till).value

    def both(work: Work) -> None:
        provider = add_provider(work, "Testa Fernsample")
        day = date(2026, 4, 7)
        add_session(work, till.ben, provider, day=day, share=40_00, patient_paid=40_00, paid_on=DAY)
        settle(work, on=DAY)

    books.write(both)
    assert books.read(week) == (Money(), Money(40_00))
