"""Judges one line of a payer's answer: what it does to its charge, or why a person must look. Pure.

The payer pays first what SimplePractice has called paid, then what it owes; only group PR makes
money the client's, and only once the last payer has answered. A write-off is at most what is open
after that, once over all payers. A denial moves nothing: its money stays with the payer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.remittance import Fate, RuleAction, Unposted
from fscdesk.models.values import Money
from fscdesk.services.payments.policies import OverApplying
from fscdesk.services.remittances.answered import (
    DENIED_STATUS,
    AnsweredLine,
    Cas,
    DecidedAdjustment,
    DecidedLine,
)
from fscdesk.services.remittances.charge_stand import RANKS, ChargeStand
from fscdesk.services.remittances.rules import (
    BY_EARLIER_PAYER,
    CAPITATION,
    PAID_BEFORE,
    RuleBook,
)

_PLACES: Final = {2: "the second", 3: "the third"}
_TAKES_OFF: Final = (RuleAction.WRITE_OFF, RuleAction.ADJUST)


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What a claim says for all of its lines. ``rank`` is the payer's place for this claim.

    ``agreed``: a person says that it is right, though it looks wrong.
    """

    status: str
    rank: int = 1
    forwarded: bool = False
    over: OverApplying = OverApplying.BLOCK
    agreed: bool = False


class _Sums(NamedTuple):
    """The adjustments of a line by what their rules do; cents."""

    patient: int
    taken_off: int
    added: int
    denied: int


def judge(
    line: AnsweredLine, claim: ClaimFacts, stand: ChargeStand, rules: RuleBook
) -> DecidedLine:
    """Return what a line of a claim that is no reversal does to its charge.

    ``line`` holds all that the claim says of the charge, also what stands at its head.
    """
    refused = _refused(line, claim, stand)
    if refused is not None:
        return unposted(line, *refused)
    ruled = [(cas, rules.rule_of(cas)) for cas in line.cas if cas.cents]
    for cas, rule in ruled:
        if rule.action is RuleAction.BLOCK:
            words = f"{cas.code} over {Money(cas.cents)}: {_lower(rule.note)}"
            return unposted(line, Unposted.BLOCKED, f"{words}. Give it a rule, or post it by hand.")
    acts = [(cas, rule.action) for cas, rule in ruled]
    sums = _sums(acts)
    unknown = None if claim.agreed else _paid_elsewhere(acts, stand)
    if unknown is not None:
        return unposted(line, *unknown)
    denied = _denied(line, claim, stand, acts, sums)
    # What it names as the client's beside a denial is settled, but never of a denied claim.
    settles = bool(sums.denied and sums.patient) and claim.status != DENIED_STATUS
    if denied is not None and not line.paid and not settles:
        return DecidedLine(
            line,
            Fate.POSTED,
            words="Denied: it stays with the payer",
            denied=denied,
            told=line.cas,
            left=stand.open,
            expected=_expected(stand, claim),
        )
    found = _answered(line, claim, stand, acts, sums, denied or "")
    why = (
        _too_much(found, claim, stand)
        or _paid_already(found, claim, stand, sums)
        or _above_billed(line, acts)
        or _all_off(found, sums, acts)
    )
    return found if why is None or claim.agreed else unposted(line, *why)


def unposted(line: AnsweredLine, why: Unposted, words: str) -> DecidedLine:
    """Return a line that stays for a person, with what the payer said of it."""
    return DecidedLine(line, Fate.UNPOSTED, why, words[:300], told=line.cas)


def _refused(
    line: AnsweredLine, claim: ClaimFacts, stand: ChargeStand
) -> tuple[Unposted, str] | None:
    what = f"{stand.code} of {stand.service_day:%m/%d/%Y}"
    if stand.voided:
        return Unposted.VOIDED, f"{what} was taken back here after it was billed."
    if not stand.may_pay:
        return Unposted.OTHER_PAYER, f"{what} is another payer's. Choose the charge, or its policy."
    said = RANKS.get(claim.status, claim.rank)
    if said > claim.rank and not stand.somebody_before(said) and not claim.agreed:
        place = f"{_PLACES[said]} (status {claim.status})"
        words = f"The payer answers for {what} as {place}, and nobody was before it here."
        return Unposted.WAITS_FOR_EARLIER, f"{words} Look at the client's policies, then post it."
    if stand.earlier_missing(claim.rank) and not claim.agreed:
        return (
            Unposted.WAITS_FOR_EARLIER,
            f"The payer before this one has not answered for {what}. Post its answer first.",
        )
    if line.paid < 0:
        return (
            Unposted.BLOCKED,
            f"{Money(-line.paid)} is taken back for {what}, but not as a reversal.",
        )
    return None


def _sums(acts: Sequence[tuple[Cas, RuleAction]]) -> _Sums:
    patient = taken_off = added = denied = 0
    for cas, action in acts:
        if action is RuleAction.PATIENT:
            patient += cas.cents
        elif action in _TAKES_OFF:
            taken_off += max(cas.cents, 0)
            added += max(-cas.cents, 0)
        elif action is RuleAction.DENY:
            denied += cas.cents
    return _Sums(max(patient, 0), taken_off, added, max(denied, 0))


def _denied(
    line: AnsweredLine,
    claim: ClaimFacts,
    stand: ChargeStand,
    acts: Sequence[tuple[Cas, RuleAction]],
    sums: _Sums,
) -> str | None:
    """Return by which code a line is denied, empty where the payer gives none; None if it is not.

    Also what was paid in part is denied for the rest. A line that pays nothing and gives no
    reason that settles it is denied, whatever the payer calls it. What it has paid before, and
    only says so, is not denied.
    """
    said = [(cas.cents, cas.code) for cas, action in acts if action is RuleAction.DENY]
    if sums.denied:
        return max(said)[1]
    if stand.paid.total > 0 and any(cas.carc in PAID_BEFORE for cas, _ in acts):
        return None
    settled = sums.patient or sums.taken_off or any(cas.carc in BY_EARLIER_PAYER for cas, _ in acts)
    if line.paid or (settled and claim.status != DENIED_STATUS) or line.charge <= 0:
        return None
    return max(((cas.cents, cas.code) for cas, _ in acts if cas.cents > 0), default=(0, ""))[1]


def _answered(
    line: AnsweredLine,
    claim: ClaimFacts,
    stand: ChargeStand,
    acts: Sequence[tuple[Cas, RuleAction]],
    sums: _Sums,
    denied: str,
) -> DecidedLine:
    waits = claim.forwarded or stand.later_expected(claim.rank)
    change = sums.patient - stand.patient_share
    if not sums.patient and stand.has_said(RANKS.get(claim.status, claim.rank)):
        change = 0  # its earlier word of the client's share stands
    if stand.later_answered(claim.rank):
        change, reserve = 0, 0
    elif waits:
        change, reserve = min(change, 0), max(change, 0)
    else:
        reserve = 0
    to_recorded = min(line.paid, max(stand.recorded, 0))
    room = stand.open - min(change, 0) + sums.added
    less = _less_off(line.paid - to_recorded - max(room, 0), acts, stand)
    room += -less.cents if less is not None else 0
    to_open = min(line.paid - to_recorded, max(room, 0))
    over = line.paid - to_recorded - to_open
    left = room - to_open
    to_patient = min(change, max(left, 0))
    left -= max(to_patient, 0)
    cap = max(left - reserve - sums.denied, 0)
    adjustments, told = _taken_off(acts, cap, max(stand.written_off, 0))
    adjustments += () if less is None else (less,)
    off = sum(one.cents for one in adjustments if not one.recorded and one.cents > 0)
    return DecidedLine(
        line,
        Fate.POSTED,
        words=_words(waits, reserve, change - to_patient, over, 0 if less is None else -less.cents),
        paid=line.paid,
        to_recorded=to_recorded,
        to_open=to_open,
        over=over,
        adjustments=adjustments,
        to_patient=to_patient,
        patient_carc=_patient_carc(acts) if to_patient else "",
        denied=denied,
        told=told,
        left=left - off,
        expected=_expected(stand, claim),
    )


def _taken_off(
    acts: Sequence[tuple[Cas, RuleAction]], cap: int, written_off: int
) -> tuple[tuple[DecidedAdjustment, ...], tuple[Cas, ...]]:
    """Return what comes off the payer's share, and what is only told of what it said."""
    posted: list[DecidedAdjustment] = []
    told: list[Cas] = []
    for cas, action in acts:
        rest = cas.cents
        if action not in _TAKES_OFF:
            if action is not RuleAction.PATIENT:
                told.append(cas)
            continue
        if rest < 0:
            posted.append(DecidedAdjustment(action, cas, rest))
            continue
        if action is RuleAction.WRITE_OFF and (part := min(rest, written_off)):
            posted.append(DecidedAdjustment(action, cas, part, recorded=True))
            written_off, rest = written_off - part, rest - part
        if part := min(rest, cap):
            posted.append(DecidedAdjustment(action, cas, part))
            cap, rest = cap - part, rest - part
        if rest:
            told.append(cas._replace(cents=rest))
    return tuple(posted), tuple(told)


def _less_off(
    short: int, acts: Sequence[tuple[Cas, RuleAction]], stand: ChargeStand
) -> DecidedAdjustment | None:
    """Return by what an earlier write-off of this payer falls: it allows more than it first did.

    ``short`` is what it pays beyond what is open. Only what it says less of the contract now
    than was written off with its earlier answers makes room for that.
    """
    off = [cas for cas, action in acts if action is RuleAction.WRITE_OFF]
    said = sum(cas.cents for cas in off)
    before = sum(
        one.cents
        for one in stand.made
        if one.kind is AdjustmentKind.CONTRACTUAL and not one.recorded
    )
    less = min(short, before - said)
    if less <= 0 or said <= 0 or not stand.has_said():
        return None
    largest = max(off, key=lambda cas: cas.cents)
    return DecidedAdjustment(RuleAction.WRITE_OFF, largest, -less)


def _too_much(
    found: DecidedLine, claim: ClaimFacts, stand: ChargeStand
) -> tuple[Unposted, str] | None:
    """Return why money that is more than is owed waits, where the practice blocks that."""
    if not found.over or claim.over is not OverApplying.BLOCK:
        return None
    what = f"{stand.code} of {stand.service_day:%m/%d/%Y}"
    if found.over == found.paid:
        words = f"Nothing is open of {what}, and {Money(found.over)} was paid."
    else:
        words = f"{Money(found.over)} more than is open of {what} was paid."
    return Unposted.PAYS_TOO_MUCH, f"{words} Look whether it was paid twice."


def _paid_already(
    found: DecidedLine, claim: ClaimFacts, stand: ChargeStand, sums: _Sums
) -> tuple[Unposted, str] | None:
    """Return why an answer waits that does not fit beside what this payer has paid already.

    A check that was entered by hand, or an answer that contradicts an earlier one without taking
    it back: the write-off must not shrink to make room for both. Of a payer that is first and
    second nobody can tell for which of its places it has paid.
    """
    before = stand.paid.total
    if before <= 0 or stand.several or (found.over and claim.over is not OverApplying.BLOCK):
        return None
    said = found.line.paid + sums.taken_off - sums.added + sums.patient
    billed = max(stand.amount, found.line.charge)
    if said + before <= billed:
        return None
    where = f" ({', '.join(stand.payments)})" if stand.payments else ""
    words = (
        f"{Money(before)} of this payer is in the books already{where}; with this answer"
        f" {stand.code} of {stand.service_day:%m/%d/%Y} comes to {Money(said + before)}, and"
        f" {Money(billed)} was billed. Look whether it was paid twice, or a reversal is missing."
    )
    return Unposted.PAYS_TOO_MUCH, words


def _above_billed(
    line: AnsweredLine, acts: Sequence[tuple[Cas, RuleAction]]
) -> tuple[Unposted, str] | None:
    """Return why a payment above what was billed waits; a bonus of the payer's is told as one."""
    bonus = -sum(cas.cents for cas, action in acts if action is RuleAction.ADJUST and cas.cents < 0)
    if line.paid <= max(line.charge, 0) + bonus:
        return None
    return (
        Unposted.PAYS_TOO_MUCH,
        f"{Money(line.paid)} was paid of {Money(line.charge)} that was billed. Look whose it is.",
    )


def _paid_elsewhere(
    acts: Sequence[tuple[Cas, RuleAction]], stand: ChargeStand
) -> tuple[Unposted, str] | None:
    """Return why an answer waits that speaks of an earlier payment which is not in the books."""
    told = sum(
        cas.cents
        for cas, action in acts
        if action is RuleAction.TRACK and cas.carc in PAID_BEFORE and cas.cents > 0
    )
    if not told or stand.paid.total > 0 or stand.recorded > 0:
        return None
    words = (
        f"The payer says that it has paid {Money(told)} of this before, and no payment of it is"
        " in the books. Look for it, and post it first."
    )
    return Unposted.BLOCKED, words


def _all_off(
    found: DecidedLine, sums: _Sums, acts: Sequence[tuple[Cas, RuleAction]]
) -> tuple[Unposted, str] | None:
    """Return why a charge that is taken off whole, without money, waits for a person."""
    free = any(
        action in _TAKES_OFF and cas.carc in CAPITATION and cas.cents > 0 for cas, action in acts
    )
    off = sum(one.cents for one in found.adjustments if not one.recorded)
    if found.paid or free or off <= 0 or sums.taken_off < found.line.charge:
        return None
    charged = Money(found.line.charge)
    words = f"The payer pays nothing and takes all of {charged} off. Look whether it is a denial."
    return Unposted.WRITES_ALL_OFF, words


def _patient_carc(acts: Sequence[tuple[Cas, RuleAction]]) -> str:
    """Return the reason of the largest part of the client's share."""
    parts = [(cas.cents, cas.carc) for cas, action in acts if action is RuleAction.PATIENT]
    return max(parts, default=(0, ""))[1]


def _expected(stand: ChargeStand, claim: ClaimFacts) -> int | None:
    """Return what the payer should allow; a later payer's answer is not held against a fee."""
    return stand.allowed if claim.rank == 1 else None


def _words(waits: bool, reserve: int, unfit: int, over: int, less: int) -> str:
    said: list[str] = []
    if waits and reserve:
        said.append(f"{Money(reserve)} waits for the next payer")
    if unfit > 0:
        said.append(f"{Money(unfit)} of the client's share is not open any more")
    if less:
        said.append(f"{Money(less)} less is written off than by its earlier answer")
    if over:
        said.append(f"{Money(over)} more than the payer owes")
    return "; ".join(said)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
