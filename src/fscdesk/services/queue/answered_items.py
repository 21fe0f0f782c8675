"""What a payer has answered and the money does not follow, and clients who have paid too much."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from sqlalchemy import func, or_, select

from fscdesk.models.charge import Charge
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.remittance import Fate, Remittance, RemittanceClaim, RemittanceLine
from fscdesk.models.values import ZERO
from fscdesk.services.id_sets import among
from fscdesk.services.queue.items import ItemKind, QueueItem, Step, by_day
from fscdesk.services.queue.money_items import REFUND_DAYS
from fscdesk.services.remittances.session_check import WORDS, Check, check_sessions
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work

SETTLED_DAYS: Final = 60
"""So long a session is checked whose balances are zero; one with an open balance always is."""
MOST_CHECKED: Final = 2000
_STEPS: Final = {
    Check.PAYMENT_MISSING: (
        Step("See what the payer said, and what it left out"),
        Step("Ask the payer, bill the next one, or correct the claim"),
    ),
    Check.WRITE_OFF_TOO_HIGH: (
        Step("Compare the write-off with the payer's answer"),
        Step("Take the write-off back as far as it is too high"),
    ),
    Check.PATIENT_OVERCHARGED: (
        Step("Compare the client's part with the payer's answer"),
        Step("Move what is too much back to the payer, or write it off"),
    ),
}
"""What is paid twice is a thing of its own: overpaid."""


def money_off(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the sessions whose money does not agree with what their payers answered.

    What is denied, or waits for a next payer, is none; nor is what a payer paid too much, which
    waits as overpaid.
    """
    found = [
        one
        for one in check_sessions(work, _answered(work)).values()
        if one.found in _STEPS and one.open >= ZERO
    ]
    found.sort(key=lambda one: (-one.amount.cents, one.session_id))
    charges = {
        row.id: row
        for row in work.db.execute(
            select(
                Charge.id,
                Charge.code,
                Charge.service_day,
                Charge.patient_id,
                Charge.payer_id,
                Patient.name,
                Payer.short_name,
            )
            .join(Patient, Patient.id == Charge.patient_id)
            .outerjoin(Payer, Payer.id == Charge.payer_id)
            .where(among(work, Charge.id, [one.charge_id for one in found[:most]]))
        )
    }
    for one in found[:most]:
        row = charges[one.charge_id]
        payer = row.short_name or "No payer named"
        yield QueueItem(
            key=f"{ItemKind.MONEY_OFF.value}:{one.session_id}",
            kind=ItemKind.MONEY_OFF,
            urgency=Urgency.MEDIUM,
            title=WORDS[one.found],
            about=f"{row.name}, {payer}, {row.code}, {row.service_day:%m/%d/%Y}",
            why=one.sentence,
            amount=one.amount,
            due_on=None,
            since=row.service_day,
            opens=Opens("sessions", {"session": one.session_id}),
            steps=_STEPS[one.found],
            patient_id=row.patient_id,
            payer_id=row.payer_id,
            payer=payer,
            session_id=one.session_id,
            standing=one.found.value,
        )


def clients_overpaid(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the charges for which a client paid more than is the client's, with their clock."""
    rows = work.db.execute(
        select(Charge, Patient.name)
        .join(Patient, Patient.id == Charge.patient_id)
        .where(Charge.patient_balance != ZERO, Charge.patient_balance < ZERO)
        .order_by(Charge.last_day, Charge.id)
        .limit(most)
    )
    for charge, patient in rows:
        amount = -charge.patient_balance
        since = charge.last_day or charge.service_day
        due = since + timedelta(days=REFUND_DAYS)
        yield QueueItem(
            key=f"{ItemKind.OVERPAID.value}:client-{charge.id}",
            kind=ItemKind.OVERPAID,
            urgency=by_day(due, work.today(), Urgency.MEDIUM),
            title="Overpaid by client",
            about=f"{patient}, {charge.code}, {charge.service_day:%m/%d/%Y}",
            why=f"{amount} more was paid than is the client's share of this session.",
            amount=amount,
            due_on=due,
            since=since,
            opens=Opens("patients", {"patient": charge.patient_id}),
            steps=(
                Step("Take the payment off the session, so that it is the client's credit"),
                Step("Apply the credit to what else is owed, or give it back"),
            ),
            patient_id=charge.patient_id,
            session_id=charge.session_id,
        )


def _answered(work: Work) -> list[int]:
    """Return the sessions to check: answered, and open or answered lately."""
    lately = work.today() - timedelta(days=SETTLED_DAYS)
    rows = work.db.execute(
        select(Charge.session_id, func.max(Remittance.paid_on).label("newest"))
        .join(RemittanceLine, RemittanceLine.charge_id == Charge.id)
        .join(RemittanceClaim, RemittanceClaim.id == RemittanceLine.remittance_claim_id)
        .join(Remittance, Remittance.id == RemittanceClaim.remittance_id)
        .where(
            RemittanceLine.fate == Fate.POSTED,
            Charge.session_id.is_not(None),
            Charge.voided_on.is_(None),
            or_(
                Charge.insurance_balance != ZERO,
                Charge.patient_balance != ZERO,
                Remittance.paid_on >= lately,
            ),
        )
        .group_by(Charge.session_id)
        .order_by(func.max(Remittance.paid_on).desc(), Charge.session_id)
        .limit(MOST_CHECKED)
    )
    return [row.session_id for row in rows if row.session_id is not None]
