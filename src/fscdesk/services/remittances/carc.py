"""Which claim adjustment reason codes (CARC) there can be, by the shape of X12's code list.

The list itself is X12's and grows by a few codes a year; its shape tells a code from a slip of
the hand. Numbers stand just above 300; letters with a number are A, B, D, P, W and Y.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

HIGHEST: Final = 399
"""No number of the list is near it yet."""
_SHAPE: Final = re.compile(r"(?P<letter>[abdpwy])?0*(?P<number>[1-9]\d{0,2}|0)", re.ASCII)
_MOST_WITH_LETTER: Final = 99
_GROUPED: Final = re.compile(r"(?:(?P<group>co|pr|oa|pi)\s*-?\s*)?(?P<code>.+)", re.ASCII)
USUAL_GROUP: Final = "CO"
"""Whose it is where an EOB denies and nobody typed a group: the contract's."""


def carc_of(text: str) -> str | None:
    """Return a code as the list writes it: ``16``, ``B7``, ``A0``; None if it cannot be one."""
    found = _SHAPE.fullmatch(text.strip().casefold())
    if found is None:
        return None
    letter, number = (found["letter"] or "").upper(), int(found["number"])
    if letter:
        return f"{letter}{number}" if number <= _MOST_WITH_LETTER else None
    return str(number) if 1 <= number <= HIGHEST else None


class Denial(NamedTuple):
    """A denial as it is typed: its group (CO, PR, OA, PI; empty where none was named), and CARC."""

    group: str
    carc: str

    @property
    def code(self) -> str:
        """Return how people write it, with its group: ``CO-16``."""
        return f"{self.group or USUAL_GROUP}-{self.carc}"

    @property
    def typed(self) -> str:
        """Return what was typed: ``16``, or ``PR-204`` where a group was named."""
        return f"{self.group}-{self.carc}" if self.group else self.carc


def denial_of(text: str) -> Denial | None:
    """Return the denial that ``16``, ``PR204`` or ``pr-204`` is; None if it cannot be one."""
    found = _GROUPED.fullmatch(text.strip().casefold())
    code = None if found is None else carc_of(found["code"])
    return None if found is None or code is None else Denial((found["group"] or "").upper(), code)
