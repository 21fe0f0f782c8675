"""Tables without a heading row: their columns are named by place, and they are known by fitting.

A layout that a person mapped by place reads a table of as many columns, in which its days and
amounts stand where it says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from fscdesk.services.banking.layouts import Columns, Layout
from fscdesk.services.banking.reading_table import Row, read_table
from fscdesk.services.banking.statement_files import ReadStatement
from fscdesk.services.errors import Severity
from fscdesk.services.spreadsheets.cells import CellFault, read_cents
from fscdesk.services.spreadsheets.moments import read_moment
from fscdesk.services.spreadsheets.tables import Cell, cell_text, is_blank

_LOOKED_AT: Final = 30
_ONE_BAD_IN: Final = 5
"""One row of so many may be at fault: a bank's own remark, an amount that nobody can read."""


def filled_rows(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows that hold anything."""
    return tuple(row for row in rows if not is_blank(row[1]))


def width_of(rows: Sequence[Row]) -> int:
    """Return how many columns a table has."""
    return max((len(cells) for _, cells in rows), default=0)


def place_signature(columns: Columns) -> str:
    """Return what makes a layout by place itself: how wide its table is, and what stands where."""
    facts = (
        *(columns.width, columns.on, columns.words, columns.amount),
        *(columns.money_in, columns.money_out, columns.flipped),
    )
    return hashlib.sha256(f"no headings|{facts!r}".encode()).hexdigest()


def fits(columns: Columns, rows: Sequence[Row]) -> bool:
    """Return whether a layout by place reads a table without headings."""
    filled = filled_rows(rows)[:_LOOKED_AT]
    if columns.heading or columns.width != width_of(filled_rows(rows)):
        return False
    read = read_table(filled, columns)
    bad = sum(one.severity is Severity.ERROR for one in read.findings)
    return bool(read.lines) and bad * _ONE_BAD_IN <= len(filled)


def read_by_place(rows: Sequence[Row], layouts: Sequence[Layout]) -> ReadStatement | None:
    """Read a table by the first of the layouts by place that fits it; None where none does."""
    for layout in layouts:
        if fits(layout.columns, rows):
            return read_table(filled_rows(rows), layout.columns)
    return None


def guessed_places(rows: Sequence[Row]) -> Columns:
    """Return what the columns most likely are, by what stands in them: a person looks at it."""
    filled = filled_rows(rows)[:_LOOKED_AT]
    columns = range(width_of(filled))
    cells = {
        at: [row[at] for _, row in filled if at < len(row) and cell_text(row[at]).strip()]
        for at in columns
    }
    days = [at for at in columns if cells[at] and all(_is_day(one) for one in cells[at])]
    sums = [
        at
        for at in columns
        if at not in days and cells[at] and all(_is_amount(one) for one in cells[at])
    ]
    whole = [at for at in sums if len(cells[at]) == len(filled)]
    words = sorted(
        (at for at in columns if at not in days and at not in sums and cells[at]),
        key=lambda at: -sum(len(cell_text(one)) for one in cells[at]),
    )
    return Columns(
        name="",
        on=days[0] if days else 0,
        words=tuple(words[:1]) or (min(1, len(columns) - 1),),
        amount=whole[0] if whole else None,
        balance=whole[1] if len(whole) > 1 else None,
        heading=False,
        width=len(columns),
    )


def _is_day(cell: Cell) -> bool:
    try:
        read_moment(cell)
    except CellFault:
        return False
    return True


def _is_amount(cell: Cell) -> bool:
    try:
        read_cents(cell)
    except CellFault:
        return False
    return True
