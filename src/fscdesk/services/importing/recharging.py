"""Exchanges the charges of sessions that changed in SimplePractice; what stands on them goes along.

What does not fit is foreseen when the plan is made, line by line, and said again when it happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select

from fscdesk.models.charge import Side
from fscdesk.models.coverage import Policy
from fscdesk.models.import_batch import ImportBatch
from fscdesk.models.session import Attendance
from fscdesk.services.billing.invoice_following import follow_charges
from fscdesk.services.charges.settling import Open, legs_for, share_out
from fscdesk.services.charges.voiding import void_charges
from fscdesk.services.claim_standing import sent_claims
from fscdesk.services.claims.following import follow_claims
from fscdesk.services.errors import ChangedElsewhere, Finding
from fscdesk.services.importing.founding import Founded
from fscdesk.services.importing.plan import Change
from fscdesk.services.importing.shaping import guarantors, real_charges
from fscdesk.services.payments.carrying import carry_over, foresee, standing_work
from fscdesk.services.payments.fitting import Place
from fscdesk.services.payments.held_sessions import (
    lock_sessions,
    sessions_held,
    sessions_with_work,
)
from fscdesk.services.sessions.debt_ages import DebtAges, debt_ages
from fscdesk.services.sessions.recording import ChargeDraft, record_charges
from fscdesk.services.work import Work


def recharge(
    work: Work,
    changes: Sequence[Change],
    founded: Founded,
    batch: ImportBatch,
    where: Mapping[int, str],
) -> list[Finding]:
    """Void the charges of changed sessions and make them anew; return what did not fit.

    ``where`` says of a session how people find it. Raises ChangedElsewhere when one of them was
    put into a plan or handed to an agency since the plan was made.
    """
    ids = [change.session.id for change in changes]
    if not ids:
        return []
    lock_sessions(work, ids)
    _require_as_planned(bool(sessions_held(work, ids)))
    carried, ages = standing_work(work, ids), debt_ages(work, ids)
    why = f"Changed in SimplePractice: {batch.file_name}"
    void_charges(work, ids, on=batch.file_day, reason=why, batch_id=batch.id)
    _charge_again(work, changes, founded, batch, ages)
    told = carry_over(work, carried, on=batch.file_day, batch_id=batch.id, where=where)
    why = f"changed by import {batch.id} of {batch.file_name}"
    follow_charges(work, ids, why, batch_id=batch.id)
    follow_claims(work, ids, why)
    return told


def take_charges_away(work: Work, session_ids: Sequence[int], batch: ImportBatch) -> None:
    """Void the charges of sessions that are not in the file any more.

    Raises ChangedElsewhere when money came for one of them, or its claim was sent, since the
    plan was made.
    """
    lock_sessions(work, session_ids)
    _require_as_planned(
        bool(
            sessions_with_work(work, session_ids)
            | sessions_held(work, session_ids)
            | sent_claims(work, session_ids).keys()
        )
    )
    why = f"Not in {batch.file_name}: cancelled"
    void_charges(work, session_ids, on=batch.file_day, reason=why, batch_id=batch.id)
    why = f"cancelled by import {batch.id} of {batch.file_name}"
    follow_charges(work, session_ids, why, batch_id=batch.id)
    follow_claims(work, session_ids, why)


def foresee_changes(work: Work, changes: Mapping[int, Change]) -> list[Finding]:
    """Return, by line, what of payments and adjustments will not fit the changed sessions."""
    by_session = {change.session.id: line for line, change in changes.items()}
    if not by_session:
        return []
    carried = standing_work(work, by_session)
    places = [place for change in changes.values() for place in _places(work, change)]
    where = {session_id: f"line {line}" for session_id, line in by_session.items()}
    return foresee(work, carried, places, where)


def _require_as_planned(changed: bool) -> None:
    if changed:
        raise ChangedElsewhere(
            "Money moved on a session of this file, or it was sent on a claim, after its plan was"
            " made.",
            hint="Nothing was imported. Import the file again; the new plan is shown first.",
        )


def _charge_again(
    work: Work, changes: Sequence[Change], founded: Founded, batch: ImportBatch, ages: DebtAges
) -> None:
    """Make the new charges; dated by the file, so that earlier days keep their answer."""
    pays = guarantors(work)
    drafts = []
    for change in changes:
        target = change.target
        charges = real_charges(target.charges, founded)
        if not charges:
            continue
        # A session that is charged for the first time is dated by its service.
        first_time = change.session.attendance is Attendance.SCHEDULED
        on = target.day if first_time else max(batch.file_day, target.day)
        payer = founded.payer(target.payer_id)
        for facts, recorded in zip(
            charges, share_out(target.report.recorded, charges), strict=True
        ):
            drafts.append(
                ChargeDraft(
                    change.session.id,
                    founded.patient(target.patient_id),
                    pays[founded.patient(target.patient_id)],
                    founded.provider(target.provider_id),
                    payer,
                    target.day,
                    on,
                    facts,
                    recorded,
                    ages.since(change.session.id, facts.position, payer),
                )
            )
    record_charges(work, drafts, recorded_on=batch.file_day, batch_id=batch.id)


def _places(work: Work, change: Change) -> list[Place]:
    """Return the charges that a session will have, with what SimplePractice calls paid of them."""
    target = change.target
    payers = {one for one in (target.payer_id, target.second_payer_id) if one is not None}
    payers |= set(
        work.db.scalars(
            select(Policy.payer_id).where(
                Policy.patient_id == target.patient_id,
                Policy.valid_from <= target.day,
                or_(Policy.valid_to.is_(None), Policy.valid_to >= target.day),
            )
        )
    )
    places = []
    for facts, recorded in zip(
        target.charges, share_out(target.report.recorded, target.charges), strict=True
    ):
        place = Place(
            key=facts.position,
            session_id=change.session.id,
            position=facts.position,
            open={Side.PATIENT: facts.patient, Side.INSURANCE: facts.insurance},
            payers=frozenset(payers),
        )
        legs = legs_for(recorded, Open(facts.patient, facts.insurance))
        place.move((leg.account, leg.part, leg.cents) for leg in legs)
        places.append(place)
    return places
