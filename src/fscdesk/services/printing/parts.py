"""What stands on patient paper besides tables: headings, sentences, sums, panels, signatures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from fscdesk.models.values import Money
from fscdesk.services.printing.flow import Part
from fscdesk.services.printing.fonts import INK, INK3, REGULAR, SEMIBOLD, Style, fit, width, wrap
from fscdesk.services.printing.page import LINE, STRONG, Pen
from fscdesk.services.printing.sheet import (
    BODY,
    FAINT,
    HEAVY,
    LEFT,
    QUIET,
    RIGHT,
    SMALL,
    SUM,
    TITLE,
    VALUE,
    WIDE,
)
from fscdesk.services.printing.words import amount

LEADING = 12.5
SUMS_LEFT, CLAUSE = 300.0, 92.0
PANEL_AMOUNT, PANEL_QUIET = Style(SEMIBOLD, 10, INK), Style(REGULAR, 10, INK3)


def heading(text: str, note: str = "") -> Part:
    """A heading of the paper, with a quiet note at the right margin."""
    block = fit((text,), TITLE, WIDE, 4 * 15, 15)
    last = block.lines[-1][1] if block.lines else ""
    side = fit((note,), FAINT, max(120.0, WIDE - width(last, block.style) - 16), 12, 11)
    # A heading that leaves too little beside it has its note below.
    beside = width(last, block.style) + 16 + 120 <= WIDE
    height = 26.5 + block.height + (0 if beside or not side.lines else 13)

    def draw(pen: Pen, top: float) -> None:
        y = pen.block(LEFT, top + 14.5, block)
        for row, (_, line) in enumerate(side.lines):
            at = y + (0 if beside else 13) + row * side.leading
            pen.right(RIGHT, at, line, side.style)

    return Part(height, draw, keep_next=True)


def small_heading(text: str, note: str = "") -> Part:
    """A heading inside a list: what the rows under it are about."""
    room = WIDE - (min(width(note, FAINT), WIDE / 2) + 12 if note else 0)
    block = fit((text,), HEAVY, room, 4 * 11, 11)

    def draw(pen: Pen, top: float) -> None:
        pen.block(LEFT, top + 13, block, HEAVY)
        pen.right(RIGHT, top + 13, note, FAINT, WIDE / 2)

    return Part(20 + block.height, draw, keep_next=True)


def paragraph(text: str, style: Style = BODY, *, keep_next: bool = False) -> list[Part]:
    """Sentences over the whole width, a part for each line: long text goes on to the next page.

    Line breaks in the text stand. No single line is left alone at a page's end or beginning.
    """
    lines = [line for piece in text.split("\n") for line in wrap(piece, style, WIDE)]
    leading = LEADING * style.size / BODY.size
    parts = [_line(line, style, leading) for line in lines]
    for at in (0, len(parts) - 2):
        if 0 <= at < len(parts) - 1:
            parts[at] = replace(parts[at], keep_next=True)
    if parts and keep_next:
        parts[-1] = replace(parts[-1], keep_next=True)
    return parts


def _line(line: str, style: Style, leading: float) -> Part:
    return Part(leading, lambda pen, top: pen.text(LEFT, top + leading * 0.76, line, style))


def clause(name: str, text: str, style: Style = BODY) -> list[Part]:
    """Sentences beside their name, a part for each line."""
    lines = wrap(text, style, WIDE - CLAUSE)
    leading = LEADING * style.size / BODY.size

    def line_part(at: int, line: str) -> Part:
        def draw(pen: Pen, top: float) -> None:
            if at == 0:
                pen.text(LEFT, top + leading * 0.76, name, VALUE.sized(style.size), CLAUSE - 8)
            pen.text(LEFT + CLAUSE, top + leading * 0.76, line, style)

        return Part(leading, draw, keep_next=at in {0, len(lines) - 2} and at < len(lines) - 1)

    return [line_part(at, line) for at, line in enumerate(lines)]


def banner(word: str, sentence: str = "") -> Part:
    """A panel that nobody overlooks: ``Void``, with the reason."""
    block = fit((word, sentence), QUIET, WIDE - 24, 6 * LEADING, LEADING)
    high = block.height + 27

    def draw(pen: Pen, top: float) -> None:
        pen.panel(LEFT, top, WIDE, high)
        pen.rule(LEFT, LEFT + 3, top + high, STRONG, high)
        pen.block(LEFT + 14, top + 17, block, HEAVY)

    return Part(high + 14, draw, keep_next=True)


def sum_line(label: str, money: Money, *, last: bool = False, keep_next: bool = True) -> Part:
    """A sum under the amounts; the `last` one is what all of them lead to."""
    style = SUM if last else BODY
    high = 24.0 if last else 16.0
    value = fit((label,), style, RIGHT - SUMS_LEFT - 100, 8 * 13, 13)

    def draw(pen: Pen, top: float) -> None:
        if last:
            pen.rule(SUMS_LEFT, RIGHT, top + 3, LINE)
        y = top + (18 if last else 12)
        pen.block(SUMS_LEFT, y, value)
        pen.right(RIGHT, y, amount(money), SUM if last else VALUE, 94)

    return Part(high + value.height, draw, keep_next=keep_next)


def figures(cells: Iterable[tuple[str, str]]) -> Part:
    """A panel with a few figures side by side, each under its name."""
    pairs = tuple(cells)
    step = WIDE / max(1, len(pairs))

    def draw(pen: Pen, top: float) -> None:
        pen.panel(LEFT, top, WIDE, 33.4)
        for n, (name, value) in enumerate(pairs):
            x = LEFT + 12 + n * step
            pen.text(x, top + 13, name, SMALL, step - 14)
            pen.text(x, top + 25.6, value, PANEL_AMOUNT, step - 14)

    return Part(33.4, draw)


def facts(columns: Iterable[tuple[str, tuple[str, ...]]], *, persons: int = 0) -> Part:
    """Short lists side by side, each under its name; `persons` first ones begin with a name."""
    lists = tuple(columns)
    step = (WIDE + 16) / max(1, len(lists))
    blocks = [fit(lines, QUIET, step - 16, 12 * 11.5, 11.5) for _, lines in lists]
    high = max((block.height for block in blocks), default=0.0)

    def draw(pen: Pen, top: float) -> None:
        for n, ((name, _), block) in enumerate(zip(lists, blocks, strict=True)):
            x = LEFT + n * step
            pen.text(x, top + 8, name, SMALL, step - 16)
            pen.block(x, top + 21, block, VALUE if n < persons else QUIET)

    return Part(high + 30, draw)


def signatures(people: Iterable[tuple[str, str]]) -> Part:
    """A line to sign and one for the date for each person, kept together."""
    rows = tuple(people)
    each, day_at = 46.0, RIGHT - 130.0

    def draw(pen: Pen, top: float) -> None:
        for row, (role, name) in enumerate(rows):
            y = top + each * row + 30
            pen.rule(LEFT, day_at - 24, y, STRONG, 0.7)
            pen.rule(day_at, RIGHT, y, STRONG, 0.7)
            label = fit((f"{role}: {name}" if name else role,), SMALL, day_at - 24 - LEFT, 20, 10)
            pen.block(LEFT, y + 11, label)
            pen.text(day_at, y + 11, "Date", SMALL)

    return Part(each * len(rows), draw)
