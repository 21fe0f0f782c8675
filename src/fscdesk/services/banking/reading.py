"""Recognises a bank's file and reads it: OFX, a known bank's CSV, or a layout that was mapped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePath

from fscdesk.services.banking.layouts import KNOWN, WELLS_FARGO, Layout, signature_of
from fscdesk.services.banking.reading_by_place import read_by_place
from fscdesk.services.banking.reading_ofx import is_ofx, read_ofx
from fscdesk.services.banking.reading_table import Row, read_table
from fscdesk.services.banking.statement_files import ReadStatement
from fscdesk.services.errors import Problem
from fscdesk.services.spreadsheets.cells import CellFault, read_cents
from fscdesk.services.spreadsheets.files import SourceFile, read_source
from fscdesk.services.spreadsheets.moments import read_moment
from fscdesk.services.spreadsheets.tables import Cell, cell_text, is_blank

_ADVICE = "Download the account's transactions from the bank as CSV or OFX (QFX)."
_LIKELY_HEADING_ROWS = 30
_WELLS_WIDTH = 5


class UnknownLayout(Problem):
    """A table whose columns nobody has named yet; ``source`` is what a mapping can be made of."""

    def __init__(self, source: SourceFile) -> None:
        super().__init__(
            f"The columns of {source.name} are not known. Nothing was read.",
            hint=(
                "Say once under Setup › Bank accounts › Bank files, or by “fscdesk bank map”, which"
                " column is the day, the amount and the text; then it is read."
            ),
        )
        self.source = source


def read_statement(
    data: bytes, name: str, *, layouts: Sequence[Layout] = ()
) -> tuple[ReadStatement, ...]:
    """Read a bank's file: one statement for each account in it, lines oldest first.

    ``layouts`` are those that a person mapped; they go before the known ones. Raises
    UnknownLayout for a table that nobody has mapped, and Problem for what is no table at all.
    """
    if is_ofx(data):
        return read_ofx(data, PurePath(name).name)
    source = read_source(data, path=Path(name), modified_at=datetime.now(UTC), advice=_ADVICE)
    for table in source.tables:
        found = (
            _by_heading(table.rows, (*layouts, *KNOWN))
            or (read_by_place(table.rows, layouts) if heading_of(table.rows) is None else None)
            or _without_heading(table.rows)
        )
        if found is not None:
            return (found,)
    raise UnknownLayout(source)


def heading_of(rows: Sequence[Row]) -> tuple[int, tuple[Cell, ...]] | None:
    """Return where the heading row of an unknown table most likely is, and its cells."""
    best: tuple[int, tuple[Cell, ...]] | None = None
    for at, (_, cells) in enumerate(rows[:_LIKELY_HEADING_ROWS]):
        filled = sum(1 for cell in cells if cell_text(cell).strip())
        if filled >= 3 and not _is_line(cells):  # noqa: PLR2004 - day, amount and text at least
            best = at, cells
            break
    return best


def _by_heading(rows: Sequence[Row], layouts: Sequence[Layout]) -> ReadStatement | None:
    by_signature = {layout.signature: layout for layout in reversed(layouts)}
    for at, (_, cells) in enumerate(rows[:_LIKELY_HEADING_ROWS]):
        layout = by_signature.get(signature_of(cells))
        if layout is not None:
            preamble = [row for row in rows[:at] if not is_blank(row[1])]
            return read_table(rows[at + 1 :], layout.columns, preamble=preamble)
    return None


def is_wells_fargo(rows: Sequence[Row]) -> bool:
    """Return whether a table without headings is one of Wells Fargo."""
    filled = [cells for _, cells in rows if not is_blank(cells)]
    return bool(filled) and all(_is_wells_fargo(cells) for cells in filled)


def has_a_line(rows: Sequence[Row]) -> bool:
    """Return whether one of the first rows holds a day and an amount."""
    return any(_is_line(cells) for _, cells in rows[:_LIKELY_HEADING_ROWS])


def _without_heading(rows: Sequence[Row]) -> ReadStatement | None:
    filled = [row for row in rows if not is_blank(row[1])]
    if not is_wells_fargo(filled):
        return None
    read = read_table(filled, WELLS_FARGO)
    return replace(read, opening=None, closing=None)


def _is_wells_fargo(cells: Sequence[Cell]) -> bool:
    if len(cells) != _WELLS_WIDTH or cell_text(cells[2]).strip() not in {"*", ""}:
        return False
    return _is_line(cells[:2])


def _is_line(cells: Sequence[Cell]) -> bool:
    """Return whether a row holds a day and an amount, as a line of a statement does."""
    days = amounts = 0
    for cell in cells:
        if not cell_text(cell).strip():
            continue
        try:
            read_moment(cell)
        except CellFault:
            try:
                read_cents(cell)
            except CellFault:
                continue
            amounts += 1
        else:
            days += 1
    return days > 0 and amounts > 0
