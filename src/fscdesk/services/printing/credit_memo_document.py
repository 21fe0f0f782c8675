"""What a credit memo says: what the practice takes back of its charges, and where that went.

Amounts are positive: they are what the recipient owes less.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import ZERO, Money
from fscdesk.services.printing.parties import Letterhead, Recipient
from fscdesk.services.printing.sums import must_be, must_hold, total


@dataclass(frozen=True, slots=True)
class CreditMemoLine:
    """One charge, and how much of it is taken back."""

    day: date
    what: str
    patient: str
    amount: Money


@dataclass(frozen=True, slots=True)
class CreditMemoUse:
    """Where a part of the memo went."""

    day: date
    what: str
    """``Applied to invoice INV-2026-00042``."""
    amount: Money


@dataclass(frozen=True, slots=True)
class CreditMemoDoc:
    """One credit memo.

    Raises ValueError where it has lines that are not its amount, more is used than there is, or it
    is void without a reason.
    """

    letterhead: Letterhead
    number: str
    account: str
    issued: date
    recipient: Recipient
    reason: str
    """In a sentence, for the recipient."""
    amount: Money
    left: Money
    """What has not been used; of a void memo, what was taken back."""
    lines: tuple[CreditMemoLine, ...] = ()
    """The charges that it is about; empty where it is about the account."""
    uses: tuple[CreditMemoUse, ...] = ()
    invoice: str = ""
    """The number of the invoice that it corrects."""
    void_on: date | None = None
    void_reason: str = ""

    def __post_init__(self) -> None:
        """Refuse figures that do not add up."""
        name = f"credit memo {self.number}"
        must_hold(self.amount > ZERO, f"{name} is for {self.amount}")
        if self.lines:
            must_be(name, self.amount, total(line.amount for line in self.lines))
        must_be(f"{name}, left", self.left, self.amount - total(use.amount for use in self.uses))
        must_hold(self.left >= ZERO, f"{name} is used for more than it is")
        must_hold(self.void_on is None or self.void_reason.strip(), f"{name} has no void reason")
