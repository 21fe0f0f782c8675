"""Values that every layer may use: no SQLAlchemy, no Qt, no input or output."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NewType

AccountCode = NewType("AccountCode", str)
BatchId = NewType("BatchId", int)
ChargeId = NewType("ChargeId", int)
EntryId = NewType("EntryId", int)
GuarantorId = NewType("GuarantorId", int)
PatientId = NewType("PatientId", int)
PayerId = NewType("PayerId", int)
ProviderId = NewType("ProviderId", int)
SessionId = NewType("SessionId", int)
StaffId = NewType("StaffId", int)

LARGEST_CENTS = 10**12
"""Ten billion dollars: no practice has more, and sums of a million stay below 2**63."""

LARGEST_ID = 2**63 - 1
"""No row of either database has a higher id."""

_AMOUNT = re.compile(
    r"(?P<minus>-|(?P<paren>\())?\$?(?P<dollars>\d{1,3}(,\d{3})+|\d{1,12})"
    r"(\.(?P<cents>\d{2}))?(?(paren)\))",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """US dollars as whole cents; the only type that may hold an amount."""

    cents: int = 0

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read ``1,234.50``, ``$12``, ``-3.00`` or ``(7.25)``; refuse anything looser.

        Raises ValueError with a sentence that can be shown.
        """
        found = _AMOUNT.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} is not an amount in dollars and cents")
        cents = int(found["dollars"].replace(",", "")) * 100 + int(found["cents"] or 0)
        return cls(-cents if found["minus"] else cents)

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + other.cents)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - other.cents)

    def __neg__(self) -> Money:
        return Money(-self.cents)

    def __abs__(self) -> Money:
        return Money(abs(self.cents))

    def __bool__(self) -> bool:
        return self.cents != 0

    def __str__(self) -> str:
        sign = "-" if self.cents < 0 else ""
        return f"{sign}{abs(self.cents) // 100:,}.{abs(self.cents) % 100:02d}"

    def plain(self) -> str:
        """Return ``-1234.50``: for files and for other programs, without thousands marks."""
        return str(self).replace(",", "")

    def split(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Share this amount by weight without losing or inventing a cent.

        The first shares get the cents that do not divide. Weights must not be negative,
        and one of them must be positive.
        """
        total = sum(weights)
        shares = [self.cents * weight // total for weight in weights]
        for index in range(self.cents - sum(shares)):
            shares[index] += 1
        return tuple(Money(share) for share in shares)


ZERO = Money()


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from ``start`` to ``end``, both included; an open end is None."""

    start: date
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)
