"""What is proposed for a line of the bank: what of ours it is, why, and what else it could be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from fscdesk.models.reconciliation import MatchedBy
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.match_items import (
    DepositToMake,
    EntryToMake,
    Item,
    ItemKind,
    OpenLine,
    Returnable,
    deposits_of,
)
from fscdesk.services.banking.sums import Reach


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of several things that the lines could be; which, a person says."""

    items: tuple[Item, ...] = ()
    entry: EntryToMake | None = None
    rule_id: int | None = None

    @property
    def words(self) -> str:
        """Return what it is, for a list to choose from."""
        if self.entry is not None:
            return self.entry.memo
        return ", ".join(f"{one.label} {one.amount}" for one in self.items)


@dataclass(frozen=True)
class Proposal:
    """What one or more lines are. Nothing is done by it: ``accepting.accept`` does.

    ``reach``: ONE is what is proposed, SEVERAL leaves the choice among ``alternatives`` to a
    person (``more``: there may be others), NONE has found nothing, UNDECIDED has too much to look
    through. ``certain``: a trace
    and the amount agree exactly, so that it may be done without a person. ``returns`` names
    payments that the bank may have taken back: they are recorded as returned first. ``hold``
    offers to keep the money in suspense, ``sends_back`` names the suspense that left again.
    """

    by: MatchedBy
    why: str
    reach: Reach
    lines: tuple[OpenLine, ...]
    items: tuple[Item, ...] = ()
    entry_to_make: EntryToMake | None = None
    alternatives: tuple[Alternative, ...] = ()
    more: bool = False
    returns: tuple[Returnable, ...] = ()
    certain: bool = False
    hold: bool = False
    sends_back: int | None = None
    payer_id: int | None = None
    rule_id: int | None = None

    @cached_property
    def key(self) -> str:
        """Return what names the proposal while nothing of it changes: its lines and its items."""
        lines = ",".join(str(one.id) for one in self.lines)
        items = ",".join(f"{one.kind[0:2]}{one.id}" for one in self.items)
        return f"{self.by}:{lines}:{items}"

    @property
    def entries(self) -> tuple[int, ...]:
        """Return the ids of the journal entries that the lines are."""
        return tuple(one.id for one in self.items if one.kind is ItemKind.ENTRY)

    @property
    def deposits_to_make(self) -> tuple[DepositToMake, ...]:
        """Return the deposits that accepting would make."""
        return deposits_of(self.items)

    @property
    def amount(self) -> Money:
        """Return what the lines come to."""
        return sum((one.amount for one in self.lines), ZERO)

    @property
    def is_complete(self) -> bool:
        """Return whether accepting it as it is would do something."""
        made = bool(self.items) or self.entry_to_make is not None
        return self.reach is Reach.ONE and (made or self.sends_back is not None)
