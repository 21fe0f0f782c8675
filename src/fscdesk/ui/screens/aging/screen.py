"""The Aging screen: the matrix, its proof, the lines of the open cell, and the month ends."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from fscdesk.services.errors import Problem
from fscdesk.services.reports.aging import MonthEnd
from fscdesk.services.reports.aging_sums import By
from fscdesk.services.reports.aging_tie import Tie, tie_of
from fscdesk.services.work import Topic, Work
from fscdesk.ui import theme
from fscdesk.ui.actions import Menu, action, off_because
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import EmptyState, Scrolled, TitleLine
from fscdesk.ui.jobs.latest import Latest
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.aging.cell_lines import CellLines
from fscdesk.ui.screens.aging.controls import Controls
from fscdesk.ui.screens.aging.giving_out import GivingOut
from fscdesk.ui.screens.aging.matrix import Matrix
from fscdesk.ui.screens.aging.month_ends import MonthEnds, read_months
from fscdesk.ui.screens.aging.question import CellRef, Question, Shown
from fscdesk.ui.screens.aging.tie_strip import TieStrip
from fscdesk.ui.tables.export import FORMATS, AskPath
from fscdesk.ui.text import day_text, money_text

TOPICS = frozenset(
    {Topic.LEDGER, Topic.SESSIONS, Topic.IMPORTS, Topic.PATIENTS, Topic.PAYERS, Topic.PROVIDERS}
)
ROWS_KEPT, ROWS_WANTED, LINES_WANTED = 5, 10, 8
"""Rows of the matrix over an open cell: at least, and rather; and lines that are wanted there."""


class AgingScreen(Screen):
    """Who owes what, how long, as of any day. Figures first, then the proof, then the months."""

    title = "Aging"

    def __init__(
        self, shell: Shell, parent: QWidget | None = None, *, ask_path: AskPath | None = None
    ) -> None:
        super().__init__(shell, parent)
        self.question = Question()
        self.shown: Shown | None = None
        self._wanted: CellRef | None = None
        self._stale = True
        refused = shell.messages.refused
        self._figures = Latest[Shown](shell.desk, self, self._on_figures, self._on_unread)
        self._proof = Latest[Tie](shell.desk, self, self._on_tie, self._on_unproved)
        self._months = Latest[tuple[MonthEnd, ...]](shell.desk, self, self._on_months, refused)
        self.giving = GivingOut(shell, self, ask_path)
        self.head = TitleLine("Aging")
        self.print_button = Button("Print", "printer", tip="Ctrl+P", on=self.print_)
        self.export_button = Button("Export", "download", tip="Ctrl+Shift+E", on=self.export)
        self.head.add(self.print_button, self.export_button)
        self.controls = Controls(shell.practice.patient)
        self.matrix = Matrix("Payer")
        self.strip = TieStrip()
        self.lines = CellLines(shell, ask_path)
        self.months = MonthEnds()
        self._build()
        self._open_session = action(
            self, "Open session", lambda: self.lines.go_to_session(self.lines.part.chosen())
        )
        self._open_session.setVisible(False)
        action(self, "As of another day", self.controls.pick_day, "Ctrl+D")
        action(self, "Sort by this column", self.matrix.sort_by_current)
        shell.desk.changed.connect(self._on_changed)

    # What the window asks of a screen

    def primary(self) -> QAction | None:
        return self._open_session if self.lines.cell is not None else None

    def refresh(self) -> None:
        """Look again, at the same question."""
        self._ask()

    def find_(self) -> None:
        self.controls.seek()

    def print_(self) -> None:
        self.giving.preview(self.question)

    def export(self) -> None:
        under = QPoint(0, self.export_button.height() + 4)
        self.export_menu().popup(self.export_button.mapToGlobal(under))

    def export_menu(self) -> Menu:
        """Return what can be given out now: the matrix, and the lines of the open cell."""
        menu = Menu(self)
        day = self.shown.aging.as_of.isoformat() if self.shown else "today"
        for form, words in FORMATS.items():
            name = f"aging_by_{self.question.by}_{day}"
            menu.add(f"Aging as {words}…", partial(self.giving.export, self.question, form, name))
        if self.lines.cell is not None:
            menu.addSeparator()
            for form, words in FORMATS.items():
                menu.add(f"Lines as {words}…", partial(self.lines.part.export_as, form))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def escape(self) -> bool:
        if self.controls.end_finding():
            self.matrix.grid.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        if self.lines.cell is None:
            return False
        if not self.lines.part.escape():
            self.close_cell()
        return True

    def panes(self) -> tuple[QWidget, ...]:
        lines = (self.lines.part.view,) if self.lines.cell is not None else ()
        chart = () if self.months.isHidden() else (self.months.chart,)
        return (self.controls, self.matrix.grid, *lines, *chart)

    def here(self) -> Mapping[str, object]:
        cell = self.lines.cell
        return {
            **self.question.said(),
            **({"key": cell.key, "bucket": cell.bucket} if cell is not None else {}),
            "line": _current_id(self.lines),
        }

    def on_shown(self, **what: Any) -> None:
        question = self.question.of(what)
        wanted = CellRef.of(what)
        other = question != self.question
        self.question = question
        self.controls.show_question(question, self.shown.today if self.shown else None)
        if wanted is not None:
            self._wanted = wanted
        if other or self._stale:
            self._ask()
        elif self._wanted is not None:
            self._open_wanted()
        if what.get("line"):
            self.lines.part.go_to(what["line"])

    # What a person does

    def open_cell(self, cell: CellRef, by_key: bool = True) -> None:
        """Show the lines of a cell; by key the keys go on to them."""
        if self.shown is None:
            return
        self.lines.show_cell(self.shown, cell, self.matrix.name_of(cell))
        self.matrix.mark(cell)
        self._arrange()
        self.area.ensureWidgetVisible(self.lines, 0, 0)
        off_because(self._open_session, "")
        if by_key:
            self.lines.part.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_cell(self) -> None:
        """Close the lines; the keys are on their cell again."""
        cell = self.lines.cell
        self.lines.forget()
        self.matrix.mark(None)
        self._arrange()
        if cell is not None and self.matrix.go_to(cell):
            total = self.matrix.sums.place_of(cell) is not None
            grid = self.matrix.total if total else self.matrix.grid
            grid.setFocus(Qt.FocusReason.OtherFocusReason)

    # Building

    def _build(self) -> None:
        page = QWidget()
        inside = QVBoxLayout(page)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.matrix)
        inside.addWidget(self.strip)
        inside.addWidget(self.lines, 1)
        inside.addWidget(self.months)
        inside.addStretch(0)
        self.area = Scrolled(page, "Aging")
        self.area.viewport().installEventFilter(self)
        self.empty = EmptyState("hourglass", "", "Show today", self._on_helped)
        below = QWidget()
        self._stack = QStackedLayout(below)
        self._stack.addWidget(self.area)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.controls)
        column.addWidget(below, 1)
        self.controls.changed.connect(self._on_question)
        self.controls.field.textEdited.connect(self.matrix.seek)
        self.controls.field.next_wanted.connect(self._on_next)
        self.controls.field.leave.connect(self.escape)
        self.matrix.opened.connect(self.open_cell)
        self.matrix.typed.connect(self._on_typed)
        self.lines.closed.connect(self.close_cell)
        self.lines.part.answered.connect(self._arrange)
        self.months.opened.connect(self._on_month)
        theme.changed.connect(self._arrange)
        self.setAccessibleName("Aging")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFocusProxy(self.matrix.grid)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.area.viewport():
            self._arrange()
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        """Share the height: rows and lines first; the months give way to an open cell."""
        room = self.area.viewport().height() - self.strip.sizeHint().height()
        matrix, lines = self.matrix, self.lines
        count = matrix.cells.rowCount()
        whole, least = matrix.height_for(count), matrix.height_for(min(count, ROWS_KEPT))
        chart = self.months.least_height()
        if lines.cell is None:
            self.months.show()
            high = max(least, min(whole, room - chart))
            self.months.set_room(room - high)
        else:
            some = lines.least_height(0)
            wanted = lines.least_height(min(LINES_WANTED, lines.part.model.total))
            rather = matrix.height_for(min(count, ROWS_WANTED))
            self.months.setVisible(rather + some + chart <= room)
            self.months.set_room(chart)
            left = room if self.months.isHidden() else room - chart
            high = max(least, min(whole, max(left - wanted, min(rather, left - some))))
            lines.setMinimumHeight(some)
        matrix.setFixedHeight(high)

    # Asking

    def _ask(self) -> None:
        question = self.question
        self._stale = False
        self._figures.ask(lambda work: _figures(work, question))

    def _on_figures(self, shown: Shown) -> None:
        before, self.shown = self.shown, shown
        aging = shown.aging
        self.controls.show_question(self.question, shown.today)
        self.matrix.show_aging(aging, self._first_title())
        open_ = money_text(aging.total.balance, zero_dash=False)
        self.head.note.setText(f"{open_} open, as of {day_text(aging.as_of)}")
        total, as_of, past = aging.total.balance, aging.as_of, aging.past
        question = self.question
        if before is None or before.aging.total != aging.total or before.aging.as_of != as_of:
            self.strip.wait()
        self._proof.ask(lambda work: tie_of(work, as_of, total, past=past))
        self._months.ask(lambda work: read_months(work, question))
        self._show_empty(empty=not aging.rows)
        cell = self._wanted or self.lines.cell
        self._arrange()
        if cell is not None:
            self._wanted = cell
            self._open_wanted(refreshed=cell == self.lines.cell)

    def _open_wanted(self, *, refreshed: bool = False) -> None:
        """Open the cell that was asked for, if its row is there."""
        cell, self._wanted = self._wanted, None
        if cell is None or self.shown is None:
            return
        if self.matrix.go_to(cell):
            self.open_cell(cell, by_key=not refreshed and self.isVisible())
        elif refreshed:
            self.close_cell()
        else:
            self.lines.forget()
            self.matrix.mark(None)
            self._arrange()
            self.shell.messages.info("Nothing is open there any more.")

    def _first_title(self) -> str:
        return {
            By.PAYER: "Payer",
            By.PATIENT: self.shell.practice.patient,
            By.GUARANTOR: "Guarantor",
            By.PROVIDER: "Clinician",
            By.SESSION: "Session",
        }[self.question.by]

    def _show_empty(self, *, empty: bool) -> None:
        reason = "Nothing is open on this day" if empty else ""
        self.print_button.off_because(reason)
        self.export_button.off_because(reason)
        if not empty or self.shown is None:
            self._stack.setCurrentWidget(self.area)
            return
        self.lines.forget()
        past = self.question.as_of is not None
        importing = self.shell.has("importing")
        if past:
            self.empty.say(f"Nothing was open on {day_text(self.shown.aging.as_of)}.", "hourglass")
        else:
            more = " Import the appointment report from SimplePractice." if importing else ""
            self.empty.say(f"Nothing is open.{more}", "hourglass")
        if self.empty.button is not None:
            self.empty.button.set_words("Show today" if past else "Import files")
            self.empty.button.setVisible(past or importing)
        self._stack.setCurrentWidget(self.empty)

    def _on_helped(self) -> None:
        """Press the one button of the empty screen."""
        if self.question.as_of is not None:
            self.on_shown(**{**self.question.said(), "as_of": None})
        else:
            self.shell.open("importing")

    # What happens

    def _on_tie(self, tie: Tie) -> None:
        if self.shown is not None:
            self.strip.show_tie(tie, self.shown.at, self.shell.practice.zone)
            self._arrange()

    def _on_months(self, months: tuple[MonthEnd, ...]) -> None:
        self.months.show_months(months, self.question.bucket_days)

    def _on_unread(self, fault: BaseException) -> None:
        self._stale = True
        if self.shown is None and isinstance(fault, Problem):
            self.empty.say(f"{fault.message} {fault.hint}".strip(), "unlink")
            if self.empty.button is not None:
                self.empty.button.hide()
            self._stack.setCurrentWidget(self.empty)
        self.shell.messages.refused(fault)

    def _on_unproved(self, fault: BaseException) -> None:
        self.strip.unknown()
        self.shell.messages.refused(fault)

    def _on_question(self, question: Question) -> None:
        if question.by != self.question.by and self.lines.cell is not None:
            self.close_cell()  # its row is none of the new ones
        self.question = question
        self._ask()

    def _on_month(self, day: object) -> None:
        self.on_shown(**{**self.question.said(), "as_of": day})

    def _on_typed(self, text: str) -> None:
        self.controls.seek(text)
        self.matrix.seek(self.controls.field.text())

    def _on_next(self) -> None:
        self.matrix.seek(self.controls.field.text(), after=True)

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if not topics & TOPICS:
            return
        if self.isVisible():
            self._figures.again()
        else:
            self._stale = True


def _figures(work: Work, question: Question) -> Shown:
    return Shown(question.read(work), work.today(), work.now())


def _current_id(lines: CellLines) -> int | None:
    row = lines.part.view.picking.current_row if lines.cell is not None else None
    return row.id if row is not None else None
