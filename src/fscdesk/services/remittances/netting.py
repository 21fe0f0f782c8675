"""Finds what a payer pays and takes back again in one and the same remittance. Pure.

Nothing of it is in the books before, so the reversal has nothing there to take back: both are
posted, and neither moves money. It must be certain that the one is the other's: the same claim of
the payer, the same charges, and exactly the opposite amounts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from fscdesk.models.remittance import Fate
from fscdesk.services.remittances.answered import (
    PREDETERMINATION,
    AnsweredClaim,
    AnsweredLine,
    DecidedClaim,
    DecidedLine,
)
from fscdesk.services.remittances.charge_stand import ChargeStand

NETTED: Final = "Paid and taken back again in this remittance: nothing moves"
"""What is said of both claims; undoing knows them by it."""


_Signature = tuple[int, int, tuple[tuple[int, str, int, int], ...]]


class Pair(NamedTuple):
    """A claim, and the reversal of it that stands in the same remittance."""

    paid: AnsweredClaim
    reversal: AnsweredClaim


def netted(
    pending: Sequence[AnsweredClaim],
    stands: Mapping[int, ChargeStand],
    positions: Collection[int] | None,
) -> list[Pair]:
    """Return the pairs among claims that are to be decided, in the order of their reversals.

    Only claims that post together pair. A reversal that finds its original in the books is none
    of them, nor is one whose charges hold money of this payer that no remittance has named.
    """
    chosen = [one for one in pending if positions is None or one.position in positions]
    free: dict[tuple[str, _Signature], list[AnsweredClaim]] = defaultdict(list)
    for one in chosen:
        if not one.reversal and _whole(one):
            for name in _names(one):
                free[name, _signature(one, 1)].append(one)
    found: list[Pair] = []
    gone: set[int] = set()
    for back in chosen:
        if not back.reversal or not _whole(back) or in_books(back, stands):
            continue
        alike = [one for name in _names(back) for one in free[name, _signature(back, -1)]]
        named = (one for one in alike if one.position not in gone and _same_claim(one, back))
        twin = min(named, key=lambda one: one.position, default=None)
        if twin is not None:
            gone.add(twin.position)
            found.append(Pair(twin, back))
    return found


def decided_pair(pair: Pair) -> tuple[DecidedClaim, DecidedClaim]:
    """Return both claims of a pair as posted; each line of the reversal names the one it is of."""
    paid, back = pair
    own = {one.position: twin for one, twin in zip(_sorted(back), _sorted(paid), strict=True)}
    first = tuple(
        DecidedLine(one, Fate.POSTED, words=f"Taken back with claim {back.position}")
        for one in paid.lines
    )
    second = tuple(
        DecidedLine(
            one,
            Fate.POSTED,
            words=f"Takes claim {paid.position} back",
            reverses_id=own[one.position].row_id or None,
        )
        for one in back.lines
    )
    return (
        DecidedClaim(paid, Fate.POSTED, None, NETTED, first, netted=True),
        DecidedClaim(back, Fate.POSTED, None, NETTED, second, netted=True),
    )


def _whole(claim: AnsweredClaim) -> bool:
    """Return whether a claim says all that must be known to net it."""
    if not claim.readable or claim.why is not None or claim.off:
        return False
    if claim.status == PREDETERMINATION or not claim.lines:
        return False
    return all(one.charge_id is not None and one.why is None for one in claim.lines)


def in_books(back: AnsweredClaim, stands: Mapping[int, ChargeStand]) -> bool:
    """Return whether what a reversal takes back may be in the books already."""
    for line in back.lines:
        stand = stands.get(line.charge_id or 0)
        if stand is None:
            return True
        said = [one for one in stand.said if not one.back and one.reverses_id is None]
        if any((one.paid, one.charge) == (-line.paid, -line.charge) for one in said):
            return True
        if not said and stand.paid.total > 0:
            return True
    return False


def pays_what(paid: AnsweredClaim, back: AnsweredClaim) -> bool:
    """Return whether a claim is the one that a reversal takes back: the same, the opposite sums."""
    return _same_claim(paid, back) and _signature(paid, 1) == _signature(back, -1)


def _same_claim(paid: AnsweredClaim, back: AnsweredClaim) -> bool:
    if paid.payer_number and back.payer_number:
        return paid.payer_number == back.payer_number
    return paid.number == back.number


def _names(claim: AnsweredClaim) -> set[str]:
    """Return by what a claim and its reversal find each other: one of them may lack a number."""
    numbers = {f"payer {claim.payer_number}"} if claim.payer_number else set[str]()
    return {f"ours {claim.number}"} | numbers


def _signature(claim: AnsweredClaim, sign: int) -> _Signature:
    lines = tuple(_key(one, sign) for one in _sorted(claim))
    return sign * claim.charge, sign * claim.paid, lines


def _sorted(claim: AnsweredClaim) -> list[AnsweredLine]:
    sign = -1 if claim.reversal else 1
    return sorted(claim.lines, key=lambda one: (*_key(one, sign), one.position))


def _key(line: AnsweredLine, sign: int) -> tuple[int, str, int, int]:
    return line.charge_id or 0, line.code, sign * line.charge, sign * line.paid
