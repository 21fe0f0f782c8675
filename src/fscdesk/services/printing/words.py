"""How amounts, days and periods read on paper (style/ui.md section 5)."""

from __future__ import annotations

import calendar
from datetime import date
from decimal import Decimal
from functools import lru_cache

from fscdesk.models.values import Money

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
"""In English whatever the computer speaks: paper is the practice's, not the desk's."""


def amount(money: Money | None) -> str:
    """``1,235.00``, ``−40.00`` with a true minus, or nothing for what is not known."""
    return "" if money is None else _amount(money.cents)


@lru_cache(maxsize=50_000)
def _amount(cents: int) -> str:
    return str(Money(cents)).replace("-", "−")


def dollars(money: Money) -> str:
    """``$55.00``: for what a client is asked to pay."""
    return f"−${amount(-money)}" if money.cents < 0 else f"${amount(money)}"


@lru_cache(maxsize=10_000)
def day(when: date | None) -> str:
    """``03/31/2026``, or nothing."""
    return "" if when is None else f"{when.month:02d}/{when.day:02d}/{when.year:04d}"


def whole_month(start: date, end: date) -> str:
    """The month's name if the days are exactly one month, else nothing."""
    last = calendar.monthrange(start.year, start.month)[1]
    same = (start.year, start.month) == (end.year, end.month)
    return MONTHS[start.month - 1] if same and start.day == 1 and end.day == last else ""


def month_name(when: date) -> str:
    """``March 2026``."""
    return f"{MONTHS[when.month - 1]} {when.year}"


def percent(rate: Decimal) -> str:
    """``5 %``, ``1.5 %``: without zeros that say nothing."""
    text = f"{rate:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def counted(count: int, one: str, many: str = "") -> str:
    """``1 session``, ``1,200 sessions``."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def coded(code: str, modifiers: tuple[str, ...]) -> str:
    """A service code with its modifiers: ``90837-95-HO``."""
    return "-".join(part for part in (code, *modifiers) if part)
