"""What may be typed into a budget, and what it means month by month. Pure.

1200     the amount; in a quarter or the year it is spread evenly
a        what the same months of last year really brought
a+5      the same, raised by 5 %; a-2.5 lowered
+3%      what stands there now, raised by 3 %
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from fscdesk.models.values import Money
from fscdesk.ui.forms.money_entry import read_money
from fscdesk.ui.text import MINUS

_ACTUAL: Final = re.compile(r"a\s*(?P<percent>[+-]\s*\d{1,3}(?:\.\d{1,2})?)?\s*%?", re.ASCII)
_RAISED: Final = re.compile(r"(?P<percent>[+-]\s*\d{1,3}(?:\.\d{1,2})?)\s*%", re.ASCII)
BEGINS: Final = frozenset("0123456789.=+-aA$(")
"""With these a cell begins to be typed into."""


def read_typed(text: str, planned: Sequence[Money], before: Sequence[Money]) -> tuple[Money, ...]:
    """Return what the months of a cell become. ``before`` are last year's, or nothing.

    Raises ValueError with a sentence that can be shown.
    """
    typed = text.strip().casefold().replace(MINUS, "-")
    actual = _ACTUAL.fullmatch(typed)
    if actual is not None:
        if not before:
            message = "Last year’s figures are seen by whoever may see reports. Type an amount."
            raise ValueError(message)
        return tuple(raised(one, actual["percent"]) for one in before)
    change = _RAISED.fullmatch(typed)
    if change is not None:
        return tuple(raised(one, change["percent"]) for one in planned)
    return read_money(text).split((1,) * len(planned))


def raised(amount: Money, percent: str | None) -> Money:
    """Return an amount raised by a percentage, to the cent: ``+5``, ``-2.5``."""
    if not percent:
        return amount
    cents = Decimal(amount.cents) * (100 + Decimal(percent.replace(" ", ""))) / 100
    return Money(int(cents.quantize(Decimal(1), ROUND_HALF_UP)))
