"""What a plan asks for on a day, from what is open of its charges. Pure.

What the charges are lower by than agreed has settled that much of the plan: first what was to be
paid down, then the instalments in their order. Money, whoever paid it, comes before what was taken
off without money (a write-off, a discount, a credit memo), and only money is called paid. Interest
and late fees are charges of their own, and are asked for when they have been charged.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fscdesk.models.plan import PlanStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.plan_schedule import POINTS, rounded
from fscdesk.services.errors import Finding


class DueState(enum.StrEnum):
    """How an instalment stands: ``late`` is due within its grace, ``missed`` after it.

    ``taken_off``: nothing of it is open, and nothing of it was paid.
    """

    PAID = "paid"
    TAKEN_OFF = "taken_off"
    COMING = "coming"
    DUE = "due"
    LATE = "late"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class InstalmentFacts:
    """An instalment as agreed, and what is open of what was charged for it on the day."""

    position: int
    due_on: date
    principal: Money
    interest: Money
    interest_open: Money = ZERO
    fee_open: Money = ZERO
    interest_charged: bool = False
    fee_charged: bool = False


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan as it is kept, with what is open of its charges on the day.

    ``left`` is what is still owed of what was agreed; ``gone`` what left the books without
    being paid, because a charge was voided; ``forgiven`` what was taken off without money since
    it was agreed; ``version`` is for changing it.
    """

    plan_id: int
    number: str
    guarantor_id: int
    patient_id: int
    status: PlanStatus
    agreed_on: date
    total: Money
    down_payment: Money
    apr_points: int
    late_fee: Money
    late_fee_points: int
    grace_days: int
    auto_pay: bool
    version: int
    left: Money
    gone: Money
    instalments: tuple[InstalmentFacts, ...]
    forgiven: Money = ZERO
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class InstalmentStanding:
    """An instalment on a day: ``paid`` of its principal, ``open`` of all that was charged.

    ``forgiven`` of its principal was settled without money.
    """

    position: int
    due_on: date
    principal: Money
    interest: Money
    paid: Money
    open: Money
    state: DueState
    forgiven: Money = ZERO

    @property
    def amount(self) -> Money:
        """What was agreed to be paid on the day."""
        return self.principal + self.interest

    @property
    def settled(self) -> bool:
        """Whether nothing of its principal is left, by money or without."""
        return self.paid + self.forgiven >= self.principal


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """How a plan stands on a day. Amounts are positive.

    ``paid`` came as money; ``forgiven`` was taken off since it was agreed: written off, discounted,
    given by a credit memo, or moved to a payer. ``left`` is principal; ``total_left`` is what pays
    the plan off on that day, without any interest that was not charged yet. ``due_now`` is what is
    due by then: of what is paid down, of instalments, interest and late fees; a plan that has ended
    asks for nothing. ``auto_pay_discount`` is what the agreement takes off when every instalment
    pays by itself.
    """

    plan_id: int
    number: str
    guarantor_id: int
    patient_id: int
    status: PlanStatus
    as_of: date
    agreed_on: date
    total: Money
    paid: Money
    gone: Money
    left: Money
    interest_open: Money
    fees_open: Money
    down_open: Money
    due_now: Money
    missed: int
    next_due_on: date | None
    next_amount: Money
    auto_pay: bool
    auto_pay_discount: Money
    version: int
    instalments: tuple[InstalmentStanding, ...]
    forgiven: Money = ZERO
    findings: tuple[Finding, ...] = ()

    @property
    def total_left(self) -> Money:
        """What pays everything off on the day."""
        return self.left + self.interest_open + self.fees_open

    @property
    def finished(self) -> bool:
        """Whether nothing of it is open any more."""
        return not self.total_left


def standing_of(facts: PlanFacts, as_of: date, *, auto_pay_points: int = 0) -> PlanStanding:
    """Return how the plan stands at the end of the day."""
    settled = facts.total.cents - facts.left.cents
    paid = settled - facts.gone.cents - facts.forgiven.cents
    down_open = max(facts.down_payment.cents - settled, 0)
    pool = max(settled - facts.down_payment.cents, 0)
    money = min(max(paid - facts.down_payment.cents, 0), pool)
    parts = []
    for one in facts.instalments:
        part = min(pool, one.principal.cents)
        by_money = min(money, part)
        pool, money = pool - part, money - by_money
        parts.append(_part(one, by_money, part - by_money, as_of, facts.grace_days))
    active = facts.status is PlanStatus.ACTIVE
    coming = [part for part in parts if part.state is DueState.COMING] if active else []
    interest = Money(sum(one.interest_open.cents for one in facts.instalments))
    fees = Money(sum(one.fee_open.cents for one in facts.instalments))
    due = sum(part.open.cents for part in parts if part.due_on <= as_of)
    financed = facts.total - facts.down_payment
    return PlanStanding(
        plan_id=facts.plan_id,
        number=facts.number,
        guarantor_id=facts.guarantor_id,
        patient_id=facts.patient_id,
        status=facts.status,
        as_of=as_of,
        agreed_on=facts.agreed_on,
        total=facts.total,
        paid=Money(paid),
        gone=facts.gone,
        left=facts.left,
        interest_open=interest,
        fees_open=fees,
        down_open=Money(down_open),
        due_now=Money(down_open + due) if active else ZERO,
        missed=sum(part.state is DueState.MISSED for part in parts) if active else 0,
        next_due_on=coming[0].due_on if coming else None,
        next_amount=coming[0].open + coming[0].interest if coming else ZERO,
        auto_pay=facts.auto_pay,
        auto_pay_discount=auto_pay_discount(financed, auto_pay_points) if facts.auto_pay else ZERO,
        version=facts.version,
        instalments=tuple(parts),
        forgiven=facts.forgiven,
        findings=facts.findings,
    )


def auto_pay_discount(financed: Money, points: int) -> Money:
    """Return what a plan that pays by itself saves: a share of what is financed, half-even."""
    return rounded(financed.cents * points, POINTS)


def late_fee_of(facts: PlanFacts, instalment: InstalmentFacts) -> Money:
    """Return the late fee of an instalment: the least one, or the share, whichever is greater."""
    amount = instalment.principal + instalment.interest
    return max(facts.late_fee, rounded(amount.cents * facts.late_fee_points, POINTS))


def last_good_day(due_on: date, grace_days: int) -> date:
    """Return the last day on which an instalment is not late."""
    return due_on + timedelta(days=grace_days)


def scheduled_left(facts: PlanFacts, position: int) -> Money:
    """Return the principal that the schedule has left before an instalment."""
    later = [one.principal.cents for one in facts.instalments if one.position >= position]
    return Money(sum(later))


def accrued_day_cents(
    scheduled: Money, since: date, until: date, left_on: Sequence[tuple[date, Money]]
) -> int:
    """Return cents x days from ``since`` to ``until``, on no more than the schedule has left.

    ``left_on`` says from which day on how much was left, oldest first; its first day is not
    after ``since``. Who pays a part early pays no interest on it from that day on.
    """
    total = 0
    for at, (day, left) in enumerate(left_on):
        start = max(day, since)
        end = min(left_on[at + 1][0], until) if at + 1 < len(left_on) else until
        total += max((end - start).days, 0) * min(max(left.cents, 0), scheduled.cents)
    return total


def _part(
    one: InstalmentFacts, paid: int, forgiven: int, as_of: date, grace_days: int
) -> InstalmentStanding:
    unpaid = one.principal.cents - paid - forgiven
    open_now = unpaid + one.interest_open.cents + one.fee_open.cents
    if not open_now:
        state = DueState.PAID if paid or not forgiven else DueState.TAKEN_OFF
    elif one.due_on > as_of:
        state = DueState.COMING
    elif not unpaid or one.due_on == as_of:
        state = DueState.DUE
    else:
        late = as_of <= last_good_day(one.due_on, grace_days)
        state = DueState.LATE if late else DueState.MISSED
    return InstalmentStanding(
        one.position,
        one.due_on,
        one.principal,
        one.interest,
        Money(paid),
        Money(open_now),
        state,
        Money(forgiven),
    )
