"""Any table report on paper: title, as-of day, filters, the table, who printed it and when.

The header stands on each page; amounts are right-aligned; wide reports lie across; long text
wraps. Only a cell of more than `MOST_LINES` lines ends in an ellipsis: CSV and XLSX have it whole.
"""

from __future__ import annotations

from dataclasses import dataclass

from fscdesk.services.printing.fonts import (
    INK,
    INK2,
    INK3,
    MEDIUM,
    REGULAR,
    SEMIBOLD,
    Set,
    Style,
    fit,
    wrap,
)
from fscdesk.services.printing.page import HAIR, STRONG, Pen
from fscdesk.services.printing.report_layout import MARGIN, Grid, cell_text, lay_out
from fscdesk.services.printing.words import day
from fscdesk.services.table_report import PLAIN, Cell, RowLook, TableReport

HEAD = Style(SEMIBOLD, 16, INK)
AGAIN = Style(SEMIBOLD, 10, INK)
QUIET = Style(REGULAR, 9, INK2)
SMALL = Style(REGULAR, 7.5, INK3)
NOTE = Style(REGULAR, 8, INK3)
TOP, FOOT = 47.6, 762.0
MOST_LINES = 20
INDENT, NAMED = 10.0, "name"
"""How far a level of a statement is set in, and the column whose words are."""
NOTHING = "Nothing matches these filters."


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table, broken into lines: one tuple for each column."""

    cells: tuple[tuple[str, ...], ...]
    height: float
    look: RowLook = PLAIN


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands around the rows, measured once."""

    report: TableReport
    grid: Grid
    title: Set
    facts: Set
    titles: Line
    totals: Line | None
    notes: Set

    @property
    def end(self) -> float:
        """Where rows end, above the foot."""
        return self.grid.size[1] - 56

    def table_top(self, page: int) -> float:
        """The top of the column titles: below title and filters, or below the short head."""
        if page:
            return TOP + 14
        return TOP + self.title.height + (self.facts.height + 31 if self.facts.lines else 14)

    def below(self) -> float:
        """What the totals and notes need after the last row."""
        notes = self.notes.height + 24 if self.notes.lines else 0
        return (self.totals.height + 4 if self.totals else 0) + notes


def report_pdf(report: TableReport) -> bytes:
    """Draw a report of any length; the same report gives the same bytes."""
    sheet = _sheet(report)
    pages = _pages(sheet)
    pen = Pen(title=report.title, author=report.printed_by, size=sheet.grid.size)
    for number, lines in enumerate(pages):
        y = _table(pen, sheet, lines, number)
        if number == len(pages) - 1:
            _end(pen, sheet, y)
        _foot(pen, sheet, number + 1, len(pages))
        pen.end_page()
    return pen.pdf()


def _sheet(report: TableReport) -> Sheet:
    grid = lay_out(report)
    room = grid.size[0] - 2 * MARGIN
    as_of = (f"As of {day(report.as_of)}",) if report.as_of else ()
    whose = (report.practice,) if report.practice else ()
    facts = "  ·  ".join((*whose, *as_of, *report.filters))
    heavy = Style(SEMIBOLD, grid.points, INK)
    titles = tuple(column.title for column in report.columns)
    return Sheet(
        report,
        grid,
        title=fit((report.title,), HEAD, room, 40, 20),
        facts=fit((facts,), QUIET, room, 96, 12),
        titles=_line(grid, titles, Style(MEDIUM, _title_size(grid))),
        totals=_sums(report, grid, heavy) if report.totals else None,
        notes=fit(report.notes, NOTE, room, 200, 11),
    )


def _title_size(grid: Grid) -> float:
    return grid.points * 8 / 9


def _sums(report: TableReport, grid: Grid, style: Style) -> Line:
    cells = zip(report.totals or (), report.columns, strict=True)
    return _line(grid, tuple(cell_text(cell, column.kind) for cell, column in cells), style)


def _line(
    grid: Grid, texts: tuple[str, ...], style: Style, look: RowLook = PLAIN, name: int | None = None
) -> Line:
    """Break the texts of one row; those that are no words shrink instead, when drawn.

    ``name`` is the column whose words are set in.
    """
    cells = []
    for at, (text, (left, right)) in enumerate(zip(texts, grid.edges, strict=True)):
        inset = INDENT * look.depth if at == name else 0.0
        room = round(right - left - inset + 0.05, 2)
        lines = wrap(text, style, room) if " " in text else (text,)
        if len(lines) > MOST_LINES:
            lines = (*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1]}…")
        cells.append(lines)
    most = max((len(lines) for lines in cells), default=1)
    return Line(tuple(cells), grid.pitch + (most - 1) * grid.leading, look)


def _pages(sheet: Sheet) -> list[list[Line]]:
    """Cut the rows into pages; totals and notes never stand on a page without a row."""
    grid, columns = sheet.grid, sheet.report.columns
    kinds = [column.kind for column in columns]
    looks = sheet.report.looks
    name = next((at for at, column in enumerate(columns) if column.key == NAMED), None)

    def broken(at: int, row: tuple[Cell, ...]) -> Line:
        texts = tuple(cell_text(cell, kind) for cell, kind in zip(row, kinds, strict=True))
        look = looks[at] if looks else PLAIN
        return _line(grid, texts, _style(grid, look), look, name)

    pages: list[list[Line]] = [[]]
    head = sheet.titles.height + 4
    y = sheet.table_top(0) + head
    last = len(sheet.report.rows) - 1
    for at, row in enumerate(sheet.report.rows):
        line = broken(at, row)
        need = line.height + (sheet.below() if at == last else 0)
        if y + need > sheet.end and pages[-1]:
            pages.append([])
            y = sheet.table_top(len(pages) - 1) + head
        pages[-1].append(line)
        y += line.height
    return pages


def _style(grid: Grid, look: RowLook) -> Style:
    return Style(SEMIBOLD if look.strong else REGULAR, grid.points, INK)


def _table(pen: Pen, sheet: Sheet, lines: list[Line], page: int) -> float:
    """Draw head, column titles and rows; return where the rows end."""
    report, grid = sheet.report, sheet.grid
    right = grid.size[0] - MARGIN
    if page:
        as_of = f"As of {day(report.as_of)}" if report.as_of else ""
        again = f"{report.title}  ·  {report.practice}" if report.practice else report.title
        pen.text(MARGIN, TOP - 3, again, AGAIN, right - MARGIN - 120)
        pen.right(right, TOP - 3, as_of, QUIET)
    else:
        y = pen.block(MARGIN, TOP, sheet.title)
        pen.block(MARGIN, y + 17, sheet.facts)
    y = sheet.table_top(page)
    # Titles of unlike heights stand on the rule, not under the top.
    _cells(pen, sheet, sheet.titles, y, Style(MEDIUM, _title_size(grid), INK3), low=True)
    y += sheet.titles.height
    pen.rule(MARGIN, right, y, STRONG, 0.8)
    y += 2
    for line in lines:
        _cells(pen, sheet, line, y, _style(grid, line.look))
        y += line.height
        pen.rule(MARGIN, right, y, HAIR)
    if not report.rows:
        pen.text(MARGIN, y + 16, NOTHING, QUIET)
        y += 24
    return y


def _cells(
    pen: Pen, sheet: Sheet, line: Line, top: float, style: Style, *, low: bool = False
) -> None:
    grid = sheet.grid
    most = max((len(lines) for lines in line.cells), default=1)
    for column, (left, right), lines in zip(
        sheet.report.columns, grid.edges, line.cells, strict=True
    ):
        y = top + grid.pitch * 0.66 + ((most - len(lines)) * grid.leading if low else 0)
        room = right - left + 0.05
        for text in lines:
            if column.kind in {"text", "date"}:
                inset = INDENT * line.look.depth if column.key == NAMED else 0.0
                pen.text(left + inset, y, text, style, room - inset)
            else:
                pen.right(right, y, text, style, room)
            y += grid.leading


def _end(pen: Pen, sheet: Sheet, y: float) -> None:
    """Draw the totals and the notes below the last row."""
    if sheet.totals is not None:
        pen.rule(MARGIN, sheet.grid.size[0] - MARGIN, y, STRONG, 0.8)
        _cells(pen, sheet, sheet.totals, y + 2, Style(SEMIBOLD, sheet.grid.points, INK))
        y += sheet.totals.height + 4
    pen.block(MARGIN, y + 18, sheet.notes)


def _foot(pen: Pen, sheet: Sheet, page: int, count: int) -> None:
    report, (wide, high) = sheet.report, sheet.grid.size
    at, y = report.printed_at, high - (792 - FOOT)
    by = f"Printed by {report.printed_by}, {day(at.date())} {at.hour:02d}:{at.minute:02d}"
    pen.text(MARGIN, y, by, SMALL, wide - 2 * MARGIN - 80)
    pen.right(wide - MARGIN, y, f"Page {page} of {count}", SMALL)
