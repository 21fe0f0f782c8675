"""The count of notes and coins of a deposit: how many of each, which must be the cash in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.undeposited import Undeposited
from fscdesk.services.errors import Problem

NOTES: Final = (100_00, 50_00, 20_00, 10_00, 5_00, 2_00, 1_00)
COINS: Final = (1_00, 50, 25, 10, 5, 1)
"""What a count can hold, in cents by value; a dollar coin counts as a dollar note."""
_KNOWN: Final = frozenset((*NOTES, *COINS))
_MOST = 1_000_000


def counted_cash(count: Mapping[int, int]) -> dict[int, int]:
    """Return a count with the highest value first and no zeros.

    Raises Problem for a value that is no note or coin, and for a number that cannot be.
    """
    for value, number in count.items():
        if value not in _KNOWN:
            raise Problem(
                f"{Money(value)} is no note and no coin.",
                hint="Nothing was posted. Count by 100, 50, 20, 10, 5, 2 and 1 dollar, and coins.",
            )
        if not 0 <= number <= _MOST:
            raise Problem(
                f"{number} cannot be the number of {Money(value)} notes.",
                hint="Nothing was posted. Count again.",
            )
    return {value: count[value] for value in sorted(count, reverse=True) if count[value]}


def cash_of(stored: Mapping[str, Any] | None) -> dict[int, int] | None:
    """Return a count as it was kept with a deposit; None where nobody counted."""
    if stored is None:
        return None
    return counted_cash({int(value): int(number) for value, number in stored.items()})


def cash_total(count: Mapping[int, int]) -> Money:
    """Return what a count comes to."""
    return Money(sum(value * number for value, number in count.items()))


def cash_in(items: Iterable[Undeposited]) -> Money:
    """Return the cash among payments."""
    cash = (one.amount for one in items if one.method is PaymentMethod.CASH)
    return sum(cash, ZERO)


def require_cash(count: Mapping[int, int], items: Iterable[Undeposited]) -> None:
    """Raise Problem, with the difference, unless a count is the cash among some payments."""
    counted, expected = cash_total(count), cash_in(items)
    if counted != expected:
        off = counted - expected
        raise Problem(
            f"{counted} was counted, the cash payments are {expected}:"
            f" {Money(abs(off.cents))} too {'much' if off.cents > 0 else 'little'}.",
            hint="Nothing was posted. Count again, or look for a payment that is missing.",
        )
