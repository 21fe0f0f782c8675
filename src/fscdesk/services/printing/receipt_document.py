"""What a receipt says: money that came, what it paid, and what is left of it.

Amounts are positive: they are what the office took.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.printing.parties import Letterhead, Recipient
from fscdesk.services.printing.sums import must_be, must_hold, total


class ReceiptState(enum.Enum):
    """Whether the payment stands."""

    STANDS = "stands"
    RETURNED = "Returned"
    VOID = "Void"


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One charge and how much of the payment went to it."""

    day: date
    patient: str
    service: str
    """The practice's own short name."""
    code: str
    amount: Money


@dataclass(frozen=True, slots=True)
class ReceiptCredit:
    """What was not used, by its type and owner."""

    kind: str
    """In the sentence ``Kept as …``: ``prepayment``."""
    owner: str
    amount: Money


@dataclass(frozen=True, slots=True)
class ReceiptDoc:
    """One payment's receipt.

    Raises ValueError where the charges and credits are not the amount received, or where a
    payment that does not stand has no reason.
    """

    letterhead: Letterhead
    number: str
    received_at: str
    """Day and time in the office's zone: ``03/04/2026 14:05``."""
    account: str
    payer: Recipient
    method: str
    """A payment method's value: ``check``, ``card``, …; others are printed as they are."""
    reference: str
    amount: Money
    remaining: Money
    """The account's balance after it; negative is a credit balance."""
    lines: tuple[ReceiptLine, ...] = ()
    credits: tuple[ReceiptCredit, ...] = ()
    received_by: str = ""
    state: ReceiptState = ReceiptState.STANDS
    state_reason: str = ""
    """In a sentence: ``The bank returned it on 03/10/2026: not sufficient funds.``"""
    thanks: str = "Thank you for your payment."
    from_payer: bool = False
    """Then ``account`` is the payer's short name, and its EOB may come without money: 0.00."""

    def __post_init__(self) -> None:
        """Refuse figures that do not add up."""
        least = 0 if self.from_payer else 1
        must_hold(self.amount.cents >= least, f"receipt {self.number} is for {self.amount}")
        must_be(f"receipt {self.number}", self.amount, self.applied() + self.kept())
        must_hold(
            self.state is ReceiptState.STANDS or self.state_reason.strip(),
            f"receipt {self.number} is {self.state.value.lower()}, but no reason is given",
        )

    def applied(self) -> Money:
        """What went to charges."""
        return total(line.amount for line in self.lines)

    def kept(self) -> Money:
        """What was not used."""
        return total(credit.amount for credit in self.credits)
