"""Builds claims: plan, make exactly the plan, drop, and take a whole build back.

    plan = plan_claims(work)              # which claims, and which sessions are left out and why
    built = build_claims(work, plan)      # numbered, on record, checked; all of them or none
    undo_build(work, built)               # dropped again, while none was sent

Claims are never deleted. One that is dropped becomes void with the reason, and its charges are
free for another.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.practice import Practice
from fscdesk.services.audit import record
from fscdesk.services.claims.build_plan import (
    BuildPlan,
    Built,
    LeftOut,
    LineChange,
    PlannedClaim,
    PlannedLine,
    WhyNot,
)
from fscdesk.services.claims.lifecycle import (
    UNSENT,
    ClaimMove,
    lock_claims,
    move_claims,
    status_words,
)
from fscdesk.services.claims.making import write_claims
from fscdesk.services.claims.planning import plan_claims
from fscdesk.services.claims.scrubbing import scrub_claims
from fscdesk.services.claims.secondary import plan_secondary
from fscdesk.services.editing import text_of
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.numbering import number_text, reserve_numbers
from fscdesk.services.payments.held_sessions import lock_sessions
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "BuildPlan",
    "Built",
    "LeftOut",
    "LineChange",
    "PlannedClaim",
    "PlannedLine",
    "WhyNot",
    "build_claims",
    "drop_claims",
    "plan_claims",
    "plan_secondary",
    "undo_build",
]

SERIES: Final = "CLM"
DROPPABLE: Final = UNSENT | {ClaimStatus.REJECTED}
"""What no payer has: drafts, and claims that were rejected before they reached one."""


def build_claims(work: Work, plan: BuildPlan) -> Built:
    """Make exactly the claims of a plan as drafts, and check each at once.

    Raises ChangedElsewhere, with nothing made, when a session, a policy or a rule changed since
    the plan was made, or another desk has built it; Problem when there is nothing to build.
    """
    require(work, Right.MAKE_CLAIMS, "build claims")
    if not plan.claims:
        first = f" {plan.left_out[0].reason}" if plan.left_out else ""
        raise Problem(
            f"There is nothing to build.{first}",
            hint="No claim was built. A session is built once it is ready to bill.",
        )
    work.db.execute(select(Practice.id).where(Practice.id == 1).with_for_update())
    lock_sessions(work, plan.session_ids)
    work.db.expire_all()
    look = plan_secondary if plan.later_payers else plan_claims
    if look(work, plan.session_ids).claims != plan.claims:
        raise ChangedElsewhere(
            "The sessions changed after this list was made.",
            hint="No claim was built. The new list is shown; look at it and build them again.",
        )
    year = work.today().year
    taken = reserve_numbers(work, SERIES, year, len(plan.claims))
    numbers = [number_text(SERIES, year, one) for one in taken]
    ids = write_claims(work, plan.claims, numbers)
    built = Built(tuple(ids), tuple(numbers), len(plan.session_ids), plan.total, plan.left_out)
    record(
        work,
        "build_claims",
        "claim",
        ids[0],
        claims=len(ids),
        sessions=built.sessions,
        total=built.total.plain(),
        left_out=len(plan.left_out),
    )
    scrub_claims(work, ids)
    work.touch(Topic.CLAIMS)
    return built


def drop_claims(work: Work, claim_ids: Collection[int], reason: str) -> int:
    """Drop claims that no payer has, and return how many; their sessions can be built again.

    They become void with the reason. Raises Problem for one that was sent, naming it.
    """
    require(work, Right.MAKE_CLAIMS, "drop claims")
    why = text_of(reason, "the reason", longest=300, required=True)
    claims = lock_claims(work, claim_ids)
    _require_droppable(claims)
    standing = [claim.id for claim in claims if claim.status is not ClaimStatus.VOID]
    done = move_claims(work, [ClaimMove(one, ClaimStatus.VOID, why) for one in standing])
    if done:
        record(work, "drop_claims", "claim", None, claims=standing)
    return done


def undo_build(work: Work, built: Built) -> int:
    """Drop what a build made, and return how many claims it were.

    Raises Problem, with nothing changed, when one of them was sent since. Those that were
    dropped already stay so.
    """
    require(work, Right.MAKE_CLAIMS, "drop claims")
    claims = lock_claims(work, built.claim_ids)
    fallen = (ClaimStatus.VOID, ClaimStatus.CLOSED)
    standing = [claim for claim in claims if claim.status not in fallen]
    _require_droppable(standing)
    ids = [claim.id for claim in standing]
    done = move_claims(work, [ClaimMove(one, ClaimStatus.VOID, "Building undone") for one in ids])
    if done:
        record(work, "undo_build", "claim", ids[0], claims=len(ids))
    return done


def _require_droppable(claims: Sequence[Claim]) -> None:
    for claim in claims:
        if claim.status not in DROPPABLE and claim.status is not ClaimStatus.VOID:
            raise Problem(
                f"Claim {claim.number} was sent: it is {status_words(claim.status)}.",
                hint="Nothing was changed. Undo its batch, or void the claim with its payer.",
            )
