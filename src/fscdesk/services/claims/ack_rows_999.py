"""What a 999 (or 997, or TA1) says of our batches: set by set, with the claims that it moves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.claim_batch import ClaimBatch
from fscdesk.services.claims.ack_alarms import Heard, alarm, warn_if_with_payer
from fscdesk.services.claims.ack_matching import (
    UNREAD,
    Found,
    SentRow,
    as_number,
    batches_with,
    number_of,
    sent_in,
    step,
)
from fscdesk.services.claims.ack_plan import AckHold, AckMove, AckRow, Verdict
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.work import Work
from fscdesk.services.x12.acknowledgment_999 import (
    EnvelopeAnswer,
    GroupAnswer,
    SegmentFault,
    SetAnswer,
    Syntax,
    read_999,
)
from fscdesk.services.x12.envelopes import TransactionSet, read_interchanges

__all__ = ["rows_of_999"]

_CLAIMS = "HC"
_SHOWN = 3
_HEADER = 200
"""Where an ISA segment of ours has ended for certain."""
_WORDS = {
    Syntax.ACCEPTED: "The file was taken",
    Syntax.ACCEPTED_WITH_ERRORS: "The file was taken, with remarks",
    Syntax.PARTIAL: "Only a part of the file was taken",
    Syntax.REJECTED: "The file was rejected, none of its claims went on",
    Syntax.UNKNOWN: "The answer does not say what became of it",
}
_OF_SET = {
    Syntax.ACCEPTED: "were taken",
    Syntax.ACCEPTED_WITH_ERRORS: "were taken, with remarks",
    Syntax.PARTIAL: "were taken in part",
    Syntax.REJECTED: "were rejected",
    Syntax.UNKNOWN: "have no answer that can be read",
}
_CODES = {
    Syntax.ACCEPTED: "A",
    Syntax.ACCEPTED_WITH_ERRORS: "E",
    Syntax.PARTIAL: "P",
    Syntax.REJECTED: "R",
    Syntax.UNKNOWN: "",
}


def rows_of_999(work: Work, text: str, _made_on: date | None) -> Found:
    """Return what the text says of each set of our batches, and of what is not ours."""
    reading = read_999(text)
    found = Found(oddities=list(reading.oddities))
    groups = batches_with(
        work,
        ClaimBatch.group_control,
        [as_number(one.control) for one in reading.groups if _is_of_claims(one)],
    )
    files = batches_with(
        work, ClaimBatch.interchange, [as_number(one.control) for one in reading.envelopes]
    )
    sent = sent_in(work, {batch.id for batch in (*groups.values(), *files.values())})
    for answer in reading.groups:
        batch = groups.get(as_number(answer.control) or 0) if _is_of_claims(answer) else None
        if batch is None or _is_anothers(work, batch, answer):
            found.rows += _strange_group(answer)
        else:
            _of_group(found, _whole(found, answer), batch, sent[batch.id])
    for receipt in reading.envelopes:
        found.rows.append(_of_envelope(work, found, receipt, files, sent))
    return found


def _is_of_claims(answer: GroupAnswer) -> bool:
    return answer.functional_code.upper() in (_CLAIMS, "")


def _is_anothers(work: Work, batch: ClaimBatch, answer: GroupAnswer | EnvelopeAnswer) -> bool:
    """Return whether an answer is about another file with this number.

    It was there before the batch, or it goes to somebody who is not the batch's sender.
    """
    made_on = answer.made_on
    if made_on is not None and made_on < batch.made_at.astimezone(work.zone).date():
        return True
    to = {one.strip().upper() for one in answer.receivers if one.strip()}
    text = bytes(batch.content or b"").decode("ascii", "replace")
    senders = {
        one.sender.strip().upper() for one in read_interchanges(text[:_HEADER]).interchanges
    } - {""}
    return bool(to and senders) and to.isdisjoint(senders)


def _whole(found: Found, answer: GroupAnswer) -> GroupAnswer:
    """Return an answer whose sets share the lot of a group that was rejected as a whole."""
    taken = [one.control for one in answer.sets if one.syntax.went_on]
    if answer.syntax is not Syntax.REJECTED or not taken:
        return answer
    words = (
        f"The file accepts set {', '.join(_few(taken))} of group {answer.control} and rejects the"
        " group as a whole: all of it counts as rejected. Ask the clearinghouse."
    )
    found.findings.append(Finding("group_rejected", words, answer.control, Severity.WARNING))
    sets = tuple(
        replace(one, syntax=Syntax.REJECTED, reasons=(*one.reasons, *answer.reasons))
        for one in answer.sets
    )
    return replace(answer, sets=sets)


def _strange_group(answer: GroupAnswer) -> list[AckRow]:
    """Return rows of a group that is not ours."""
    named = answer.sets or (SetAnswer("", "", answer.version, answer.syntax, answer.reasons, ()),)
    return [
        AckRow(
            0,
            "/".join(part for part in (answer.control, one.control) if part),
            _verdict(one.syntax),
            _CODES[one.syntax],
            _said(one.syntax, (*one.reasons, *map(str, one.faults))),
        )
        for one in named
    ]


def _of_group(
    found: Found, answer: GroupAnswer, batch: ClaimBatch, sent: Sequence[SentRow]
) -> None:
    """Add a row for each set of the batch that the group answers for, and for each that is not."""
    ours: dict[str, list[SentRow]] = {}
    for one in sent:
        ours.setdefault(one.transaction, []).append(one)
    named = {as_number(one.control): one for one in answer.sets}
    for transaction, members in ours.items():
        said = named.pop(as_number(transaction), None)
        syntax = answer.of_set(transaction) if said is None else said.syntax
        if said is None and syntax is Syntax.UNKNOWN:
            continue
        whole = len(ours) == 1
        row = _of_set(found, answer, batch, transaction, syntax, said, members, whole=whole)
        found.rows.append(row)
    for other in named.values():
        reference = f"{answer.control}/{other.control}"
        words = f"{batch.number} has no set {other.control or 'without a number'}"
        verdict = _verdict(other.syntax)
        found.rows.append(AckRow(0, reference, verdict, _CODES[other.syntax], words))


def _of_set(
    found: Found,
    answer: GroupAnswer,
    batch: ClaimBatch,
    transaction: str,
    syntax: Syntax,
    said: SetAnswer | None,
    members: Sequence[SentRow],
    *,
    whole: bool,
) -> AckRow:
    """Return what is said of one set, which is the ``whole`` file or the claims to one payer."""
    faults = () if said is None else said.faults
    reasons = answer.reasons if said is None else said.reasons
    words = _said(syntax, (*map(str, faults), *reasons))
    moves: list[AckMove] = []
    still: list[str] = []
    holds: list[AckHold] = []
    owners = _owners(batch, transaction, faults)
    shown = _shown(words, syntax, owners, members, whole=whole)
    for one in members:
        if syntax.went_on:
            move = step(one, ClaimStatus.ACKNOWLEDGED, f"{batch.number} was taken (999)", None)
        elif syntax is Syntax.REJECTED:
            why = _why(batch, words, faults, owners, one)
            move = _refused(found, one, why)
        else:
            continue
        if isinstance(move, AckMove):
            moves.append(move)
            continue
        still.append(f"{one.number}: {move}")
        hold = alarm(found, one, Heard.ARRIVED if syntax.went_on else Heard.REFUSED)
        holds += [] if hold is None else [hold]
    return AckRow(
        0,
        f"{answer.control}/{transaction}",
        _verdict(syntax),
        _CODES[syntax],
        "; ".join((shown, *_few(still))),
        batch_id=batch.id,
        batch=batch.number,
        moves=tuple(moves),
        holds=tuple(holds),
    )


def _shown(
    words: str, syntax: Syntax, owners: Sequence[str], members: Sequence[SentRow], *, whole: bool
) -> str:
    """Return the words of a set with its payer, how many claims it has, and whose fault it is."""
    guilty = [number_of(owner) or owner for owner in dict.fromkeys(owners) if owner]
    blamed = syntax is Syntax.REJECTED and guilty and all(owners)
    begin = told = _WORDS[syntax]
    if not whole:
        payers = "; ".join(dict.fromkeys(one.payer for one in members))
        begin = f"The claims to {payers} ({len(members):,}) {_OF_SET[syntax]}"
    if blamed:
        begin += f" because of {', '.join(_few(guilty))}"
    return f"{begin}{words.removeprefix(told)}"


def _why(
    batch: ClaimBatch,
    words: str,
    faults: Sequence[SegmentFault],
    owners: Sequence[str],
    one: SentRow,
) -> str:
    """Return why a claim of a rejected set is rejected: its own fault, or another claim's."""
    account = one.number.replace("-", "")
    own = [str(fault) for fault, owner in zip(faults, owners, strict=True) if owner == account]
    if own:
        return f"{batch.number} was rejected (999): {'; '.join(_few(own))}"
    guilty = [owner for owner in dict.fromkeys(owners) if owner]
    if guilty and len(guilty) == len(set(owners)):
        return (
            f"{batch.number} was rejected (999) for {', '.join(_few(guilty))}; this one was right"
        )
    return f"{batch.number} was rejected (999): {words}"


def _owners(batch: ClaimBatch, transaction: str, faults: Sequence[SegmentFault]) -> list[str]:
    """Return, for each fault, the claim (CLM01) in which it stands; "" above the claims.

    Where the receiver does not name it, the number of the segment in our own file does.
    """
    if not faults:
        return []
    of_segment = _claims_by_segment(batch, transaction)
    return [
        fault.claim_number
        or (of_segment[fault.position] if fault.position < len(of_segment) else "")
        for fault in faults
    ]


def _claims_by_segment(batch: ClaimBatch, transaction: str) -> list[str]:
    """Return whose segment each one of a set is, counted from ST as 1; place 0 is empty."""
    text = bytes(batch.content or b"").decode("ascii", "replace")
    sets: Iterable[TransactionSet] = read_interchanges(text).sets("837")
    ours = next((one for one in sets if one.control == transaction), None)
    owners = [""]
    pending: list[int] = []
    owner = ""
    for segment in () if ours is None else ours.segments:
        if segment.name == "HL":  # what follows belongs to the next claim
            owner = ""
            # Level 20 is the billing provider's: nobody's claim, nor what stands under it.
            pending = [*pending, len(owners)] if segment.get(3) != "20" else []
        elif segment.name == "CLM":
            owner = segment.get(1)
            for at in pending:
                owners[at] = owner
            pending = []
        elif not owner and pending:
            pending.append(len(owners))
        owners.append(owner)
    return owners


def _refused(found: Found, one: SentRow, why: str) -> AckMove | str:
    """Return how a file that is rejected moves a claim; tell where the payer has it already."""
    warn_if_with_payer(found, one)
    return step(one, ClaimStatus.REJECTED, why, None, before=UNREAD)


def _of_envelope(
    work: Work,
    found: Found,
    receipt: EnvelopeAnswer,
    files: dict[int, ClaimBatch],
    sent: dict[int, list[SentRow]],
) -> AckRow:
    """Return what a TA1 says of a whole file; taken, it is only on its way to a 999."""
    batch = files.get(as_number(receipt.control) or 0)
    rejected = receipt.syntax is Syntax.REJECTED
    verdict = Verdict.REJECTED if rejected else Verdict.PENDING
    words = "The file has arrived" if not rejected else "The file was rejected as a whole"
    words += f": {receipt.reason}" if receipt.reason else ""
    if batch is None or _is_anothers(work, batch, receipt):
        return AckRow(0, receipt.control, verdict, "TA1", words)
    moves: list[AckMove] = []
    if rejected:
        reason = f"{batch.number} was rejected (TA1): {receipt.reason or 'no reason is given'}"
        steps = (_refused(found, one, reason) for one in sent[batch.id])
        moves = [one for one in steps if isinstance(one, AckMove)]
    return AckRow(
        0,
        receipt.control,
        verdict,
        "TA1",
        words,
        batch_id=batch.id,
        batch=batch.number,
        moves=tuple(moves),
    )


def _verdict(syntax: Syntax) -> Verdict:
    if syntax.went_on:
        return Verdict.ACCEPTED
    return Verdict.REJECTED if syntax is Syntax.REJECTED else Verdict.PENDING


def _said(syntax: Syntax, reasons: Sequence[str]) -> str:
    told = "; ".join(_few(list(dict.fromkeys(reasons))))
    return f"{_WORDS[syntax]}: {told}" if told else _WORDS[syntax]


def _few(words: Sequence[str]) -> list[str]:
    more = len(words) - _SHOWN
    return [*words[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]
