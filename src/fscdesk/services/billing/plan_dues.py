"""What a day brings for plans: interest, late fees, default, the end of what is paid.

``dues_now`` says what is not charged yet; a person charges it (``charge_due``), once a day and as
often as one likes: each part is charged once. What a day
brings is judged by the ledger as it stood on the days that count, so that a run that comes late
charges what a punctual one would have; its entries stand on the day of the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, func, select

from fscdesk.models.ledger import JournalLine
from fscdesk.models.plan import Instalment, PaymentPlan, PlanCharge, PlanStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.billing.account_fees import FeeCode, charge_fee
from fscdesk.services.billing.plan_ending import complete_paid, end_plan
from fscdesk.services.billing.plan_policies import plan_policy
from fscdesk.services.billing.plan_reading import left_of, plan_facts, standings_of
from fscdesk.services.billing.plan_schedule import interest_of
from fscdesk.services.billing.plan_standing import (
    InstalmentFacts,
    PlanFacts,
    accrued_day_cents,
    last_good_day,
    late_fee_of,
    scheduled_left,
    standing_of,
)
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import PATIENT_RECEIVABLE
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work


@dataclass(frozen=True, slots=True)
class ChargedPart:
    """Interest or a late fee that was charged for an instalment."""

    plan_id: int
    position: int
    charge_id: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Dues:
    """What a run of ``charge_due`` did; nothing at all is the usual day."""

    on: date
    plans: int
    interest: tuple[ChargedPart, ...]
    late_fees: tuple[ChargedPart, ...]
    defaulted: tuple[int, ...]
    completed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DuePart:
    """Interest or a late fee (``late``) of an instalment that is due and not charged yet."""

    plan_id: int
    plan: str
    position: int
    due_on: date
    amount: Money
    late: bool


@dataclass(frozen=True, slots=True)
class DuesNow:
    """What ``charge_due`` would do now: charge these parts, and end these plans by default."""

    parts: tuple[DuePart, ...]
    failing: tuple[int, ...]

    @property
    def amount(self) -> Money:
        """Return what would be charged in all."""
        return sum((one.amount for one in self.parts), ZERO)


def dues_now(work: Work, on: date) -> DuesNow:
    """Return what of active plans is due by the day and not charged; nothing is written."""
    require(work, Right.MANAGE_PLANS, "look at what is due on payment plans")
    plans = list(work.db.scalars(_active(on)))
    parts = [
        DuePart(plan.id, plan.number, one.position, one.due_on, amount, late)
        for plan in plans
        for late, found in (
            (False, _interest_due(work, plan, on)),
            (True, _late_due(work, plan, on)),
        )
        for one, amount in found
    ]
    failing = [plan.id for plan in plans if _missed(work, plan, on)]
    return DuesNow(tuple(parts), tuple(failing))


def charge_due(work: Work, on: date) -> Dues:
    """Charge what fell due by the day on active plans, and end those that are paid or failed.

    Interest is charged when its instalment falls due, on what was left of the principal day by
    day, never more than was stated; a plan that was paid off before owes none. A late fee is
    charged when the grace has passed and the instalment was not paid by then. A plan with as
    many missed instalments as the policy allows ends by default, and its charges are free.
    """
    require(work, Right.MANAGE_PLANS, "charge what is due on payment plans")
    if on > work.today():
        raise Problem(
            f"{on:%m/%d/%Y} has not come yet.",
            hint="Nothing was charged. What is due is charged on its day or later.",
        )
    plans = _locked_active(work, on)
    interest: list[ChargedPart] = []
    fees: list[ChargedPart] = []
    defaulted: list[int] = []
    for done, plan in enumerate(plans):
        work.job.step(done, len(plans), "Looking at payment plans")
        interest += _interest(work, plan, on)
        fees += _late_fees(work, plan, on)
        if _failed(work, plan, on):
            defaulted.append(plan.id)
    completed = complete_paid(work, [plan.id for plan in plans], on=on)
    if interest or fees or defaulted or completed:
        record(
            work,
            "charge_due",
            "payment_plan",
            None,
            on=on.isoformat(),
            interest=len(interest),
            late_fees=len(fees),
            defaulted=len(defaulted),
            completed=len(completed),
        )
        work.touch(Topic.PLANS)
    return Dues(on, len(plans), tuple(interest), tuple(fees), tuple(defaulted), completed)


def _active(on: date) -> Select[PaymentPlan]:
    return (
        select(PaymentPlan)
        .where(PaymentPlan.status == PlanStatus.ACTIVE.value, PaymentPlan.agreed_on <= on)
        .order_by(PaymentPlan.id)
    )


def _locked_active(work: Work, on: date) -> list[PaymentPlan]:
    rows = _active(on).with_for_update().execution_options(populate_existing=True)
    return list(work.db.scalars(rows))


def _interest(work: Work, plan: PaymentPlan, on: date) -> list[ChargedPart]:
    parts = _rows(work, plan.id)
    charged = []
    for one, amount in _interest_due(work, plan, on):
        charge_id = _charge(work, plan, one, amount, FeeCode.INTEREST, on)
        parts[one.position].interest_charge_id = charge_id
        work.db.flush()
        charged.append(ChargedPart(plan.id, one.position, charge_id, amount))
    return charged


def _interest_due(work: Work, plan: PaymentPlan, on: date) -> list[tuple[InstalmentFacts, Money]]:
    """Return the interest of each instalment that is due by the day and not charged yet."""
    if not plan.apr_points:
        return []
    facts = plan_facts(work, [plan], on)[plan.id]
    left_on = _left_by_day(work, plan, on)
    found = []
    before = plan.agreed_on
    for one in facts.instalments:
        since, before = before, one.due_on
        if one.due_on > on:
            break
        if one.interest_charged or not one.interest or not _left_before(left_on, one.due_on):
            continue
        scheduled = scheduled_left(facts, one.position)
        accrued = accrued_day_cents(scheduled, since, one.due_on, left_on)
        amount = min(one.interest, interest_of(accrued, plan.apr_points))
        if amount > ZERO:
            found.append((one, amount))
    return found


def _late_fees(work: Work, plan: PaymentPlan, on: date) -> list[ChargedPart]:
    charged = []
    for one, amount in _late_due(work, plan, on):
        charge_id = _charge(work, plan, one, amount, FeeCode.LATE, on)
        _rows(work, plan.id)[one.position].fee_charge_id = charge_id
        work.db.flush()
        charged.append(ChargedPart(plan.id, one.position, charge_id, amount))
    return charged


def _late_due(work: Work, plan: PaymentPlan, on: date) -> list[tuple[InstalmentFacts, Money]]:
    """Return the late fee of each instalment that was not paid in time, if none was charged."""
    facts = plan_facts(work, [plan], on)[plan.id]
    found = []
    for one in facts.instalments:
        good = last_good_day(one.due_on, plan.grace_days)
        if good >= on:
            break
        if one.fee_charged or not _was_late(work, plan, one.position, good):
            continue
        amount = late_fee_of(facts, one)
        if amount > ZERO:
            found.append((one, amount))
    return found


def _was_late(work: Work, plan: PaymentPlan, position: int, good: date) -> bool:
    """Return whether something of an instalment was open at the end of its last good day."""
    facts: PlanFacts = plan_facts(work, [plan], good)[plan.id]
    part = standing_of(facts, good).instalments[position - 1]
    return not part.settled


def _missed(work: Work, plan: PaymentPlan, on: date) -> int:
    """Return how many instalments were missed where that ends a plan, else 0."""
    missed = standings_of(work, [plan], on)[plan.id].missed
    limit = plan_policy(work).default_after
    return missed if limit and missed >= limit else 0


def _failed(work: Work, plan: PaymentPlan, on: date) -> bool:
    missed = _missed(work, plan, on)
    if not missed:
        return False
    end_plan(work, plan, PlanStatus.DEFAULTED, on=on, reason=f"{missed} instalments were missed")
    return True


def _charge(
    work: Work, plan: PaymentPlan, one: InstalmentFacts, amount: Money, code: FeeCode, on: date
) -> int:
    what = "Interest" if code is FeeCode.INTEREST else "Late fee"
    return charge_fee(
        work,
        patient_id=plan.patient_id,
        guarantor_id=plan.guarantor_id,
        amount=amount,
        code=code,
        on=on,
        memo=f"{what}, payment {one.position} of plan {plan.number}",
    )


def _rows(work: Work, plan_id: int) -> dict[int, Instalment]:
    found = work.db.scalars(select(Instalment).where(Instalment.plan_id == plan_id))
    return {one.position: one for one in found}


def _left_by_day(work: Work, plan: PaymentPlan, on: date) -> list[tuple[date, Money]]:
    """Return what was left of the principal: from the agreement on, after each day it moved."""
    covered = select(PlanCharge.charge_id, PlanCharge.amount).where(PlanCharge.plan_id == plan.id)
    agreed = {row.charge_id: row.amount for row in work.db.execute(covered)}
    moves = work.db.execute(
        select(JournalLine.day, JournalLine.charge_id, func.sum(JournalLine.amount))
        .where(
            among(work, JournalLine.charge_id, list(agreed)),
            JournalLine.account == PATIENT_RECEIVABLE,
            JournalLine.day <= on,
        )
        .group_by(JournalLine.day, JournalLine.charge_id)
        .order_by(JournalLine.day)
    ).all()
    open_now = dict.fromkeys(agreed, 0)
    left: dict[date, Money] = {}
    for day, charge_id, amount in moves:
        open_now[charge_id or 0] += amount.cents
        total = sum(left_of(agreed[one], cents).cents for one, cents in open_now.items())
        left[max(day, plan.agreed_on)] = Money(total)
    return sorted(left.items())


def _left_before(left_on: Sequence[tuple[date, Money]], day: date) -> Money:
    """Return what was left at the end of the day before."""
    eve = day - timedelta(days=1)
    return next((left for since, left in reversed(left_on) if since <= eve), ZERO)
