"""One payment from the day it came: what it paid, what is left, what was changed, by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import defer

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.charge import Charge, Side
from fscdesk.models.document import Document, DocumentKind
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Credit, CreditKind, Payment, PaymentChange
from fscdesk.models.staff import Staff
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.accounts import RECORDED_IN_SIMPLEPRACTICE
from fscdesk.services.ledger.chains import standing
from fscdesk.services.payments.applying import applications_of
from fscdesk.services.payments.holding import promised
from fscdesk.services.payments.listing import PaymentRow, rows_of_payments
from fscdesk.services.payments.refund_list import RefundRow, refunds_of
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """What of a payment pays a charge now. ``entry_id`` is what can be taken back.

    ``recorded`` says that it closes what SimplePractice has called paid.
    """

    entry_id: int
    on: date
    charge_id: int
    session_id: int | None
    patient_id: int
    patient: str
    patient_number: str
    service_day: date
    code: str
    side: Side
    amount: Money
    recorded: bool


@dataclass(frozen=True, slots=True)
class HeldCredit:
    """A credit of a payment: whose, why, what is left of it and what of that is promised."""

    id: int
    kind: CreditKind
    owner: str
    patient_id: int | None
    payer_id: int | None
    since: date
    note: str
    balance: Money
    promised: Money


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A correction as it stands under the payment: from, to, who, why."""

    at: datetime
    what: str
    old: str
    new: str
    reason: str
    who: str

    @property
    def words(self) -> str:
        """Return the change in one sentence."""
        return f"{WHAT[self.what]}: from {self.old} to {self.new}, by {self.who}: {self.reason}"


WHAT = {
    "method": "Method",
    "reference": "Reference",
    "check_on": "Day on the check",
    "deposited_on": "Day of deposit",
    "banked_on": "Bank's day",
    "memo": "Memo",
    "amount": "Amount",
    "from": "Who paid",
    "kind": "Kind of credit",
    "application": "Taken back",
    "transfer": "Transferred",
    "returned": "Returned",
    "chargeback": "Charged back",
    "return_undone": "Return taken back",
    "chargeback_part": "Charged back in part",
    "dispute_won": "Dispute won",
    "dispute_undone": "Dispute taken back",
    "refund_voided": "Refund voided",
    "voided": "Voided",
}
"""What can change of a payment, in words."""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A receipt that was made for a payment."""

    id: int
    number: str
    file_name: str
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """An adjustment that came with a payer's payment."""

    id: int
    number: str
    kind: AdjustmentKind
    side: Side
    charge_id: int
    amount: Money
    reason: str


@dataclass(frozen=True, slots=True)
class PaymentDetail:
    """A payment with all that became of it. The day of the service stands with each charge."""

    row: PaymentRow
    memo: str
    external_id: str
    received_by: str
    posted_at: datetime
    applications: tuple[ApplicationRow, ...]
    credits: tuple[HeldCredit, ...]
    refunds: tuple[RefundRow, ...]
    adjustments: tuple[AdjustmentRow, ...]
    changes: tuple[ChangeRow, ...]
    documents: tuple[DocumentRow, ...]


def payment_detail(work: Work, payment_id: int) -> PaymentDetail:
    """Return all about a payment. Raises Problem when it is not in the books."""
    payment = work.db.get(Payment, payment_id)
    if payment is None:
        raise Problem("This payment is not in the books.", hint="Look at the list again.")
    (row,) = rows_of_payments(work, [payment_id])
    return PaymentDetail(
        row=row,
        memo=payment.memo,
        external_id=payment.external_id or "",
        received_by=work.db.get_one(Staff, payment.received_by).name,
        posted_at=payment.posted_at,
        applications=applied_rows(work, payment_id),
        credits=_credits(work, payment_id),
        refunds=refunds_of(work, payment_id),
        adjustments=_adjustments(work, payment_id),
        changes=changes_of(work, payment_id),
        documents=_documents(work, payment_id),
    )


def applied_rows(work: Work, payment_id: int) -> tuple[ApplicationRow, ...]:
    """Return what a payment pays now, by the day of the service.

    An application that was taken back and put in place again names its last entry, but is
    taken back by the id of the first: ``entry_id`` is what ``take_back`` expects.
    """
    standing_now = set(applications_of(work, payment_id))
    if not standing_now:
        return ()
    own = list(
        work.db.scalars(
            select(JournalEntry.id)
            .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
            .where(JournalLine.payment_id == payment_id, JournalEntry.kind == EntryKind.APPLIED)
            .distinct()
        )
    )
    live = [one for one in own if one in standing_now]
    if len(live) < len(standing_now):  # some stand through a reversal that was reversed
        live += [one for one in own if one not in standing_now and standing(work, [one])]
    found = work.db.execute(
        select(JournalLine, JournalEntry.entry_date, Charge, Patient.name, Patient.number)
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .join(Charge, Charge.id == JournalEntry.charge_id)
        .join(Patient, Patient.id == Charge.patient_id)
        .where(JournalLine.entry_id.in_(live), JournalLine.credit_id.is_(None))
        .order_by(Charge.service_day, Charge.id, JournalLine.id)
    )
    return tuple(_application(*row) for row in found)


def changes_of(work: Work, payment_id: int) -> tuple[ChangeRow, ...]:
    """Return what was changed of a payment, oldest first."""
    found = work.db.execute(
        select(PaymentChange, Staff.name)
        .join(Staff, Staff.id == PaymentChange.staff_id)
        .where(PaymentChange.payment_id == payment_id)
        .order_by(PaymentChange.id)
    )
    return tuple(
        ChangeRow(one.at, one.what, one.old, one.new, one.reason, who) for one, who in found
    )


def _application(
    line: JournalLine, on: date, charge: Charge, patient: str, number: str
) -> ApplicationRow:
    return ApplicationRow(
        entry_id=line.entry_id,
        on=on,
        charge_id=charge.id,
        session_id=charge.session_id,
        patient_id=charge.patient_id,
        patient=patient,
        patient_number=number,
        service_day=charge.service_day,
        code=f"{charge.code} {charge.modifiers}".strip(),
        side=Side.PATIENT if line.part is Part.PATIENT_PAID else Side.INSURANCE,
        amount=-line.amount,
        recorded=line.account == RECORDED_IN_SIMPLEPRACTICE,
    )


def _credits(work: Work, payment_id: int) -> tuple[HeldCredit, ...]:
    found: list[Any] = list(
        work.db.execute(
            select(Credit, Patient.name, Payer.name)
            .outerjoin(Patient, Patient.id == Credit.patient_id)
            .outerjoin(Payer, Payer.id == Credit.payer_id)
            .where(Credit.payment_id == payment_id)
            .order_by(Credit.id)
        )
    )
    kept = promised(work, [row[0].id for row in found])
    return tuple(
        HeldCredit(
            credit.id,
            credit.kind,
            patient or payer or "",
            credit.patient_id,
            credit.payer_id,
            credit.since,
            credit.note,
            credit.balance,
            kept.get(credit.id, ZERO),
        )
        for credit, patient, payer in found
    )


def _adjustments(work: Work, payment_id: int) -> tuple[AdjustmentRow, ...]:
    found = work.db.scalars(
        select(Adjustment)
        .where(Adjustment.payment_id == payment_id, Adjustment.status == AdjustmentStatus.POSTED)
        .order_by(Adjustment.id)
    )
    return tuple(
        AdjustmentRow(one.id, one.number, one.kind, one.side, one.charge_id, one.amount, one.reason)
        for one in found
    )


def _documents(work: Work, payment_id: int) -> tuple[DocumentRow, ...]:
    found = work.db.execute(
        select(Document, Staff.name)
        .join(Staff, Staff.id == Document.made_by)
        .where(Document.kind == DocumentKind.RECEIPT, Document.noun_id == payment_id)
        .order_by(Document.id)
        .options(defer(Document.content))
    )
    return tuple(
        DocumentRow(one.id, one.number, one.file_name, one.made_at, who) for one, who in found
    )
