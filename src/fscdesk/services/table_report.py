"""A report as a table: what every report is before it becomes paper, a file or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from fscdesk.models.values import Money

ColumnKind = Literal["text", "money", "date", "number", "percent"]
Cell = str | Money | date | int | Decimal | None
"""None is unknown or does not apply, and stays empty. A percent of ``Decimal("5.1")`` is 5.1 %."""


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """One column: `key` names it for programs, `title` for people."""

    key: str
    title: str
    kind: ColumnKind = "text"
    total: bool = False
    """Whether the totals row has this column's sum."""


@dataclass(frozen=True, slots=True)
class RowLook:
    """How a row of a statement reads on paper: how far its words are set in, and whether bold."""

    depth: int = 0
    strong: bool = False


PLAIN = RowLook()


@dataclass(frozen=True, slots=True)
class TableReport:
    """A finished report. Filters are words, as they are read on paper: ``Payer: FICTA``."""

    title: str
    columns: tuple[ReportColumn, ...]
    rows: Sequence[tuple[Cell, ...]]
    printed_by: str
    printed_at: datetime
    """An aware instant, in the zone in which it is to be read."""
    as_of: date | None = None
    filters: tuple[str, ...] = ()
    totals: tuple[Cell, ...] | None = None
    """One cell for each column, made by whoever made the rows. None: no totals row."""
    notes: tuple[str, ...] = ()
    looks: tuple[RowLook, ...] = ()
    """One for each row, or none at all: then all rows look alike."""
    practice: str = ""
    """Whose figures these are; stands at the top of each page."""
    proves: bool = False
    """Whether its totals are a part of it, as of a trial balance: a CSV file has them too."""

    def __post_init__(self) -> None:
        """Refuse a shape that would put amounts under another column's title."""
        wide = len(self.columns)
        if any(len(row) != wide for row in self.rows) or (
            self.totals is not None and len(self.totals) != wide
        ):
            message = f"every row of {self.title!r} needs {wide} cells"
            raise ValueError(message)
        if self.looks and len(self.looks) != len(self.rows):
            message = f"every row of {self.title!r} needs a look, or none"
            raise ValueError(message)
        if self.printed_at.tzinfo is None:
            message = "naive datetime"
            raise ValueError(message)


def summed(
    columns: tuple[ReportColumn, ...], rows: Sequence[tuple[Cell, ...]], label: str = "Total"
) -> tuple[Cell, ...]:
    """The totals row of columns marked `total`: money and whole numbers; the label comes first."""
    out: list[Cell] = []
    for at, column in enumerate(columns):
        cells = [row[at] for row in rows]
        if not column.total:
            out.append(None)
        elif column.kind == "money":
            out.append(Money(sum(cell.cents for cell in cells if isinstance(cell, Money))))
        else:
            out.append(sum(cell for cell in cells if isinstance(cell, int)))
    if out and out[0] is None:
        out[0] = label
    return tuple(out)
