"""The work queue on Home: the same things, what is lost first at the top, and the work behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.models.values import ZERO
from fscdesk.services.paging import Page, Span
from fscdesk.services.queue.listing_items import QueueFilter, QueueItem, page_of_items
from fscdesk.services.work import Topic, Work
from fscdesk.ui import theme
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.office_day import OfficeDay
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.queue.columns import due_column, severity_column, what_column
from fscdesk.ui.tables.columns import money_column
from fscdesk.ui.tables.delegates import FIRST_PAD
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.text import ElidedLabel, Label, count_text, money_text

FEWEST_ROWS, ROWS_SHOWN = 4, 6
TOPICS = frozenset(Topic) - {Topic.VIEWS}
"""Nearly everything can put work into the queue, or take it out."""


class NeedsCard(QFrame):
    """The queue in a card, with its words and order. Enter opens the work itself."""

    opened = Signal(object)
    """QueueItem."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.note = ElidedLabel("", "hint")
        self.today = OfficeDay(shell.practice.zone)
        self.part: ListPart[QueueItem] = ListPart(
            shell.desk, _spec(self.today), messages=shell.messages
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
        amount = money_text(model.totals.get("amount", ZERO), zero_dash=False)
        words = f"{count_text(model.total, 'item')}, {amount} at stake"
        self.note.setText(words if model.total else "")
        self._fit()

    def _fit(self) -> None:
        """Be as high as the items need, up to so many of them; more scroll."""
        self.setMinimumHeight(self.height_for(ROWS_SHOWN))

    def height_for(self, most: int) -> int:
        """Return the height at which all items can be seen, or so many of them."""
        size, model = theme.now.size, self.part.model
        rows = max(FEWEST_ROWS, model.total) if model.known else ROWS_SHOWN
        above = self._head.sizeHint().height() + size.header_row + 12
        return above + min(rows, most) * size.row_twoline


def _spec(today: Callable[[], date]) -> ListSpec[QueueItem]:
    def page(work: Work, _state: FilterState, span: Span) -> Page[QueueItem]:
        return page_of_items(work, QueueFilter(), Span(span.start, span.size, "lost"))

    return ListSpec(
        key="needs_items",
        name="Needs you today",
        columns=(
            severity_column("lost", sortable=False),
            what_column("title", sortable=False),
            due_column("due", today, sortable=False),
            money_column(
                "amount", "At stake", lambda row: row.amount, width=104, priority=1, sortable=False
            ),
        ),
        query=page,
        noun=("item", "items"),
        ticking=False,
        totals=False,
        searching=False,
        title=False,
        line=False,
        exports=False,
        sort="lost",
        topics=TOPICS,
        empty=Empty("Nothing needs you today.", "circle-check"),
    )
