"""What waits of money: credits with their legal clock, refunds, overpaid payers, account 1060."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.payment import CreditKind
from fscdesk.models.refund import RefundStatus
from fscdesk.models.remittance import Remittance, RemittanceStatus
from fscdesk.models.values import ZERO
from fscdesk.services.paging import Span
from fscdesk.services.payments.clearing_list import page_of_clearing
from fscdesk.services.payments.credit_list import CreditRow, open_credits
from fscdesk.services.payments.refund_list import refund_clock
from fscdesk.services.queue.items import ItemKind, QueueItem, Step, by_day, the_rest
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work

PAYMENTS: Final = "payments"
REFUND_DAYS: Final = 30
"""A credit goes back within so many days (DESIGN.md 9)."""
PUBLIC_DAYS: Final = 60
"""An overpayment of Medicare or Medicaid goes back within so many days (42 CFR 401.305)."""


def credits_left(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield money that no charge has taken and nobody is promised, with its legal clock.

    What stands for a recoupment or for claims of a remittance that stay is a thing of its own.
    """
    public = _public(work)
    busy = set(
        work.db.scalars(
            select(Remittance.payment_id).where(Remittance.status == RemittanceStatus.PARTLY)
        )
    )
    rows = [
        row
        for row in open_credits(work)
        if row.free > ZERO
        and row.kind != CreditKind.RECOUPMENT.value
        and not (row.kind == CreditKind.REMITTANCE.value and row.payment_id in busy)
    ]
    for row in rows[:most]:
        yield _credit(work, row, public)
    opens = Opens(PAYMENTS, {"tab": "unapplied"})
    yield from the_rest(ItemKind.CREDIT, len(rows), most, "unapplied credits", opens, Urgency.LOW)


def refunds(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the refunds that were promised and not paid, by their clock."""
    rows = [one for one in refund_clock(work) if one.status is not RefundStatus.WAITING]
    opens = Opens(PAYMENTS, {"tab": "refunds"})
    for row in rows[:most]:
        yield QueueItem(
            key=f"{ItemKind.REFUND.value}:{row.id}",
            kind=ItemKind.REFUND,
            urgency=by_day(row.due_on, work.today(), Urgency.MEDIUM),
            title="Refund to pay",
            about=f"{row.to_name}, {row.number}",
            why=f"{row.amount} was promised on {row.found_on:%m/%d/%Y}: {row.reason}",
            amount=row.amount,
            due_on=row.due_on,
            since=row.found_on,
            opens=opens,
            steps=(Step("Pay it", row.method.value), Step("Note that it was paid")),
            payer_id=row.payer_id,
            standing=row.status.value,
        )
    yield from the_rest(ItemKind.REFUND, len(rows), most, "refunds to pay", opens, Urgency.MEDIUM)


def overpaid(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the charges for which a payer paid more than it owed: that goes back in time."""
    rows = work.db.execute(
        select(Charge, Patient.name, Payer.short_name, Payer.public_program)
        .join(Patient, Patient.id == Charge.patient_id)
        .outerjoin(Payer, Payer.id == Charge.payer_id)
        .where(Charge.insurance_balance != ZERO, Charge.insurance_balance < ZERO)
        .order_by(Charge.last_day, Charge.id)
        .limit(most)
    )
    for charge, patient, name, public in rows:
        payer, amount = name or "No payer named", -charge.insurance_balance
        since = charge.last_day or charge.service_day
        due = since + timedelta(days=PUBLIC_DAYS if public else REFUND_DAYS)
        yield QueueItem(
            key=f"{ItemKind.OVERPAID.value}:{charge.id}",
            kind=ItemKind.OVERPAID,
            urgency=by_day(due, work.today(), Urgency.MEDIUM),
            title="Overpaid by payer",
            about=f"{patient}, {payer}, {charge.code}, {charge.service_day:%m/%d/%Y}",
            why=f"{payer} paid {amount} more than it owed. Give it back by {due:%m/%d/%Y}.",
            amount=amount,
            due_on=due,
            since=since,
            opens=Opens("sessions", {"session": charge.session_id}),
            steps=(
                Step("See which payments are too many"),
                Step("Return it, or wait until the payer takes it back"),
            ),
            patient_id=charge.patient_id,
            payer_id=charge.payer_id,
            payer=payer,
            session_id=charge.session_id,
        )


def clearing(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield what SimplePractice calls paid and no payment has closed: account 1060."""
    page = page_of_clearing(work, Span(0, most, "since"))
    opens = Opens(PAYMENTS, {"tab": "clearing"})
    for line in page.rows:
        day = "" if line.day is None else f"{line.day:%m/%d/%Y}"
        said = (line.patient, line.payer, line.code, day)
        yield QueueItem(
            key=f"{ItemKind.CLEARING.value}:{line.charge_id or 0}-{line.part}",
            kind=ItemKind.CLEARING,
            urgency=Urgency.MEDIUM,
            title="Paid in SimplePractice, not received",
            about=", ".join(part for part in said if part),
            why=line.reason,
            amount=line.amount,
            due_on=None,
            since=line.since,
            opens=opens,
            steps=(Step("Find the payment, or import the report of payments"),),
            patient_id=line.patient_id,
            payer=line.payer,
            session_id=line.session_id,
            standing=line.reason[:60],
        )
    yield from the_rest(
        ItemKind.CLEARING, page.total, most, "lines of account 1060", opens, Urgency.MEDIUM
    )


def _credit(work: Work, row: CreditRow, public: frozenset[int]) -> QueueItem:
    days = PUBLIC_DAYS if row.payer_id in public else REFUND_DAYS
    due = None if row.memo_credit else row.since + timedelta(days=days)
    object_ = str(row.id) if row.id is not None else f"{row.patient_id}-{row.guarantor_id}"
    of = row.payment_number or "SimplePractice"
    return QueueItem(
        key=f"{ItemKind.CREDIT.value}:{object_}",
        kind=ItemKind.CREDIT,
        urgency=_credit_urgency(due, work.today()),
        title="Credit to apply or give back",
        about=f"{row.owner}, {of}, {row.since:%m/%d/%Y}",
        why=f"{row.free} of {of} is applied to nothing"
        + (
            "."
            if due is None
            else f". If it belongs to {row.owner}, it goes back by {due:%m/%d/%Y}."
        ),
        amount=row.free,
        due_on=due,
        since=row.since,
        opens=Opens(PAYMENTS, {"tab": "unapplied"}),
        steps=(Step("Apply it to what is open"), Step("Give back what is left")),
        patient_id=row.patient_id,
        payer_id=row.payer_id,
        payer=row.owner if row.payer_id is not None else "",
        standing=row.kind,
    )


def _credit_urgency(due: date | None, today: date) -> Urgency:
    """Return how urgent a credit is; past its day it is high: it may be a wanted prepayment."""
    found = by_day(due, today, Urgency.LOW)
    return Urgency.HIGH if found is Urgency.CRITICAL else found


def _public(work: Work) -> frozenset[int]:
    return frozenset(work.db.scalars(select(Payer.id).where(Payer.public_program.is_(True))))
