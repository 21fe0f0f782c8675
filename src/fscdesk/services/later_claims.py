"""Claims to the next payer wait while the payer before them has not answered.

They are built once it has. When that answer is taken back (its payment was voided, the payer took
its word back), what was built on it and not sent waits again; when it comes anew, it goes on. It
stands below the rooms, beside ``claim_answers``, which calls it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import aliased

from fscdesk.models.claim import Claim, ClaimChange, ClaimFinding, ClaimStatus, Severity
from fscdesk.models.payer import Payer
from fscdesk.services.claim_standing import UNSENT
from fscdesk.services.claim_statuses import ClaimMove, lock_claims, move_claims
from fscdesk.services.id_sets import among
from fscdesk.services.work import Topic, Work

_ANSWERED: Final = (ClaimStatus.PAID, ClaimStatus.PARTIALLY_PAID, ClaimStatus.DENIED)
_FIELD: Final = "wait_for"
_RULE: Final = "earlier-payers"
"""The scrubber's rule about the answers of earlier payers."""
_ENDS: Final = "is not answered any more."


def let_later_claims_follow(work: Work, claim_ids: Collection[int]) -> None:
    """Let unsent claims behind some claims wait for their answer, or wait no longer.

    One that waits is a draft; one that waits no longer is scrubbed where its last check found
    nothing else that stops it. Sending checks it again in any case.
    """
    before = aliased(Claim)
    rows = work.db.execute(
        select(Claim.id, before.number, before.status, Payer.name)
        .join(before, before.id == Claim.primary_id)
        .join(Payer, Payer.id == before.payer_id)
        .where(among(work, Claim.primary_id, claim_ids), Claim.status.in_(UNSENT))
        .order_by(Claim.id)
    ).all()
    if not rows:
        return
    claims = {one.id: one for one in lock_claims(work, [row.id for row in rows])}
    moves = []
    for row in rows:
        claim, old = claims[row.id], claims[row.id].wait_for
        answered = row.status in _ANSWERED
        if answered == (not old) or (old and not old.endswith(_ENDS)):
            continue
        new = "" if answered else f"Claim {row.number} to {row.name} {_ENDS}"
        claim.wait_for = new
        if answered:
            _forget_that_it_lacked(work, claim)
        work.db.add(
            ClaimChange(
                claim_id=claim.id,
                line=None,
                field=_FIELD,
                old=old,
                new=new,
                source=row.number,
                at=work.now(),
                staff_id=work.actor.staff_id,
            )
        )
        kept = claim.held_for or claim.outdated or claim.crossed_over or claim.stops
        status = ClaimStatus.SCRUBBED if answered and not kept else ClaimStatus.DRAFT
        words = f"{row.name} has answered again" if answered else new
        moves.append(ClaimMove(claim.id, status, words))
    work.db.flush()
    move_claims(work, moves)
    work.touch(Topic.CLAIMS)


def _forget_that_it_lacked(work: Work, claim: Claim) -> None:
    """Take what a check found of the missing answer off a claim: it is there again."""
    stale = list(
        work.db.scalars(
            select(ClaimFinding).where(
                ClaimFinding.claim_id == claim.id,
                ClaimFinding.rule == _RULE,
                ClaimFinding.severity == Severity.STOPS,
            )
        )
    )
    for one in stale:
        work.db.delete(one)
    claim.stops = max(claim.stops - len(stale), 0)
