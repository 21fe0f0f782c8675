"""The ledger of an account with payments, returns and adjustments: rows, words, balances."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.charge import Charge, Side
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.billing.adjusting import adjust
from fscdesk.services.billing.adjustment_rules import NewAdjustment
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.patients.account import (
    AccountFilter,
    AccountRow,
    account_header,
    page_of_account,
)
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.receiving import NewPayment, Rest
from fscdesk.services.payments.returning import return_payment
from fscdesk.services.payments.transferring import apply_credit
from fscdesk.services.sessions.story import story
from tests.support.payment_acts import version_of
from tests.support.payments import DAY, Till, open_till, pay, received

LATER = date(2026, 4, 11)


@pytest.fixture
def till(books: Office) -> Till:
    """Open charges of two patients and a payer."""
    return books.write(open_till).value


def rows(books: Office, patient: int, **wanted: object) -> tuple[AccountRow, ...]:
    which = AccountFilter(**wanted)  # type: ignore[arg-type]
    return books.read(lambda work: page_of_account(work, patient, which, Span(0, 99, "day"))).rows


def test_a_payment_is_one_row_that_says_what_it_paid(books: Office, till: Till) -> None:
    part = Application(till.copays[0], Money(30_00))
    one = received(books, pay(till, 50_00, part, reference="1047"))
    books.write(
        lambda work: apply_credit(
            work, one.credit_id, [Application(till.copays[1], Money(20_00))], on=LATER
        )
    )
    found = rows(books, till.alma)
    assert [
        (row.what, row.detail, str(row.paid or ""), str(row.client_owes)) for row in found[2:]
    ] == [
        (
            "Payment by check 1047",
            "PAY-2026-00001: 30.00 for 03/02, 20.00 to the credit",
            "-50.00",
            "10.00",
        ),
        ("Credit applied for 03/09", "PAY-2026-00001 by check 1047: 20.00", "", "10.00"),
    ]
    assert (found[2].opens, found[2].opens_id) == ("payment", one.payment_id)
    session = books.read(lambda work: work.db.get_one(Charge, till.copays[0]).session_id)
    assert [row.what for row in rows(books, till.alma, session_id=session)] == [
        "Session 03/02, 90837",
        "Payment by check 1047",
    ]
    head = books.read(lambda work: account_header(work, till.alma))
    assert (head.last_payment, head.last_payment_by, head.last_payment_on) == (
        Money(50_00),
        "Client",
        DAY,
    )
    told = books.read(lambda work: story(work, session or 0))
    assert [(step.title, step.detail, step.amount) for step in told if "paid" in step.title] == [
        ("Client paid", "PAY-2026-00001, by check 1047", Money(30_00))
    ]


def test_a_payers_payment_and_what_it_leaves(books: Office, till: Till) -> None:
    parts = tuple(Application(one, Money(100_00), Side.INSURANCE) for one in till.copays)
    eft = NewPayment(
        Money(200_00), PaymentMethod.EFT, DAY, payer_id=till.payer, reference="9",
        applications=parts,
    )  # fmt: skip
    received(books, eft)
    leaves = NewAdjustment(
        till.copays[0], AdjustmentKind.TO_PATIENT, Money(30_00), "deductible",
        group_code="PR", carc="1",
    )  # fmt: skip
    books.write(lambda work: adjust(work, leaves))
    found = rows(books, till.alma)[2:]
    assert [(row.what, row.detail) for row in found] == [
        ("Example East paid for 03/02", "PAY-2026-00001 by EFT 9"),
        ("Example East paid for 03/09", "PAY-2026-00001 by EFT 9"),
        ("Moved from the payer to the client for 03/02", "ADJ-2026-00001, PR-1, deductible"),
    ]
    last = found[-1]
    assert (last.paid, last.payer_owes, last.client_owes) == (Money(), Money(30_00), Money(90_00))
    head = books.read(lambda work: account_header(work, till.alma))
    assert (head.last_payment, head.last_payment_by) == (Money(200_00), "Example East")


def test_what_came_back_is_no_last_payment(books: Office, till: Till) -> None:
    one = received(books, pay(till, 30_00, rest=Rest(patient_id=till.alma)))
    version = version_of(books, one.payment_id)
    books.write(
        lambda work: return_payment(
            work, one.payment_id, on=LATER, reason="no funds", expected_version=version
        )
    )
    assert rows(books, till.alma)[-1].what == "Payment by check returned"
    head = books.read(lambda work: account_header(work, till.alma))
    assert (head.last_payment, head.client_owes, head.unapplied) == (None, Money(60_00), Money())
