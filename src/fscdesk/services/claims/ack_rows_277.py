"""What a 277CA (or a plain 277) says of our claims, one by one, and which of them it moves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import select

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.claim_batch import BatchState, ClaimBatch
from fscdesk.services.claims.ack_alarms import Heard, alarm
from fscdesk.services.claims.ack_matching import (
    UNSENT,
    Found,
    SentRow,
    sent_as,
    sent_in,
    sent_names,
    step,
)
from fscdesk.services.claims.ack_plan import AckHold, AckMove, AckRow, Verdict
from fscdesk.services.claims.frozen import SentNames
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
_REJECTED: Final = "Rejected"
_OTHERWISE: Final = {
    Verdict.REJECTED: _REJECTED,
    Verdict.ACCEPTED: "277CA",
    Verdict.PENDING: "277CA",
}
"""How the reason of a move begins, where the receiver's words do not say it."""


@dataclass(frozen=True, slots=True)
class _Target:
    verdict: Verdict
    status: ClaimStatus | None


class _Members:
    """What was sent in a batch, by claim and by set: an answer asks for it claim by claim."""

    def __init__(self, rows: Sequence[SentRow]) -> None:
        self.rows = rows
        self.by_claim = {row.claim_id: row for row in reversed(rows)}
        self._sets: dict[str, list[SentRow]] = {}
        for row in rows:
            self._sets.setdefault(row.transaction, []).append(row)

    def in_set(self, number: int) -> list[SentRow]:
        """Return the claims of the set with this place in the file, counted from one."""
        sets = list(self._sets.values())
        return sets[number - 1] if 0 < number <= len(sets) else []


def rows_of_277(work: Work, text: str, made_on: date | None) -> Found:
    """Return what the text says of each claim, and of batches that were rejected as a whole."""
    reading = read_277ca(text)
    found = Found(oddities=list(reading.oddities))
    named = {name for one in reading.claims for name in _names(one) if name}
    sent = sent_as(work, named)
    batches = _batches(work, reading.answers)
    members = {
        batch_id: _Members(rows)
        for batch_id, rows in sent_in(work, {batch.id for batch in batches.values()}).items()
    }
    ids = {row.claim_id for row in sent.values()}
    sendings = [*sent.values(), *(row for one in members.values() for row in one.rows)]
    names = sent_names(work, {row.sending_id for row in sendings if row.claim_id in ids})
    for answer in reading.answers:
        day = answer.made_on or made_on
        strange: dict[tuple[str, str], None] = {}
        for one in answer.claims:
            ours = next((sent[name] for name in _names(one) if name in sent), None)
            known = ours is not None
            if ours is not None:
                ours = _named_sending(found, one, ours, batches, members)
            if ours is not None and not _fits(found, one, ours, names.get(ours.sending_id)):
                ours = None
            if ours is not None and not _ours(one.batch_reference, batches):
                strange[one.batch_reference, ours.batch] = None
            row = _of_claim(found, one, ours, day)
            found.rows.append(replace(row, told=known and ours is None))
        found.findings += [_called_otherwise(*one) for one in strange if one[0]]
        found.rows += _of_levels(answer, batches, members, day)
    return found


def _names(one: x277.ClaimStatus) -> tuple[str, ...]:
    """Return by what an answer may call our claim, the usual place first."""
    return one.claim_number, one.reference, one.account


def _called_otherwise(reference: str, batch: str) -> Finding:
    """Tell which batch it is that the receiver has given a number of its own."""
    words = f"The receiver calls the batch {reference[:_LONGEST_NUMBER]}; by its claims it is"
    return Finding("batch_by_claims", f"{words} {batch}.", batch, Severity.INFO)


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
        hold = alarm(found, ours, _heard(target))
    if target.status is not None:
        why = words if words.startswith(_REJECTED) else f"{_OTHERWISE[target.verdict]}: {words}"
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
    members: dict[int, _Members],
) -> SentRow | None:
    """Return the sending that an answer is about: the last one, but for the batch it names."""
    parts = _REFERENCE.fullmatch(one.batch_reference)
    named = None if parts is None else batches.get(parts[1])
    if named is None or named.id == ours.batch_id:
        return ours
    then = members[named.id].by_claim.get(ours.claim_id)
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


def _fits(found: Found, one: x277.ClaimStatus, ours: SentRow, said: SentNames | None) -> bool:
    """Return whether an answer with our number is about our claim; tell where it is not."""
    if one.charge is not None and one.charge != ours.total:
        told = f"The file names {one.charge} for claim {ours.number}, which asked for {ours.total}."
        found.findings.append(
            Finding("charge_differs", f"{told} Nothing was done.", ours.number, Severity.WARNING)
        )
        return False
    other = "" if said is None else _differs(one, said)
    if other:
        told = f"The file has another {other} for {ours.number} than the claim that was sent."
        words = f"{told} It is somebody else's claim; nothing was done."
        found.findings.append(Finding("another_claim", words, ours.number, Severity.WARNING))
    return not other


def _differs(one: x277.ClaimStatus, said: SentNames) -> str:
    """Return in words what an answer names otherwise than the claim said; "" for nothing."""
    if said.member_id is not None and not same_id(one.member_id, said.member_id):
        return "member id"
    if not spells_same_npi(one.provider_id, (said.npi,)):
        return "billing NPI"
    if not same_person(one.last_name, one.first_name, None, said.people):
        return "patient"
    start = one.service_from
    end = one.service_to or start
    if start is None or end is None or not said.days:
        return ""
    return "" if any(start <= day <= end for day in said.days) else "service day"


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


def _heard(target: _Target) -> Heard:
    if target.verdict is Verdict.REJECTED:
        return Heard.REFUSED
    return Heard.ARRIVED if target.status is ClaimStatus.ACKNOWLEDGED else Heard.TAKEN


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
    members: dict[int, _Members],
    day: date | None,
) -> list[AckRow]:
    """Return a row for each level that was rejected without a word for its claims."""
    known = next((one.reference for one in answer.levels if _ours(one.reference, batches)), "")
    rows = []
    for level in answer.levels:
        if not level.rejected_whole:
            continue
        words = "; ".join(str(one) for one in level.statuses)
        codes = " ".join(_codes(level.statuses))
        named = level.reference if _ours(level.reference, batches) else known
        parts = _REFERENCE.fullmatch(named)
        if parts is None:
            reference = level.reference or level.name
            rows.append(AckRow(0, reference, Verdict.REJECTED, codes, words))
            continue
        batch = batches[parts[1]]
        reason = f"{batch.number} was rejected as a whole (277CA): {words}"
        steps = (
            step(one, ClaimStatus.REJECTED, reason, day)
            for one in members[batch.id].in_set(int(parts[2]))
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
