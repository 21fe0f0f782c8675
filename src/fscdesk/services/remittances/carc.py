"""Which claim adjustment reason codes (CARC) there can be, by the shape of X12's code list.

The list itself is X12's and grows by a few codes a year; its shape tells a code from a slip of
the hand. Numbers stand just above 300; letters with a number are A, B, D, P, W and Y.
"""

from __future__ import annotations

import re
from typing import Final

HIGHEST: Final = 399
"""No number of the list is near it yet."""
_SHAPE: Final = re.compile(r"(?P<letter>[abdpwy])?0*(?P<number>[1-9]\d{0,2}|0)", re.ASCII)
_MOST_WITH_LETTER: Final = 99


def carc_of(text: str) -> str | None:
    """Return a code as the list writes it: ``16``, ``B7``, ``A0``; None if it cannot be one."""
    found = _SHAPE.fullmatch(text.strip().casefold())
    if found is None:
        return None
    letter, number = (found["letter"] or "").upper(), int(found["number"])
    if letter:
        return f"{letter}{number}" if number <= _MOST_WITH_LETTER else None
    return str(number) if 1 <= number <= HIGHEST else None
