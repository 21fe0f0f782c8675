"""What a day brings for plans: interest, late fees, default, the end of what is paid."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import delete, select

from fscdesk.models.charge import Charge
from fscdesk.models.plan import Instalment, PaymentPlan, PlanCharge, PlanStatus
from fscdesk.models.staff import RoleRight
from fscdesk.models.values import Money
from fscdesk.services.billing.plan_dues import Dues, charge_due
from fscdesk.services.billing.plan_policies import DEFAULT_AFTER, LATE_FEE
from fscdesk.services.billing.plan_reading import PlanDetail, plan_detail, plan_position
from fscdesk.services.billing.plans import NewPlan
from fscdesk.services.connecting import open_office
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.payments.plan_payments import pay_plan
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import cents, verify
from tests.support.plans import (
    TODAY,
    Family,
    check_of,
    money,
    noon,
    open_family,
    planned,
    set_policy,
    six_months,
)
from tests.support.tampering import tamper

FIRST = date(2026, 5, 12)


def due_on(books: Office, clock: Clock, day: date) -> Dues:
    """Let the day come, and do its run."""
    clock.set(noon(day))
    done = books.write(lambda work: charge_due(work, day)).value
    verify(books)
    return done


def paid(books: Office, clock: Clock, plan_id: int, amount: int, day: date) -> None:
    """Let the day come, and Rowan pay on the plan."""
    clock.set(noon(day))
    owner = books.read(lambda work: work.db.get_one(PaymentPlan, plan_id).guarantor_id)
    books.write(lambda work: pay_plan(work, plan_id, check_of(owner, amount, day)))


def detail(books: Office, plan_id: int, on: date | None = None) -> PlanDetail:
    return books.read(lambda work: plan_detail(work, plan_id, on))


@pytest.fixture
def plan_id(books: Office, family: Family) -> int:
    """600.00 at 5 %, with the 120.00 paid down."""
    made = planned(books, six_months(family, apr_points=500))
    books.write(lambda work: pay_plan(work, made.plan_id, money(family, 120_00)))
    return made.plan_id


def test_interest_is_charged_once_when_its_part_falls_due(
    books: Office, family: Family, plan_id: int, clock: Clock
) -> None:
    assert due_on(books, clock, date(2026, 5, 11)).interest == ()
    done = due_on(books, clock, FIRST)
    # 480.00 x 5 % x 30 days of 365
    assert [(one.position, one.amount) for one in done.interest] == [(1, Money(1_97))]
    assert due_on(books, clock, FIRST).interest == ()
    standing = detail(books, plan_id).standing
    assert standing.instalments[0].interest == Money(1_97)
    assert (standing.interest_open, standing.due_now) == (Money(1_97), Money(81_97))
    assert books.read(lambda work: cents(work, "4300")) == -1_97

    charge = books.read(lambda work: work.db.get_one(Charge, done.interest[0].charge_id))
    assert (charge.code, charge.session_id, charge.provider_id) == ("INT", None, None)
    position = books.read(lambda work: plan_position(work, family.rowan, FIRST))
    assert position is not None
    assert charge.id in position.charge_ids


def test_what_is_paid_pays_interest_then_the_oldest_charges(
    books: Office, family: Family, plan_id: int, clock: Clock
) -> None:
    done = due_on(books, clock, FIRST)
    paid(books, clock, plan_id, 81_97, FIRST)

    def left(work: Work) -> list[int]:
        wanted = [done.interest[0].charge_id, *family.charges]
        return [work.db.get_one(Charge, one).patient_balance.cents for one in wanted]

    # 120.00 paid the first of 150.00 in part; 80.00 its rest and 50.00 of the second.
    assert books.read(left) == [0, 0, 100_00, 150_00, 150_00]
    verify(books)


def test_a_run_that_comes_late_charges_what_a_punctual_one_would_have(
    books: Office, plan_id: int, clock: Clock
) -> None:
    paid(books, clock, plan_id, 80_00, FIRST)
    done = due_on(books, clock, date(2026, 6, 30))
    # 480.00 for 30 days; 400.00 for 31: as stated, although nothing was run on the days.
    assert [one.amount for one in done.interest] == [Money(1_97), Money(1_70)]
    stated = [one.interest for one in detail(books, plan_id).standing.instalments[:2]]
    assert stated == [Money(1_97), Money(1_70)]


def test_who_pays_a_part_early_owes_less_interest_and_who_pays_all_owes_none(
    books: Office, plan_id: int, clock: Clock
) -> None:
    paid(books, clock, plan_id, 240_00, date(2026, 4, 27))
    done = due_on(books, clock, FIRST)
    # 480.00 for 15 days and 240.00 for 15 days.
    assert [one.amount for one in done.interest] == [Money(1_48)]
    clock.set(noon(date(2026, 6, 1)))
    pay_off = detail(books, plan_id).standing.total_left
    assert pay_off == Money(240_00 + 1_48)
    paid(books, clock, plan_id, pay_off.cents, date(2026, 6, 1))
    standing = detail(books, plan_id).standing
    assert (standing.status, standing.left) == (PlanStatus.COMPLETED, Money())
    assert due_on(books, clock, date(2026, 12, 31)).interest == ()
    live = books.read(lambda work: work.db.scalars(select(PlanCharge.live)).all())
    assert set(live) == {None}


def test_a_late_fee_is_charged_once_when_the_grace_has_passed(
    books: Office, plan_id: int, clock: Clock
) -> None:
    assert due_on(books, clock, date(2026, 5, 22)).late_fees == ()
    done = due_on(books, clock, date(2026, 5, 23))
    assert [(one.position, one.amount) for one in done.late_fees] == [(1, Money(25_00))]
    assert due_on(books, clock, date(2026, 5, 24)).late_fees == ()
    standing = detail(books, plan_id).standing
    assert (standing.fees_open, standing.missed) == (Money(25_00), 1)
    # Paid late: interest and principal first, then the fee; the plan is in order again.
    paid(books, clock, plan_id, 80_00 + 1_97 + 25_00, date(2026, 5, 25))
    standing = detail(books, plan_id).standing
    assert (standing.fees_open, standing.interest_open, standing.due_now) == (
        Money(),
        Money(),
        Money(),
    )


def test_who_paid_within_the_grace_owes_no_late_fee_however_late_the_run(
    books: Office, plan_id: int, clock: Clock
) -> None:
    paid(books, clock, plan_id, 80_00, date(2026, 5, 22))
    done = due_on(books, clock, date(2026, 6, 11))
    assert done.late_fees == ()
    # Its interest came after, so that the second instalment alone stands open.
    paid(books, clock, plan_id, 80_00, date(2026, 6, 21))
    fees = due_on(books, clock, date(2026, 6, 24)).late_fees
    assert [one.position for one in fees] == [2], "1.97 of interest came first"


def test_the_share_is_the_late_fee_where_it_is_greater(
    books: Office, family: Family, clock: Clock
) -> None:
    books.write(lambda work: set_policy(work, LATE_FEE, "1.00"))
    planned(books, NewPlan(family.rowan, family.charges, 1))
    done = due_on(books, clock, date(2026, 5, 23))
    assert [one.amount for one in done.late_fees] == [Money(24_00)], "5 % of 480.00"


def test_a_plan_that_misses_two_ends_by_default(
    books: Office, family: Family, plan_id: int, clock: Clock
) -> None:
    assert due_on(books, clock, date(2026, 5, 23)).defaulted == ()
    done = due_on(books, clock, date(2026, 6, 23))
    assert done.defaulted == (plan_id,)
    assert [one.position for one in done.late_fees] == [2]
    standing = detail(books, plan_id).standing
    assert (standing.status, standing.due_now) == (PlanStatus.DEFAULTED, Money())
    assert books.read(lambda work: plan_position(work, family.rowan, date(2026, 6, 23))) is None
    # On the day before it stood, and still does in a report of that day.
    before = books.read(lambda work: plan_position(work, family.rowan, date(2026, 6, 22)))
    assert before is not None
    assert before.due_now == Money(160_00 + 1_97 + 25_00)
    # 120.00 were paid on the first: what is open of the four can be planned anew.
    again = planned(books, six_months(family))
    assert again.total == Money(480_00)


def test_a_practice_may_wait_longer_for_the_default(
    books: Office, plan_id: int, clock: Clock
) -> None:
    books.write(lambda work: set_policy(work, DEFAULT_AFTER, 0))
    assert due_on(books, clock, date(2026, 12, 31)).defaulted == ()
    assert detail(books, plan_id).standing.missed == 6


def test_nothing_of_a_run_is_left_when_it_fails(books: Office, plan_id: int, clock: Clock) -> None:
    day = date(2026, 5, 23)
    clock.set(noon(day))
    done = assert_all_or_nothing(books, lambda work: charge_due(work, day)).value
    assert (len(done.interest), len(done.late_fees)) == (1, 1)
    verify(books)


def test_two_runs_at_once_charge_once(practice: str, clock: Clock) -> None:
    desks = [open_office(practice, now=clock) for _ in range(2)]
    family = desks[0].write(open_family).value
    planned(desks[0], six_months(family, apr_points=500))
    day = date(2026, 5, 23)
    clock.set(noon(day))

    def run(desk: Office) -> int:
        done = desk.write(lambda work: charge_due(work, day)).value
        return len(done.interest) + len(done.late_fees)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, desks)) == [0, 2]
    verify(desks[0])
    for desk in desks:
        desk.close()


def test_a_day_that_has_not_come_and_no_right(books: Office, plan_id: int) -> None:
    with pytest.raises(Problem, match="04/13/2026 has not come yet"):
        books.write(lambda work: charge_due(work, date(2026, 4, 13)))

    def without(work: Work) -> None:
        work.db.execute(delete(RoleRight))
        charge_due(work, TODAY)

    with pytest.raises(Problem, match="You may not charge"):
        books.write(without)
    assert detail(books, plan_id).standing.interest_open == Money()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE instalment SET principal = principal + 1 WHERE position = 2", "instalments"),
        ("UPDATE plan_charge SET amount = amount - 1 WHERE id = 1", "charges 599.99"),
        ("DELETE FROM instalment WHERE position = 6", "5 of 6 parts"),
        ("UPDATE plan_charge SET live = NULL WHERE id = 1", "held wrongly"),
        ("UPDATE instalment SET due_on = '2026-01-01' WHERE position = 3", "payment 3 is not due"),
        ("UPDATE payment_plan SET status = 'completed'", "its last day says otherwise"),
        ("UPDATE instalment SET fee_charge_id = 1 WHERE position = 1", "no fee of it"),
    ],
)
def test_the_check_names_a_plan_that_does_not_add_up(
    books: Office, practice: str, plan_id: int, statement: str, words: str
) -> None:
    assert plan_id
    tamper(practice, statement)
    (check,) = books.read(lambda work: run_checks(work, ["plans-add-up"])).checks
    assert not check.ok
    assert any(words in one for one in check.offenders)


def test_every_part_of_interest_names_its_charge(books: Office, plan_id: int, clock: Clock) -> None:
    due_on(books, clock, FIRST)

    def charges(work: Work) -> list[int | None]:
        found = select(Instalment.interest_charge_id).where(Instalment.plan_id == plan_id)
        return list(work.db.scalars(found.order_by(Instalment.position)))

    first, *others = books.read(charges)
    assert first is not None
    assert set(others) == {None}
