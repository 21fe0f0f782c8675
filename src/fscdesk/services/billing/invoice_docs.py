"""Builds what an invoice's page says: each charge, and what has changed it, from the ledger.

A line never says more than is known. While the payer has not settled its share, the line shows
the client's share alone; once it has, the whole price with what the payer paid and took off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.invoice import Invoice
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.provider import Provider
from fscdesk.models.service import Service
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.invoice_policies import how_to_pay
from fscdesk.services.billing.statement_docs import letterhead_of
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import INSURANCE_SIDE, PATIENT_RECEIVABLE
from fscdesk.services.printing.invoice import InvoiceDoc, InvoiceLine, InvoiceStyle
from fscdesk.services.printing.parties import Recipient
from fscdesk.services.work import Work

INSURANCE = frozenset({Part.INSURANCE_PAID})
ADJUSTED = frozenset({Part.WRITE_OFF, Part.ADJUSTMENT, Part.AGENCY})
BILLED = frozenset({Part.CHARGE, Part.RESPONSIBILITY})
"""What makes up the client's share; the rest of the client's side is money."""


@dataclass(frozen=True, slots=True)
class _Charged:
    charge: Charge
    service: str
    clinician: str


def invoice_doc(
    work: Work,
    invoice: Invoice,
    charge_ids: Sequence[int],
    *,
    void_on: date | None = None,
) -> InvoiceDoc:
    """Return what the page of an invoice says of these charges as they stand now."""
    guarantor = work.db.get_one(Guarantor, invoice.guarantor_id)
    patient = work.db.get_one(Patient, invoice.patient_id)
    moved = _moved(work, charge_ids)
    lines = tuple(
        _line(one, moved[one.charge.id], patient.name) for one in _charged(work, charge_ids)
    )
    days = (invoice.due_on - invoice.issued_on).days
    return InvoiceDoc(
        letterhead=letterhead_of(work),
        style=InvoiceStyle(invoice.style.value),
        number=invoice.number,
        account=guarantor.number,
        issued=invoice.issued_on,
        due_on=invoice.due_on,
        bill_to=recipient_of(guarantor),
        lines=lines,
        subtotal=_sum(line.charge for line in lines),
        insurance=_sum(line.insurance for line in lines),
        adjusted=_sum(line.adjusted for line in lines),
        paid=_sum(line.paid for line in lines),
        amount_due=_sum(line.due() for line in lines),
        terms=f"Net {days}" if days else "Due at once",
        how_to_pay=how_to_pay(work),
        note=invoice.note,
        void_on=void_on,
        void_reason=invoice.void_reason,
    )


def recipient_of(guarantor: Guarantor) -> Recipient:
    """Return a guarantor as in an envelope's window; no address where none is known."""
    state = " ".join(part for part in (guarantor.state, guarantor.zip_code) if part)
    place = ", ".join(part for part in (guarantor.city, state) if part)
    lines = tuple(line for line in (guarantor.address1, guarantor.address2, place) if line)
    return Recipient(guarantor.name, lines if guarantor.address1 and guarantor.city else ())


def _charged(work: Work, charge_ids: Sequence[int]) -> list[_Charged]:
    rows = work.db.execute(
        select(Charge, Service.name, Provider.name)
        .join(Service, Service.id == Charge.service_id)
        .outerjoin(Provider, Provider.id == Charge.provider_id)
        .where(among(work, Charge.id, charge_ids))
        .order_by(Charge.service_day, Charge.id)
        .execution_options(populate_existing=True)
    )
    return [_Charged(charge, service, clinician or "") for charge, service, clinician in rows]


def _moved(work: Work, charge_ids: Sequence[int]) -> Mapping[int, Mapping[tuple[str, Part], int]]:
    """Return the cents of each charge by side (the account) and by what moved them."""
    sums: dict[int, dict[tuple[str, Part], int]] = defaultdict(lambda: defaultdict(int))
    for charge_id, account, part, amount in work.db.execute(
        select(
            JournalLine.charge_id,
            JournalLine.account,
            JournalLine.part,
            func.sum(JournalLine.amount),
        )
        .where(
            among(work, JournalLine.charge_id, charge_ids),
            JournalLine.account.in_((PATIENT_RECEIVABLE, *INSURANCE_SIDE)),
        )
        .group_by(JournalLine.charge_id, JournalLine.account, JournalLine.part)
    ):
        side = PATIENT_RECEIVABLE if account == PATIENT_RECEIVABLE else INSURANCE_SIDE[0]
        sums[charge_id or 0][side, part] += amount.cents
    return sums


def _line(one: _Charged, moved: Mapping[tuple[str, Part], int], patient: str) -> InvoiceLine:
    charge = one.charge
    client = {part: cents for (side, part), cents in moved.items() if side == PATIENT_RECEIVABLE}
    payer = {part: cents for (side, part), cents in moved.items() if side != PATIENT_RECEIVABLE}
    adjusted = sum(cents for part, cents in client.items() if part in ADJUSTED)
    paid = sum(cents for part, cents in client.items() if part not in ADJUSTED | BILLED)
    share = sum(cents for part, cents in client.items() if part in BILLED)
    settled = not sum(payer.values())
    if settled and charge.insurance_share:
        insurance = sum(cents for part, cents in payer.items() if part in INSURANCE)
        taken_off = sum(cents for part, cents in payer.items() if part not in INSURANCE | BILLED)
        whole = share + sum(cents for part, cents in payer.items() if part in BILLED)
        return _printed(one, patient, whole, insurance, adjusted + taken_off, paid)
    name = f"{one.service}, your share" if charge.insurance_share else one.service
    return _printed(one, patient, share, 0, adjusted, paid, name=name)


def _printed(
    one: _Charged,
    patient: str,
    cents: int,
    insurance: int,
    adjusted: int,
    paid: int,
    *,
    name: str = "",
) -> InvoiceLine:
    charge = one.charge
    exact = cents == charge.units * charge.rate.cents
    return InvoiceLine(
        day=charge.service_day,
        what=name or one.service,
        clinician=one.clinician,
        charge=Money(cents),
        rate=charge.rate if exact else Money(cents),
        units=charge.units if exact else 1,
        code=charge.code,
        modifiers=tuple(charge.modifiers.split()),
        patient=patient,
        insurance=Money(insurance),
        adjusted=Money(adjusted),
        paid=Money(paid),
    )


def _sum(amounts: Iterable[Money]) -> Money:
    total = ZERO
    for one in amounts:
        total += one
    return total
