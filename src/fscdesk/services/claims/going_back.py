"""The way back of acts on one claim that its payer has not seen: a new sending, a new appeal."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from fscdesk.models.claim import Appeal, Claim, ClaimStatus, ClaimStatusHistory
from fscdesk.services.audit import record
from fscdesk.services.claim_standing import UNSENT
from fscdesk.services.claim_statuses import ClaimMove, lock_claims, move_claims
from fscdesk.services.claims.writing_changes import FieldChange, write_changes
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = ["take_back_appeal", "take_back_resend"]

_NOTHING: Final = "Nothing was undone."


def take_back_resend(work: Work, claim_id: int) -> str:
    """Let a rejected claim that goes again stand as rejected, and return its number.

    It has the reason of its rejection again. Raises Problem when it was sent meanwhile.
    """
    require(work, Right.MAKE_CLAIMS, "send claims again")
    (claim,) = lock_claims(work, [claim_id])
    number = claim.number
    if claim.status not in UNSENT:
        raise Problem(
            f"Claim {number} is {claim.status.value.replace('_', ' ')} by now.",
            hint=f"{_NOTHING} Take its batch back first.",
        )
    reason = work.db.scalars(
        select(ClaimStatusHistory.reason)
        .where(
            ClaimStatusHistory.claim_id == claim_id,
            ClaimStatusHistory.new == ClaimStatus.REJECTED.value,
        )
        .order_by(ClaimStatusHistory.id.desc())
    ).first()
    if reason is None:
        raise Problem(f"Claim {number} was not rejected before.", hint=_NOTHING)
    move_claims(work, [ClaimMove(claim_id, ClaimStatus.REJECTED, reason)])
    record(work, "take_back_resend", "claim", claim_id)
    return number


def take_back_appeal(work: Work, appeal_id: int) -> str:
    """Let an appeal that was just opened be none, and return its claim's number.

    The claim stands as before it. Raises Problem once a letter was made, it was sent or has ended.
    """
    require(work, Right.MAKE_CLAIMS, "appeal claims")
    claim_id = work.db.scalar(select(Appeal.claim_id).where(Appeal.id == appeal_id))
    if claim_id is None:
        raise Problem("This appeal is not in the books.", hint=_NOTHING)
    (claim,) = lock_claims(work, [claim_id])
    appeal = work.db.get(Appeal, appeal_id, with_for_update=True, populate_existing=True)
    if appeal is None:  # it was taken back at another desk while this one waited
        raise Problem("This appeal is not in the books.", hint=_NOTHING)
    number = claim.number
    if appeal.sent_on is not None or appeal.outcome or appeal.document_id is not None:
        raise Problem(
            f"The appeal of {number} has gone on since.",
            hint=f"{_NOTHING} Note its outcome instead: given up.",
        )
    level = appeal.level
    if claim.status is ClaimStatus.APPEALING:
        move_claims(work, [ClaimMove(claim_id, _before(work, claim), "The appeal was undone")])
        appeal = work.db.get_one(Appeal, appeal_id)
    work.db.delete(appeal)
    work.db.flush()
    write_changes(work, claim_id, [FieldChange("appeal", f"Level {level}", "")])
    record(work, "take_back_appeal", "claim", claim_id, appeal=appeal_id, level=level)
    work.touch(Topic.CLAIMS)
    return number


def _before(work: Work, claim: Claim) -> ClaimStatus:
    """Return where a claim stood before its appeal."""
    old = work.db.scalars(
        select(ClaimStatusHistory.old)
        .where(
            ClaimStatusHistory.claim_id == claim.id,
            ClaimStatusHistory.new == ClaimStatus.APPEALING.value,
        )
        .order_by(ClaimStatusHistory.id.desc())
    ).first()
    return ClaimStatus.DENIED if old is None else ClaimStatus(old)
