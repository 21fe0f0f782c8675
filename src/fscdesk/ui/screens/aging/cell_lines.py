"""The lines behind one cell: what is open there, session by session, and what to do with them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.reports.aging_lines import AgingLine, aging_lines
from fscdesk.services.work import Topic, Work
from fscdesk.ui import theme
from fscdesk.ui.forms.buttons import Button, IconButton
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.keeping_store import keeping_in_books
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.aging.question import CellRef, Shown
from fscdesk.ui.tables.columns import Column, Kind, badge_column, date_column, money_column
from fscdesk.ui.tables.export import AskPath
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Empty, ListSpec, RowsAct
from fscdesk.ui.text import ElidedLabel, Label, count_text, money_text

TOPICS = frozenset({Topic.LEDGER, Topic.SESSIONS, Topic.IMPORTS, Topic.PATIENTS, Topic.PAYERS})
LEAST_ROWS = 4


class CellLines(QWidget):
    """Head and list of the open cell. Hidden while no cell is open."""

    closed = Signal()

    def __init__(self, shell: Shell, ask_path: AskPath | None = None) -> None:
        super().__init__()
        self.shell = shell
        self._shown: Shown | None = None
        self._cell: CellRef | None = None
        self.heading = ElidedLabel("", "section")
        self.note = Label("", "hint")
        self.open_session = Button("Open session", kind="primary", compact=True, tip="Ctrl+L")
        self.open_patient = Button(f"Open {shell.practice.patient.lower()}", compact=True)
        self.copy_it = Button("Copy", "copy", compact=True, tip="Ctrl+C")
        self.close_it = IconButton("x", "Close the lines", key="Esc", on=self.closed.emit)
        self.part: ListPart[AgingLine] = ListPart(
            shell.desk,
            self._spec(),
            messages=shell.messages,
            keeping=keeping_in_books(),
            ask_path=ask_path,
        )
        self.open_session.clicked.connect(lambda: self.go_to_session(self.part.chosen()))
        self.open_patient.clicked.connect(lambda: self.go_to_patient(self.part.chosen()))
        self.copy_it.clicked.connect(self.part.copy)
        self.part.opened.connect(lambda line: self.go_to_session((line,)))
        self.part.answered.connect(self._on_answered)
        self.part.current_changed.connect(lambda _row: self._judge())
        self.part.model.ticks.changed.connect(self._judge)
        self._build()
        self.hide()

    @property
    def cell(self) -> CellRef | None:
        """The cell that is open."""
        return self._cell

    def show_cell(self, shown: Shown, cell: CellRef, name: str) -> None:
        """Show the lines of a cell of these figures."""
        other = cell != self._cell
        self._shown, self._cell = shown, cell
        words = cell.span_words(shown.aging.bucket_titles)
        self.heading.setText(f"{name}, {words}")
        self.part.view.setAccessibleName(f"Lines of {name}, {words}")
        if other:
            self.note.setText("…")
            self.part.ask_again()
        else:
            self.part.refresh()
        self.show()
        self._judge()

    def forget(self) -> None:
        """Close, and free the rows of a cell that is no longer asked about."""
        self._cell = None
        self.hide()

    def least_height(self, rows: int) -> int:
        """Return the height at which so many rows can be seen."""
        size = theme.now.size
        head = self.head.sizeHint().height()
        return head + size.header_row + max(LEAST_ROWS, rows) * size.row_compact + size.totals_row

    def go_to_session(self, rows: Sequence[AgingLine]) -> None:
        """Open the session behind a line."""
        if _no_session(rows):
            self.shell.messages.problem(_no_session(rows))
        elif self.shell.has("sessions"):
            self.shell.open("sessions", session=rows[0].session_id)

    def go_to_patient(self, rows: Sequence[AgingLine]) -> None:
        """Open the account of the person behind a line."""
        if _no_patient(rows):
            self.shell.messages.problem(_no_patient(rows))
        elif self.shell.has("patients"):
            self.shell.open("patients", patient=rows[0].patient_id)

    def _build(self) -> None:
        self.head = QWidget()
        line = QHBoxLayout(self.head)
        line.setContentsMargins(LEFT, 12, RIGHT, 10)
        line.setSpacing(8)
        line.addWidget(self.heading)
        line.addSpacing(4)
        line.addWidget(self.note)
        line.addStretch(1)
        for button in (self.open_session, self.open_patient, self.copy_it, self.close_it):
            line.addWidget(button)
        self.open_session.setVisible(self.shell.has("sessions"))
        self.open_patient.setVisible(self.shell.has("patients"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.part, 1)

    def _spec(self) -> ListSpec[AgingLine]:
        patient = self.shell.practice.patient
        acts: list[RowsAct[AgingLine]] = []
        if self.shell.has("sessions"):
            acts.append(
                RowsAct(
                    "session",
                    "Open session",
                    self.go_to_session,
                    shortcut="Ctrl+L",
                    off_because=_no_session,
                )
            )
        if self.shell.has("patients"):
            acts.append(
                RowsAct(
                    "patient",
                    f"Open {patient.lower()}",
                    self.go_to_patient,
                    off_because=_no_patient,
                )
            )
        copy = RowsAct[AgingLine]("copy", "Copy", lambda _rows: self.part.copy())
        return ListSpec(
            key="aging_lines",
            name="Aging lines",
            columns=_columns(patient),
            query=self._page,
            noun=("line", "lines"),
            bulk=(copy,),
            row_acts=tuple(acts),
            searching=False,
            title=False,
            line=False,
            exports=False,
            sort="day",
            topics=TOPICS,
            empty=Empty("Nothing is open in this cell.", "circle-check"),
            picked_words=lambda rows: f"{money_text(_sum(rows), zero_dash=False)} open",
            totals_words=lambda count, _totals: count_text(count, "line"),
        )

    def _page(self, work: Work, _state: FilterState, span: Span) -> Page[AgingLine]:
        shown, cell = self._shown, self._cell
        if shown is None or cell is None:
            return Page(span.start, 0, ())
        aging = shown.aging
        return aging_lines(
            work,
            as_of=aging.as_of,
            by=aging.by,
            key=cell.key,
            bucket=cell.bucket,
            age_by=aging.age_by,
            bucket_days=aging.bucket_days,
            span=span,
        )

    def _on_answered(self) -> None:
        model = self.part.model
        total = model.totals.get("open", Money())
        lines = count_text(model.total, "line")
        self.note.setText(f"{lines}, {money_text(total, zero_dash=False)}")
        view = self.part.view
        if view.hasFocus() and view.current_place < 0 and model.total:
            view.picking.go(0)  # the keys are here: the next Enter opens something
        self._judge()

    def _judge(self) -> None:
        rows = self.part.chosen()
        self.open_session.off_because(_no_session(rows))
        self.open_patient.off_because(_no_patient(rows))
        self.copy_it.off_because("" if rows else "Choose a line first")


def _columns(patient: str) -> tuple[Column[AgingLine], ...]:
    return (
        date_column("day", "Session", lambda line: line.day, priority=1, descending_first=False),
        Column(
            "patient",
            patient,
            lambda line: line.patient or f"No {patient.lower()} named",
            names=True,
            priority=1,
            width=160,
        ),
        Column("payer", "Payer", lambda line: line.payer, width=130, priority=4),
        Column("provider", "Clinician", lambda line: line.provider, width=140, priority=6),
        Column("code", "Code", lambda line: line.code, width=72, priority=7),
        badge_column("status", "Status now", _status, priority=3),
        Column(
            "side",
            "Owed by",
            lambda line: "Payer" if line.side == "insurance" else patient,
            width=84,
            priority=5,
        ),
        Column(
            "age",
            "Age",
            lambda line: count_text(line.age, "day"),
            Kind.AGE,
            width=84,
            priority=2,
            descending_first=True,
        ),
        money_column("open", "Open", lambda line: line.open, width=108, priority=1, strong=True),
    )


def _status(line: AgingLine) -> tuple[str, str] | None:
    return ("billing", line.status) if line.status else None


def _sum(rows: Sequence[AgingLine]) -> Money:
    return Money(sum(line.open.cents for line in rows))


def _no_session(rows: Sequence[AgingLine]) -> str:
    if len(rows) != 1:
        return "Choose one line first"
    return "" if rows[0].session_id else "This credit came with no session"


def _no_patient(rows: Sequence[AgingLine]) -> str:
    if len({line.patient_id for line in rows}) != 1:
        return "Choose the lines of one person first"
    return "" if rows[0].patient_id else "This line names nobody"
