"""Draws a payment plan agreement: what is owed, the schedule, what it costs, and two signatures."""

from __future__ import annotations

from collections.abc import Iterator

from fscdesk.services.printing.flow import Part, gap
from fscdesk.services.printing.letterhead import AmountBox
from fscdesk.services.printing.paper import Paper, print_paper
from fscdesk.services.printing.parts import (
    clause,
    figures,
    heading,
    paragraph,
    signatures,
    small_heading,
    sum_line,
)
from fscdesk.services.printing.plan_agreement_document import (
    PlanAgreementDoc,
    PlanCharge,
    PlanPayment,
    PlanTerms,
)
from fscdesk.services.printing.sheet import BODY, QUIET, VALUE
from fscdesk.services.printing.table import DATE, Column, Table, table_parts
from fscdesk.services.printing.words import counted, day, dollars, percent

__all__ = ["PlanAgreementDoc", "PlanCharge", "PlanPayment", "PlanTerms", "plan_agreement"]

CHARGES = Table(
    (
        DATE,
        Column("For", 170),
        Column("Service"),
        Column("Open", 76, right=True, style=VALUE),
    )
)
SCHEDULE = Table(
    (
        Column("Payment", 46, right=True, style=QUIET),
        Column("Due on"),
        Column("Principal", 84, right=True),
        Column("Interest", 76, right=True),
        Column("Amount", 84, right=True, style=VALUE),
        Column("Remaining", 88, right=True, style=QUIET),
    )
)


def plan_agreement(document: PlanAgreementDoc) -> bytes:
    """The agreement as PDF, to be signed; each sentence of it is on it whole."""
    first = document.payments[0]
    return print_paper(
        Paper(
            document.letterhead,
            "Payment plan",
            document.number,
            facts=(
                ("Number", document.number),
                ("Date", day(document.made_on)),
                ("Account", document.account),
            ),
            recipient=document.debtor,
            parts=tuple(_parts(document)),
            again=(
                f"Account {document.account}",
                f"Payment plan {document.number}, {day(document.made_on)}",
            ),
            box=AmountBox(
                "First payment",
                f"by {day(first.due_on)}",
                dollars(first.amount),
                f"{counted(len(document.payments), 'payment')}, the last one on "
                f"{day(document.payments[-1].due_on)}",
            ),
        )
    )


def _parts(document: PlanAgreementDoc) -> Iterator[Part]:
    yield heading("Payment plan agreement")
    yield from paragraph(
        f"Between {document.letterhead.name} (“the practice”) and {document.debtor.name} (“you”). "
        f"You owe the practice {dollars(document.owed)} for the charges below, and pay it in "
        "parts as this agreement says.",
        BODY,
    )
    yield gap(8)
    yield small_heading("What is owed")
    rows = (
        CHARGES.row(day(charge.day), charge.patient, charge.what, charge.amount)
        for charge in document.charges
    )
    yield from table_parts(
        CHARGES,
        rows,
        gap(5, keep_next=True),
        sum_line("Owed", document.owed),
        sum_line(_down(document), -document.down_payment),
        sum_line("Paid by this plan", document.financed, last=True, keep_next=False),
    )
    yield gap(12)
    yield small_heading("What it costs")
    yield figures(
        (
            ("Annual percentage rate", percent(document.terms.apr)),
            ("Interest (finance charge)", dollars(document.total_interest)),
            ("Amount financed", dollars(document.financed)),
            ("Total of payments", dollars(document.total_of_payments)),
        )
    )
    yield gap(12)
    yield small_heading("When each payment is due")
    yield from _schedule(document)
    yield gap(12)
    yield small_heading("Terms")
    for name, sentence in _terms(document):
        yield from clause(name, sentence)
        yield gap(4)
    yield gap(5)
    yield from paragraph(
        "By signing, both agree to this plan. Sign both copies and keep one.", BODY, keep_next=True
    )
    yield gap(6, keep_next=True)
    yield signatures(
        (("Signature", document.debtor.name), ("For the practice", document.letterhead.name))
    )


def _down(document: PlanAgreementDoc) -> str:
    if not document.down_payment:
        return "Down payment: none"
    when = f"by {day(document.down_payment_on)}" if document.down_payment_on else "on signing"
    return f"Down payment, due {when}"


def _schedule(document: PlanAgreementDoc) -> Iterator[Part]:
    rows = (
        SCHEDULE.row(
            str(payment.number),
            day(payment.due_on),
            payment.principal,
            payment.interest,
            payment.amount,
            payment.remaining,
        )
        for payment in document.payments
    )
    sums = SCHEDULE.sums(
        "",
        "Together",
        document.financed,
        document.total_interest,
        document.total_of_payments,
        None,
    )
    yield from table_parts(SCHEDULE, rows, sums)


def _terms(document: PlanAgreementDoc) -> Iterator[tuple[str, str]]:
    """Each clause as a paragraph, in plain words."""
    terms = document.terms
    if document.total_interest:
        yield (
            "Interest",
            (
                f"Simple interest of {percent(terms.apr)} a year is part of the payments above: "
                f"{dollars(document.total_interest)} in all. There is no interest on interest."
            ),
        )
    else:
        yield "Interest", "None is charged on this plan."
    yield "Late payment", _late_fee(terms)
    yield _auto_pay(terms)
    yield (
        "Default",
        terms.default_clause
        or (
            f"If {counted(terms.default_after, 'payment')} {_missed(terms)}, the practice may end "
            "this plan by a letter to you. What is then left of the charges is due at once, and "
            "may be given to a collection agency."
        ),
    )
    yield (
        "Paying early",
        terms.early_clause
        or (
            "You may pay all or a part of what is left on any day, without a fee. Interest for "
            "the time after that day is not charged."
        ),
    )
    yield (
        "What it covers",
        (
            "Only the charges listed above. New charges are billed as usual, unless both agree to "
            "add them."
        ),
    )


def _missed(terms: PlanTerms) -> str:
    """What a missed payment is: ``is not made within 10 days of its due date``."""
    one = terms.default_after == 1
    within = f"within {counted(terms.grace_days, 'day')} of" if terms.grace_days else "on"
    dates = "its due date" if one else "their due dates"
    return f"{'is' if one else 'are'} not made {within} {dates}"


def _late_fee(terms: PlanTerms) -> str:
    """Grace and late fee, as the practice's policy has them."""
    days = counted(terms.grace_days, "day")
    until = f"within {days} of its due date" if terms.grace_days else "on its due date"
    least, share = terms.late_fee_least, terms.late_fee_percent
    if not least and not share:
        return f"A payment counts as on time {until}. No late fee is charged."
    of_it = f"{percent(share)} of that payment"
    if least and share:
        fee = f"{dollars(least)} or {of_it}, whichever is greater,"
    else:
        fee = dollars(least) if least else of_it
    return f"If a payment is not made {until}, a late fee of {fee} is added."


def _auto_pay(terms: PlanTerms) -> tuple[str, str]:
    """Who makes the payments: the client, or the practice from a card."""
    if not terms.auto_pay:
        return (
            "How to pay",
            "You make each payment yourself by its due date, and give the account number with it.",
        )
    discount = terms.auto_pay_discount
    also = f" If every payment is made so, {dollars(discount)} is taken off." if discount else ""
    return (
        "Automatic payment",
        (
            f"You allow the practice to charge {terms.auto_pay} with the amount of each payment on "
            f"its due date. You may end this at any time in writing.{also}"
        ),
    )
