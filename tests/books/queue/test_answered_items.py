"""What payers answered and left open, and clients who paid too much, waits for a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fscdesk.models.charge import Side
from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.remittances.answered import Cas
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.work import Work
from tests.support.payments import Till, open_till, pay, received
from tests.support.queue_items import items_of
from tests.support.remittances_made import claim, kept, line, remittance


@pytest.fixture
def till(books: Office) -> Till:
    return books.write(open_till).value


def answer(books: Office, till: Till, paid: int, *cas: Cas) -> None:
    said = remittance(till.payer, claim(1, line(till.copays[0], paid, *cas)))
    done = books.write(lambda work: post_remittance(work, kept(work, said))).value
    assert done.unposted == 0


def test_what_a_payer_answers_and_leaves_open_waits_until_it_comes(
    books: Office, till: Till
) -> None:
    answer(books, till, 80_00, Cas("PR", "3", 30_00), Cas("OA", "23", 50_00))
    (found,) = items_of(books, ItemKind.MONEY_OFF)
    assert (found.title, found.amount) == ("Payment missing", Money(50_00))
    assert "50.00 is open without a payment or a reason" in found.why
    rest = Application(till.copays[0], Money(50_00), Side.INSURANCE)
    received(books, replace(pay(till, 50_00, rest), guarantor_id=None, payer_id=till.payer))
    assert items_of(books, ItemKind.MONEY_OFF) == []


def test_what_is_settled_or_denied_is_no_question_of_money(books: Office, till: Till) -> None:
    answer(books, till, 100_00, Cas("CO", "45", 30_00), Cas("PR", "3", 30_00))
    assert items_of(books, ItemKind.MONEY_OFF) == []


def test_a_client_who_paid_too_much_waits_with_the_clock(books: Office, till: Till) -> None:
    charge = till.copays[0]
    done = received(books, pay(till, 30_00, Application(charge, Money(30_00), Side.PATIENT)))
    assert items_of(books, ItemKind.OVERPAID) == []
    answer(books, till, 120_00, Cas("CO", "45", 30_00), Cas("PR", "3", 10_00))
    (found,) = items_of(books, ItemKind.OVERPAID)
    assert (found.title, found.amount) == ("Overpaid by client", Money(20_00))
    assert found.due_on is not None
    assert found.due_on > date(2026, 3, 1)

    def back(work: Work) -> None:
        void_payment(work, done.payment_id, reason="typed twice", expected_version=1)

    books.write(back)
    assert items_of(books, ItemKind.OVERPAID) == []
