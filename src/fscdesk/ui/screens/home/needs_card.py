"""The work queue on Home, worst first: why, the next step, the amount, and the work behind."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.services.paging import Page, Span
from fscdesk.services.queue.waiting import TOPICS, Waiting, queue
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.screen import Shell
from fscdesk.ui.tables.columns import Column, Kind, money_column
from fscdesk.ui.tables.delegates import FIRST_PAD
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.text import ElidedLabel, Label, count_text

FEWEST_ROWS, ROWS_SHOWN = 4, 7


class NeedsCard(QFrame):
    """The queue in a card, with its words, counts and order. Enter opens the work itself."""

    opened = Signal(object)
    """Waiting."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.note = ElidedLabel("", "hint")
        self.part: ListPart[Waiting] = ListPart(
            shell.desk, _spec(shell.has), messages=shell.messages
        )
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(FIRST_PAD - 1, 12, 16, 10)
        line.setSpacing(8)
        line.addWidget(Label("Needs you today", "section"))
        line.addWidget(self.note, 1)
        if shell.has("queue"):
            link = Button("Open work queue", kind="link", compact=True)
            link.clicked.connect(lambda: shell.open("queue"))
            line.addWidget(link)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 6)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.part, 1)
        self._head = head
        self.part.opened.connect(self.opened.emit)
        self.part.answered.connect(self._on_answered)
        theme.changed.connect(self._fit)
        self._fit()

    def _on_answered(self) -> None:
        model = self.part.model
        rows = [row for place in range(model.total) if (row := model.row_at(place)) is not None]
        items = sum(row.count for row in rows)
        words = f"{count_text(items, 'item')}, {count_text(len(rows), 'group')}"
        self.note.setText(words if rows else "")
        self._fit()

    def _fit(self) -> None:
        """Be as high as the groups need, up to so many of them; more scroll."""
        self.setMinimumHeight(self.height_for(ROWS_SHOWN))

    def height_for(self, most: int) -> int:
        """Return the height at which all groups can be seen, or so many of them."""
        size, model = theme.now.size, self.part.model
        rows = max(FEWEST_ROWS, model.total) if model.known else ROWS_SHOWN
        above = self._head.sizeHint().height() + size.header_row + 12
        return above + min(rows, most) * size.row_twoline


def _spec(has: Callable[[str], bool]) -> ListSpec[Waiting]:
    def page(work: Work, _state: FilterState, span: Span) -> Page[Waiting]:
        rows = [row for row in queue(work).rows if has(row.opens.place)]
        return Page(span.start, len(rows), tuple(rows[span.start : span.start + span.size]))

    columns: tuple[Column[Waiting], ...] = (
        Column(
            "urgency",
            "Severity",
            lambda row: theme.now.severity(row.urgency).word,
            Kind.SEVERITY,
            badge=lambda row: ("severity", row.urgency.value),
            width=104,
            priority=2,
            sortable=False,
        ),
        Column(
            "what",
            "What and why",
            lambda row: row.title,
            second=lambda row: row.why,
            names=True,
            strong=True,
            priority=1,
            sortable=False,
            width=200,
        ),
        Column(
            "next",
            "Next step",
            lambda row: row.next_step,
            second=lambda row: row.when,
            width=226,
            priority=3,
            sortable=False,
        ),
        money_column(
            "amount", "Amount", lambda row: row.amount, width=104, priority=1, sortable=False
        ),
    )
    return ListSpec(
        key="needs_you",
        name="Needs you today",
        columns=columns,
        query=page,
        noun=("group", "groups"),
        ticking=False,
        totals=False,
        searching=False,
        title=False,
        line=False,
        exports=False,
        sort="urgency",
        topics=TOPICS,
        empty=Empty("Nothing needs you today.", "circle-check"),
    )
