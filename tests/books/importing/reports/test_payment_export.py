"""The payment export: each payment and refund once, whatever told of it first."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete, func, select

from fscdesk.models.patient import Patient
from fscdesk.models.payment import Credit, Payment, PaymentMethod, PaymentOrigin, PaymentStatus
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.simplepractice import CardTransaction
from fscdesk.models.staff import RoleRight
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.office import Office
from fscdesk.services.payments.clearing_list import clearing_list
from fscdesk.services.payments.receiving import NewPayment, Rest, receive
from fscdesk.services.work import Work
from tests.support.payments import cents, verify
from tests.support.people import add_patient, add_payer, add_provider, add_session
from tests.support.report_files import line
from tests.support.reports_read import (
    EXPORT,
    brought,
    exported,
    insured,
    paid,
    planned,
    reasons,
    report,
    verdicts,
)


def payments(books: Office) -> list[Payment]:
    return books.read(lambda work: list(work.db.scalars(select(Payment).order_by(Payment.id))))


def quill(books: Office, *, owed: int = 0, called_paid: int = 0) -> int:
    """Quill Fakerson, known, with one session of 3 March."""

    def add(work: Work) -> int:
        patient = add_patient(work, "Quill Fakerson", also="Quill Fakerson")
        if owed:
            provider = add_provider(work, "Testa Fernsample")
            day = date(2026, 3, 3)
            add_session(work, patient, provider, day=day, share=owed, patient_paid=called_paid)
        return patient

    return books.write(add).value


def test_a_row_becomes_a_payment_with_its_facts(books: Office) -> None:
    patient = quill(books)
    done = exported(
        books,
        paid("1", "30.00"),
        paid("2", "12.50", Paymenttype="Check", PaymentReferenceID="1047"),
        paid("3", "20.00", Paymenttype="Cash"),
        paid("4", "5.00", Paymenttype="Barter"),
        insured("5", "91.40", Paymenttype="CHK", PaymentReferenceID="0000481516"),
    )
    assert verdicts(done.plan) == ["new"] * 5
    found = payments(books)
    assert [one.method for one in found] == [
        PaymentMethod.CARD,
        PaymentMethod.CHECK,
        PaymentMethod.CASH,
        PaymentMethod.OTHER,
        PaymentMethod.CHECK,
    ]
    assert [one.external_id for one in found] == [f"sp:{at}" for at in range(1, 6)]
    assert {one.origin for one in found} == {PaymentOrigin.SIMPLEPRACTICE}
    assert {one.posted_on for one in found} == {date(2026, 3, 3)}
    assert found[-1].reference == "0000481516"
    left = books.read(
        lambda work: [(one.patient_id, one.balance) for one in work.db.scalars(select(Credit))]
    )
    assert left[0] == (patient, Money(30_00))
    assert left[-1] == (None, Money(91_40))
    assert done.plan.report_totals == {
        "amount": Money(158_90),
        "client": Money(67_50),
        "insurance": Money(91_40),
    }
    verify(books)


def test_a_known_id_is_one_payment_in_every_file(books: Office) -> None:
    exported(books, paid("1", "30.00"))
    done = exported(books, paid("1", "30.00"), paid("2", "30.00"), name="later.csv")
    assert verdicts(done.plan) == ["unchanged", "new"]
    assert len(payments(books)) == 2
    twice = exported(books, paid("3", "10.00"), paid("3", "10.00"), name="twice.csv")
    assert verdicts(twice.plan) == ["new", "skipped"]
    assert "stands in line 2 too" in reasons(twice.plan)[1]


def test_equal_rows_without_an_id_are_numbered(books: Office) -> None:
    rows = [paid("", "10.00"), paid("", "10.00")]
    exported(books, *rows)
    again = exported(books, *rows, paid("", "10.00"), name="again.csv")
    assert verdicts(again.plan) == ["unchanged", "unchanged", "new"]
    assert len(payments(books)) == 3


@pytest.mark.parametrize("amount", ["42.00", "25.00"])
def test_a_changed_amount_is_corrected_and_settled_again(books: Office, amount: str) -> None:
    quill(books, owed=30_00, called_paid=30_00)
    exported(books, paid("1", "30.00"))
    assert books.read(lambda work: cents(work, "1060")) == 0
    done = exported(books, paid("1", amount), name="changed.csv")
    assert verdicts(done.plan) == ["changed"]
    assert reasons(done.plan) == [f"Amount {Money(30_00)} → {Money.parse(amount)}"]
    wanted = Money.parse(amount).cents
    assert books.read(lambda work: cents(work, "1050")) == wanted
    assert books.read(lambda work: cents(work, "1060")) == max(0, 30_00 - wanted)
    verify(books)
    books.write(lambda work: undo_import(work, done.batch_id or 0))
    assert payments(books)[0].amount == Money(30_00)
    assert books.read(lambda work: (cents(work, "1050"), cents(work, "1060"))) == (30_00, 0)
    verify(books)


def test_a_payment_that_was_typed_here_gets_the_id(books: Office) -> None:
    patient = quill(books)

    def type_it(work: Work) -> None:
        pays = work.db.get_one(Patient, patient).guarantor_id
        receive(
            work,
            NewPayment(
                Money(50_00),
                PaymentMethod.CHECK,
                date(2026, 3, 5),
                guarantor_id=pays,
                reference="1047",
                rest=Rest(patient_id=patient),
            ),
        )

    books.write(type_it)
    row = paid("9", "50.00", Paymenttype="Check", PaymentReferenceID="1047")
    done = exported(books, row, paid("10", "50.00", Paymenttype="Check"))
    assert verdicts(done.plan) == ["changed", "new"]
    typed, other = payments(books)
    assert (typed.external_id, typed.origin) == ("sp:9", PaymentOrigin.TYPED)
    assert other.external_id == "sp:10"
    books.write(lambda work: undo_import(work, done.batch_id or 0))
    typed, other = payments(books)
    assert (typed.external_id, typed.status) == (None, PaymentStatus.POSTED)
    assert (other.external_id, other.status) == (None, PaymentStatus.VOIDED)
    verify(books)


def test_a_refund_draws_the_payment_and_what_it_had_closed(books: Office) -> None:
    quill(books, owed=95_00, called_paid=95_00)
    exported(books, paid("1", "95.00"))
    done = exported(books, paid("2", "-55.00", DatePaid="03/10/2026"), name="refund.csv")
    assert verdicts(done.plan) == ["new"]
    refund = books.read(lambda work: work.db.scalars(select(Refund)).one())
    assert (refund.status, refund.amount, refund.paid_on) == (
        RefundStatus.PAID,
        Money(55_00),
        date(2026, 3, 10),
    )
    # Card money is netted from the payout. The session is still called paid: that stays open.
    assert books.read(lambda work: (cents(work, "1050"), cents(work, "1000"))) == (40_00, 0)
    found = books.read(clearing_list)
    assert [(one.amount, one.part) for one in found.lines] == [(Money(55_00), "client_paid")]
    assert "refunded" in found.lines[0].reason
    verify(books)
    with pytest.raises(Problem, match=r"refund\.csv"):
        books.write(lambda work: undo_import(work, 1))
    books.write(lambda work: undo_import(work, done.batch_id or 0))
    assert books.read(lambda work: (cents(work, "1050"), cents(work, "1060"))) == (95_00, 0)
    verify(books)


def test_a_refund_that_was_no_card_left_the_bank(books: Office) -> None:
    quill(books)
    exported(
        books,
        paid("2", "-20.00", DatePaid="03/10/2026", Paymenttype="Check"),
        paid("1", "95.00", Paymenttype="Check"),
    )
    assert books.read(lambda work: (cents(work, "1050"), cents(work, "1000"))) == (95_00, -20_00)
    assert books.read(lambda work: cents(work, "2400")) == -75_00
    verify(books)


def test_a_refund_of_two_payments_is_two_documents(books: Office) -> None:
    quill(books)
    back = paid("3", "-50.00", DatePaid="03/10/2026")
    exported(books, paid("1", "30.00"), paid("2", "30.00"), back)
    refunds = books.read(lambda work: list(work.db.scalars(select(Refund).order_by(Refund.id))))
    assert [one.amount for one in refunds] == [Money(30_00), Money(20_00)]
    again = exported(books, back, name="again.csv")
    assert verdicts(again.plan) == ["unchanged"]
    verify(books)


def test_a_refund_without_its_payment_waits_and_comes_in_with_it(books: Office) -> None:
    quill(books)
    read = report(EXPORT, paid("2", "-55.00", DatePaid="03/10/2026"), paid("7", "1.00"))
    done = brought(books, read)
    assert verdicts(done.plan) == ["skipped", "new"]
    assert [one.code for one in done.plan.findings] == ["refund-uncovered"]
    waiting = books.read(clearing_list).refunds
    assert [(one.line, one.file_name) for one in waiting] == [(2, "report.csv")]
    still = brought(books, read)
    assert (still.batch_id, still.plan.skipped) == (None, 1)
    exported(books, paid("1", "95.00"), name="before.csv")
    again = brought(books, read)
    assert verdicts(again.plan) == ["new", "unchanged"]
    assert books.read(clearing_list).refunds == ()
    assert books.read(lambda work: cents(work, "1050")) == 41_00
    verify(books)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (paid("1", "0.00"), "no money came"),
        (paid("1", "5.00", DatePaid="03/03/2031"), "has not come yet"),
        (paid("1", "5.00", Account="Accounts Payable"), "no account that fscdesk knows"),
        (paid("1", "5.00", ""), "could not be placed"),
        (paid("1", "1e5"), ""),
        (paid("1", "NaN"), ""),
        (paid("1", "12.345"), ""),
        (paid("1", "١٢"), ""),
        (paid("1", "99999999999999999.00"), ""),
    ],
    ids=lambda value: str(value)[-40:],
)
def test_what_cannot_be_a_payment_is_left_out_with_a_reason(
    sqlite_books: Office, row: list[str], why: str
) -> None:
    plan = exported(sqlite_books, row, paid("2", "7.00")).plan
    assert (plan.read, plan.created, plan.skipped) == (2, 1, 1)
    (left_out,) = [one for one in plan.rows if one.verdict.value == "skipped"]
    assert why in left_out.reason
    assert left_out.reason
    assert sqlite_books.read(lambda work: cents(work, "1050")) == 7_00
    verify(sqlite_books)


def test_two_clients_of_one_name_are_asked_for_or_told_by_what_is_called_paid(
    books: Office,
) -> None:
    def twins(work: Work) -> tuple[int, int]:
        provider = add_provider(work, "Testa Fernsample")
        one, other = (
            add_patient(work, "Pat Placeholder", number, also="Pat Placeholder")
            for number in ("P-1", "P-2")
        )
        add_session(work, other, provider, day=date(2026, 3, 3), share=30_00, patient_paid=30_00)
        return one, other

    _, other = books.write(twins).value
    rows = paid("1", "30.00", "Pat Placeholder"), paid("2", "44.00", "Pat Placeholder")
    first = exported(books, rows[0])
    assert verdicts(first.plan) == ["new"]
    assert books.read(lambda work: work.db.scalars(select(Credit.patient_id)).one()) == other
    plan = planned(books, report(EXPORT, *rows, name="later.csv"))
    assert verdicts(plan) == ["unchanged", "skipped"]
    (question,) = plan.questions
    assert (question.text, len(question.options)) == ("Which Pat Placeholder is meant?", 2)


def test_a_card_is_linked_whichever_report_comes_first(books: Office) -> None:
    quill(books)
    # Created 03/03 02:07 in UTC: the evening before at the practice.
    brought(books, report("sp_card_tx", line("sp_card_tx"), name="cards.csv"))
    done = exported(books, paid("1", "30.00", DatePaid="03/02/2026"))
    assert done.batch_id is not None
    found = books.read(lambda work: work.db.scalars(select(CardTransaction)).one())
    assert (found.created_on, found.payment_id) == (date(2026, 3, 2), payments(books)[0].id)
    books.write(lambda work: undo_import(work, done.batch_id or 0))
    left = books.read(lambda work: work.db.scalars(select(CardTransaction)).one())
    assert left.payment_id is None


def test_a_payer_known_by_its_code_is_the_payer_without_it(books: Office) -> None:
    payer = books.write(lambda work: add_payer(work, "FICTA", code="99904")).value
    plan = exported(books, insured("1", "10.00")).plan
    assert plan.questions == ()
    assert payments(books)[0].payer_id == payer


def test_nobody_without_the_right_imports(sqlite_books: Office) -> None:
    def take_all_rights(work: Work) -> None:
        work.db.execute(delete(RoleRight))

    sqlite_books.write(take_all_rights)
    with pytest.raises(Problem, match="You may not import files"):
        exported(sqlite_books, paid("1", "10.00"))
    count = sqlite_books.read(lambda work: work.db.scalar(select(func.count(Payment.id))))
    assert count == 0
