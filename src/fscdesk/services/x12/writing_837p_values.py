"""What single elements of an 837P may hold: each function returns it as written, or refuses.

Lengths are those of the implementation guide; nothing is cut. Punctuation that the guide does
not want (a dot in a diagnosis, dashes in a phone number) is dropped, for it says nothing.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from fscdesk.models.values import Money
from fscdesk.services.x12.professional import CannotWrite
from fscdesk.services.x12.writing import basic

MOST_CENTS: Final = 99_999_999_99
"""An amount has at most ten digits (HIPAA's limit on data element 782)."""
_MOST_QUANTITY: Final = Decimal("9999999.999")
_FINEST: Final = Decimal("0.001")
_EARLIEST_YEAR: Final = 1800


def required(field: str, value: str, most: int, least: int = 1) -> str:
    """Return a text of ``least`` to ``most`` basic characters. Raises CannotWrite without one."""
    text = optional(field, value, most, least)
    if not text:
        raise CannotWrite(field, "is missing")
    return text


def optional(field: str, value: str, most: int, least: int = 1) -> str:
    """Return a text as `required` does, or "" where there is none."""
    text = basic(value)
    if value.strip() and not text:
        raise CannotWrite(field, "has no character that X12 can carry")
    if len(text) > most:
        raise CannotWrite(field, f"has {len(text)} characters; an 837P takes at most {most}")
    if text and len(text) < least:
        raise CannotWrite(field, f"has {len(text)} characters; an 837P takes at least {least}")
    return text


def compact(field: str, value: str, least: int, most: int | None = None) -> str:
    """Return letters and digits only, as in a diagnosis or procedure code. It must be there."""
    text = re.sub(r"[ .\-]", "", value.upper())
    longest = most or least
    if not text:
        raise CannotWrite(field, "is missing")
    if not (text.isascii() and text.isalnum()) or not least <= len(text) <= longest:
        wanted = f"{least}" if longest == least else f"{least} to {longest}"
        raise CannotWrite(field, f"{text!r} is not {wanted} letters and digits")
    return text


def digits(field: str, value: str, *counts: int) -> str:
    """Return the digits of a number that may have been punctuated. It must be there."""
    text = re.sub(r"[ ()./\-]", "", value)
    if not text:
        raise CannotWrite(field, "is missing")
    if not (text.isascii() and text.isdigit()) or len(text) not in counts:
        raise CannotWrite(field, f"{value!r} is not {' or '.join(map(str, counts))} digits")
    return text


def npi(field: str, value: str) -> str:
    """Return an NPI, or "" without one; whether its check digit is right is for the scrubber."""
    return digits(field, value, 10) if value.strip() else ""


def one_of(field: str, value: str, codes: frozenset[str]) -> str:
    """Return a code that must be one of these."""
    text = value.strip().upper()
    if text not in codes:
        raise CannotWrite(field, f"{value!r} is not one of {', '.join(sorted(codes))}")
    return text


def one_of_or_none(field: str, value: str, codes: frozenset[str]) -> str:
    """Return a code that must be one of these, or ""."""
    return one_of(field, value, codes) if value.strip() else ""


def day(field: str, value: date | None) -> date:
    """Return a day that must be there."""
    if value is None:
        raise CannotWrite(field, "is missing")
    if value.year < _EARLIEST_YEAR:
        raise CannotWrite(field, f"is {value.isoformat()}")
    return value


def charge(field: str, value: Money) -> Money:
    """Return an amount that is not below zero."""
    if value.cents < 0:
        raise CannotWrite(field, f"is {value}; it cannot be below 0.00")
    return amount(field, value)


def amount(field: str, value: Money) -> Money:
    """Return an amount of either sign, of at most ten digits."""
    if abs(value.cents) > MOST_CENTS:
        raise CannotWrite(field, f"is {value}; an 837P takes at most {Money(MOST_CENTS)}")
    return value


def quantity(field: str, value: Decimal) -> str:
    """Return a quantity without noughts at its end: ``1``, ``0.5``."""
    if not value.is_finite() or not 0 <= value <= _MOST_QUANTITY:
        raise CannotWrite(field, f"is {value}; it cannot be written")
    if value != value.quantize(_FINEST):
        raise CannotWrite(field, f"is {value}; an 837P takes at most 3 decimals")
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
