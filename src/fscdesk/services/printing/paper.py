"""Puts a paper together: the upper third, the parts under it on as many pages as they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fscdesk.services.printing.flow import Part, Placed, Room, flow
from fscdesk.services.printing.letterhead import (
    AmountBox,
    draw_amount_box,
    draw_facts,
    draw_foot,
    draw_letterhead,
    draw_next_head,
    draw_recipient,
)
from fscdesk.services.printing.page import Pen
from fscdesk.services.printing.parties import Letterhead, Recipient
from fscdesk.services.printing.sheet import CONTINUED, PAGE_END, RIGHT, SLIP_END, SMALL, TITLE_LINE
from fscdesk.services.printing.slip import Slip, draw_slip, draw_slip_blank

FIRST_TOP, NEXT_TOP = TITLE_LINE - 14.5, 72.0


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper for one recipient, ready to be drawn."""

    letterhead: Letterhead
    title: str
    """``Receipt``; the file's own title has the number too."""
    number: str
    facts: tuple[tuple[str, str], ...]
    recipient: Recipient
    parts: Sequence[Part]
    again: tuple[str, str]
    """What stands above pages after the first, left and right: never a name."""
    box: AmountBox | None = None
    slip: Slip | None = None
    mark: str = ""
    """Across each page, under its text: ``VOID``."""
    ids: tuple[str, ...] = ()
    """Under the practice's address: its tax id and NPI."""
    slip_if_alone: bool = False
    """Only a paper of one page has its slip: a letter is not torn."""


def print_paper(paper: Paper) -> bytes:
    """Draw all pages; the same paper gives the same bytes."""
    pages, slip = _pages(paper)
    pen = Pen(title=f"{paper.title} {paper.number}".strip(), author=paper.letterhead.name)
    for number, placed in enumerate(pages, 1):
        if number == 1:
            _first(pen, paper, slip)
        else:
            draw_next_head(pen, *paper.again)
        for part, top in placed:
            part.draw(pen, top)
        if number < len(pages) and placed:
            end = placed[-1].top + placed[-1].part.height
            pen.right(RIGHT, end + 12, f"Continued on page {number + 1}", SMALL)
        if paper.mark:
            pen.mark(paper.mark)
        draw_foot(pen, paper.letterhead, number, len(pages))
        pen.end_page()
    return pen.pdf()


def _pages(paper: Paper) -> tuple[list[list[Placed]], Slip | None]:
    """The parts on their pages; and the slip, where there is one."""
    after = Room(NEXT_TOP, PAGE_END - CONTINUED)
    # The last page needs no line that says where it goes on.
    alone = flow(paper.parts, Room(FIRST_TOP, SLIP_END if paper.slip else PAGE_END), after)
    if len(alone) == 1:
        return alone, paper.slip
    slip = None if paper.slip_if_alone else paper.slip
    end = (SLIP_END if slip else PAGE_END) - CONTINUED
    return flow(paper.parts, Room(FIRST_TOP, end), after), slip


def _first(pen: Pen, paper: Paper, slip: Slip | None) -> None:
    draw_letterhead(pen, paper.letterhead, paper.title, paper.ids)
    list(draw_facts(pen, paper.facts))
    if paper.box is not None:
        draw_amount_box(pen, paper.box)
    draw_recipient(pen, paper.recipient)
    if slip is not None:
        draw_slip_blank(pen, paper.letterhead)
        draw_slip(pen, slip)
