"""A family that cannot pay at once, in fresh books, and the plans that it agrees to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.patient import Guarantor
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.plan import Every, PaymentPlan, PlanCharge, PlanStatus
from fscdesk.models.setting import Setting
from fscdesk.models.values import Money
from fscdesk.services.billing.plans import MadePlan, NewPlan, make_plan
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.work import Work
from tests.support.people import add_guarantor, add_patient, add_payer, add_provider, add_session

TODAY = date(2026, 4, 12)
"""The day on which the tests' clock stands first."""


@dataclass(frozen=True)
class Family:
    """Rowan pays for two children who owe 600.00 together: 150.00 four times, oldest first.

    ``other`` is a charge of 90.00 that somebody else pays; ``pending`` one of 40.00 of which a
    payer still owes its share.
    """

    rowan: int
    iris: int
    finn: int
    charges: tuple[int, ...]
    stranger: int
    other: int
    pending: int


def open_family(work: Work) -> Family:
    """Put the family into empty books."""
    provider = add_provider(work, "Mockley O'Sample", "1234567893")
    payer = add_payer(work, "Example East")
    rowan = add_guarantor(work, "Rowan Imagined", "G-1")
    person = work.db.get_one(Guarantor, rowan)
    person.address1, person.city, person.state = "12 Fable Road", "Inventia", "NJ"
    person.zip_code, person.phone = "07009", "555-0142"
    stranger = add_guarantor(work, "Sol Somebody", "G-2")
    iris = add_patient(work, "Iris Imagined", "P-1", guarantor=rowan)
    finn = add_patient(work, "Finn Imagined", "P-2", guarantor=rowan)
    sol = add_patient(work, "Sol Somebody", "P-3", guarantor=stranger)
    for patient, day in ((iris, 2), (finn, 3), (iris, 9), (finn, 10)):
        add_session(work, patient, provider, day=date(2025, 11, day), share=150_00)
    add_session(work, sol, provider, day=date(2025, 11, 4), share=90_00)
    add_session(
        work, iris, provider, day=date(2025, 11, 20), payer=payer, insurance=100_00, share=40_00
    )
    work.db.flush()
    found = list(
        work.db.execute(
            select(Charge.id, Charge.guarantor_id, Charge.payer_id).order_by(
                Charge.service_day, Charge.id
            )
        )
    )
    own = tuple(row.id for row in found if row.guarantor_id == rowan and row.payer_id is None)
    other = next(row.id for row in found if row.guarantor_id == stranger)
    pending = next(row.id for row in found if row.payer_id is not None)
    return Family(rowan, iris, finn, own, stranger, other, pending)


def six_months(family: Family, **facts: Any) -> NewPlan:
    """The plan of job 10: 600.00, 20 % down, six months."""
    return NewPlan(family.rowan, facts.pop("charge_ids", family.charges), 6, **facts)


def planned(books: Office, new: NewPlan) -> MadePlan:
    """Make a plan."""
    return books.write(lambda work: make_plan(work, new)).value


def hold_in_plan(work: Work, charge_id: int) -> None:
    """Put what a client owes of a charge into an active plan, without making its schedule."""
    charge = work.db.get_one(Charge, charge_id)
    owed = charge.patient_balance
    plan = PaymentPlan(
        number=f"PLAN-{charge_id}",
        guarantor_id=charge.guarantor_id,
        patient_id=charge.patient_id,
        total=owed,
        down_payment=Money(),
        financed=owed,
        instalments=4,
        every=Every.MONTH,
        agreed_on=work.today(),
        first_due_on=work.today(),
        late_fee=Money(),
        late_fee_points=0,
        grace_days=10,
        status=PlanStatus.ACTIVE,
        made_by=work.actor.staff_id,
        made_at=work.now(),
    )
    work.db.add(plan)
    work.db.flush()
    work.db.add(PlanCharge(plan_id=plan.id, charge_id=charge_id, live=charge_id, amount=owed))


def check_of(guarantor_id: int, cents: int, on: date = TODAY, **facts: Any) -> NewPayment:
    """A check of somebody's."""
    return NewPayment(Money(cents), PaymentMethod.CHECK, on, guarantor_id=guarantor_id, **facts)


def money(family: Family, cents: int, on: date = TODAY, **facts: Any) -> NewPayment:
    """A check of Rowan's."""
    return check_of(family.rowan, cents, on, **facts)


def noon(day: date) -> datetime:
    """Noon of a day in the office, for the clock."""
    return datetime.combine(day, time(17), UTC)


def set_policy(work: Work, key: str, value: object) -> None:
    """Change a policy of the practice."""
    work.db.merge(
        Setting(key=key, value=value, changed_by=work.actor.staff_id, changed_at=work.now())
    )
    work.db.flush()


def balance_of(work: Work, charge_id: int) -> int:
    """What a client owes of a charge, in cents."""
    return work.db.get_one(Charge, charge_id).patient_balance.cents
