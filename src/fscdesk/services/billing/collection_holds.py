"""Why a charge is not handed to an agency, whatever its age."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.collection import ParkedBalance
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.plan import PlanCharge
from fscdesk.models.values import ZERO
from fscdesk.services.billing.adjusting import waiting_for
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work


class Hold(enum.StrEnum):
    """What keeps a charge, or a whole account, from an agency."""

    DO_NOT_BILL = "do_not_bill"
    DECEASED = "deceased"
    PARKED = "parked"
    IN_PLAN = "in_plan"
    INSURANCE_PENDING = "insurance_pending"
    WRITE_OFF_WAITING = "write_off_waiting"
    CREDITS = "credits"
    BELOW_MINIMUM = "below_minimum"


HOLD_WORDS: Mapping[Hold, str] = MappingProxyType(
    {
        Hold.DO_NOT_BILL: "Marked not to be billed",
        Hold.DECEASED: "The client has died",
        Hold.PARKED: "The balance is parked",
        Hold.IN_PLAN: "In a payment plan",
        Hold.INSURANCE_PENDING: "The payer has not settled its share",
        Hold.WRITE_OFF_WAITING: "An adjustment waits for approval",
        Hold.CREDITS: "Money that is not applied covers it",
        Hold.BELOW_MINIMUM: "Less than the minimum",
    }
)


def holds_of(work: Work, charges: Sequence[Charge]) -> dict[int, Hold]:
    """Return what holds each of these charges; those that nothing holds are not in it."""
    ids = [one.id for one in charges]
    patients = {one.patient_id for one in charges}
    silent = set(
        work.db.scalars(
            select(Guarantor.id).where(
                among(work, Guarantor.id, {one.guarantor_id for one in charges}),
                Guarantor.do_not_bill.is_(True),
            )
        )
    )
    dead = set(
        work.db.scalars(
            select(Patient.id).where(
                among(work, Patient.id, patients), Patient.deceased_on.is_not(None)
            )
        )
    )
    parked = set(
        work.db.scalars(select(ParkedBalance.live).where(among(work, ParkedBalance.live, patients)))
    )
    planned = set(work.db.scalars(select(PlanCharge.live).where(among(work, PlanCharge.live, ids))))
    waiting = {charge_id for charge_id, _ in waiting_for(work, ids)}
    return {
        one.id: hold
        for one in charges
        if (hold := _hold(one, silent, dead, parked, planned, waiting)) is not None
    }


def _hold(
    charge: Charge,
    silent: Collection[int],
    dead: Collection[int],
    parked: Collection[int | None],
    planned: Collection[int | None],
    waiting: Collection[int],
) -> Hold | None:
    reasons = {
        Hold.DO_NOT_BILL: charge.guarantor_id in silent,
        Hold.DECEASED: charge.patient_id in dead,
        Hold.PARKED: charge.patient_id in parked,
        Hold.IN_PLAN: charge.id in planned,
        Hold.INSURANCE_PENDING: charge.insurance_balance > ZERO,
        Hold.WRITE_OFF_WAITING: charge.id in waiting,
    }
    return next((hold for hold, holds in reasons.items() if holds), None)
