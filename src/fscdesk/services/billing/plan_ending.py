"""Ends plans: paid, in default, cancelled or replaced. Their charges are free again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select, update

from fscdesk.models.plan import PaymentPlan, PlanCharge, PlanStatus
from fscdesk.services.audit import record
from fscdesk.services.billing.plan_reading import standings_of
from fscdesk.services.editing import locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work


def cancel_plan(work: Work, plan_id: int, *, reason: str, expected_version: int) -> None:
    """End an active plan with a reason; what is left of its charges is due as usual."""
    require(work, Right.MANAGE_PLANS, "cancel payment plans")
    plan = locked(work, PaymentPlan, plan_id, "this plan")
    require_version(plan, expected_version, "this plan")
    end_plan(work, plan, PlanStatus.CANCELLED, on=work.today(), reason=reason)


def end_plan(work: Work, plan: PaymentPlan, status: PlanStatus, *, on: date, reason: str) -> None:
    """Write that a plan has ended, and let its charges go; the caller has locked it.

    Raises Problem when it has ended before.
    """
    if plan.status is not PlanStatus.ACTIVE:
        raise Problem(
            f"Plan {plan.number} is {plan.status.value} already.", hint="Nothing was changed."
        )
    plan.end_reason = text_of(reason, "the reason", longest=300, required=True)
    plan.status, plan.ended_on = status, on
    work.db.flush()
    work.db.execute(update(PlanCharge).where(PlanCharge.plan_id == plan.id).values(live=None))
    record(work, "end_plan", "payment_plan", plan.id, number=plan.number, status=status.value)
    work.touch(Topic.PLANS, Topic.PATIENTS)


def complete_paid(work: Work, plan_ids: Collection[int], *, on: date) -> tuple[int, ...]:
    """End those of the active plans of which nothing is open any more; return which."""
    rows = (
        select(PaymentPlan)
        .where(among(work, PaymentPlan.id, plan_ids), PaymentPlan.status == PlanStatus.ACTIVE.value)
        .order_by(PaymentPlan.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    plans = list(work.db.scalars(rows))
    standings = standings_of(work, plans, on)
    done = [plan for plan in plans if standings[plan.id].finished]
    for plan in done:
        end_plan(work, plan, PlanStatus.COMPLETED, on=on, reason="All of it is paid")
    return tuple(plan.id for plan in done)
