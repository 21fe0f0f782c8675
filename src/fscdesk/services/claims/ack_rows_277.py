"""What a 277CA (or a plain 277) says of our claims, one by one, and which of them it moves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.claim_batch import ClaimBatch
from fscdesk.services.claims.ack_matching import Found, SentRow, sent_as, sent_in, step
from fscdesk.services.claims.ack_plan import AckMove, AckRow, Verdict
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.id_sets import among_words
from fscdesk.services.work import Work
from fscdesk.services.x12 import claim_statuses as x277
from fscdesk.services.x12.claim_acknowledgment_277 import read_277ca
from fscdesk.services.x12.status_words import Verdict as Said

__all__ = ["rows_of_277"]

_REFERENCE: Final = re.compile(r"(.+)\.(\d{1,4})")
_RECEIVED: Final = "A"
"""Categories A0 and A1: somebody has the claim, and nobody works on it yet."""
_MOST_CODES: Final = 6


@dataclass(frozen=True, slots=True)
class _Target:
    verdict: Verdict
    status: ClaimStatus | None


def rows_of_277(work: Work, text: str, made_on: date | None) -> Found:
    """Return what the text says of each claim, and of batches that were rejected as a whole."""
    reading = read_277ca(text)
    found = Found(oddities=list(reading.oddities))
    named = {name for one in reading.claims for name in (one.claim_number, one.reference) if name}
    sent = sent_as(work, named)
    batches = _batches(work, reading.answers)
    members = sent_in(work, {batch.id for batch in batches.values()})
    for answer in reading.answers:
        day = answer.made_on or made_on
        for one in answer.claims:
            ours = sent.get(one.claim_number) or sent.get(one.reference)
            found.rows.append(_of_claim(found, one, ours, day))
        found.rows += _of_levels(answer, batches, members, day)
    return found


def _of_claim(
    found: Found, one: x277.ClaimStatus, ours: SentRow | None, day: date | None
) -> AckRow:
    target = _target(one.verdict, one.statuses)
    words = "; ".join(one.reasons) or "The file gives no status"
    codes = " ".join(_codes(one.statuses))
    reference = one.claim_number or one.reference or one.payer_claim_number
    if ours is not None and one.charge is not None and one.charge != ours.total:
        told = f"The file names {one.charge} for claim {ours.number}, which asked for {ours.total}."
        found.findings.append(
            Finding("charge_differs", f"{told} Nothing was done.", ours.number, Severity.WARNING)
        )
        ours = None
    if ours is None:
        return AckRow(0, reference, target.verdict, codes, words)
    moves: tuple[AckMove, ...] = ()
    if target.status is not None:
        why = f"{'Rejected' if target.verdict is Verdict.REJECTED else '277CA'}: {words}"
        move = step(ours, target.status, why, day)
        if isinstance(move, AckMove):
            moves = (move,)
        else:
            words = f"{words} ({move})"
            _warn_if_too_late(found, ours, target)
    elif one.verdict is Said.UNKNOWN:
        told = f"Claim {ours.number} has a status that is not known here: {codes or 'none'}."
        found.findings.append(Finding("status_unknown", told, ours.number, Severity.WARNING))
    return AckRow(
        0,
        reference,
        target.verdict,
        codes,
        words,
        batch_id=ours.batch_id,
        batch=ours.batch,
        claim_id=ours.claim_id,
        claim=ours.number,
        patient=ours.patient,
        payer_number=one.payer_claim_number if moves or ours.is_last else "",
        moves=moves,
    )


def _warn_if_too_late(found: Found, ours: SentRow, target: _Target) -> None:
    """Tell where a claim that was decided is called rejected now: the two cannot both be."""
    decided = (ClaimStatus.PAID, ClaimStatus.PARTIALLY_PAID, ClaimStatus.DENIED)
    if target.status is ClaimStatus.REJECTED and ours.status in decided:
        told = f"Claim {ours.number} is {ours.status.value.replace('_', ' ')}, and rejected here."
        found.findings.append(Finding("decided", told, ours.number, Severity.WARNING))


def _target(verdict: Said, statuses: Iterable[x277.Status]) -> _Target:
    """Return what a verdict is to us, and where it moves a claim."""
    if verdict is Said.ACCEPTED:
        return _Target(Verdict.ACCEPTED, ClaimStatus.ACCEPTED)
    if verdict is Said.REJECTED:
        return _Target(Verdict.REJECTED, ClaimStatus.REJECTED)
    if verdict is not Said.PENDING:  # the remittance says what was decided
        return _Target(Verdict.PENDING, None)
    received = all(one.category.startswith(_RECEIVED) for one in statuses)
    status = ClaimStatus.ACKNOWLEDGED if received else ClaimStatus.PENDING
    return _Target(Verdict.PENDING, status)


def _codes(statuses: Iterable[x277.Status]) -> list[str]:
    told = dict.fromkeys(
        ":".join(part for part in (one.category, one.status, one.entity) if part)
        for one in statuses
    )
    return list(told)[:_MOST_CODES]


def _batches(work: Work, answers: Iterable[x277.Answer277]) -> dict[str, ClaimBatch]:
    """Return our batches by the number that levels give back (BHT03, without the set)."""
    wanted = {
        parts[1]
        for answer in answers
        for level in answer.levels
        if (parts := _REFERENCE.fullmatch(level.reference)) is not None
    }
    rows = work.db.scalars(select(ClaimBatch).where(among_words(work, ClaimBatch.number, wanted)))
    return {row.number: row for row in rows}


def _of_levels(
    answer: x277.Answer277,
    batches: dict[str, ClaimBatch],
    members: dict[int, list[SentRow]],
    day: date | None,
) -> list[AckRow]:
    """Return a row for each level that was rejected without a word for its claims."""
    references = [level.reference for level in answer.levels]
    rows = []
    for level in answer.levels:
        if not level.rejected_whole:
            continue
        words = "; ".join(str(one) for one in level.statuses)
        codes = " ".join(_codes(level.statuses))
        named = next((one for one in (level.reference, *references) if _ours(one, batches)), "")
        parts = _REFERENCE.fullmatch(named)
        if parts is None:
            reference = level.reference or level.name
            rows.append(AckRow(0, reference, Verdict.REJECTED, codes, words))
            continue
        batch = batches[parts[1]]
        reason = f"{batch.number} was rejected as a whole (277CA): {words}"
        steps = (
            step(one, ClaimStatus.REJECTED, reason, day)
            for one in _in_set(members[batch.id], int(parts[2]))
        )
        moves = tuple(one for one in steps if isinstance(one, AckMove))
        rows.append(
            AckRow(
                0,
                named,
                Verdict.REJECTED,
                codes,
                words,
                batch_id=batch.id,
                batch=batch.number,
                moves=moves,
            )
        )
    return rows


def _ours(reference: str, batches: dict[str, ClaimBatch]) -> bool:
    parts = _REFERENCE.fullmatch(reference)
    return parts is not None and parts[1] in batches


def _in_set(sent: list[SentRow], number: int) -> list[SentRow]:
    """Return the claims of the set with this place in its file, counted from one."""
    order = list(dict.fromkeys(one.transaction for one in sent))
    if not 0 < number <= len(order):
        return []
    return [one for one in sent if one.transaction == order[number - 1]]
