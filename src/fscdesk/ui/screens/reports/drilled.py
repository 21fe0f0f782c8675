"""The lines that a number is made of; Enter opens the entry, Esc goes back to the number."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.reports.books import BookLine, Lines, drill
from fscdesk.services.work import Topic, Work
from fscdesk.ui.forms.buttons import Button, IconButton
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.keeping_store import keeping_in_books
from fscdesk.ui.screen import Shell
from fscdesk.ui.tables.columns import Column, Kind, date_column, money_column
from fscdesk.ui.tables.export import AskPath
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Empty, ListSpec, RowsAct
from fscdesk.ui.text import ElidedLabel, Label, count_text, money_text

TOPICS = frozenset({Topic.LEDGER, Topic.BOOKS})
NO_LINE = "Choose one line first"


class Drilled(QWidget):
    """Head and list of the lines behind one number."""

    closed = Signal()

    def __init__(self, shell: Shell, ask_path: AskPath | None = None) -> None:
        super().__init__()
        self.shell = shell
        self._lines: Lines | None = None
        self.back = IconButton("arrow-left", "Back to the figures", key="Esc", on=self.closed.emit)
        self.heading = ElidedLabel("", "section")
        self.note = Label("", "hint")
        self.open_entry = Button("Open entry", kind="primary", compact=True, tip="Enter")
        self.open_document = Button("Open what it is about", compact=True, tip="Ctrl+L")
        self.part: ListPart[BookLine] = ListPart(
            shell.desk,
            self._spec(),
            messages=shell.messages,
            keeping=keeping_in_books(),
            ask_path=ask_path,
        )
        self.open_entry.clicked.connect(lambda: self.go_to_entry(self.part.chosen()))
        self.open_document.clicked.connect(lambda: self.go_to_document(self.part.chosen()))
        self.part.opened.connect(self._on_opened)
        self.part.answered.connect(self._on_answered)
        self.part.current_changed.connect(lambda _row: self._judge())
        self._build()

    @property
    def lines(self) -> Lines | None:
        """What is shown."""
        return self._lines

    def show_lines(self, lines: Lines, words: str) -> None:
        """Show the lines of a number."""
        self._lines = lines
        self.heading.setText(words)
        self.note.setText("…")
        self.part.view.setAccessibleName(f"Lines of {words}")
        self.part.ask_again()
        self._judge()

    def go_to_entry(self, rows: Sequence[BookLine]) -> None:
        """Open the journal entry of a line."""
        if len(rows) != 1:
            self.shell.messages.problem(NO_LINE)
        elif self.shell.has("accounting"):
            self.shell.open("accounting", tab="journal", entry=rows[0].entry_id)

    def go_to_document(self, rows: Sequence[BookLine]) -> None:
        """Open the payment or the session that a line is about."""
        if _no_document(rows):
            self.shell.messages.problem(_no_document(rows))
            return
        line = rows[0]
        if line.payment_id is not None:
            self.shell.open("payments", payment=line.payment_id)
        elif line.session_id is not None:
            self.shell.open("sessions", session=line.session_id)
        else:
            self.shell.open("patients", patient=line.patient_id)

    def _on_opened(self, line: BookLine) -> None:
        if self.shell.has("accounting"):
            self.go_to_entry((line,))
        else:
            self.go_to_document((line,))

    def _build(self) -> None:
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(LEFT - 8, 4, RIGHT, 8)
        line.setSpacing(8)
        line.addWidget(self.back)
        line.addWidget(self.heading)
        line.addWidget(self.note)
        line.addStretch(1)
        line.addWidget(self.open_document)
        line.addWidget(self.open_entry)
        self.open_entry.setVisible(self.shell.has("accounting"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.part, 1)

    def _spec(self) -> ListSpec[BookLine]:
        copy = RowsAct[BookLine]("copy", "Copy", lambda _rows: self.part.copy())
        about = RowsAct[BookLine](
            "document",
            "Open what it is about",
            self.go_to_document,
            shortcut="Ctrl+L",
            off_because=_no_document,
        )
        entry = RowsAct[BookLine]("entry", "Open entry", self.go_to_entry)
        acts = (entry, about) if self.shell.has("accounting") else (about,)
        return ListSpec(
            key="report_lines",
            name="Lines behind a figure",
            columns=_columns(),
            query=self._page,
            noun=("line", "lines"),
            bulk=(copy,),
            row_acts=acts,
            searching=False,
            title=False,
            line=False,
            exports=False,
            sort="day",
            topics=TOPICS,
            empty=Empty("No line is behind this figure.", "circle-check"),
            picked_words=lambda rows: money_text(_sum(rows), zero_dash=False),
            totals_words=lambda count, _totals: count_text(count, "line"),
        )

    def _page(self, work: Work, _state: FilterState, span: Span) -> Page[BookLine]:
        lines = self._lines
        return Page(span.start, 0, ()) if lines is None else drill(work, lines, span)

    def _on_answered(self) -> None:
        model = self.part.model
        total = model.totals.get("amount", Money())
        lines = count_text(model.total, "line")
        self.note.setText(f"{lines}, {money_text(total, zero_dash=False)}")
        view = self.part.view
        if view.hasFocus() and view.current_place < 0 and model.total:
            view.picking.go(0)  # the keys are here: the next Enter opens something
        self._judge()

    def _judge(self) -> None:
        rows = self.part.chosen()
        self.open_entry.off_because("" if len(rows) == 1 else NO_LINE)
        self.open_document.off_because(_no_document(rows))


def _columns() -> tuple[Column[BookLine], ...]:
    return (
        date_column("day", "Day", lambda line: line.day, priority=1, descending_first=False),
        Column("number", "Entry", lambda line: line.number, width=110, priority=2, sortable=False),
        Column(
            "kind",
            "Kind",
            lambda line: line.kind.value.replace("_", " ").capitalize(),
            width=130,
            priority=5,
            sortable=False,
        ),
        Column(
            "account", "Account", lambda line: line.account, width=76, priority=3, sortable=False
        ),
        Column(
            "memo",
            "What",
            lambda line: line.memo,
            Kind.TEXT,
            names=True,
            width=260,
            priority=1,
            sortable=False,
        ),
        money_column(
            "amount",
            "Amount",
            lambda line: line.amount,
            width=116,
            priority=1,
            strong=True,
            plain_negative=True,
            sortable=False,
        ),
    )


def _sum(rows: Sequence[BookLine]) -> Money:
    return Money(sum(line.amount.cents for line in rows))


def _no_document(rows: Sequence[BookLine]) -> str:
    if len(rows) != 1:
        return NO_LINE
    about = (rows[0].payment_id, rows[0].session_id, rows[0].patient_id)
    return "" if any(one is not None for one in about) else "This line is about the books alone"
