"""Takes back what a payer's answer did: the opposite of what stands, charge by charge. Pure.

A reversal (CLP02 22) repeats the amounts with the opposite sign. What is taken back is what of
this payer's money stands with the charge, whoever posted it: too much first, then what it paid of
what it owes, then what SimplePractice had called paid. The adjustments of the same answer go as
they were made. What is taken back beyond that is a correction of its own; the client's share does
not answer for it. What was never posted here touches no charge, and of two answers the one that is
not meant is never taken for the other: what names neither number nor amounts waits.
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
from fscdesk.services.remittances.said_again import adjusts_the_same


class _Original(NamedTuple):
    """The answer that a reversal takes back: its line, where there is one, and its payment."""

    said: Said | None
    payment_id: int | None


def take_back(
    line: AnsweredLine, claim: AnsweredClaim, stand: ChargeStand, *, remittance_id: int = 0
) -> DecidedLine:
    """Return what a line of a reversal takes back; its amounts are zero or below.

    One that pays, though its claim takes money back, is for a person. ``remittance_id`` is the
    remittance that it stands in, 0 before it is kept.
    """
    if not stand.may_pay and not stand.paid.total and not stand.said:
        what = f"{stand.code} of {stand.service_day:%m/%d/%Y}"
        return unposted(line, Unposted.OTHER_PAYER, f"{what} is another payer's.")
    if line.paid > 0:
        what = f"{stand.code} of {stand.service_day:%m/%d/%Y}"
        words = f"{Money(line.paid)} is paid for {what} by a claim that takes money back."
        return unposted(line, Unposted.BLOCKED, words)
    taken = -line.paid
    original = _original(line, claim, stand, remittance_id)
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


def _original(
    line: AnsweredLine, claim: AnsweredClaim, stand: ChargeStand, remittance_id: int
) -> _Original | None:
    """Return the answer that is meant: the same amounts and number first, else the newest.

    A reversal without money takes back an answer without money. Beside answers that are not meant
    it may be what somebody entered by hand, where just that much is in the books.
    """
    standing = _standing(stand)
    alike = [one for one in standing if line.paid or not one.paid]
    said = [one for one in alike if _may_be(one, line, claim, stand, remittance_id)]
    if said:
        best = max(said, key=lambda one: (*_likeness(one, line, claim), one.line_id))
        return _Original(best, best.payment_id)
    named = {one.payment_id for one in alike}
    newest = max(
        (one.payment_id for one in stand.made if one.payment_id not in named), default=None
    )
    if alike:
        by_hand = stand.paid.total - sum(one.paid for one in standing if not one.returned)
        return _Original(None, newest) if 0 < -line.paid == by_hand else None
    if (newest is None or stand.paid.total > 0) if not line.paid else stand.paid.total <= 0:
        return None
    return _Original(None, newest)


def _standing(stand: ChargeStand) -> list[Said]:
    """Return the answers of a charge that nothing has taken back."""
    return [one for one in stand.said if not one.back and one.reverses_id is None]


def _may_be(
    said: Said, line: AnsweredLine, claim: AnsweredClaim, stand: ChargeStand, remittance_id: int
) -> bool:
    """Return whether an answer can be the one that a reversal means.

    Another number of the payer's with other amounts is another answer. One of the same remittance
    is the correction, and one that was read later came after it, unless they say otherwise.
    """
    parts = [one for one in stand.said if one.claim_id == said.claim_id]
    sums = sum(one.paid for one in parts), sum(one.charge for one in parts)
    same_sums = (-line.paid, -line.charge) in (sums, (said.paid, said.charge))
    if remittance_id and said.remittance_id == remittance_id:
        return same_sums and adjusts_the_same(said, line, claim)
    numbers = {claim.payer_number, said.payer_number}
    same_number = len(numbers) == 1 and "" not in numbers
    if line.row_id and said.line_id > line.row_id:
        same = said.typed or adjusts_the_same(said, line, claim)
        return same_number or (same_sums and same)
    return same_number or same_sums or "" in numbers


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
    others = [one for one in _standing(stand) if one.paid]
    if stand.paid.total > 0 and others:
        named = (f" (its claim {one.payer_number})" if one.payer_number else "" for one in others)
        each = (f"{Money(one.paid)}{name}" for one, name in zip(others, named, strict=True))
        return (
            f"{Money(taken)} is taken back for {what}, but not of what is in the books: there this"
            f" payer's answer is {', and '.join(each)}."
        )
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
