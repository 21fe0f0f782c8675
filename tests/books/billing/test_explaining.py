"""Explain this balance: sentences, sums, why it waits; for billers and for who pays."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.charge import Charge, Side
from fscdesk.models.document import Document, DocumentKind
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.session import BillingStatus
from fscdesk.models.values import Money
from fscdesk.services.billing.adjusting import adjust
from fscdesk.services.billing.adjustment_rules import NewAdjustment
from fscdesk.services.billing.explaining import Explanation, Told, explain, for_patient
from fscdesk.services.billing.explaining_page import make_explanation
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.sources import DocumentOf
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.policies import OVER_APPLYING, OverApplying
from fscdesk.services.payments.receiving import NewPayment, Rest
from fscdesk.services.payments.transferring import take_back
from fscdesk.services.permissions import Right
from fscdesk.services.sessions.lifecycle import change_billing_status
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payment_acts import setting
from tests.support.payments import DAY, Till, pay, received, verify
from tests.support.pdf import page_texts
from tests.support.second_person import without

LATER = date(2026, 4, 11)


def account(books: Office, patient: int, as_of: date | None = None) -> Explanation:
    return books.read(lambda work: explain(work, patient_id=patient, as_of=as_of))


def steps(one: Told) -> list[tuple[str, str, str, str]]:
    return [
        (f"{step.day:%m/%d}", step.sentence, str(step.amount), str(step.running))
        for step in one.steps
    ]


def test_every_movement_is_a_sentence_and_they_add_up(books: Office, till: Till) -> None:
    second = till.copays[1]
    eft = NewPayment(
        Money(100_00),
        PaymentMethod.EFT,
        DAY,
        payer_id=till.payer,
        reference="990",
        applications=(Application(second, Money(100_00), Side.INSURANCE),),
    )
    paid = received(books, eft)
    leaves = NewAdjustment(
        second,
        AdjustmentKind.TO_PATIENT,
        Money(20_00),
        "deductible",
        on=LATER,
        group_code="PR",
        carc="1",
        payment_id=paid.payment_id,
    )
    books.write(lambda work: adjust(work, leaves))
    check = received(books, pay(till, 30_00, Application(second, Money(30_00)), reference="1047"))
    found = account(books, till.alma)
    first, other = found.charges
    assert (first.charge_id, other.charge_id) == (second, till.copays[0])  # the newest first
    assert steps(first) == [
        (
            "03/09",
            (
                "The session with Mockley O'Sample, 90837, was charged. 30.00 of it is the"
                " client’s part, 130.00 that of Example East."
            ),
            "160.00",
            "160.00",
        ),
        ("04/10", "Example East paid 100.00 by EFT 990.", "-100.00", "60.00"),
        ("04/10", "The client paid 30.00 by check 1047.", "-30.00", "30.00"),
        (
            "04/11",
            "Example East leaves 20.00 to the client: PR-1, deductible.",
            "0.00",
            "30.00",
        ),
    ]
    assert [(one.opens, one.document) for one in first.steps[1:]] == [
        (DocumentOf.PAYMENT, paid.number),
        (DocumentOf.PAYMENT, check.number),
        (DocumentOf.ADJUSTMENT, "ADJ-2026-00001"),
    ]
    assert first.steps[2].id == check.payment_id
    assert (first.client, first.payer) == (Money(20_00), Money(10_00))
    assert (found.client_owes, found.payer_owes) == (Money(50_00), Money(140_00))
    assert found.total == Money(190_00)


def test_it_says_for_whom_a_charge_waits_and_since_when(books: Office, till: Till) -> None:
    def submitted(work: Work) -> None:
        session = work.db.get_one(Charge, till.copays[0]).session_id or 0
        change_billing_status(work, [session], BillingStatus.SUBMITTED, reason="sent")

    books.write(submitted)
    one = account(books, till.alma).charges[-1]
    assert [(wait.side, wait.amount.cents, wait.since, wait.days) for wait in one.waits] == [
        (Side.PATIENT, 30_00, date(2026, 3, 2), 41),
        (Side.INSURANCE, 130_00, date(2026, 3, 2), 41),
    ]
    assert one.waits[0].sentence == "30.00 waits for Alma Anyone since 03/02/2026."
    assert "it was sent, and no answer has come" in one.waits[1].sentence
    before = account(books, till.alma, date(2026, 3, 31)).charges[-1]
    assert "no answer" not in before.waits[1].sentence


def test_a_payer_that_paid_too_much_is_owed(books: Office, till: Till) -> None:
    setting(books, OVER_APPLYING, OverApplying.ALLOW.value)
    received(
        books,
        NewPayment(
            Money(170_00),
            PaymentMethod.EFT,
            DAY,
            payer_id=till.payer,
            applications=(Application(till.copays[0], Money(170_00), Side.INSURANCE),),
        ),
    )
    found = books.read(lambda work: explain(work, charge_id=till.copays[0]))
    (one,) = found.charges
    assert one.steps[-1].sentence == (
        "Example East paid 170.00 by EFT. 40.00 of that is more than its part, and belongs to"
        " Example East, not to the client."
    )
    assert (found.payer_owes, found.client_owes, found.whole) == (
        Money(-40_00),
        Money(30_00),
        False,
    )
    assert one.waits[1].sentence.startswith("40.00 belongs to Example East since 04/10/2026")
    session = books.read(lambda work: work.db.get_one(Charge, till.copays[0]).session_id)
    assert books.read(lambda work: explain(work, session_id=session)).total == Money(-10_00)


def test_money_that_is_not_applied_is_explained_too(books: Office, till: Till) -> None:
    one = received(books, pay(till, 50_00, Application(till.copays[0], Money(30_00))))
    assert one.unapplied == Money(20_00)
    credit = account(books, till.alma).charges[-1]
    assert credit.charge_id is None
    assert [(step.sentence, step.running.cents) for step in credit.steps] == [
        ("50.00 came in by check.", -50_00),
        ("30.00 of it was used for 90837 of 03/02/2026.", -20_00),
    ]


def test_who_pays_reads_plain_words_without_what_was_undone(books: Office, till: Till) -> None:
    received(books, pay(till, 10_00, Application(till.copays[0], Money(10_00)), reference="7"))
    entry = account(books, till.alma).charges[-1].steps[-1].entry_id
    books.write(lambda work: take_back(work, entry, reason="wrong session", on=LATER))
    found = account(books, till.alma)
    told = found.charges[1]
    assert told.steps[-1].sentence == (
        "Taken back (wrong session): the client paid 10.00 by check 7."
    )
    plain = for_patient(found)
    assert [step.sentence for step in plain.charges[1].steps] == [
        (
            "Your session with Mockley O'Sample was charged at 160.00. Your part of it was"
            " 30.00; your insurance was asked for 130.00."
        )
    ]
    assert plain.client_owes == found.client_owes
    text = " ".join(step.sentence for one in plain.charges for step in one.steps)
    assert "client" not in text


def test_the_page_is_kept_with_the_account(books: Office, till: Till) -> None:
    received(books, pay(till, 40_00, Application(till.copays[0], Money(30_00))))
    found = account(books, till.alma)
    done = assert_all_or_nothing(books, lambda work: make_explanation(work, found))
    page = done.value
    text = " ".join(page_texts(page.pdf))
    assert "How your balance came about" in text
    assert "20.00" in text
    kept = books.read(
        lambda work: (
            work.db.scalars(select(Document).where(Document.kind == DocumentKind.EXPLANATION))
            .one()
            .content
        )
    )
    assert bytes(kept) == page.pdf
    other = without(books, Right.MAKE_STATEMENTS)
    with pytest.raises(Problem, match="You may not print explanations"):
        other.write(lambda work: make_explanation(work, found))
    verify(books)


def test_what_is_not_there_is_said(books: Office, till: Till) -> None:
    with pytest.raises(Problem, match="not in the books"):
        account(books, 999)
    with pytest.raises(Problem, match="Nothing was charged"):
        books.read(lambda work: explain(work, session_id=999))
    with pytest.raises(ValueError, match="one of"):
        books.read(lambda work: explain(work, session_id=1, charge_id=1))


def test_a_past_day_is_explained_as_it_was(books: Office, till: Till) -> None:
    before = account(books, till.alma, date(2026, 3, 31))
    received(
        books,
        pay(
            till,
            60_00,
            *(Application(one, Money(30_00)) for one in till.copays),
            rest=Rest(patient_id=till.alma),
        ),
    )
    again = account(books, till.alma, date(2026, 3, 31))
    assert again == before
    assert account(books, till.alma).client_owes == Money()
