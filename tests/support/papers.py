"""Builds fictional receipts, invoices, superbills and letters for the tests of paper."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from fscdesk.models.values import ZERO, Money
from fscdesk.services.printing.credit_memo import CreditMemoDoc, CreditMemoLine, CreditMemoUse
from fscdesk.services.printing.estimate import EstimateDoc, EstimateService
from fscdesk.services.printing.explanation import ExplainedCharge, ExplainedStep, ExplanationDoc
from fscdesk.services.printing.invoice import InvoiceDoc, InvoiceLine, InvoiceStyle
from fscdesk.services.printing.parties import Clinician, Diagnosis, Letterhead, Recipient
from fscdesk.services.printing.plan_agreement import (
    PlanAgreementDoc,
    PlanCharge,
    PlanPayment,
    PlanTerms,
)
from fscdesk.services.printing.receipt import (
    ReceiptCredit,
    ReceiptDoc,
    ReceiptLine,
    ReceiptState,
)
from fscdesk.services.printing.reminder import ReminderDoc, ReminderLine, ReminderTone
from fscdesk.services.printing.sums import total
from fscdesk.services.printing.superbill import SuperbillDoc, SuperbillLine
from tests.support.pdf import page_texts
from tests.support.statements import LETTERHEAD

RECIPIENT = Recipient("Sample McSampleface", ("102 Nowhere Lane", "Sampleville, NJ 07002"))
CLINICIAN = Clinician("Mockley O’Sample", "LCSW", "0000000000", "44SC00000000, NJ", "000X00000X")
DIAGNOSES = (Diagnosis("F41.1"), Diagnosis("F33.1", "as the practice writes it"))
TAX_ID, NPI = "00-0000000", "0000000001"
ACCOUNT = "1003"
SERVICE = "Individual session, 50 minutes"
MARCH = date(2026, 3, 1)
OPEN, RATE, DOWN, INTEREST = Money(55_00), Money(160_00), Money(60_00), Money(1_25)
INSURED, ADJUSTED, PAID = Money(-60_00), Money(-20_00), Money(-30_00)
PREPAID = ReceiptCredit("prepayment", "Quill Fakerson", Money(40_00))
TERMS = PlanTerms(Decimal(5), Money(25_00), Decimal(5), 10)


def flat(pdf: bytes) -> str:
    """The text of all pages, with one space wherever there is white or a new line."""
    return re.sub(r"\s+", " ", " ".join(page_texts(pdf)))


def a_receipt(
    rows: int = 3,
    *,
    payer: Recipient = RECIPIENT,
    patient: str = "Quill Fakerson",
    service: str = SERVICE,
    kept: tuple[ReceiptCredit, ...] = (PREPAID,),
    method: str = "check",
    reference: str = "1042",
    remaining: Money = OPEN,
    received_by: str = "Dana Kestrel",
    state: ReceiptState = ReceiptState.STANDS,
    reason: str = "",
    letterhead: Letterhead = LETTERHEAD,
) -> ReceiptDoc:
    """A receipt whose charges are 95.00 and a cent more each."""
    lines = tuple(
        ReceiptLine(
            MARCH + timedelta(days=row),
            patient,
            f"{service} {row:03d}.",
            "90837",
            Money(9500 + row),
        )
        for row in range(rows)
    )
    return ReceiptDoc(
        letterhead,
        "RC-2026-00007",
        "04/01/2026 08:15",
        ACCOUNT,
        payer,
        method,
        reference,
        total(part.amount for part in lines) + total(part.amount for part in kept),
        remaining,
        lines,
        kept,
        received_by,
        state,
        reason,
    )


def an_invoice(
    rows: int = 4,
    *,
    style: InvoiceStyle = InvoiceStyle.PATIENT,
    bill_to: Recipient = RECIPIENT,
    patients: tuple[str, ...] = ("Quill Fakerson",),
    clinicians: tuple[str, ...] = ("Mockley O’Sample",),
    what: str = SERVICE,
    units: int = 1,
    rate: Money = RATE,
    insurance: Money = INSURED,
    adjusted: Money = ADJUSTED,
    paid: Money = PAID,
    void_on: date | None = None,
    void_reason: str = "",
    letterhead: Letterhead = LETTERHEAD,
    number: str = "INV-2026-00042",
    how_to_pay: str = "",
) -> InvoiceDoc:
    """An invoice over sessions a week apart."""
    charge = Money(units * rate.cents)
    lines = tuple(
        InvoiceLine(
            MARCH + timedelta(days=7 * row),
            f"{what} {row:03d}.",
            clinicians[row % len(clinicians)],
            charge,
            rate,
            units,
            "90837",
            ("95", "HO"),
            patients[row % len(patients)],
            insurance,
            adjusted,
            paid,
        )
        for row in range(rows)
    )
    return InvoiceDoc(
        letterhead,
        style,
        number,
        ACCOUNT,
        date(2026, 4, 1),
        date(2026, 5, 1),
        bill_to,
        lines,
        total(line.charge for line in lines),
        total(line.insurance for line in lines),
        total(line.adjusted for line in lines),
        total(line.paid for line in lines),
        total(line.due() for line in lines),
        how_to_pay=how_to_pay,
        void_on=void_on,
        void_reason=void_reason,
    )


def a_superbill(
    rows: int = 4,
    *,
    patient: Recipient = RECIPIENT,
    clinician: Clinician = CLINICIAN,
    diagnoses: tuple[Diagnosis, ...] = DIAGNOSES,
    pointers: str = "AB",
    what: str = SERVICE,
    letterhead: Letterhead = LETTERHEAD,
    modifiers: tuple[str, ...] = ("95",),
    insurance: tuple[str, ...] = (),
) -> SuperbillDoc:
    """A superbill over sessions in March, paid in part."""
    lines = tuple(
        SuperbillLine(
            MARCH + timedelta(days=row % 31),
            "11",
            "90837",
            f"{what} {row:03d}.",
            pointers,
            Money(160_00),
            Money(100_00 + row),
            1,
            modifiers,
        )
        for row in range(rows)
    )
    return SuperbillDoc(
        letterhead,
        TAX_ID,
        NPI,
        "SB-2026-00003",
        ACCOUNT,
        date(2026, 4, 1),
        MARCH,
        date(2026, 3, 31),
        patient,
        date(1990, 2, 28),
        clinician,
        diagnoses,
        lines,
        total(line.charge for line in lines),
        total(line.paid for line in lines),
        insurance,
    )


def a_plan(
    months: int = 6,
    *,
    charges: int = 3,
    debtor: Recipient = RECIPIENT,
    interest: Money = INTEREST,
    terms: PlanTerms = TERMS,
    down: Money = DOWN,
    what: str = SERVICE,
    letterhead: Letterhead = LETTERHEAD,
) -> PlanAgreementDoc:
    """A plan with monthly payments on days that exist."""
    open_charges = tuple(
        PlanCharge(MARCH + timedelta(days=n), f"{what} {n:03d}.", "Quill Fakerson", Money(100_00))
        for n in range(charges)
    )
    owed = total(charge.amount for charge in open_charges)
    financed = left = owed - down
    payments = []
    for n, principal in enumerate(financed.split([1] * months)):
        left -= principal
        due = date(2026 + (4 + n) // 12, (4 + n) % 12 + 1, 15)
        payments.append(PlanPayment(n + 1, due, principal, interest, principal + interest, left))
    return PlanAgreementDoc(
        letterhead,
        "PLN-2026-00002",
        ACCOUNT,
        date(2026, 4, 1),
        debtor,
        open_charges,
        owed,
        down,
        financed,
        tuple(payments),
        total(payment.interest for payment in payments),
        total(payment.amount for payment in payments),
        terms,
    )


def an_explanation(
    charges: int = 2,
    *,
    recipient: Recipient = RECIPIENT,
    service: str = SERVICE,
    sentence: str = "",
    credit: Money = ZERO,
    letterhead: Letterhead = LETTERHEAD,
) -> ExplanationDoc:
    """An explanation in which insurance paid a part, and the client a part of the rest."""
    explained = []
    for n in range(charges):
        moves = (
            (160_00, f"The session cost $160.00. {n:03d}:"),
            (-100_00, sentence or "Your insurance, Imaginary Blue, paid $100.00."),
            (-20_00, "The practice agreed with your insurance not to charge $20.00."),
            (-(25_00 + n), "You paid by card. Thank you."),
        )
        balance, steps = 0, []
        for week, (change, text) in enumerate(moves):
            balance += change
            when = MARCH + timedelta(days=7 * week + n % 7)
            steps.append(ExplainedStep(when, text, Money(change), Money(balance)))
        explained.append(
            ExplainedCharge(
                MARCH + timedelta(days=n % 7),
                service,
                "Mockley O’Sample",
                tuple(steps),
                "Quill Fakerson",
            )
        )
    if credit:
        step = ExplainedStep(MARCH, "You paid ahead by check 1042.", -credit, -credit)
        explained.append(ExplainedCharge(None, "Money not used yet", "", (step,)))
    left = total(charge.left() for charge in explained)
    return ExplanationDoc(letterhead, ACCOUNT, date(2026, 4, 1), recipient, tuple(explained), left)


def a_credit_memo(
    rows: int = 2,
    *,
    uses: tuple[CreditMemoUse, ...] = (
        CreditMemoUse(date(2026, 4, 2), "Applied to invoice INV-2026-00042", Money(30_00)),
    ),
    recipient: Recipient = RECIPIENT,
    reason: str = "The sessions were charged at the wrong rate.",
    void_on: date | None = None,
    void_reason: str = "",
    letterhead: Letterhead = LETTERHEAD,
) -> CreditMemoDoc:
    """A credit memo, used in part."""
    lines = tuple(
        CreditMemoLine(
            MARCH + timedelta(days=n), f"{SERVICE} {n:03d}.", "Quill Fakerson", Money(20_00)
        )
        for n in range(rows)
    )
    amount = total(line.amount for line in lines)
    return CreditMemoDoc(
        letterhead,
        "CM-2026-00001",
        ACCOUNT,
        date(2026, 4, 1),
        recipient,
        reason,
        amount,
        amount - total(use.amount for use in uses),
        lines,
        uses,
        "INV-2026-00041",
        void_on,
        void_reason,
    )


def an_estimate(
    rows: int = 2,
    *,
    patient: Recipient = RECIPIENT,
    diagnoses: tuple[Diagnosis, ...] = DIAGNOSES,
    what: str = SERVICE,
    letterhead: Letterhead = LETTERHEAD,
    clinician: Clinician = CLINICIAN,
    separately: tuple[str, ...] = (),
) -> EstimateDoc:
    """An estimate for half a year of weekly sessions."""
    services = tuple(
        EstimateService(f"{what} {n:03d}.", "90837", 26, Money(160_00), Money(26 * 160_00))
        for n in range(rows)
    )
    return EstimateDoc(
        letterhead,
        TAX_ID,
        NPI,
        "GFE-2026-00005",
        ACCOUNT,
        date(2026, 4, 1),
        patient,
        date(1990, 2, 28),
        clinician,
        services,
        total(service.amount for service in services),
        date(2026, 4, 6),
        date(2026, 10, 5),
        diagnoses,
        separately=separately,
    )


def a_reminder(
    rows: int = 2,
    *,
    tone: ReminderTone = ReminderTone.DAYS_30,
    recipient: Recipient = RECIPIENT,
    paragraphs: tuple[str, ...] = (
        "We have not had a payment for the amounts below. They were due more than 30 days ago.",
        "Pay with the slip, or call us if you want to pay in parts.",
    ),
    letterhead: Letterhead = LETTERHEAD,
) -> ReminderDoc:
    """A letter about invoices that were due in March."""
    lines = tuple(
        ReminderLine(f"Invoice INV-2026-{n:05d}", MARCH - timedelta(days=n), Money(55_00))
        for n in range(rows)
    )
    return ReminderDoc(
        letterhead,
        ACCOUNT,
        date(2026, 4, 5),
        recipient,
        tone,
        paragraphs,
        lines,
        total(line.amount for line in lines),
        "REM-2026-00004",
        "The billing office",
    )
