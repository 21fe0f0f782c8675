"""Keeps what reports said of people apart where two clients share a name.

A report may come before the file that shows that a name is two people. Once their clinicians
or payers tell them apart, what was said of one belongs to that one: shares of payments, claims,
card transactions, and the payments themselves. So the end is the same in every order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, select, update

from fscdesk.models.charge import Charge, Side
from fscdesk.models.patient import PatientAlias
from fscdesk.models.payment import Payment
from fscdesk.models.session import Session
from fscdesk.models.simplepractice import CardTransaction, ReportedAllocation, ReportedClaim
from fscdesk.services.id_sets import among
from fscdesk.services.importing.namesake_payments import rehome_payments
from fscdesk.services.importing.reports.card_linking import link_cards
from fscdesk.services.work import Work


def tell_namesakes_apart(work: Work, *, on: date, batch_id: int) -> None:
    """Give what reports said of a shared name to the client whom it is about, as known now.

    Names that only one client has are not looked at. What nothing tells stays where it is.
    """
    shared = (
        select(PatientAlias.alias)
        .group_by(PatientAlias.alias)
        .having(func.count(PatientAlias.patient_id.distinct()) > 1)
    )
    spelled: dict[str, list[tuple[int | None, int]]] = defaultdict(list)
    for alias, provider_id, patient_id in work.db.execute(
        select(PatientAlias.alias, PatientAlias.provider_id, PatientAlias.patient_id)
        .where(PatientAlias.alias.in_(shared))
        .order_by(PatientAlias.alias, PatientAlias.patient_id)
    ):
        spelled[alias].append((provider_id, patient_id))
    if not spelled:
        return
    for group in spelled.values():
        _rehome_allocations(work, group)
    groups = [sorted({patient for _, patient in group}) for group in spelled.values()]
    _rehome_claims(work, groups)
    _open_cards(work, groups)
    rehome_payments(work, groups, on=on, batch_id=batch_id)


def _rehome_allocations(work: Work, spelled: Sequence[tuple[int | None, int]]) -> None:
    """Give allocations to the client whom the clinician sees, or the payer covers."""
    with_clinician = {provider: patient for provider, patient in spelled if provider is not None}
    group = {patient for _, patient in spelled}
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


def _rehome_claims(work: Work, groups: Sequence[Collection[int]]) -> None:
    """Give claims without a session to the one client of the name whom their payer covers."""
    everybody = {one for group in groups for one in group}
    covered: dict[int, set[int]] = defaultdict(set)
    for payer_id, patient_id in work.db.execute(
        select(Session.payer_id, Session.patient_id)
        .where(
            among(work, Session.patient_id, everybody),
            Session.withdrawn_by.is_(None),
            Session.payer_id.is_not(None),
        )
        .distinct()
    ):
        covered[payer_id or 0].add(patient_id)
    for claim in work.db.scalars(
        select(ReportedClaim).where(
            among(work, ReportedClaim.patient_id, everybody),
            ReportedClaim.payer_id.is_not(None),
            ReportedClaim.session_id.is_(None),
        )
    ):
        for group in groups:
            theirs = covered[claim.payer_id or 0] & set(group)
            if claim.patient_id in group and len(theirs) == 1:
                claim.patient_id = theirs.pop()
    work.db.flush()


def _open_cards(work: Work, groups: Sequence[Collection[int]]) -> None:
    """Leave open whose a card was: its payment tells, and may be the other client's."""
    everybody = {one for group in groups for one in group}
    done = work.db.execute(
        update(CardTransaction)
        .where(among(work, CardTransaction.patient_id, everybody))
        .values(patient_id=None)
    )
    if getattr(done, "rowcount", 0):
        work.db.expire_all()
        link_cards(work)
