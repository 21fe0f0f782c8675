"""Charges as an act of money needs them: locked in one order, and what each side still owes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from fscdesk.models.charge import Charge, Side
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work


class BilledCharge(NamedTuple):
    """A charge as its entries need it: a row, for an act on ten thousand of them."""

    id: int
    patient_id: int
    guarantor_id: int
    session_id: int | None
    payer_id: int | None
    provider_id: int | None
    service_day: date
    first_day: date | None
    patient_balance: Money
    insurance_balance: Money


def lock_charges(work: Work, charge_ids: Iterable[int]) -> dict[int, Charge]:
    """Return those of the charges that there are, locked until the end of the work.

    Always in the order of their ids, so that two desks cannot wait for each other.
    """
    rows = (
        select(Charge)
        .where(among(work, Charge.id, set(charge_ids)))
        .order_by(Charge.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {charge.id: charge for charge in work.db.scalars(rows)}


def hold_charges(work: Work, charge_ids: Iterable[int]) -> None:
    """Lock charges as ``lock_charges`` does, where they are read afterwards."""
    held = select(Charge.id).where(among(work, Charge.id, set(charge_ids))).order_by(Charge.id)
    work.db.execute(held.with_for_update()).all()


def billed_charges(work: Work, charge_ids: Iterable[int]) -> dict[int, BilledCharge]:
    """Return those of the charges that there are, as rows; the caller holds them."""
    rows = work.db.execute(
        select(*(getattr(Charge, name) for name in BilledCharge._fields)).where(
            among(work, Charge.id, set(charge_ids))
        )
    )
    return {row[0]: BilledCharge(*row) for row in rows}


def lock_live_charges(work: Work, charge_ids: Iterable[int], refusal: str) -> dict[int, Charge]:
    """Return all of the charges, locked.

    Raises Problem with the sentence ``refusal`` when one is not in the books or was voided.
    """
    wanted = set(charge_ids)
    found = lock_charges(work, wanted)
    if len(found) < len(wanted) or any(one.voided_on is not None for one in found.values()):
        raise Problem(
            refusal,
            hint="Nothing was posted. Look at the open charges again: an import may have"
            " changed them.",
        )
    return found


def open_of(charge: Charge, side: Side) -> int:
    """Return the cents that one side of a charge still owes."""
    balance = charge.patient_balance if side is Side.PATIENT else charge.insurance_balance
    return balance.cents
