"""An EOB of 0.00, whose charge an EOB may answer, and what stands when its check comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.adjustment import Adjustment
from fscdesk.models.charge import Charge, Side
from fscdesk.models.coverage import Policy
from fscdesk.models.payment import Payment, PaymentMethod, PaymentStatus
from fscdesk.models.session import BillingStatus, Session
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.correcting import correct_payer, void_payment
from fscdesk.services.payments.listing import page_of_payments
from fscdesk.services.payments.payment_filters import PaymentFilter
from fscdesk.services.payments.receipts import make_receipt
from fscdesk.services.payments.receiving import NewPayment, receive
from fscdesk.services.payments.returning import Returned, return_payment, undo_return
from fscdesk.services.payments.transferring import apply_credit
from fscdesk.services.remittances.taking_back import take_back
from fscdesk.services.remittances.typed_eobs import EobLine, PostedEob, post_eob
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import DAY, Till, cents, verify
from tests.support.people import add_payer

NOTHING = Money()


def check(till: Till, amount: int = 0, **facts: Any) -> NewPayment:
    new = NewPayment(Money(amount), PaymentMethod.CHECK, DAY, payer_id=till.payer)
    return replace(new, reference="0000481516", **facts)


def silent(till: Till) -> list[EobLine]:
    """One line is all contract and deductible, the other is denied."""
    return [
        EobLine(till.copays[0], contractual=Money(30_00), patient=Money(100_00)),
        EobLine(till.copays[1], denied="29"),
    ]


def posted(books: Office, new: NewPayment, lines: list[EobLine]) -> PostedEob:
    return books.write(lambda work: post_eob(work, new, lines)).value


def owed(books: Office, charge_id: int) -> tuple[int, int]:
    def look(work: Work) -> tuple[int, int]:
        charge = work.db.get_one(Charge, charge_id)
        return charge.insurance_balance.cents, charge.patient_balance.cents

    return books.read(look)


def statuses(books: Office, till: Till) -> list[BillingStatus]:
    def look(work: Work) -> list[BillingStatus]:
        charges = [work.db.get_one(Charge, one) for one in till.copays]
        return [work.db.get_one(Session, one.session_id).billing_status for one in charges]

    return books.read(look)


def test_an_eob_without_money_posts_what_its_lines_say(books: Office, till: Till) -> None:
    new = check(till)
    done = assert_all_or_nothing(books, lambda work: post_eob(work, new, silent(till))).value
    assert (done.payment.number, done.payment.amount) == ("PAY-2026-00001", NOTHING)
    assert (done.contractual, done.patient, done.denied) == (Money(30_00), Money(100_00), 1)
    assert owed(books, till.copays[0]) == (0, 130_00)  # its copay, and the deductible
    assert owed(books, till.copays[1]) == (130_00, 30_00)  # a denial is never the client's
    assert statuses(books, till) == [BillingStatus.APPROVED, BillingStatus.DENIED]

    def look(work: Work) -> None:
        rows = work.db.execute(select(Adjustment.carc, Adjustment.payment_id)).all()
        assert {tuple(one) for one in rows} == {
            ("45", done.payment.payment_id),
            ("1", done.payment.payment_id),
        }
        assert (cents(work, "1050"), cents(work, "2410"), cents(work, "4900")) == (0, 0, 30_00)

    books.read(look)
    verify(books)


def test_an_eob_that_only_denies_can_be_taken_back(books: Office, till: Till) -> None:
    before = statuses(books, till)
    lines = [EobLine(one, denied="29") for one in till.copays]
    done = posted(books, check(till), lines).payment
    assert statuses(books, till) == [BillingStatus.DENIED] * 2
    books.write(lambda work: take_back(work, done.payment_id, expected_version=1))
    assert statuses(books, till) == before
    verify(books)


def test_what_an_eob_without_money_said_is_taken_back_with_it(books: Office, till: Till) -> None:
    before = [owed(books, one) for one in till.copays], statuses(books, till)
    done = posted(books, check(till), silent(till)).payment
    assert_all_or_nothing(books, lambda work: take_back(work, done.payment_id, expected_version=1))
    assert ([owed(books, one) for one in till.copays], statuses(books, till)) == before
    assert books.read(lambda work: work.db.get_one(Payment, done.payment_id).status) is (
        PaymentStatus.VOIDED
    )
    verify(books)


@pytest.mark.parametrize("who", ["payer", "guarantor", "eob"])
def test_nothing_without_lines_is_nothing(books: Office, till: Till, who: str) -> None:
    new = check(till)
    if who == "guarantor":
        new = replace(new, payer_id=None, guarantor_id=till.ben_pays, says="anything")
    with pytest.raises(Problem, match=r"above zero|without a line"):
        books.write(lambda work: post_eob(work, new, []) if who == "eob" else receive(work, new))


@pytest.mark.parametrize("act", ["return", "payer"])
def test_money_that_never_came_is_neither_returned_nor_another_payers(
    books: Office, till: Till, act: str
) -> None:
    done = posted(books, check(till), [EobLine(till.copays[0], denied="29")]).payment
    other = books.write(lambda work: add_payer(work, "Other Payer", "Other", "77777")).value

    def go(work: Work) -> None:
        if act == "return":
            return_payment(work, done.payment_id, on=DAY, reason="x", expected_version=1)
        else:
            correct_payer(work, done.payment_id, payer_id=other, reason="x", expected_version=1)

    with pytest.raises(Problem, match="came without money"):
        books.write(go)
    verify(books)


def test_it_waits_for_no_deposit_and_has_a_receipt(books: Office, till: Till) -> None:
    done = posted(books, check(till), silent(till)).payment
    span = Span(0, 9, "posted")
    waits = PaymentFilter(view="not_deposited")
    assert books.read(lambda work: page_of_payments(work, waits, span)).total == 0
    assert books.read(lambda work: page_of_payments(work, PaymentFilter(), span)).total == 1
    assert books.write(lambda work: make_receipt(work, done.payment_id)).value.number


def test_the_same_key_with_other_lines_is_refused(books: Office, till: Till) -> None:
    new = check(till, 90_00, request_key="eob")
    lines = [EobLine(till.copays[0], Money(90_00), Money(40_00))]
    first = posted(books, new, lines)
    other = [EobLine(till.copays[1], Money(90_00), Money(10_00), Money(30_00))]
    for changed in (other, [replace(lines[0], contractual=Money(30_00))]):
        with pytest.raises(Problem, match="under the same key with other facts"):
            posted(books, new, changed)
    again = posted(books, new, lines)
    assert again.payment == replace(first.payment, repeated=True)
    assert owed(books, till.copays[1]) == (130_00, 30_00)


@pytest.mark.parametrize("what", ["paid", "contractual", "patient", "denied"])
def test_an_eob_answers_for_its_own_payers_charges_alone(
    books: Office, till: Till, what: str
) -> None:
    other = books.write(lambda work: add_payer(work, "Other Payer", "Other", "77777")).value
    said: dict[str, Any] = {what: "29" if what == "denied" else Money(20_00)}
    new = check(till, 20_00 if what == "paid" else 0, payer_id=other)
    with pytest.raises(Problem, match=r"90837 of 03/02/2026 is another payer's"):
        posted(books, new, [EobLine(till.copays[0], **said)])
    assert owed(books, till.copays[0]) == (130_00, 30_00)
    assert statuses(books, till)[0] is not BillingStatus.DENIED


def test_a_payers_money_pays_no_other_payers_charge(books: Office, till: Till) -> None:
    other = books.write(lambda work: add_payer(work, "Other Payer", "Other", "77777")).value
    part = Application(till.copays[0], Money(20_00), Side.INSURANCE)
    with pytest.raises(Problem, match="another payer's"):
        books.write(
            lambda work: receive(work, check(till, 20_00, payer_id=other, applications=(part,)))
        )
    paid = books.write(lambda work: receive(work, check(till, 20_00, payer_id=other))).value
    with pytest.raises(Problem, match="another payer's"):
        books.write(lambda work: apply_credit(work, paid.credit_id, (part,), on=DAY))
    assert owed(books, till.copays[0]) == (130_00, 30_00)


@pytest.mark.parametrize("known_by", ["session", "policy", "old policy"])
def test_a_second_payer_pays_too(books: Office, till: Till, known_by: str) -> None:
    other = books.write(lambda work: add_payer(work, "Other Payer", "Other", "77777")).value

    def second(work: Work) -> None:
        charge = work.db.get_one(Charge, till.copays[0])
        if known_by == "session":
            work.db.get_one(Session, charge.session_id).second_payer_id = other
            return
        ended = date(2026, 2, 1) if known_by == "old policy" else None
        work.db.add(
            Policy(
                patient_id=till.alma,
                payer_id=other,
                rank=2,
                valid_from=date(2026, 1, 1),
                valid_to=ended,
            )
        )

    books.write(second)
    new = check(till, 20_00, payer_id=other)
    lines = [EobLine(till.copays[0], Money(20_00))]
    if known_by == "old policy":
        with pytest.raises(Problem, match="another payer's"):
            posted(books, new, lines)
        return
    posted(books, new, lines)
    assert owed(books, till.copays[0]) == (110_00, 30_00)
    verify(books)


def test_a_duplicate_that_is_denied_leaves_a_settled_session_paid(
    books: Office, till: Till
) -> None:
    posted(books, check(till, 130_00), [EobLine(till.copays[0], Money(130_00))])
    copay = Application(till.copays[0], Money(30_00))
    own = NewPayment(
        Money(30_00),
        PaymentMethod.CHECK,
        DAY,
        guarantor_id=till.alma_pays,
        applications=(copay,),
    )
    books.write(lambda work: receive(work, own))
    posted(books, check(till), [EobLine(till.copays[0], denied="18")])
    assert statuses(books, till)[0] is BillingStatus.PAID
    verify(books)


def test_a_returned_check_of_a_payer_leaves_its_answer_and_says_so(
    books: Office, till: Till
) -> None:
    line = EobLine(till.copays[0], Money(90_00), Money(30_00), Money(10_00))
    done = posted(books, check(till, 90_00), [line]).payment

    def bounce(work: Work) -> Returned:
        return return_payment(work, done.payment_id, on=DAY, reason="stop", expected_version=1)

    back = assert_all_or_nothing(books, bounce).value
    assert (back.contractual, back.moved) == (Money(30_00), Money(10_00))
    assert owed(books, till.copays[0]) == (90_00, 40_00)  # just the money is missing
    assert statuses(books, till)[0] is BillingStatus.APPROVED
    verify(books)
    books.write(
        lambda work: undo_return(work, done.payment_id, reason="came after all", expected_version=2)
    )
    part = Application(till.copays[0], Money(90_00), Side.INSURANCE)
    books.write(lambda work: apply_credit(work, done.credit_id, (part,), on=DAY))
    assert owed(books, till.copays[0]) == (0, 40_00)
    verify(books)


def test_a_clients_returned_check_has_no_answer(books: Office, till: Till) -> None:
    part = Application(till.own, Money(160_00))
    new = replace(
        check(till, 160_00), payer_id=None, guarantor_id=till.ben_pays, applications=(part,)
    )
    paid = books.write(lambda work: receive(work, new)).value
    back = books.write(
        lambda work: return_payment(
            work, paid.payment_id, on=DAY, reason="no funds", expected_version=1
        )
    ).value
    assert (back.contractual, back.moved) == (ZERO, ZERO)


def test_voiding_takes_the_whole_answer_back(books: Office, till: Till) -> None:
    line = EobLine(till.copays[0], Money(90_00), Money(30_00), Money(10_00))
    done = posted(books, check(till, 90_00), [line]).payment
    books.write(
        lambda work: void_payment(work, done.payment_id, reason="typed twice", expected_version=1)
    )
    assert owed(books, till.copays[0]) == (130_00, 30_00)
    verify(books)
