"""Lets invoices follow charges that were voided and made anew.

    follow_charges(work, session_ids, "Changed by import 7 of april.csv", batch_id=7)

A charge is never edited: an import, a new guarantor or a new attendance voids it and makes
another. The line of the bill goes over to the charge that took its place, for the same person;
it still asks for what the page asked. What has no such charge is free of the bill, and a bill of
which nothing is left is void, with the reason on a page of its own. A bill whose charges are not
any more what its page says is ``outdated``: a person makes it anew (``invoice_remaking``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.document import Document, DocumentKind
from fscdesk.models.import_batch import ImportBatch
from fscdesk.models.invoice import Invoice, InvoiceLine, InvoiceStatus
from fscdesk.services.audit import record
from fscdesk.services.billing.invoices import keep_page, void_without_asking
from fscdesk.services.id_sets import among
from fscdesk.services.work import Topic, Work

_VOIDED_ALONE = (InvoiceStatus.DRAFT, InvoiceStatus.SENT, InvoiceStatus.VIEWED)
"""What is written off or at an agency stays so, whatever becomes of its charges."""


def follow_charges(
    work: Work, session_ids: Iterable[int], why: str, *, batch_id: int | None = None
) -> int:
    """Let the bills of these sessions follow their charges; return how many bills changed.

    To be called in the transaction that exchanged the charges, when the new ones are there. It is
    what the books' own acts do: nobody's right is asked.
    """
    wanted = sorted(set(session_ids))
    if not wanted or work.db.scalar(select(InvoiceLine.id).limit(1)) is None:
        return 0
    lines = _lines(work, wanted)
    if not lines:
        return 0
    now = _charges_now(work, wanted)
    taken = set(
        work.db.scalars(
            select(InvoiceLine.live).where(among(work, InvoiceLine.live, [one.id for one in now]))
        )
    )
    changed = {
        line.invoice_id for line, old in lines if _follow(work, line, old, _next(old, now), taken)
    }
    for invoice_id in sorted(changed):
        _followed(work, invoice_id, why, batch_id)
    work.touch(Topic.INVOICES)
    return len(changed)


def let_go(work: Work, charge_id: int, why: str) -> None:
    """Take a voided charge that nothing replaces off its bill: a fee of the account.

    To be called in the transaction that voided it, as ``follow_charges``.
    """
    line = work.db.scalars(select(InvoiceLine).filter_by(live=charge_id)).one_or_none()
    if line is None:
        return
    line.live = None
    work.db.flush()
    _followed(work, line.invoice_id, why, None)
    work.touch(Topic.INVOICES)


def _followed(work: Work, invoice_id: int, why: str, batch_id: int | None) -> None:
    """Void a bill of which nothing is left, or record that it changed."""
    invoice = work.db.get_one(Invoice, invoice_id)
    live = select(InvoiceLine.id).filter_by(invoice_id=invoice_id)
    nothing_left = work.db.scalar(live.where(InvoiceLine.live.is_not(None)).limit(1)) is None
    if nothing_left and invoice.status in _VOIDED_ALONE:
        void_without_asking(work, invoice, f"Nothing is left of it: {why}"[:300])
        invoice.void_batch_id = batch_id
        work.db.flush()
    else:
        record(work, "follow_charges", "invoice", invoice_id, batch=batch_id)


def follow_back(work: Work, batch: ImportBatch) -> int:
    """Let bills follow charges that the undoing of an import gave back; return how many changed.

    What the import had voided by itself is what it was before, with its page as it was.
    """
    voided = work.db.scalars(
        select(Invoice).where(Invoice.void_batch_id == batch.id).order_by(Invoice.id)
    )
    for invoice in voided.all():
        invoice.status = _before(invoice)
        invoice.void_reason, invoice.void_batch_id = "", None
        pages = select(Document.content).where(
            Document.kind == DocumentKind.INVOICE, Document.noun_id == invoice.id
        )
        earlier = work.db.scalars(pages.order_by(Document.id.desc()).offset(1).limit(1)).one()
        keep_page(work, invoice, earlier)
        record(work, "unvoid_invoice", "invoice", invoice.id, number=invoice.number)
    work.db.flush()
    touched = work.db.scalars(
        select(Charge.session_id)
        .join(InvoiceLine, InvoiceLine.charge_id == Charge.id)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(
            Invoice.status != InvoiceStatus.VOID,
            Charge.session_id.is_not(None),
            (InvoiceLine.live.is_(None)) | (Charge.voided_on.is_not(None)),
        )
    )
    why = f"the import of {batch.file_name} was undone"
    return follow_charges(work, [one for one in touched if one is not None], why)


def _before(invoice: Invoice) -> InvoiceStatus:
    if invoice.viewed_on is not None:
        return InvoiceStatus.VIEWED
    return InvoiceStatus.DRAFT if invoice.sent_on is None else InvoiceStatus.SENT


def _lines(work: Work, session_ids: Sequence[int]) -> list[tuple[InvoiceLine, Charge]]:
    """Return the lines of bills that are not void, with the charges that they ask for."""
    found = (
        select(InvoiceLine, Charge)
        .join(Charge, Charge.id == InvoiceLine.charge_id)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(among(work, Charge.session_id, session_ids), Invoice.status != InvoiceStatus.VOID)
        .order_by(InvoiceLine.id)
        .execution_options(populate_existing=True)
    )
    return [(line, charge) for line, charge in work.db.execute(found)]


def _charges_now(work: Work, session_ids: Sequence[int]) -> list[Charge]:
    found = (
        select(Charge)
        .where(among(work, Charge.session_id, session_ids), Charge.voided_on.is_(None))
        .order_by(Charge.id)
        .execution_options(populate_existing=True)
    )
    return list(work.db.scalars(found))


def _next(old: Charge, now: Sequence[Charge]) -> Charge | None:
    """Return the charge that stands where a charge stood, for the same person."""
    if old.voided_on is None:
        return old
    place = (old.session_id, old.position, old.guarantor_id, old.patient_id)
    return next(
        (
            one
            for one in now
            if (one.session_id, one.position, one.guarantor_id, one.patient_id) == place
        ),
        None,
    )


def _follow(
    work: Work, line: InvoiceLine, old: Charge, new: Charge | None, taken: set[int | None]
) -> bool:
    """Let a line ask for another charge, or for none; return whether it changed."""
    if new is None:
        changed = line.live is not None
        line.live = None
    elif line.live == new.id or new.id in taken:
        return False
    else:
        if new.id != old.id:
            billed = line.billed_id or old.id
            line.billed_id = None if billed == new.id else billed
            line.charge_id = new.id
        line.live, changed = new.id, True
        taken.add(new.id)
    work.db.flush()
    return changed
