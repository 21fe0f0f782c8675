"""What an explained balance says: each movement of each charge in a sentence, to what is left.

Changes carry the sign with which they change what the recipient owes. The sentences are the
caller's; a page for a patient has no diagnosis.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import ZERO, Money
from fscdesk.services.printing.parties import Letterhead, Recipient
from fscdesk.services.printing.sums import must_be, must_hold, total


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """One movement: its day, what happened, and the charge's balance after it."""

    day: date
    sentence: str
    change: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class ExplainedCharge:
    """One charge from its first day to now; without a day: money that is not on a charge."""

    day: date | None
    service: str
    clinician: str
    steps: tuple[ExplainedStep, ...]
    patient: str = ""

    def left(self) -> Money:
        """What is open of it now."""
        return self.steps[-1].balance


@dataclass(frozen=True, slots=True)
class ExplanationDoc:
    """One account's balance, explained to who pays it.

    Raises ValueError where a balance does not follow from the steps before it, or the charges do
    not add up to the total.
    """

    letterhead: Letterhead
    account: str
    day: date
    recipient: Recipient
    charges: tuple[ExplainedCharge, ...]
    total: Money
    closing: str = ""
    """What to do now. Empty: what is left to pay, or that nothing is."""

    def __post_init__(self) -> None:
        """Refuse figures that do not add up."""
        for charge in self.charges:
            name = f"“{charge.service}”{f' of {charge.day}' if charge.day else ''}"
            must_hold(charge.steps, f"{name} has no movement")
            balance = ZERO
            for step in charge.steps:
                balance += step.change
                must_be(f"{name}, “{step.sentence}”", step.balance, balance)
        left = total(charge.left() for charge in self.charges)
        must_be(f"account {self.account}", self.total, left)
