"""What a statement says, before anybody decides where it stands on the page.

Amounts carry the sign with which they change the balance: a charge is positive, a payment is
negative. Nothing here knows a diagnosis; `what` is the practice's own short name of a service.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import ZERO, Money

AGE_NAMES = ("0 to 30 days", "31 to 60", "61 to 90", "91 to 120", "Over 120")


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One row of activity, and the section's balance after it."""

    day: date | None
    what: str
    balance: Money
    charge: Money | None = None
    paid: Money | None = None
    insurance: Money | None = None
    adjusted: Money | None = None


@dataclass(frozen=True, slots=True)
class StatementTotals:
    """Sums of lines by column, and the balance that they lead to."""

    charge: Money = ZERO
    paid: Money = ZERO
    insurance: Money = ZERO
    adjusted: Money = ZERO
    balance: Money = ZERO

    def __add__(self, other: StatementTotals) -> StatementTotals:
        return StatementTotals(
            self.charge + other.charge,
            self.paid + other.paid,
            self.insurance + other.insurance,
            self.adjusted + other.adjusted,
            self.balance + other.balance,
        )


@dataclass(frozen=True, slots=True)
class StatementSection:
    """The activity of one patient. A guarantor who pays for several gets one section each."""

    lines: tuple[StatementLine, ...]
    previous_balance: Money = ZERO
    heading: str = ""
    """The patient's name; printed only where a statement has several sections."""

    def totals(self) -> StatementTotals:
        """The sums of the lines; the balance is the one before plus all of them."""
        charge = paid = insurance = adjusted = 0
        for line in self.lines:
            charge += line.charge.cents if line.charge else 0
            paid += line.paid.cents if line.paid else 0
            insurance += line.insurance.cents if line.insurance else 0
            adjusted += line.adjusted.cents if line.adjusted else 0
        balance = self.previous_balance.cents + charge + paid + insurance + adjusted
        return StatementTotals(
            Money(charge), Money(paid), Money(insurance), Money(adjusted), Money(balance)
        )


@dataclass(frozen=True, slots=True)
class StatementAges:
    """What is owed by age, the credits not yet applied (positive), and what is due now."""

    owed: tuple[Money, Money, Money, Money, Money] = (ZERO, ZERO, ZERO, ZERO, ZERO)
    """0 to 30, 31 to 60, 61 to 90, 91 to 120, over 120 days."""
    credits: Money = ZERO
    due_now: Money = ZERO


@dataclass(frozen=True, slots=True)
class StatementDoc:
    """One recipient's statement: one account, nobody else's."""

    number: str
    day: date
    account: str
    period_from: date
    period_to: date
    due_by: date | None
    recipient_name: str
    recipient_address: tuple[str, ...]
    sections: tuple[StatementSection, ...]
    ages: StatementAges
    amount_due: Money
    note: str = ""
    """Quiet, beside the heading: ``Sessions with Mockley O’Sample``."""
    message: str = ""
    """Below the ages. Empty: whom to call with a question."""
    instructions: str = ""
    """How to pay, under the amount due. Empty: with the slip, or by a call."""
    in_parts: bool = False
    """A payment plan asks for less than is owed: the ages end in the total, not in what is due."""

    def totals(self) -> StatementTotals:
        """The sums over all sections."""
        total = StatementTotals()
        for section in self.sections:
            total = total + section.totals()
        return total

    def adjusts(self) -> bool:
        """Whether any line has an adjustment, which makes a column of its own."""
        return any(line.adjusted is not None for part in self.sections for line in part.lines)
