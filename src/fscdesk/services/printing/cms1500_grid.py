"""The places on a CMS-1500 (02/12): which field stands in which row and column, and where that is.

The form is set for a typewriter: ten letters and six lines to the inch. The fields stand in
`resources/seeds/cms1500_grid.csv`, rows and columns counted from 1; those of box 24 are given for
the first of six service lines, and each further line stands two rows lower.
"""

from __future__ import annotations

import csv
import enum
from functools import cache
from typing import NamedTuple

from fscdesk.resources import resource

PITCH, ROW = 7.2, 12.0
"""Points from letter to letter, and from line to line."""
LEFT, TOP = 21.6, 22.0
"""Points to the left edge of column 1, and to the baseline of a row 0 that holds nothing.

The form's first level line is 96 points from the top, and each band two rows high: so that text
stands two points above the line under it."""

LINES_A_PAGE = 6
ROWS_A_LINE = 2
LINE = "line."
"""Begins the names of fields that each service line has."""
LETTERS = "ABCDEFGHIJKL"
"""The places of box 21, which box 24E points at."""


class FieldKind(enum.StrEnum):
    """What a field takes, and what becomes of text that does not fit."""

    MARK = "mark"
    """An X, or nothing."""
    WORDS = "words"
    """Letters and digits without punctuation; cut at the end."""
    NAME = "name"
    """As words, with the commas between last name, first name and initial."""
    NOTES = "notes"
    """As words, with the blanks and the decimal points that were typed."""
    CODE = "code"
    """Letters and digits without blanks; cut at the end."""
    ZIP = "zip"
    """As a code; one of nine digits has its hyphen (NUCC manual, items 5, 7, 32 and 33)."""
    DIGITS = "digits"
    """As a code, but left out rather than cut: part of a number is another number."""
    RIGHT = "right"
    """Digits that end in the last column; left out rather than cut."""
    BLANK = "blank"
    """Reserved on the 02/12 form: nothing stands there."""


class GridField(NamedTuple):
    """One field: its box on the form, its words for people, its place, and our name of it."""

    box: str
    field: str
    row: int
    column: int
    length: int
    kind: FieldKind
    name: str


@cache
def grid() -> dict[str, GridField]:
    """Every field of the form by its name, in the order of the rows of the file."""
    with resource("seeds/cms1500_grid.csv").open(encoding="utf-8", newline="") as lines:
        fields = [
            GridField(
                row["box"],
                row["field"],
                int(row["row"]),
                int(row["column"]),
                int(row["length"]),
                FieldKind(row["kind"]),
                row["name"],
            )
            for row in csv.DictReader(lines)
        ]
    return {field.name: field for field in fields}


def x_of(column: float) -> float:
    """Points from the paper's left edge to the left edge of a column."""
    return LEFT + PITCH * (column - 1)


def baseline(row: float) -> float:
    """Points from the paper's top edge to where the letters of a row stand."""
    return TOP + ROW * row
