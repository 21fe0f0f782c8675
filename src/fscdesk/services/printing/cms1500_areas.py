"""The boxes of the CMS-1500 (02/12) as rectangles, with our own short words for each.

Level lines are a multiple of 12 points from the top, as on the red form; upright lines stand
between the columns. Edges are columns and rows: an edge at 30 is the left edge of column 30, and
one at row 8 is below the text of row 8.
"""

from __future__ import annotations

from typing import NamedTuple

from fscdesk.services.printing.cms1500_grid import LINES_A_PAGE, ROW, ROWS_A_LINE, x_of

WIDE_LEFT, WIDE_RIGHT = 0.75, 80.25
FIRST, MIDDLE = 30.0, 49.2
"""The upright lines that most bands have."""

LINE_EDGES: tuple[tuple[str, float, float], ...] = (
    ("24A", WIDE_LEFT, 18.5),
    ("24B", 18.5, 21.5),
    ("24C", 21.5, 24.5),
    ("24D", 24.5, 44.5),
    ("24E", 44.5, MIDDLE),
    ("24F", MIDDLE, 59),
    ("24G", 59, 62.5),
    ("24H", 62.5, 65),
    ("24I", 65, 67.4),
    ("24J", 67.4, WIDE_RIGHT),
)
"""The columns of box 24."""


def y_of(row: float) -> float:
    """Points from the paper's top edge to the level line below a row."""
    return 2 * ROW + ROW * row


class Area(NamedTuple):
    """A rectangle of a box, its edges in columns and rows, and what is written in its corner."""

    box: str
    left: float
    top: float
    right: float
    bottom: float
    words: str = ""
    shaded: bool = False

    @property
    def points(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom in points from the top left of the page."""
        return x_of(self.left), y_of(self.top), x_of(self.right), y_of(self.bottom)


def _band(top: float, bottom: float, *parts: tuple[str, float, float, str]) -> tuple[Area, ...]:
    return tuple(Area(box, left, top, right, bottom, words) for box, left, right, words in parts)


AREAS: tuple[Area, ...] = (
    *_band(
        *(6, 8),
        ("1", WIDE_LEFT, MIDDLE, "1."),
        ("1a", MIDDLE, WIDE_RIGHT, "1a. INSURED’S ID NUMBER"),
    ),
    *_band(
        *(8, 10),
        ("2", WIDE_LEFT, FIRST, "2. PATIENT’S NAME (Last, First, Middle initial)"),
        ("3", FIRST, MIDDLE, "3. PATIENT’S BIRTH DATE"),
        ("4", MIDDLE, WIDE_RIGHT, "4. INSURED’S NAME (Last, First, Middle initial)"),
    ),
    *_band(
        *(10, 12),
        ("5", WIDE_LEFT, FIRST, "5. PATIENT’S ADDRESS (Number, street)"),
        ("6", FIRST, MIDDLE, "6. PATIENT’S RELATIONSHIP TO INSURED"),
        ("7", MIDDLE, WIDE_RIGHT, "7. INSURED’S ADDRESS (Number, street)"),
    ),
    *_band(
        *(12, 14),
        ("5", WIDE_LEFT, 25.5, "CITY"),
        ("5", 25.5, FIRST, "STATE"),
        ("7", MIDDLE, 73.5, "CITY"),
        ("7", 73.5, WIDE_RIGHT, "STATE"),
    ),
    Area("8", FIRST, 12, MIDDLE, 16, "8. RESERVED FOR NUCC USE"),
    *_band(
        *(14, 16),
        ("5", WIDE_LEFT, 13.5, "ZIP CODE"),
        ("5", 13.5, FIRST, "TELEPHONE (with area code)"),
        ("7", MIDDLE, 63.5, "ZIP CODE"),
        ("7", 63.5, WIDE_RIGHT, "TELEPHONE (with area code)"),
    ),
    Area("10", FIRST, 16, MIDDLE, 24, "10. IS THE PATIENT’S CONDITION RELATED TO:"),
    *_band(
        *(16, 18),
        ("9", WIDE_LEFT, FIRST, "9. OTHER INSURED’S NAME (Last, First, Middle initial)"),
        ("11", MIDDLE, WIDE_RIGHT, "11. INSURED’S POLICY, GROUP OR FECA NUMBER"),
    ),
    *_band(
        *(18, 20),
        ("9a", WIDE_LEFT, FIRST, "a. OTHER INSURED’S POLICY OR GROUP NUMBER"),
        ("11a", MIDDLE, WIDE_RIGHT, "a. INSURED’S BIRTH DATE"),
    ),
    *_band(
        *(20, 22),
        ("9b", WIDE_LEFT, FIRST, "b. RESERVED FOR NUCC USE"),
        ("11b", MIDDLE, WIDE_RIGHT, "b. OTHER CLAIM ID (Designated by NUCC)"),
    ),
    *_band(
        *(22, 24),
        ("9c", WIDE_LEFT, FIRST, "c. RESERVED FOR NUCC USE"),
        ("11c", MIDDLE, WIDE_RIGHT, "c. INSURANCE PLAN OR PROGRAM"),
    ),
    *_band(
        *(24, 26),
        ("9d", WIDE_LEFT, FIRST, "d. OTHER INSURANCE PLAN OR PROGRAM"),
        ("10d", FIRST, MIDDLE, "10d. CLAIM CODES (Designated by NUCC)"),
        ("11d", MIDDLE, WIDE_RIGHT, "d. IS THERE ANOTHER HEALTH BENEFIT PLAN?"),
    ),
    *_band(
        *(26, 30),
        ("12", WIDE_LEFT, MIDDLE, "12. PATIENT’S OR AUTHORIZED PERSON’S SIGNATURE"),
        ("13", MIDDLE, WIDE_RIGHT, "13. INSURED’S OR AUTHORIZED PERSON’S SIGNATURE"),
    ),
    *_band(
        *(30, 32),
        ("14", WIDE_LEFT, FIRST, "14. CURRENT ILLNESS, INJURY, or PREGNANCY (LMP)"),
        ("15", FIRST, MIDDLE, "15. OTHER DATE"),
        ("16", MIDDLE, WIDE_RIGHT, "16. UNABLE TO WORK IN CURRENT OCCUPATION"),
    ),
    Area("17", WIDE_LEFT, 32, 28.2, 34, "17. REFERRING PROVIDER OR OTHER SOURCE"),
    Area("17a", 28.2, 32, MIDDLE, 33, "17a.", shaded=True),
    Area("17b", 28.2, 33, MIDDLE, 34, "17b."),
    Area("18", MIDDLE, 32, WIDE_RIGHT, 34, "18. IN HOSPITAL FOR CURRENT SERVICES"),
    *_band(
        *(34, 36),
        ("19", WIDE_LEFT, MIDDLE, "19. ADDITIONAL CLAIM INFORMATION (Designated by NUCC)"),
        ("20", MIDDLE, 61.5, "20. OUTSIDE LAB?"),
        ("20", 61.5, WIDE_RIGHT, "$ CHARGES"),
    ),
    Area("21", WIDE_LEFT, 36, MIDDLE, 40, "21. DIAGNOSES (24E points at them by letter)"),
    *_band(
        *(36, 38),
        ("22", MIDDLE, 61.5, "22. RESUBMISSION CODE"),
        ("22", 61.5, WIDE_RIGHT, "ORIGINAL REF. NO."),
    ),
    Area("23", MIDDLE, 38, WIDE_RIGHT, 40, "23. PRIOR AUTHORIZATION NUMBER"),
    *(
        Area(box, left, 40, right, 42, f"{box[2]}." if left > 1 else f"24. {box[2]}.")
        for box, left, right in LINE_EDGES
    ),
    *(
        Area(box, left, row, right, row + 1, shaded=True)
        for row in range(42, 42 + LINES_A_PAGE * ROWS_A_LINE, ROWS_A_LINE)
        for box, left, right in (
            ("24", WIDE_LEFT, 62.5),
            ("24H", 62.5, 65),
            ("24I", 65, 67.4),
            ("24J", 67.4, WIDE_RIGHT),
        )
    ),
    *(
        Area(box, left, row, right, row + 1)
        for row in range(43, 43 + LINES_A_PAGE * ROWS_A_LINE, ROWS_A_LINE)
        for box, left, right in LINE_EDGES
    ),
    *_band(
        *(54, 56),
        ("25", WIDE_LEFT, 22, "25. FEDERAL TAX ID NUMBER"),
        ("26", 22, 37.3, "26. PATIENT’S ACCOUNT NO."),
        ("27", 37.3, MIDDLE, "27. ACCEPT ASSIGNMENT?"),
        ("28", MIDDLE, 60.5, "28. TOTAL CHARGE"),
        ("29", 60.5, 70.5, "29. AMOUNT PAID"),
        ("30", 70.5, WIDE_RIGHT, "30. RESERVED"),
    ),
    Area("31", WIDE_LEFT, 56, 22, 61, "31. SIGNATURE OF PHYSICIAN OR SUPPLIER"),
    Area("32", 22, 56, MIDDLE, 60, "32. SERVICE FACILITY LOCATION"),
    Area("32a", 22, 60, 34, 61, "a."),
    Area("32b", 34, 60, MIDDLE, 61, "b.", shaded=True),
    Area("33", MIDDLE, 56, WIDE_RIGHT, 60, "33. BILLING PROVIDER AND TELEPHONE"),
    Area("33a", MIDDLE, 60, 61.5, 61, "a."),
    Area("33b", 61.5, 60, WIDE_RIGHT, 61, "b.", shaded=True),
)
"""The whole form, box by box. Boxes 10a to 10c stand in box 10 without lines of their own."""
