"""Payments on plans: the first one together with the plan, the later ones, and the one undo.

Money on a plan pays what the plan asks for, in its order: interest that was charged, what is due
of the agreed charges, late fees, then the rest of the agreed charges; each the oldest first. So
a late fee never makes an instalment late (16 CFR 444.4). The practice's rule of oldest first is
about all charges of an account and does not hold here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.payment import Credit, CreditKind, Payment, PaymentStatus
from fscdesk.models.plan import Instalment, PaymentPlan, PlanCharge, PlanStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.billing.plan_ending import complete_paid, end_plan, reinstate
from fscdesk.services.billing.plan_reading import left_of, standings_of
from fscdesk.services.billing.plans import MadePlan, NewPlan, made_before, make_plan, replace_plan
from fscdesk.services.editing import locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.payments.applying import Application, apply, locked_charges
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.payments.receiving import NewPayment, Received, Rest, receive
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

_FIRST: Final = "first-payment-of-plan-{}"
"""The request key of a plan's first payment: one each, and found again by it."""


def make_plan_with_payment(
    work: Work, new_plan: NewPlan, new_payment: NewPayment
) -> tuple[MadePlan, Received]:
    """Make a plan and take its first payment, both or neither; oldest agreed charges first.

    The payment's applications are the plan's to find; a repeated command is known by the
    plan's key. Raises Problem, with nothing saved, as each of the two does.
    """
    require(work, Right.MANAGE_PLANS, "make payment plans")
    require(work, Right.POST_PAYMENT, "post payments")
    _require_payer(new_plan.guarantor_id, new_payment)
    before = made_before(work, new_plan)
    made = before or make_plan(work, new_plan)
    keyed = replace(new_payment, request_key=_FIRST.format(made.plan_id))
    return made, pay_plan(work, made.plan_id, keyed)


def replace_plan_with_payment(
    work: Work,
    plan_id: int,
    new_plan: NewPlan,
    new_payment: NewPayment,
    *,
    reason: str,
    expected_version: int,
) -> tuple[MadePlan, Received]:
    """Replace a plan and take the first payment on the new one: all of it, or nothing.

    Raises Problem, with nothing saved, as ``replace_plan`` and ``pay_plan`` do.
    """
    require(work, Right.MANAGE_PLANS, "replace payment plans")
    require(work, Right.POST_PAYMENT, "post payments")
    _require_payer(new_plan.guarantor_id, new_payment)
    made = replace_plan(work, plan_id, new_plan, reason=reason, expected_version=expected_version)
    keyed = replace(new_payment, request_key=_FIRST.format(made.plan_id))
    return made, pay_plan(work, made.plan_id, keyed)


def pay_plan(work: Work, plan_id: int, new: NewPayment) -> Received:
    """Take a payment on an active plan, in the plan's order; what is left over stays a credit.

    A plan of which nothing is open any more is completed. Raises Problem, with nothing posted,
    for a plan that has ended and for money of somebody else.
    """
    require(work, Right.POST_PAYMENT, "post payments")
    plan = locked(work, PaymentPlan, plan_id, "this plan")
    _require_payer(plan.guarantor_id, new)
    if new.applications:
        raise Problem(
            "A payment on a plan pays what the plan asks for.",
            hint="Nothing was posted. Leave the charges empty, or enter it without the plan.",
        )
    asked = plan_applications(work, plan_id, new.amount)
    locked_charges(work, [one.charge_id for one in asked])  # before the payment takes its number
    rest = new.rest if new.rest.patient_id else Rest(CreditKind.PREPAYMENT, plan.patient_id)
    received = receive(work, replace(new, rest=rest))
    if received.repeated:
        return received
    if plan.status is not PlanStatus.ACTIVE:
        raise Problem(
            f"Plan {plan.number} is {plan.status.value}.",
            hint="Nothing was posted. Enter the payment without the plan.",
        )
    credit = work.db.get_one(Credit, received.credit_id)
    on = new.posted_on or new.received_on
    applied = apply(work, credit, plan_applications(work, plan_id, new.amount), on=on)
    work.db.refresh(credit)
    record(
        work,
        "pay_plan",
        "payment_plan",
        plan_id,
        payment=received.number,
        amount=new.amount.plain(),
    )
    complete_paid(work, [plan_id], on=max(on, work.today()))
    work.touch(Topic.PLANS)
    return replace(
        received,
        applied=received.amount - credit.balance,
        unapplied=credit.balance,
        findings=(*received.findings, *applied.findings),
    )


def plan_applications(work: Work, plan_id: int, amount: Money) -> tuple[Application, ...]:
    """Return what an amount pays of a plan today, in the plan's order, as far as it goes."""
    left = amount.cents
    parts: dict[int, int] = {}
    for charge_id, cents in _asked(work, plan_id):
        part = min(left, cents)
        if part > 0:
            parts[charge_id] = parts.get(charge_id, 0) + part
            left -= part
    return tuple(Application(charge_id, Money(cents)) for charge_id, cents in parts.items())


def first_payment(work: Work, plan_id: int) -> Payment | None:
    """Return the payment that was taken together with a plan, if it stands."""
    found = select(Payment).where(
        Payment.request_key == _FIRST.format(plan_id), Payment.status == PaymentStatus.POSTED
    )
    return work.db.scalars(found).one_or_none()


def undo_plan(work: Work, plan_id: int, *, reason: str, expected_version: int) -> None:
    """Take a plan back with its first payment: the payment is voided, the plan cancelled.

    A plan that it replaced on the same day is in force again. Raises Problem, with nothing
    changed, when later work stands on it: interest or a fee was charged, a charge was paid or
    changed since, or the money was deposited or refunded.
    """
    require(work, Right.MANAGE_PLANS, "take payment plans back")
    why = text_of(reason, "the reason", longest=280, required=True)
    plan = locked(work, PaymentPlan, plan_id, "this plan")
    require_version(plan, expected_version, "this plan")
    _require_nothing_charged(work, plan)
    payment = first_payment(work, plan_id)
    if payment is not None:
        void_payment(work, payment.id, reason=why, expected_version=payment.version)
        plan = locked(work, PaymentPlan, plan_id, "this plan")
    _require_as_agreed(work, plan)
    end_plan(work, plan, PlanStatus.CANCELLED, on=work.today(), reason=f"Taken back: {why}")
    if plan.replaces_id is not None:
        reinstate(work, plan.replaces_id)
    record(work, "undo_plan", "payment_plan", plan_id, number=plan.number)
    work.touch(Topic.PLANS, Topic.PAYMENTS)


def _asked(work: Work, plan_id: int) -> Iterator[tuple[int, int]]:
    """Yield what a plan asks for, as (charge, cents) in the order in which money pays it."""
    plan = work.db.get_one(PaymentPlan, plan_id)
    standing = standings_of(work, [plan], work.today())[plan_id]
    interest, fees = _fees(work, plan_id)
    yield from interest
    agreed = _agreed(work, plan_id)
    due = standing.down_open.cents + sum(
        part.principal.cents - part.paid.cents
        for part in standing.instalments
        if part.due_on <= standing.as_of
    )
    later = []
    for charge_id, cents in agreed:
        now = min(due, cents)
        due -= now
        if now:
            yield charge_id, now
        if cents > now:
            later.append((charge_id, cents - now))
    yield from fees
    yield from later


def _agreed(work: Work, plan_id: int) -> list[tuple[int, int]]:
    """Return what is left of the agreed charges, the oldest first, never more than agreed."""
    found = work.db.execute(
        select(Charge.id, Charge.patient_balance, PlanCharge.amount)
        .join(PlanCharge, PlanCharge.charge_id == Charge.id)
        .where(PlanCharge.plan_id == plan_id, Charge.voided_on.is_(None))
        .order_by(Charge.service_day, Charge.id)
    )
    return [(one, left_of(amount, balance.cents).cents) for one, balance, amount in found]


def _fees(work: Work, plan_id: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return what is open of the interest and of the late fees that were charged, in order."""
    found: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    for column, into in zip(
        (Instalment.interest_charge_id, Instalment.fee_charge_id), found, strict=True
    ):
        rows = work.db.execute(
            select(Charge.id, Charge.patient_balance)
            .join(Instalment, column == Charge.id)
            .where(Instalment.plan_id == plan_id, Charge.patient_balance > ZERO)
            .order_by(Instalment.position)
        )
        into += [(charge_id, balance.cents) for charge_id, balance in rows]
    return found


def _require_payer(guarantor_id: int, new: NewPayment) -> None:
    if new.guarantor_id != guarantor_id:
        raise Problem(
            "The money is not of the guarantor of this plan.",
            hint="Nothing was posted. Enter the payment without the plan.",
        )


def _require_nothing_charged(work: Work, plan: PaymentPlan) -> None:
    if plan.status is not PlanStatus.ACTIVE:
        raise Problem(
            f"Plan {plan.number} is {plan.status.value} already.", hint="Nothing was changed."
        )
    charged = work.db.scalar(
        select(Instalment.position)
        .where(
            Instalment.plan_id == plan.id,
            Instalment.interest_charge_id.is_not(None) | Instalment.fee_charge_id.is_not(None),
        )
        .limit(1)
    )
    if charged is not None:
        raise Problem(
            f"Interest or a late fee of plan {plan.number} was charged already.",
            hint="Nothing was changed. Cancel the plan instead; its payments stay.",
        )


def _require_as_agreed(work: Work, plan: PaymentPlan) -> None:
    moved = work.db.execute(
        select(Charge.code, Charge.service_day)
        .join(PlanCharge, PlanCharge.charge_id == Charge.id)
        .where(PlanCharge.plan_id == plan.id, Charge.patient_balance != PlanCharge.amount)
        .order_by(Charge.service_day, Charge.id)
        .limit(1)
    ).first()
    if moved is not None:
        raise Problem(
            f"{moved.code} of {moved.service_day:%m/%d/%Y} was paid or changed after plan"
            f" {plan.number} was made.",
            hint="Nothing was changed. Take that back first, or cancel the plan; its payments"
            " stay.",
        )
