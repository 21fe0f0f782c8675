"""What the rules of the scrubber ask beyond the claim itself, read for any number of claims.

Eligibility, earlier evaluations, the answer that a corrected claim corrects, and the practice's
own limits of units: nothing of it is sent, so assembling leaves it out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import aliased

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim
from fscdesk.models.eligibility import EligibilityCheck
from fscdesk.services.claims.content import ClaimContent, ContentLine
from fscdesk.services.claims.policies import MOST_UNITS, eligibility_days, words
from fscdesk.services.claims.scrub.procedures import EVALUATIONS
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work

_LIMIT: Final = re.compile(r"\b([0-9A-Z]{5})\s*[:=x]?\s*(\d{1,3})\b", re.ASCII | re.IGNORECASE)


def with_facts(work: Work, claims: Mapping[int, ClaimContent]) -> dict[int, ClaimContent]:
    """Return claims with what only the scrubber asks."""
    if not claims:
        return {}
    asked = _last_answers(work, claims)
    corrected = _answers_corrected(work, claims)
    evaluated = _evaluated_before(work, claims)
    limits = unit_limits(words(work, MOST_UNITS))
    days = eligibility_days(work)
    found = {}
    for claim_id, one in claims.items():
        policy = None if one.coverage is None else one.coverage.policy_id
        asked_on, active = asked.get(policy, (None, None))
        answered, sent = corrected.get(claim_id, (None, None))
        found[claim_id] = replace(
            one,
            lines=tuple(_limited(line, limits) for line in one.lines) if limits else one.lines,
            eligibility_asked_on=asked_on,
            eligibility_active=active,
            eligibility_days=days,
            evaluated_on=evaluated.get(claim_id),
            corrects_answer_of=answered,
            corrects_sent_on=sent,
        )
    return found


def unit_limits(text: str) -> dict[str, int]:
    """Read ``90837 1, 96131 4`` into most units a day by code; what is no pair is passed over."""
    return {code.upper(): int(most) for code, most in _LIMIT.findall(text)}


def _limited(line: ContentLine, limits: Mapping[str, int]) -> ContentLine:
    most = limits.get(line.code)
    return line if most is None else replace(line, most_units=most)


def _last_answers(
    work: Work, claims: Mapping[int, ClaimContent]
) -> dict[int | None, tuple[date | None, bool | None]]:
    """Return by policy when its payer was last asked with an answer, and what it said."""
    policies = {one.coverage.policy_id for one in claims.values() if one.coverage is not None}
    rows = work.db.execute(
        select(EligibilityCheck.policy_id, EligibilityCheck.asked_at, EligibilityCheck.active)
        .where(
            among(work, EligibilityCheck.policy_id, policies),
            EligibilityCheck.active.is_not(None),
        )
        .order_by(EligibilityCheck.asked_at, EligibilityCheck.id)
    )
    return {row.policy_id: (row.asked_at.astimezone(work.zone).date(), row.active) for row in rows}


def _answers_corrected(
    work: Work, claims: Mapping[int, ClaimContent]
) -> dict[int, tuple[date | None, date | None]]:
    """Return by claim when the one that it replaces was answered, and when it was first sent."""
    before = aliased(Claim)
    rows = work.db.execute(
        select(Claim.id, before.answered_on, before.denied_on, before.first_sent_on)
        .join(before, before.id == Claim.replaces_id)
        .where(among(work, Claim.id, claims))
    )
    return {row.id: (row.answered_on or row.denied_on, row.first_sent_on) for row in rows}


def _evaluated_before(work: Work, claims: Mapping[int, ClaimContent]) -> dict[int, date]:
    """Return by claim with an evaluation when its clinician last evaluated the client before."""
    firsts = {
        claim_id: min(days)
        for claim_id, one in claims.items()
        if (days := [line.service_day for line in one.lines if line.code in EVALUATIONS])
    }
    if not firsts:
        return {}
    seen: dict[tuple[int, int | None], list[date]] = defaultdict(list)
    for row in work.db.execute(
        select(Charge.patient_id, Charge.provider_id, Charge.service_day)
        .where(
            among(work, Charge.patient_id, {claims[one].patient_id for one in firsts}),
            Charge.code.in_(sorted(EVALUATIONS)),
            Charge.voided_on.is_(None),
        )
        .order_by(Charge.service_day)
    ):
        seen[row.patient_id, row.provider_id].append(row.service_day)
    found = {}
    for claim_id, first in firsts.items():
        one = claims[claim_id]
        days = [day for day in seen[one.patient_id, one.rendering.id] if day < first]
        if days:
            found[claim_id] = days[-1]
    return found
