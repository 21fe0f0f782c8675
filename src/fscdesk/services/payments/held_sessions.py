"""Which sessions carry money of ours, and which are agreed about with somebody.

Whoever exchanges the charges of sessions locks them first (``lock_sessions``), and asks then: a
payment or a plan that another desk is saving at that moment is waited for, and seen.
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, func, select

from fscdesk.models.adjustment import Adjustment, AdjustmentStatus
from fscdesk.models.charge import Charge
from fscdesk.models.collection import CollectionCase, CollectionItem
from fscdesk.models.ledger import JournalLine
from fscdesk.models.plan import PaymentPlan, PlanCharge
from fscdesk.models.values import Money
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import AT_AGENCY
from fscdesk.services.work import Work


class Held(enum.StrEnum):
    """By what a session is held: an active plan, an agency, what an agency has recovered."""

    PLAN = "plan"
    AGENCY = "agency"
    RECOVERED = "recovered"


HELD_WORDS = {
    Held.PLAN: "Its balance is in a payment plan",
    Held.AGENCY: "Its balance is at a collection agency",
    Held.RECOVERED: "A collection agency has recovered money for it",
}


def sessions_with_work(work: Work, session_ids: Collection[int] | None = None) -> frozenset[int]:
    """Return the sessions on whose live charges payments or adjustments of ours stand.

    Of ``session_ids``, or of all.
    """
    paid = (
        select(JournalLine.session_id)
        .where(
            JournalLine.payment_id.is_not(None),
            _of(work, JournalLine.session_id, session_ids),
        )
        .group_by(JournalLine.session_id, JournalLine.charge_id)
        .having(func.sum(JournalLine.amount) != Money())
    )
    adjusted = (
        select(Charge.session_id)
        .join(Adjustment, Adjustment.charge_id == Charge.id)
        .where(
            Adjustment.status == AdjustmentStatus.POSTED,
            _of(work, Charge.session_id, session_ids),
        )
    )
    return frozenset(one for one in (*work.db.scalars(paid), *work.db.scalars(adjusted)) if one)


def what_holds(work: Work, session_ids: Collection[int] | None = None) -> dict[int, Held]:
    """Return the sessions whose charges somebody has agreed about, and what it is.

    Such charges must not be exchanged: a plan would hold a voided charge, an agency would keep
    what is not owed, and what it recovered would come loose from its commission and its case. Of
    ``session_ids``, or of all.
    """
    found: dict[int, Held] = {}
    agency = (
        select(JournalLine.session_id, func.sum(JournalLine.amount))
        .where(JournalLine.account == AT_AGENCY, _of(work, JournalLine.session_id, session_ids))
        .group_by(JournalLine.session_id, JournalLine.charge_id, JournalLine.part)
        .having(func.sum(JournalLine.amount) != Money())
    )
    held: dict[int, int] = {}
    for session_id, total in work.db.execute(agency):
        if session_id is not None:
            held[session_id] = held.get(session_id, 0) + total.cents
    found |= {one: Held.AGENCY if cents else Held.RECOVERED for one, cents in held.items()}
    in_plan = (
        select(Charge.session_id)
        .join(PlanCharge, PlanCharge.live == Charge.id)
        .where(_of(work, Charge.session_id, session_ids))
    )
    found |= dict.fromkeys((one for one in work.db.scalars(in_plan) if one), Held.PLAN)
    return found


def sessions_held(work: Work, session_ids: Collection[int] | None = None) -> frozenset[int]:
    """Return the sessions whose charges somebody has agreed about."""
    return frozenset(what_holds(work, session_ids))


def holder_words(work: Work, session_id: int, held: Held) -> str:
    """Name what holds a session: ``payment plan PLAN-2026-00001``."""
    charges = select(Charge.id).where(Charge.session_id == session_id)
    if held is Held.PLAN:
        number = work.db.scalar(
            select(PaymentPlan.number)
            .join(PlanCharge, PlanCharge.plan_id == PaymentPlan.id)
            .where(PlanCharge.live.in_(charges))
            .order_by(PaymentPlan.id)
            .limit(1)
        )
        return f"payment plan {number}"
    number = work.db.scalar(
        select(CollectionCase.number)
        .join(CollectionItem, CollectionItem.case_id == CollectionCase.id)
        .where(CollectionItem.charge_id.in_(charges))
        .order_by(CollectionCase.id.desc())
        .limit(1)
    )
    return f"collection case {number}"


def lock_sessions(work: Work, session_ids: Collection[int]) -> None:
    """Lock the live charges of sessions, by id, before anything is asked or posted of them."""
    work.db.flush()
    rows = (
        select(Charge.id)
        .where(among(work, Charge.session_id, session_ids), Charge.voided_on.is_(None))
        .order_by(Charge.id)
        .with_for_update()
    )
    work.db.scalars(rows).all()


def _of(work: Work, column: Any, session_ids: Collection[int] | None) -> ColumnElement[bool]:
    if session_ids is None:
        wanted: ColumnElement[bool] = column.is_not(None)
        return wanted
    return among(work, column, session_ids)
