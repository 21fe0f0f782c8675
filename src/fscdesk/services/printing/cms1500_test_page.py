"""A page to print on a red form once for each printer: it shows how far the text is off.

It has an X in every check box, the first and last fields of the form filled to their ends, the
cells above the form, and ticks where the form's alignment bar is: 1 1/3 inches from the top and
0.3 inches from the left.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from fscdesk.services.printing.cms1500 import (
    NO_OFFSET,
    PrintOffset,
    move,
    open_canvas,
    type_cells,
)
from fscdesk.services.printing.cms1500_areas import y_of
from fscdesk.services.printing.cms1500_cells import CmsCell
from fscdesk.services.printing.cms1500_grid import (
    LEFT,
    LINES_A_PAGE,
    PITCH,
    ROWS_A_LINE,
    FieldKind,
    GridField,
    grid,
    x_of,
)
from fscdesk.services.printing.cms1500_letters import claim_letters
from fscdesk.services.printing.page import PORTRAIT

BAR_TOP = 96.0
"""Points from the top to the alignment bar; `LEFT` is its distance from the left."""
TICKS = 12
FILLED = (
    *("insured_id", "patient_name", "insured_name", "patient_zip", "additional_information"),
    *("provider_signature", "billing_name", "facility_npi", "billing_npi", "billing_other_id"),
)
"""Fields at the corners and edges, printed full: their ends show whether the page is stretched."""
WORDS = (
    "EACH X BELONGS IN THE MIDDLE OF ITS SQUARE",
    "PRINT AT 100 PERCENT, WITHOUT FIT TO PAGE",
    "TEXT TOO FAR LEFT: MORE STEPS TO THE RIGHT",
    "TEXT TOO HIGH: MORE STEPS DOWN",
    "ONE STEP IS HALF A POINT",
    "TICKS AT THE ALIGNMENT BAR ARE ONE POINT APART",
)
"""One on the shaded half of each service line."""


def draw_test_page(offset: PrintOffset = NO_OFFSET, printer: str = "") -> bytes:
    """Return the page as PDF, moved by the offset that it names; the same bytes each time."""
    out = BytesIO()
    canvas = open_canvas(out, "CMS-1500 test page")
    move(canvas, offset)
    _draw_marks(canvas)
    type_cells(canvas, _cells(offset, printer))
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _cells(offset: PrintOffset, printer: str) -> list[CmsCell]:
    fields = grid()
    right, down = offset.points
    cells = [
        _at(fields["carrier.1"], "TEST PAGE FOR CMS-1500 (02/12)"),
        _at(fields["carrier.2"], claim_letters(printer, FieldKind.WORDS)),
        _at(fields["carrier.3"], f"OFFSET RIGHT {right:.1f} PT"),
        _at(fields["carrier.4"], f"OFFSET DOWN {down:.1f} PT"),
        *(_at(place, "X") for place in fields.values() if place.kind is FieldKind.MARK),
        *(_at(fields[name], "X" * fields[name].length) for name in FILLED),
    ]
    shaded, npi = fields["line.supplement"], fields["line.rendering_npi"]
    for number, words in zip(range(LINES_A_PAGE), WORDS, strict=True):
        lower = ROWS_A_LINE * number
        cells.append(_at(shaded, words, lower))
        cells.append(_at(npi, "X" * npi.length, lower))
    return [cell for cell in cells if cell.text]


def _at(place: GridField, text: str, lower: int = 0) -> CmsCell:
    return CmsCell(place.row + lower, place.column, text[: place.length], place.box)


def _draw_marks(canvas: Any) -> None:
    """The cells above the form, and ticks a point apart around the corner of the bar."""
    high = PORTRAIT[1]
    canvas.setLineWidth(0.5)
    for column in (1, 2, 3, 77, 78, 79):
        canvas.rect(x_of(column), high - y_of(6) + 1.5, PITCH, 8.5)
    for step in range(-TICKS, TICKS + 1):
        # Every fifth is longer, and the one that belongs on the bar the longest.
        long = 9 if step == 0 else 6 if step % 5 == 0 else 3
        canvas.setLineWidth(0.5 if step == 0 else 0.25)
        canvas.line(LEFT + step, high - 72, LEFT + step, high - 72 - long)
        canvas.line(72, high - BAR_TOP - step, 72 + long, high - BAR_TOP - step)
