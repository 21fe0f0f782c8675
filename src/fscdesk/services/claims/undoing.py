"""Takes a batch back before anything was answered: claims, visits and days are as before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.claim import Claim, ClaimStatus, ClaimStatusHistory
from fscdesk.models.claim_batch import (
    AcknowledgmentItem,
    BatchState,
    ClaimBatch,
    ClaimSending,
    PortalCheck,
    Route,
)
from fscdesk.services.audit import record
from fscdesk.services.bulk import run_many
from fscdesk.services.claims import policies
from fscdesk.services.claims.authorizations import give_back_uses
from fscdesk.services.claims.going import holders
from fscdesk.services.claims.lifecycle import (
    FALLEN,
    ClaimMove,
    lock_claims,
    move_claims,
    status_words,
    take_charges,
)
from fscdesk.services.claims.outbox import hold_back, is_there
from fscdesk.services.editing import locked, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = ["STATE_WORDS", "UndoneBatch", "undo_batch"]

STATE_WORDS: Final = {
    BatchState.SENT: "sent",
    BatchState.ACKNOWLEDGED: "acknowledged",
    BatchState.REJECTED: "rejected",
    BatchState.UNDONE: "undone",
}
_NOTHING: Final = "Nothing was changed."


@dataclass(frozen=True, slots=True)
class UndoneBatch:
    """A batch that was taken back, and how many claims can be sent anew."""

    id: int
    number: str
    claims: int


def undo_batch(work: Work, batch_id: int, reason: str, *, anyway: bool = False) -> UndoneBatch:
    """Take a batch back: its claims are ready to be sent again, its file leaves the outbox.

    Call ``write_missing`` afterwards, in a work of its own, which deletes the file. Raises
    Problem when something was answered, when a claim went further, and, unless ``anyway``, when
    the file was taken from the outbox, a claim was entered in a portal, or forms are of an earlier
    day: then the payer may have it, and sending it anew would bill twice.
    """
    require(work, Right.SEND_CLAIMS, "take back a batch")
    why = text_of(reason, "the reason", longest=200, required=True)
    batch = locked(work, ClaimBatch, batch_id, "this batch")
    if batch.state is BatchState.UNDONE:
        raise Problem(
            f"{batch.number} is undone already.",
            hint=f"{_NOTHING} Its claims go with the next batch.",
        )
    if batch.state is not BatchState.SENT:
        raise Problem(
            f"{batch.number} is {STATE_WORDS[batch.state]}, so it cannot be taken back.",
            hint=f"{_NOTHING} Correct or void its claims one by one.",
        )
    sendings = work.db.scalars(
        select(ClaimSending).where(ClaimSending.batch_id == batch_id).order_by(ClaimSending.id)
    ).all()
    ids = [one.claim_id for one in sendings]
    claims = _locked(work, ids)
    _require_waiting(batch, claims, ids)
    replaced = _replaced(work, batch, claims)
    if not anyway:
        _require_here(work, batch)
    if batch.route is Route.ELECTRONIC:
        hold_back(work, batch)
    batch.state, batch.undone_at = BatchState.UNDONE, work.now()
    batch.request_key = None  # the same command sends its claims again
    work.db.flush()
    _give_back(work, batch, sendings, replaced, why)
    record(work, "undo_claim_batch", "claim_batch", batch_id, number=batch.number, claims=len(ids))
    work.touch(Topic.CLAIMS)
    return UndoneBatch(batch_id, batch.number, len(ids))


def _locked(work: Work, ids: Sequence[int]) -> dict[int, Claim]:
    """Return the claims of a batch and those that they replaced, locked by their ids."""
    replaced = select(Claim.replaces_id).where(
        among(work, Claim.id, ids), Claim.replaces_id.is_not(None)
    )
    others = [one for one in work.db.scalars(replaced) if one is not None]
    return {claim.id: claim for claim in lock_claims(work, {*ids, *others})}


def _require_waiting(batch: ClaimBatch, claims: dict[int, Claim], ids: Sequence[int]) -> None:
    for one in ids:
        if claims[one].status is not ClaimStatus.SUBMITTED:
            raise Problem(
                f"Claim {claims[one].number} of {batch.number} is"
                f" {status_words(claims[one].status)} by now.",
                hint=f"{_NOTHING} Correct or void its claims one by one.",
            )


def _replaced(work: Work, batch: ClaimBatch, claims: dict[int, Claim]) -> dict[int, ClaimMove]:
    """Return the claims that fell by this batch, with what each was before."""
    fell = [claims[claim.replaces_id] for claim in claims.values() if claim.replaces_id in claims]
    found: dict[int, ClaimMove] = {}
    for claim in fell:
        last = work.db.scalars(
            select(ClaimStatusHistory)
            .where(ClaimStatusHistory.claim_id == claim.id)
            .order_by(ClaimStatusHistory.id.desc())
            .limit(1)
        ).one()
        by_this = last.reason.endswith(f"sent in {batch.number}")
        if claim.status in FALLEN and by_this and last.old is not None:
            words = f"{batch.number} was taken back"
            found[claim.id] = ClaimMove(claim.id, ClaimStatus(last.old), words)
    held = holders(work, [claims[one] for one in found])
    replacing = {claim.number for claim in claims.values() if claim.replaces_id in found}
    for one, number in held.items():
        if number not in replacing:
            raise Problem(
                f"What {claims[one].number} billed is on claim {number} by now.",
                hint=f"{_NOTHING} Drop {number} first.",
            )
    return found


def _require_here(work: Work, batch: ClaimBatch) -> None:
    """Raise Problem where somebody outside may have the claims already."""
    answered = work.db.scalar(
        select(AcknowledgmentItem.id).where(AcknowledgmentItem.batch_id == batch.id).limit(1)
    )
    if answered is not None:
        raise Problem(
            f"Something came back for {batch.number} already: the clearinghouse has its file.",
            hint=f"{_NOTHING} Take it back anyway only if the clearinghouse drops the file:"
            " its claims would be billed twice.",
        )
    if batch.route is Route.PORTAL:
        ticked = work.db.scalar(
            select(func.count(func.distinct(PortalCheck.sending_id)))
            .join(ClaimSending, ClaimSending.id == PortalCheck.sending_id)
            .where(ClaimSending.batch_id == batch.id)
        )
        if ticked:
            many = "1 claim" if ticked == 1 else f"{ticked} claims"
            raise Problem(
                f"The check-list of {batch.number} has {many} that somebody entered.",
                hint=f"{_NOTHING} Take it back anyway only if the payer has none of them.",
            )
    made_on = batch.made_at.astimezone(work.zone).date()
    if batch.route is Route.PAPER and made_on < work.today():
        raise Problem(
            f"The forms of {batch.number} are of {made_on:%m/%d/%Y}; the payer may have them.",
            hint=f"{_NOTHING} Take it back anyway only if they were never mailed: its claims would"
            " be billed twice.",
        )
    if batch.route is not Route.ELECTRONIC or not batch.reference:
        return
    if not is_there(policies.outbox(work), batch):
        raise Problem(
            f"The file of {batch.number} is not in the outbox any more.",
            hint=f"{_NOTHING} It was probably sent. Take it back anyway only if it was not:"
            " its claims would be billed twice.",
        )


def _give_back(
    work: Work,
    batch: ClaimBatch,
    sendings: Sequence[ClaimSending],
    replaced: dict[int, ClaimMove],
    why: str,
) -> None:
    ids = [one.claim_id for one in sendings]
    before = {one.claim_id: ClaimStatus(one.status_before) for one in sendings}
    number = batch.number
    resent = work.db.scalars(
        select(Claim.id).where(among(work, Claim.id, ids), Claim.replaces_id.in_(replaced))
    ).all()
    run_many(
        work,
        "UPDATE claim_line SET live = NULL WHERE claim_id = ?",
        [(one,) for one in resent],
    )
    moves = [
        ClaimMove(one, status, f"{number} was taken back: {why}") for one, status in before.items()
    ]
    move_claims(work, [*moves, *replaced.values()])
    take_charges(work, list(replaced))
    give_back_uses(work, ids)
    _restore_days(work, ids)


def _restore_days(work: Work, ids: Sequence[int]) -> None:
    """Let the days of sending follow from the batches that stand."""
    sent: dict[int, list[str]] = {one: [] for one in ids}
    rows = work.db.execute(
        select(ClaimSending.claim_id, ClaimBatch.made_at)
        .join(ClaimBatch, ClaimBatch.id == ClaimSending.batch_id)
        .where(among(work, ClaimSending.claim_id, ids), ClaimBatch.state != BatchState.UNDONE)
    )
    for claim_id, made_at in rows:
        sent[claim_id].append(made_at.astimezone(work.zone).date().isoformat())
    run_many(
        work,
        "UPDATE claim SET first_sent_on = ?, last_sent_on = ? WHERE id = ?",
        [(min(days, default=None), max(days, default=None), one) for one, days in sent.items()],
    )
    work.db.expire_all()
