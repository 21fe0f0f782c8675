"""Draws an invoice in three styles: in plain words, in detail, or in sums by month."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from fscdesk.models.values import Money
from fscdesk.services.printing.flow import Part, gap
from fscdesk.services.printing.invoice_document import (
    InvoiceDoc,
    InvoiceGroup,
    InvoiceLine,
    InvoiceStyle,
)
from fscdesk.services.printing.letterhead import AmountBox
from fscdesk.services.printing.paper import Paper, print_paper
from fscdesk.services.printing.parts import banner, heading, paragraph, sum_line
from fscdesk.services.printing.sheet import QUIET, VALUE
from fscdesk.services.printing.slip import Slip
from fscdesk.services.printing.table import DATE, Column, Table, table_parts
from fscdesk.services.printing.words import amount, coded, counted, day, dollars, month_name

__all__ = ["InvoiceDoc", "InvoiceGroup", "InvoiceLine", "InvoiceStyle", "invoice"]


class Amount(NamedTuple):
    """A column of amounts, and how it is read from a line or a group."""

    name: str
    of: Callable[[InvoiceLine | InvoiceGroup], Money]


def invoice(document: InvoiceDoc) -> bytes:
    """The invoice as PDF, with its recipient in the envelope's window and a slip to return."""
    void = document.void_on is not None
    pays = not void and document.amount_due.cents > 0
    due = day(document.due_on)
    slip = Slip(
        document.bill_to.name,
        f"Account {document.account}, invoice {document.number}",
        dollars(document.amount_due),
        due,
    )
    return print_paper(
        Paper(
            document.letterhead,
            "Invoice",
            document.number,
            facts=(
                ("Number", document.number),
                ("Issued", day(document.issued)),
                ("Account", document.account),
                ("Terms", f"{document.terms}, due {due}" if document.terms else f"due {due}"),
            ),
            recipient=document.bill_to,
            parts=tuple(_parts(document)),
            again=(
                f"Account {document.account}",
                f"Invoice {document.number}, {_issued(document)}",
            ),
            box=_box(document, pays=pays),
            slip=slip if pays else None,
            mark="VOID" if void else "",
        )
    )


def _issued(document: InvoiceDoc) -> str:
    return day(document.issued)


def _box(document: InvoiceDoc, *, pays: bool) -> AmountBox:
    keep = "Keep this for your records"
    if document.void_on is not None:
        return AmountBox("Void,", "nothing to pay", "", keep)
    if document.amount_due.cents < 0:
        return AmountBox("Credit balance,", "nothing to pay", "", keep)
    by = f"by {day(document.due_on)}" if pays else "nothing to pay"
    hint = "Pay with the slip below" + (", or call us" if document.letterhead.phone else "")
    return AmountBox("Amount due", by, dollars(document.amount_due), hint if pays else keep)


def _parts(document: InvoiceDoc) -> Iterator[Part]:
    if document.void_on is not None:
        yield banner(f"Void since {day(document.void_on)}", document.void_reason)
    note = document.note or _same_on_all(document)
    match document.style:
        case InvoiceStyle.SUMMARY:
            yield heading("Your services by month", note)
            yield from _summary(document)
        case InvoiceStyle.DETAILED:
            yield heading("Charges in detail", note)
            yield from _detailed(document)
        case InvoiceStyle.PATIENT:
            yield heading("Your sessions", note)
            yield from _plain(document)
    yield gap(12)
    if document.void_on is None and document.amount_due.cents > 0:
        yield from paragraph(document.how_to_pay or _usual_way(document), QUIET)
    yield from paragraph(document.letterhead.question("invoice"), QUIET)


def _same_on_all(document: InvoiceDoc) -> str:
    """Patient and clinician, where all lines have the same, so that no line repeats them."""
    patients = {line.patient for line in document.lines}
    clinicians = {line.clinician for line in document.lines}
    patient = patients.pop() if len(patients) == 1 else ""
    clinician = clinicians.pop() if len(clinicians) == 1 else ""
    said = (f"For {patient}" if patient else "", f"with {clinician}" if clinician else "")
    sentence = ", ".join(part for part in said if part)
    return sentence[:1].upper() + sentence[1:]


def _who(document: InvoiceDoc) -> Callable[[InvoiceLine], tuple[str, ...]]:
    """What a line says of patient and clinician: only what differs between the lines."""
    several_patients = len({line.patient for line in document.lines}) > 1
    several_clinicians = len({line.clinician for line in document.lines}) > 1

    def who(line: InvoiceLine) -> tuple[str, ...]:
        clinician = f"with {line.clinician}" if several_clinicians and line.clinician else ""
        texts = (line.patient if several_patients else "", clinician)
        return tuple(text for text in texts if text)

    return who


def _usual_way(document: InvoiceDoc) -> str:
    """How to pay, where the practice has said nothing else."""
    return (
        f"Pay {dollars(document.amount_due)} by {day(document.due_on)}: send a check to "
        f"{document.letterhead.name} with the slip, and write the invoice number "
        f"{document.number} on it."
    )


def _amounts(document: InvoiceDoc, *, detailed: bool) -> tuple[Amount, ...]:
    """The columns of amounts; what is zero on each line has none, except in detail."""
    middle = (
        (document.insurance, Amount("Insurance", lambda of: of.insurance)),
        (document.adjusted, Amount("Adjusted", lambda of: of.adjusted)),
    )
    changed = tuple(
        column
        for money, column in middle
        if detailed or money or any(column.of(line) for line in document.lines)
    )
    return (
        Amount("Charge", lambda of: of.charge),
        *changed,
        Amount("Paid", lambda of: of.paid),
        Amount("To pay", lambda of: of.due()),
    )


def _table(first: tuple[Column, ...], amounts: tuple[Amount, ...], wide: float) -> Table:
    last = len(amounts) - 1
    columns = (
        Column(each.name, wide, right=True, style=VALUE if n == last else first[0].style)
        for n, each in enumerate(amounts)
    )
    return Table((*first, *columns))


def _plain(document: InvoiceDoc) -> Iterator[Part]:
    """A day and a service; no codes."""
    amounts = _amounts(document, detailed=False)
    table = _table((DATE, Column("What")), amounts, 50)
    who = _who(document)
    rows = (
        table.row(day(line.day), (line.what, *who(line)), *(each.of(line) for each in amounts))
        for line in document.lines
    )
    yield from table_parts(table, rows, *_sums(document))


def _detailed(document: InvoiceDoc) -> Iterator[Part]:
    """Codes, units, rates, and each change of a charge in a column of its own."""
    amounts = _amounts(document, detailed=True)
    units = Column("Units × rate", 58, right=True, style=QUIET)
    table = _table((DATE, Column("What, code"), units), amounts, 48)
    who = _who(document)
    rows = []
    for line in document.lines:
        code = coded(line.code, line.modifiers)
        what = (line.what, *((code,) if code else ()), *who(line))
        each_rate = f"{line.units:,} × {amount(line.rate)}"
        values = (each.of(line) for each in amounts)
        rows.append(table.row(day(line.day), what, each_rate, *values))
    yield from table_parts(table, rows, *_sums(document))


def _summary(document: InvoiceDoc) -> Iterator[Part]:
    """Sums by month and clinician."""
    amounts = _amounts(document, detailed=False)
    first = (
        Column("Month", 84, style=QUIET),
        Column("Clinician"),
        Column("Services", 44, right=True),
    )
    table = _table(first, amounts, 50)
    rows = []
    month = ""
    for group in document.groups():
        name = month_name(group.month)
        count = f"{group.count:,}"
        values = (each.of(group) for each in amounts)
        rows.append(table.row("" if name == month else name, group.clinician, count, *values))
        month = name
    yield from table_parts(table, rows, *_sums(document))


def _sums(document: InvoiceDoc) -> Iterator[Part]:
    """From all charges to what is due; what is nothing is not said."""
    yield gap(5, keep_next=True)
    yield sum_line(f"Subtotal, {counted(len(document.lines), 'charge')}", document.subtotal)
    if document.insurance:
        yield sum_line("Paid by insurance", document.insurance)
    yield sum_line("Adjustments", document.adjusted)
    yield sum_line("Paid", document.paid)
    credit = document.amount_due.cents < 0
    void = document.void_on is not None
    name = "Was due" if void else "Credit balance" if credit else "Amount due"
    yield sum_line(name, abs(document.amount_due), last=True, keep_next=False)
