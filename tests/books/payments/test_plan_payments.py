"""Payments on plans: the first one with the plan, the order in which money pays, one undo."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete, func, select

from fscdesk.models.charge import Charge
from fscdesk.models.payment import Payment, PaymentStatus
from fscdesk.models.plan import PaymentPlan, PlanCharge, PlanStatus
from fscdesk.models.staff import RoleRight
from fscdesk.models.values import Money
from fscdesk.services.billing.plan_dues import charge_due
from fscdesk.services.billing.plan_reading import plan_position
from fscdesk.services.billing.plans import MadePlan, NewPlan
from fscdesk.services.connecting import open_office
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.payments.plan_payments import (
    first_payment,
    make_plan_with_payment,
    pay_plan,
    plan_applications,
    undo_plan,
)
from fscdesk.services.payments.policies import ALLOCATION, Allocation
from fscdesk.services.payments.receiving import Received, receive
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.deposits import deposit
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import cents, verify
from tests.support.plans import (
    TODAY,
    Family,
    balance_of,
    check_of,
    money,
    noon,
    open_family,
    planned,
    set_policy,
    six_months,
)


@pytest.fixture
def family(books: Office) -> Family:
    """A family that owes 600.00."""
    return books.write(open_family).value


def both(books: Office, family: Family, amount: int = 120_00) -> tuple[MadePlan, Received]:
    new = six_months(family, request_key="k1")
    return books.write(lambda work: make_plan_with_payment(work, new, money(family, amount))).value


def owed(books: Office, family: Family) -> list[int]:
    return books.read(lambda work: [balance_of(work, one) for one in family.charges])


def undo(books: Office, plan_id: int, version: int | None = None) -> None:
    def act(work: Work) -> None:
        seen = work.db.get_one(PaymentPlan, plan_id).version if version is None else version
        undo_plan(work, plan_id, reason="wrong family", expected_version=seen)

    books.write(act)


def test_the_plan_and_its_first_payment_are_one_act(books: Office, family: Family) -> None:
    new = six_months(family)
    made, received = assert_all_or_nothing(
        books, lambda work: make_plan_with_payment(work, new, money(family, 120_00))
    ).value
    assert (received.applied, received.unapplied) == (Money(120_00), Money())
    assert owed(books, family) == [30_00, 150_00, 150_00, 150_00], "the oldest first"
    position = books.read(lambda work: plan_position(work, family.rowan, TODAY))
    assert position is not None
    assert (position.due_now, position.total) == (Money(), Money(480_00))
    found = books.read(lambda work: first_payment(work, made.plan_id))
    assert found is not None
    assert found.number == received.number
    verify(books)


def test_the_same_command_twice_makes_one_plan_and_one_payment(
    books: Office, family: Family
) -> None:
    first, second = both(books, family), both(books, family)
    assert second[0] == replace(first[0], repeated=True)
    assert second[1].repeated
    assert second[1].payment_id == first[1].payment_id
    assert books.read(lambda work: cents(work, "1050")) == 120_00
    with pytest.raises(Problem, match="with other facts"):
        both(books, family, 130_00)


def test_two_desks_make_one_plan_with_one_payment(practice: str, clock: Clock) -> None:
    desks = [open_office(practice, now=clock) for _ in range(2)]
    family = desks[0].write(open_family).value

    def act(desk: Office) -> str:
        try:
            return both(desk, family)[1].number
        except Problem as refused:
            return refused.message

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(act, desks))
    assert "PAY-2026-00001" in told
    assert desks[0].read(lambda work: cents(work, "1050")) == 120_00
    verify(desks[0])
    for desk in desks:
        desk.close()


def test_one_undo_takes_back_plan_and_payment(books: Office, family: Family) -> None:
    made, received = both(books, family)
    with pytest.raises(ChangedElsewhere):
        undo(books, made.plan_id, 99)

    def act(work: Work) -> None:
        undo_plan(work, made.plan_id, reason="wrong family", expected_version=1)

    assert_all_or_nothing(books, act)
    verify(books)
    assert owed(books, family) == [150_00] * 4

    def look(work: Work) -> None:
        plan = work.db.get_one(PaymentPlan, made.plan_id)
        assert (plan.status, plan.end_reason) == (
            PlanStatus.CANCELLED,
            "Taken back: wrong family",
        )
        assert work.db.get_one(Payment, received.payment_id).status is PaymentStatus.VOIDED
        assert work.db.scalar(select(func.count(PlanCharge.live))) == 0
        assert (cents(work, "1050"), cents(work, "2400")) == (0, 0)

    books.read(look)
    with pytest.raises(Problem, match="is cancelled already"):
        undo(books, made.plan_id)
    assert planned(books, six_months(family)).number == "PLAN-2026-00002"


def test_a_plan_without_a_payment_can_be_taken_back_too(books: Office, family: Family) -> None:
    made = planned(books, six_months(family))
    undo(books, made.plan_id)
    verify(books)


def test_later_work_stands_in_the_way_of_the_undo(
    books: Office, family: Family, clock: Clock
) -> None:
    made, _ = both(books, family)
    later = money(family, 10_00, applications=(Application(family.charges[3], Money(10_00)),))
    paid = books.write(lambda work: receive(work, later)).value
    with pytest.raises(Problem, match="was paid or changed after plan PLAN-2026-00001") as refused:
        undo(books, made.plan_id)
    assert refused.value.hint.startswith("Nothing was changed.")
    assert owed(books, family) == [30_00, 150_00, 150_00, 140_00]

    def back(work: Work) -> None:
        seen = work.db.get_one(Payment, paid.payment_id).version
        void_payment(work, paid.payment_id, reason="typed twice", expected_version=seen)

    books.write(back)
    clock.set(noon(date(2026, 5, 23)))
    books.write(lambda work: charge_due(work, date(2026, 5, 23)))
    with pytest.raises(Problem, match="late fee of plan PLAN-2026-00001 was charged"):
        undo(books, made.plan_id)
    verify(books)


def test_money_that_was_deposited_stands_in_the_way_too(books: Office, family: Family) -> None:
    made, received = both(books, family)
    deposit(books, received.payment_id, on=TODAY)
    with pytest.raises(Problem, match="DEP-2026-00001"):
        undo(books, made.plan_id)
    assert owed(books, family) == [30_00, 150_00, 150_00, 150_00]


def test_money_pays_what_is_due_before_late_fees_and_fees_before_the_rest(
    books: Office, family: Family, clock: Clock
) -> None:
    new = six_months(family, apr_points=500)
    made = books.write(lambda work: make_plan_with_payment(work, new, money(family, 120_00))).value[
        0
    ]
    day = date(2026, 5, 23)
    clock.set(noon(day))
    done = books.write(lambda work: charge_due(work, day)).value
    interest, fee = done.interest[0].charge_id, done.late_fees[0].charge_id

    def parts(amount: int) -> list[tuple[int, int]]:
        found = books.read(lambda work: plan_applications(work, made.plan_id, Money(amount)))
        return [(one.charge_id, one.amount.cents) for one in found]

    first, second, third, fourth = family.charges
    assert parts(1_00) == [(interest, 1_00)]
    assert parts(81_97) == [(interest, 1_97), (first, 30_00), (second, 50_00)]
    assert parts(100_00) == [(interest, 1_97), (first, 30_00), (second, 50_00), (fee, 18_03)]
    everything = [
        (interest, 1_97),
        (first, 30_00),
        (second, 150_00),
        (fee, 25_00),
        (third, 150_00),
        (fourth, 150_00),
    ]
    assert parts(900_00) == everything


def test_what_pays_all_completes_the_plan_and_the_rest_is_a_credit(
    books: Office, family: Family
) -> None:
    made, _ = both(books, family)
    received = books.write(lambda work: pay_plan(work, made.plan_id, money(family, 500_00))).value
    assert (received.applied, received.unapplied) == (Money(480_00), Money(20_00))
    plan = books.read(lambda work: work.db.get_one(PaymentPlan, made.plan_id))
    assert (plan.status, plan.ended_on) == (PlanStatus.COMPLETED, TODAY)
    with pytest.raises(Problem, match="is completed"):
        books.write(lambda work: pay_plan(work, made.plan_id, money(family, 10_00)))
    verify(books)


def test_a_later_payment_is_one_act_and_posts_once(books: Office, family: Family) -> None:
    made, _ = both(books, family)
    new = money(family, 80_00, request_key="may")
    assert_all_or_nothing(books, lambda work: pay_plan(work, made.plan_id, new))
    again = books.write(lambda work: pay_plan(work, made.plan_id, new)).value
    assert again.repeated
    assert books.read(lambda work: cents(work, "1050")) == 200_00
    verify(books)


def test_what_does_not_belong_to_the_plan_is_refused(books: Office, family: Family) -> None:
    made, _ = both(books, family)
    with pytest.raises(Problem, match="not of the guarantor of this plan"):
        books.write(lambda work: pay_plan(work, made.plan_id, check_of(family.stranger, 80_00)))
    chosen = money(family, 40_00, applications=(Application(family.pending, Money(40_00)),))
    with pytest.raises(Problem, match="pays what the plan asks for"):
        books.write(lambda work: pay_plan(work, made.plan_id, chosen))
    wrong = check_of(family.stranger, 18_00)
    with pytest.raises(Problem, match="not of the guarantor"):
        books.write(
            lambda work: make_plan_with_payment(
                work, NewPlan(family.rowan, (family.pending,), 2), wrong
            )
        )
    assert books.read(lambda work: work.db.scalar(select(func.count(PaymentPlan.id)))) == 1


def test_a_refused_payment_leaves_no_plan(books: Office, family: Family) -> None:
    with pytest.raises(Problem, match="above zero"):
        both(books, family, 0)
    assert books.read(lambda work: work.db.scalar(select(func.count(PaymentPlan.id)))) == 0


def test_a_plan_pays_its_own_charges_where_the_practice_enforces_the_oldest(
    books: Office, family: Family
) -> None:
    books.write(lambda work: set_policy(work, ALLOCATION, Allocation.ENFORCE.value))
    new = six_months(family, charge_ids=family.charges[2:])
    books.write(lambda work: make_plan_with_payment(work, new, money(family, 60_00)))
    assert owed(books, family) == [150_00, 150_00, 90_00, 150_00]


def test_an_nsf_makes_the_plan_ask_again(books: Office, family: Family) -> None:
    _, received = both(books, family)

    def back(work: Work) -> None:
        seen = work.db.get_one(Payment, received.payment_id).version
        void_payment(work, received.payment_id, reason="no money came", expected_version=seen)

    books.write(back)
    position = books.read(lambda work: plan_position(work, family.rowan, TODAY))
    assert position is not None
    assert (position.due_now, position.total) == (Money(120_00), Money(600_00))
    verify(books)


@pytest.mark.parametrize("name", ["make", "pay", "undo"])
def test_without_the_right_nothing_is_done(books: Office, family: Family, name: str) -> None:
    made, _ = both(books, family)
    rest = NewPlan(family.rowan, (family.pending,), 2)

    def act(work: Work) -> None:
        work.db.execute(delete(RoleRight))
        if name == "make":
            make_plan_with_payment(work, rest, money(family, 8_00))
        elif name == "pay":
            pay_plan(work, made.plan_id, money(family, 8_00))
        else:
            undo_plan(work, made.plan_id, reason="x", expected_version=1)

    with pytest.raises(Problem, match="You may not"):
        books.write(act)
    assert books.read(lambda work: cents(work, "1050")) == 120_00


def test_a_voided_charge_of_a_plan_is_told(books: Office, family: Family) -> None:
    made, _ = both(books, family)

    def gone(work: Work) -> None:
        from fscdesk.services.charges.voiding import void_charges

        session = work.db.get_one(Charge, family.charges[3]).session_id
        assert session is not None
        void_charges(work, [session], on=TODAY, reason="never held", batch_id=None)

    books.write(gone)
    verify(books)
    position = books.read(lambda work: plan_position(work, family.rowan, TODAY))
    assert position is not None
    (standing,) = position.plans
    assert (standing.paid, standing.gone, standing.left) == (
        Money(120_00),
        Money(150_00),
        Money(330_00),
    )
    assert [one.code for one in standing.findings] == ["plan-charge-voided"]
    received = books.write(lambda work: pay_plan(work, made.plan_id, money(family, 330_00))).value
    assert received.unapplied == Money()
