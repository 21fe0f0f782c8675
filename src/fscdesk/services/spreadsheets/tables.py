"""Tables as they stand in a file: rows of cells with their line numbers, nothing typed yet."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from fscdesk.services.errors import Problem

Cell = str | int | float | datetime
"""What a cell can hold: CSV gives text only, a workbook also numbers and datetimes."""

MOST_ROWS = 300_000
_DELIMITERS = (",", ";", "\t")
_SAMPLE = 65_536
_SAMPLE_ROWS = 60
_SEP_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?[ \t]*(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
_NOT_IN_NAME = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table of a file: a CSV is one, a workbook has one for each sheet with cells.

    ``rows`` pairs the number of the line (or sheet row) where a row begins, counted from 1,
    with its cells. Blank rows at the end are left off.
    """

    sheet: str
    rows: Sequence[tuple[int, tuple[Cell, ...]]]


def heading_key(cell: Cell) -> str:
    """Fold a heading so that spellings agree: ``Write-off``, ``Write Off``, ``WRITE_OFF``."""
    if not isinstance(cell, str):
        return ""
    return _NOT_IN_NAME.sub("", unicodedata.normalize("NFKC", cell).casefold())


def cell_text(cell: Cell) -> str:
    """Return what a person would see in the cell: whole numbers as digits, datetimes as ISO."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds" if cell.second else "minutes")
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return str(int(cell))
    return str(cell)


def raw_line(cells: Iterable[Cell]) -> str:
    """Join cells as one CSV line, quoted only where it must be; the record of what was read."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow([cell_text(cell) for cell in cells])
    return buffer.getvalue()


def is_blank(cells: Iterable[Cell]) -> bool:
    """Say whether no cell of the row holds anything."""
    return not any(cell_text(cell).strip() for cell in cells)


def trim_blank_end(rows: list[tuple[int, tuple[Cell, ...]]]) -> None:
    """Take blank rows off the end, in place: spreadsheets leave thousands of them."""
    while rows and is_blank(rows[-1][1]):
        rows.pop()


def split_csv(text: str, name: str) -> tuple[RawTable, str]:
    """Read CSV text strictly; returns its table and the delimiter that was found.

    Line ends may be LF, CR LF or CR, also inside quotes. Excel's ``sep=;`` line is obeyed and
    left out. Raises Problem for quotes that do not close, for a cell past the limit of the csv
    module (131,072 characters) and for too many rows.
    """
    told = _SEP_LINE.match(text)
    skipped = 1 if told else 0
    body = text[told.end() :] if told else text
    delimiter = told[1] if told and told[1] in _DELIMITERS else _find_delimiter(body)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    line = skipped + 1
    try:
        for cells in reader:
            rows.append((line, tuple(cells)))
            line = reader.line_num + skipped + 1
            if len(rows) > MOST_ROWS:
                raise too_many_rows(name)
    except csv.Error as fault:
        raise _unreadable(name, line, str(fault)) from None
    trim_blank_end(rows)
    return RawTable("", rows), delimiter


def too_many_rows(name: str) -> Problem:
    """Return the refusal of a table that is longer than any practice's year."""
    return Problem(
        f"{name} has more than {MOST_ROWS:,} rows. Nothing was read.",
        hint="Export a shorter range of dates and import the parts one after the other.",
    )


def _unreadable(name: str, line: int, fault: str) -> Problem:
    if "field limit" in fault:
        return Problem(
            f"{name} has a cell of more than 131,072 characters at line {line}. Nothing was read.",
            hint="No report has cells of that size. Export the file again.",
        )
    return Problem(
        f"{name} cannot be split into cells: the quotes in the row that begins at line {line} do "
        "not close as they should. Nothing was read.",
        hint="The file may have been cut off or edited by hand. Export it again.",
    )


def _find_delimiter(text: str) -> str:
    """Choose the delimiter that cuts most of the first rows into the same number of cells.

    Counting cells, with quotes respected, is steadier than ``csv.Sniffer``, which also
    takes a letter for a delimiter.
    """
    sample = text[:_SAMPLE]
    best, best_score = ",", (0, 0)
    for delimiter in _DELIMITERS:
        widths = _widths(sample, delimiter, cut=len(text) > _SAMPLE)
        if not widths:
            continue
        width, rows = max(widths.items(), key=lambda item: (item[1], item[0]))
        if (rows, width) > best_score:
            best, best_score = delimiter, (rows, width)
    return best


def _widths(sample: str, delimiter: str, *, cut: bool) -> Counter[int]:
    """Count the first rows by their number of cells, rows of a single cell left out."""
    found: list[int] = []
    try:
        for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            found.append(len(cells))
            if len(found) > _SAMPLE_ROWS:
                break
    except csv.Error:  # the strict reading that follows says so with a line number
        pass
    if cut and len(found) > 1:
        found.pop()
    return Counter(width for width in found if width > 1)
