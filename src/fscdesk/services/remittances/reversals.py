"""Takes back what a payer's answer did: the opposite of what stands, charge by charge. Pure.

A reversal (CLP02 22) repeats the amounts with the opposite sign. What is taken back is what of
this payer's money stands with the charge, whoever posted it: too much first, then what it paid of
what it owes, then what SimplePractice had called paid. The adjustments of the same answer go as
they were made. What is taken back beyond that is a correction of its own; the client's share does
not answer for it. What was never posted here touches no charge.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import NamedTuple

from fscdesk.models.remittance import Fate, Unposted
from fscdesk.models.values import Money
from fscdesk.services.remittances.answered import (
    AnsweredClaim,
    AnsweredLine,
    Cas,
    DecidedLine,
    cas_of,
)
from fscdesk.services.remittances.charge_stand import ChargeStand, Made, Said
from fscdesk.services.remittances.judging import unposted


class _Original(NamedTuple):
    """The answer that a reversal takes back: its line, where there is one, and its payment."""

    said: Said | None
    payment_id: int | None


def take_back(line: AnsweredLine, claim: AnsweredClaim, stand: ChargeStand) -> DecidedLine:
    """Return what a line of a reversal takes back; its amounts are zero or below.

    One that pays, though its claim takes money back, is for a person.
    """
    if not stand.may_pay and not stand.paid.total and not stand.said:
        what = f"{stand.code} of {stand.service_day:%m/%d/%Y}"
        return unposted(line, Unposted.OTHER_PAYER, f"{what} is another payer's.")
    if line.paid > 0:
        what = f"{stand.code} of {stand.service_day:%m/%d/%Y}"
        words = f"{Money(line.paid)} is paid for {what} by a claim that takes money back."
        return unposted(line, Unposted.BLOCKED, words)
    taken = -line.paid
    original = _original(line, claim, stand)
    if original is None or (taken and stand.paid.total <= 0):
        return unposted(line, Unposted.REVERSES_NOTHING, _nothing_words(taken, stand))
    over = min(taken, max(min(stand.paid.over, stand.over), 0))
    to_open = min(taken - over, max(stand.paid.open, 0))
    to_recorded = min(taken - over - to_open, max(stand.paid.recorded, 0))
    difference = taken - over - to_open - to_recorded
    undo = _undone(original, stand.made)
    moved = {one.adjustment_id for one in undo}
    back = DecidedLine(
        line,
        Fate.POSTED,
        words=_words(difference, line, original),
        paid=-taken,
        to_recorded=-to_recorded,
        to_open=-(to_open + difference),
        over=-over,
        told=_said_otherwise(line.cas, original.said),
        reverses_id=None if original.said is None else original.said.line_id,
        undo=tuple(sorted(moved)),
        difference=difference,
    )
    return replace(back, left=stand.after(back).open)


def said_before(line: AnsweredLine, claim: AnsweredClaim, stand: ChargeStand) -> set[int]:
    """Return the posted claims (rows) that said the very same of the charge, and still stand.

    What the bank took back may be paid again: that is the payer's replacement.
    """
    return {
        one.claim_id
        for one in stand.said
        if one.claim_id != claim.row_id
        and not one.back
        and (claim.reversal or not one.returned)
        and _same(one, line, claim)
    }


def _same(said: Said, line: AnsweredLine, claim: AnsweredClaim) -> bool:
    # An EOB that was typed in does not say the payer's number of a claim.
    if claim.payer_number and said.payer_number:
        named = claim.payer_number == said.payer_number
    else:
        named = claim.number == said.number
    return (
        named
        and (said.status, said.claim_paid) == (claim.status, claim.paid)
        and (said.paid, said.charge) == (line.paid, line.charge)
    )


def _original(line: AnsweredLine, claim: AnsweredClaim, stand: ChargeStand) -> _Original | None:
    """Return the answer that is meant: the same amounts and number first, else the newest.

    A reversal without money takes back an answer without money.
    """
    said = [
        one
        for one in stand.said
        if not one.back and one.reverses_id is None and (line.paid or not one.paid)
    ]
    if said:
        best = max(said, key=lambda one: (*_likeness(one, line, claim), one.line_id))
        return _Original(best, best.payment_id)
    newest = max((one.payment_id for one in stand.made), default=None)
    if (newest is None or stand.paid.total > 0) if not line.paid else stand.paid.total <= 0:
        return None
    return _Original(None, newest)


def _likeness(said: Said, line: AnsweredLine, claim: AnsweredClaim) -> tuple[bool, bool, bool]:
    return (
        (said.paid, said.charge) == (-line.paid, -line.charge),
        bool(said.paid) == bool(line.paid),
        bool(claim.payer_number) and said.payer_number == claim.payer_number,
    )


def _undone(original: _Original, made: Collection[Made]) -> list[Made]:
    """Return the adjustments that came with the answer that is taken back.

    One check may answer a charge twice (a payer that is first and second): the claim says which.
    """
    row_id = 0 if original.said is None else original.said.claim_id
    return [
        one
        for one in made
        if (
            one.claim_id == row_id
            if row_id and one.claim_id
            else one.payment_id == original.payment_id
        )
    ]


def _said_otherwise(cas: tuple[Cas, ...], said: Said | None) -> tuple[Cas, ...]:
    """Return the adjustments of a reversal that are not the opposite of what was said."""
    if said is None:
        return ()
    first = list(cas_of(said.adjustments))
    told: list[Cas] = []
    for one in cas:
        opposite = one._replace(cents=-one.cents)
        if opposite in first:
            first.remove(opposite)
        elif one.cents:
            told.append(one)
    return tuple(told)


def _nothing_words(taken: int, stand: ChargeStand) -> str:
    what = f"{stand.code} of {stand.service_day:%m/%d/%Y}"
    if not taken:
        return f"It takes back an answer for {what} that is not in the books."
    return (
        f"{Money(taken)} is taken back for {what}, but nothing that this payer paid for it is in"
        " the books."
    )


def _words(difference: int, line: AnsweredLine, original: _Original) -> str:
    said: list[str] = []
    if difference:
        said.append(f"The payer took back {Money(difference)} more than it paid")
    if _said_otherwise(line.cas, original.said):
        said.append("its adjustments are not those that it takes back")
    return "; ".join(said)
