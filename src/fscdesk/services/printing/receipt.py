"""Draws a receipt: how money came, what it paid, what is left, and who took it."""

from __future__ import annotations

from collections.abc import Iterator

from fscdesk.services.printing.flow import Part, gap
from fscdesk.services.printing.letterhead import AmountBox
from fscdesk.services.printing.paper import Paper, print_paper
from fscdesk.services.printing.parts import banner, heading, paragraph, sum_line
from fscdesk.services.printing.receipt_document import (
    ReceiptCredit,
    ReceiptDoc,
    ReceiptLine,
    ReceiptState,
)
from fscdesk.services.printing.sheet import QUIET, VALUE
from fscdesk.services.printing.table import DATE, Column, Table, table_parts
from fscdesk.services.printing.words import day, dollars

__all__ = ["ReceiptCredit", "ReceiptDoc", "ReceiptLine", "ReceiptState", "receipt"]

METHODS = {
    "cash": "in cash",
    "check": "by check",
    "card": "by card",
    "debit": "by debit card",
    "ach": "by bank transfer (ACH)",
    "wire": "by wire transfer",
    "eft": "by electronic transfer (EFT)",
    "online": "online",
    "plan": "on a payment plan",
    "other": "in another way",
}
IN_THE_BOX = {
    **METHODS,
    "ach": "by ACH",
    "wire": "by wire",
    "eft": "by EFT",
    "plan": "on a plan",
    "other": "other way",
}
"""How money came, short enough to stand beside the amount."""
TABLE = Table(
    (
        DATE,
        Column("For", 132),
        Column("Service"),
        Column("Code", 62),
        Column("Amount", 76, right=True, style=VALUE),
    )
)


def receipt(document: ReceiptDoc) -> bytes:
    """The receipt as PDF, with the payer in the envelope's window."""
    how = IN_THE_BOX.get(document.method.lower(), "")
    whose = "Payer" if document.from_payer else "Account"
    return print_paper(
        Paper(
            document.letterhead,
            "Receipt",
            document.number,
            facts=(
                ("Number", document.number),
                ("Received", document.received_at),
                (whose, document.account),
            ),
            recipient=document.payer,
            parts=tuple(_parts(document)),
            again=(f"{whose} {document.account}", f"Receipt {document.number}"),
            box=AmountBox(
                "Received",
                how,
                dollars(document.amount),
                "Keep this for your records",
            ),
            mark="" if document.state is ReceiptState.STANDS else document.state.value.upper(),
        )
    )


def paid_by(method: str, reference: str) -> str:
    """How money came, as said in a sentence: ``by check, number 1042``."""
    how = METHODS.get(method.lower(), f"by {method}" if method else "")
    name = "number" if method.lower() == "check" else "reference"
    if method and reference.lower().startswith(f"{method.lower()} "):
        reference = reference[len(method) + 1 :]  # "check 1047", as SimplePractice writes it
    return ", ".join(part for part in (how, f"{name} {reference}" if reference else "") if part)


def _parts(document: ReceiptDoc) -> Iterator[Part]:
    stands = document.state is ReceiptState.STANDS
    if not stands:
        yield banner(document.state.value, document.state_reason)
    yield heading("What this payment covers" if stands else "What this payment had covered")
    yield from paragraph(_came(document), QUIET, keep_next=True)
    yield gap(12, keep_next=True)
    sums = list(_sums(document))
    if document.lines:
        rows = (
            TABLE.row(day(line.day), line.patient, line.service, line.code, line.amount)
            for line in document.lines
        )
        yield from table_parts(TABLE, rows, *sums)
    else:
        yield from sums
    yield gap(12)
    if stands:
        yield from paragraph(document.thanks, VALUE)
    yield from paragraph(document.letterhead.question("receipt"), QUIET)


def _came(document: ReceiptDoc) -> str:
    """From whom, how, when and to whom the money came, in one sentence."""
    how = paid_by(document.method, document.reference)
    parts = [f"{dollars(document.amount)} from {document.payer.name.strip()}", how]
    parts.append(f"received on {document.received_at}")
    taken = f" by {document.received_by.strip()}" if document.received_by else ""
    return ", ".join(part for part in parts if part) + f"{taken}."


def _sums(document: ReceiptDoc) -> Iterator[Part]:
    """What the amounts lead to: charges and credits are the whole payment."""
    yield gap(5, keep_next=True)
    if document.lines and document.credits:
        yield sum_line("Applied to charges", document.applied())
    for credit in document.credits:
        owner = f" for {credit.owner}" if credit.owner else ""
        yield sum_line(f"Kept as {credit.kind}{owner}", credit.amount)
    yield sum_line("Amount received", document.amount, last=True)
    owes = document.remaining.cents >= 0
    stands = document.state is ReceiptState.STANDS
    when = "after this payment" if stands else "now"
    name = f"Balance {when}" if owes else f"Credit balance {when}"
    yield sum_line(name, abs(document.remaining), keep_next=False)
