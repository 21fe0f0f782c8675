"""The table on which lines and items are laid out: what is still open, and what was proposed.

Each way of matching says what it wishes for each line; here it is settled so that nothing is
given to two lines, and nothing is chosen among equals.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from fscdesk.models.reconciliation import MatchedBy
from fscdesk.services.banking.match_items import Item, ItemKind, OpenLine
from fscdesk.services.banking.match_proposals import Alternative, Proposal
from fscdesk.services.banking.sums import Reach

Key = tuple[ItemKind, int]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a way of matching found for some lines: the sets of items that they could be."""

    lines: tuple[OpenLine, ...]
    sets: tuple[tuple[Item, ...], ...]
    by: MatchedBy
    why: str
    certain: bool = False
    decided: bool = True


class Board:
    """Open lines and items, in the order of their days; and the proposals so far."""

    def __init__(self, lines: Iterable[OpenLine], items: Iterable[Item]) -> None:
        self.lines = {one.id: one for one in sorted(lines, key=lambda one: (one.on, one.id))}
        self.items = {one.key: one for one in sorted(items, key=lambda one: (one.on, one.key))}
        self.found: list[Proposal] = []
        self.notes: dict[int, str] = {}
        self._disputed: set[Key] = set()

    def propose(self, proposal: Proposal) -> None:
        """Lay a proposal down; its lines and items are not open any more."""
        self.found.append(proposal)
        for line in proposal.lines:
            self.lines.pop(line.id, None)
        for item in proposal.items:
            self.items.pop(item.key, None)

    def settle(self, wishes: Sequence[Wish]) -> None:
        """Give each line what it alone wishes; what two could have is for a person to say."""
        wanted = Counter(
            key for wish in wishes for key in {item.key for one in wish.sets for item in one}
        )
        taken: set[int] = set()
        for group in _equals(wishes, wanted, self._disputed):
            self._together(group)
            taken.update(line.id for wish in group for line in wish.lines)
        for wish in wishes:
            if any(line.id in taken or line.id not in self.lines for line in wish.lines):
                continue
            self._one(wish, wanted)

    def _one(self, wish: Wish, wanted: Counter[Key]) -> None:
        sole = wish.sets[0] if len(wish.sets) == 1 and wish.decided else None
        if sole is not None and all(
            wanted[item.key] == 1 and item.key not in self._disputed for item in sole
        ):
            self.propose(
                Proposal(wish.by, wish.why, Reach.ONE, wish.lines, items=sole, certain=wish.certain)
            )
            return
        self._disputed |= {item.key for one in wish.sets for item in one}
        self.propose(
            Proposal(
                wish.by,
                _several(wish, shared=sole is not None),
                Reach.SEVERAL,
                wish.lines,
                alternatives=tuple(Alternative(one) for one in wish.sets),
                more=not wish.decided,
            )
        )

    def _together(self, group: Sequence[Wish]) -> None:
        lines = tuple(line for wish in group for line in wish.lines)
        items = tuple(one[0] for one in group[0].sets)
        self.propose(
            Proposal(
                group[0].by,
                f"{len(lines)} lines and {len(items)} of our items of {lines[0].amount} each",
                Reach.ONE,
                lines,
                items=items,
            )
        )

    def each(self, fits: Callable[[OpenLine], bool]) -> list[OpenLine]:
        """Return the open lines that fit."""
        return [line for line in self.lines.values() if fits(line)]


def _several(wish: Wish, *, shared: bool) -> str:
    if shared:
        return f"{wish.why}; another line could be the same"
    if not wish.decided:
        return f"{wish.why}; there may be other sets"
    return f"{wish.why}; {len(wish.sets)} could be meant"


def _equals(
    wishes: Sequence[Wish], wanted: Counter[Key], disputed: set[Key]
) -> Iterable[list[Wish]]:
    """Yield lines of one amount that are as many items of ours: together nothing is chosen.

    Only within one month, so that no reconciliation cuts them apart.
    """
    same: dict[tuple[object, ...], list[Wish]] = defaultdict(list)
    for wish in wishes:
        if len(wish.sets) > 1 and len(wish.lines) == 1 and all(len(one) == 1 for one in wish.sets):
            line = wish.lines[0]
            keys = frozenset(one[0].key for one in wish.sets)
            same[keys, line.amount, line.on.year, line.on.month].append(wish)
    for group in same.values():
        wished = {one[0].key for one in group[0].sets}
        alone = all(wanted[key] == len(group) for key in wished) and not wished & disputed
        if len(group) > 1 and len(group) == len(wished) and alone:
            yield group
