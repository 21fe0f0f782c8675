"""The smallest parts of an X12 file: which characters divide it, and its segments.

Read liberally, as real files ask for: any delimiters, wrapped and indented lines, a byte order
mark, text before the ISA, a short ISA. Nothing here raises because of what a file holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

BOM = "\ufeff"
_NEWLINES = "\r\n"
_BLANKS = " \t\r\n"
_ISA_SEPARATORS = 16
_ISA = re.compile(r"ISA([^A-Za-z0-9 \r\n])(?=\d\d\1)")
_LOOSE_ISA = re.compile(r"ISA([^A-Za-z0-9 \r\n])")
_HEADER = re.compile(
    r"(?<![A-Za-z0-9])(?:GS|ST|BHT|BPR|AK1|HL|NM1|CLP|CLM)([^A-Za-z0-9 \r\n.,;'-])"
)
_NEXT = r"(?:GS|ST|TA1|SE|GE|IEA|BHT|BPR|TRN|AK1|HL|NM1|N1|REF|CLP|CLM|STC|EB)"
_COMPONENTS = ":><|\\&+"


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The four characters that divide a file; a ``terminator`` of LF stands for any line end."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    terminator: str = "~"


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment as it stands in the file; ``position`` is its running number, from 1."""

    name: str
    elements: tuple[str, ...]
    position: int

    def get(self, number: int) -> str:
        """Return the element with this X12 number (from 1), without outer blanks, or ""."""
        if 0 < number <= len(self.elements):
            return self.elements[number - 1].strip()
        return ""

    def components(self, number: int, delimiters: Delimiters) -> tuple[str, ...]:
        """Return the parts of a composite element, without outer blanks; () where it is absent."""
        return _parts(self.get(number), delimiters.component)

    def component(self, number: int, part: int, delimiters: Delimiters) -> str:
        """Return one part (from 1) of a composite element, or ""."""
        parts = self.components(number, delimiters)
        return parts[part - 1] if 0 < part <= len(parts) else ""

    def repetitions(self, number: int, delimiters: Delimiters) -> tuple[str, ...]:
        """Return what a repeating element says, one by one; () where it is absent."""
        return _parts(self.get(number), delimiters.repetition)


@dataclass(frozen=True, slots=True)
class Oddity:
    """What was not as the standard says; ``position`` is the segment's, 0 for the whole file.

    ``code`` is a stable word for tests and for grouping, ``message`` a sentence for people. It
    holds nothing of the file but counts, so that it may stand in a log.
    """

    code: str
    message: str
    position: int = 0


def decoded(data: bytes) -> str:
    """Return a file's bytes as text; never raises. What is not UTF-8 is read as Latin-1."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
    return text.replace("\0", "")


def starts_of_interchanges(text: str) -> tuple[int, ...]:
    """Return where each ISA begins; a word ISA inside an element is not one."""
    starts = tuple(_strict_starts(text))
    if starts:
        return starts
    return tuple(at for at in _places_of_isa(text) if _LOOSE_ISA.match(text, at))[:1]


def find_delimiters(text: str) -> Delimiters:
    """Return the delimiters of the first interchange of a text; the usual ones where it has none.

    The element separator stands after ISA. The component separator follows the sixteenth of
    them, counted and not looked for at its offset: ISAs with short fields exist. The terminator
    comes next; where that is a line end, what stands before GS decides.
    """
    start = next(_strict_starts(text), None)
    if start is None:
        start = next(iter(starts_of_interchanges(text)), None)
    if start is None:
        return _without_isa(text)
    element = text[start + 3]
    following = re.compile(rf"(?:GS|TA1|ST){re.escape(element)}").search(text, start + 4)
    head = text[start : following.start() if following else len(text)]
    fields = head.split(element, _ISA_SEPARATORS)
    repetition = fields[11].strip() if len(fields) > 11 else ""  # noqa: PLR2004 - ISA11
    if len(fields) > _ISA_SEPARATORS:
        component, terminator = _after_the_sixteenth(fields[_ISA_SEPARATORS], text, element)
    else:
        component, terminator = _end_of_short(fields, cut_off=following is None)
    if len(repetition) != 1 or not _divides(repetition, element, component, terminator):
        repetition = next(mark for mark in "^!`" if mark not in (element, component, terminator))
    return Delimiters(element, component, repetition, terminator)


def split_segments(text: str, delimiters: Delimiters, *, first: int = 1) -> list[Segment]:
    """Split a text into its segments, numbered from ``first``; empty ones are left out.

    Line ends are dropped wherever they stand unless they end the segments, and blanks around a
    segment too: files are wrapped at 80 columns, broken after each segment, or indented.
    """
    text = text.replace(BOM, "")
    if delimiters.terminator == "\n":
        pieces = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    else:
        pieces = text.replace("\r", "").replace("\n", "").split(delimiters.terminator)
    segments = []
    position = first
    for piece in pieces:
        trimmed = piece.lstrip(" \t") if piece.lstrip(" \t")[:3] == "ISA" else piece.strip(" \t")
        if trimmed:
            name, *elements = trimmed.split(delimiters.element)
            segments.append(Segment(name.strip().upper(), tuple(elements), position))
            position += 1
    return segments


def _parts(value: str, mark: str) -> tuple[str, ...]:
    if not value:
        return ()
    return tuple(part.strip() for part in value.split(mark)) if mark else (value,)


def _strict_starts(text: str) -> Iterator[int]:
    for at in _places_of_isa(text):
        found = _ISA.match(text, at)
        if found and _last_before(text, at) != found[1]:
            yield at


def _places_of_isa(text: str) -> Iterator[int]:
    """Give where ISA begins a word; in a large file far faster than a pattern would."""
    at = text.find("ISA")
    while at >= 0:
        before = text[at - 1 : at]
        if not (before.isascii() and before.isalnum()):
            yield at
        at = text.find("ISA", at + 1)


def _last_before(text: str, index: int) -> str:
    """Return the last character before an index that is no blank, or ""."""
    index -= 1
    while index >= 0 and text[index] in _BLANKS:
        index -= 1
    return text[index] if index >= 0 else ""


def _after_the_sixteenth(rest: str, text: str, element: str) -> tuple[str, str]:
    """Return component separator and terminator from what stands between ISA15 and GS."""
    marks = [mark for mark in rest if mark not in _BLANKS]
    if rest[:1] == "\t":
        marks.insert(0, "\t")
    if len(marks) > 1:
        component, terminator = marks[0], marks[1]
    elif marks and _ends_segments(marks[0], text, element):
        component, terminator = _other_component(text, element, marks[0]), marks[0]
    elif marks:
        component, terminator = marks[0], _line_end(rest)
    else:
        terminator = _line_end(rest)
        component = _other_component(text, element, terminator)
    if not _divides(terminator, element, component):
        terminator = "~" if "~" not in (element, component) else "\n"
    if not _divides(component, element, terminator):
        component = _other_component(text, element, terminator)
    return component, terminator


def _end_of_short(fields: list[str], *, cut_off: bool) -> tuple[str, str]:
    """Return component separator and terminator of an ISA with fields missing."""
    element_free = [mark for mark in fields[-1] if mark not in _BLANKS and not mark.isalnum()]
    if cut_off or not element_free:
        return ":", _line_end(fields[-1]) if not cut_off else "~"
    component = element_free[-2] if len(element_free) > 1 else ":"
    return (component if component != element_free[-1] else ">"), element_free[-1]


def _line_end(rest: str) -> str:
    return "\n" if any(mark in rest for mark in _NEWLINES) else "~"


def _ends_segments(mark: str, text: str, element: str) -> bool:
    """Return whether a character stands before the names of segments in this text."""
    if mark.isalnum():
        return False
    pattern = rf"{re.escape(mark)}[ \t\r\n]*{_NEXT}{re.escape(element)}"
    return len(re.findall(pattern, text)) > 1


def _divides(mark: str, *taken: str) -> bool:
    return bool(mark) and not mark.isalnum() and mark != " " and mark not in taken


def _other_component(text: str, *taken: str) -> str:
    """Return the most frequent of the usual component separators that is not taken."""
    free = [mark for mark in _COMPONENTS if mark not in taken]
    return max(free, key=text.count)


def _without_isa(text: str) -> Delimiters:
    """Return the likely delimiters of a text that has lost its ISA."""
    header = _HEADER.search(text)
    if header is None:
        return Delimiters()
    element = header[1]
    ending = re.compile(rf"([^A-Za-z0-9 \t\r\n])[ \t\r\n]*{_NEXT}{re.escape(element)}")
    marks = [mark for mark in ending.findall(text, header.end()) if mark != element]
    lines = len(re.findall(rf"[\r\n][ \t]*{_NEXT}{re.escape(element)}", text))
    terminator = max(sorted(set(marks)), key=marks.count) if marks else ""
    if not terminator or lines > 2 * marks.count(terminator):
        terminator = "\n" if lines else "~"
    component = _other_component(text, element, terminator)
    repetition = next(mark for mark in "^!`" if mark not in (element, component, terminator))
    return Delimiters(element, component, repetition, terminator)
