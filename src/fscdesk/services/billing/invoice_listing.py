"""Lists invoices with what is open of each, on any day; the status that is shown follows from it.

Stored is what a person did (draft, sent, viewed, collections, written off, void); partly paid,
paid and overdue are read from the ledger each time, so they cannot be wrong.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from fscdesk.models.charge import Charge
from fscdesk.models.invoice import Invoice, InvoiceLine, InvoiceStatus, InvoiceStyle
from fscdesk.models.ledger import JournalLine
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.accounts import AT_AGENCY, PATIENT_RECEIVABLE
from fscdesk.services.ledger.open_items import is_past
from fscdesk.services.paging import Page, Span
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work


class ShownStatus(enum.StrEnum):
    """Where an invoice stands, in the order of its life (DESIGN.md 7)."""

    DRAFT = "draft"
    SENT = "sent"
    VIEWED = "viewed"
    PARTIAL = "partial"
    PAID = "paid"
    OVERDUE = "overdue"
    COLLECTIONS = "collections"
    WRITTEN_OFF = "written_off"
    VOID = "void"


ASKED_FOR: Final = (ShownStatus.SENT, ShownStatus.VIEWED, ShownStatus.PARTIAL, ShownStatus.OVERDUE)
"""What the office still waits for."""


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One invoice as of a day. ``open`` is never more than it asked for.

    ``days_overdue`` is 0 unless the status is overdue. ``outdated``: its charges are not any
    more what its page says, so that it should be made anew.
    """

    id: int
    number: str
    guarantor_id: int
    account: str
    guarantor: str
    patient_id: int
    patient: str
    style: InvoiceStyle
    status: ShownStatus
    issued_on: date
    due_on: date
    amount: Money
    open: Money
    days_overdue: int
    sent_on: date | None
    viewed_on: date | None
    void_reason: str
    version: int
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class InvoiceFilter:
    """Which invoices; what is None or empty asks for nothing. ``text`` finds number and names.

    ``outdated`` leaves only those that should be made anew.
    """

    statuses: tuple[ShownStatus, ...] = ()
    guarantor_id: int | None = None
    patient_id: int | None = None
    text: str = ""
    issued_from: date | None = None
    issued_to: date | None = None
    overdue_days: int | None = None
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class InvoiceLineRow:
    """A charge on an invoice: what was asked for it, and what is open of it on the day."""

    charge_id: int
    session_id: int | None
    service_day: date
    code: str
    amount: Money
    open: Money


def page_of_invoices(
    work: Work, wanted: InvoiceFilter, span: Span, *, as_of: date | None = None
) -> Page[InvoiceRow]:
    """Return some invoices as of a day (today), with the sums of amount and open.

    Those issued later are not there yet. Sorts are ``number``, ``guarantor``, ``patient``,
    ``issued_on``, ``due_on``, ``amount``, ``open`` and ``status``.
    """
    require(work, Right.MAKE_INVOICES, "look at invoices")
    day = as_of or work.today()
    rows = _rows(work, day)
    found = _narrowed(select(rows), rows, wanted, day)
    sorts: dict[str, ColumnElement[Any]] = {
        name: rows.c[name]
        for name in ("guarantor", "patient", "issued_on", "due_on", "amount", "open", "status")
    }
    key = sorts.get(span.sort, rows.c.number)
    order = (key.desc(), rows.c.id.desc()) if span.descending else (key, rows.c.id)
    shown = work.db.execute(found.order_by(*order).offset(span.start).limit(span.size))
    sums = _narrowed(
        select(func.count(), func.sum(rows.c.amount), func.sum(rows.c.open)), rows, wanted, day
    )
    count, amount, still = work.db.execute(sums).one()
    return Page(
        span.start,
        count,
        tuple(_row(row, day) for row in shown),
        {"amount": _money(amount), "open": _money(still)},
    )


def invoice_row(work: Work, invoice_id: int, *, as_of: date | None = None) -> InvoiceRow:
    """Return one invoice as of a day (today). Raises Problem when it is not there."""
    require(work, Right.MAKE_INVOICES, "look at invoices")
    day = as_of or work.today()
    rows = _rows(work, day)
    found = work.db.execute(select(rows).where(rows.c.id == invoice_id)).one_or_none()
    if found is None:
        raise Problem("This invoice is not in the books.", hint="Look at the list again.")
    return _row(found, day)


def invoice_id_of(work: Work, number: str) -> int:
    """Return the id of an invoice by its number. Raises Problem when there is none."""
    found = work.db.scalar(select(Invoice.id).where(Invoice.number == number.strip().upper()))
    if found is None:
        raise Problem(f"There is no invoice {number}.", hint="Look at the list of invoices.")
    return found


def overdue_invoices(work: Work, as_of: date) -> tuple[InvoiceRow, ...]:
    """Return what is overdue on a day, by account and due day; the caller asked for the right."""
    rows = _rows(work, as_of)
    found = select(rows).where(rows.c.status == ShownStatus.OVERDUE.value)
    ordered = found.order_by(rows.c.account, rows.c.due_on, rows.c.id)
    return tuple(_row(row, as_of) for row in work.db.execute(ordered))


def invoice_lines(
    work: Work, invoice_id: int, *, as_of: date | None = None
) -> tuple[InvoiceLineRow, ...]:
    """Return the charges of an invoice in its order."""
    require(work, Right.MAKE_INVOICES, "look at invoices")
    still = _open_of_line(work, as_of or work.today())
    rows = work.db.execute(
        select(
            Charge.id,
            Charge.session_id,
            Charge.service_day,
            Charge.code,
            InvoiceLine.amount,
            still,
        )
        .join(InvoiceLine, InvoiceLine.charge_id == Charge.id)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(Invoice.id == invoice_id)
        .order_by(InvoiceLine.position)
    )
    return tuple(
        InvoiceLineRow(charge, session, day, code, amount, _money(left))
        for charge, session, day, code, amount, left in rows
    )


def _open_of_line(work: Work, as_of: date) -> ColumnElement[int]:
    """Return the cents open of a line's charge on the day: from none to what was asked for it."""

    def lines(*accounts: str) -> ColumnElement[int]:
        return func.coalesce(
            select(_cents(func.sum(JournalLine.amount)))
            .where(
                JournalLine.charge_id.in_(_of_the_place()),
                JournalLine.account.in_(accounts),
                JournalLine.day <= as_of,
            )
            .correlate(InvoiceLine, Charge)
            .scalar_subquery(),
            0,
        )

    asked = _cents(InvoiceLine.amount)
    if is_past(work, as_of):
        owed = lines(PATIENT_RECEIVABLE, AT_AGENCY)
    else:
        handed = case((Invoice.status == InvoiceStatus.COLLECTIONS, lines(AT_AGENCY)), else_=0)
        owed = _cents(Charge.patient_balance) + handed
    return case((owed <= 0, 0), (owed >= asked, asked), else_=owed)


def _of_the_place() -> Select[int]:
    """Return the charges of a line's place in its session: it has followed from one to another.

    All but the last are voided, and weigh nothing from the day on which that was done.
    """
    other = aliased(Charge)
    same = and_(
        other.session_id == Charge.session_id,
        other.position == Charge.position,
        other.guarantor_id == Charge.guarantor_id,
    )
    return select(other.id).where(or_(other.id == Charge.id, same)).correlate(Charge)


def _cents(amount: Any) -> ColumnElement[int]:
    """Return an amount as the whole number that it is in the database, to reckon with."""
    return type_coerce(amount, BigInteger)


def _rows(work: Work, as_of: date) -> Subquery:
    """Return every invoice that was issued by the day, with what is open and the status."""
    still = (
        select(
            InvoiceLine.invoice_id.label("invoice_id"),
            func.sum(_open_of_line(work, as_of)).label("open"),
        )
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .join(Charge, Charge.id == InvoiceLine.charge_id)
        .group_by(InvoiceLine.invoice_id)
        .subquery()
    )
    return (
        select(
            Invoice.id,
            Invoice.number,
            Invoice.guarantor_id,
            Guarantor.number.label("account"),
            Guarantor.name.label("guarantor"),
            Invoice.patient_id,
            Patient.name.label("patient"),
            Invoice.style,
            _status(still.c.open, as_of).label("status"),
            Invoice.issued_on,
            Invoice.due_on,
            Invoice.amount,
            case((Invoice.status == InvoiceStatus.VOID, 0), else_=still.c.open).label("open"),
            Invoice.sent_on,
            Invoice.viewed_on,
            Invoice.void_reason,
            Invoice.version,
            _outdated().label("outdated"),
        )
        .join(still, still.c.invoice_id == Invoice.id)
        .join(Guarantor, Guarantor.id == Invoice.guarantor_id)
        .join(Patient, Patient.id == Invoice.patient_id)
        .where(Invoice.issued_on <= as_of)
        .subquery()
    )


def _outdated() -> ColumnElement[bool]:
    """Return whether a bill asks for a charge that is gone, or that is not what its page says."""
    billed, now = aliased(Charge), aliased(Charge)
    differs = or_(
        *(
            getattr(billed, name) != getattr(now, name)
            for name in (
                "service_day",
                "code",
                "modifiers",
                "units",
                "patient_share",
                "provider_id",
            )
        )
    )
    line = aliased(InvoiceLine)
    found = (
        select(line.id)
        .join(now, now.id == line.charge_id)
        .outerjoin(billed, billed.id == line.billed_id)
        .where(line.invoice_id == Invoice.id, or_(line.live.is_(None), differs))
        .correlate(Invoice)
        .exists()
    )
    done = (InvoiceStatus.VOID, InvoiceStatus.WRITTEN_OFF)
    return and_(Invoice.status.not_in(done), found)


def _status(still: ColumnElement[Any], as_of: date) -> ColumnElement[str]:
    def said(status: ShownStatus) -> ColumnElement[str]:
        return literal(status.value)

    sent = Invoice.sent_on.is_not(None) & (Invoice.sent_on <= as_of)
    viewed = Invoice.viewed_on.is_not(None) & (Invoice.viewed_on <= as_of)
    return case(
        (Invoice.status == InvoiceStatus.VOID, said(ShownStatus.VOID)),
        (Invoice.status == InvoiceStatus.WRITTEN_OFF, said(ShownStatus.WRITTEN_OFF)),
        (still <= 0, said(ShownStatus.PAID)),
        (Invoice.status == InvoiceStatus.COLLECTIONS, said(ShownStatus.COLLECTIONS)),
        (~sent, said(ShownStatus.DRAFT)),
        (Invoice.due_on < as_of, said(ShownStatus.OVERDUE)),
        (still < _cents(Invoice.amount), said(ShownStatus.PARTIAL)),
        (viewed, said(ShownStatus.VIEWED)),
        else_=said(ShownStatus.SENT),
    )


def _narrowed(
    question: Select[*tuple[Any, ...]], rows: Subquery, wanted: InvoiceFilter, as_of: date
) -> Select[*tuple[Any, ...]]:
    narrow = question
    if wanted.statuses:
        narrow = narrow.where(rows.c.status.in_([one.value for one in wanted.statuses]))
    if wanted.guarantor_id is not None:
        narrow = narrow.where(rows.c.guarantor_id == wanted.guarantor_id)
    if wanted.patient_id is not None:
        narrow = narrow.where(rows.c.patient_id == wanted.patient_id)
    if wanted.issued_from is not None:
        narrow = narrow.where(rows.c.issued_on >= wanted.issued_from)
    if wanted.issued_to is not None:
        narrow = narrow.where(rows.c.issued_on <= wanted.issued_to)
    if wanted.overdue_days is not None:
        latest = date.fromordinal(as_of.toordinal() - wanted.overdue_days)
        narrow = narrow.where(rows.c.status == ShownStatus.OVERDUE.value, rows.c.due_on <= latest)
    if wanted.outdated:
        narrow = narrow.where(rows.c.outdated)
    for word in wanted.text.split():
        narrow = narrow.where(
            or_(
                *(
                    rows.c[name].icontains(word, autoescape=True)
                    for name in ("number", "account", "guarantor", "patient")
                )
            )
        )
    return narrow


def _row(row: Any, as_of: date) -> InvoiceRow:
    status = ShownStatus(row.status)
    overdue = (as_of - row.due_on).days if status is ShownStatus.OVERDUE else 0
    return InvoiceRow(
        row.id,
        row.number,
        row.guarantor_id,
        row.account,
        row.guarantor,
        row.patient_id,
        row.patient,
        InvoiceStyle(row.style),
        status,
        row.issued_on,
        row.due_on,
        row.amount,
        _money(row.open),
        overdue,
        row.sent_on,
        row.viewed_on,
        row.void_reason,
        row.version,
        bool(row.outdated),
    )


def _money(value: object) -> Money:
    """Return a sum as Money, whether the column's type came through the SQL or not."""
    if value is None:
        return ZERO
    return value if isinstance(value, Money) else Money(int(str(value)))
