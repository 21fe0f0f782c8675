"""From a plan's session to what is written: real service ids, kept charges, who pays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.patient import Patient
from fscdesk.services.charges.making import ChargeFacts
from fscdesk.services.importing.founding import Founded
from fscdesk.services.importing.plan import Creation, Prepared
from fscdesk.services.work import Work


def service_of(creation: Creation, founded: Founded, prepared: Prepared) -> int | None:
    """Return the service of a session's first code."""
    code = creation.code_text.partition(" ")[0]
    if code in founded.services:
        return founded.services[code]
    facts = prepared.catalogue.service(code)
    return None if facts is None or facts.id < 0 else facts.id


def real_charges(charges: tuple[ChargeFacts, ...], founded: Founded) -> tuple[ChargeFacts, ...]:
    """Return charges with the ids of services that were made a moment ago."""
    if all(charge.service_id > 0 for charge in charges):
        return charges
    return tuple(
        charge
        if charge.service_id > 0
        else charge._replace(service_id=founded.services[charge.code])
        for charge in charges
    )


def guarantors(work: Work) -> dict[int, int]:
    """Return who pays for each client, as it stands now."""
    rows = work.db.execute(select(Patient.id, Patient.guarantor_id))
    return {row.id: row.guarantor_id for row in rows}


def charges_of(work: Work, session_ids: Sequence[int]) -> dict[int, list[Charge]]:
    """Return the live charges of sessions, in order of their position."""
    found: dict[int, list[Charge]] = defaultdict(list)
    for charge in work.db.scalars(
        select(Charge)
        .where(Charge.session_id.in_(session_ids), Charge.voided_on.is_(None))
        .order_by(Charge.session_id, Charge.position, Charge.id)
    ):
        if charge.session_id is not None:
            found[charge.session_id].append(charge)
    return found


def facts_of(charge: Charge) -> ChargeFacts:
    """Return a kept charge as the sharing of amounts needs it."""
    return ChargeFacts(
        position=charge.position,
        service_id=charge.service_id,
        code=charge.code,
        modifiers=charge.modifiers,
        units=charge.units,
        rate=charge.rate.cents,
        amount=charge.amount.cents,
        patient=charge.patient_share.cents,
        insurance=charge.insurance_share.cents,
        revenue_account="",
    )
