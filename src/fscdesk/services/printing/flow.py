"""Parts of known height, one below the other, cut into pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from fscdesk.services.printing.page import Pen


@dataclass(frozen=True, slots=True)
class Part:
    """Something that is never cut in two: a line of text, a row, a panel."""

    height: float
    draw: Callable[[Pen, float], None]
    """Draw it with its top at the given height of the page."""
    keep_next: bool = False
    """Not to be the last on a page."""
    again: Part | None = None
    """What stands above it where it is the first on a page: the names of the columns."""
    blank: bool = False
    """Left out at the top of a page."""


class Placed(NamedTuple):
    """A part, and where its top is."""

    part: Part
    top: float


class Room(NamedTuple):
    """What a page has for the flow, in points from its top."""

    top: float
    end: float


def gap(height: float, *, keep_next: bool = False) -> Part:
    """White between two parts."""
    return Part(height, lambda pen, top: None, keep_next=keep_next, blank=True)  # noqa: ARG005 - it draws nothing


def stack(*parts: Part) -> Part:
    """Several parts as one, which stay together."""

    def draw(pen: Pen, top: float) -> None:
        for part in parts:
            part.draw(pen, top)
            top += part.height

    return Part(sum(part.height for part in parts), draw, keep_next=parts[-1].keep_next)


def flow(parts: Iterable[Part], first: Room, after: Room) -> list[list[Placed]]:
    """Place the parts; what belongs together moves to the next page together, if a page has room.

    There is always at least one page. A chain that is higher than a page is cut anywhere.
    """
    pages: list[list[Placed]] = [[]]
    top, end = first
    for chain in _chains(parts):
        high = sum(part.height for part in chain)
        again = chain[0].again.height if chain[0].again else 0.0
        whole = high + again <= after.end - after.top
        if whole and pages[-1] and top + high > end:
            pages.append([])
            top, end = after
        for part in chain:
            if top + part.height > end and pages[-1]:
                pages.append([])
                top, end = after
            if not pages[-1]:
                if part.blank:
                    continue
                if part.again is not None:
                    pages[-1].append(Placed(part.again, top))
                    top += part.again.height
            pages[-1].append(Placed(part, top))
            top += part.height
    return pages if len(pages) == 1 or pages[-1] else pages[:-1]


def _chains(parts: Iterable[Part]) -> Iterable[list[Part]]:
    chain: list[Part] = []
    for part in parts:
        chain.append(part)
        if not part.keep_next:
            yield chain
            chain = []
    if chain:
        yield chain
