"""Large files: segments as plain text, and `Segment` objects only for what envelopes them.

A `Segment` for each of a quarter of a million pieces would take longer than all the rest of the
reading; so envelopes are walked over an outline, and a transaction is a slice of the pieces.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from fscdesk.services.x12.envelopes import TransactionSet
from fscdesk.services.x12.segments import Delimiters, Segment, split_segments

_ENVELOPE: Final = ("ISA", "GS", "ST", "SE", "GE", "IEA", "TA1")
_BLANKS: Final = " \t"


class SetPieces(NamedTuple):
    """One transaction without its SE, and at which indexes its loops begin.

    ``position`` is the first piece's; an index and it make the position of a piece.
    """

    pieces: list[str]
    position: int
    loops: list[int]


class Pieces:
    """The segments of a file as text; a `Splitter` that keeps them while it makes an outline.

    ``loops`` are the names of the segments that begin a loop.
    """

    def __init__(self, loops: Collection[str]) -> None:
        self._loops = frozenset(loops)
        self._all: list[str] = []
        self._begins: list[int] = []

    def __call__(self, text: str, delimiters: Delimiters, *, first: int) -> list[Segment]:
        """Keep the pieces of an interchange; return its envelopes, and the last piece in each.

        Outside a transaction every piece becomes a segment: there the envelopes are damaged, and
        what it is decides what is made of it.
        """
        head, body = _parted(text, delimiters)
        start = split_segments(head, delimiters, first=first)
        pieces = [delimiters.element.join((one.name, *one.elements)) for one in start]
        pieces += _clean(body, delimiters)
        before = len(self._all)
        self._all += pieces
        envelopes, begins = self._sorted(pieces, delimiters.element)
        self._begins += [before + at for at in begins]
        outline = list(_outline(pieces, envelopes, delimiters.element, first))
        return start + outline[len(start) :]

    def of_set(self, found: TransactionSet) -> SetPieces:
        """Return the pieces of a transaction of the outline that this splitter made."""
        start, end = found.segments[0].position - 1, found.segments[-1].position
        if found.segments[-1].name == "SE":
            end -= 1
        low, high = bisect_left(self._begins, start), bisect_left(self._begins, end)
        loops = [at - start for at in self._begins[low:high]]
        return SetPieces(self._all[start:end], start + 1, loops)

    def _sorted(self, pieces: list[str], element: str) -> tuple[list[int], list[int]]:
        """Return where segments of the envelope stand, and where loops begin."""
        both = (*_ENVELOPE, *self._loops)
        heads = frozenset({*both, *((name + element)[:3] for name in both)})
        envelopes, begins = [], []
        for at in [at for at, piece in enumerate(pieces) if piece[:3] in heads]:
            name = pieces[at][:4].partition(element)[0]
            if name in self._loops:
                begins.append(at)
            elif name in _ENVELOPE:
                envelopes.append(at)
        return envelopes, begins


def _parted(text: str, delimiters: Delimiters) -> tuple[str, str]:
    """Return the ISA, whose fields keep their blanks, and what follows it."""
    at = text.find("ISA")
    if at < 0 or text[:at].strip():
        return "", text
    if delimiters.terminator == "\n":
        ends = [end for end in (text.find("\n", at), text.find("\r", at)) if end >= 0]
        end = min(ends, default=-1)
    else:
        end = text.find(delimiters.terminator, at)
    return (text, "") if end < 0 else (text[: end + 1], text[end + 1 :])


def _clean(text: str, delimiters: Delimiters) -> list[str]:
    """Split into segments: no line ends, no blanks around elements, names in capitals."""
    element, terminator = delimiters.element, delimiters.terminator
    if terminator == "\n":
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    else:
        text = text.replace("\r", "").replace("\n", "")
    blanks = "".join(one for one in _BLANKS if one not in (element, terminator))
    pieces = text.split(terminator)
    if any(_stands_outside(one, text, element + terminator) for one in blanks):
        pieces = [
            element.join([part.strip(blanks) for part in one.split(element)]) for one in pieces
        ]
    if f"CLP{element}" not in text or f"ST{element}" not in text:
        pieces = [_named(one, element) for one in pieces]
    if not pieces[-1]:
        pieces.pop()
    return [one for one in pieces if one] if "" in pieces else pieces


def _stands_outside(blank: str, text: str, marks: str) -> bool:
    """Return whether a blank stands at the edge of an element; most files have few blanks."""
    edges = frozenset({"", *marks})
    at = text.find(blank)
    while at >= 0:
        if text[at + 1 : at + 2] in edges or text[max(at - 1, 0) : at] in edges:
            return True
        at = text.find(blank, at + 1)
    return False


def _named(piece: str, element: str) -> str:
    name, mark, rest = piece.partition(element)
    return name.upper() + mark + rest


def _outline(
    pieces: list[str], envelopes: list[int], element: str, first: int
) -> Iterator[Segment]:
    inside, done = False, 0
    for at in envelopes:
        name, *elements = pieces[at].split(element)
        yield from _run(pieces, element, first, (done, at), inside=inside)
        yield Segment(name, tuple(elements), first + at)
        inside = name == "ST" or (inside and name == "TA1")
        done = at + 1
    yield from _run(pieces, element, first, (done, len(pieces)), inside=inside)


def _run(
    pieces: list[str], element: str, first: int, span: tuple[int, int], *, inside: bool
) -> Iterator[Segment]:
    """Give the segments between two of the envelope: inside a transaction only the last."""
    start, end = span
    for at in range(max(start, end - 1) if inside else start, end):
        name, *elements = pieces[at].split(element)
        yield Segment(name, tuple(elements), first + at)
