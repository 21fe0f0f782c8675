"""Makes payment plans: given open charges of one guarantor, paid in instalments.

A plan moves no money. It holds its charges (``live``), so that each is in one plan at a time;
what it asks for is read from the ledger (``plan_reading``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from fscdesk.models.charge import Charge
from fscdesk.models.patient import Guarantor
from fscdesk.models.plan import Every, Instalment, PaymentPlan, PlanCharge, PlanStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.billing.open_charges import locked_charges, open_charges
from fscdesk.services.billing.plan_ending import end_plan
from fscdesk.services.billing.plan_policies import PlanPolicy, plan_policy
from fscdesk.services.billing.plan_reading import standings_of
from fscdesk.services.billing.plan_schedule import (
    Limits,
    Schedule,
    Terms,
    broken_limits,
    due_day,
    least_down,
    schedule_of,
)
from fscdesk.services.billing.plan_standing import PlanStanding
from fscdesk.services.editing import key_of, locked, require_version
from fscdesk.services.errors import ChangedElsewhere, Finding, Problem
from fscdesk.services.id_sets import among
from fscdesk.services.numbering import next_number
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

SERIES = "PLAN"
_DOING = "make payment plans"
_NOTHING = "No plan was made."


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A plan as it is asked for.

    ``down_payment`` None is the least that the policy asks for, ``first_due_on`` None one
    period after ``agreed_on``, which is today at first. ``patient_id`` None is the patient of
    the oldest charge: interest and late fees are charged there. ``expected_total`` is what the
    person saw as open; another sum is refused.
    """

    guarantor_id: int
    charge_ids: tuple[int, ...]
    number: int
    every: Every = Every.MONTH
    down_payment: Money | None = None
    agreed_on: date | None = None
    first_due_on: date | None = None
    apr_points: int = 0
    auto_pay: bool = False
    patient_id: int | None = None
    expected_total: Money | None = None
    request_key: str | None = None


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """What a plan would be. ``schedule`` is None while ``findings`` stand against it."""

    total: Money
    least_down: Money
    schedule: Schedule | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class MadePlan:
    """A plan in the books; ``repeated`` when the same command had made it before."""

    plan_id: int
    number: str
    total: Money
    down_payment: Money
    financed: Money
    parts: int
    repeated: bool = False


def preview_plan(work: Work, new: NewPlan, *, replaces: int | None = None) -> PlanPreview:
    """Return the schedule that this plan would have, or why it cannot be. Writes nothing."""
    require(work, Right.MANAGE_PLANS, _DOING)
    policy = plan_policy(work)
    limits = _limits(work, policy, replaces)
    charges = open_charges(work, new.charge_ids)
    terms = _terms(work, new, charges, limits)
    findings = broken_limits(terms, limits)
    schedule = None if findings else schedule_of(terms)
    return PlanPreview(terms.total, least_down(terms.total, limits), schedule, findings)


def make_plan(work: Work, new: NewPlan) -> MadePlan:
    """Make a plan for open charges of a guarantor, which are held by it from then on.

    Raises Problem, with nothing saved, for terms outside of the policy, for a charge that is
    not open, of another guarantor or in another plan; ChangedElsewhere when another sum is open.
    """
    require(work, Right.MANAGE_PLANS, _DOING)
    return made_before(work, new) or _make(work, new, None, plan_policy(work).limits)


def replace_plan(
    work: Work, plan_id: int, new: NewPlan, *, reason: str, expected_version: int
) -> MadePlan:
    """End an active plan and make a new one in its place, over what is left and what is added.

    Without ``charge_ids`` it covers all that is open of the old one, with interest and late
    fees. What was paid on the old plan counts as paid down.
    """
    require(work, Right.MANAGE_PLANS, "replace payment plans")
    repeated = made_before(work, new)
    if repeated is not None:
        return repeated
    old = locked(work, PaymentPlan, plan_id, "this plan")
    require_version(old, expected_version, "this plan")
    if old.guarantor_id != new.guarantor_id:
        raise Problem("The new plan is of another guarantor.", hint=_NOTHING)
    limits = _limits(work, plan_policy(work), plan_id)
    chosen = new.charge_ids or still_open(work, plan_id)
    end_plan(work, old, PlanStatus.REPLACED, on=work.today(), reason=reason)
    return _make(work, replace(new, charge_ids=chosen), plan_id, limits)


def still_open(work: Work, plan_id: int) -> tuple[int, ...]:
    """Return the charges of a plan, of its interest and late fees, that are open now."""
    fees = select(Instalment.interest_charge_id, Instalment.fee_charge_id).where(
        Instalment.plan_id == plan_id
    )
    wanted = set(work.db.scalars(select(PlanCharge.charge_id).where(PlanCharge.plan_id == plan_id)))
    wanted |= {one for row in work.db.execute(fees) for one in row if one is not None}
    found = select(Charge.id).where(among(work, Charge.id, wanted), Charge.patient_balance > ZERO)
    return tuple(work.db.scalars(found.order_by(Charge.service_day, Charge.id)))


def made_before(work: Work, new: NewPlan) -> MadePlan | None:
    """Return the plan that the same command has made before, if it has.

    Raises Problem when the key was used for another plan.
    """
    if key_of(new.request_key) is None:
        return None
    found = work.db.scalars(select(PaymentPlan).filter_by(request_key=new.request_key)).first()
    if found is None:
        return None
    if (found.guarantor_id, found.instalments, found.every) != (
        new.guarantor_id,
        new.number,
        new.every,
    ):
        raise Problem(
            f"Plan {found.number} was made under the same key with other terms.",
            hint=f"{_NOTHING} Enter this one anew.",
        )
    return _made(found, repeated=True)


def _make(work: Work, new: NewPlan, replaces: int | None, limits: Limits) -> MadePlan:
    policy = plan_policy(work)
    if work.db.get(Guarantor, new.guarantor_id) is None:
        raise Problem("Who pays is not in the books.", hint=_NOTHING)
    charges = sorted(
        locked_charges(work, new.charge_ids, "for a plan").values(),
        key=lambda one: (one.service_day, one.id),
    )
    _require_free(work, new, charges)
    terms = _terms(work, new, charges, limits)
    if new.expected_total is not None and terms.total != new.expected_total:
        raise ChangedElsewhere(
            f"{terms.total} is open for this plan, no longer {new.expected_total}.",
            hint=f"{_NOTHING} Look at the schedule again.",
        )
    if terms.agreed_on > work.today():
        raise Problem(
            f"{terms.agreed_on:%m/%d/%Y} has not come yet.",
            hint=f"{_NOTHING} A plan is agreed today or was agreed before.",
        )
    broken = broken_limits(terms, limits)
    if broken:
        raise Problem(" ".join(one.message for one in broken), hint=_NOTHING)
    plan = _written(work, new, terms, policy, charges[0], replaces)
    _hold(work, plan, charges)
    for part in schedule_of(terms).parts:
        work.db.add(
            Instalment(
                plan_id=plan.id,
                position=part.position,
                due_on=part.due_on,
                principal=part.principal,
                interest=part.interest,
            )
        )
    work.db.flush()
    record(
        work,
        "make_plan",
        "payment_plan",
        plan.id,
        number=plan.number,
        total=plan.total.plain(),
        down_payment=plan.down_payment.plain(),
        instalments=plan.instalments,
        charges=len(charges),
        replaces=replaces,
    )
    work.touch(Topic.PLANS, Topic.PATIENTS)
    return _made(plan)


def _limits(work: Work, policy: PlanPolicy, replaces: int | None) -> Limits:
    """Return the limits; what was paid on the plan that is replaced counts as paid down."""
    if replaces is None:
        return policy.limits
    old = work.db.get(PaymentPlan, replaces)
    if old is None:
        raise Problem("The plan to be replaced is not in the books.", hint=_NOTHING)
    standing: PlanStanding = standings_of(work, [old], work.today())[replaces]
    return replace(policy.limits, paid_before=max(standing.paid, ZERO))


def _terms(work: Work, new: NewPlan, charges: Sequence[Charge], limits: Limits) -> Terms:
    total = Money(sum(charge.patient_balance.cents for charge in charges))
    agreed_on = new.agreed_on or work.today()
    return Terms(
        total,
        least_down(total, limits) if new.down_payment is None else new.down_payment,
        new.number,
        new.every,
        agreed_on,
        new.first_due_on or due_day(agreed_on, new.every, 1),
        new.apr_points,
    )


def _require_free(work: Work, new: NewPlan, charges: Sequence[Charge]) -> None:
    for charge in charges:
        what = f"{charge.code} of {charge.service_day:%m/%d/%Y}"
        if charge.guarantor_id != new.guarantor_id:
            raise Problem(f"{what} is paid by somebody else.", hint=_NOTHING)
        if charge.patient_balance <= ZERO:
            raise Problem(
                f"Nothing is open for {what}.", hint=f"{_NOTHING} Look at the open charges again."
            )
    held = work.db.scalar(
        select(PaymentPlan.number)
        .join(PlanCharge, PlanCharge.plan_id == PaymentPlan.id)
        .where(among(work, PlanCharge.live, [charge.id for charge in charges]))
        .limit(1)
    )
    if held is not None:
        raise Problem(
            f"A charge is in plan {held} already.",
            hint=f"{_NOTHING} A charge is in one plan at a time; replace that plan instead.",
        )


def _written(
    work: Work,
    new: NewPlan,
    terms: Terms,
    policy: PlanPolicy,
    oldest: Charge,
    replaces: int | None,
) -> PaymentPlan:
    plan = PaymentPlan(
        number=next_number(work, SERIES, terms.agreed_on.year),
        guarantor_id=new.guarantor_id,
        patient_id=new.patient_id or oldest.patient_id,
        total=terms.total,
        down_payment=terms.down,
        financed=terms.financed,
        instalments=terms.number,
        every=terms.every,
        agreed_on=terms.agreed_on,
        first_due_on=terms.first_due_on,
        apr_points=terms.apr_points,
        late_fee=policy.late_fee,
        late_fee_points=policy.late_fee_points,
        grace_days=policy.grace_days,
        auto_pay=new.auto_pay,
        status=PlanStatus.ACTIVE,
        replaces_id=replaces,
        request_key=new.request_key,
        made_by=work.actor.staff_id,
        made_at=work.now(),
    )
    work.db.add(plan)
    _flush(work)
    return plan


def _hold(work: Work, plan: PaymentPlan, charges: Sequence[Charge]) -> None:
    for charge in charges:
        work.db.add(
            PlanCharge(
                plan_id=plan.id,
                charge_id=charge.id,
                live=charge.id,
                amount=charge.patient_balance,
            )
        )
    _flush(work)


def _flush(work: Work) -> None:
    try:
        work.db.flush()
    except IntegrityError as taken:
        raise Problem(
            "A plan for these charges was made at another desk a moment ago.",
            hint=f"{_NOTHING} Look at the list of plans.",
        ) from taken


def _made(plan: PaymentPlan, *, repeated: bool = False) -> MadePlan:
    return MadePlan(
        plan.id,
        plan.number,
        plan.total,
        plan.down_payment,
        plan.financed,
        plan.instalments,
        repeated,
    )
