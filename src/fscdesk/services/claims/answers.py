"""What a payer says of a claim when somebody looks it up: in its portal, on the telephone.

Answers that come with money are noted where the money is posted (``claim_answers``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus
from fscdesk.services.audit import record
from fscdesk.services.claim_answers import DENIED, PAID, set_line_answers
from fscdesk.services.claims.clocks import WAITING
from fscdesk.services.claims.writing_changes import (
    FieldChange,
    locked_claim,
    require_status,
    write_changes,
)
from fscdesk.services.editing import text_of
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.remittances.carc import carc_of
from fscdesk.services.work import Topic, Work

__all__ = ["ANSWERABLE", "GROUPS", "ClaimStatus", "PayersAnswer", "record_answer"]

ANSWERABLE: Final = (
    *WAITING,
    ClaimStatus.APPEALING,
    ClaimStatus.DENIED,
    ClaimStatus.PARTIALLY_PAID,
    ClaimStatus.PAID,
)
"""What a payer has, so that it can say something of it."""
GROUPS: Final = ("CO", "PR", "OA", "PI")
"""Who bears what a reason code takes off: the contract, the client, other, the payer itself."""
_SAID: Final = {
    ClaimStatus.PENDING: "The payer has it in process",
    ClaimStatus.ACCEPTED: "The payer has it",
}


@dataclass(frozen=True, slots=True)
class PayersAnswer:
    """What the payer said.

    ``status`` is accepted, pending, paid, partially paid, denied or rejected. A denial has its
    reason code (CARC) and may have its group; ``denied_lines`` are positions, where only some
    are denied. ``reason`` are the payer's words, ``payer_number`` its number of the claim.
    """

    status: ClaimStatus
    on: date
    carc: str = ""
    group: str = ""
    reason: str = ""
    payer_number: str = ""
    denied_lines: tuple[int, ...] = ()


def record_answer(
    work: Work, claim_id: int, answer: PayersAnswer, *, expected_version: int
) -> ClaimStatus:
    """Note what a payer said of a claim, let claim and sessions follow, return where it stands.

    No money moves. Raises Problem for a claim that no payer has, a denial without a reason
    code, a rejection without words, and a day that is ahead or before the claim was sent.
    """
    require(work, Right.MAKE_CLAIMS, "note what payers answer")
    claim = locked_claim(work, claim_id, expected_version)
    require_status(claim, ANSWERABLE, "A payer answers what it was sent.")
    carc, words = _require(work, claim, answer)
    positions = tuple(
        work.db.scalars(
            select(ClaimLine.position)
            .where(ClaimLine.claim_id == claim_id)
            .order_by(ClaimLine.position)
        )
    )
    _note_number(work, claim, answer.payer_number)
    denied = _denied(answer, positions)
    said = words or _SAID.get(answer.status, "")
    if answer.status in (ClaimStatus.PAID, ClaimStatus.PARTIALLY_PAID, ClaimStatus.DENIED):
        code = f"{answer.group}-{carc}" if answer.group else carc
        lines = {one: f"{DENIED} {code}" if one in denied else PAID for one in positions}
        set_line_answers(work, {claim_id: lines}, source="", day=answer.on)
        _keep_words(work, claim_id, answer, carc, words)
    else:
        lines = dict.fromkeys(positions, "")
        set_line_answers(
            work, {claim_id: lines}, source="", day=answer.on, undecided=(answer.status, said)
        )
        _keep_words(work, claim_id, answer, "", words)
    record(
        work,
        "record_answer",
        "claim",
        claim_id,
        status=answer.status.value,
        carc=carc,
        on=answer.on.isoformat(),
    )
    work.touch(Topic.CLAIMS)
    return work.db.get_one(Claim, claim_id).status


def _require(work: Work, claim: Claim, answer: PayersAnswer) -> tuple[str, str]:
    words = text_of(answer.reason, "what the payer said", longest=1000)
    statuses = (*_SAID, *(ClaimStatus.PAID, ClaimStatus.PARTIALLY_PAID), ClaimStatus.DENIED)
    if answer.status not in (*statuses, ClaimStatus.REJECTED):
        raise Problem(
            f"{answer.status.value.capitalize()} is nothing that a payer answers.",
            hint="Nothing was saved. It is accepted, pending, paid, denied or rejected.",
        )
    sent = claim.first_sent_on or claim.first_day
    if not sent <= answer.on <= work.today():
        raise Problem(
            f"The payer cannot have answered on {answer.on:%m/%d/%Y}.",
            hint=f"Nothing was saved. The claim was sent on {sent:%m/%d/%Y}.",
        )
    if answer.status is ClaimStatus.REJECTED:
        if claim.status not in WAITING:
            raise Problem(
                f"Claim {claim.number} was decided, so it did reach the payer.",
                hint="Nothing was saved. A decision against it is a denial.",
            )
        if not words:
            raise Problem(
                "Why the claim was rejected is not said.", hint="Nothing was saved. Type it."
            )
    if answer.group and answer.group not in GROUPS:
        raise Problem(
            f"{answer.group} is no group code.",
            hint=f"Nothing was saved. It is one of {', '.join(GROUPS)}.",
        )
    if answer.status not in (ClaimStatus.DENIED, ClaimStatus.PARTIALLY_PAID):
        return "", words
    carc = carc_of(answer.carc)
    if carc is None:
        raise Problem(
            f"{answer.carc.strip() or 'Nothing'} is no denial code (CARC).",
            hint="Nothing was saved. It is like 16, 197, A1, B7 or P12.",
        )
    return carc, words


def _denied(answer: PayersAnswer, positions: Collection[int]) -> set[int]:
    if answer.status is ClaimStatus.DENIED:
        return set(positions)
    if answer.status is not ClaimStatus.PARTIALLY_PAID:
        return set()
    denied = set(answer.denied_lines)
    if not denied or not denied < set(positions):
        raise Problem(
            "Which lines were denied is not said.",
            hint="Nothing was saved. Choose some of the claim's lines; if all were, it is denied.",
        )
    return denied


def _note_number(work: Work, claim: Claim, number: str) -> None:
    new = text_of(number, "the payer's number", longest=50)
    if new and new != claim.payer_number:
        change = FieldChange("payer_number", claim.payer_number, new)
        claim.payer_number = new
        write_changes(work, claim.id, [change])


def _keep_words(work: Work, claim_id: int, answer: PayersAnswer, carc: str, words: str) -> None:
    """Keep the payer's reason on the claim, with its group; the program's words without any."""
    claim = work.db.get_one(Claim, claim_id, populate_existing=True)
    code = f"{answer.group}-{carc}" if answer.group and carc else carc
    if carc:
        claim.reason = f"{code}: {words}" if words else f"Denied, CARC {code}"
    elif answer.status is ClaimStatus.REJECTED:
        claim.reason, claim.reason_code = words, ""
    work.db.flush()
