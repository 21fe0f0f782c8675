"""Prints CMS-1500 claims: text for red forms from the print shop, or text on a form of our own.

Courier of 10 points, ten letters and six lines to the inch, black, as readers of paper claims
want it. Courier is one of the fonts that every reader of PDF has, and its letters are all of one
width, so the file holds no font for it. In this size they are 6 points wide, which is twelve to
the inch: each stands in the middle of its column, with the rest as space between them.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from fscdesk.services.printing.cms1500_cells import CmsCell, place_cms1500
from fscdesk.services.printing.cms1500_form import CmsForm
from fscdesk.services.printing.cms1500_form_lines import draw_form
from fscdesk.services.printing.cms1500_grid import PITCH, baseline, x_of
from fscdesk.services.printing.page import PORTRAIT
from fscdesk.services.printing.sums import must_hold

COURIER, SIZE = "Courier", 10
SPACE = PITCH - 0.6 * SIZE
FORM = "cms1500"
STEP = 0.5


class CmsMode(enum.StrEnum):
    """What the paper is."""

    RED_FORM = "red form"
    """Printed already: text only."""
    FILE_COPY = "file copy"
    """White: the form is drawn under the text."""


@dataclass(frozen=True, slots=True)
class PrintOffset:
    """How far a printer's pages have to be moved, in steps of half a point, right and down."""

    right: int = 0
    down: int = 0

    @property
    def points(self) -> tuple[float, float]:
        """Points to the right, and down."""
        return self.right * STEP, self.down * STEP


NO_OFFSET = PrintOffset()


def draw_cms1500(forms: Sequence[CmsForm], mode: CmsMode, offset: PrintOffset = NO_OFFSET) -> bytes:
    """Return claims as one PDF, each on as many pages as it needs; print it at 100 %.

    The offset moves all of a page. The same claims give the same bytes. What does not fit is cut
    or left out, as `place_cms1500` tells. Raises ValueError where there is no claim.
    """
    must_hold(forms, "there is no claim to print")
    with_form = mode is CmsMode.FILE_COPY
    out = BytesIO()
    canvas = open_canvas(out, "CMS-1500")
    if with_form:
        canvas.beginForm(FORM)
        draw_form(canvas)
        canvas.endForm()
    for form in forms:
        for cells in place_cms1500(form).pages:
            move(canvas, offset)
            if with_form:
                canvas.doForm(FORM)
            type_cells(canvas, cells)
            canvas.showPage()
    canvas.save()
    return out.getvalue()


def open_canvas(out: BytesIO, title: str) -> Any:
    """A canvas for pages of letter size that gives the same bytes each time."""
    canvas = Canvas(
        out,
        pagesize=PORTRAIT,
        pageCompression=1,
        invariant=1,
        initialFontName=COURIER,
        lang="en-US",
    )
    canvas.setTitle(title)
    canvas.setCreator("fscdesk")
    canvas.setViewerPreference("PrintScaling", "None")
    return canvas


def move(canvas: Any, offset: PrintOffset) -> None:
    """Move all that is drawn on this page from now on."""
    right, down = offset.points
    if right or down:
        canvas.translate(right, -down)


def type_cells(canvas: Any, cells: Sequence[CmsCell]) -> None:
    """Type text at its rows and columns."""
    text = canvas.beginText()
    text.setFont(COURIER, SIZE)
    text.setCharSpace(SPACE)
    for cell in cells:
        text.setTextOrigin(x_of(cell.column) + SPACE / 2, PORTRAIT[1] - baseline(cell.row))
        text.textOut(cell.text)
    canvas.drawText(text)
