"""Receipts: what they say, that they print again exactly, and what a correction makes of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import delete

from fscdesk.models.charge import Side
from fscdesk.models.document import DocumentKind
from fscdesk.models.payment import CreditKind, Payment, PaymentMethod
from fscdesk.models.practice import Practice
from fscdesk.models.staff import RoleRight
from fscdesk.models.values import Money
from fscdesk.services.billing.documents import Kept, document_bytes, kept
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application, applications_of, unapply
from fscdesk.services.payments.correcting import correct_amount, void_payment
from fscdesk.services.payments.receipts import make_receipt, payment_id_of
from fscdesk.services.payments.receiving import NewPayment, Received, Rest
from fscdesk.services.payments.returning import return_payment
from fscdesk.services.work import Topic, Work
from tests.support.clock import Clock
from tests.support.fail_at import assert_all_or_nothing
from tests.support.invoices import open_practice, text_of_page
from tests.support.payments import DAY, Till, pay, received, verify

TODAY = date(2026, 4, 12)


@pytest.fixture
def till(books: Office) -> Till:
    """Open charges, and addresses."""
    return books.write(open_practice).value


@pytest.fixture
def paid(books: Office, till: Till) -> Received:
    """A check over both clients, with a rest."""
    parts = (
        Application(till.copays[0], Money(30_00)),
        Application(till.own, Money(100_00)),
    )
    rest = Rest(CreditKind.PREPAYMENT, till.alma)
    return received(books, pay(till, 142_50, *parts, rest=rest, reference="1047"))


def made(books: Office, payment: int, *, anew: bool = False) -> Kept:
    return books.write(lambda work: make_receipt(work, payment, anew=anew)).value


def version(books: Office, payment: int) -> int:
    return books.read(lambda work: work.db.get_one(Payment, payment).version)


def test_it_says_who_paid_how_what_for_and_what_is_left(
    books: Office, till: Till, paid: Received
) -> None:
    done = assert_all_or_nothing(books, lambda work: make_receipt(work, paid.payment_id))
    assert Topic.DOCUMENTS in done.topics
    assert (done.value.number, done.value.kind) == ("RC-2026-00001", DocumentKind.RECEIPT)
    text = text_of_page(books, done.value.id)
    for words in (
        *("RC-2026-00001", "Alma Anyone", "G-1", "1047", "$142.50"),
        *("03/02/2026", "30.00", "Ben Somebody", "100.00", "Kept as prepayment", "12.50"),
        "04/10/2026",  # it was entered on another day, so no hour is claimed
        "17.50",  # 60.00 less 30.00 less the credit of 12.50
    ):
        assert words in text, words
    assert "60.00" not in text  # what Ben's own account owes is not Alma's to know
    verify(books)


def test_the_hour_is_the_offices(books: Office, till: Till) -> None:
    new = NewPayment(
        Money(30_00),
        PaymentMethod.CASH,
        TODAY,
        guarantor_id=till.alma_pays,
        applications=(Application(till.copays[0], Money(30_00)),),
    )
    receipt = made(books, received(books, new).payment_id)
    assert "04/12/2026 08:00" in text_of_page(books, receipt.id)  # noon in UTC


def test_it_prints_again_exactly(books: Office, till: Till, paid: Received, clock: Clock) -> None:
    first = made(books, paid.payment_id)
    page = books.read(lambda work: document_bytes(work, first.id))
    clock.forward(days=3)

    def move(work: Work) -> None:
        work.db.get_one(Practice, 1).name = "Another Name"

    books.write(move)
    received(books, pay(till, 30_00, Application(till.copays[1], Money(30_00))))
    assert made(books, paid.payment_id) == first
    assert books.read(lambda work: document_bytes(work, first.id)) == page
    other = made(books, paid.payment_id, anew=True)
    assert other.number == "RC-2026-00002"
    assert "takes the place of RC-2026-00001" in text_of_page(books, other.id).replace("\n", " ")


def test_two_desks_give_one_receipt(books: Office, paid: Received) -> None:
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _desk: made(books, paid.payment_id), range(2)))
    assert done[0] == done[1]
    assert len(books.read(lambda work: kept(work, DocumentKind.RECEIPT, paid.payment_id))) == 1


def test_a_returned_check_gets_a_receipt_that_says_so(
    books: Office, till: Till, paid: Received, clock: Clock
) -> None:
    first = made(books, paid.payment_id)
    clock.forward(hours=1)
    books.write(
        lambda work: return_payment(
            work,
            paid.payment_id,
            on=TODAY,
            reason="Not sufficient funds",
            expected_version=1,
            fee=Money(),
        )
    )
    clock.forward(hours=1)
    second = made(books, paid.payment_id)
    assert second.number == "RC-2026-00002"
    text = text_of_page(books, second.id).replace("\n", " ")
    for words in (
        *("RETURNED", "returned on 04/12/2026: Not sufficient funds.", "had covered"),
        *("30.00", "100.00", "12.50", "$142.50"),
    ):
        assert words in text, words
    assert "Thank you" not in text
    assert made(books, paid.payment_id) == second
    pages = books.read(lambda work: kept(work, DocumentKind.RECEIPT, paid.payment_id))
    assert pages == (second, first)
    verify(books)


def test_a_voided_payment_says_so(books: Office, paid: Received, clock: Clock) -> None:
    made(books, paid.payment_id)
    clock.forward(hours=1)
    books.write(
        lambda work: void_payment(work, paid.payment_id, reason="Entered twice", expected_version=1)
    )
    text = text_of_page(books, made(books, paid.payment_id).id).replace("\n", " ")
    assert "VOID" in text
    assert "voided on 04/12/2026: Entered twice." in text
    assert "100.00" in text


def test_a_corrected_amount_says_from_and_to(books: Office, paid: Received, clock: Clock) -> None:
    made(books, paid.payment_id)
    clock.forward(hours=1)
    books.write(
        lambda work: correct_amount(
            work, paid.payment_id, Money(140_00), reason="Misread", expected_version=1
        )
    )
    text = text_of_page(books, made(books, paid.payment_id).id).replace("\n", " ")
    assert "takes the place of RC-2026-00001" in text
    assert "amount, from 142.50 to 140.00" in text
    assert "$140.00" in text
    verify(books)


def test_what_was_taken_back_is_not_on_the_next(
    books: Office, till: Till, paid: Received, clock: Clock
) -> None:
    made(books, paid.payment_id)
    clock.forward(hours=1)

    def back(work: Work) -> None:
        entries = applications_of(work, paid.payment_id)
        unapply(work, entries[1:], on=TODAY, reason="wrong client")

    books.write(back)
    text = text_of_page(books, made(books, paid.payment_id).id)
    assert "Ben" not in text
    assert "112.50" in text


def test_a_payers_money_has_a_receipt_too(books: Office, till: Till) -> None:
    new = NewPayment(
        Money(140_00),
        PaymentMethod.EFT,
        DAY,
        payer_id=till.payer,
        applications=(Application(till.copays[0], Money(130_00), Side.INSURANCE),),
    )
    text = text_of_page(books, made(books, received(books, new).payment_id).id)
    assert "Example East" in text
    assert "130.00" in text
    assert "10.00" in text


def test_refusals(books: Office, paid: Received) -> None:
    with pytest.raises(Problem, match="not in the books"):
        made(books, 99)
    assert books.read(lambda work: payment_id_of(work, " pay-2026-00001 ")) == paid.payment_id
    with pytest.raises(Problem, match="There is no payment PAY-9"):
        books.read(lambda work: payment_id_of(work, "PAY-9"))
    books.write(lambda work: work.db.execute(delete(RoleRight)))
    with pytest.raises(Problem, match="You may not"):
        made(books, paid.payment_id)
