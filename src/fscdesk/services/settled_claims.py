"""Lets claims follow when money settles all that they billed, whatever brought it; and back.

A payer's answer decides a claim (``claim_answers``). Where nobody answers it, and yet nothing of
its lines is open any more (SimplePractice calls it paid, somebody adjusted or paid it by hand),
there is nothing left to wait for: it is paid. It waits again when a line of it is open again. It
stands below the rooms that move money: all of them come here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import (
    Appeal,
    Claim,
    ClaimLine,
    ClaimStatus,
    ClaimStatusHistory,
    Frequency,
)
from fscdesk.models.ledger import JournalLine
from fscdesk.models.values import Money
from fscdesk.services.claim_line_answers import line_answers
from fscdesk.services.claim_standing import WAITING
from fscdesk.services.claim_statuses import ClaimMove, lock_claims, move_claims
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import AT_AGENCY
from fscdesk.services.statuses import follow_balances
from fscdesk.services.work import Work

DECIDED: Final = (ClaimStatus.PAID, ClaimStatus.PARTIALLY_PAID, ClaimStatus.DENIED)
"""Where a payer's answers put a claim."""
_AGAIN: Final = "it is open again, and not answered"


def follow_money(work: Work, session_ids: Iterable[int | None], reason: str) -> int:
    """Let sessions and their claims follow the money; return how many sessions changed."""
    touched = {one for one in session_ids if one is not None}
    follow_settled(work, touched, reason)
    return follow_balances(work, touched, reason)


def follow_settled(work: Work, session_ids: Collection[int], reason: str) -> int:
    """Let the claims of sessions follow what is open of their lines; return how many moved."""
    if not session_ids:
        return 0
    found = (
        select(Claim.id)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .where(
            among(work, ClaimLine.session_id, session_ids),
            Claim.status.in_((*WAITING, ClaimStatus.PAID)),
            Claim.frequency != Frequency.VOID,
        )
        .distinct()
    )
    work.db.flush()
    return settle_claims(work, list(work.db.scalars(found)), reason)


def settle_claims(
    work: Work, claim_ids: Collection[int], reason: str, *, again: str = _AGAIN
) -> int:
    """Move claims that wait and have nothing open to paid, and those back that are open again.

    Which the payer has answered stay where the answer put them. ``again`` is why one goes back.
    Returns how many moved.
    """
    if not claim_ids:
        return 0
    work.db.flush()
    settled = with_nothing_open(work, claim_ids)
    rows = work.db.execute(
        select(Claim.id, Claim.status).where(
            among(work, Claim.id, claim_ids),
            Claim.status.in_((*WAITING, ClaimStatus.PAID)),
            Claim.frequency != Frequency.VOID,
        )
    ).all()
    done = {row.id for row in rows if row.status in WAITING and row.id in settled}
    open_again = {row.id for row in rows if row.status is ClaimStatus.PAID} - settled
    open_again -= all_answered(work, open_again)
    if not (done or open_again):
        return 0
    lock_claims(work, done | open_again)
    nothing = f"{reason}: nothing of it is open any more"
    moves = [ClaimMove(one, ClaimStatus.PAID, nothing) for one in sorted(done)]
    back = f"{reason}: {again}"
    moves += [ClaimMove(one, before_answers(work, one), back) for one in sorted(open_again)]
    return move_claims(work, moves)


def before_answers(work: Work, claim_id: int) -> ClaimStatus:
    """Return where a claim stood before it was last decided."""
    for old, new in work.db.execute(
        select(ClaimStatusHistory.old, ClaimStatusHistory.new)
        .where(ClaimStatusHistory.claim_id == claim_id)
        .order_by(ClaimStatusHistory.id.desc())
    ):
        if new in DECIDED and old is not None and old not in DECIDED:
            return ClaimStatus(old)
    return ClaimStatus.PENDING


def appealed_before(work: Work, claim_ids: Collection[int], source: str) -> set[int]:
    """Return the claims that ``source`` was the last to move, out of an appeal that is open.

    ``source`` is the number of a payment; all that it did to a claim in a row counts as one step.
    """
    if not claim_ids:
        return set()
    arguing = set(
        work.db.scalars(
            select(Appeal.claim_id).where(
                among(work, Appeal.claim_id, claim_ids), Appeal.outcome == ""
            )
        )
    )
    stood: dict[int, str | None] = {}
    over = set[int]()
    for row in work.db.execute(
        select(ClaimStatusHistory.claim_id, ClaimStatusHistory.old, ClaimStatusHistory.reason)
        .where(among(work, ClaimStatusHistory.claim_id, arguing))
        .order_by(ClaimStatusHistory.id.desc())
    ):
        if row.claim_id in over:
            continue
        if row.reason.startswith(f"{source}: "):
            stood[row.claim_id] = row.old
        else:
            over.add(row.claim_id)
    return {one for one, old in stood.items() if old == ClaimStatus.APPEALING.value}


def with_nothing_open(work: Work, claim_ids: Collection[int]) -> set[int]:
    """Return the claims of which no line has anything open, with payer, client or agency."""
    open_lines: dict[int, bool] = {}
    charges: dict[int, list[int]] = defaultdict(list)
    for row in work.db.execute(
        select(
            ClaimLine.claim_id,
            ClaimLine.charge_id,
            Charge.insurance_balance,
            Charge.patient_balance,
            Charge.voided_on,
        )
        .join(Charge, Charge.id == ClaimLine.charge_id)
        .where(among(work, ClaimLine.claim_id, claim_ids))
    ):
        still = bool(row.insurance_balance or row.patient_balance or row.voided_on is not None)
        open_lines[row.claim_id] = open_lines.get(row.claim_id, False) or still
        charges[row.claim_id].append(row.charge_id)
    found = {one for one, still in open_lines.items() if not still}
    if not found:
        return found
    billed = {charge for one in found for charge in charges[one]}
    held = set(
        work.db.scalars(
            select(JournalLine.charge_id)
            .where(among(work, JournalLine.charge_id, billed), JournalLine.account == AT_AGENCY)
            .group_by(JournalLine.charge_id)
            .having(func.sum(JournalLine.amount) != Money())
        )
    )
    return {one for one in found if held.isdisjoint(charges[one])}


def all_answered(work: Work, claim_ids: Collection[int]) -> set[int]:
    """Return the claims of which the payer has answered each line."""
    if not claim_ids:
        return set()
    answers = line_answers(work, claim_ids)
    silent = {
        row.claim_id
        for row in work.db.execute(
            select(ClaimLine.claim_id, ClaimLine.position).where(
                among(work, ClaimLine.claim_id, claim_ids)
            )
        )
        if not answers[row.claim_id].get(row.position)
    }
    return set(claim_ids) - silent
