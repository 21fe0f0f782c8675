"""What an appeal letter says: to which payer, about which claim, why its denial is wrong.

The sentences are the practice's template and the biller's argument, merged by the caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.printing.parties import Letterhead, Recipient
from fscdesk.services.printing.sums import must_be, must_hold, total


@dataclass(frozen=True, slots=True)
class AppealedLine:
    """One service that was denied: its day, its code with modifiers, what was charged."""

    service_day: date
    code: str
    reason: str
    """Why the payer denied it, as it said: ``CARC 197``."""
    amount: Money


@dataclass(frozen=True, slots=True)
class AppealLetterDoc:
    """One letter. Raises ValueError where the lines are not the total, or it argues nothing."""

    letterhead: Letterhead
    number: str
    day: date
    recipient: Recipient
    claim: str
    payer_claim: str
    """The payer's own number of the claim; empty where it is not known."""
    member: str
    """The client as the payer knows him: his name, then his member id."""
    member_id: str
    denied_on: date | None
    level: int
    paragraphs: tuple[str, ...]
    lines: tuple[AppealedLine, ...]
    total: Money
    signed: str = ""
    """Who answers for it in the office."""
    born_on: date | None = None
    npi: str = ""
    tax_id: str = ""
    """The practice's own numbers, by which a payer finds who asks."""
    preview: bool = False
    """A letter that is not kept yet says so."""

    def __post_init__(self) -> None:
        """Refuse a letter that does not add up."""
        name = f"appeal letter {self.number}"
        must_hold(any(one.strip() for one in self.paragraphs), f"{name} says nothing")
        must_hold(bool(self.lines), f"{name} is about nothing")
        must_be(name, self.total, total(line.amount for line in self.lines))
