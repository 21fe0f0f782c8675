"""Claims for a portal that nobody has typed in to the end: they count as sent, and are not there.

A batch for a portal makes its claims submitted, as any batch does; a person then types them in
and ticks the steps of the check-list. Until every step of a claim is ticked the payer does not
have it, so its time to file goes on.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.claim_batch import BatchState, ClaimBatch, ClaimSending, PortalCheck, Route
from fscdesk.services.claims.portal_list import steps_of
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work

__all__ = ["ToEnter", "to_enter"]


@dataclass(frozen=True, slots=True)
class ToEnter:
    """Where a claim that is still to be typed in stands on its check-list."""

    sending_id: int
    batch_id: int
    batch: str
    done: int
    steps: int


def to_enter(work: Work, claim_ids: Collection[int] | None = None) -> dict[int, ToEnter]:
    """Return the submitted claims whose last batch was for a portal and has steps left of them.

    Of ``claim_ids`` alone, or of all claims. The oldest batch comes first.
    """
    if claim_ids is not None and not claim_ids:
        return {}
    other = ClaimSending.__table__.alias("other")
    last = (
        select(func.max(other.c.id))
        .where(other.c.claim_id == ClaimSending.claim_id)
        .scalar_subquery()
    )
    ticked = (
        select(func.count())
        .select_from(PortalCheck)
        .where(PortalCheck.sending_id == ClaimSending.id)
        .scalar_subquery()
    )
    question = (
        select(Claim.id, Claim.payer_id, ClaimSending.id, ClaimBatch.id, ClaimBatch.number, ticked)
        .join(ClaimSending, ClaimSending.claim_id == Claim.id)
        .join(ClaimBatch, ClaimBatch.id == ClaimSending.batch_id)
        .where(
            Claim.status == ClaimStatus.SUBMITTED,
            ClaimBatch.route == Route.PORTAL,
            ClaimBatch.state != BatchState.UNDONE,
            ClaimSending.id == last,
        )
        .order_by(ClaimSending.id)
    )
    if claim_ids is not None:
        question = question.where(among(work, Claim.id, claim_ids))
    steps: dict[int, int] = {}
    found: dict[int, ToEnter] = {}
    for claim_id, payer_id, sending_id, batch_id, batch, done in work.db.execute(question):
        if payer_id not in steps:
            steps[payer_id] = len(steps_of(work, payer_id))
        if done < steps[payer_id]:
            found[claim_id] = ToEnter(sending_id, batch_id, batch, done, steps[payer_id])
    return found
