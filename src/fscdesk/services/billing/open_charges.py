"""Charges that an act of billing is about to hold or to move: read, or locked in one order."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.values import ZERO
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.charge_locks import lock_live_charges
from fscdesk.services.work import Work


def open_charges(work: Work, charge_ids: Iterable[int]) -> list[Charge]:
    """Return those of the charges of which a client owes something, oldest first; no lock."""
    found = (
        select(Charge)
        .where(
            among(work, Charge.id, set(charge_ids)),
            Charge.patient_balance > ZERO,
            Charge.voided_on.is_(None),
        )
        .order_by(Charge.service_day, Charge.id)
    )
    return list(work.db.scalars(found))


def locked_charges(work: Work, charge_ids: Iterable[int], purpose: str) -> dict[int, Charge]:
    """Return charges by id, locked in the order of their ids until the end of the work.

    Raises Problem when there is none, or when one is not in the books any more. ``purpose``
    completes "There is no charge …": "for a plan".
    """
    wanted = set(charge_ids)
    if not wanted:
        raise Problem(f"There is no charge {purpose}.", hint="Nothing was saved. Choose some.")
    return lock_live_charges(work, wanted, "A charge that was chosen is not in the books any more.")
