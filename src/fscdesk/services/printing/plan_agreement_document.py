"""What a payment plan agreement says: what is owed, when each part is due, and what it costs.

Amounts are positive. Interest is simple and stated whole before anybody signs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from fscdesk.models.values import ZERO, Money
from fscdesk.services.printing.parties import Letterhead, Recipient
from fscdesk.services.printing.sums import must_be, must_hold, total


@dataclass(frozen=True, slots=True)
class PlanCharge:
    """One charge that the plan pays, and what is open of it."""

    day: date
    what: str
    patient: str
    amount: Money


@dataclass(frozen=True, slots=True)
class PlanPayment:
    """One payment of the schedule."""

    number: int
    due_on: date
    principal: Money
    interest: Money
    amount: Money
    remaining: Money
    """Principal that is left after it."""


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What the practice's policy says, in figures; the agreement says it in sentences."""

    apr: Decimal = Decimal(0)
    """Percent a year, simple."""
    late_fee_least: Money = ZERO
    late_fee_percent: Decimal = Decimal(0)
    """Of the late payment; the greater of the two is charged."""
    grace_days: int = 10
    """Days after its due date in which a payment is not late; after them it is missed."""
    default_after: int = 2
    """At how many missed payments all of it may become due."""
    auto_pay: str = ""
    """What is charged on each due date: ``the card ending in 4242``. Empty: the client pays."""
    auto_pay_discount: Money = ZERO
    """What is taken off when every payment is made so."""
    default_clause: str = ""
    """Instead of the usual sentence."""
    early_clause: str = ""
    """Instead of the usual sentence."""


@dataclass(frozen=True, slots=True)
class PlanAgreementDoc:
    """One plan, to be signed by both.

    Raises ValueError where the charges are not what is owed, the schedule does not lead to zero,
    a payment is not principal and interest, days are not in order, or a sum is another one.
    """

    letterhead: Letterhead
    number: str
    account: str
    made_on: date
    debtor: Recipient
    charges: tuple[PlanCharge, ...]
    owed: Money
    down_payment: Money
    financed: Money
    payments: tuple[PlanPayment, ...]
    total_interest: Money
    total_of_payments: Money
    """All payments of the schedule; the down payment is not among them."""
    terms: PlanTerms = PlanTerms()
    down_payment_on: date | None = None
    """The day on which the down payment is due; None: on signing."""

    def __post_init__(self) -> None:
        """Refuse figures that do not add up."""
        name = f"plan {self.number}"
        must_hold(self.charges and self.payments, f"{name} has no charge or no payment")
        must_be(f"{name}, owed", self.owed, total(charge.amount for charge in self.charges))
        must_hold(
            ZERO <= self.down_payment < self.owed, f"{name} has {self.down_payment} paid down"
        )
        must_be(f"{name}, financed", self.financed, self.owed - self.down_payment)
        left = self.financed
        for at, payment in enumerate(self.payments, 1):
            where = f"{name}, payment {at}"
            must_hold(payment.number == at, f"{where} has the number {payment.number}")
            must_hold(payment.principal >= ZERO <= payment.interest, f"{where} has a negative part")
            must_be(where, payment.amount, payment.principal + payment.interest)
            left -= payment.principal
            must_be(f"{where}, remaining", payment.remaining, left)
        must_be(f"{name}, remaining at its end", ZERO, left)
        for before, after in pairwise(self.payments):
            must_hold(before.due_on < after.due_on, f"{name} has payments out of order")
        interest = total(payment.interest for payment in self.payments)
        must_be(f"{name}, interest", self.total_interest, interest)
        must_hold(
            self.terms.apr > 0 or not interest, f"{name} has interest at {self.terms.apr} percent"
        )
        payments = total(payment.amount for payment in self.payments)
        must_be(f"{name}, total of payments", self.total_of_payments, payments)
