"""What a reconciliation says on paper: the bank's side, our side, and what lies between them.

Money in is positive, money out below zero, on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.printing.parties import Letterhead
from fscdesk.services.printing.sums import must_be, total


@dataclass(frozen=True, slots=True)
class ReconciliationLine:
    """A line of the bank, or an entry of ours: ``document`` is its number, if it has one."""

    day: date
    words: str
    amount: Money
    document: str = ""


@dataclass(frozen=True, slots=True)
class ReconciliationDoc:
    """One reconciled period of one account.

    Raises ValueError where opening and cleared are not the statement, or the statement with what
    is on the way is not what the books held.
    """

    letterhead: Letterhead
    number: str
    account: str
    """``Operating account ···1234``."""
    bank: str
    ledger: str
    """The account of the ledger: ``1000``."""
    first_day: date
    last_day: date
    opening: Money
    statement: Money
    book: Money
    cleared: tuple[ReconciliationLine, ...]
    in_transit: tuple[ReconciliationLine, ...]
    outstanding: tuple[ReconciliationLine, ...]
    booked_after: tuple[ReconciliationLine, ...]
    completed_by: str
    completed_at: str
    """Day and time in the office's zone: ``04/03/2026 14:05``."""

    def __post_init__(self) -> None:
        """Refuse figures that do not add up."""
        what = f"reconciliation {self.number}"
        must_be(what, self.statement, self.opening + total(one.amount for one in self.cleared))
        must_be(f"{what}, books", self.book, self.statement + self.between())

    @property
    def cleared_in(self) -> tuple[ReconciliationLine, ...]:
        """Return what came."""
        return tuple(one for one in self.cleared if one.amount.cents > 0)

    @property
    def cleared_out(self) -> tuple[ReconciliationLine, ...]:
        """Return what went."""
        return tuple(one for one in self.cleared if one.amount.cents < 0)

    def between(self) -> Money:
        """Return what the books have more than the bank."""
        ours = total(one.amount for one in (*self.in_transit, *self.outstanding))
        return ours - total(one.amount for one in self.booked_after)
