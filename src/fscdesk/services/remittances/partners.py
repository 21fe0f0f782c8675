"""Finds what belongs together of what a payer adjusts beside its claims (PLB). Pure.

A reference says which is meant. Where one of two has none, the same amount does; two references
that differ are two matters. By its amount alone what was taken settles only what the payer had
said before that it would take. Between two that are alike the older one is meant. All is found by
index: a check may bring thousands, and thousands may wait.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fscdesk.models.recoupment import RecoupmentKind
from fscdesk.services.ledger.accounts import PAYER_CREDITS, RECOUPMENTS
from fscdesk.services.remittances.answered import Plb

RECOVERED: Final = "WO"
OWED: Final = frozenset({RECOVERED, "FB", "AP", "J1", "PI", "WU"})
"""Recovery of what was overpaid, balances carried forward, advances: taken now or later."""
REFUND_SEEN: Final = "72"
"""The payer has got a refund of the practice; a WO of the same amount and reference offsets it."""
INTEREST: Final = frozenset({"L6", "CR"})
EXTRA: Final = frozenset({"CT", "IP", "BN"})
"""Capitation, incentive, bonus: income that is no claim's."""
PENALTIES: Final = frozenset({"50", "51", "L3", "LE"})
_BY_ITSELF: Final = INTEREST | EXTRA | PENALTIES
_OFFSETS: Final = {REFUND_SEEN: RECOVERED, RECOVERED: REFUND_SEEN}
_ANY: Final = None
"""In place of a reason or a reference: whichever."""


@dataclass(slots=True)
class OpenItem:
    """A recoupment that waits: what of it is left, as in its PLB (positive was taken), cents."""

    item_id: int
    kind: RecoupmentKind
    reason: str
    reference: str
    account: str
    amount: int
    left: int


def plain_reference(text: str) -> str:
    """Return a reference without what payers set differently."""
    return "".join(mark for mark in text.upper() if mark.isalnum())


def cancelled_of(found: Sequence[Plb]) -> dict[int, int]:
    """Return which PLBs of one remittance cancel each other, by position: of opposite amounts.

    The same reason with the same reference; or a recovery and the refund that the payer has got,
    where a reference that both have is the same.
    """
    other: dict[int, int] = {}
    waiting: dict[tuple[int, str, str | None], list[int]] = defaultdict(list)
    for at, plb in enumerate(found):
        reference = plain_reference(plb.reference)
        heads = [_first(waiting[key], found, other) for key in _opposites(plb, reference)]
        earlier = min((one for one in heads if one is not None), default=None)
        if earlier is not None:
            twin = found[earlier].position
            other[twin], other[plb.position] = plb.position, twin
            continue
        for named in (reference, _ANY):
            waiting[plb.cents, plb.reason, named].append(at)
    return other


def _opposites(plb: Plb, reference: str) -> Iterator[tuple[int, str, str | None]]:
    if reference and plb.reason not in _BY_ITSELF:
        yield -plb.cents, plb.reason, reference
    offset = _OFFSETS.get(plb.reason)
    if offset is not None:
        yield -plb.cents, offset, reference or _ANY
        if reference:
            yield -plb.cents, offset, ""


def _first(places: list[int], found: Sequence[Plb], gone: dict[int, int]) -> int | None:
    """Return the first place that is free still, and forget those before it."""
    free = next((at for at, one in enumerate(places) if found[one].position not in gone), None)
    del places[: len(places) if free is None else free]
    return places[0] if places else None


class Waiting:
    """What waits with a payer, found by its reference, and by what is left of it."""

    def __init__(self, items: Sequence[OpenItem]) -> None:
        """Take items oldest first; ``take`` lowers what is left of them."""
        self._items = list(items)
        self._places = {one.item_id: at for at, one in enumerate(items)}
        self._named: dict[tuple[str, bool], list[OpenItem]] = defaultdict(list)
        self._left: dict[tuple[int, str, bool, str | None], list[int]] = defaultdict(list)
        for at, one in enumerate(items):
            self._named[plain_reference(one.reference), one.left > 0].append(one)
            self._add(at)

    def partners(self, plb: Plb) -> list[OpenItem]:
        """Return what a PLB may settle: all of its reference; else one of its amount."""
        reference = plain_reference(plb.reference)
        if reference:
            alike = [one for one in self._named[reference, plb.cents < 0] if one.left]
            named = [one for one in alike if _may_settle(plb, one)]
            self._named[reference, plb.cents < 0] = alike
            if named:
                return named
        return self._of_amount(plb, named=bool(reference))

    def take(self, item: OpenItem, cents: int) -> None:
        """Lower what is left of an item by cents above zero."""
        item.left += cents if item.left < 0 else -cents
        self._add(self._places[item.item_id])

    def _of_amount(self, plb: Plb, *, named: bool) -> list[OpenItem]:
        """Return the oldest of the same amount, where not both have references."""
        accounts: tuple[str, ...]
        if plb.reason == REFUND_SEEN:
            accounts = (RECOUPMENTS,)
        elif plb.reason in OWED and plb.cents > 0:
            accounts = (PAYER_CREDITS, RECOUPMENTS)
        else:
            return []  # what is added later is not what was taken, by its amount alone
        either = (False,) if named else (False, True)
        for reason in (plb.reason, _ANY):
            heads = [
                self._oldest((-plb.cents, account, has, reason))
                for account in accounts
                for has in either
            ]
            places = [one for one in heads if one is not None]
            if places:
                return [self._items[min(places)]]
        return []

    def _oldest(self, key: tuple[int, str, bool, str | None]) -> int | None:
        places = self._left[key]
        while places and self._items[places[0]].left != key[0]:
            heapq.heappop(places)
        return places[0] if places else None

    def _add(self, at: int) -> None:
        one = self._items[at]
        if one.left:
            has = bool(plain_reference(one.reference))
            for reason in (one.reason, _ANY):
                heapq.heappush(self._left[one.left, one.account, has, reason], at)


def _may_settle(plb: Plb, item: OpenItem) -> bool:
    """Return whether a PLB may settle an item of its reference and of the opposite sign."""
    if plb.reason in OWED:
        return True
    if item.account != RECOUPMENTS:
        return False
    return plb.reason in (REFUND_SEEN, item.reason)
