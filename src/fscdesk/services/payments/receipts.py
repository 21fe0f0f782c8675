"""Receipts: what came, how, what it paid, what is left. Kept, and printed again exactly.

    kept = make_receipt(work, payment_id)       # RC-2026-00001, or the one that was made before
    document_bytes(work, kept.id)               # the same bytes as the first time

What was applied is read from the ledger's lines of the payment. When money was corrected or
sent back since, another receipt is made that says so; the first one stays as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.deposit import Deposit
from fscdesk.models.document import DocumentKind
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Credit, Payment, PaymentChange, PaymentStatus
from fscdesk.models.service import Service
from fscdesk.models.staff import Staff
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.billing.documents import Kept, document_number, keep, kept, kept_document
from fscdesk.services.billing.invoice_docs import recipient_of
from fscdesk.services.billing.statement_docs import letterhead_of
from fscdesk.services.editing import locked
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.accounts import (
    INSURANCE_SIDE,
    PATIENT_RECEIVABLE,
    UNAPPLIED_CREDITS,
)
from fscdesk.services.permissions import Right, require
from fscdesk.services.printing.parties import Recipient
from fscdesk.services.printing.receipt import (
    ReceiptCredit,
    ReceiptDoc,
    ReceiptLine,
    ReceiptState,
    receipt,
)
from fscdesk.services.work import Work

TAKES_BACK = (EntryKind.REVERSAL, EntryKind.RETURNED)
CHANGES = (*TAKES_BACK, EntryKind.REFUND, EntryKind.TRANSFER)
"""Entries of a payment after which its receipt is not true any more."""
_STATES = {
    PaymentStatus.POSTED: ReceiptState.STANDS,
    PaymentStatus.RETURNED: ReceiptState.RETURNED,
    PaymentStatus.VOIDED: ReceiptState.VOID,
}


@dataclass(frozen=True, slots=True)
class _From:
    """Who paid, as the receipt names them, and what their account owes now."""

    account: str
    recipient: Recipient
    remaining: Money


def make_receipt(work: Work, payment_id: int, *, anew: bool = False) -> Kept:
    """Return the receipt of a payment; one that was made before and is still true is that one.

    ``anew`` makes another, for what was applied later. Raises Problem when there is no such
    payment.
    """
    require(work, Right.POST_PAYMENT, "give receipts")
    payment = locked(work, Payment, payment_id, "this payment")
    before = kept(work, DocumentKind.RECEIPT, payment.id)
    if before and not anew and not _changed_since(work, payment, before[0]):
        return before[0]
    number = document_number(work, DocumentKind.RECEIPT)
    doc = receipt_doc(work, payment, number, replaces=before[0].number if before else "")
    document = keep(
        work,
        DocumentKind.RECEIPT,
        payment.id,
        receipt(doc),
        "",
        payment.guarantor_id,
        None,
        number,
    )
    record(work, "make_receipt", "payment", payment.id, number=number, document=document)
    return kept_document(work, document)


def payment_id_of(work: Work, number: str) -> int:
    """Return the id of a payment by its number. Raises Problem when there is none."""
    found = work.db.scalar(select(Payment.id).where(Payment.number == number.strip().upper()))
    if found is None:
        raise Problem(f"There is no payment {number}.", hint="Look at the list of payments.")
    return found


def receipt_doc(work: Work, payment: Payment, number: str, *, replaces: str = "") -> ReceiptDoc:
    """Return what the receipt of a payment says now, under a number."""
    until = _before_it_was_taken_back(work, payment)
    lines = _lines(work, payment, until)
    credits_ = _credits(work, payment, until, applied=sum(line.amount.cents for line in lines))
    paid_by = _from(work, payment)
    state = _STATES[payment.status]
    return ReceiptDoc(
        letterhead=letterhead_of(work),
        number=number,
        received_at=_received_at(work, payment),
        account=paid_by.account,
        from_payer=payment.payer_id is not None,
        payer=paid_by.recipient,
        method=payment.method.value,
        reference=payment.reference,
        amount=payment.amount,
        remaining=paid_by.remaining,
        lines=lines,
        credits=credits_,
        received_by=work.db.get_one(Staff, payment.received_by).name,
        state=state,
        state_reason="" if state is ReceiptState.STANDS else _why(work, payment, state),
        thanks=_thanks(work, payment, replaces),
    )


def _changed_since(work: Work, payment: Payment, last: Kept) -> bool:
    """Return whether the payment was corrected, returned or voided after its last receipt."""
    noted = select(func.count()).where(
        PaymentChange.payment_id == payment.id, PaymentChange.at > last.made_at
    )
    moved = (
        select(func.count())
        .select_from(JournalEntry)
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .where(
            JournalLine.payment_id == payment.id,
            JournalEntry.kind.in_(CHANGES),
            JournalEntry.posted_at > last.made_at,
            func.coalesce(JournalEntry.reverses_id, 0).not_in(select(Deposit.entry_id)),
        )
    )
    return bool(work.db.scalar(noted) or work.db.scalar(moved))


def _before_it_was_taken_back(work: Work, payment: Payment) -> int | None:
    """Return the last entry of a payment before it was returned or voided; None if it stands.

    What it had covered is what stood then.
    """
    if payment.status is PaymentStatus.POSTED:
        return None
    entries = work.db.execute(
        select(JournalEntry.id, JournalEntry.kind)
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .where(JournalLine.payment_id == payment.id, JournalEntry.kind != EntryKind.DEPOSIT)
        .distinct()
        .order_by(JournalEntry.id.desc())
    )
    for entry_id, kind in entries:
        if kind not in TAKES_BACK:
            return entry_id
    return None


def _lines(work: Work, payment: Payment, until: int | None) -> tuple[ReceiptLine, ...]:
    """Return each charge with what of the payment went to it."""
    applied = (
        select(JournalLine.charge_id, func.sum(JournalLine.amount).label("amount"))
        .where(JournalLine.payment_id == payment.id, JournalLine.charge_id.is_not(None))
        .group_by(JournalLine.charge_id)
        .having(func.sum(JournalLine.amount) != ZERO)
    )
    if until is not None:
        applied = applied.where(JournalLine.entry_id <= until)
    part = applied.subquery()
    rows = work.db.execute(
        select(Charge.service_day, Patient.name, Service.name, Charge.code, part.c.amount)
        .join(part, part.c.charge_id == Charge.id)
        .join(Patient, Patient.id == Charge.patient_id)
        .join(Service, Service.id == Charge.service_id)
        .order_by(Patient.sort_name, Charge.service_day, Charge.id)
    )
    return tuple(
        ReceiptLine(day, patient, service, code, -amount)
        for day, patient, service, code, amount in rows
    )


def _credits(
    work: Work, payment: Payment, until: int | None, *, applied: int
) -> tuple[ReceiptCredit, ...]:
    """Return what stays as credit, by its kind and owner, and what went back since."""
    held = (
        select(JournalLine.credit_id, func.sum(JournalLine.amount).label("amount"))
        .where(JournalLine.payment_id == payment.id, JournalLine.credit_id.is_not(None))
        .group_by(JournalLine.credit_id)
        .having(func.sum(JournalLine.amount) != ZERO)
    )
    if until is not None:
        held = held.where(JournalLine.entry_id <= until)
    part = held.subquery()
    rows = work.db.execute(
        select(Credit.kind, Patient.name, part.c.amount)
        .join(part, part.c.credit_id == Credit.id)
        .outerjoin(Patient, Patient.id == Credit.patient_id)
        .order_by(Credit.id)
    )
    found = [
        ReceiptCredit(kind.value.replace("_", " "), owner or "", -amount)
        for kind, owner, amount in rows
    ]
    back = payment.amount.cents - applied - sum(one.amount.cents for one in found)
    if back:
        found.append(ReceiptCredit("credit, paid back since", "", Money(back)))
    return tuple(found)


def _from(work: Work, payment: Payment) -> _From:
    if payment.guarantor_id is not None:
        guarantor = work.db.get_one(Guarantor, payment.guarantor_id)
        accounts: Sequence[str] = (PATIENT_RECEIVABLE, UNAPPLIED_CREDITS)
        owes = _owes(work, accounts, guarantor_id=guarantor.id)
        return _From(guarantor.number, recipient_of(guarantor), owes)
    payer = work.db.get_one(Payer, payment.payer_id)
    owes = _owes(work, INSURANCE_SIDE, payer_id=payer.id)
    return _From(payer.short_name, Recipient(payer.name), owes)


def _owes(
    work: Work,
    accounts: Sequence[str],
    *,
    guarantor_id: int | None = None,
    payer_id: int | None = None,
) -> Money:
    whose = (
        JournalLine.guarantor_id == guarantor_id
        if payer_id is None
        else JournalLine.payer_id == payer_id
    )
    total = select(func.sum(JournalLine.amount)).where(whose, JournalLine.account.in_(accounts))
    return work.db.scalar(total) or ZERO


def _received_at(work: Work, payment: Payment) -> str:
    """Return day and time in the office's zone; the day alone where it was entered later."""
    entered = payment.posted_at.astimezone(work.zone)
    if entered.date() == payment.received_on:
        return f"{entered:%m/%d/%Y %H:%M}"
    return f"{payment.received_on:%m/%d/%Y}"


def _why(work: Work, payment: Payment, state: ReceiptState) -> str:
    change = _last_change(work, payment)
    word = "returned" if state is ReceiptState.RETURNED else "voided"
    if change is None:
        return f"This payment was {word}."
    on = _office_day(work, change)
    return f"This payment was {word} on {on:%m/%d/%Y}: {change.reason.rstrip('.')}."


def _thanks(work: Work, payment: Payment, replaces: str) -> str:
    """Thank, and say when this receipt takes the place of another, and what was corrected."""
    words = "Thank you for your payment."
    if not replaces:
        return words
    change = _last_change(work, payment)
    said = f"{words} This receipt takes the place of {replaces}."
    if change is None:
        return said
    what = change.what.replace("_", " ")
    from_to = f", from {change.old} to {change.new}" if change.old and change.new else ""
    return f"{said} Corrected on {_office_day(work, change):%m/%d/%Y}: {what}{from_to}."


def _last_change(work: Work, payment: Payment) -> PaymentChange | None:
    newest = select(PaymentChange).where(PaymentChange.payment_id == payment.id)
    return work.db.scalars(newest.order_by(PaymentChange.id.desc()).limit(1)).one_or_none()


def _office_day(work: Work, change: PaymentChange) -> date:
    return change.at.astimezone(work.zone).date()
