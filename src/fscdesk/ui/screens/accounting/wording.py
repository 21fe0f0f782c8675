"""Words and marks of the books: kinds of entries, types of accounts, states of months."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fscdesk.models.values import ZERO, Money
from fscdesk.services.accounting.chart import AccountType, CashFlow
from fscdesk.services.accounting.closing_periods import PeriodStatus
from fscdesk.services.accounting.journal import EntryKind
from fscdesk.services.ledger.entry_words import KIND_WORDS
from fscdesk.ui.theme import Status

_BY_HAND: Final = frozenset({EntryKind.MANUAL, EntryKind.ADJUSTING})
_RARE: Final = frozenset({EntryKind.CLOSING, EntryKind.OPENING})

TYPES: Final[Mapping[AccountType, str]] = {
    AccountType.ASSET: "Asset",
    AccountType.LIABILITY: "Liability",
    AccountType.EQUITY: "Equity",
    AccountType.INCOME: "Income",
    AccountType.EXPENSE: "Expense",
}
FLOWS: Final[Mapping[CashFlow, str]] = {
    CashFlow.CASH: "Cash itself",
    CashFlow.OPERATING: "Operating",
    CashFlow.INVESTING: "Investing",
    CashFlow.FINANCING: "Financing",
}
STATES: Final[Mapping[PeriodStatus, Status]] = {
    PeriodStatus.OPEN: Status("Open", "green", "lock-open"),
    PeriodStatus.SOFT_CLOSED: Status("Soft-closed", "amber", "lock"),
    PeriodStatus.CLOSED: Status("Closed", "neutral", "lock"),
}
REVERSED: Final = Status("Turned back", "neutral", "undo-2")
LATE: Final = Status("Into a closed month", "orange", "lock")


def kind_mark(kind: EntryKind) -> Status:
    """Return the badge of a kind: a person's entries stand out from those of documents."""
    if kind in _BY_HAND:
        return Status(KIND_WORDS[kind], "blue", "pen-line")
    if kind in _RARE:
        return Status(KIND_WORDS[kind], "violet", "book-open")
    if kind is EntryKind.REVERSAL:
        return Status(KIND_WORDS[kind], "neutral", "undo-2")
    if kind in (EntryKind.DEPOSIT, EntryKind.BANK):
        return Status(KIND_WORDS[kind], "teal", "landmark")
    return Status(KIND_WORDS[kind], "slate", "file-text")


def entry_mark(kind: EntryKind, *, turned_back: bool) -> Status:
    """Return the badge of an entry in a list: one that was turned back counts for nothing now."""
    return REVERSED if turned_back else kind_mark(kind)


def debit(amount: Money) -> Money | None:
    """Return a debit as it stands in its column; None for a credit."""
    return amount if amount > ZERO else None


def credit(amount: Money) -> Money | None:
    """Return a credit as it stands in its column, without a sign; None for a debit."""
    return -amount if amount < ZERO else None
