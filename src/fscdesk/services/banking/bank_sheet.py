"""The bank's month beside ours: one row for each match, each proposal, each item of ours alone.

    sheet = bank_sheet(work, account_id, reconciliation_id)
    page = page_of_sheet(sheet, SheetFilter(text="61.75"), span)

Values only; ``bank_sheet_reading`` asks the books. What nobody has finished comes first.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fscdesk.models.reconciliation import MatchedBy, ReconciliationStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.line_meaning import (
    account_named,
    says_eft,
    says_payer,
    way_of,
)
from fscdesk.services.banking.match_drafts import MatchDraft
from fscdesk.services.banking.match_items import Item, Returnable, Way, deposits_of
from fscdesk.services.banking.match_proposals import Alternative, Proposal
from fscdesk.services.banking.reconciliation_state import ReconciliationState
from fscdesk.services.banking.sums import Reach
from fscdesk.services.paging import Page, Span

__all__ = [
    "Alternative",
    "BankSheet",
    "MatchedBy",
    "Proposal",
    "Reach",
    "ReconciliationStatus",
    "Returnable",
    "SheetFilter",
    "SheetMark",
    "SheetPeriod",
    "SheetRow",
    "near_items",
    "page_of_sheet",
    "sheet_draft",
]


class SheetMark(enum.StrEnum):
    """How a row stands, what needs a person most first."""

    UNMATCHED = "unmatched"
    PROPOSED = "proposed"
    IN_TRANSIT = "in_transit"
    TO_DEPOSIT = "to_deposit"
    HELD = "held"
    MATCHED = "matched"
    LOCKED = "locked"


_RANK: Final = {mark: place for place, mark in enumerate(SheetMark)}
_FINISHED: Final = frozenset({SheetMark.HELD, SheetMark.MATCHED, SheetMark.LOCKED})


@dataclass(frozen=True)
class SheetRow:
    """A line of the bank beside what of ours it is; either side may be empty.

    ``line_ids`` and ``entry_ids`` are what stands on the two sides for a match by hand; a row
    with ``match_id`` is matched. ``item`` is money of ours that waits in 1050. ``seen`` says
    that a person has confirmed what is on its way, ``why`` the reason of match or proposal.
    """

    id: int
    mark: SheetMark
    line_ids: tuple[int, ...] = ()
    bank_on: date | None = None
    bank_says: str = ""
    bank_detail: str = ""
    bank_amount: Money | None = None
    bank_words: str = ""
    trace: str = ""
    sender: str = ""
    entry_ids: tuple[int, ...] = ()
    book_on: date | None = None
    book_says: str = ""
    book_detail: str = ""
    book_amount: Money | None = None
    match_id: int | None = None
    suspense_id: int | None = None
    seen: bool = False
    why: str = ""
    note: str = ""
    proposal: Proposal | None = None
    item: Item | None = None

    @property
    def is_done(self) -> bool:
        """Return whether no person has to look at it again."""
        return self.mark in _FINISHED or self.mark is SheetMark.TO_DEPOSIT or self.seen

    @property
    def amount(self) -> Money:
        """Return the bank's amount, or ours where the bank has none."""
        return self.bank_amount if self.bank_amount is not None else self.book_amount or ZERO

    @property
    def on(self) -> date:
        """Return the bank's day, or ours."""
        return self.bank_on or self.book_on or date.min

    @property
    def returns(self) -> tuple[Returnable, ...]:
        """Return the payments of which the bank may have taken one back."""
        return self.proposal.returns if self.proposal is not None else ()

    @property
    def is_eft(self) -> bool:
        """Return whether the bank's words are those of a payer's electronic payment."""
        return says_eft(self.bank_words, self.sender)

    @property
    def may_be_payers(self) -> bool:
        """Return whether the words say ACH, EFT or a claim payment: an EOB may tell what it is."""
        return self.amount > ZERO and says_payer(self.bank_words, self.sender)

    @property
    def account_said(self) -> str:
        """Return the account that the line's words or a confirmed rule mean; "" for none."""
        one = self.proposal
        if one is None:
            return ""
        made = one.entry_to_make
        if made is not None and len(made.legs) == 1:
            return made.legs[0].account
        return account_named(one.lines[0])

    @property
    def is_carried(self) -> bool:
        """Return whether the bank calls it a deposit that somebody brought."""
        one = self.proposal
        return one is not None and way_of(one.lines[0]) is Way.COUNTER

    @property
    def sets(self) -> tuple[Alternative, ...]:
        """Return what the line could be where a person has to choose."""
        one = self.proposal
        return one.alternatives if one is not None and one.reach is Reach.SEVERAL else ()


@dataclass(frozen=True, slots=True)
class SheetPeriod:
    """A period of an account: reconciled, begun, or (``reconciliation_id`` None) not begun.

    ``last_day`` and ``statement`` of one that is not begun are what the newest file tells.
    """

    reconciliation_id: int | None
    number: str
    last_day: date | None
    statement: Money | None
    completed: bool = False


@dataclass(frozen=True)
class BankSheet:
    """All rows of a period, and how its reconciliation stands; None where none is begun."""

    account_id: int
    label: str
    period: SheetPeriod
    rows: tuple[SheetRow, ...]
    state: ReconciliationState | None = None
    document_id: int | None = None

    @property
    def unfinished(self) -> int:
        """Return how many rows wait for a person."""
        return sum(not row.is_done for row in self.rows)

    def counts(self) -> Mapping[SheetMark, int]:
        """Return how many rows each mark has."""
        return Counter(row.mark for row in self.rows)


@dataclass(frozen=True, slots=True)
class SheetFilter:
    """Which rows: marks (none: all but what waits for a deposit), money in or out, words."""

    marks: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    text: str = ""

    def takes(self, row: SheetRow) -> bool:
        """Return whether a row is asked for."""
        if self.marks:
            if row.mark.value not in self.marks:
                return False
        elif row.mark is SheetMark.TO_DEPOSIT and not self.text.strip():
            return False
        if self.ways and ("in" if row.amount >= ZERO else "out") not in self.ways:
            return False
        told = _told(row)
        return all(word in told for word in self.text.casefold().replace(",", "").split())


def _told(row: SheetRow) -> str:
    amounts = [one.plain() for one in (row.bank_amount, row.book_amount) if one is not None]
    words = (row.bank_says, row.bank_detail, row.bank_words, row.book_says, row.book_detail)
    return " ".join((*words, *amounts, row.note)).casefold()


def _standing(row: SheetRow) -> tuple[Any, ...]:
    rank = len(_RANK) if row.is_done else _RANK[row.mark]
    return (rank, -row.on.toordinal())


_SORTS: Final[Mapping[str, Callable[[SheetRow], Any]]] = {
    "standing": _standing,
    "bank_on": lambda row: row.bank_on or date.min,
    "bank_says": lambda row: row.bank_says.casefold(),
    "bank_amount": lambda row: row.bank_amount or ZERO,
    "book_on": lambda row: row.book_on or date.min,
    "book_says": lambda row: row.book_says.casefold(),
    "book_amount": lambda row: row.book_amount or ZERO,
}


def page_of_sheet(sheet: BankSheet, wanted: SheetFilter, span: Span) -> Page[SheetRow]:
    """Return some rows; sorts: standing (not finished first), and the columns of both sides."""
    found = sorted((row for row in sheet.rows if wanted.takes(row)), key=lambda row: row.id)
    found.sort(key=_SORTS.get(span.sort, _standing), reverse=span.descending)
    sums = {
        "bank_amount": sum((row.bank_amount or ZERO for row in found), ZERO),
        "book_amount": sum((row.book_amount or ZERO for row in found), ZERO),
    }
    rows = tuple(found[span.start : span.start + span.size])
    return Page(span.start, len(found), rows, sums)


def sheet_draft(account_id: int, rows: Sequence[SheetRow]) -> MatchDraft:
    """Return the match of what a person ticked on both sides.

    A line that was proposed to be something else is taken as the line alone.
    """
    items = [row.item for row in rows if row.item is not None and not row.line_ids]
    return MatchDraft(
        account_id,
        tuple(ident for row in rows for ident in row.line_ids),
        entry_ids=tuple(ident for row in rows if not row.line_ids for ident in row.entry_ids),
        deposits=deposits_of(items),
        by=MatchedBy.HAND,
        why="Matched by hand",
    )


def near_items(sheet: BankSheet, row: SheetRow, most: int = 3) -> tuple[SheetRow, ...]:
    """Return the open items of ours whose amount is nearest to a line's, none of them exact.

    Only what has its sign, and is off by a fifth at most: what may have been mistyped or split.
    """
    amount = row.amount.cents
    fitting = [
        one
        for one in sheet.rows
        if not one.line_ids
        and (one.amount.cents > 0) == (amount > 0)
        and 0 < abs(one.amount.cents - amount) * 5 <= abs(amount)
    ]
    fitting.sort(key=lambda one: (abs(one.amount.cents - amount), one.id))
    return tuple(fitting[:most])
