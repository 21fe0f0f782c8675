"""A report that was made: its table, what stands behind each of its numbers, and its findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from fscdesk.services.reports.books import Lines
from fscdesk.services.reports.opening import Opens
from fscdesk.services.table_report import TableReport

Behind = Lines | Opens
"""The journal lines that a number is made of, or the list in another place that it counts."""
BehindRow = Mapping[str, Behind | None]
"""What is behind the numbers of a row, by the keys of their columns."""
Place = tuple[int, int]
"""Row and column of a number; the row of totals is `TOTALS`."""
TOTALS: Final = -1
NOTHING_BEHIND: Final = (
    "This figure is worked out from others in the report. Open one of the amounts beside it."
)


@dataclass(frozen=True, slots=True)
class Made:
    """A finished report: its table, and by place what is behind each number.

    ``found`` is the dataclass that its service gave, ``facts`` what a document says besides.
    ``needs_person`` says that what must be zero is not, or that something waits for an answer.
    """

    table: TableReport
    found: Any
    behind: Mapping[Place, Behind] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    needs_person: bool = False


def behind_of(
    table: TableReport, rows: Sequence[BehindRow], totals: BehindRow | None = None
) -> dict[Place, Behind]:
    """Return what is behind each number by its place; one mapping for each row of the table.

    Raises ValueError where the rows are not those of the table.
    """
    if len(rows) != len(table.rows):
        message = f"{table.title!r} has {len(table.rows)} rows, and {len(rows)} have lines"
        raise ValueError(message)
    at = {column.key: place for place, column in enumerate(table.columns)}
    found = {
        (row, at[key]): one
        for row, of in enumerate(rows)
        for key, one in of.items()
        if one is not None and key in at and table.rows[row][at[key]] is not None
    }
    if totals is not None and table.totals is not None:
        for key, one in totals.items():
            if one is not None and key in at and table.totals[at[key]] is not None:
                found[TOTALS, at[key]] = one
    return found
