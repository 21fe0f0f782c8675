"""The one place that changes a claim's status, and records it; its sessions follow.

It stands below the rooms that know why, as ``statuses`` does for sessions: building, sending,
acknowledging, remittances and appeals come here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus, ClaimStatusHistory, Frequency
from fscdesk.models.session import BillingStatus, Session, StatusKind
from fscdesk.models.values import Money
from fscdesk.services.authorization_uses import count_again, release_uses
from fscdesk.services.bulk import insert_rows, reserve_ids, run_many, stored_moment
from fscdesk.services.claim_standing import FALLEN, SAYS, UNSENT, said_by_claims
from fscdesk.services.errors import ChangedElsewhere
from fscdesk.services.id_sets import among
from fscdesk.services.statuses import StatusChange, settled_sessions, write_status_changes
from fscdesk.services.work import Topic, Work

_USE_NOTHING: Final = UNSENT | {ClaimStatus.VOID, ClaimStatus.REJECTED}
"""Claims for which no payer counts a visit: sent anew, they take it anew."""


class ClaimMove(NamedTuple):
    """One change to be written, with its reason in words.

    ``replaced``: another claim that was sent has taken its place, or takes it back.
    """

    claim_id: int
    new: ClaimStatus
    reason: str
    replaced: bool = False


class HeldClaim(NamedTuple):
    """A claim that is locked, as far as its status needs it: ten thousand come at once."""

    id: int
    number: str
    status: ClaimStatus
    version: int


def move_claims(work: Work, moves: Iterable[ClaimMove], *, day: date | None = None) -> int:
    """Write the statuses of claims, their history, and what their sessions are then.

    Of two moves of one claim the last counts; a claim that stands there already is left alone.
    Returns how many moved. The claims are locked by their ids. A claim that is void, or closed
    because it was replaced, lets go of its charges, so that another can have them; one that is
    closed by a person keeps them, for the payer has it. One that is void, was rejected,
    or waits again gives back what it took of an authorization; one that was rejected and is
    answered after all has it again. Where a claim that replaced
    another, or took it back, is rejected or dropped, the other stands and holds its charges again:
    it is what the payer has. Which step is allowed stands
    with the caller, who knows why. ``day`` is the day of the change, today where it is not
    given. Raises ChangedElsewhere for a claim that is not there.
    """
    wanted = {move.claim_id: move for move in moves}
    if not wanted:
        return 0
    work.db.flush()
    again, over = _originals(work, wanted)
    wanted = again | over | wanted
    claims = hold_claims(work, wanted)
    moved = [
        (claim, claim.status, wanted[claim.id])
        for claim in claims
        if claim.status is not wanted[claim.id].new
    ]
    if not moved:
        return 0
    on = day or work.today()
    _write_history(work, [(claim.id, old, move) for claim, old, move in moved], on)
    run_many(
        work,
        "UPDATE claim SET status = ?, status_since = ?, version = version + 1 WHERE id = ?",
        [(move.new.value, on.isoformat(), claim.id) for claim, _, move in moved],
    )
    fallen = [
        claim.id
        for claim, _, move in moved
        if move.new is ClaimStatus.VOID or (move.new is ClaimStatus.CLOSED and move.replaced)
    ]
    fallen += [one for one in _successors(work, again) if one not in fallen]
    run_many(
        work,
        "UPDATE claim_line SET live = NULL WHERE claim_id = ? AND live IS NOT NULL",
        [(one,) for one in fallen],
    )
    freed = [one.id for one, _, to in moved if to.new in _USE_NOTHING or to.replaced]
    release_uses(work, freed)
    counted = [one for one in (*again, *_answered(moved)) if one not in freed]
    seen = {
        claim.id: f"{claim.number}: {move.reason}"
        for claim, old, move in moved
        if not (old in UNSENT and move.new in UNSENT | {ClaimStatus.VOID})
    }
    work.db.expire_all()
    take_charges(work, [*again, *(one for one in _successors(work, over) if one in wanted)])
    count_again(work, counted)
    let_sessions_follow(work, seen)
    work.touch(Topic.CLAIMS)
    return len(moved)


def _answered(moved: Iterable[tuple[HeldClaim, ClaimStatus, ClaimMove]]) -> list[int]:
    """Return the claims that were rejected and are with a payer after all."""
    return [
        claim.id
        for claim, old, move in moved
        if old is ClaimStatus.REJECTED and move.new not in _USE_NOTHING
    ]


def record_new_claims(work: Work, claim_ids: Sequence[int], reason: str) -> None:
    """Write the first line of the history of claims that were just made."""
    work.db.flush()
    drafts = [(one, None, ClaimMove(one, ClaimStatus.DRAFT, reason)) for one in claim_ids]
    _write_history(work, drafts, work.today())
    work.touch(Topic.CLAIMS)


def take_charges(work: Work, claim_ids: Collection[int]) -> None:
    """Let claims hold the charges of their lines, as a corrected one does when it is sent.

    The claim that it replaces must have fallen before. A claim that takes another back
    (frequency 8) never holds any.
    """
    work.db.flush()
    rows = work.db.execute(
        select(ClaimLine.id, ClaimLine.charge_id, Claim.rank)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(
            among(work, ClaimLine.claim_id, claim_ids),
            ClaimLine.live.is_(None),
            Claim.status.not_in(FALLEN),
            Claim.frequency != Frequency.VOID,
        )
        .order_by(ClaimLine.id)
    ).all()
    run_many(
        work,
        "UPDATE claim_line SET live = ? WHERE id = ?",
        [(live_key(row.charge_id, row.rank), row.id) for row in rows],
    )
    work.db.expire_all()


def live_key(charge_id: int, rank: int) -> str:
    """Return what of all standing claims only one line can hold: a charge for one payer."""
    return f"{charge_id}:{rank}"


def lock_claims(work: Work, claim_ids: Collection[int]) -> list[Claim]:
    """Return claims by their ids, locked until the end of the work.

    Raises ChangedElsewhere when one of them is not there.
    """
    found = list(
        work.db.scalars(
            select(Claim)
            .where(among(work, Claim.id, claim_ids))
            .order_by(Claim.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    _require_all(found, claim_ids)
    return found


def hold_claims(work: Work, claim_ids: Collection[int]) -> list[HeldClaim]:
    """Lock claims as ``lock_claims`` does, and return no more than what says where each stands."""
    rows = work.db.execute(
        select(Claim.id, Claim.number, Claim.status, Claim.version)
        .where(among(work, Claim.id, claim_ids))
        .order_by(Claim.id)
        .with_for_update()
    )
    found = [HeldClaim(*row) for row in rows]
    _require_all(found, claim_ids)
    return found


def _require_all(found: Sequence[object], claim_ids: Collection[int]) -> None:
    if len(found) != len(set(claim_ids)):
        raise ChangedElsewhere(
            "One of these claims is not in the books.",
            hint="Nothing was saved. Look at the list again.",
        )


def _originals(
    work: Work, wanted: Mapping[int, ClaimMove]
) -> tuple[dict[int, ClaimMove], dict[int, ClaimMove]]:
    """Return the claims that stand again, and that fall, by what becomes of their successors.

    A successor that is rejected or dropped leaves the payer with the first claim, and what was
    built of it meanwhile falls; one that was rejected and is answered after all has taken its
    place.
    """
    before = aliased(Claim)
    again: dict[int, ClaimMove] = {}
    over: dict[int, ClaimMove] = {}
    for row in work.db.execute(
        select(
            Claim.id,
            Claim.number,
            Claim.status,
            Claim.frequency,
            before.id.label("first"),
            before.status.label("stood"),
        )
        .join(before, before.id == Claim.replaces_id)
        .where(among(work, Claim.id, wanted))
        .order_by(Claim.id)
    ):
        move, fell = wanted[row.id], row.stood in FALLEN
        lost = move.new is ClaimStatus.REJECTED or (
            move.new is ClaimStatus.VOID and not move.replaced
        )
        if fell and lost and row.status is not move.new:
            old = _fell_by(work, row.first, row.number)
            built = _holders(work, row.first, but=row.id)
            # What was sent meanwhile bills the charges: then the first one stays as it is.
            if old is not None and set(built.values()) <= UNSENT | {ClaimStatus.REJECTED}:
                words = "rejected" if move.new is ClaimStatus.REJECTED else "dropped"
                why = f"{row.number} was {words}"
                again[row.first] = ClaimMove(row.first, old, why)
                for one in built:
                    over[one] = ClaimMove(one, ClaimStatus.VOID, f"{why}: the payer has the first")
        answered = row.status is ClaimStatus.REJECTED and move.new in SAYS
        if not fell and answered and move.new is not ClaimStatus.REJECTED:
            back = row.frequency is Frequency.VOID
            new = ClaimStatus.VOID if back else ClaimStatus.CLOSED
            words = f"{'Taken back' if back else 'Replaced'} by {row.number}, which was answered"
            over[row.first] = ClaimMove(row.first, new, words, replaced=True)
    return again, over


def _fell_by(work: Work, claim_id: int, number: str) -> ClaimStatus | None:
    """Return where a claim stood before another one took its place; None if that was not it."""
    last = work.db.scalars(
        select(ClaimStatusHistory)
        .where(ClaimStatusHistory.claim_id == claim_id)
        .order_by(ClaimStatusHistory.id.desc())
        .limit(1)
    ).first()
    if last is None or last.old is None:
        return None
    by_it = last.reason.startswith((f"Replaced by {number},", f"Taken back by {number},"))
    return ClaimStatus(last.old) if by_it else None


def _holders(work: Work, claim_id: int, *, but: int) -> dict[int, ClaimStatus]:
    """Return which other claims hold the charges of one, and where they stand."""
    mine = aliased(ClaimLine)
    rows = work.db.execute(
        select(Claim.id, Claim.status)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .join(mine, mine.charge_id == ClaimLine.charge_id)
        .join(before := aliased(Claim), before.id == mine.claim_id)
        .where(
            mine.claim_id == claim_id,
            before.rank == Claim.rank,
            ClaimLine.live.is_not(None),
            Claim.id.not_in([claim_id, but]),
        )
    )
    return {row.id: row.status for row in rows}


def _successors(work: Work, claim_ids: Collection[int]) -> list[int]:
    """Return the claims that replace these, or take them back."""
    if not claim_ids:
        return []
    return list(
        work.db.scalars(
            select(Claim.id).where(among(work, Claim.replaces_id, claim_ids)).order_by(Claim.id)
        )
    )


def _write_history(
    work: Work, changes: Sequence[tuple[int, ClaimStatus | None, ClaimMove]], on: date
) -> None:
    ids = reserve_ids(work, "claim_status_history", len(changes))
    moment = stored_moment(work.now())
    insert_rows(
        work,
        "claim_status_history",
        ("id", "claim_id", "old", "new", "reason", "at", "day", "staff_id"),
        (
            (
                row_id,
                claim_id,
                None if old is None else old.value,
                move.new.value,
                move.reason,
                moment,
                on.isoformat(),
                work.actor.staff_id,
            )
            for row_id, (claim_id, old, move) in zip(ids, changes, strict=True)
        ),
    )


def let_sessions_follow(work: Work, reasons: dict[int, str]) -> None:
    """Move the sessions of claims to where their claims say that they stand."""
    if not reasons:
        return
    why: dict[int, str] = {}
    for session_id, claim_id in work.db.execute(
        select(ClaimLine.session_id, ClaimLine.claim_id)
        .where(among(work, ClaimLine.claim_id, reasons))
        .order_by(ClaimLine.claim_id)
    ):
        why[session_id] = reasons[claim_id]
    said, settled = said_by_claims(work, why), settled_sessions(work, why)
    changes = []
    for row in work.db.execute(
        select(Session.id, Session.billing_status, Session.insurance_balance)
        .where(
            among(work, Session.id, why),
            Session.withdrawn_by.is_(None),
            Session.id.in_(
                select(Charge.session_id).where(
                    among(work, Charge.session_id, why),
                    Charge.voided_on.is_(None),
                    Charge.amount != Money(),
                )
            ),
        )
        .order_by(Session.id)
    ):
        unclaimed = BillingStatus.READY_TO_BILL if row.insurance_balance else BillingStatus.APPROVED
        new = BillingStatus.PAID if row.id in settled else said.get(row.id, unclaimed)
        if new is not row.billing_status:
            old = BillingStatus(row.billing_status)
            changes.append(StatusChange(row.id, StatusKind.BILLING, old, new, why[row.id]))
    write_status_changes(work, changes, day=work.today())
