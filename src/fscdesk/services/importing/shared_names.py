"""Keeps what reports said of people apart where two clients share a name.

A report may come before the file that shows that a name is two people. Once their clinicians
tell them apart, what an income allocation said of one clinician's client belongs to that client.
"""

from __future__ import annotations

from sqlalchemy import func, select, update

from fscdesk.models.charge import Charge, Side
from fscdesk.models.patient import PatientAlias
from fscdesk.models.payment import Payment
from fscdesk.models.simplepractice import ReportedAllocation
from fscdesk.services.work import Work


def rehome_allocations(work: Work) -> int:
    """Give allocations to the client of that name whom the clinician sees, or the payer covers.

    Returns how many moved. Rows of names that only one client has are not looked at.
    """
    shared = (
        select(PatientAlias.alias)
        .group_by(PatientAlias.alias)
        .having(func.count(PatientAlias.patient_id.distinct()) > 1)
    )
    moved = 0
    for alias in work.db.scalars(shared).all():
        spelled = work.db.execute(
            select(PatientAlias.provider_id, PatientAlias.patient_id).where(
                PatientAlias.alias == alias
            )
        ).all()
        with_clinician = {row.provider_id: row.patient_id for row in spelled if row.provider_id}
        group = {row.patient_id for row in spelled}
        for said in work.db.scalars(
            select(ReportedAllocation).where(ReportedAllocation.patient_id.in_(group))
        ):
            patient_id = (
                with_clinician.get(said.provider_id)
                if said.provider_id is not None
                else _covered(work, said, group)
            )
            if patient_id is not None and patient_id != said.patient_id:
                work.db.execute(
                    update(ReportedAllocation)
                    .where(ReportedAllocation.id == said.id)
                    .values(patient_id=patient_id)
                )
                moved += 1
    return moved


def _covered(work: Work, said: ReportedAllocation, group: set[int]) -> int | None:
    """Return the one of some clients whom the payer of a check has sessions of, if just one."""
    if said.side is not Side.INSURANCE or not said.reference:
        return None
    payers = select(Payment.payer_id).where(
        Payment.reference == said.reference, Payment.payer_id.is_not(None)
    )
    found = work.db.scalars(
        select(Charge.patient_id)
        .where(Charge.patient_id.in_(group), Charge.payer_id.in_(payers))
        .distinct()
    ).all()
    return found[0] if len(found) == 1 else None
