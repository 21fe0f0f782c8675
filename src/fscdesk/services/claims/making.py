"""Writes planned claims: the claim, its lines, its diagnoses, and what rules have set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import insert

from fscdesk.models.claim import Claim, ClaimChange, ClaimDiagnosis, ClaimLine, ClaimStatus
from fscdesk.services.bulk import reserve_ids
from fscdesk.services.claims.build_plan import PlannedClaim
from fscdesk.services.claims.lifecycle import live_key, record_new_claims
from fscdesk.services.claims.payer_rules import WARNING
from fscdesk.services.claims.supervising import WARNED
from fscdesk.services.work import Work

_FIELDS: Final = {
    WARNING: WARNED,
    "modifiers": "line_modifiers",
    "place_of_service": "line_place_of_service",
    "supervising": "supervising",
    "rendering": "rendering",
    "note": "note",
    "authorization": "authorization",
}
"""What a rule sets, by the name of the field on a claim's page."""


def write_claims(work: Work, claims: Sequence[PlannedClaim], numbers: Sequence[str]) -> list[int]:
    """Write planned claims as drafts under these numbers, and return their ids.

    The caller has locked what the plan was made of; a charge that another claim holds is
    refused by the database (``ClaimLine.live``).
    """
    ids = list(reserve_ids(work, "claim", len(claims)))
    made = {"made_by": work.actor.staff_id, "made_at": work.now()}
    today = work.today()
    work.db.execute(
        insert(Claim),
        [
            {
                "id": claim_id,
                "number": number,
                "patient_id": one.patient_id,
                "payer_id": one.payer_id,
                "policy_id": one.policy_id,
                "rank": one.rank,
                "rendering_id": one.rendering_id,
                "supervising_id": one.supervising_id,
                "referral_id": one.referral_id,
                "location_id": one.location_id,
                "place_of_service": one.place_of_service,
                "status": ClaimStatus.DRAFT,
                "status_since": today,
                "primary_id": one.primary_id,
                "authorization_id": one.authorization_id,
                "held_for": one.held_for,
                "note": one.note,
                "total": one.total,
                "first_day": one.first_day,
                "last_day": one.last_day,
                **made,
            }
            for claim_id, number, one in zip(ids, numbers, claims, strict=True)
        ],
    )
    work.db.execute(
        insert(ClaimLine),
        [
            {
                "claim_id": claim_id,
                "position": position,
                "charge_id": line.charge_id,
                "session_id": line.session_id,
                "live": live_key(line.charge_id, one.rank),
                "service_day": line.day,
                "code": line.code,
                "modifiers": " ".join(line.modifiers),
                "place_of_service": line.place_of_service,
                "units": line.units,
                "amount": line.amount,
                "pointers": " ".join(map(str, line.pointers)),
            }
            for claim_id, one in zip(ids, claims, strict=True)
            for position, line in enumerate(one.lines, start=1)
        ],
    )
    diagnoses = [
        {"claim_id": claim_id, "position": position, "code": code}
        for claim_id, one in zip(ids, claims, strict=True)
        for position, code in enumerate(one.diagnoses, start=1)
    ]
    changes = [
        row for claim_id, one in zip(ids, claims, strict=True) for row in _changes(claim_id, one)
    ]
    if diagnoses:
        work.db.execute(insert(ClaimDiagnosis), diagnoses)
    if changes:
        by = {"at": work.now(), "staff_id": work.actor.staff_id}
        work.db.execute(insert(ClaimChange), [{**row, **by} for row in changes])
    record_new_claims(work, ids, "Built")
    return ids


def _changes(claim_id: int, claim: PlannedClaim) -> list[dict[str, object]]:
    """Return what rules have set on a claim: of each line, of the claim as a whole once."""
    positions = {line.charge_id: at for at, line in enumerate(claim.lines, start=1)}
    rows: dict[tuple[object, ...], dict[str, object]] = {}
    for one in claim.changes:
        change = one.change
        field = _FIELDS[change.field]
        of_line = field.startswith("line_") or field == WARNED
        line = positions[one.charge_id] if of_line else None
        rows[line, field, change.old, change.new, change.source] = {
            "claim_id": claim_id,
            "line": line,
            "field": field,
            "old": change.old,
            "new": change.new,
            "source": change.source,
        }
    return list(rows.values())
