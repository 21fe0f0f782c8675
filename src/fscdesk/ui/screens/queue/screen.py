"""The work queue: kinds of work that wait, most urgent first. Enter opens the work itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fscdesk.models.values import ZERO
from fscdesk.services.billing.plan_dues import charge_due
from fscdesk.services.paging import Page, Span
from fscdesk.services.queue.waiting import TOPICS, Urgency, Waiting, queue
from fscdesk.services.queue.waiting import Kind as WorkKind
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.actions import action, off_because
from fscdesk.ui.forms.card import Line, TitleLine
from fscdesk.ui.keeping_store import keeping_in_books
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.billing.instalments import dues_words
from fscdesk.ui.screens.queue.lines_page import LinesPage
from fscdesk.ui.tables.columns import Column, Kind, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PaneTab
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Empty, ListSpec, RowsAct
from fscdesk.ui.text import count_text, money_text


class QueueScreen(Screen):
    """One list of kinds. It keeps no state of its own: what is done is gone from it."""

    title = "Work queue"

    def __init__(
        self, shell: Shell, parent: QWidget | None = None, *, keeping: Keeping | None = None
    ) -> None:
        super().__init__(shell, parent)
        self.list: ListPart[Waiting] = ListPart(
            shell.desk,
            self._spec(),
            messages=shell.messages,
            keeping=keeping or keeping_in_books(),
        )
        self.line = TitleLine(self.title)
        self._open = action(self, "Open the work", self.open_current)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.line, Line()):
            column.addWidget(part)
        column.addWidget(self.list, 1)
        self.list.opened.connect(self.open_work)
        self.list.answered.connect(self._on_answered)
        self.list.current_changed.connect(self._judge)
        # The window puts the focus on the first control after a screen was shown; then comes this.
        self._focus_soon = QTimer(self, singleShot=True, interval=0)
        self._focus_soon.timeout.connect(self.focus)
        self._judge(None)

    # What the window asks

    def primary(self) -> QAction:
        return self._open

    def refresh(self) -> None:
        """Look again (F5)."""
        self.list.refresh()

    def find_(self) -> None:
        """Find in the queue (Ctrl+F)."""
        self.list.find_()

    def export(self) -> None:
        """Export the queue (Ctrl+Shift+E)."""
        self.list.export()

    def escape(self) -> bool:
        return self.list.escape()

    def panes(self) -> tuple[QWidget, ...]:
        return self.list.panes()

    def here(self) -> Mapping[str, object]:
        return {"row": self.list.view.picking.current_id}

    def on_shown(self, **what: Any) -> None:
        if what.get("row") is not None:
            self.list.go_to(int(what["row"]))
        self._focus_soon.start()

    # What a person does

    def open_current(self) -> None:
        """Open the current row's work (Ctrl+Enter)."""
        row = self.list.view.picking.current_row
        if row is not None:
            self.open_work(row)

    def open_work(self, row: Waiting) -> None:
        """Go to where this is done."""
        self.open_place(row.opens)

    def open_place(self, opens: Opens) -> None:
        """Go to what a row or one of its lines names."""
        self.shell.open(opens.place, **opens.asked)

    def charge_due(self) -> None:
        """Charge interest and late fees of payment plans up to today (Ctrl+Shift+D)."""
        self.shell.desk.act(
            self,
            lambda work: charge_due(work, work.today()),
            lambda dues: self.shell.messages.info(dues_words(dues)),
            self.shell.messages.refused,
            title="Charging what is due",
        )

    def focus(self) -> None:
        """Put the focus on the rows."""
        if self.isVisible():
            self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)

    # What happens

    def _on_answered(self) -> None:
        model, picking = self.list.model, self.list.view.picking
        if not model.known:
            return
        if picking.current_row is None and model.total:
            picking.go(0)
        total = money_text(model.totals.get("amount", ZERO), zero_dash=False)
        words = f"{count_text(model.total, 'kind')} of work, {total} at stake"
        self.line.note.setText(words if model.total else "")
        self._judge(picking.current_row)

    def _judge(self, row: Waiting | None) -> None:
        off_because(self._open, "" if row is not None else "Nothing waits")

    # The list

    def _spec(self) -> ListSpec[Waiting]:
        has = self.shell.has

        def query(work: Work, state: FilterState, span: Span) -> Page[Waiting]:
            rows = [row for row in queue(work).rows if has(row.opens.place)]
            return _page(rows, state, span)

        detail: DetailSpec[Waiting, Waiting] = DetailSpec(
            ask=lambda _work, row: row,
            head=self._head,
            tabs=(PaneTab("lines", "", lambda: LinesPage(self.open_place, has)),),
            nothing="Choose a line to see what is in it.",
        )
        return ListSpec(
            key="queue",
            name="Work queue",
            columns=_columns(),
            query=query,
            noun=("kind", "kinds"),
            row_acts=(
                RowsAct(
                    "charge",
                    "Charge what is due on plans",
                    lambda _rows: self.charge_due(),
                    "calendar-check",
                    "Ctrl+Shift+D",
                    _not_due,
                ),
            ),
            ticking=False,
            title=False,
            sort="urgency",
            topics=TOPICS,
            empty=Empty("Nothing waits for you.", "circle-check"),
            none_words=lambda state: f"Nothing in the queue holds “{state.text.strip()}”.",
            detail=detail,
            least_width=620,
        )

    def _head(self, row: Waiting) -> PaneHead:
        severity = theme.now.severity(row.urgency.value)
        return PaneHead(
            name=row.title,
            line=row.when[:1].upper() + row.when[1:],
            badges=(severity,),
            figures=(
                Figure("At stake", text=money_text(row.amount, zero_dash=False)),
                Figure("How many", text=count_text(row.count)),
            ),
            next_steps=(
                NextStep(row.next_step, lambda: self.open_work(row), "arrow-up-right"),
                *self._show_all(row),
                *(
                    [NextStep(_charge_words(row), self.charge_due, "calendar-check")]
                    if row.kind is WorkKind.PLAN_DUE
                    else []
                ),
            ),
        )

    def _show_all(self, row: Waiting) -> list[NextStep]:
        """Return the way to the list of all, where the work itself is one of them."""
        every = row.all_open
        if every is None or not self.shell.has(every.place):
            return []
        words = f"Show all {count_text(row.count)}" if row.count > 1 else "Show it in the list"
        return [NextStep(words, lambda: self.open_place(every))]


def _not_due(rows: Sequence[Waiting]) -> str:
    if rows[0].kind is WorkKind.PLAN_DUE:
        return ""
    return "Only what is due on payment plans is charged from here."


def _charge_words(row: Waiting) -> str:
    return f"Charge {money_text(row.amount, zero_dash=False)} now"


def _columns() -> tuple[Column[Waiting], ...]:
    return (
        Column(
            "urgency",
            "Severity",
            lambda row: theme.now.severity(row.urgency.value).word,
            Kind.SEVERITY,
            badge=lambda row: ("severity", row.urgency.value),
            width=92,
            priority=2,
        ),
        Column(
            "what",
            "What",
            lambda row: row.title,
            second=lambda row: row.why,
            names=True,
            strong=True,
            priority=0,
            width=240,
        ),
        Column(
            "next",
            "Next step",
            lambda row: row.next_step,
            second=lambda row: row.when,
            width=208,
            priority=3,
            sortable=False,
        ),
        Column(
            "count",
            "Count",
            lambda row: count_text(row.count),
            Kind.NUMBER,
            width=64,
            priority=4,
            descending_first=True,
        ),
        # What the next step says of its age stands here as a day, for who wants to sort by it.
        date_column("oldest", "Oldest", lambda row: row.oldest, priority=5, shown=False),
        money_column("amount", "At stake", lambda row: row.amount, width=104, priority=1),
    )


def _page(rows: list[Waiting], state: FilterState, span: Span) -> Page[Waiting]:
    words = state.text.casefold().split()
    found = [row for row in rows if all(word in _text(row) for word in words)]
    order = list(Urgency)
    if span.sort == "urgency":
        if span.descending:
            found.sort(key=lambda row: -order.index(row.urgency))
    else:
        found.sort(key=lambda row: (_rank(row, span.sort), row.id), reverse=span.descending)
    total = sum((row.amount for row in found), ZERO)
    part = tuple(found[span.start : span.start + span.size])
    return Page(span.start, len(found), part, {"amount": total})


def _rank(row: Waiting, key: str) -> Any:
    ranks: dict[str, Any] = {
        "what": row.title.casefold(),
        "count": row.count,
        "oldest": row.oldest or date.max,
        "amount": row.amount,
    }
    return ranks[key]


def _text(row: Waiting) -> str:
    named = " ".join(line.words for line in row.lines)
    return f"{row.title} {row.why} {row.next_step} {named}".casefold()
