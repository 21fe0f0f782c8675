"""What the clocks of claims go by, for rows; and the nearest one as SQL, as ``clocks.py`` says."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from fscdesk.models.claim import Appeal, Claim, ClaimStatus, Frequency
from fscdesk.models.payer import Payer
from fscdesk.services.bulk import is_postgres
from fscdesk.services.claims.clocks import DECIDED_AGAINST, UNSENT, ClockFacts
from fscdesk.services.claims.portal_entering import to_enter
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work


def due_on(work: Work) -> ColumnElement[Any]:
    """Return the last day of a claim's nearest clock, None where none runs."""
    corrected = aliased(Claim)
    answer = (
        select(
            func.coalesce(
                corrected.answered_on,
                corrected.denied_on,
                case((Claim.frequency == Frequency.REPLACEMENT, corrected.first_sent_on)),
            )
        )
        .where(corrected.id == Claim.replaces_id)
        .correlate(Claim)
        .scalar_subquery()
    )
    argued = (
        select(func.min(Appeal.due_on))
        .where(Appeal.claim_id == Claim.id, Appeal.outcome == "", Appeal.sent_on.is_(None))
        .correlate(Claim)
        .scalar_subquery()
    )
    before = aliased(Claim)
    earlier = (
        select(before.answered_on)
        .where(before.id == Claim.primary_id)
        .correlate(Claim)
        .scalar_subquery()
    )
    from_day = func.coalesce(earlier, Claim.first_day)
    file = _later(work, from_day, _days(Payer.filing_days))
    correct = _later(work, answer, _days(Payer.corrected_days))
    answered = func.coalesce(Claim.answered_on, Claim.denied_on)
    again = _later(work, answered, _days(Payer.corrected_days))
    appeal = _later(work, Claim.denied_on, _days(Payer.appeal_days))
    nearer = case(
        (again.is_(None), appeal), (appeal.is_(None), again), (again <= appeal, again), else_=appeal
    )
    unsent = Claim.status.in_(UNSENT)
    found = case(
        (and_(unsent, Claim.frequency == Frequency.ORIGINAL), file),
        (unsent, correct),
        (and_(Claim.status.in_(DECIDED_AGAINST), Claim.denied_on.is_not(None)), nearer),
        (Claim.status == ClaimStatus.APPEALING, argued),
        else_=null(),
    )
    return type_coerce(found, Date())


def clock_facts(work: Work, claims: Collection[Claim]) -> dict[int, ClockFacts]:
    """Return what the clocks of some claims go by."""
    payers = {
        row.id: row
        for row in work.db.execute(
            select(Payer.id, Payer.filing_days, Payer.corrected_days, Payer.appeal_days).where(
                among(work, Payer.id, {one.payer_id for one in claims})
            )
        )
    }
    others = {*(one.replaces_id for one in claims), *(one.primary_id for one in claims)}
    before = {
        row.id: row
        for row in work.db.execute(
            select(Claim.id, Claim.answered_on, Claim.denied_on, Claim.first_sent_on).where(
                among(work, Claim.id, [one for one in others if one is not None])
            )
        )
    }
    answers = {row.id: row.answered_on for row in before.values()}
    corrected = {row.id: row.answered_on or row.denied_on for row in before.values()}
    sent = {row.id: row.first_sent_on for row in before.values()}
    arguing = [one.id for one in claims if one.status is ClaimStatus.APPEALING]
    argued: dict[int, date | None] = {
        row[0]: row[1]
        for row in work.db.execute(
            select(Appeal.claim_id, func.min(Appeal.due_on))
            .where(
                among(work, Appeal.claim_id, arguing),
                Appeal.outcome == "",
                Appeal.sent_on.is_(None),
            )
            .group_by(Appeal.claim_id)
        )
    }
    entering = to_enter(work, [one.id for one in claims if one.status is ClaimStatus.SUBMITTED])
    return {
        one.id: ClockFacts(
            status=one.status,
            frequency=one.frequency,
            first_day=one.first_day,
            answered_on=one.answered_on,
            denied_on=one.denied_on,
            filed_from=answers.get(one.primary_id or 0),
            corrects_answer_of=corrected.get(one.replaces_id or 0),
            corrects_sent_on=sent.get(one.replaces_id or 0),
            appeal_due_on=argued.get(one.id),
            filing_days=payers[one.payer_id].filing_days,
            corrected_days=payers[one.payer_id].corrected_days,
            appeal_days=payers[one.payer_id].appeal_days,
            to_enter=one.id in entering,
        )
        for one in claims
    }


def _days(column: Any) -> ColumnElement[Any]:
    return select(column).where(Payer.id == Claim.payer_id).correlate(Claim).scalar_subquery()


def _later(work: Work, day: Any, days: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a day some days later; None where either is not known."""
    later: ColumnElement[Any]
    if is_postgres(work):
        later = cast(day + days, Date())
    else:
        later = func.date(day, literal("+").concat(days).concat(" days"))
    return type_coerce(later, Date())
