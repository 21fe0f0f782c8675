"""Invoices: plan, make, send, void. What is due stays in the ledger; the bill only asks for it.

    plan = plan_invoices(work, Chosen(guarantor_ids=(7,)))   # which bills, and what is left out
    made = make_invoices(work, plan)                         # numbered, drawn and kept, all or none
    send_invoices(work, [one.id for one in made.invoices], SentBy.PRINT)

A charge stands on one live invoice at a time; voiding one frees its charges.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.document import Document, DocumentKind, SentBy
from fscdesk.models.invoice import Invoice, InvoiceLine, InvoiceStatus, InvoiceStyle
from fscdesk.models.practice import Practice
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.billing import invoice_policies
from fscdesk.services.billing.documents import keep
from fscdesk.services.billing.invoice_docs import invoice_doc
from fscdesk.services.billing.invoice_plan import (
    Chosen,
    InvoicePlan,
    LeftOutCharge,
    NotInvoiced,
    PlannedInvoice,
    PlannedLine,
    Terms,
    plan_invoices,
    planned,
)
from fscdesk.services.billing.sendings import log_sending
from fscdesk.services.editing import changed_elsewhere, key_of, locked, require_version, text_of
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.id_sets import among
from fscdesk.services.numbering import next_number
from fscdesk.services.permissions import Right, require
from fscdesk.services.printing.invoice import invoice as draw
from fscdesk.services.work import Topic, Work

__all__ = [
    "Chosen",
    "InvoicePlan",
    "InvoiceStatus",
    "InvoiceStyle",
    "InvoicesMade",
    "LeftOutCharge",
    "MadeInvoice",
    "NotInvoiced",
    "PlannedInvoice",
    "PlannedLine",
    "SentBy",
    "Terms",
    "invoice_completed",
    "make_invoices",
    "mark_invoice",
    "mark_viewed",
    "plan_invoices",
    "send_invoices",
    "void_invoice",
]

SERIES = "INV"
ASKING = (InvoiceStatus.SENT, InvoiceStatus.VIEWED)
"""What the guarantor has in hand and the office waits for."""


@dataclass(frozen=True, slots=True)
class MadeInvoice:
    """One bill that was made. ``document_id`` is its page."""

    id: int
    number: str
    guarantor_id: int
    patient_id: int
    amount: Money
    charges: int
    document_id: int
    sha256: str


@dataclass(frozen=True, slots=True)
class InvoicesMade:
    """The bills of one command, and the charges that are on none with the reason.

    ``repeated`` says that the same command had made them before, and nothing was made now.
    """

    invoices: tuple[MadeInvoice, ...]
    left_out: tuple[LeftOutCharge, ...] = ()
    repeated: bool = False

    @property
    def total(self) -> Money:
        """Return what the bills ask for together."""
        return Money(sum(one.amount.cents for one in self.invoices))


def make_invoices(
    work: Work, plan: InvoicePlan, *, shown: str | None = None, request_key: str | None = None
) -> InvoicesMade:
    """Number, draw and keep the bills of the plan as drafts, in this transaction.

    ``shown`` is the digest that a person saw (the plan's where it is not given): when the
    charges moved since, nothing is made and ChangedElsewhere is raised. The same key makes them
    once. Raises Problem when no bill would be made, with the first reason.
    """
    require(work, Right.MAKE_INVOICES, "make invoices")
    _queue(work)
    repeated = _made_before(work, request_key)
    if repeated is not None:
        return repeated
    terms = Terms(plan.style, (plan.due_on - plan.issued_on).days, plan.minimum, plan.note)
    now = planned(work, plan.chosen, terms)
    if now.digest != (shown or plan.digest):
        raise ChangedElsewhere(
            "The charges changed after this list was made.",
            hint="No invoice was made. The new list is shown; look at it and make them again.",
        )
    if not now.invoices:
        first = f" {now.left_out[0].reason}." if now.left_out else ""
        raise Problem(
            f"There is nothing to invoice.{first}",
            hint=_why_nothing(now.left_out),
        )
    return _make(work, now, request_key)


def _why_nothing(left_out: Sequence[LeftOutCharge]) -> str:
    """Return in words how many charges were left out, and for which reasons."""
    if not left_out:
        return "No invoice was made. Nothing is open there that is not on an invoice already."
    told = Counter(one.reason for one in left_out).most_common()
    if len(told) == 1:
        count = f"{len(left_out)} charges were" if len(left_out) > 1 else "1 charge was"
        return f"No invoice was made. {count} looked at."
    reasons = "; ".join(f"{reason} ({count})" for reason, count in told[:3])
    more = f"; and {len(told) - 3} more reasons" if told[3:] else ""
    return f"No invoice was made. Left out of {len(left_out)}: {reasons}{more}."


def invoice_completed(work: Work, session_ids: Iterable[int]) -> InvoicesMade | None:
    """Invoice what clients owe for sessions that have just completed, if the practice wants that.

    One bill for each client, as a draft. Returns None when the practice does not want it, or
    when there is nothing to invoice. It is the practice's own rule: nobody's right is asked.
    """
    chosen = tuple(sorted(set(session_ids)))
    if not chosen or not invoice_policies.automatically(work):
        return None
    _queue(work)
    plan = planned(work, Chosen(session_ids=chosen), Terms())
    if not plan.invoices:
        return InvoicesMade((), plan.left_out) if plan.left_out else None
    return _make(work, plan, None)


def send_invoices(
    work: Work, invoice_ids: Sequence[int], how: SentBy, *, destination: str = ""
) -> int:
    """Mark bills as sent today and log their pages; return how many were drafts until now.

    One that was sent before is logged again. Raises Problem for one that is void.
    """
    require(work, Right.MAKE_INVOICES, "send invoices")
    first = 0
    for one in sorted(set(invoice_ids)):
        invoice = locked(work, Invoice, one, "this invoice")
        if invoice.status is InvoiceStatus.VOID:
            raise Problem(f"Invoice {invoice.number} is void.", hint="Nothing was sent.")
        if invoice.status is InvoiceStatus.DRAFT:
            invoice.status, invoice.sent_on = InvoiceStatus.SENT, work.today()
            first += 1
            work.db.flush()
        page = _page_of(work, invoice.id)
        log_sending(work, how, document_id=page, destination=destination)
        record(work, "send_invoice", "invoice", invoice.id, number=invoice.number, how=how.value)
    work.touch(Topic.INVOICES)
    return first


def mark_viewed(work: Work, invoice_id: int, *, expected_version: int) -> None:
    """Note that the guarantor has looked at a bill that was sent."""
    require(work, Right.MAKE_INVOICES, "change invoices")
    invoice = locked(work, Invoice, invoice_id, "this invoice")
    require_version(invoice, expected_version, f"invoice {invoice.number}")
    if invoice.status is not InvoiceStatus.SENT:
        raise Problem(
            f"Invoice {invoice.number} is {invoice.status.value.replace('_', ' ')}.",
            hint="Nothing was changed. Only what was sent can have been looked at.",
        )
    invoice.status, invoice.viewed_on = InvoiceStatus.VIEWED, work.today()
    _changed(work, invoice, "view_invoice")


def mark_invoice(work: Work, invoice_id: int, status: InvoiceStatus) -> None:
    """Move a bill to collections, write it off, or take it back from there to what it was.

    For the rooms that hand over and write off, which have asked for their own right. Back is
    ``SENT``. Raises Problem for a draft and for a bill that is void.
    """
    invoice = locked(work, Invoice, invoice_id, "this invoice")
    away = (InvoiceStatus.COLLECTIONS, InvoiceStatus.WRITTEN_OFF)
    if status not in (*away, InvoiceStatus.SENT):
        message = f"{status} is not set this way"
        raise ValueError(message)
    if invoice.status in (InvoiceStatus.DRAFT, InvoiceStatus.VOID):
        raise Problem(
            f"Invoice {invoice.number} is {invoice.status.value}.", hint="Nothing was changed."
        )
    back = InvoiceStatus.SENT if invoice.viewed_on is None else InvoiceStatus.VIEWED
    wanted = back if status is InvoiceStatus.SENT else status
    if invoice.status is not wanted:
        invoice.status = wanted
        _changed(work, invoice, "mark_invoice")


def void_invoice(work: Work, invoice_id: int, reason: str, *, expected_version: int) -> None:
    """Void a bill with a reason: its charges are free for another, its page is kept marked VOID.

    What is owed does not change. Raises Problem when it is void already, ChangedElsewhere when
    somebody changed it first.
    """
    require(work, Right.MAKE_INVOICES, "void invoices")
    invoice = locked(work, Invoice, invoice_id, "this invoice")
    why = text_of(reason, "the reason", longest=300, required=True)
    if invoice.status is InvoiceStatus.VOID:
        raise Problem(f"Invoice {invoice.number} is void already.", hint="Nothing was changed.")
    if invoice.version != expected_version:
        raise changed_elsewhere(f"invoice {invoice.number}")
    void_without_asking(work, invoice, why)


def void_without_asking(work: Work, invoice: Invoice, why: str) -> None:
    """Void a bill whose charges are gone; the caller has asked for what takes them."""
    invoice.status, invoice.void_reason = InvoiceStatus.VOID, why
    lines = _lines(work, invoice.id)
    for line in lines:
        line.live = None
    _changed(work, invoice, "void_invoice")
    doc = invoice_doc(work, invoice, [line.charge_id for line in lines], void_on=work.today())
    keep_page(work, invoice, draw(doc))


def _queue(work: Work) -> None:
    """Let two desks make invoices one after the other: both would find the same charges."""
    work.db.execute(select(Practice.id).where(Practice.id == 1).with_for_update())


def _made_before(work: Work, request_key: str | None) -> InvoicesMade | None:
    if key_of(request_key) is None:
        return None
    found = work.db.scalars(
        select(Invoice).where(Invoice.request_key == request_key).order_by(Invoice.id)
    ).all()
    if not found:
        return None
    return InvoicesMade(tuple(_made(work, one) for one in found), repeated=True)


def _make(work: Work, plan: InvoicePlan, request_key: str | None) -> InvoicesMade:
    made: list[MadeInvoice] = []
    wanted = [line.charge_id for one in plan.invoices for line in one.lines]
    work.db.execute(  # as payments lock them; what a page says must not move while it is drawn
        select(Charge.id)
        .where(among(work, Charge.id, wanted))
        .order_by(Charge.id)
        .with_for_update()
    )
    for at, one in enumerate(plan.invoices):
        work.job.step(at, len(plan.invoices), "Drawing invoices")
        made.append(_make_one(work, plan, one, request_key))
    result = InvoicesMade(tuple(made), plan.left_out)
    record(
        work,
        "make_invoices",
        "invoice",
        made[0].id,
        invoices=len(made),
        total=result.total.plain(),
        left_out=len(plan.left_out),
    )
    work.touch(Topic.INVOICES, Topic.DOCUMENTS)
    return result


def _make_one(
    work: Work, plan: InvoicePlan, one: PlannedInvoice, request_key: str | None
) -> MadeInvoice:
    charge_ids = [line.charge_id for line in one.lines]
    invoice = Invoice(
        number=next_number(work, SERIES, plan.issued_on.year),
        guarantor_id=one.guarantor_id,
        patient_id=one.patient_id,
        style=plan.style,
        status=InvoiceStatus.DRAFT,
        issued_on=plan.issued_on,
        due_on=plan.due_on,
        amount=one.amount,
        note=text_of(plan.note, "the note", longest=300),
        request_key=request_key,
        made_by=work.actor.staff_id,
        made_at=work.now(),
    )
    work.db.add(invoice)
    work.db.flush()
    work.db.add_all(
        InvoiceLine(
            invoice_id=invoice.id,
            position=position,
            charge_id=line.charge_id,
            live=line.charge_id,
            amount=line.amount,
        )
        for position, line in enumerate(one.lines, start=1)
    )
    work.db.flush()
    doc = invoice_doc(work, invoice, charge_ids)
    if doc.amount_due != one.amount:
        raise changed_elsewhere(f"what {one.account} owes")
    keep_page(work, invoice, draw(doc))
    return _made(work, invoice)


def keep_page(work: Work, invoice: Invoice, pdf: bytes) -> None:
    """Keep a page of an invoice; the newest is the one that is shown and sent."""
    keep(
        work,
        DocumentKind.INVOICE,
        invoice.id,
        pdf,
        "",
        invoice.guarantor_id,
        invoice.patient_id,
        invoice.number,
    )


def _made(work: Work, invoice: Invoice) -> MadeInvoice:
    page = work.db.get_one(Document, _page_of(work, invoice.id))
    lines = len(_lines(work, invoice.id))
    return MadeInvoice(
        invoice.id,
        invoice.number,
        invoice.guarantor_id,
        invoice.patient_id,
        invoice.amount,
        lines,
        page.id,
        page.sha256,
    )


def _page_of(work: Work, invoice_id: int) -> int:
    """Return the newest page of an invoice."""
    newest = (
        select(Document.id)
        .where(Document.kind == DocumentKind.INVOICE, Document.noun_id == invoice_id)
        .order_by(Document.id.desc())
        .limit(1)
    )
    return work.db.scalars(newest).one()


def _lines(work: Work, invoice_id: int) -> Sequence[InvoiceLine]:
    of_it = select(InvoiceLine).where(InvoiceLine.invoice_id == invoice_id)
    return work.db.scalars(of_it.order_by(InvoiceLine.position)).all()


def _changed(work: Work, invoice: Invoice, action: str) -> None:
    work.db.flush()
    record(work, action, "invoice", invoice.id, number=invoice.number, status=invoice.status.value)
    work.touch(Topic.INVOICES)
