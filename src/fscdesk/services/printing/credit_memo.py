"""Draws a credit memo: what is taken back, why, where it went, and what is left of it."""

from __future__ import annotations

from collections.abc import Iterator

from fscdesk.services.printing.credit_memo_document import (
    CreditMemoDoc,
    CreditMemoLine,
    CreditMemoUse,
)
from fscdesk.services.printing.flow import Part, gap
from fscdesk.services.printing.letterhead import AmountBox
from fscdesk.services.printing.paper import Paper, print_paper
from fscdesk.services.printing.parts import banner, heading, paragraph, small_heading, sum_line
from fscdesk.services.printing.sheet import BODY, QUIET, VALUE
from fscdesk.services.printing.table import DATE, Column, Table, table_parts
from fscdesk.services.printing.words import day, dollars

__all__ = ["CreditMemoDoc", "CreditMemoLine", "CreditMemoUse", "credit_memo"]

LINES = Table(
    (
        DATE,
        Column("For", 160),
        Column("Charge"),
        Column("Credit", 76, right=True, style=VALUE),
    )
)
USES = Table(
    (
        DATE,
        Column("What"),
        Column("Used", 76, right=True, style=VALUE),
    )
)


def credit_memo(document: CreditMemoDoc) -> bytes:
    """The memo as PDF, with its recipient in the envelope's window."""
    void = document.void_on is not None
    facts = (
        ("Number", document.number),
        ("Issued", day(document.issued)),
        ("Account", document.account),
        *((("For invoice", document.invoice),) if document.invoice else ()),
    )
    return print_paper(
        Paper(
            document.letterhead,
            "Credit memo",
            document.number,
            facts=facts,
            recipient=document.recipient,
            parts=tuple(_parts(document)),
            again=(
                f"Account {document.account}",
                f"Credit memo {document.number}, {day(document.issued)}",
            ),
            box=AmountBox("Void,", "nothing left of it", "", "Keep this for your records")
            if void
            else AmountBox("Credit", "", dollars(document.amount), "This is not a bill"),
            mark="VOID" if void else "",
        )
    )


def _parts(document: CreditMemoDoc) -> Iterator[Part]:
    if document.void_on is not None:
        yield banner(f"Void since {day(document.void_on)}", document.void_reason)
    yield heading("What is credited to you")
    yield from paragraph(document.reason, BODY, keep_next=True)
    yield gap(10, keep_next=True)
    credit = sum_line("Credit", document.amount, last=True, keep_next=False)
    if document.lines:
        rows = (
            LINES.row(day(line.day), line.patient, line.what, line.amount)
            for line in document.lines
        )
        yield from table_parts(LINES, rows, gap(5, keep_next=True), credit)
    else:
        yield credit
    if document.uses:
        yield gap(10)
        yield small_heading("Where it went")
        used = (USES.row(day(use.day), use.what, use.amount) for use in document.uses)
        name = "Left of this credit" if document.void_on is None else "Taken back"
        left = sum_line(name, document.left, last=True, keep_next=False)
        yield from table_parts(USES, used, gap(5, keep_next=True), left)
    yield gap(12)
    if document.void_on is None:
        yield from paragraph(_left(document), BODY)
    yield from paragraph(document.letterhead.question("credit memo"), QUIET)


def _left(document: CreditMemoDoc) -> str:
    if not document.left:
        return "All of this credit has been used. There is nothing to do."
    return (
        f"{dollars(document.left)} stands on your account and lowers what you owe. "
        "There is nothing to do."
    )
