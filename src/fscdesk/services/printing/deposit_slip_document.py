"""What a deposit slip says: the bank, the day, the cash by its notes, the checks, the total.

It names nobody: a bank needs the number and the amount of a check, and no client's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import ZERO, Money
from fscdesk.services.printing.parties import Letterhead
from fscdesk.services.printing.sums import must_be, must_hold, total


@dataclass(frozen=True, slots=True)
class SlipCash:
    """So many notes or coins of one value."""

    value: Money
    count: int

    @property
    def amount(self) -> Money:
        """Return what they come to."""
        return Money(self.value.cents * self.count)


@dataclass(frozen=True, slots=True)
class SlipItem:
    """A check, or another item: the number on it, our number, its amount."""

    reference: str
    number: str
    amount: Money


@dataclass(frozen=True, slots=True)
class DepositSlipDoc:
    """One slip.

    Raises ValueError where cash, checks and the rest, less fees, are not its amount, or where the
    notes that were counted are not the cash.
    """

    letterhead: Letterhead
    number: str
    on: date
    bank: str
    account: str
    """Name and last digits: ``Operating account ···1234``."""
    amount: Money
    cash: Money = ZERO
    counted: tuple[SlipCash, ...] = ()
    checks: tuple[SlipItem, ...] = ()
    others: tuple[SlipItem, ...] = ()
    """Card payments, EFTs, and refunds that were kept back (below zero)."""
    fees: Money = ZERO
    reference: str = ""
    note: str = ""
    undone_on: date | None = None
    undone_why: str = ""

    def __post_init__(self) -> None:
        """Refuse figures that do not add up."""
        gross = self.cash + self.of_checks() + self.of_others()
        must_be(f"deposit slip {self.number}", self.amount, gross - self.fees)
        if self.counted:
            counted = total(one.amount for one in self.counted)
            must_be(f"the cash of deposit slip {self.number}", self.cash, counted)
        must_hold(
            self.undone_on is None or self.undone_why.strip(),
            f"deposit slip {self.number} is undone, but no reason is given",
        )

    def of_checks(self) -> Money:
        """Return what the checks come to."""
        return total(one.amount for one in self.checks)

    def of_others(self) -> Money:
        """Return what all else comes to."""
        return total(one.amount for one in self.others)
