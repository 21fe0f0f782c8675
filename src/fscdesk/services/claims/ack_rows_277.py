"""What a 277CA (or a plain 277) says of our claims, one by one, and which of them it moves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.claim_batch import BatchState, ClaimBatch
from fscdesk.services.claims.ack_matching import (
    UNSENT,
    Found,
    SentRow,
    alarm,
    sent_as,
    sent_contents,
    sent_in,
    step,
)
from fscdesk.services.claims.ack_plan import AckHold, AckMove, AckRow, Verdict
from fscdesk.services.claims.content import ClaimContent
from fscdesk.services.claims.same_person import same_id, same_person, spells_same_npi
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
_LONGEST_NUMBER: Final = 50
_EARLIER: Final = "earlier_sending"


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
    ids = {row.claim_id for row in sent.values()}
    sendings = [row for rows in (*members.values(), list(sent.values())) for row in rows]
    contents = sent_contents(work, {row.sending_id for row in sendings if row.claim_id in ids})
    for answer in reading.answers:
        day = answer.made_on or made_on
        for one in answer.claims:
            ours = sent.get(one.claim_number) or sent.get(one.reference)
            if ours is not None:
                ours = _named_sending(found, one, ours, batches, members)
            if ours is not None and not _fits(found, one, ours, contents.get(ours.sending_id)):
                ours = None
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
    if ours is None:
        return AckRow(0, reference, target.verdict, codes, words)
    moves: tuple[AckMove, ...] = ()
    hold: AckHold | None = None
    if (day is None or day >= ours.sent_on) and one.verdict is not Said.UNKNOWN:
        hold = alarm(found, ours, went_on=target.verdict is not Verdict.REJECTED)
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
        payer_number=_payer_number(found, one, ours) if moves or _is_with_payer(ours) else "",
        moves=moves,
        holds=() if hold is None else (hold,),
    )


def _is_with_payer(ours: SentRow) -> bool:
    """Return whether the answered sending is the one that counts now."""
    return ours.is_last and ours.state is not BatchState.UNDONE and ours.status not in UNSENT


def _payer_number(found: Found, one: x277.ClaimStatus, ours: SentRow) -> str:
    """Return the payer's number as it can be kept: none where it is longer than X12 allows."""
    number = "".join(mark for mark in one.payer_claim_number if mark.isprintable()).strip()
    if len(number) <= _LONGEST_NUMBER:
        return number
    told = f"The payer's number of claim {ours.number} has {len(number)} characters."
    words = f"{told} It was not taken over; ask the payer for it."
    found.findings.append(Finding("payer_number", words, ours.number, Severity.WARNING))
    return ""


def _named_sending(
    found: Found,
    one: x277.ClaimStatus,
    ours: SentRow,
    batches: dict[str, ClaimBatch],
    members: dict[int, list[SentRow]],
) -> SentRow | None:
    """Return the sending that an answer is about: the last one, but for the batch it names."""
    parts = _REFERENCE.fullmatch(one.batch_reference)
    named = None if parts is None else batches.get(parts[1])
    if named is None or named.id == ours.batch_id:
        return ours
    then = next((row for row in members[named.id] if row.claim_id == ours.claim_id), None)
    if then is None:
        told = f"The file says that claim {ours.number} was in {named.number}, which it was not."
        words = f"{told} Nothing was done."
        found.findings.append(Finding("not_in_batch", words, ours.number, Severity.WARNING))
    elif then.state is not BatchState.UNDONE:  # of one that was taken back ``alarm`` tells
        words = (
            f"The answer for claim {ours.number} is about {then.batch}. It was sent again in"
            f" {ours.batch}, so it stays as it is."
        )
        found.findings.append(Finding(_EARLIER, words, ours.number, Severity.WARNING))
    return then


def _fits(found: Found, one: x277.ClaimStatus, ours: SentRow, content: ClaimContent | None) -> bool:
    """Return whether an answer with our number is about our claim; tell where it is not."""
    if one.charge is not None and one.charge != ours.total:
        told = f"The file names {one.charge} for claim {ours.number}, which asked for {ours.total}."
        found.findings.append(
            Finding("charge_differs", f"{told} Nothing was done.", ours.number, Severity.WARNING)
        )
        return False
    other = "" if content is None else _differs(one, content)
    if other:
        told = f"The file has another {other} for {ours.number} than the claim that was sent."
        words = f"{told} It is somebody else's claim; nothing was done."
        found.findings.append(Finding("another_claim", words, ours.number, Severity.WARNING))
    return not other


def _differs(one: x277.ClaimStatus, content: ClaimContent) -> str:
    """Return in words what an answer names otherwise than the claim said; "" for nothing."""
    people = [content.patient]
    if content.coverage is not None:
        people.append(content.coverage.subscriber)
        if not same_id(one.member_id, content.coverage.member_id):
            return "member id"
    if not spells_same_npi(one.provider_id, (content.practice.npi,)):
        return "billing NPI"
    if not same_person(one.last_name, one.first_name, None, people):
        return "patient"
    start = one.service_from
    end = one.service_to or start
    if start is not None and end is not None:
        days = [line.service_day for line in content.lines]
        if days and not any(start <= day <= end for day in days):
            return "service day"
    return ""


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
        for reference in (
            *(level.reference for level in answer.levels),
            *(one.batch_reference for one in answer.claims),
        )
        if (parts := _REFERENCE.fullmatch(reference)) is not None
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
