"""Finds places on new charges for what stood on old ones. Pure: the preview and the act agree.

Adjustments take their places first, as they did when the money was applied; each goes whole or
in part onto one charge, the one at its old position before the others. Money fills one charge
after the other. A payer's money and a payer's adjustment fit only where that payer may answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from fscdesk.models.charge import Side
from fscdesk.models.ledger import Part
from fscdesk.services.billing.adjustment_posting import WRITTEN_PARTS
from fscdesk.services.ledger.accounts import (
    INSURANCE_RECEIVABLE,
    PATIENT_RECEIVABLE,
    PAYER_CREDITS,
    RECORDED_IN_SIMPLEPRACTICE,
)

SIDES = {
    PATIENT_RECEIVABLE: Side.PATIENT,
    INSURANCE_RECEIVABLE: Side.INSURANCE,
    PAYER_CREDITS: Side.INSURANCE,
}
"""Which balance of a charge a line of an account moves."""


@dataclass(frozen=True, slots=True)
class PaidPart:
    """Cents of a credit that paid one side of a session's charge at some position.

    ``payer_id`` is whose money it is, None for a client's.
    """

    session_id: int
    position: int
    credit_id: int
    side: Side
    cents: int
    payer_id: int | None = None


@dataclass(frozen=True, slots=True)
class AdjustedPart:
    """An adjustment that stood on a session's charge at some position, in cents.

    ``moves`` are the lines of its entry: account, part, cents. ``recorded``: it closes what
    SimplePractice wrote off. ``payer_id`` is the payer whose answer it is, if one's.
    """

    session_id: int
    position: int
    adjustment_id: int
    side: Side
    cents: int
    moves: tuple[tuple[str, Part, int], ...]
    recorded: bool = False
    payer_id: int | None = None


@dataclass(slots=True)
class Place:
    """A charge that takes things over: what each side owes, what is written off in 1060, cents.

    ``key`` tells charges apart. ``payers`` may answer for it.
    """

    key: int
    session_id: int
    position: int
    open: dict[Side, int]
    written_off: int = 0
    payers: frozenset[int] = frozenset()

    def takes(self, payer_id: int | None) -> bool:
        """Return whether this payer's word or money belongs here; a client's always does."""
        return payer_id is None or payer_id in self.payers

    def move(self, lines: Iterable[tuple[str, Part, int]]) -> None:
        """Let journal lines (account, part, cents) change what is open here."""
        for account, part, cents in lines:
            if account in SIDES:
                self.open[SIDES[account]] += cents
            elif account == RECORDED_IN_SIMPLEPRACTICE and part in WRITTEN_PARTS:
                self.written_off += cents


@dataclass(slots=True)
class Fitted:
    """What goes where (place key and cents), and what of each part finds no place, in cents."""

    adjusted: list[tuple[AdjustedPart, int, int]] = field(default_factory=list)
    paid: list[tuple[PaidPart, int, int]] = field(default_factory=list)
    left: list[tuple[AdjustedPart | PaidPart, int]] = field(default_factory=list)


def fit(
    adjusted: Sequence[AdjustedPart], paid: Sequence[PaidPart], places: Iterable[Place]
) -> Fitted:
    """Return where everything goes. The places are filled on the way."""
    by_session: dict[int, list[Place]] = {}
    for place in places:
        by_session.setdefault(place.session_id, []).append(place)
    found = Fitted()
    for one in adjusted:
        _fit_adjustment(one, _ordered(by_session, one), found)
    for part in paid:
        _fit_money(part, _ordered(by_session, part), found)
    return found


def _ordered(by_session: dict[int, list[Place]], part: AdjustedPart | PaidPart) -> list[Place]:
    """Return the places that may take a part, the one at its position first."""
    there = [one for one in by_session.get(part.session_id, ()) if one.takes(part.payer_id)]
    return sorted(there, key=lambda one: (one.position != part.position, one.position, one.key))


def _fit_adjustment(one: AdjustedPart, places: Sequence[Place], found: Fitted) -> None:
    for place in places:
        room = place.written_off if one.recorded else place.open[one.side]
        fits = one.cents if one.cents < 0 else max(0, min(one.cents, room))
        if not fits:
            continue
        place.move(scaled(one, fits))
        found.adjusted.append((one, place.key, fits))
        if fits != one.cents:
            found.left.append((one, one.cents - fits))
        return
    found.left.append((one, one.cents))


def scaled(one: AdjustedPart, fits: int) -> tuple[tuple[str, Part, int], ...]:
    """Return the lines of an adjustment for ``fits`` of its cents."""
    return tuple((account, part, cents * fits // one.cents) for account, part, cents in one.moves)


def _fit_money(part: PaidPart, places: Sequence[Place], found: Fitted) -> None:
    left = part.cents
    for place in places:
        fits = max(0, min(left, place.open[part.side]))
        if fits:
            place.open[part.side] -= fits
            found.paid.append((part, place.key, fits))
            left -= fits
    if left:
        found.left.append((part, left))
