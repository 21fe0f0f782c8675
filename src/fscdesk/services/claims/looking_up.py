"""Finds claims as commands name them, and tells what stands on them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from fscdesk.models.claim import Claim, ClaimFinding, Severity
from fscdesk.models.claim_batch import BatchState, ClaimBatch, ClaimSending, Route
from fscdesk.services.claims.going import judge
from fscdesk.services.claims.lifecycle import UNSENT
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work

__all__ = [
    "FoundOnClaim",
    "claim_named",
    "findings_on",
    "last_batch",
    "left_in",
    "ready_claims",
    "unsent_claims",
    "waiting_batches",
]


@dataclass(frozen=True, slots=True)
class FoundOnClaim:
    """A finding of the scrubber with the number of its claim; ``line`` None: the claim itself."""

    claim: str
    rule: str
    severity: Severity
    field: str
    line: int | None
    message: str
    hint: str
    accepted: bool


def claim_named(work: Work, number: str) -> int:
    """Return the claim with this number, with or without its dashes.

    Raises Problem when there is none.
    """
    typed = number.strip().upper()
    dashed = typed if "-" in typed else f"{typed[:3]}-{typed[3:7]}-{typed[7:]}"
    found = work.db.scalar(select(Claim.id).where(Claim.number == dashed))
    if found is None:
        raise Problem(
            f"There is no claim {number}.",
            hint="Nothing was done. A claim's number is like CLM-2026-00042.",
        )
    return found


def unsent_claims(work: Work) -> tuple[int, ...]:
    """Return the claims that were not sent yet, in the order of their ids."""
    found = select(Claim.id).where(Claim.status.in_(UNSENT)).order_by(Claim.id)
    return tuple(work.db.scalars(found))


def ready_claims(work: Work) -> tuple[int, ...]:
    """Return the claims that could be sent now, in the order in which they would go."""
    require(work, Right.SEND_CLAIMS, "send claims")
    return tuple(claim.claim_id for claim, _ in judge(work, None).going)


def findings_on(work: Work, claim_ids: Collection[int]) -> tuple[FoundOnClaim, ...]:
    """Return what stands on claims, claim by claim, in the order of the rules."""
    rows = work.db.execute(
        select(ClaimFinding, Claim.number)
        .join(Claim, Claim.id == ClaimFinding.claim_id)
        .where(among(work, ClaimFinding.claim_id, claim_ids))
        .order_by(ClaimFinding.claim_id, ClaimFinding.id)
    )
    return tuple(
        FoundOnClaim(
            *(number, row.rule, row.severity, row.field, row.line, row.message, row.hint),
            accepted=row.accepted_by is not None,
        )
        for row, number in rows
    )


def waiting_batches(work: Work) -> tuple[int, ...]:
    """Return the batches whose file nobody has taken away yet, the oldest first."""
    found = (
        select(ClaimBatch.id)
        .where(
            ClaimBatch.route == Route.ELECTRONIC,
            ClaimBatch.state == BatchState.SENT,
            ClaimBatch.reference == "",
        )
        .order_by(ClaimBatch.id)
    )
    return tuple(work.db.scalars(found))


def left_in(work: Work, claim_ids: Collection[int]) -> tuple[str, ...]:
    """Return the numbers of the batches in which claims left last, the oldest first.

    None is named where one of them was not sent, or was taken back or rejected since.
    """
    last = (
        select(func.max(ClaimSending.id))
        .join(ClaimBatch, ClaimBatch.id == ClaimSending.batch_id)
        .where(
            among(work, ClaimSending.claim_id, claim_ids),
            ClaimBatch.state.not_in((BatchState.UNDONE, BatchState.REJECTED)),
        )
        .group_by(ClaimSending.claim_id)
    )
    rows = work.db.execute(
        select(ClaimSending.claim_id, ClaimBatch.number)
        .join(ClaimBatch, ClaimBatch.id == ClaimSending.batch_id)
        .where(ClaimSending.id.in_(last))
        .order_by(ClaimBatch.id)
    ).all()
    whole = {row.claim_id for row in rows} == set(claim_ids)
    return tuple(dict.fromkeys(row.number for row in rows)) if whole else ()


def last_batch(work: Work, route: Route) -> int | None:
    """Return the batch of this way that was made last and was not taken back, or None."""
    return work.db.scalar(
        select(ClaimBatch.id)
        .where(ClaimBatch.state != BatchState.UNDONE, ClaimBatch.route == route)
        .order_by(ClaimBatch.id.desc())
        .limit(1)
    )
