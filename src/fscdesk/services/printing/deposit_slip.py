"""Draws a deposit slip: cash by its notes, the list of checks, the total, who handed it over."""

from __future__ import annotations

from collections.abc import Iterator

from fscdesk.models.values import Money
from fscdesk.services.printing.deposit_slip_document import DepositSlipDoc, SlipCash, SlipItem
from fscdesk.services.printing.flow import Part, gap
from fscdesk.services.printing.letterhead import AmountBox
from fscdesk.services.printing.paper import Paper, print_paper
from fscdesk.services.printing.parties import Recipient
from fscdesk.services.printing.parts import banner, paragraph, signatures, small_heading, sum_line
from fscdesk.services.printing.sheet import QUIET, VALUE
from fscdesk.services.printing.table import Column, Table, table_parts
from fscdesk.services.printing.words import counted, day, dollars

__all__ = ["DepositSlipDoc", "SlipCash", "SlipItem", "deposit_slip"]

CASH = Table(
    (
        Column("Notes and coins"),
        Column("How many", 90, right=True),
        Column("Amount", 90, right=True, style=VALUE),
    )
)
ITEMS = Table(
    (
        Column("No.", 30, style=QUIET),
        Column("Number"),
        Column("Payment", 130, style=QUIET),
        Column("Amount", 90, right=True, style=VALUE),
    )
)
_DOLLAR = 100


def deposit_slip(document: DepositSlipDoc) -> bytes:
    """The slip as PDF."""
    undone = document.undone_on is not None
    facts = (
        ("Number", document.number),
        ("Date", day(document.on)),
        *((("Reference", document.reference),) if document.reference else ()),
    )
    return print_paper(
        Paper(
            document.letterhead,
            "Deposit slip",
            document.number,
            facts=facts,
            recipient=Recipient(document.bank or "To the bank", (document.account,)),
            parts=tuple(_parts(document)),
            again=(f"Deposit {document.number}", day(document.on)),
            box=AmountBox("Deposit", "", dollars(document.amount), _hint(document)),
            mark="UNDONE" if undone else "",
        )
    )


def _hint(document: DepositSlipDoc) -> str:
    checks = counted(len(document.checks), "check") if document.checks else ""
    cash = "cash" if document.cash else ""
    others = counted(len(document.others), "other item") if document.others else ""
    return ", ".join(part for part in (cash, checks, others) if part)


def _parts(document: DepositSlipDoc) -> Iterator[Part]:
    if document.undone_on is not None:
        yield banner(f"Undone on {day(document.undone_on)}", document.undone_why)
    if document.cash:
        yield from _cash(document)
    if document.checks:
        yield small_heading("Checks", counted(len(document.checks), "check"))
        yield from _items(document.checks, "Checks", document.of_checks())
        yield gap(10)
    if document.others:
        yield small_heading("Other items")
        yield from _items(document.others, "Other items", document.of_others())
        yield gap(10)
    if document.fees:
        yield sum_line("Together", document.amount + document.fees)
        yield sum_line("Fees kept back", -document.fees)
    signed = bool(document.cash or document.checks)
    yield sum_line("Total of the deposit", document.amount, last=True, keep_next=signed)
    if document.note:
        yield gap(10, keep_next=signed)
        yield from paragraph(document.note, QUIET, keep_next=signed)
    if signed:
        yield gap(24, keep_next=True)
        yield signatures((("Handed over by", ""), ("Taken by the bank", "")))


def _cash(document: DepositSlipDoc) -> Iterator[Part]:
    if not document.counted:
        yield sum_line("Cash", document.cash, keep_next=False)
        yield gap(10)
        return
    yield small_heading("Cash")
    rows = (CASH.row(_worth(one.value), str(one.count), one.amount) for one in document.counted)
    ends = gap(5, keep_next=True), sum_line("Cash", document.cash, keep_next=False)
    yield from table_parts(CASH, rows, *ends)
    yield gap(10)


def _worth(value: Money) -> str:
    """``$20`` for a note, ``25 ¢`` for a coin."""
    if value.cents >= _DOLLAR:
        return f"${value.cents // _DOLLAR}"
    return f"{value.cents} ¢"


def _items(items: tuple[SlipItem, ...], name: str, sums: Money) -> list[Part]:
    rows = (
        ITEMS.row(str(place), one.reference or "without a number", one.number, one.amount)
        for place, one in enumerate(items, 1)
    )
    ends = gap(5, keep_next=True), sum_line(name, sums, keep_next=False)
    return table_parts(ITEMS, rows, *ends)
