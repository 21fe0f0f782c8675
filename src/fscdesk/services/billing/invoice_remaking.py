"""Makes a bill anew whose charges are not any more what its page says."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from fscdesk.models.invoice import Invoice, InvoiceLine
from fscdesk.services.billing.invoice_plan import Chosen, Terms, plan_invoices
from fscdesk.services.billing.invoices import MadeInvoice, make_invoices, void_invoice
from fscdesk.services.editing import locked
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work

REASON = "Made anew: its charges have changed"


@dataclass(frozen=True, slots=True)
class Remade:
    """The bill that is void now, and the one in its place; None where nothing is owed."""

    void: str
    made: MadeInvoice | None = None


def remake_invoice(work: Work, invoice_id: int, *, expected_version: int) -> Remade:
    """Void a bill and make another for what is open of its charges now, as a draft.

    Raises Problem for one that is void already, ChangedElsewhere when somebody changed it first.
    """
    require(work, Right.MAKE_INVOICES, "make invoices")
    invoice = locked(work, Invoice, invoice_id, "this invoice")
    asked_for = select(InvoiceLine.live).where(
        InvoiceLine.invoice_id == invoice_id, InvoiceLine.live.is_not(None)
    )
    charges = tuple(one for one in work.db.scalars(asked_for) if one is not None)
    terms = Terms(invoice.style, note=invoice.note)
    void_invoice(work, invoice_id, REASON, expected_version=expected_version)
    if not charges:
        return Remade(invoice.number)
    plan = plan_invoices(work, Chosen(charge_ids=charges), terms)
    made = make_invoices(work, plan).invoices if plan.invoices else ()
    return Remade(invoice.number, made[0] if made else None)
