"""Plans live through random months: whatever is paid when, the figures hold on every day."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
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


@pytest.mark.parametrize("seed", [3, 11, 27])
def test_whatever_is_paid_when_the_figures_hold(books: Office, clock: Clock, seed: int) -> None:
    dice = Random(seed)
    family = books.write(open_family).value
    every = dice.choice((Every.TWO_WEEKS, Every.MONTH))
    new = NewPlan(
        family.rowan, family.charges, dice.randint(2, 9), every, apr_points=dice.choice((0, 500))
    )
    first = check_of(family.rowan, 120_00)
    made, _ = books.write(lambda work: make_plan_with_payment(work, new, first)).value
    for _ in range(6):
        clock.forward(days=dice.randint(0, 30))
        act = dice.choice(("pay", "run", "both", "both"))
        if act != "pay":
            books.write(lambda work: charge_due(work, work.today()))
        if act != "run" and books.read(lambda work: _active(work, made.plan_id)):
            _pay(books, made.plan_id, family, dice.randint(1, 150_00))
        verify(books)
        books.read(lambda work: _holds(work, family, made.plan_id))


def _pay(books: Office, plan_id: int, family: Family, cents: int) -> None:
    books.write(lambda work: pay_plan(work, plan_id, check_of(family.rowan, cents, work.today())))


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
