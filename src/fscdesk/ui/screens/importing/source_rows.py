"""The first rows of a file as they were read, before anything is believed of them."""

from __future__ import annotations

from fscdesk.services.importing.looking import Looked, SourceRow
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.tables.columns import Column, Kind
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Empty, ListSpec

MOST_COLUMNS = 60
_NARROW, _WIDE = 64, 220


def first_rows(desk: Desk, looked: Looked) -> ListPart[SourceRow]:
    """A list of the file's first rows under its own headings; it scrolls across."""
    rows = looked.rows
    wide = max((len(row.cells) for row in rows), default=0)
    headings = [*looked.headings[:MOST_COLUMNS]]
    headings += [f"Column {place + 1}" for place in range(len(headings), min(wide, MOST_COLUMNS))]

    def query(_work: Work, _state: FilterState, span: Span) -> Page[SourceRow]:
        return Page(span.start, len(rows), rows[span.start : span.start + span.size])

    spec = ListSpec(
        key="importing.rows",
        name="First rows of the file",
        columns=(
            Column(
                "line",
                "Line",
                lambda row: f"{row.id}",
                Kind.NUMBER,
                width=56,
                fixed=True,
                sortable=False,
            ),
            *(_column(place, heading, rows) for place, heading in enumerate(headings)),
        ),
        query=query,
        ticking=False,
        totals=False,
        searching=False,
        title=False,
        line=False,
        exports=False,
        empty=Empty("There are no rows under the headings.", "sheet"),
    )
    return ListPart(desk, spec)


def _column(place: int, heading: str, rows: tuple[SourceRow, ...]) -> Column[SourceRow]:
    def words(row: SourceRow) -> str:
        return row.cells[place] if place < len(row.cells) else ""

    measure = theme.now.metrics("body")
    longest = max([heading, *(words(row) for row in rows)], key=len)
    wide = round(measure.horizontalAdvance(longest) * 100 / theme.now.text_size)
    width = max(_NARROW, min(_WIDE, wide + 22))
    return Column(f"c{place}", heading, words, width=width, fixed=True, sortable=False)
