"""What every report beside the appointments is read into: rows, what was left out, sums."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Finding
from fscdesk.services.importing.readers.appointment_rows import SkippedRow


class ReportRow(Protocol):
    """A row of a report: the line where it begins, and the line as it was read."""

    @property
    def line(self) -> int:
        """The line of the file where the row begins, from 1."""

    @property
    def raw(self) -> str:
        """The row as one CSV line."""


R = TypeVar("R", bound=ReportRow)


@dataclass(frozen=True, slots=True)
class ReportFile(Generic[R]):
    """A whole report, read. ``read`` = rows + skipped, always.

    ``report`` is the key under which the report is known (report_signatures.py). ``totals`` are
    sums of the rows by field, and by party or kind where the report has those. ``first_day`` and
    ``last_day`` are of the report's own day (paid, received, submitted); None where it has none.
    ``columns`` are the fields that the file has; an absent amount is 0.00 in the rows unless its
    type says otherwise. ``preamble`` holds the lines above the header, which are not counted.
    """

    report: str
    title: str
    rows: list[R]
    skipped: list[SkippedRow]
    findings: list[Finding]
    first_day: date | None
    last_day: date | None
    totals: dict[str, Money]
    read: int
    preamble: list[SkippedRow]
    columns: frozenset[str]


def total(amounts: Iterable[Money | None]) -> Money:
    """Add amounts up; one that is not stated counts nothing."""
    return sum((amount for amount in amounts if amount is not None), start=ZERO)


def totals_of(rows: Sequence[R], **fields: Callable[[R], Money | None]) -> dict[str, Money]:
    """Return the sums of some amounts of the rows, by their names."""
    return {name: total(map(amount, rows)) for name, amount in fields.items()}
