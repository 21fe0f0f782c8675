"""Which payers may pay a charge: its own, the session's second, and those of its policies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import or_, select

from fscdesk.models.charge import Charge
from fscdesk.models.coverage import Policy
from fscdesk.models.session import Session
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work


def payers_of(work: Work, charge_ids: Collection[int]) -> dict[int, set[int]]:
    """Return by charge the payers that may answer for it.

    That is whom it was charged to, the session's second payer, and each payer with a policy of
    the client that was in force on the day of the service.
    """
    found: dict[int, set[int]] = defaultdict(set)
    named = (
        select(Charge.id, Charge.payer_id, Session.second_payer_id)
        .join(Session, Session.id == Charge.session_id, isouter=True)
        .where(among(work, Charge.id, charge_ids))
    )
    for charge_id, first, second in work.db.execute(named):
        found[charge_id] |= {one for one in (first, second) if one is not None}
    covered = (
        select(Charge.id, Policy.payer_id)
        .join(Policy, Policy.patient_id == Charge.patient_id)
        .where(
            among(work, Charge.id, charge_ids),
            Policy.valid_from <= Charge.service_day,
            or_(Policy.valid_to.is_(None), Policy.valid_to >= Charge.service_day),
        )
    )
    for charge_id, payer_id in work.db.execute(covered):
        found[charge_id].add(payer_id)
    return found
