"""How a person moves a claim, and which steps are usual; the writer is ``claim_statuses``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus, Frequency
from fscdesk.services.audit import record
from fscdesk.services.claim_standing import FALLEN, SAYS, UNSENT, WAITING
from fscdesk.services.claim_statuses import (
    ClaimMove,
    hold_claims,
    live_key,
    lock_claims,
    move_claims,
    record_new_claims,
    take_charges,
)
from fscdesk.services.editing import text_of
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.settled_claims import all_answered, with_nothing_open
from fscdesk.services.work import Work

__all__ = [
    "FALLEN",
    "NEXT",
    "SAYS",
    "UNSENT",
    "ClaimMove",
    "hold_claims",
    "live_key",
    "lock_claims",
    "move_claims",
    "record_new_claims",
    "set_claim_status",
    "status_words",
    "take_charges",
]

S = ClaimStatus
_ANSWERED: Final = (S.PAID, S.PARTIALLY_PAID, S.DENIED)

NEXT: Final[Mapping[ClaimStatus, tuple[ClaimStatus, ...]]] = MappingProxyType(
    {
        S.DRAFT: (S.SCRUBBED, S.VOID),
        S.SCRUBBED: (S.SUBMITTED, S.DRAFT, S.VOID),
        S.SUBMITTED: (S.ACKNOWLEDGED, S.ACCEPTED, S.REJECTED, S.PENDING, *_ANSWERED),
        S.ACKNOWLEDGED: (S.ACCEPTED, S.REJECTED, S.PENDING, *_ANSWERED),
        S.ACCEPTED: (S.PENDING, S.REJECTED, *_ANSWERED),
        S.PENDING: _ANSWERED,
        S.PARTIALLY_PAID: (S.PAID, S.APPEALING, S.DENIED, S.CLOSED),
        S.PAID: (S.PARTIALLY_PAID, S.DENIED, S.CLOSED),
        S.DENIED: (S.APPEALING, *_ANSWERED[:2], S.CLOSED, S.VOID),
        S.APPEALING: (S.PENDING, *_ANSWERED, S.CLOSED),
        S.REJECTED: (S.DRAFT, S.SCRUBBED, S.VOID),
        S.CLOSED: (),
        S.VOID: (),
    }
)
"""The ladder of DESIGN.md 7; a person may leave it with a reason."""


def status_words(status: ClaimStatus) -> str:
    """Return a status as words in a sentence."""
    return status.value.replace("_", " ")


def set_claim_status(
    work: Work, seen: Mapping[int, ClaimStatus], new: ClaimStatus, *, reason: str
) -> int:
    """Set the status of claims for a person at the desk; return how many changed.

    ``seen`` is the status of each claim that the person saw. Raises ChangedElsewhere when one
    of them has another by now; Problem for a step off the ladder without a reason, for what
    only checking and sending can do, for a claim that is void or was replaced, for one that
    would wait for its payer though nothing of it is open, and one that would be paid though it
    is open and not answered. One that a person closed keeps its charges and can be opened
    again. All move, or none.
    """
    require(work, Right.MAKE_CLAIMS, "change the status of claims")
    why = text_of(reason, "the reason", longest=300)
    claims = lock_claims(work, seen)
    closed = [claim.id for claim in claims if claim.status is S.CLOSED]
    keeps = _keeping(work, closed) if closed else frozenset()
    for claim in claims:
        if claim.status is not seen[claim.id]:
            raise ChangedElsewhere(
                f"Someone else moved claim {claim.number}: it is {status_words(claim.status)} now.",
                hint="Nothing was saved. Look at the list again.",
            )
        if claim.status is not new:
            _require_step(claim.number, claim.status, new, why, over=claim.id not in keeps)
    moving = [claim for claim in claims if claim.status is not new]
    if new in WAITING or new is S.PAID:
        _require_fits(work, moving, new)
    said = why or f"Marked as {status_words(new)}"
    done = move_claims(work, [ClaimMove(claim.id, new, said) for claim in moving])
    if done:
        ids = [claim.id for claim in moving]
        record(work, "set_claim_status", "claim", None, claims=ids, new=new.value)
    return done


def _require_fits(work: Work, claims: Sequence[Claim], new: ClaimStatus) -> None:
    """Raise Problem where what is open and what was answered say otherwise."""
    billing = {one.id: one.number for one in claims if one.frequency is not Frequency.VOID}
    settled = with_nothing_open(work, billing)
    if new is S.PAID:
        for claim_id in sorted(set(billing) - settled - all_answered(work, billing)):
            raise Problem(
                f"Claim {billing[claim_id]} is open, and its payer has not answered all of it.",
                hint="Nothing was changed. Enter the payer's answer; the claim follows it.",
            )
        return
    for claim_id in sorted(settled):
        raise Problem(
            f"Nothing of claim {billing[claim_id]} is open: it cannot be {status_words(new)}.",
            hint="Nothing was changed. Take back what has settled it first.",
        )


def _keeping(work: Work, claim_ids: Collection[int]) -> frozenset[int]:
    """Return the claims that hold charges."""
    rows = select(ClaimLine.claim_id).where(
        among(work, ClaimLine.claim_id, claim_ids), ClaimLine.live.is_not(None)
    )
    return frozenset(work.db.scalars(rows))


def _require_step(
    number: str, old: ClaimStatus, new: ClaimStatus, why: str, *, over: bool = True
) -> None:
    nothing = "Nothing was changed."
    if old in FALLEN and over:
        raise Problem(
            f"Claim {number} is {status_words(old)}.",
            hint=f"{nothing} Its charges can be on another claim; build that under To build.",
        )
    if new in UNSENT or new is S.SUBMITTED:
        raise Problem(
            f"Claim {number} becomes {status_words(new)} by itself.",
            hint=f"{nothing} A claim is scrubbed when it is checked, submitted when it is sent.",
        )
    if old in UNSENT and new is not S.VOID:
        raise Problem(
            f"Claim {number} was not sent, so no payer can have answered it.",
            hint=f"{nothing} Send it first, or drop it.",
        )
    if new not in NEXT[old] and not why:
        raise Problem(
            f"From {status_words(old)} to {status_words(new)} is not the usual next step.",
            hint=f"{nothing} Say why, and it will be done and recorded.",
        )
    if new in FALLEN and not why:
        raise Problem(
            f"Claim {number} would let go of its charges."
            if new is S.VOID
            else f"Claim {number} would be over.",
            hint=f"{nothing} Say why, and it will be done and recorded.",
        )
