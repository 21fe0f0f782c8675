"""The small values of one 835, each text read once: payers repeat the same few thousand.

The first reading of a text makes its value; a text that cannot be read is noted every time.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from fscdesk.services.x12.elements import cents_of, day_of, days_of, number_of
from fscdesk.services.x12.odd_835 import Notes
from fscdesk.services.x12.remittance import CasAdjustment
from fscdesk.services.x12.segments import Delimiters

_TRIO: Final = 3
_PERIOD: Final = 6
_TOGETHER: Final = re.compile(r"(\d{4}[0-9A-Z]|[A-Z]\d{4})((?:[0-9A-Z]{2}){1,4})", re.ASCII)
_OTHER_MARK: Final = re.compile(r"([A-Z0-9]{2})([:><|^\\&+])(?=[A-Z0-9])", re.ASCII)
_RUN_TOGETHER: Final = frozenset({"", "HC"})
"""Qualifiers of codes with five characters; an NDC has eleven of its own."""
_MOST_MODIFIERS: Final = 4


class Procedure(NamedTuple):
    """A composite such as HC:90837:95."""

    qualifier: str
    code: str
    modifiers: tuple[str, ...]


class Dated(NamedTuple):
    """A DTM: what it dates, and the day or the two days."""

    kind: str
    first: date | None
    last: date | None


NO_PROCEDURE: Final = Procedure("", "", ())


class Values:
    """Texts of one transaction to values; what is amiss goes to ``notes``."""

    def __init__(self, delimiters: Delimiters, notes: Notes) -> None:
        self._element = delimiters.element
        self._component = delimiters.component
        self._notes = notes
        self.known_cents: dict[str, int] = {}
        self.known_cas: dict[str, tuple[tuple[CasAdjustment, ...], int]] = {}
        self.known_days: dict[str, Dated] = {}
        self.known_procedures: dict[str, Procedure] = {}
        self.known_numbers: dict[str, Decimal | None] = {"": None}

    def cents(self, text: str, position: int) -> int:
        """Read an amount; 0 and a note where there is none, or it is not of whole cents."""
        found = self.known_cents.get(text)
        if found is not None:
            return found
        found = cents_of(text)
        if found is None:
            self._notes.add("amount" if text.strip() else "no_amount", position)
            return 0
        self.known_cents[text] = found
        return found

    def cents_or_nothing(self, text: str, position: int) -> int:
        """Read an amount that may be left away."""
        return self.cents(text, position) if text else 0

    def number(self, text: str, position: int) -> Decimal | None:
        """Read a quantity; None where there is none, or it is not one."""
        if text in self.known_numbers:
            return self.known_numbers[text]
        found = number_of(text)
        if found is None:
            self._notes.add("quantity", position)
        else:
            self.known_numbers[text] = found
        return found

    def day(self, text: str, position: int) -> date | None:
        """Read a day; None where there is none, with a note where the text is not one."""
        found = day_of(text)
        if found is None and text:
            self._notes.add("day", position)
        return found

    def dated(self, piece: str, position: int) -> Dated:
        """Read a DTM, with one day in DTM02 or a period in DTM06."""
        parts = piece.split(self._element)
        kind, text = parts[1] if len(parts) > 1 else "", parts[2] if len(parts) > 2 else ""  # noqa: PLR2004 - DTM02
        if not text and len(parts) > _PERIOD:
            text = parts[_PERIOD]
        first, last = days_of(text)
        found = Dated(kind, first, last)
        if first is None or last is None:
            self._notes.add("day", position)
        else:
            self.known_days[piece] = found
        return found

    def cas(self, piece: str, position: int) -> tuple[tuple[CasAdjustment, ...], int]:
        """Read the trios of a CAS, and their sum."""
        parts = piece.split(self._element)
        if len(parts) == _TRIO + 1 and all(parts) and parts[3] in self.known_cents:  # the usual
            usual = CasAdjustment(parts[1], parts[2], self.known_cents[parts[3]])
            self.known_cas[piece] = (usual,), usual.amount
            return self.known_cas[piece]
        _, group, *rest = (*parts, "")
        adjustments: list[CasAdjustment] = []
        total = 0
        whole = True
        for at in range(0, len(rest), _TRIO):
            reason, amount, quantity = (*rest[at : at + _TRIO], "", "")[:_TRIO]
            if not reason and not amount:
                continue
            cents = self.known_cents.get(amount)
            if cents is None:
                cents = self.cents(amount, position)
                whole = whole and amount in self.known_cents
            if not reason or not group:
                self._notes.add("cas", position)
                whole = False
            adjustments.append(CasAdjustment(group, reason, cents, quantity))
            total += cents
        found = tuple(adjustments), total
        if whole:
            self.known_cas[piece] = found
        return found

    def procedure(self, text: str, position: int) -> Procedure:
        """Read SVC01 or SVC06; modifiers that ran together with a code are taken apart."""
        found = self.known_procedures.get(text)
        if found is not None:
            return found
        parts = self.parts(text, position)
        qualifier, code, *modifiers = parts if len(parts) > 1 else ("", parts[0])
        modifiers = modifiers[:_MOST_MODIFIERS]
        if qualifier in _RUN_TOGETHER and (together := _TOGETHER.fullmatch(code)):
            code, run = together[1], together[2]
            modifiers = [run[at : at + 2] for at in range(0, len(run), 2)] + modifiers
        found = Procedure(qualifier, code, tuple(filter(None, modifiers)))
        self.known_procedures[text] = found
        return found

    def parts(self, text: str, position: int) -> list[str]:
        """Divide a composite; noted, by another mark where the file uses another than it says."""
        mark = self._component
        if mark not in text and (other := _OTHER_MARK.match(text)):
            mark = other[2]
            self._notes.add("component", position)
        return [part.strip() for part in text.split(mark)]
