"""What payers paid, and which payment paid which session: kept once, money made once."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Side
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.provider import Provider
from fscdesk.models.simplepractice import ReportedAllocation, ReportedClaim
from fscdesk.models.values import Money
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.office import Office
from fscdesk.services.payments.clearing_list import clearing_list
from fscdesk.services.payments.receiving import NewPayment, receive
from fscdesk.services.work import Work
from tests.support.month import take_back
from tests.support.payments import cents, verify
from tests.support.people import add_patient, add_payer, add_provider, add_session
from tests.support.report_files import line
from tests.support.reports_read import (
    EXPORT,
    brought,
    exported,
    insured,
    paid,
    report,
    verdicts,
)

CHECKS, ALLOCATION = "sp_ins_pay", "sp_income_alloc"


def answered(amount: str, claim: str = "99700999", **cells: str) -> list[str]:
    """A row of the insurance payment report: Quill's claim, of FICTA's check 0000481516."""
    facts = {
        "Client": "Quill Fakerson",
        "Amount": amount,
        "ClearinghouseReference": claim,
        "PaymentStatus": "Paid",
    }
    return line(CHECKS, **{**facts, **cells})


def allocated(amount: str, **cells: str) -> list[str]:
    """A row of the income allocation: of the same check, for the session of 6 March."""
    return line(ALLOCATION, **{"AmountPaid": amount, **cells})


def insured_session(books: Office, *days: int) -> None:
    """Quill's sessions with FICTA, each called paid with 106.40 and 38.60 written off."""

    def add(work: Work) -> None:
        patient = add_patient(work, "Quill Fakerson", also="Quill Fakerson")
        payer = add_payer(work, "FICTA", code="99904")
        provider = add_provider(work, "Testa Fernsample")
        for day in days:
            add_session(
                work,
                patient,
                provider,
                day=date(2026, 3, day),
                payer=payer,
                insurance=145_00,
                insurance_paid=106_40,
                write_off=38_60,
            )

    books.write(add)


def payments(books: Office) -> list[Payment]:
    return books.read(lambda work: list(work.db.scalars(select(Payment).order_by(Payment.id))))


def shares(books: Office) -> list[ReportedAllocation]:
    return books.read(lambda work: list(work.db.scalars(select(ReportedAllocation).order_by("id"))))


def claims(books: Office) -> dict[str, str]:
    return books.read(
        lambda work: {one.reference: one.status for one in work.db.scalars(select(ReportedClaim))}
    )


def test_the_rows_of_one_check_are_one_payment(books: Office) -> None:
    insured_session(books, 6, 20)
    done = brought(
        books,
        report(
            CHECKS,
            answered("106.40"),
            answered("106.40", "99701036"),
            answered("0.00", "99700222", PaymentStatus="Denied"),
        ),
    )
    assert verdicts(done.plan) == ["new", "new", "new"]
    (check,) = payments(books)
    assert (check.amount, check.reference, check.method) == (
        Money(212_80),
        "0000481516",
        PaymentMethod.CHECK,
    )
    assert books.read(lambda work: cents(work, "1060")) == 0
    assert books.read(lambda work: cents(work, "4900")) == 77_20
    assert claims(books) == {"99700999": "Paid", "99701036": "Paid", "99700222": "Denied"}
    assert len(shares(books)) == 2
    verify(books)
    books.write(lambda work: undo_import(work, done.batch_id or 0))
    assert (claims(books), shares(books)) == ({}, [])
    assert books.read(lambda work: (cents(work, "1050"), cents(work, "4900"))) == (0, 0)
    verify(books)


def test_the_check_of_the_export_and_of_the_report_is_one(books: Office) -> None:
    export = insured("5", "106.40", PaymentReferenceID="0000481516", DatePaid="03/24/2026")
    told = report(CHECKS, answered("106.40"))
    first = brought(books, told)
    linked = exported(books, export)
    assert verdicts(linked.plan) == ["changed"]
    assert [(one.external_id, one.amount) for one in payments(books)] == [("sp:5", Money(106_40))]
    for batch in (linked, first):
        take_back(books, batch.batch_id)
        verify(books)
    exported(books, export, name="first.csv")
    done = brought(books, told)
    assert verdicts(done.plan) == ["new"]
    assert "of payment PAY-" in done.plan.rows[0].what
    standing = [one for one in payments(books) if one.external_id]
    assert [(one.external_id, one.amount) for one in standing] == [("sp:5", Money(106_40))]
    verify(books)


def test_a_check_that_was_told_in_part_grows_and_shrinks_again(books: Office) -> None:
    first = brought(books, report(CHECKS, answered("106.40")))
    more = report(CHECKS, answered("106.40"), answered("50.00", "99701036"), name="more.csv")
    second = brought(books, more)
    assert verdicts(second.plan) == ["unchanged", "new"]
    assert [one.amount for one in payments(books)] == [Money(156_40)]
    verify(books)
    books.write(lambda work: undo_import(work, second.batch_id or 0))
    assert [one.amount for one in payments(books)] == [Money(106_40)]
    verify(books)
    assert first.batch_id is not None


def test_a_check_that_differs_from_the_export_stays_and_is_told(books: Office) -> None:
    exported(books, insured("5", "100.00", PaymentReferenceID="0000481516", DatePaid="03/24/2026"))
    done = brought(books, report(CHECKS, answered("106.40")))
    assert [one.code for one in done.plan.findings] == ["check-differs"]
    assert [one.amount for one in payments(books)] == [Money(100_00)]


@pytest.mark.parametrize("first", [EXPORT, CHECKS])
def test_a_check_whose_remittance_was_read_weeks_later_is_the_same_check(
    books: Office, first: str
) -> None:
    def late(work: Work) -> None:
        receive(
            work,
            NewPayment(
                Money(106_40),
                PaymentMethod.CHECK,
                date(2026, 4, 12),
                payer_id=add_payer(work, "FICTA", code="99904"),
                reference="0000481516",
                check_on=date(2026, 3, 24),
            ),
        )

    books.write(late)
    files = {
        EXPORT: report(
            EXPORT, insured("5", "106.40", PaymentReferenceID="0000481516", DatePaid="03/24/2026")
        ),
        CHECKS: report(CHECKS, answered("106.40"), name="checks.csv"),
    }
    for file in sorted(files, key=lambda one: one != first):
        brought(books, files[file])
    assert [one.amount for one in payments(books)] == [Money(106_40)]
    assert books.read(lambda work: cents(work, "1050")) == 106_40
    verify(books)


def test_a_reversal_alone_makes_no_payment(books: Office) -> None:
    done = brought(books, report(CHECKS, answered("-106.40", PaymentStatus="Reversed")))
    assert [one.code for one in done.plan.findings] == ["payer-took-back"]
    assert payments(books) == []
    assert claims(books) == {"99700999": "Reversed"}
    verify(books)


def test_the_newest_word_about_a_claim_wins_and_goes_again(books: Office) -> None:
    brought(books, report(CHECKS, answered("0.00", PaymentStatus="Denied")))
    again = brought(books, report(CHECKS, answered("0.00", PaymentStatus="Pending"), name="b.csv"))
    assert verdicts(again.plan) == ["changed"]
    assert claims(books) == {"99700999": "Pending"}
    books.write(lambda work: undo_import(work, again.batch_id or 0))
    assert claims(books) == {"99700999": "Denied"}


def test_an_allocation_alone_makes_no_payment_and_says_so(books: Office) -> None:
    insured_session(books, 6)
    done = brought(books, report(ALLOCATION, allocated("106.40")))
    assert [one.code for one in done.plan.findings] == ["payments-not-here"]
    assert "import the payment export" in done.plan.findings[0].message
    assert payments(books) == []
    (share,) = shares(books)
    assert (share.side, share.session_day, share.amount) == (
        Side.INSURANCE,
        date(2026, 3, 6),
        Money(106_40),
    )
    (line_,) = [one for one in books.read(clearing_list).lines if one.part == "payer_paid"]
    assert line_.reason.startswith("No payment of the payer came")
    export = insured("5", "106.40", PaymentReferenceID="0000481516", DatePaid="03/24/2026")
    exported(books, export)
    assert books.read(lambda work: cents(work, "1060")) == 0
    verify(books)


def test_equal_shares_are_numbered_and_come_once(books: Office) -> None:
    rows = [allocated("25.00"), allocated("25.00")]
    brought(books, report(ALLOCATION, *rows))
    again = brought(books, report(ALLOCATION, *rows, allocated("30.00"), name="again.csv"))
    assert verdicts(again.plan) == ["unchanged", "unchanged", "new"]
    assert [one.occurrence for one in shares(books)] == [1, 2, 1]


def test_the_clinicians_own_id_finds_a_renamed_clinician(books: Office) -> None:
    brought(books, report(ALLOCATION, allocated("25.00")))
    renamed = allocated("26.00", Clinician="Testa Newname-Fernsample, PhD")
    done = brought(books, report(ALLOCATION, renamed, name="later.csv"))
    assert done.plan.questions == ()
    found = books.read(lambda work: list(work.db.scalars(select(Provider))))
    assert [(one.name, one.simplepractice_id) for one in found] == [("Testa Fernsample", "9000001")]


def test_a_payers_check_without_any_word_of_what_it_paid_is_a_reason(books: Office) -> None:
    insured_session(books, 6)
    exported(books, insured("5", "106.40", PaymentReferenceID="0000481516", DatePaid="03/24/2026"))
    found = books.read(clearing_list)
    reasons = {one.part: one.reason for one in found.lines}
    assert "0000481516" in reasons["payer_paid"]
    assert reasons["written_off"] == "Written off, but the payer’s payment is missing"
    assert found.total == found.ledger == Money(145_00)
    assert [one.left for one in found.left_over] == [Money(106_40)]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ((), "the payment export of its day is not here"),
        ((paid("7", "1.00", "Zebra Testcase"),), "although the payment export of its day is here"),
    ],
)
def test_why_a_clients_session_stands_open(
    books: Office, more: tuple[list[str], ...], why: str
) -> None:
    def add(work: Work) -> None:
        patient = add_patient(work, "Quill Fakerson", also="Quill Fakerson")
        provider = add_provider(work, "Testa Fernsample")
        add_session(work, patient, provider, day=date(2026, 3, 3), share=30_00, patient_paid=30_00)

    books.write(add)
    if more:
        exported(books, *more)
    (open_line,) = books.read(clearing_list).lines
    assert why in open_line.reason
    assert (open_line.patient, open_line.code, open_line.amount) == (
        "Quill Fakerson",
        "90837",
        Money(30_00),
    )
