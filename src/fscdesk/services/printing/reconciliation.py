"""Draws a reconciliation: the proof on both sides, what is on the way, and every cleared line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fscdesk.models.values import Money
from fscdesk.services.printing.flow import Part, gap
from fscdesk.services.printing.letterhead import AmountBox
from fscdesk.services.printing.paper import Paper, print_paper
from fscdesk.services.printing.parties import Recipient
from fscdesk.services.printing.parts import heading, paragraph, signatures
from fscdesk.services.printing.reconciliation_document import (
    ReconciliationDoc,
    ReconciliationLine,
)
from fscdesk.services.printing.sheet import QUIET, VALUE
from fscdesk.services.printing.sums import total
from fscdesk.services.printing.table import DATE, Column, Table, table_parts
from fscdesk.services.printing.words import day, dollars

__all__ = ["ReconciliationDoc", "ReconciliationLine", "reconciliation"]

_PROOF = Table((Column(""), Column("Items", 60, right=True), Column("Amount", 96, right=True)))
_ITEMS = Table(
    (DATE, Column("Document", 104), Column("What"), Column("Amount", 82, right=True, style=VALUE))
)
_LINES = Table((DATE, Column("The bank’s words"), Column("Amount", 82, right=True, style=VALUE)))


def reconciliation(document: ReconciliationDoc) -> bytes:
    """The reconciliation as PDF, with the places to sign; the same figures give the same bytes."""
    period = f"{day(document.first_day)} to {day(document.last_day)}"
    return print_paper(
        Paper(
            document.letterhead,
            "Bank reconciliation",
            document.number,
            facts=(
                ("Number", document.number),
                ("Period", period),
                ("Ledger account", document.ledger),
            ),
            recipient=Recipient(document.account, (document.bank,) if document.bank else ()),
            parts=tuple(_parts(document)),
            again=(document.account, f"Reconciliation {document.number}"),
            box=AmountBox(
                "Statement balance",
                f"on {day(document.last_day)}",
                dollars(document.statement),
                f"Our books: {dollars(document.book)}",
            ),
        )
    )


def _parts(document: ReconciliationDoc) -> Iterator[Part]:
    yield heading("The bank’s side")
    yield from _proof(
        ("Balance when the period opened", "", document.opening),
        ("Money in that cleared", *_sum(document.cleared_in)),
        ("Money out that cleared", *_sum(document.cleared_out)),
        last=("Statement balance", document.statement),
    )
    yield gap(14)
    yield heading("Our books")
    after = [one for one in document.booked_after if one.amount.cents]
    rows = [
        ("Statement balance", "", document.statement),
        ("Deposits in transit", *_sum(document.in_transit)),
        ("Outstanding checks and payments", *_sum(document.outstanding)),
    ]
    if after:
        many, money = _sum(after)
        rows.append(("At the bank, in our books on a later day", many, -money))
    yield from _proof(
        *rows, last=(f"Account {document.ledger} on {day(document.last_day)}", document.book)
    )
    yield gap(14)
    for title, items in (
        ("Deposits in transit", document.in_transit),
        ("Outstanding checks and payments", document.outstanding),
        ("At the bank, in our books on a later day", after),
    ):
        yield from _items(title, items)
    yield from paragraph(
        f"Both sides agree to the cent. Completed by {document.completed_by}, "
        f"{document.completed_at}.",
        QUIET,
        keep_next=True,
    )
    yield signatures((("Prepared by", document.completed_by), ("Reviewed by", "")))
    yield gap(16)
    for title, lines in (
        ("Money in that cleared", document.cleared_in),
        ("Money out that cleared", document.cleared_out),
    ):
        if lines:
            yield heading(title, f"{len(lines)} lines" if len(lines) > 1 else "1 line")
            shown = (_LINES.row(day(one.day), one.words, one.amount) for one in lines)
            yield from table_parts(
                _LINES, shown, _LINES.sums("", "Total", total(one.amount for one in lines))
            )
            yield gap(12)


def _proof(*rows: tuple[str, str, Money], last: tuple[str, Money]) -> Iterator[Part]:
    shown = (_PROOF.row(*row) for row in rows)
    yield from table_parts(_PROOF, shown, _PROOF.sums(last[0], "", last[1]))


def _items(title: str, items: Sequence[ReconciliationLine]) -> Iterator[Part]:
    if not items:
        return
    yield heading(title)
    shown = (_ITEMS.row(day(one.day), one.document, one.words, one.amount) for one in items)
    end = _ITEMS.sums("", "", "Total", total(one.amount for one in items))
    yield from table_parts(_ITEMS, shown, end)
    yield gap(12)


def _sum(items: Sequence[ReconciliationLine]) -> tuple[str, Money]:
    return str(len(items)), total(one.amount for one in items)
