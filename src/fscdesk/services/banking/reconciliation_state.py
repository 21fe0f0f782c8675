"""How a reconciliation stands: typed figures and lists, and what still keeps it from completing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from fscdesk.models.ledger import EntryKind
from fscdesk.models.reconciliation import ReconciliationStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.told_start import ToldStart

_NAMED = 12
"""So many open lines are named one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class BookItem:
    """An entry of ours on the bank's account: ``amount`` is its sum there, money in is positive.

    ``document`` is the number of the deposit or suspense that it is of, else the entry's own.
    ``note`` is what a person wrote who has seen it, ``seen`` whether one has.
    """

    entry_id: int
    number: str
    kind: EntryKind
    on: date
    words: str
    amount: Money
    document: str
    note: str = ""
    seen: bool = False


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A line of the bank up to the last day; ``match_id`` is None while nothing explains it."""

    line_id: int
    on: date
    amount: Money
    words: str
    match_id: int | None

    def named(self) -> str:
        """Return ``61.75 of 03/30/2026 (FICTA CLAIM PAYMENT)``."""
        return f"{self.amount} of {self.on:%m/%d/%Y} ({self.words})"


@dataclass(frozen=True, slots=True)
class ReconciliationState:
    """One period of one account on its last day.

    Bank side: ``opening`` + ``cleared_in`` + ``cleared_out`` must be ``statement``. Book side:
    ``statement`` + ``in_transit`` + ``outstanding`` - ``booked_after`` must be ``book``, what the
    ledger holds on the last day. ``booked_after`` are entries of later days whose money the bank
    had by then; ``across`` are lines matched together with lines of later days; ``before`` is by
    how much the books and the bank differ on the day before the first. ``lacks_start``: nobody
    has said what the account began with; ``told_start`` is what its oldest file says.
    """

    id: int
    number: str
    account_id: int
    account_name: str
    account: str
    first_day: date
    last_day: date
    status: ReconciliationStatus
    opening: Money
    statement: Money
    book: Money
    before: Money
    cleared: tuple[StatementLine, ...]
    open_lines: tuple[StatementLine, ...]
    across: tuple[StatementLine, ...]
    in_transit: tuple[BookItem, ...]
    outstanding: tuple[BookItem, ...]
    booked_after: tuple[BookItem, ...]
    version: int
    lacks_start: bool = False
    told_start: ToldStart | None = None

    @property
    def cleared_in(self) -> Money:
        """Return the money in that is matched."""
        return sum((one.amount for one in self.cleared if one.amount > ZERO), ZERO)

    @property
    def cleared_out(self) -> Money:
        """Return the money out that is matched, below zero."""
        return sum((one.amount for one in self.cleared if one.amount < ZERO), ZERO)

    @property
    def cleared_balance(self) -> Money:
        """Return what the bank should have by what is matched."""
        return self.opening + self.cleared_in + self.cleared_out

    @property
    def difference(self) -> Money:
        """Return what the statement has more than that; 0.00 where the bank side agrees."""
        return self.statement - self.cleared_balance

    @property
    def adjusted(self) -> Money:
        """Return the statement with what is on the way: what our books should hold."""
        return (
            self.statement
            + summed(self.in_transit)
            + summed(self.outstanding)
            - summed(self.booked_after)
        )

    @property
    def unexplained(self) -> Money:
        """Return what our books hold more than that; 0.00 where the book side agrees."""
        return self.book - self.adjusted

    @property
    def missing(self) -> tuple[str, ...]:
        """Return what keeps it from completing, a sentence each; empty when it can."""
        return tuple(self._missing())

    @property
    def ready(self) -> bool:
        """Return whether it can be completed."""
        return not self.missing

    def _missing(self) -> Iterator[str]:
        if self.open_lines:
            named = [one.named() for one in self.open_lines[:_NAMED]]
            more = len(self.open_lines) - len(named)
            rest = f", and {more} more" if more else ""
            lines = "line is" if len(self.open_lines) == 1 else "lines are"
            yield f"{len(self.open_lines)} {lines} not matched: {', '.join(named)}{rest}."
        for one in self.across:
            yield (
                f"{one.named()} is matched together with lines after {self.last_day:%m/%d/%Y}: "
                "take that match apart."
            )
        if self.lacks_start and (self.difference or self.before):
            told = f": the file says {self.told_start.words}" if self.told_start else ""
            yield f"{self.account_name} has no starting balance{told}."
        if self.before:
            yield (
                f"Before {self.first_day:%m/%d/%Y} the books and the bank differ by "
                f"{self.before}: post the opening balance, or mark what was outstanding then."
            )
        if self.difference:
            yield (
                f"The matched lines come to {self.cleared_balance}, the statement says "
                f"{self.statement}: {self.difference} is missing."
            )
        elif self.unexplained and self.unexplained != self.before:
            yield (
                f"The books hold {self.book}, by the statement and what is on the way it should "
                f"be {self.adjusted}: {self.unexplained} is unexplained."
            )


def summed(items: tuple[BookItem, ...]) -> Money:
    """Return the sum of items."""
    return sum((one.amount for one in items), ZERO)
