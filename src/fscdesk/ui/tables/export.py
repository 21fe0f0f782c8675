"""Gives out what a list shows: all matching rows as CSV, XLSX or PDF, written in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.paging import Page, Span
from fscdesk.services.table_report import Cell, ColumnKind, ReportColumn, TableReport
from fscdesk.services.work import Job, Work
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.tables.columns import Column, Kind
from fscdesk.ui.text import count_text

PAGE = 1000
FORMATS = {"csv": "CSV", "xlsx": "Excel", "pdf": "PDF"}
_KINDS: dict[Kind, ColumnKind] = {Kind.MONEY: "money", Kind.DATE: "date"}
AskPath = Callable[[QWidget, str, str], str]
"""Asks a person for a file: window, suggested name, words of the format; "" is no."""


@dataclass(frozen=True)
class Shown:
    """What is on view: title, columns in their order, the question, and its filters in words."""

    title: str
    columns: tuple[Column[Any], ...]
    query: Callable[[Work, Span], Page[Any]]
    span: Span
    filters: tuple[str, ...]


class Exporting(QObject):
    """Runs exports of one list, one at a time."""

    done = Signal(str)
    """A sentence: what was written, and where."""
    refused = Signal(object)

    def __init__(self, desk: Desk, window: QWidget, ask_path: AskPath | None = None) -> None:
        super().__init__(window)
        self._desk, self._window = desk, window
        self._ask_path = ask_path or _ask_path
        self.job: Job | None = None

    def start(self, shown: Shown, form: str) -> None:
        """Ask where to, then write every matching row; cancelling leaves no file."""
        if self.job is not None and not self.job.ended:
            self.refused.emit(
                Problem("An export is being written.", hint="It can be cancelled above.")
            )
            return
        chosen = self._ask_path(self._window, file_name(shown.title, form), FORMATS[form])
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() != f".{form}":
            path = path.with_name(f"{path.name}.{form}")
        self.job = self._desk.ask(
            self,
            lambda work: write(work, shown, form, path),
            partial(self._said, path),
            self.refused.emit,
            title=f"Exporting {shown.title.lower()}",
        )

    def _said(self, path: Path, count: int) -> None:
        self.done.emit(f"{count_text(count, 'row')} exported to {path.name}.")


def file_name(title: str, form: str) -> str:
    """Return a file name that every system takes; never a client's name."""
    plain = "".join(sign if sign.isalnum() else "_" for sign in title.lower()).strip("_")
    return f"{plain or 'list'}.{form}"


def write(work: Work, shown: Shown, form: str, path: Path) -> int:
    """Read all matching rows in one transaction and write them; return how many.

    Runs in the background. The file appears whole or not at all. Raises Problem when the place
    cannot be written to, Cancelled when the person stopped it.
    """
    from fscdesk.services.reports.exporting import Format, write_report

    report = report_of(work, shown)
    work.job.step(len(report.rows), len(report.rows), f"Writing {path.name}")
    write_report(report, path, Format(form))
    return len(report.rows)


def report_of(work: Work, shown: Shown) -> TableReport:
    """Return the list as a table with its totals, read page by page."""
    rows: list[tuple[Cell, ...]] = []
    totals: dict[str, Money] = {}
    start = 0
    while True:
        span = Span(start, PAGE, shown.span.sort, shown.span.descending)
        page = shown.query(work, span)
        totals = page.totals
        rows += [tuple(cell(column, row) for column in shown.columns) for row in page.rows]
        start += PAGE
        work.job.step(min(start, page.total), page.total, f"{count_text(len(rows))} rows read")
        if start >= page.total or not page.rows:
            break
    return TableReport(
        title=shown.title,
        columns=tuple(
            ReportColumn(
                column.key, column.title, _KINDS.get(column.kind, "text"), column.key in totals
            )
            for column in shown.columns
        ),
        rows=rows,
        printed_by=work.actor.name,
        printed_at=work.now().astimezone(work.zone),
        filters=shown.filters,
        totals=_totals(shown.columns, totals, len(rows)),
    )


def cell(column: Column[Any], row: Any) -> Cell:
    """Return a cell as its value where it has one, else as its words."""
    if column.kind in _KINDS and column.value is not None:
        found: Cell = column.value(row)
        return found
    return column.copied_text(row)


def shown_rows(
    title: str, columns: tuple[Column[Any], ...], rows: tuple[Any, ...], span: Span
) -> Shown:
    """Return rows that were chosen by hand as something to give out, in the order of choosing."""
    totals = {
        column.key: Money(sum((column.money(row) or Money()).cents for row in rows))
        for column in columns
        if column.kind is Kind.MONEY
    }

    def given(_work: Work, span: Span) -> Page[Any]:
        return Page(span.start, len(rows), rows[span.start : span.start + span.size], totals)

    return Shown(title, columns, given, span, (f"{count_text(len(rows))} chosen by hand",))


def _totals(
    columns: Sequence[Column[Any]], totals: dict[str, Money], count: int
) -> tuple[Cell, ...] | None:
    if not totals:
        return None
    cells: list[Cell] = [totals.get(column.key) for column in columns]
    label = next((at for at, column in enumerate(columns) if column.kind is Kind.TEXT), 0)
    if cells[label] is None:
        cells[label] = f"Total of {count_text(count)}"
    return tuple(cells)


def _ask_path(window: QWidget, name: str, words: str) -> str:
    suffix = name.rpartition(".")[2]
    chosen, _kind = QFileDialog.getSaveFileName(
        window, "Export what is shown", name, f"{words} (*.{suffix})"
    )
    return chosen
