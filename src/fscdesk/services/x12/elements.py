"""Amounts, days and numbers as X12 writes them: to our values and back."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from fscdesk.models.values import LARGEST_CENTS, Money

_NUMBER = re.compile(r"[+-]?(\d{1,15}(\.\d{0,6})?|\.\d{1,6})", re.ASCII)
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\d{4}(?:\d\d)?)?", re.ASCII)
_SHORT_DAY = re.compile(r"(\d\d)(\d\d)(\d\d)", re.ASCII)
_CENTURY = 2000
_SMALL = 9
"""Digits of dollars that stay below `LARGEST_CENTS`."""


def number_of(text: str) -> Decimal | None:
    """Read ``12``, ``12.50``, ``.5`` or ``-3``; None for anything else."""
    return Decimal(text.strip()) if _NUMBER.fullmatch(text.strip()) else None


def amount_of(text: str) -> Money | None:
    """Read an amount; None where it is none, or is finer than a cent."""
    cents = cents_of(text)
    return None if cents is None else Money(cents)


def cents_of(text: str) -> int | None:
    """Read an amount as whole cents: `amount_of` for what reads amounts by the ten thousand."""
    dollars, point, part = text.partition(".")
    if text.isascii() and dollars.isdigit() and len(dollars) < _SMALL:  # most of them
        if not point:
            return int(dollars) * 100
        if len(part) == 2 and part.isdigit():  # noqa: PLR2004 - cents
            return int(dollars) * 100 + int(part)
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    whole, _, part = found[1].partition(".")
    if part[2:].strip("0"):
        return None
    cents = int(whole or "0") * 100 + int(part[:2].ljust(2, "0"))
    if cents > LARGEST_CENTS:
        return None
    return -cents if found[0].startswith("-") else cents


def day_of(text: str) -> date | None:
    """Read ``CCYYMMDD``, with or without a time behind it, or ``YYMMDD``; None for no such day."""
    text = text.strip()
    found = _DAY.fullmatch(text) or _SHORT_DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups())
    try:
        return date(year if len(found[1]) > 2 else _CENTURY + year, month, day)  # noqa: PLR2004
    except ValueError:
        return None


def days_of(text: str) -> tuple[date | None, date | None]:
    """Read one day, or two with a dash between them; one day is its own end."""
    first, dash, last = text.partition("-")
    start = day_of(first)
    return start, day_of(last) if dash else start


def amount_text(amount: Money) -> str:
    """Return an amount as short as X12 wants it: ``95``, ``95.5``, ``-0.25``."""
    text = amount.plain()
    return text.rstrip("0").rstrip(".")


def day_text(day: date) -> str:
    """Return ``CCYYMMDD``."""
    return f"{day:%Y%m%d}" if day.year > 999 else f"{day.year:04d}{day:%m%d}"  # noqa: PLR2004
