"""The rows of a plan as a list: verdict, day, client, what will happen, what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from fscdesk.services.importing.plan_rows import EVERYTHING, PlanLine
from fscdesk.services.importing.preview import RowPreview
from fscdesk.services.importing.proposing import Proposal
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.messages import Messages
from fscdesk.ui.screens.importing.row_page import RowPage, Seen
from fscdesk.ui.screens.importing.words import happening, happening_text
from fscdesk.ui.tables.columns import Column, Kind, badge_column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, PaneHead, PaneTab
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.text import day_text

SHOWS = "shows"
Ask = Callable[[], Proposal | None]

_NONE = {
    "new": "No new sessions in this file.",
    "changed": "No session of this file has changed.",
    "unchanged": "Every row of this file is new or changed.",
    "skipped": "No row is skipped.",
    "gone": "Every session of these days is in the file.",
    "question": "Every question is answered.",
    "findings": "Nothing in this file needs a second look.",
}
_NONE_OF_REPORT = {
    "new": "Nothing in this file is new.",
    "changed": "Nothing of this file has changed.",
}


class PlanList(ListPart[PlanLine]):
    """The rows of a plan. The find field shows only while something is looked for."""

    def __init__(
        self, desk: Desk, ask: Ask, messages: Messages | None = None, *, planned: bool = True
    ) -> None:
        super().__init__(desk, _spec(ask, planned=planned), messages=messages)
        self.line_row.hide()
        self.line.leave.connect(self._fold)
        self.line.changed.connect(lambda _state: self._fold())

    def find_(self, text: str = "") -> None:
        """Open the find field (Ctrl+F), and put `text` at its end."""
        self.line_row.show()
        super().find_(text)

    def escape(self) -> bool:
        """Step back out of the find field. False when nothing is looked for."""
        stepped = super().escape()
        self._fold()
        return stepped

    def _fold(self) -> None:
        self.line_row.setVisible(not self.line.field.isHidden())

    def shows(self) -> str:
        """Which term filters now."""
        return next(iter(self.state.values(SHOWS)), EVERYTHING)

    def show_term(self, key: str) -> None:
        """Show the rows of one term of the sum."""
        values = () if key == EVERYTHING else (key,)
        self.filter_by(self.state.with_values(SHOWS, values))
        self.view.scrollToTop()


def _spec(ask: Ask, *, planned: bool) -> ListSpec[PlanLine]:
    """The list of a plan; of one that was applied when it is not `planned` any more."""

    def query(_work: Work, state: FilterState, span: Span) -> Page[PlanLine]:
        proposal = ask()
        if proposal is None:
            return Page(span.start, 0, ())
        shows = next(iter(state.values(SHOWS)), "")
        return proposal.lines.page(state.text, shows, span)

    def seen(work: Work, line: PlanLine) -> Seen:
        proposal = ask()
        if proposal is None or line.id >= len(proposal.plan.rows):
            return Seen(line, RowPreview(line.row, (), (), ""), "")
        fresh = proposal.lines.line(line.id)
        question = "" if fresh.asked is None else fresh.asked.text
        return Seen(fresh, proposal.previews.of_row(work, line.id), question)

    def none_words(state: FilterState) -> str:
        proposal = ask()
        of_report = proposal is not None and proposal.plan.report_totals is not None
        return _none_words(state, _NONE | _NONE_OF_REPORT if of_report else _NONE)

    detail: DetailSpec[PlanLine, Any] = DetailSpec(
        ask=seen,
        head=_head,
        tabs=(PaneTab("row", "", RowPage),),
        nothing="Choose a row to see what it was, what it will be, and what is posted.",
    )
    return ListSpec(
        key="importing.plan" if planned else "importing.done",
        name="Plan of the import" if planned else "Rows of the import",
        columns=_columns("What will happen" if planned else "What happened"),
        query=query,
        noun=("row", "rows"),
        ticking=False,
        totals=False,
        title=False,
        sort="verdict",
        least_width=780,
        empty=Empty("There are no rows in this file.", "sheet"),
        none_words=none_words,
        detail=detail if planned else None,
    )


def _none_words(state: FilterState, known: Mapping[str, str]) -> str:
    if state.text.strip():
        return f"No row of this plan holds “{state.text.strip()}”."
    return known.get(next(iter(state.values(SHOWS)), ""), "")


def _columns(what: str) -> tuple[Column[PlanLine], ...]:
    return (
        Column(
            "line",
            "Row",
            lambda line: f"{line.row.line:,}" if line.row.line else "",
            Kind.NUMBER,
            width=52,
            priority=4,
        ),
        badge_column(
            "verdict",
            "Verdict",
            lambda line: ("import_verdict", line.verdict),
            width=118,
            priority=0,
        ),
        date_column("day", "Date", _day, priority=2),
        Column("client", "Client", lambda line: line.row.client, width=178, names=True, priority=1),
        Column(
            "what",
            what,
            happening_text,
            width=260,
            wide=True,
            priority=1,
            pieces=happening,
            icon=lambda line: "triangle-alert" if line.findings else "",
            tooltip=_whole,
        ),
        money_column(
            "open",
            "Open balance",
            lambda line: line.row.open_change,
            width=104,
            priority=3,
            signed=True,
            plain_negative=True,
        ),
    )


def _day(line: PlanLine) -> date | None:
    return line.row.day if line.row.client and line.dated else None


def _whole(line: PlanLine) -> str:
    """The cell's words and its findings: both may be longer than the cell."""
    return "\n".join([happening_text(line), *(finding.message for finding in line.findings)])


def _head(seen: Seen) -> PaneHead:
    row = seen.line.row
    name = f"Row {row.line:,}" if row.line else "Not in this file"
    when = day_text(row.day) if seen.line.dated else ""
    if not seen.line.of_report:
        when = f"{when} {row.minute // 60:02d}:{row.minute % 60:02d}"
    return PaneHead(
        name=name,
        line=", ".join(part for part in (row.client, when) if row.client and part),
        badges=(theme.now.import_verdict(seen.line.verdict),),
    )
