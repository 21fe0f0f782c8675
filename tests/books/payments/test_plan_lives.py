"""Plans live through random months: whatever is paid when, the figures hold on every day."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.plan import Every, Instalment, PaymentPlan, PlanStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.plan_dues import charge_due
from fscdesk.services.billing.plan_reading import plan_detail, plan_position
from fscdesk.services.billing.plans import NewPlan
from fscdesk.services.office import Office
from fscdesk.services.payments.plan_payments import make_plan_with_payment, pay_plan
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.payments import verify
from tests.support.plans import Family, check_of, open_family

STEP = st.tuples(
    st.integers(0, 45), st.sampled_from(("pay", "pay", "run", "both")), st.integers(1, 200_00)
)


@settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    number=st.integers(1, 12),
    every=st.sampled_from((Every.TWO_WEEKS, Every.MONTH)),
    interest=st.booleans(),
    steps=st.lists(STEP, min_size=1, max_size=8),
)
def test_whatever_is_paid_when_the_figures_hold(
    new_books: Callable[[], AbstractContextManager[Office]],
    clock: Clock,
    number: int,
    every: Every,
    interest: bool,
    steps: list[tuple[int, str, int]],
) -> None:
    clock.set(clock.moment.replace(year=2026, month=4, day=12))
    with new_books() as books:
        family = books.write(open_family).value
        new = NewPlan(
            family.rowan, family.charges, number, every, apr_points=500 if interest else 0
        )
        first = check_of(family.rowan, 120_00)
        made, _ = books.write(lambda work: make_plan_with_payment(work, new, first)).value
        for days, act, amount in steps:
            clock.forward(days=days)
            if act != "pay":
                books.write(lambda work: charge_due(work, work.today()))
            if act != "run" and books.read(lambda work: _active(work, made.plan_id)):
                books.write(
                    lambda work: pay_plan(
                        work, made.plan_id, check_of(family.rowan, amount, work.today())
                    )
                )
            verify(books)
            books.read(lambda work: _holds(work, family, made.plan_id))


def _active(work: Work, plan_id: int) -> bool:
    return work.db.get_one(PaymentPlan, plan_id).status is PlanStatus.ACTIVE


def _holds(work: Work, family: Family, plan_id: int) -> None:
    standing = plan_detail(work, plan_id).standing
    open_now = sum(work.db.get_one(Charge, one).patient_balance.cents for one in family.charges)
    assert standing.left.cents == open_now
    assert standing.paid + standing.left == standing.total == Money(600_00)
    assert ZERO <= standing.due_now <= standing.total_left
    paid = sum(part.paid.cents for part in standing.instalments)
    down = Money(120_00) - standing.down_open
    assert standing.paid == Money(paid) + down
    states = [part.paid == part.principal for part in standing.instalments]
    assert states == sorted(states, reverse=True), "paid in their order"
    for part in work.db.scalars(select(Instalment).where(Instalment.plan_id == plan_id)):
        if part.interest_charge_id is not None:
            charge = work.db.get_one(Charge, part.interest_charge_id)
            assert ZERO < charge.amount <= part.interest
            assert charge.service_day >= part.due_on
        if part.fee_charge_id is not None:
            fee = work.db.get_one(Charge, part.fee_charge_id)
            assert fee.amount >= Money(25_00)
            assert fee.service_day > part.due_on + timedelta(days=10)
    position = plan_position(work, family.rowan, work.today())
    if standing.status is PlanStatus.ACTIVE:
        assert position is not None
        assert (position.due_now, position.total) == (standing.due_now, standing.total_left)
    else:
        assert position is None
