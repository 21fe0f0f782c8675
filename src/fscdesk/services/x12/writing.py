"""X12 text from values: upper case, the basic character set, counted, no empty tails.

The writer knows nothing of claims. What it is given comes out so that no value can break the
file: a character that divides becomes a blank.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fscdesk.models.values import Money
from fscdesk.services.x12.elements import amount_text, day_text
from fscdesk.services.x12.segments import Delimiters, Segment

Value = str | int | Money | date | None
"""What one element or component may be."""

Element = Value | tuple[Value, ...] | list[Value]
"""A value; a tuple is a composite, a list an element that repeats."""

_BASIC = re.compile(r"[^A-Z0-9!\"&'()*+,\-./:;?= ]")
_DONE = re.compile(r"[A-Z0-9!\"&'()+,\-./;?=]+(?: [A-Z0-9!\"&'()+,\-./;?=]+)*")
"""What `basic` leaves as it is: neither a delimiter nor two blanks in a row."""
_USUAL = Delimiters()
_LETTERS = str.maketrans(
    {
        **dict(zip("ŁØĐÐ", "LODD", strict=True)),
        **dict(zip("ÞÆŒẞ", ("TH", "AE", "OE", "SS"), strict=True)),
        **dict.fromkeys("\u2018\u2019\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014", "-"),
    }
)
_LARGEST_CONTROL = 999_999_999
_ISA_ID = 15


def basic(text: str, delimiters: Delimiters | None = None) -> str:
    """Return a text in X12's basic character set: ``José "Pepe" O’Neil`` is ``JOSE "PEPE" O'NEIL``.

    What has no basic form, and the delimiters, become blanks; runs of blanks become one.
    """
    marks = delimiters or _USUAL
    usual = marks is _USUAL or marks == _USUAL
    if usual and _DONE.fullmatch(text):  # most values are: codes, numbers, read texts
        return text
    upper = text.upper().translate(_LETTERS)
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", upper)
        if not unicodedata.combining(letter)
    ).upper()
    kept = _BASIC.sub(" ", plain)
    for mark in (marks.element, marks.component, marks.repetition, marks.terminator):
        kept = kept.replace(mark, " ")
    return " ".join(kept.split())


@dataclass(frozen=True, slots=True)
class Controls:
    """What the envelope of one file says: who to whom, its numbers, when, and whether it is a test.

    ``made_at`` is written as it stands: give the office's own time. Numbers are 1 to 999999999.
    """

    sender: str
    receiver: str
    interchange: int
    group: int
    made_at: datetime
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    group_sender: str = ""
    group_receiver: str = ""
    test: bool = False
    acknowledgment_wanted: bool = False


class SegmentWriter:
    """Collects segments and counts them: ``open_file``, ``open_set``, ``add`` …, ``close_file``."""

    def __init__(self, delimiters: Delimiters | None = None) -> None:
        self.delimiters = delimiters or _USUAL
        self._lines: list[str] = []
        # The same codes, payers and addresses stand in every claim of a file.
        self._basic: dict[str, str] = {}
        self._controls: Controls | None = None
        self._set_control: str | None = None
        self._set_began = 0
        self._sets = 0

    def add(self, name: str, *elements: Element) -> None:
        """Write one segment; empty elements at its end are left away."""
        written = [self._element(element) for element in elements]
        while written and not written[-1]:
            written.pop()
        self._lines.append(self.delimiters.element.join((name, *written)))

    def open_file(self, controls: Controls, functional_code: str, version: str) -> None:
        """Write ISA and GS. Raises ValueError for ids and numbers that do not fit there."""
        for name, number in (("ISA13", controls.interchange), ("GS06", controls.group)):
            if not 0 < number <= _LARGEST_CONTROL:
                raise ValueError(f"{name} is {number}; it must be 1 to {_LARGEST_CONTROL}")
        marks = self.delimiters
        isa = (
            *("00", " " * 10, "00", " " * 10),
            *(controls.sender_qualifier, self._isa_id("ISA06", controls.sender)),
            *(controls.receiver_qualifier, self._isa_id("ISA08", controls.receiver)),
            *(f"{controls.made_at:%y%m%d}", f"{controls.made_at:%H%M}", marks.repetition, "00501"),
            *(f"{controls.interchange:09d}", "1" if controls.acknowledgment_wanted else "0"),
            *("T" if controls.test else "P", marks.component),
        )
        self._lines.append(marks.element.join(("ISA", *isa)))
        self.add(
            *("GS", functional_code, controls.group_sender or controls.sender),
            *(controls.group_receiver or controls.receiver, controls.made_at.date()),
            *(f"{controls.made_at:%H%M}", controls.group, "X", version),
        )
        self._controls = controls

    def open_set(self, kind: str, control: str, version: str = "") -> None:
        """Write ST; everything until ``close_set`` is counted."""
        self._set_control = control
        self._set_began = len(self._lines)
        self.add("ST", kind, control, version)

    def close_set(self) -> None:
        """Write SE with the number of segments from ST to itself."""
        assert self._set_control is not None, "no set is open"
        self.add("SE", len(self._lines) - self._set_began + 1, self._set_control)
        self._set_control = None
        self._sets += 1

    def close_file(self) -> None:
        """Write GE and IEA."""
        assert self._controls is not None, "no file is open"
        self.add("GE", self._sets, self._controls.group)
        self.add("IEA", 1, f"{self._controls.interchange:09d}")
        self._controls = None

    def text(self, *, lines: bool = True) -> str:
        """Return what was written, each segment on its own line unless ``lines`` is False."""
        ending = self.delimiters.terminator + ("\n" if lines else "")
        return "".join(f"{line}{ending}" for line in self._lines)

    def _element(self, element: Element) -> str:
        if isinstance(element, tuple):
            return self._joined(element, self.delimiters.component)
        if isinstance(element, list):
            return self._joined(element, self.delimiters.repetition)
        return self._value(element)

    def _joined(self, values: Sequence[Value], mark: str) -> str:
        written = [self._value(value) for value in values]
        while written and not written[-1]:
            written.pop()
        return mark.join(written)

    def _value(self, value: Value) -> str:
        if isinstance(value, str):
            written = self._basic.get(value)
            if written is None:
                written = self._basic[value] = basic(value, self.delimiters)
            return written
        if value is None:
            return ""
        if isinstance(value, Money):
            return amount_text(value)
        return day_text(value) if isinstance(value, date) else str(value)

    def _isa_id(self, name: str, value: str) -> str:
        written = basic(value, self.delimiters)
        if not 0 < len(written) <= _ISA_ID:
            raise ValueError(f"{name} is {value!r}; it must have 1 to {_ISA_ID} characters")
        return written.ljust(_ISA_ID)


def write_segments(segments: Iterable[Segment], delimiters: Delimiters | None = None) -> str:
    """Return segments that were read as text again, as they are, each on its own line."""
    marks = delimiters or Delimiters()
    return "".join(
        f"{marks.element.join((segment.name, *segment.elements))}{marks.terminator}\n"
        for segment in segments
    )
