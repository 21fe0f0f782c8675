"""A table of lines on patient paper: names of columns, rows that wrap, amounts that end level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from fscdesk.models.values import Money
from fscdesk.services.printing.flow import Part
from fscdesk.services.printing.fonts import Set, Style, fit
from fscdesk.services.printing.page import HAIR, STRONG, Pen
from fscdesk.services.printing.sheet import (
    BODY,
    COLUMN,
    FAINT,
    HEAVY,
    LEFT,
    MORE,
    QUIET,
    RIGHT,
    ROW,
    TOTAL,
)
from fscdesk.services.printing.words import amount

HEAD, GAP, MOST_LINES = 16.1, 9.0, 12
"""Height of the names; points between columns; lines of a cell before it becomes smaller."""

Cell = Money | str | tuple[str, ...] | None
"""An amount, a text, or a text with quiet lines under it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: amounts and counts stand right, texts left."""

    name: str
    wide: float = 0.0
    """Points; the one column with 0 takes what the others leave."""
    right: bool = False
    style: Style = BODY


DATE = Column("Date", 57.0, style=QUIET)
"""Ten digits in one line."""


@dataclass(frozen=True, slots=True)
class Table:
    """Columns over the whole width between the margins."""

    columns: tuple[Column, ...]

    def edges(self) -> tuple[tuple[float, float], ...]:
        """Left and right of each column."""
        taken = sum(column.wide for column in self.columns) + GAP * (len(self.columns) - 1)
        edges, left = [], LEFT
        for column in self.columns:
            right = left + (column.wide or RIGHT - LEFT - taken)
            edges.append((left, right))
            left = right + GAP
        return tuple(edges)

    def head(self) -> Part:
        """The names of the columns, over a strong line."""
        edges = self.edges()

        def draw(pen: Pen, top: float) -> None:
            for column, (left, right) in zip(self.columns, edges, strict=True):
                write = pen.right if column.right else pen.text
                at = right if column.right else left
                write(at, top + 8, column.name, COLUMN, right - left + GAP / 2)
            pen.rule(LEFT, RIGHT, top + 13.7, STRONG, 0.8)

        return Part(HEAD, draw, keep_next=True)

    def row(self, *cells: Cell, keep_next: bool = False) -> Part:
        """One line of the table; the columns' names stand again above it on a new page."""
        return self._row(cells, heavy=False, keep_next=keep_next)

    def sums(self, *cells: Cell, keep_next: bool = False) -> Part:
        """The row of sums, in heavier letters."""
        return self._row(cells, heavy=True, keep_next=keep_next)

    def _row(self, cells: tuple[Cell, ...], *, heavy: bool, keep_next: bool) -> Part:
        edges = self.edges()
        set_cells = [
            self._set(cell, column, edge, heavy=heavy)
            for cell, column, edge in zip(cells, self.columns, edges, strict=True)
        ]
        lines = max((cell.height for cell in set_cells if isinstance(cell, Set)), default=0.0)
        height = (TOTAL if heavy else ROW) + max(0.0, lines)

        def draw(pen: Pen, top: float) -> None:
            y = top + (13.8 if heavy else 12)
            for column, (left, right), cell in zip(self.columns, edges, set_cells, strict=True):
                style = HEAVY if heavy else column.style
                if isinstance(cell, Set):
                    pen.block(left, y, cell, style)
                else:
                    pen.right(right, y, cell, style, right - left + GAP / 2)
            if not heavy:
                pen.rule(LEFT, RIGHT, top + height, HAIR)

        return Part(height, draw, keep_next=keep_next, again=self.head())

    def _set(
        self, cell: Cell, column: Column, edge: tuple[float, float], *, heavy: bool
    ) -> Set | str:
        """A text in lines, or what stands right in one line."""
        if column.right:
            return amount(cell) if isinstance(cell, Money) else str(cell or "")
        texts = cell if isinstance(cell, tuple) else (str(cell or ""),)
        quiet = FAINT if len(texts) > 1 else HEAVY if heavy else column.style
        return fit(texts, quiet, edge[1] - edge[0], MOST_LINES * MORE, MORE)


def table_parts(table: Table, rows: Iterable[Part], *ends: Part) -> list[Part]:
    """The names, the rows, and what must not stand on a page without a row above it."""
    body = list(rows)
    if body and ends:
        body[-1] = replace(body[-1], keep_next=True)
    return [table.head(), *body, *ends]
