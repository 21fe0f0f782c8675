"""Who pays changes while a payment plan holds a charge: the plan was agreed by somebody."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.patient import Patient
from fscdesk.models.plan import PlanCharge
from fscdesk.services.billing.plan_ending import cancel_plan
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.patients.guarantors import GuarantorChange, change_guarantor
from tests.support.payments import verify
from tests.support.plans import Family, open_family, planned, six_months

BEFORE_ALL = date(2025, 1, 1)


@pytest.fixture
def family(books: Office) -> Family:
    return books.write(open_family).value


def change(books: Office, patient: int, to: int, since: date = BEFORE_ALL) -> GuarantorChange:
    seen = books.read(lambda work: work.db.get_one(Patient, patient).version)
    return books.write(
        lambda work: change_guarantor(work, patient, to, from_day=since, expected_version=seen)
    ).value


def test_a_charge_in_a_plan_stays_with_who_agreed(books: Office, family: Family) -> None:
    plan = planned(books, six_months(family))
    with pytest.raises(Problem, match=rf"11/02/2025.*payment plan {plan.number}") as told:
        change(books, family.iris, family.stranger)
    assert told.value.hint == (
        "Nothing was changed. End the plan first, or let the change begin after 11/09/2025."
    )
    live = books.read(lambda work: list(work.db.scalars(select(PlanCharge.live))))
    assert sorted(one or 0 for one in live) == sorted(family.charges)
    voided = select(Charge.id).where(Charge.voided_on.is_not(None))
    assert books.read(lambda work: list(work.db.scalars(voided))) == []
    paying = books.read(lambda work: work.db.get_one(Patient, family.iris).guarantor_id)
    assert paying == family.rowan
    verify(books)


def test_what_is_in_no_plan_moves(books: Office, family: Family) -> None:
    planned(books, six_months(family))
    done = change(books, family.iris, family.stranger, date(2025, 11, 10))
    assert done.charges == 1
    verify(books)


def test_after_the_plan_everything_moves(books: Office, family: Family) -> None:
    plan = planned(books, six_months(family))
    books.write(
        lambda work: cancel_plan(work, plan.plan_id, reason="Pat pays now", expected_version=1)
    )
    assert change(books, family.iris, family.stranger).charges == 3
    verify(books)
