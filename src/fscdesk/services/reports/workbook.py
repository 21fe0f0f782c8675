"""Reports as XLSX: real numbers and dates, and text that can never become a formula.

openpyxl writes each sheet to a readable file in the shared folder for temporary files before it
zips it. Patients' names do not belong there, so sheets are written in memory here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from fscdesk.models.values import Money
from fscdesk.services.reports.cells import TRIGGERS, clean
from fscdesk.services.table_report import Cell, ReportColumn, TableReport

LONGEST = 32_767
"""Letters that Excel keeps in a cell; a longer text ends in an ellipsis."""
FORMATS = {"money": "#,##0.00", "date": "mm/dd/yyyy", "number": "#,##0", "percent": "0.0%"}
FIRST_DAY = date(1900, 3, 1)
"""Excel knows no day before 1900 and believes that 1900 was a leap year: older days are text."""
NARROWEST, WIDEST, SAMPLED = 8, 60, 1_000
ILLEGAL_NAME = re.compile(r"[\[\]:*?/\\]")


def workbook_bytes(report: TableReport) -> bytes:
    """The report as a workbook: the table from A1, and a second sheet that says what it is."""
    book = Workbook(write_only=True)
    book.properties.creator = "fscdesk"
    book.properties.title = clean(report.title)
    book.properties.created = report.printed_at.astimezone(UTC).replace(tzinfo=None)
    _write_table(book, report)
    _write_about(book, report)
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        _InMemory(book, archive).write_data()
    return file.getvalue()


class _InMemory(ExcelWriter):  # type: ignore[misc, unused-ignore]
    """openpyxl's writer for sheets whose XML is held in memory."""

    def write_worksheet(self, ws: Any) -> None:
        """Close a sheet and put it into the archive; as the parent does, without a file."""
        ws._drawing = SpreadsheetDrawing()  # noqa: SLF001
        ws.close()
        ws._rels = ws._writer._rels  # noqa: SLF001
        self._archive.writestr(ws.path[1:], ws._writer.out.getvalue())  # noqa: SLF001
        self.manifest.append(ws)


def _begin(sheet: Any) -> None:
    """Give a sheet a writer into memory; widths and panes must be set before."""
    sheet._writer = WorksheetWriter(sheet, out=BytesIO())  # noqa: SLF001
    sheet._writer.write_top()  # noqa: SLF001


def _write_table(book: Any, report: TableReport) -> None:
    sheet = book.create_sheet(_sheet_name(report.title))
    wide = len(report.columns)
    for at, column in enumerate(report.columns):
        sheet.column_dimensions[get_column_letter(at + 1)].width = _width(report, at, column)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    if report.rows:
        sheet.auto_filter.ref = f"A1:{get_column_letter(wide)}{len(report.rows) + 1}"
    _begin(sheet)
    titles = tuple(column.title for column in report.columns)
    cells = _Row(sheet, _as_title).cells(titles, ["text"] * wide)
    for cell, column in zip(cells, report.columns, strict=True):
        if column.kind not in {"text", "date"}:
            cell.alignment = Alignment(horizontal="right")
    sheet.append(cells)
    kinds: list[str] = [column.kind for column in report.columns]
    rows, strong = _Row(sheet), _Row(sheet, _as_strong)
    for at, row in enumerate(report.rows):
        bold = bool(report.looks) and report.looks[at].strong
        sheet.append((strong if bold else rows).cells(row, kinds))
    if report.totals is not None:
        sheet.append(_Row(sheet, _as_total).cells(report.totals, kinds))


def _as_title(cell: Any) -> None:
    cell.font, cell.border = Font(bold=True), Border(bottom=Side("thin"))


def _as_total(cell: Any) -> None:
    cell.font, cell.border = Font(bold=True), Border(top=Side("thin"))


def _as_strong(cell: Any) -> None:
    cell.font = Font(bold=True)


def _as_fact(cell: Any) -> None:
    cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)


def _write_about(book: Any, report: TableReport) -> None:
    sheet = book.create_sheet("About this report")
    sheet.column_dimensions["A"].width = 14
    sheet.column_dimensions["B"].width = 90
    _begin(sheet)
    at = report.printed_at
    facts: list[tuple[str, Cell]] = [("Report", report.title)]
    facts += [("Practice", report.practice)] if report.practice else []
    facts += [("As of", report.as_of)] if report.as_of else []
    facts += [("Filters" if n == 0 else "", words) for n, words in enumerate(report.filters)]
    facts += [("Made by", report.printed_by), ("Made at", at.strftime("%m/%d/%Y %H:%M"))]
    facts += [("Notes" if n == 0 else "", words) for n, words in enumerate(report.notes)]
    rows = _Row(sheet, _as_fact)
    for fact in facts:
        sheet.append(rows.cells(fact, ["text", "text"]))


class _Row:
    """Makes the cells of one row after another.

    A cell object is styled once for each column and form, and used again for the next row: a sheet
    that is only written reads each row at once, and styling is most of a cell's cost.
    """

    def __init__(self, sheet: Any, style: Callable[[Any], None] = lambda _cell: None) -> None:
        self._sheet, self._style = sheet, style
        self._made: dict[tuple[int, str], Any] = {}

    def cells(self, row: tuple[Cell, ...], kinds: list[str]) -> list[Any]:
        """One cell for each value; None becomes an empty one."""
        return [
            self._cell(at, cell, kind)
            for at, (cell, kind) in enumerate(zip(row, kinds, strict=True))
        ]

    def _cell(self, at: int, cell: Cell, kind: str) -> Any:
        match cell:
            case None:
                return self._blank(at, "General")
            case str():
                return self._text(at, cell)
            case Money():
                made = self._blank(at, FORMATS["money"])
                made.value = Decimal(cell.cents).scaleb(-2)
            case datetime():
                message = "an instant is not a day"
                raise TypeError(message)
            case date():
                if cell < FIRST_DAY:
                    return self._text(at, cell.isoformat())
                made = self._blank(at, FORMATS["date"])
                made.value = cell
            case _ if kind == "percent":
                made = self._blank(at, FORMATS[kind])
                made.value = Decimal(cell).scaleb(-2)
            case _:
                whole = isinstance(cell, int)
                made = self._blank(at, FORMATS["number"] if whole else "#,##0.0##")
                made.value = cell
        return made

    def _blank(self, at: int, number_format: str) -> Any:
        made = self._made.get((at, number_format))
        if made is None:
            made = self._made[at, number_format] = WriteOnlyCell(self._sheet)
            made.number_format = number_format
            self._style(made)
        return made

    def _text(self, at: int, text: str) -> Any:
        """A cell that holds words, whatever they begin with."""
        said = clean(text)
        if len(said) * 2 > LONGEST:  # Excel counts UTF-16 units
            units = said.encode("utf-16-le")
            if len(units) > LONGEST * 2:
                said = units[: (LONGEST - 1) * 2].decode("utf-16-le", "ignore") + "…"
        if not said:
            return self._blank(at, "General")
        runs = said.startswith(TRIGGERS)
        key = "runs" if runs else "text"
        made = self._made.get((at, key))
        if made is None:
            made = self._made[at, key] = WriteOnlyCell(self._sheet)
            if runs:
                made.quotePrefix = True  # or Excel reads a formula when somebody edits the cell
            self._style(made)
        made.value = said
        made.data_type = "s"
        return made


def _width(report: TableReport, at: int, column: ReportColumn) -> float:
    """Letters, from the widest of the first rows."""
    longest = len(column.title) + 2
    totals = [report.totals] if report.totals else []
    for row in (*report.rows[:SAMPLED], *totals):
        cell = row[at]
        longest = max(longest, 10 if isinstance(cell, date) else len(str(cell or "")) + 1)
    return float(min(max(longest, NARROWEST), WIDEST))


def _sheet_name(title: str) -> str:
    """A name that Excel takes: at most 31 letters, no brackets or slashes, no quote at an end."""
    name = ILLEGAL_NAME.sub(" ", clean(title))[:31].strip(" '")
    return "Report" if name.lower() in {"", "history"} else name  # Excel keeps History for itself
