"""The ways in which a line is known, the surest first. Pure: lines and items in, wishes out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Generic, TypeVar

from fscdesk.models.reconciliation import MatchedBy
from fscdesk.models.values import Money
from fscdesk.services.banking.line_meaning import names, reference_key, way_of
from fscdesk.services.banking.match_board import Board, Wish
from fscdesk.services.banking.match_items import Item, ItemKind, OpenLine, Way
from fscdesk.services.banking.sums import Reach, sets_that_add_up

NEAR = 3
BEFORE, AFTER = 10, 5
"""Money that waits was received at most so many days before, or after, the bank's day."""
OUTSTANDING = 60
"""So long a check that we sent may take until the bank pays it."""
MOST_ITEMS = 40
MOST_LINES = 20
STEPS, STEPS_IN_ALL = 5_000, 400_000
"""What looking for sets may cost for one line, and for all of them together."""
_TOO_MANY = "Too many of our items could be parts of it to look through"
T = TypeVar("T")


def by_trace(board: Board) -> None:
    """Match what the line's trace names: an EFT by TRN02, a payout by its id, a check."""
    named: dict[str, list[Item]] = defaultdict(list)
    for item in board.items.values():
        for reference in {reference_key(one) for one in item.references} - {""}:
            named[reference].append(item)
    wishes: list[Wish] = []
    for line in board.lines.values():
        known = named.get(reference_key(line.trace), []) if line.trace else []
        exact = [one for one in known if one.amount == line.amount]
        if exact:
            wishes.append(_traced(line, exact))
        elif len(known) > 1 and sum(one.amount.cents for one in known) == line.amount.cents:
            why = f"All {len(known)} of {line.trace} together are {line.amount}"
            wishes.append(Wish((line,), (tuple(known),), MatchedBy.TRACE, why))
        elif known:
            of = ", ".join(f"{one.label} {one.amount}" for one in known[:3])
            board.notes[line.id] = f"{line.trace} is {of} here; the bank has {line.amount}"
    board.settle(wishes)


def _traced(line: OpenLine, exact: Sequence[Item]) -> Wish:
    first = exact[0]
    payout = first.kind is ItemKind.PAYOUT or first.way is Way.CARD
    return Wish(
        (line,),
        tuple((one,) for one in exact),
        MatchedBy.PAYOUT if payout else MatchedBy.TRACE,
        f"{line.trace} is {first.label}" if len(exact) == 1 else f"{line.trace} and its amount",
        certain=len(exact) == 1 and first.proves,
    )


def by_parts(board: Board) -> None:
    """Match a payout less what was charged back in it: several items of ours are its one line."""
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in board.items.values():
        if item.part_of:
            groups[item.part_of].append(item)
    wishes: list[Wish] = []
    for line in board.lines.values():
        sets = tuple(
            tuple(parts)
            for parts in groups.values()
            if len(parts) > 1
            and sum(one.amount.cents for one in parts) == line.amount.cents
            and any(one.way is Way.CARD and abs((one.on - line.on).days) <= NEAR for one in parts)
            and way_of(line) in (Way.CARD, Way.ANY)
        )
        if sets:
            why = f"The payments of a payout less what was charged back are {line.amount}"
            wishes.append(Wish((line,), sets, MatchedBy.PAYOUT, why))
    board.settle(wishes)


def by_slip(board: Board) -> None:
    """Match a deposit whose slip's number stands in the words, with the same amount."""
    slips: dict[int, list[Item]] = defaultdict(list)
    for item in board.items.values():
        if item.kind is ItemKind.ENTRY and item.amount.cents > 0 and any(item.references):
            slips[item.amount.cents].append(item)
    wishes: list[Wish] = []
    for line in board.lines.values():
        said = {_number(word) for word in (*line.words.split(), line.check_number)} - {""}
        hits = [
            one
            for one in slips.get(line.amount.cents, ())
            if said & {_number(reference) for reference in one.references}
        ]
        if hits:
            why = f"The slip's number {hits[0].references[0]} and the amount agree"
            wishes.append(Wish((line,), tuple((one,) for one in hits), MatchedBy.SLIP, why))
    board.settle(wishes)


def by_amount(board: Board) -> None:
    """Match the one item of the line's amount and days; where there are two, a person chooses."""
    amounts: dict[int, list[Item]] = defaultdict(list)
    for item in board.items.values():
        amounts[item.amount.cents].append(item)
    wishes: list[Wish] = []
    for line in board.lines.values():
        fitting = [one for one in amounts.get(line.amount.cents, ()) if _may_be(line, one)]
        hits = _nearest(line, fitting)
        if hits:
            best = sorted(hits, key=lambda one: (not names(line.words, one.who), _off(line, one)))
            wishes.append(_equal(line, best))
    board.settle(wishes)


def _nearest(line: OpenLine, fitting: Sequence[Item]) -> list[Item]:
    """Return what is near enough: entries and payouts have their day, money that waits has none."""
    booked = [one for one in fitting if one.kind is not ItemKind.PAYMENT]
    waiting = [
        one for one in fitting if one.kind is ItemKind.PAYMENT and _within(line, one, BEFORE)
    ]
    near = [one for one in booked if abs((one.on - line.on).days) <= NEAR]
    if near or waiting:
        return near + waiting
    wide = [one for one in booked if _within(line, one, BEFORE)]
    if wide or line.amount.cents > 0:
        return wide
    return [one for one in booked if _within(line, one, OUTSTANDING)]


def _equal(line: OpenLine, hits: Sequence[Item]) -> Wish:
    first = hits[0]
    by = MatchedBy.PAYOUT if first.kind is ItemKind.PAYOUT else MatchedBy.AMOUNT
    said = f", named {first.who}" if names(line.words, first.who) else ""
    days = first.days_from(line.on)
    apart = "the same day" if days == 0 else f"{days} day{'s' * (days > 1)} apart"
    why = f"The same amount{said}, {apart}" if len(hits) == 1 else "The same amount"
    return Wish((line,), tuple((one,) for one in hits), by, why)


def by_sums(board: Board) -> None:
    """Match the one set of items that makes a line, and the one set of lines that makes an item."""
    days = _Days((one.on, one.amount, one.way, one) for one in board.items.values())
    left = STEPS_IN_ALL
    wishes: list[Wish] = []
    for line in board.lines.values():
        there = days.between(line.on, BEFORE, AFTER, line.amount, way_of(line))
        pool = _first(MOST_ITEMS + 1, (one for one in there if _part_of(line, one)))
        if len(pool) > MOST_ITEMS or (len(pool) > 1 and left <= 0):
            board.notes.setdefault(line.id, _TOO_MANY)
        elif len(pool) > 1:
            found = sets_that_add_up(
                [one.amount.cents for one in pool], line.amount.cents, most=STEPS
            )
            left -= min(2 ** len(pool), STEPS)
            if found.sets:
                sets = tuple(tuple(pool[place] for place in one) for one in found.sets)
                why = f"{len(sets[0])} of our items add up to {line.amount}"
                decided = found.reach is not Reach.UNDECIDED and not found.more
                wishes.append(Wish((line,), sets, MatchedBy.SUM, why, decided=decided))
    board.settle(wishes)
    _lines_of_one(board)


def _lines_of_one(board: Board) -> None:
    """Match an entry that the bank shows as several lines: a slip whose checks it books singly."""
    carried = board.each(lambda one: way_of(one) in (Way.COUNTER, Way.ANY))
    days = _Days((one.on, one.amount, way_of(one), one) for one in carried)
    left = STEPS_IN_ALL
    wishes: list[Wish] = []
    for item in [one for one in board.items.values() if one.kind is ItemKind.ENTRY]:
        there = days.between(item.on, NEAR, BEFORE, item.amount, item.way)
        pool = _first(MOST_LINES + 1, (one for one in there if _part_of_item(item, one)))
        if not 1 < len(pool) <= MOST_LINES or left <= 0:
            continue
        found = sets_that_add_up([one.amount.cents for one in pool], item.amount.cents, most=STEPS)
        left -= min(2 ** len(pool), STEPS)
        if found.reach is Reach.ONE:
            made = tuple(pool[place] for place in found.sets[0])
            why = f"{len(made)} lines of the bank add up to {item.label}"
            wishes.append(Wish(made, ((item,),), MatchedBy.SUM, why))
    used = Counter(line.id for wish in wishes for line in wish.lines)
    # A line that two items would need is given to neither.
    board.settle([wish for wish in wishes if all(used[line.id] == 1 for line in wish.lines)])


class _Days(Generic[T]):
    """Lines or items in the order of their days, apart by sign and by the way that they came."""

    def __init__(self, known: Iterable[tuple[date, Money, Way, T]]) -> None:
        groups: dict[tuple[bool, Way], list[tuple[date, int, T]]] = defaultdict(list)
        for place, (on, amount, way, one) in enumerate(known):
            groups[amount.cents > 0, way].append((on, place, one))
        self._groups = {key: sorted(rows) for key, rows in groups.items()}
        self._starts = {key: [row[0] for row in rows] for key, rows in self._groups.items()}

    def between(self, on: date, before: int, after: int, amount: Money, way: Way) -> Iterator[T]:
        """Yield what has the sign, a way that does not speak against it, and a day near enough."""
        # A line that was read before days were looked at can have the last day that there is.
        first = on - min(timedelta(before), on - date.min)
        last = on + min(timedelta(after), date.max - on)
        for own in Way if way is Way.ANY else (way, Way.ANY):
            key = (amount.cents > 0, own)
            starts = self._starts.get(key, [])
            rows = self._groups.get(key, [])
            for row in rows[bisect_left(starts, first) : bisect_right(starts, last)]:
                yield row[2]


def _first(most: int, found: Iterable[T]) -> list[T]:
    return list(islice(found, most))


def _may_be(line: OpenLine, item: Item) -> bool:
    """Return whether a line of this amount could be the item: no way or trace speaks against it."""
    way = way_of(line)
    if Way.ANY not in (way, item.way) and way is not item.way:
        return False
    if way is not Way.EFT or not line.trace or not item.references:
        return True
    # An EFT tells its own trace; a payout's code at the bank is not always the processor's id.
    told = {reference_key(one) for one in item.references}
    return reference_key(line.trace) in told or names(line.words, item.who)


def _part_of(line: OpenLine, item: Item) -> bool:
    """Return whether an item could be one of several that make a line.

    An EFT is a line of its own; only a payer that sends several at once names itself.
    """
    if (item.amount.cents > 0) != (line.amount.cents > 0) or not _may_be(line, item):
        return False
    if abs(item.amount.cents) >= abs(line.amount.cents) or item.kind is ItemKind.PAYOUT:
        return False
    if item.way is Way.EFT:
        return names(line.words, item.who)
    return item.way is not Way.CARD or item.kind is ItemKind.ENTRY


def _part_of_item(item: Item, line: OpenLine) -> bool:
    same = (item.amount.cents > 0) == (line.amount.cents > 0)
    return same and abs(line.amount.cents) < abs(item.amount.cents) and _may_be(line, item)


def _within(line: OpenLine, item: Item, before: int) -> bool:
    first = min(item.on, item.sent_on or item.on)
    return -before <= (item.on - line.on).days and (first - line.on).days <= AFTER


def _off(line: OpenLine, item: Item) -> tuple[int, ItemKind, int]:
    return (item.days_from(line.on), *item.key)


def _number(word: str) -> str:
    digits = word.strip("#:.,")
    return digits.lstrip("0") if digits.isdigit() else ""
