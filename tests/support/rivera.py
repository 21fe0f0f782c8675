"""Jordan Rivera, who calls about 86.40, and who later agrees to a plan over 600.00."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.charge import Charge
from fscdesk.models.patient import Guarantor
from fscdesk.models.values import Money
from fscdesk.services.billing.adjusting import adjust
from fscdesk.services.billing.adjustment_rules import NewAdjustment
from fscdesk.services.work import Work
from tests.support.people import add_patient, add_payer, add_provider, add_session

NAME = "Jordan Rivera"
ASKED = date(2026, 2, 3)
"""The day of the session that he calls about."""


@dataclass(frozen=True)
class Rivera:
    """The client, who pays for himself, with the charges by day; ``rita`` has a like name."""

    patient: int
    guarantor: int
    charges: tuple[int, ...]
    rita: int


def seed_deductible(work: Work) -> Rivera:
    """Four sessions: 02/03 with 86.40 of deductible, 03/10 with a copay open, 01/13 with the
    payer, 01/06 settled.

    FICTA left 76.40 of 02/03 to the client on 02/20 (PR-1), and another 10.00 on 03/05.
    """
    rivera = _people(work)
    provider, payer = add_provider(work, "Mockley O'Sample"), add_payer(work, "FICTA", "FICTA")
    seen = (
        (date(2026, 1, 6), 130_00, 0, 30_00),
        (date(2026, 1, 13), 0, 0, 30_00),
        (ASKED, 33_60, 10_00, 30_00),
        (date(2026, 3, 10), 130_00, 0, 0),
    )
    for day, insurance_paid, off, patient_paid in seen:
        add_session(
            work,
            rivera.patient,
            provider,
            day=day,
            payer=payer,
            insurance=130_00,
            share=30_00,
            insurance_paid=insurance_paid,
            write_off=off,
            patient_paid=patient_paid,
            paid_on=day,
        )
    charge = charges_of(work, rivera.patient)[2]
    first = NewAdjustment(
        charge,
        AdjustmentKind.TO_PATIENT,
        Money(76_40),
        "Deductible",
        on=date(2026, 2, 20),
        group_code="PR",
        carc="1",
    )
    said = (first, replace(first, amount=Money(10_00), reason="Corrected", on=date(2026, 3, 5)))
    for one in said:
        adjust(work, one)
    return _with_charges(work, rivera)


def seed_six_hundred(work: Work) -> Rivera:
    """Four sessions of 150.00 that nobody else pays for."""
    rivera = _people(work)
    provider = add_provider(work, "Mockley O'Sample")
    for day in (3, 10, 17, 24):
        add_session(work, rivera.patient, provider, day=date(2026, 2, day), share=150_00)
    return _with_charges(work, rivera)


def charges_of(work: Work, patient_id: int) -> tuple[int, ...]:
    """The charges of a client by day."""
    found = select(Charge.id).where(Charge.patient_id == patient_id).order_by(Charge.service_day)
    return tuple(work.db.scalars(found))


def _people(work: Work) -> Rivera:
    patient = add_patient(work, NAME, "3001", also=NAME)
    rita = add_patient(work, "Rita Placeholder", "3002")
    guarantor = work.db.scalars(select(Guarantor).where(Guarantor.name == NAME)).one()
    guarantor.address1, guarantor.city, guarantor.state = "7 Fable Road", "Inventia", "NJ"
    guarantor.zip_code, guarantor.phone = "07009", "555-0107"
    guarantor.email = "jordan@example.com"
    work.db.flush()
    return Rivera(patient, guarantor.id, (), rita)


def _with_charges(work: Work, rivera: Rivera) -> Rivera:
    found = charges_of(work, rivera.patient)
    return Rivera(rivera.patient, rivera.guarantor, found, rivera.rita)
