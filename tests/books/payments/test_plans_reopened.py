"""A completed plan whose payment is taken back is in force again, with the days agreed for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.payment import Payment
from fscdesk.models.plan import PaymentPlan, PlanStatus
from fscdesk.models.values import Money
from fscdesk.services.billing.plan_dues import charge_due, dues_now
from fscdesk.services.billing.plan_reading import plan_position
from fscdesk.services.billing.plans import NewPlan, make_plan
from fscdesk.services.importing.applying import import_file
from fscdesk.services.importing.reading import read_file
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import applications_of
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.payments.plan_payments import make_plan_with_payment, pay_plan
from fscdesk.services.payments.returning import Returned, return_payment
from fscdesk.services.payments.transferring import take_back
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.work import Work
from tests.support.appointment_files import HEADER, row, written
from tests.support.clock import Clock
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import verify
from tests.support.plans import Family, money, noon, open_family, six_months
from tests.support.queue_items import items_now, kinds_now
from tests.support.second_person import nobody

LATER = date(2026, 6, 20)


@pytest.fixture
def family(books: Office) -> Family:
    """A family that owes 600.00."""
    return books.write(open_family).value


@pytest.fixture
def paid_off(books: Office, family: Family) -> tuple[int, int]:
    """A plan that is paid to the end with its second payment; the plan, the payment."""

    def act(work: Work) -> tuple[int, int]:
        made, _first = make_plan_with_payment(work, six_months(family), money(family, 120_00))
        return made.plan_id, pay_plan(work, made.plan_id, money(family, 480_00)).payment_id

    return books.write(act).value


def plan_of(books: Office, plan_id: int) -> PaymentPlan:
    return books.read(lambda work: work.db.get_one(PaymentPlan, plan_id))


def bounces(work: Work, payment_id: int) -> Returned:
    """The bank takes a payment back today."""
    seen = work.db.get_one(Payment, payment_id).version
    return return_payment(
        work,
        payment_id,
        on=work.today(),
        reason="Not sufficient funds",
        expected_version=seen,
        fee=Money(),
    )


def test_a_check_that_bounces_puts_the_plan_in_force_again(
    books: Office, family: Family, paid_off: tuple[int, int], clock: Clock
) -> None:
    plan_id, payment_id = paid_off
    assert plan_of(books, plan_id).status is PlanStatus.COMPLETED
    clock.set(noon(LATER))
    done = assert_all_or_nothing(books, lambda work: bounces(work, payment_id)).value
    assert done.plans == (plan_id,)
    plan = plan_of(books, plan_id)
    assert (plan.status, plan.ended_on, plan.end_reason) == (PlanStatus.ACTIVE, None, "")
    position = books.read(lambda work: plan_position(work, family.rowan, LATER))
    assert position is not None
    assert (position.total, position.missed) == (Money(480_00), 1)
    assert position.due_now == Money(160_00)
    verify(books)
    books.write(lambda work: pay_plan(work, plan_id, money(family, 480_00)))
    assert plan_of(books, plan_id).status is PlanStatus.COMPLETED
    verify(books)


def test_a_void_and_an_application_taken_back_do_so_too(
    books: Office, paid_off: tuple[int, int]
) -> None:
    plan_id, payment_id = paid_off
    entry = books.read(lambda work: applications_of(work, payment_id)[-1])
    books.write(lambda work: take_back(work, entry, reason="Wrong session"))
    assert plan_of(books, plan_id).status is PlanStatus.ACTIVE
    version = books.read(lambda work: work.db.get_one(Payment, payment_id).version)
    books.write(
        lambda work: void_payment(work, payment_id, reason="Twice", expected_version=version)
    )
    assert plan_of(books, plan_id).status is PlanStatus.ACTIVE
    verify(books)


def test_simplepractice_takes_a_payment_back_and_the_plan_is_in_force_again(
    books: Office, clock: Clock, tmp_path: Path
) -> None:
    def says(paid: str, unpaid: str) -> int:
        cells = row(PAYER="", RATE="90.0", FEE="90.0")
        cells[9:] = ["LOCKED", "PAID", "90.0", "0.0", paid, unpaid, "", *["0.0"] * 4]
        path = tmp_path / f"{paid}.csv"
        path.write_text(written([HEADER, cells]), encoding="utf-8")
        file = read_file(path)
        done = books.write(lambda work: import_file(work, file, file_day=work.today())).value
        return done.batch_id or 0

    says("0.0", "90.0")
    charge = books.read(lambda work: work.db.scalars(select(Charge)).one())
    new = NewPlan(charge.guarantor_id, (charge.id,), 3)
    plan_id = books.write(lambda work: make_plan(work, new)).value.plan_id
    clock.forward(days=1)
    says("90.0", "0.0")
    books.write(lambda work: charge_due(work, work.today()))
    assert plan_of(books, plan_id).status is PlanStatus.COMPLETED
    clock.forward(days=1)
    batch = says("30.0", "60.0")
    assert plan_of(books, plan_id).status is PlanStatus.ACTIVE
    verify(books)
    books.write(lambda work: undo_import(work, batch))
    assert plan_of(books, plan_id).status is PlanStatus.COMPLETED
    verify(books)


def test_what_is_due_is_said_before_it_is_charged(
    books: Office, family: Family, clock: Clock
) -> None:
    made = books.write(lambda work: make_plan(work, six_months(family, apr_points=500))).value
    day = date(2026, 5, 23)
    assert books.read(lambda work: dues_now(work, work.today())).parts == ()
    clock.set(noon(day))
    found = books.read(lambda work: dues_now(work, day))
    waits = kinds_now(books)[ItemKind.PLAN_DUE]
    assert (len(waits.lines), waits.amount) == (len(found.parts), found.amount)
    assert dict(waits.opens.asked) == {"tab": "instalments"}
    assert items_now(nobody(books)) == ()
    done = books.write(lambda work: charge_due(work, day)).value
    charged = [*done.interest, *done.late_fees]
    assert sorted((one.plan_id, one.position, one.amount) for one in charged) == sorted(
        (one.plan_id, one.position, one.amount) for one in found.parts
    )
    assert {one.late for one in found.parts} == {False, True}
    assert {one.plan_id for one in found.parts} == {made.plan_id}
    assert books.read(lambda work: dues_now(work, day)).parts == ()
    assert ItemKind.PLAN_DUE not in kinds_now(books)
    verify(books)


def test_a_plan_that_would_fail_is_said(books: Office, family: Family, clock: Clock) -> None:
    made = books.write(lambda work: make_plan(work, six_months(family))).value
    clock.set(noon(date(2026, 12, 1)))
    found = books.read(lambda work: dues_now(work, work.today()))
    assert found.failing == (made.plan_id,)
    done = books.write(lambda work: charge_due(work, work.today())).value
    assert done.defaulted == found.failing
