"""Which of the open items add up to an amount: one set, several, or none.

A bank books several checks as one deposit. The one set that adds up is worth proposing; where
there are two, a person chooses: what is ambiguous is never decided here.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product
from math import comb, prod

MOST_SETS = 5
MOST_STEPS = 200_000


class Reach(enum.StrEnum):
    """What is known of an amount and the items that could make it."""

    ONE = "reachable"
    SEVERAL = "ambiguous"
    NONE = "unreachable"
    UNDECIDED = "too many"


@dataclass(frozen=True, slots=True)
class Sums:
    """The sets found, as places in the items given; at most ``MOST_SETS`` of them.

    ``UNDECIDED`` means that the search was given up: there may be sets, or others than the one.
    ``more``: there are others than these.
    """

    reach: Reach
    sets: tuple[tuple[int, ...], ...] = ()
    more: bool = False


def sets_that_add_up(items: Sequence[int], target: int, *, most: int = MOST_STEPS) -> Sums:
    """Find the sets of items, in cents and of either sign, whose sum is the target.

    Items of the same amount are different items: one of two equal checks is two sets. Gives up
    after ``most`` steps.
    """
    places: dict[int, list[int]] = defaultdict(list)
    for place, cents in enumerate(items):
        if cents:
            places[cents].append(place)
    search = _Search(sorted(places.items(), key=lambda pair: (-abs(pair[0]), pair[0])), most)
    search.go(0, target)
    sets = tuple(search.found)
    if search.ways > 1:
        return Sums(Reach.SEVERAL, sets, search.given_up or search.ways > len(sets))
    if search.given_up:
        return Sums(Reach.UNDECIDED, sets)
    return Sums(Reach.ONE if search.ways else Reach.NONE, sets)


class _Search:
    """Takes amount by amount, the largest first, and leaves what cannot reach the target."""

    def __init__(self, amounts: Sequence[tuple[int, list[int]]], most: int) -> None:
        self.amounts, self.steps = amounts, most
        self.found: list[tuple[int, ...]] = []
        self.ways = 0
        self.given_up = False
        self._taken: list[int] = []
        self._dead: set[tuple[int, int]] = set()
        # What the amounts from each place on can add, and can take away.
        self._up = [0] * (len(amounts) + 1)
        self._down = [0] * (len(amounts) + 1)
        for at in range(len(amounts) - 1, -1, -1):
            total = amounts[at][0] * len(amounts[at][1])
            self._up[at] = self._up[at + 1] + max(total, 0)
            self._down[at] = self._down[at + 1] + min(total, 0)

    def go(self, at: int, left: int) -> bool:
        """Return whether any set from this amount on makes what is left."""
        if at == len(self.amounts):
            if left or not any(self._taken):
                return False
            self._keep()
            return True
        if not self._down[at] <= left <= self._up[at] or (at, left) in self._dead:
            return False
        self.steps -= 1
        if self.steps < 0 or self.ways > MOST_SETS:
            self.given_up = self.given_up or self.steps < 0
            return False
        cents, equal = self.amounts[at]
        reached = False
        for count in range(len(equal) + 1):
            self._taken.append(count)
            reached = self.go(at + 1, left - count * cents) or reached
            self._taken.pop()
        if not reached and not self.given_up and self.ways <= MOST_SETS:
            self._dead.add((at, left))
        return reached

    def _keep(self) -> None:
        used = [
            (equal, count)
            for (_, equal), count in zip(self.amounts, self._taken, strict=True)
            if count
        ]
        self.ways += prod(comb(len(equal), count) for equal, count in used)
        choices = (combinations(equal, count) for equal, count in used)
        room = MOST_SETS - len(self.found)
        self.found += [
            tuple(sorted(place for part in chosen for place in part))
            for chosen in islice(product(*choices), max(room, 0))
        ]
