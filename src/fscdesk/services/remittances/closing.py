"""Sets a claim of a remittance aside that is not this practice's, and takes it up again.

Its money stays in the fund of the remittance, named: it was paid to us, and somebody must say to
whom it belongs.
"""

from __future__ import annotations

from sqlalchemy import func, select

from fscdesk.models.recoupment import Recoupment
from fscdesk.models.remittance import Fate, Remittance, RemittanceClaim, RemittanceStatus
from fscdesk.models.values import ZERO
from fscdesk.services.audit import record
from fscdesk.services.editing import locked, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = ["set_aside", "take_up"]

_DOING = "set a claim of a remittance aside"


def set_aside(work: Work, remittance_claim_id: int, reason: str) -> str:
    """Set a claim aside that nobody has to work on any more; return how it is called.

    The remittance is posted once nothing else of it waits. Raises Problem without a reason, for
    a claim that is posted, and for one that takes money back which is in the books nowhere yet:
    the check would hold too little for the others.
    """
    require(work, Right.POST_PAYMENT, _DOING)
    words = text_of(reason, "the reason", longest=300, required=True)
    claim, row = _locked(work, remittance_claim_id)
    if claim.fate is not Fate.UNPOSTED:
        raise Problem(
            f"Claim {claim.number} is {claim.fate.value}.",
            hint="Nothing was changed. Only what waits can be set aside.",
        )
    if claim.paid < ZERO and not _told_as_item(work, claim):
        raise Problem(
            f"Claim {claim.number} takes {-claim.paid} back: its money is part of the check.",
            hint="Nothing was changed. Post it, or post the others and explain it under"
            " Recoupments.",
        )
    claim.fate, claim.words = Fate.CLOSED, words
    claim.closed_by, claim.closed_at = work.actor.staff_id, work.now()
    _follow(work, row)
    record(work, "set_claim_aside", "remittance_claim", claim.id, cents=claim.paid.cents)
    return claim.number


def take_up(work: Work, remittance_claim_id: int) -> str:
    """Let a claim that was set aside wait again; return how it is called."""
    require(work, Right.POST_PAYMENT, _DOING)
    claim, row = _locked(work, remittance_claim_id)
    if claim.fate is not Fate.CLOSED:
        raise Problem(f"Claim {claim.number} was not set aside.", hint="Nothing was changed.")
    claim.fate, claim.words = Fate.UNPOSTED, ""
    claim.closed_by = claim.closed_at = None
    _follow(work, row)
    record(work, "take_claim_up", "remittance_claim", claim.id)
    return claim.number


def _locked(work: Work, remittance_claim_id: int) -> tuple[RemittanceClaim, Remittance]:
    owner = select(RemittanceClaim.remittance_id).where(RemittanceClaim.id == remittance_claim_id)
    row = locked(work, Remittance, work.db.scalar(owner), "this remittance")
    if row.status is RemittanceStatus.CLOSED:
        raise Problem(
            f"All of {row.number} is set aside.", hint="Nothing was changed. Take it up first."
        )
    return locked(work, RemittanceClaim, remittance_claim_id, "this claim"), row


def _told_as_item(work: Work, claim: RemittanceClaim) -> bool:
    """Return whether what a claim takes back stands among the recoupments, to be explained."""
    found = select(Recoupment.id).where(
        Recoupment.remittance_claim_id == claim.id, Recoupment.undone.is_(False)
    )
    return work.db.scalar(found.limit(1)) is not None


def _follow(work: Work, row: Remittance) -> None:
    """Let the remittance say how much of it waits."""
    work.db.flush()
    waiting = (
        select(func.count())
        .select_from(RemittanceClaim)
        .where(RemittanceClaim.remittance_id == row.id, RemittanceClaim.fate == Fate.UNPOSTED)
    )
    row.unposted = work.db.scalar(waiting) or 0
    if row.status in (RemittanceStatus.PARTLY, RemittanceStatus.POSTED):
        row.status = RemittanceStatus.PARTLY if row.unposted else RemittanceStatus.POSTED
    work.db.flush()
    work.touch(Topic.REMITTANCES, Topic.QUEUE)
