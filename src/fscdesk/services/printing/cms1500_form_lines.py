"""The CMS-1500 drawn by us, for file copies: lines, check boxes, and short words of our own.

The form is in the public domain; this drawing of it is ours, in grey and black. It is no form to
send: payers read red forms only, and a black copy comes back.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from fscdesk.services.printing.cms1500_areas import (
    AREAS,
    FIRST,
    MIDDLE,
    WIDE_LEFT,
    WIDE_RIGHT,
    y_of,
)
from fscdesk.services.printing.cms1500_grid import (
    LINE,
    LINES_A_PAGE,
    PITCH,
    ROWS_A_LINE,
    FieldKind,
    baseline,
    grid,
    x_of,
)
from fscdesk.services.printing.fonts import REGULAR, SEMIBOLD, font
from fscdesk.services.printing.page import PORTRAIT

FRAME, FAINT, SHADE = "#3A414D", "#A4ABB7", "#ECEEF2"
MARK = 9.0
SIZE, SMALL, TINY = 5.4, 4.8, 4.2
"""Points; the red form's own words are no larger."""
THIN, STRONG = 0.5, 1.2
WORDS_DOWN, HINT_DOWN = 6.4, 12.6
"""Points from the top of a box to its words, and to a second line of them above the text."""

NAME = "HEALTH INSURANCE CLAIM FORM"
COPY = "CMS-1500 (02/12), file copy"
NOT_TO_SEND = "FILE COPY, NOT FOR SUBMISSION"
FOOT = "For the practice’s own files. Payers take the red form only."


class Words(NamedTuple):
    """Words of the form: where they begin, in columns and in points from the top."""

    column: float
    y: float
    words: str
    size: float = SMALL


def draw_form(canvas: Any) -> None:
    """Draw the empty form on a page of a ReportLab canvas."""
    canvas.setStrokeColor(FRAME)
    for area in AREAS:
        left, top, right, bottom = area.points
        canvas.setFillColor(SHADE)
        canvas.setLineWidth(THIN)
        box = (left, PORTRAIT[1] - bottom, right - left, bottom - top)
        canvas.rect(*box, stroke=1, fill=int(area.shaded))
    _draw_faint_lines(canvas)
    _draw_check_boxes(canvas)
    canvas.setLineWidth(STRONG)
    for row in (6, 30, 61):
        _line(canvas, WIDE_LEFT, y_of(row), WIDE_RIGHT, y_of(row))
    canvas.setFillColor(FRAME)
    for words in _all_words():
        canvas.setFont(font(REGULAR).fontName, words.size)
        canvas.drawString(x_of(words.column), PORTRAIT[1] - words.y, words.words)
    canvas.setFont(font(SEMIBOLD).fontName, 11)
    canvas.drawString(x_of(WIDE_LEFT), PORTRAIT[1] - 68, NAME)
    _draw_sides(canvas)


def _line(canvas: Any, column: float, y: float, to_column: float, to_y: float) -> None:
    """A line between two places, each a column and points from the top."""
    canvas.line(x_of(column), PORTRAIT[1] - y, x_of(to_column), PORTRAIT[1] - to_y)


def _draw_check_boxes(canvas: Any) -> None:
    """A square around each place of an X, and the cells above the form."""
    canvas.setLineWidth(THIN)
    for place in grid().values():
        if place.kind is FieldKind.MARK:
            left, low = x_of(place.column) - 0.9, baseline(place.row) + 1.2
            canvas.rect(left, PORTRAIT[1] - low, PITCH + 1.8, 8.8)
    for column in (1, 2, 3, 77, 78, 79):
        canvas.rect(x_of(column), PORTRAIT[1] - y_of(6) + 1.5, PITCH, 8.5)


UPRIGHT: tuple[tuple[float, int, float], ...] = (
    *((52.5, 22, 11), (15.7, 32, 11), (34.5, 32, 11)),
    *((32.6, 33, 10), (3.5, 34, 11), (32.6, 34, 10)),
    *((41.7, 37, 11), (43.3, 37, 11)),
    *(
        (column, row, 12)
        for row in range(44, 44 + LINES_A_PAGE * ROWS_A_LINE, ROWS_A_LINE)
        for column in (3.5, 6.5, 9.5, 12.5, 15.5, 32, 35.5, 38.5, 41.5)
    ),
)
"""Faint lines between figures: column, the row that they end under, and how high they are."""

CENTS: tuple[tuple[float, int, float], ...] = (
    *((55.5, row, 12) for row in range(44, 44 + LINES_A_PAGE * ROWS_A_LINE, ROWS_A_LINE)),
    *((68.5, 36, 11), (57.5, 56, 11), (67.5, 56, 11)),
)
"""As `UPRIGHT`: what stands for the point between dollars and cents."""

TO_WRITE_ON: tuple[tuple[float, float, float], ...] = (
    *((left, right, 372.4) for left, right in ((7, 32), (37, 47), (55, 79))),
    (1, 22, 744.0),
    (46, 48, baseline(22) + 1.7),
)
"""Level lines: from column, to column, points from the top."""


def _draw_faint_lines(canvas: Any) -> None:
    """What parts the figures inside boxes, and the lines to write on."""
    canvas.setLineWidth(THIN)
    canvas.setStrokeColor(FAINT)
    for place in grid().values():
        if place.name.endswith((".month", ".day")) and not place.name.startswith(LINE):
            _upright(canvas, place.column + 2.5, place.row, 9)
        if place.name.startswith("diagnosis."):
            low = baseline(place.row) + 1.7
            _line(canvas, place.column, low, place.column + place.length, low)
    for column, row, high in UPRIGHT:
        _upright(canvas, column, row, high)
    for left, right, y in TO_WRITE_ON:
        _line(canvas, left, y, right, y)
    canvas.setStrokeColor(FRAME)
    for column, row, high in CENTS:
        _upright(canvas, column, row, high)


def _upright(canvas: Any, column: float, row: int, high: float) -> None:
    """A line that ends on the level line under a row."""
    _line(canvas, column, y_of(row) - high, column, y_of(row))


def _all_words() -> Iterator[Words]:
    """The words of every box, and those beside its places."""
    for area in AREAS:
        if area.words:
            down = WORDS_DOWN if area.bottom - area.top > 1 else 8
            size = SIZE if down == WORDS_DOWN else TINY
            yield Words(area.left + 0.25, y_of(area.top) + down, area.words, size)
    yield from _beside_dates()
    yield from _beside_marks()
    yield from WRITTEN
    for number in range(LINES_A_PAGE):
        low = y_of(44 + ROWS_A_LINE * number) - 3.6
        yield Words(-0.2, low, str(number + 1), 8)
        yield Words(65.35, low, "NPI", SMALL)


def _beside_dates() -> Iterator[Words]:
    for place in grid().values():
        part = place.name.rpartition(".")[2]
        if part in {"month", "day", "year"} and not place.name.startswith(LINE):
            hint = {"month": "MM", "day": "DD", "year": "YY"}[part]
            yield Words(place.column + 0.25, y_of(place.row - 2) + HINT_DOWN, hint, TINY)


def _beside_marks() -> Iterator[Words]:
    for place in grid().values():
        if place.kind is not FieldKind.MARK:
            continue
        low = baseline(place.row) - 0.6
        answer = place.name.rpartition(".")[2]
        if answer in {"yes", "no"}:
            yield Words(place.column + 1.35, low, answer.upper())
        elif answer in {"M", "F"}:
            yield Words(place.column - 0.82, low, answer)


WRITTEN: tuple[Words, ...] = (
    Words(WIDE_LEFT, 78, COPY, 6.5),
    Words(4.3, y_of(6) - 3, "PICA", SIZE),
    Words(74.3, y_of(6) - 3, "PICA", SIZE),
    # 1: kinds of insurance above their places, what the number is beside them
    *(
        Words(column, y_of(6) + WORDS_DOWN, words)
        for column, words in (
            (2.2, "MEDICARE"),
            (8, "MEDICAID"),
            (15, "TRICARE"),
            (24, "CHAMPVA"),
            (31, "GROUP PLAN"),
            (39, "FECA"),
            (45, "OTHER"),
        )
    ),
    *(
        Words(column + 1.35, baseline(8) - 0.6, words, TINY)
        for column, words in (
            (1, "(Medicare no.)"),
            (8, "(Medicaid no.)"),
            (15, "(ID or DoD no.)"),
            (24, "(Member ID)"),
            (31, "(ID no.)"),
            (39, "(ID no.)"),
            (45, "(ID no.)"),
        )
    ),
    Words(43.6, y_of(8) + WORDS_DOWN, "SEX"),
    *(
        Words(column, baseline(12) - 0.6, words)
        for column, words in ((30.4, "SELF"), (34.4, "SPOUSE"), (39.35, "CHILD"), (43.6, "OTHER"))
    ),
    *(
        Words(column, baseline(row) - 0.2, paren, 9)
        for column, row, paren in (
            *((14.3, 16, "("), (18.2, 16, ")"), (64.3, 16, "("), (68.2, 16, ")")),
            *((65.3, 57, "("), (69.2, 57, ")")),
        )
    ),
    Words(FIRST + 0.25, y_of(18) + WORDS_DOWN, "a. EMPLOYMENT? (now or before)", SIZE),
    Words(FIRST + 0.25, y_of(20) + WORDS_DOWN, "b. AUTO ACCIDENT?", SIZE),
    Words(44.4, y_of(20) + WORDS_DOWN, "STATE"),
    Words(FIRST + 0.25, y_of(22) + WORDS_DOWN, "c. OTHER ACCIDENT?", SIZE),
    Words(70.6, y_of(18) + WORDS_DOWN, "SEX"),
    Words(61.5, baseline(26) - 0.6, "If yes, items 9, 9a and 9d say which."),
    Words(
        WIDE_LEFT + 1.4,
        y_of(26) + 13,
        "Lets the provider give out what is needed to process this claim, and asks that public",
    ),
    Words(WIDE_LEFT + 1.4, y_of(26) + 19, "benefits go to whoever accepts assignment below."),
    Words(MIDDLE + 1.4, y_of(26) + 13, "Asks that benefits are paid to the provider below."),
    *(Words(column, baseline(29), words) for column, words in ((1.2, "SIGNED"), (33.8, "DATE"))),
    Words(49.8, baseline(29), "SIGNED"),
    Words(12.6, baseline(32) - 0.6, "QUAL."),
    Words(31, y_of(30) + HINT_DOWN, "QUAL.", TINY),
    *(
        Words(column, baseline(row) - 0.6, words)
        for row in (32, 34)
        for column, words in ((50.4, "FROM"), (65.6, "TO"))
    ),
    Words(30.5, baseline(34) - 0.4, "NPI"),
    Words(37.4, baseline(37), "ICD Ind."),
    *(
        Words(column - 1.6, baseline(38 + row) - 0.4, f"{'ABCDEFGHIJKL'[4 * row + at]}.", 7)
        for row in range(3)
        for at, column in enumerate((3, 16, 29, 42))
    ),
    # 24: what its columns are called
    Words(6.2, y_of(40) + WORDS_DOWN, "DATE(S) OF SERVICE", SIZE),
    Words(4, y_of(40) + HINT_DOWN + 1, "FROM", TINY),
    Words(13.2, y_of(40) + HINT_DOWN + 1, "TO", TINY),
    *(
        Words(column + 0.25, y_of(42) - 2.4, words, TINY)
        for column, words in zip((1, 4, 7, 10, 13, 16), ("MM", "DD", "YY") * 2, strict=True)
    ),
    Words(18.75, y_of(42) - 8, "PLACE", TINY),
    Words(18.75, y_of(42) - 2.8, "OF SERV.", TINY),
    Words(21.75, y_of(42) - 2.8, "EMG", TINY),
    Words(27, y_of(40) + WORDS_DOWN, "PROCEDURES, SERVICES OR SUPPLIES", SIZE),
    Words(25, y_of(42) - 2.8, "CPT/HCPCS", TINY),
    Words(36, y_of(42) - 2.8, "MODIFIERS", TINY),
    Words(44.8, y_of(42) - 8, "DIAGNOSIS", TINY),
    Words(44.8, y_of(42) - 2.8, "POINTER", TINY),
    Words(51.5, y_of(42) - 2.8, "$ CHARGES", TINY),
    Words(59.25, y_of(42) - 8, "DAYS OR", TINY),
    Words(59.25, y_of(42) - 2.8, "UNITS", TINY),
    Words(62.65, y_of(42) - 2.8, "EPSDT", TINY),
    Words(65.1, y_of(42) - 8, "ID", TINY),
    Words(65.1, y_of(42) - 2.8, "QUAL.", TINY),
    Words(69.5, y_of(40) + WORDS_DOWN, "RENDERING", SIZE),
    Words(69.5, y_of(40) + HINT_DOWN + 0.4, "PROVIDER ID NO.", SIZE),
    Words(16.75, y_of(54) + WORDS_DOWN, "SSN"),
    Words(18.85, y_of(54) + WORDS_DOWN, "EIN"),
    Words(49.6, baseline(56), "$", 7),
    Words(60.9, baseline(56), "$", 7),
    Words(2.4, y_of(56) + 13, "with degrees or credentials"),
    Words(1.2, baseline(61) - 0.4, "DATE"),
    Words(17.5, baseline(61) - 0.4, "SIGNED"),
    Words(WIDE_LEFT, y_of(61) + 8, FOOT, SIZE),
    Words(71.2, y_of(61) + 8, "CMS-1500 (02/12)", SIZE),
)


def _draw_sides(canvas: Any) -> None:
    """Whose part is whose, turned, at the right margin; at the left one, that it is a copy."""
    canvas.saveState()
    canvas.setFont(font(SEMIBOLD).fontName, MARK)
    canvas.translate(x_of(WIDE_LEFT) - 6, PORTRAIT[1] / 2)
    canvas.rotate(90)
    canvas.drawCentredString(0, 0, NOT_TO_SEND)
    canvas.restoreState()
    canvas.setFont(font(REGULAR).fontName, SIZE)
    for top, bottom, words in (
        (24, 96, "CARRIER"),
        (96, 384, "PATIENT AND INSURED"),
        (384, 756, "PHYSICIAN OR SUPPLIER"),
    ):
        canvas.saveState()
        canvas.translate(x_of(WIDE_RIGHT) + 4, PORTRAIT[1] - (top + bottom) / 2)
        canvas.rotate(-90)
        canvas.drawCentredString(0, 0, words)
        canvas.restoreState()
