"""Reads what came off a plan's charges without money, so that nobody is said to have paid it.

A write-off, a discount or a correction, what a credit memo of the practice paid, and what was moved
to a payer; only since the plan was agreed: what came off before was never in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from fscdesk.models.ledger import JournalEntry, JournalLine, Part
from fscdesk.models.payment import Credit, CreditKind
from fscdesk.models.plan import PaymentPlan, PlanCharge
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import PATIENT_RECEIVABLE
from fscdesk.services.work import Work

_WITHOUT_MONEY = (Part.WRITE_OFF, Part.ADJUSTMENT, Part.RESPONSIBILITY)
"""Lines of a client's share that come off without money; what a credit memo pays is another."""


def taken_off(work: Work, plan_ids: Collection[int], as_of: date) -> dict[int, dict[int, int]]:
    """Return by plan and charge the cents that came off without money since it was agreed."""
    other = aliased(JournalLine)
    from_memo = (
        select(other.id)
        .join(Credit, Credit.id == other.credit_id)
        .where(other.entry_id == JournalLine.entry_id, Credit.kind == CreditKind.CREDIT_MEMO)
        .exists()
    )
    found = work.db.execute(
        select(PlanCharge.plan_id, PlanCharge.charge_id, func.sum(JournalLine.amount))
        .join(PaymentPlan, PaymentPlan.id == PlanCharge.plan_id)
        .join(JournalLine, JournalLine.charge_id == PlanCharge.charge_id)
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(
            among(work, PlanCharge.plan_id, plan_ids),
            JournalLine.account == PATIENT_RECEIVABLE,
            JournalLine.day <= as_of,
            JournalEntry.posted_at > PaymentPlan.made_at,
            or_(JournalLine.part.in_(_WITHOUT_MONEY), from_memo),
        )
        .group_by(PlanCharge.plan_id, PlanCharge.charge_id)
    )
    off: dict[int, dict[int, int]] = defaultdict(dict)
    for plan_id, charge_id, total in found:
        off[plan_id][charge_id] = -total.cents
    return off
