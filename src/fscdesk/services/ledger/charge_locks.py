"""Charges as an act of money needs them: locked in one order, and what each side still owes."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from fscdesk.models.charge import Charge, Side
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work


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
