"""What an invoice says: the charges that it bills, what came off them, and what is due.

Amounts carry the sign with which they change what is owed, as on a statement: a charge is
positive; insurance, adjustments and payments are negative. Nothing here knows a diagnosis.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import ZERO, Money
from fscdesk.services.printing.parties import Letterhead, Recipient
from fscdesk.services.printing.sums import must_be, must_hold, total


class InvoiceStyle(enum.StrEnum):
    """How much an invoice tells."""

    PATIENT = "patient"
    DETAILED = "detailed"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One charge, and what has changed it up to the invoice's day."""

    day: date
    what: str
    """The practice's own short name of the service."""
    clinician: str
    charge: Money
    rate: Money
    units: int = 1
    code: str = ""
    modifiers: tuple[str, ...] = ()
    patient: str = ""
    insurance: Money = ZERO
    adjusted: Money = ZERO
    paid: Money = ZERO

    def due(self) -> Money:
        """What is left of this charge."""
        return self.charge + self.insurance + self.adjusted + self.paid


@dataclass(frozen=True, slots=True)
class InvoiceGroup:
    """The lines of one clinician in one month, together."""

    month: date
    clinician: str
    count: int
    charge: Money
    insurance: Money
    adjusted: Money
    paid: Money

    def due(self) -> Money:
        """What is left of these charges."""
        return self.charge + self.insurance + self.adjusted + self.paid


@dataclass(frozen=True, slots=True)
class InvoiceDoc:
    """One invoice for one recipient.

    Raises ValueError where a sum is not that of the lines, a charge is not its units by its rate,
    it is due before it is issued, or it is void without a reason.
    """

    letterhead: Letterhead
    style: InvoiceStyle
    number: str
    account: str
    issued: date
    due_on: date
    bill_to: Recipient
    lines: tuple[InvoiceLine, ...]
    subtotal: Money
    """All charges."""
    insurance: Money
    adjusted: Money
    paid: Money
    amount_due: Money
    terms: str = "Net 30"
    how_to_pay: str = ""
    """Under the lines. Empty: the slip, or a call."""
    note: str = ""
    """Quiet, beside the heading: whom the invoice is for."""
    void_on: date | None = None
    void_reason: str = ""

    def __post_init__(self) -> None:
        """Refuse figures that do not add up."""
        name = f"invoice {self.number}"
        must_hold(self.lines, f"{name} bills nothing")
        must_hold(self.due_on >= self.issued, f"{name} is due before it is issued")
        for line in self.lines:
            must_hold(line.units > 0, f"{name} bills {line.units} units on {line.day}")
            must_be(f"{name}, {line.day}", line.charge, Money(line.units * line.rate.cents))
        must_be(f"{name}, subtotal", self.subtotal, total(line.charge for line in self.lines))
        must_be(f"{name}, insurance", self.insurance, total(line.insurance for line in self.lines))
        must_be(f"{name}, adjustments", self.adjusted, total(line.adjusted for line in self.lines))
        must_be(f"{name}, payments", self.paid, total(line.paid for line in self.lines))
        must_be(f"{name}, amount due", self.amount_due, total(line.due() for line in self.lines))
        must_hold(
            self.void_on is None or self.void_reason.strip(), f"{name} is void without a reason"
        )

    def groups(self) -> tuple[InvoiceGroup, ...]:
        """The lines by month and clinician, oldest month first."""
        parts: dict[tuple[date, str], list[InvoiceLine]] = {}
        for line in self.lines:
            parts.setdefault((line.day.replace(day=1), line.clinician), []).append(line)
        return tuple(_group(*key, parts[key]) for key in sorted(parts))


def _group(month: date, clinician: str, lines: Iterable[InvoiceLine]) -> InvoiceGroup:
    each = tuple(lines)
    return InvoiceGroup(
        month,
        clinician,
        len(each),
        total(line.charge for line in each),
        total(line.insurance for line in each),
        total(line.adjusted for line in each),
        total(line.paid for line in each),
    )
