"""The upper third of a paper: who sends it, what it is, to whom; and what stands at its edges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from fscdesk.services.printing.fonts import INK, INK2, MEDIUM, SEMIBOLD, Style, fit, width
from fscdesk.services.printing.page import LINE, Pen
from fscdesk.services.printing.parties import Letterhead, Recipient
from fscdesk.services.printing.sheet import (
    ASIDE,
    FAINT,
    FIGURE,
    FOOT,
    FOOTER,
    LEFT,
    NAME,
    PLAIN,
    QUIET,
    RIGHT,
    SMALL,
    SUM,
    VALUE,
)

WINDOW_LEFT, WINDOW_TOP = 68.4, 187.2
WINDOW_ROOM, WINDOW_LINES, WINDOW_LEADING = 318.0, 4, 12.5
FOLDS, FOLD = (264.24, 527.76), "#9AA1AC"
BOX_TOP, BOX_PAD = 124.1, 12.0
FACT_STEP = 14.07


class AmountBox(NamedTuple):
    """The amount that a paper is about, in its panel right of the window."""

    label: str
    by: str
    figure: str
    """``$55.00``; empty where label and `by` say all of it in words."""
    hint: str = ""


def draw_letterhead(
    pen: Pen, letterhead: Letterhead, title: str, ids: tuple[str, ...] = ()
) -> bool:
    """Draw the sender, what the paper is, and the fold marks; say whether all of it fits.

    `ids` are further lines under the address, such as the tax id that an insurer asks for.
    """
    contact = ", ".join(part for part in (letterhead.phone, letterhead.email) if part)
    name = fit((letterhead.name,), Style(SEMIBOLD, 11, INK), 330, 28, 14)
    room = 72 - name.height
    under = fit((*letterhead.address, contact, *ids), QUIET, 330, room, 12)
    y = pen.block(LEFT, 44.5, name)
    pen.block(LEFT, y + 14.6, under)
    pen.text(ASIDE, 47.6, title, Style(SEMIBOLD, 18, INK), RIGHT - ASIDE)
    for fold in FOLDS:
        pen.rule(8, 18, fold, FOLD, 0.6)
        pen.rule(pen.width - 18, pen.width - 8, fold, FOLD, 0.6)
    return not (name.cut or under.cut)


def draw_facts(pen: Pen, facts: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """Write label and value, one pair a line, below the title; yield the labels of cut values."""
    for row, (label, value) in enumerate(facts):
        y = 67.5 + FACT_STEP * row
        pen.text(ASIDE, y, label, FAINT)
        room = RIGHT - ASIDE - max(44.0, width(label, FAINT) + 6)
        value_block = fit((value,), VALUE, room, 12, 12)
        for _, line in value_block.lines:
            pen.right(RIGHT, y, line, value_block.style)
            y += value_block.leading
        if value_block.cut:
            yield label


def draw_amount_box(pen: Pen, box: AmountBox) -> bool:
    """Draw the panel with the amount; say whether its hint fits."""
    inner = RIGHT - ASIDE - 2 * BOX_PAD
    block = fit((box.hint,), SMALL, inner, 5 * 10, 10)
    high = 65.9 + block.height if block.lines else 46.0
    pen.panel(ASIDE, BOX_TOP, RIGHT - ASIDE, high)
    left, right = ASIDE + BOX_PAD, RIGHT - BOX_PAD
    if not box.figure:
        pen.text(left, 144.9, box.label, SUM, inner)
        pen.text(left, 160.2, box.by, SUM, inner)
    else:
        pen.text(left, 142.9, box.label, Style(MEDIUM, 9, INK2), inner)
        pen.text(left, 160, box.by, QUIET)
        room = inner - (width(box.by, QUIET) + 10 if box.by else 0)
        pen.right(right, 160.4, box.figure, FIGURE, room)
    if block.lines:
        pen.rule(left, right, 170, LINE)
        pen.block(left, 182.7, block)
    return not block.cut


def window_lines(name: str, address: tuple[str, ...]) -> tuple[str, ...]:
    """The recipient in at most four lines: the shortest neighbours of the address are joined."""
    lines = [line.strip() for line in address if line.strip()]
    while len(lines) >= WINDOW_LINES:
        # Postal machines read the last line (city, state, ZIP), so it is joined last of all.
        last = len(lines) - 2 if len(lines) > 2 else 1  # noqa: PLR2004 - a pair to join
        at = min(range(last), key=lambda n: len(lines[n]) + len(lines[n + 1]))
        lines[at : at + 2] = [f"{lines[at]}, {lines[at + 1]}"]
    return (name, *lines)


def draw_recipient(pen: Pen, recipient: Recipient) -> bool:
    """Write name and address where the window is; say whether all of it fits."""
    lines = window_lines(recipient.name, recipient.address)
    height = WINDOW_LINES * WINDOW_LEADING
    block = fit(lines, PLAIN, WINDOW_ROOM, height, WINDOW_LEADING)
    pen.block(WINDOW_LEFT, WINDOW_TOP, block, NAME)
    return not block.cut


def draw_next_head(pen: Pen, left: str, right: str) -> None:
    """Begin a page after the first: with the account and the paper's number, never a name."""
    pen.text(LEFT, 44.5, left, SUM, 240)
    pen.right(RIGHT, 44.5, right, FAINT, 270)


def draw_foot(pen: Pen, letterhead: Letterhead, page: int, count: int) -> None:
    """Write the practice's name and ``Page 1 of 3``."""
    pen.text(LEFT, FOOT, letterhead.name, FOOTER, 440)
    pen.right(RIGHT, FOOT, f"Page {page} of {count}", FOOTER)
