"""Ends plans: paid, in default, cancelled or replaced. Their charges are free again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select, update

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import JournalLine
from fscdesk.models.plan import PaymentPlan, PlanCharge, PlanStatus
from fscdesk.models.values import ZERO
from fscdesk.services.audit import record
from fscdesk.services.billing.plan_reading import standings_of
from fscdesk.services.billing.plan_standing import PlanStanding
from fscdesk.services.editing import locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import AT_AGENCY
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


def reinstate(work: Work, plan_id: int) -> bool:
    """Put a replaced plan in force again, on the day that it was replaced; return whether it is.

    For the undo of its replacement, which has let the charges go. On a later day it stays
    replaced: both plans held these charges on the days between, and the books would say so. So
    it does when one of its charges is in another plan or at an agency by now.
    """
    plan = locked(work, PaymentPlan, plan_id, "the plan that was replaced")
    today = plan.status is PlanStatus.REPLACED and plan.ended_on == work.today()
    if not today or not _are_free(work, plan_id):
        return False
    plan.status, plan.ended_on, plan.end_reason = PlanStatus.ACTIVE, None, ""
    work.db.flush()
    work.db.execute(
        update(PlanCharge).where(PlanCharge.plan_id == plan.id).values(live=PlanCharge.charge_id)
    )
    record(work, "reinstate_plan", "payment_plan", plan.id, number=plan.number)
    work.touch(Topic.PLANS, Topic.PATIENTS)
    return True


def reopen_unpaid(work: Work, charge_ids: Collection[int], *, on: date) -> tuple[int, ...]:
    """Put completed plans in force again whose payment was taken back; return which.

    What its charges owe again is asked for by the plan that was agreed, with its days: what was
    due meanwhile is missed. A plan stays completed when one of its charges is in another plan or
    at an agency by now, or not in the books any more.
    """
    completed = (
        select(PaymentPlan)
        .join(PlanCharge, PlanCharge.plan_id == PaymentPlan.id)
        .where(
            among(work, PlanCharge.charge_id, charge_ids),
            PaymentPlan.status == PlanStatus.COMPLETED.value,
        )
        .order_by(PaymentPlan.id)
        .with_for_update(of=PaymentPlan)
        .execution_options(populate_existing=True)
    )
    plans = list(dict.fromkeys(work.db.scalars(completed)))
    standings = standings_of(work, plans, on)
    back = [plan for plan in plans if not standings[plan.id].finished and _are_free(work, plan.id)]
    for plan in back:
        plan.status, plan.ended_on, plan.end_reason = PlanStatus.ACTIVE, None, ""
        work.db.flush()
        work.db.execute(
            update(PlanCharge)
            .where(PlanCharge.plan_id == plan.id)
            .values(live=PlanCharge.charge_id)
        )
        record(work, "reopen_plan", "payment_plan", plan.id, number=plan.number)
        work.touch(Topic.PLANS, Topic.PATIENTS)
    return tuple(plan.id for plan in back)


def _are_free(work: Work, plan_id: int) -> bool:
    """Return whether all charges of a plan are in the books, and neither agreed nor handed over."""
    agreed = list(work.db.scalars(select(PlanCharge.charge_id).filter_by(plan_id=plan_id)))
    elsewhere = select(PlanCharge.id).where(among(work, PlanCharge.live, agreed))
    gone = select(Charge.id).where(among(work, Charge.id, agreed), Charge.voided_on.is_not(None))
    handed = (
        select(JournalLine.charge_id)
        .where(among(work, JournalLine.charge_id, agreed), JournalLine.account == AT_AGENCY)
        .group_by(JournalLine.charge_id)
        .having(func.sum(JournalLine.amount) != ZERO)
    )
    return all(work.db.scalar(one.limit(1)) is None for one in (elsewhere, gone, handed))


def complete_of_sessions(work: Work, session_ids: Collection[int], *, on: date) -> tuple[int, ...]:
    """End the active plans over charges of these sessions of which nothing is open any more."""
    found = (
        select(PlanCharge.plan_id)
        .join(Charge, Charge.id == PlanCharge.live)
        .where(among(work, Charge.session_id, session_ids))
        .distinct()
    )
    plans = list(work.db.scalars(found))
    return complete_paid(work, plans, on=on) if plans else ()


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
        end_plan(work, plan, PlanStatus.COMPLETED, on=on, reason=_how(standings[plan.id]))
    return tuple(plan.id for plan in done)


def _how(standing: PlanStanding) -> str:
    """Say how a plan came to its end: what was paid, and what was not."""
    if not standing.forgiven and not standing.gone:
        return "All of it is paid"
    parts = [f"{standing.paid} paid"]
    if standing.forgiven:
        parts.append(f"{standing.forgiven} taken off")
    if standing.gone:
        parts.append(f"{standing.gone} left the books")
    return f"Nothing of it is open: {', '.join(parts)}"
