"""Takes the segments of one loop of an 837P apart; what nobody takes becomes an oddity.

A loop is a list of segments of which readers take what they know. Nothing raises because of
what a file holds: an unreadable value becomes an oddity and an empty value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from fscdesk.models.values import ZERO, Money
from fscdesk.services.x12.elements import amount_of, days_of, number_of
from fscdesk.services.x12.professional import ONE_UNIT, Address, Contact, Name
from fscdesk.services.x12.segments import Delimiters, Oddity, Segment

_LARGEST_NUMBER = 10**9
_QUALIFIED = frozenset(["AMT", "CRC", "DTP", "HL", "LQ", "NM1", "NTE", "PRV", "PWK", "QTY", "REF"])
"""Segments whose first element is a code: it may stand in a message, a person's data may not."""


@dataclass(slots=True)
class Notes:
    """What all loops of one transaction share: its delimiters, and the oddities found so far."""

    delimiters: Delimiters
    oddities: list[Oddity] = field(default_factory=list)

    def odd(self, code: str, message: str, segment: Segment | None = None) -> None:
        """Note an oddity at a segment, or of the whole file."""
        self.oddities.append(Oddity(code, message, segment.position if segment else 0))


class Loop:
    """The segments of one loop, taken one by one; `close` reports what is left."""

    def __init__(self, segments: Iterable[Segment], notes: Notes) -> None:
        self._left = list(segments)
        self.notes = notes

    def take(self, name: str, *qualifiers: str, first: int = 1) -> Segment | None:
        """Take the first segment of this name whose element ``first`` is one of these, or any."""
        for index, segment in enumerate(self._left):
            if segment.name == name and (
                not qualifiers or segment.get(first).upper() in qualifiers
            ):
                return self._left.pop(index)
        return None

    def take_all(self, name: str, *qualifiers: str) -> list[Segment]:
        """Take every such segment, in the order of the file."""
        found = []
        while (segment := self.take(name, *qualifiers)) is not None:
            found.append(segment)
        return found

    def value(self, name: str, qualifier: str, number: int = 2) -> str:
        """Take one element of a qualified segment such as REF*G1, or ""."""
        segment = self.take(name, qualifier)
        return segment.get(number) if segment else ""

    def amount(self, name: str, qualifier: str, number: int = 2) -> Money | None:
        """Take the amount of a qualified segment such as AMT*D, or None."""
        segment = self.take(name, qualifier)
        return None if segment is None else money(segment, number, self.notes)

    def days(self, qualifier: str) -> tuple[date | None, date | None]:
        """Take the day or the two days of a DTP; the second is None for a single day."""
        segment = self.take("DTP", qualifier)
        if segment is None:
            return None, None
        start, end = days_of(segment.get(3))
        if start is None or end is None:
            self.notes.odd("bad_date", f"DTP {qualifier} holds no date that exists.", segment)
        return start, end if end != start else None

    def day(self, qualifier: str) -> date | None:
        """Take the day of a DTP."""
        return self.days(qualifier)[0]

    def address(self) -> Address | None:
        """Take N3 and N4, or None where neither is there."""
        street, place = self.take("N3"), self.take("N4")
        if street is None and place is None:
            return None
        street = street or Segment("N3", (), 0)
        place = place or Segment("N4", (), 0)
        return Address(
            street=street.get(1),
            street2=street.get(2),
            city=place.get(1),
            state=place.get(2) or place.get(7),
            zip_code=place.get(3),
            country=place.get(4),
        )

    def contact(self) -> Contact | None:
        """Take PER*IC, or None; of its numbers the phone, its extension and the fax are kept."""
        segment = self.take("PER", "IC")
        if segment is None:
            return None
        numbers = {}
        for number in (3, 5, 7):
            kind = segment.get(number)
            if kind in {"TE", "EX", "FX"}:
                numbers[kind] = segment.get(number + 1)
            elif kind:
                self.notes.odd("not_kept", f"The contact's {kind[:3]} is not kept.", segment)
        return Contact(
            name=segment.get(2),
            phone=numbers.get("TE", ""),
            extension=numbers.get("EX", ""),
            fax=numbers.get("FX", ""),
        )

    def birth(self) -> tuple[date | None, str]:
        """Take DMG: birth date and sex."""
        segment = self.take("DMG")
        if segment is None:
            return None, ""
        born = days_of(segment.get(2))[0]
        if born is None and segment.get(2):
            self.notes.odd("bad_date", "A birth date is no date that exists.", segment)
        return born, segment.get(3)

    def close(self) -> None:
        """Report the segments that nobody took: they are not kept."""
        for segment in self._left:
            known = f"{segment.name} {segment.get(1)[:3]}" if segment.name in _QUALIFIED else ""
            self.notes.odd("not_kept", f"{known or segment.name[:3]} is not kept.", segment)


def split_at(
    segments: Sequence[Segment], *names: str
) -> tuple[Sequence[Segment], list[Sequence[Segment]]]:
    """Return what stands before the first segment of these names, and a part from each on."""
    starts = [index for index, segment in enumerate(segments) if segment.name in names]
    if not starts:
        return segments, []
    ends = [*starts[1:], len(segments)]
    parts = [segments[start:end] for start, end in zip(starts, ends, strict=True)]
    return segments[: starts[0]], parts


def money(segment: Segment, number: int, notes: Notes) -> Money:
    """Return an amount; 0.00 with an oddity where there is none that can be read."""
    found = amount_of(segment.get(number))
    if found is None:
        notes.odd("bad_amount", f"{segment.name}{number:02d} is no amount in cents.", segment)
    return found or ZERO


def units(segment: Segment, number: int, notes: Notes) -> Decimal:
    """Return a quantity; one with an oddity where there is none that can be read."""
    found = number_of(segment.get(number))
    if found is None:
        notes.odd("bad_number", f"{segment.name}{number:02d} is no number.", segment)
        return ONE_UNIT
    return found


def whole(text: str) -> int | None:
    """Return a whole number above nought, or None."""
    if text.isascii() and text.isdigit() and 0 < (number := int(text[:10])) < _LARGEST_NUMBER:
        return number
    return None


def name_of(segment: Segment | None) -> Name:
    """Return the name in an NM1; an empty one where there is no NM1."""
    if segment is None:
        return Name("")
    if segment.get(2) == "2":
        return Name.of_organization(segment.get(3))
    return Name(segment.get(3), segment.get(4), segment.get(5), segment.get(7))
