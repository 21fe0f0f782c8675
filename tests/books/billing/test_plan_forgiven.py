"""What a plan's charges lost without money is not said to be paid."""

from __future__ import annotations

import pytest

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.values import Money
from fscdesk.services.billing.adjusting import reverse_adjustment
from fscdesk.services.billing.credit_memos import NewMemo, issue
from fscdesk.services.billing.plan_reading import plan_detail
from fscdesk.services.billing.plan_standing import DueState, PlanStanding
from fscdesk.services.billing.plans import NewPlan
from fscdesk.services.office import Office
from fscdesk.services.payments import approving
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.plan_payments import pay_plan
from fscdesk.services.payments.transferring import apply_credit
from tests.support.clock import Clock
from tests.support.payments import received, verify
from tests.support.plans import TODAY, Family, money, planned, six_months
from tests.support.second_person import manager
from tests.support.write_offs import adjustment, approved, made, new, version_of


@pytest.fixture
def plan(books: Office, family: Family, clock: Clock) -> int:
    """A plan over 600.00, 120.00 down and six times 80.00; 20.00 were taken off before."""
    asked = made(books, new(family.pending, AdjustmentKind.COURTESY, 20_00))
    approved(manager(books), asked.request_id)
    clock.forward(minutes=1)
    found = planned(books, six_months(family)).plan_id
    clock.forward(minutes=1)
    return found


def standing(books: Office, plan_id: int) -> PlanStanding:
    return books.read(lambda work: plan_detail(work, plan_id)).standing


def forgive(books: Office, charge_id: int, cents: int) -> int:
    """Write so much off, with the approval of a second person; return the adjustment."""
    asked = made(books, new(charge_id, AdjustmentKind.BAD_DEBT, cents))
    approved(manager(books), asked.request_id)
    return asked.ids[0]


def memo_on(books: Office, family: Family, charge_id: int, cents: int) -> None:
    """Give a credit memo and apply it to a charge."""
    memo = books.write(lambda work: issue(work, NewMemo(family.iris, Money(cents), "x"))).value
    request = memo.request_id or 0
    version = version_of(books, request)
    manager(books).write(lambda work: approving.approve(work, request, expected_version=version))
    part = Application(charge_id, Money(cents))
    books.write(lambda work: apply_credit(work, 1, [part], on=TODAY))


def test_write_offs_and_memos_are_taken_off_and_money_is_paid(
    books: Office, family: Family, plan: int
) -> None:
    memo_on(books, family, family.charges[0], 60_00)
    row = forgive(books, family.charges[1], 100_00)
    now = standing(books, plan)
    assert (now.paid, now.forgiven, now.left) == (Money(), Money(160_00), Money(440_00))
    books.write(lambda work: pay_plan(work, plan, money(family, 200_00)))
    now = standing(books, plan)
    assert (now.paid, now.forgiven, now.left) == (Money(200_00), Money(160_00), Money(240_00))
    assert [(one.paid.cents, one.forgiven.cents) for one in now.instalments] == [
        (80_00, 0),
        (0, 80_00),
        (0, 80_00),
        (0, 0),
        (0, 0),
        (0, 0),
    ]
    assert [one.state for one in now.instalments][:4] == [
        DueState.PAID,
        DueState.TAKEN_OFF,
        DueState.TAKEN_OFF,
        DueState.COMING,
    ]
    version = adjustment(books, row).version
    books.write(
        lambda work: reverse_adjustment(work, row, reason="it is owed", expected_version=version)
    )
    now = standing(books, plan)
    assert (now.paid, now.forgiven, now.left) == (Money(200_00), Money(60_00), Money(340_00))
    verify(books)


def test_what_was_taken_off_before_is_not_of_the_plan(
    books: Office, family: Family, clock: Clock
) -> None:
    forgive(books, family.charges[0], 50_00)
    clock.forward(minutes=1)
    found = planned(books, NewPlan(family.rowan, (family.charges[0],), 2))
    now = standing(books, found.plan_id)
    assert (now.total, now.paid, now.forgiven) == (Money(100_00), Money(), Money())
    clock.forward(minutes=1)
    received(
        books,
        money(family, 30_00, applications=(Application(family.charges[0], Money(30_00)),)),
    )
    now = standing(books, found.plan_id)
    assert (now.paid, now.forgiven, now.left) == (Money(30_00), Money(), Money(70_00))


def test_how_a_plan_ended_says_what_was_not_paid(books: Office, family: Family, plan: int) -> None:
    forgive(books, family.charges[3], 150_00)
    books.write(lambda work: pay_plan(work, plan, money(family, 450_00)))
    detail = books.read(lambda work: plan_detail(work, plan))
    assert detail.standing.finished
    assert detail.end_reason == "Nothing of it is open: 450.00 paid, 150.00 taken off"


def test_the_rest_of_an_instalment_that_was_taken_off(
    books: Office, family: Family, plan: int
) -> None:
    books.write(lambda work: pay_plan(work, plan, money(family, 180_00)))
    forgive(books, family.charges[3], 20_00)
    first = standing(books, plan).instalments[0]
    assert (first.paid, first.forgiven, first.open) == (Money(60_00), Money(20_00), Money())
    assert first.state is DueState.PAID
