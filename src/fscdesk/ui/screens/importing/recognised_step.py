"""The second step: what a file is; where that is not known, which column is which."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from fscdesk.services.importing.looking import Looked, SourceRow
from fscdesk.services.work import Job
from fscdesk.ui import theme
from fscdesk.ui.actions import action, off_because
from fscdesk.ui.forms.card import LEFT, RIGHT, EmptyState, Line, Scrolled
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.importing.facts import Facts
from fscdesk.ui.screens.importing.foot import Foot
from fscdesk.ui.screens.importing.mapping_form import MappingForm
from fscdesk.ui.screens.importing.run import ImportRun
from fscdesk.ui.screens.importing.source_rows import first_rows
from fscdesk.ui.screens.importing.steps import Step
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.text import Label

ROWS_AT_LEAST = 4
_NO_LIMIT = 16_777_215
"""Qt's own word for no largest height."""


class RecognisedStep(QWidget):
    """Facts, a mapping to fill in, or the sentence why a file cannot be read."""

    choose = Signal()

    def __init__(self, shell: Shell, run: ImportRun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shell, self._run = shell, run
        self._rows: ListPart[SourceRow] | None = None
        self.go_on = action(self, "Show the plan", self._on_primary)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(0)
        self._stack = QStackedWidget()
        column.addWidget(self._stack, 3)
        self._build_pages()
        column.addWidget(Line())
        self._below = QVBoxLayout()
        self._head = Label("First rows, as read", "section")
        self._head.setContentsMargins(LEFT, 12, RIGHT, 8)
        column.addWidget(self._head)
        column.addLayout(self._below, 2)
        self.foot = Foot(self.go_on, "arrow-right", lambda: run.go(Step.FILES))
        column.addWidget(self.foot)
        self._fit_soon = QTimer(self, singleShot=True, interval=0)
        self._fit_soon.timeout.connect(self._fit)
        theme.changed.connect(self._fit_soon.start)
        run.looked.connect(self.show_file)
        run.busy.connect(self._on_busy)

    def primary(self) -> QAction:
        """Go on: the plan, or the mapping first."""
        return self.go_on

    def focus(self) -> None:
        """Put the focus where there is something to do."""
        if self._stack.currentWidget() is self._mapping_page:
            self.form.focus_first()
        elif self._stack.currentWidget() is self._facts_page:
            self.facts.day.setFocus()
        elif self.refusal.button is not None:
            self.refusal.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_file(self) -> None:
        """Show the file that was looked at."""
        looked = self._run.file
        if looked is None:
            return
        self._stack.setMaximumHeight(_NO_LIMIT)
        self._show_rows(looked)
        if looked.file is not None:
            last = looked.file.content.last_day or looked.today
            day = self._run.file_day or min(last, looked.today)
            self.facts.show_file(looked, looked.file, day)
            self._stack.setCurrentWidget(self._facts_page)
            self._fit_soon.start()
        elif looked.can_be_mapped:
            self._why.setText(self._why_words(looked))
            self.form.show_file(looked)
            self._stack.setCurrentWidget(self._mapping_page)
        else:
            refusal = looked.refusal
            sentence = f"{refusal.message} {refusal.hint}".strip() if refusal else ""
            self.refusal.say(sentence, "circle-x")
            self._stack.setCurrentWidget(self.refusal)
        self._judge()

    def _build_pages(self) -> None:
        self.facts = Facts()
        self.facts.day_changed.connect(self._run.set_file_day)
        self.facts.mapping.connect(self._run.change_mapping)
        self._facts_page = Scrolled(self.facts, "What the file is")
        self._stack.addWidget(self._facts_page)
        self.form = MappingForm()
        self.form.changed.connect(self._judge)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._why = Label("", "body", wrap=True)
        self._why.setContentsMargins(LEFT, 0, RIGHT + 8, 0)
        self._needed = Label("", "warning", wrap=True)
        self._needed.setContentsMargins(LEFT, 0, RIGHT + 8, 8)
        column.addWidget(self._why)
        column.addWidget(self._needed)
        column.addWidget(Scrolled(self.form, "Which column is which"), 1)
        self._mapping_page = whole
        self._stack.addWidget(whole)
        self.refusal = EmptyState("circle-x", "", "Choose another file", self.choose.emit)
        self._stack.addWidget(self.refusal)

    def _why_words(self, looked: Looked) -> str:
        known = looked.recognised.mapping if looked.recognised is not None else None
        if known is not None:
            return f"{looked.source.name} is read by the mapping “{known.name}”."
        line = looked.header.line if looked.header is not None else 0
        return (
            f"{looked.source.name} is not a report that fscdesk knows. Its headings seem to stand "
            f"on line {line}: say which column is which. What looked likely is chosen already."
        )

    def _show_rows(self, looked: Looked) -> None:
        if self._rows is not None:
            self._below.removeWidget(self._rows)
            self._rows.hide()
            self._rows.deleteLater()
        self._rows = first_rows(self._shell.desk, looked)
        size = theme.now.size
        self._rows.setMinimumHeight(size.header_row + ROWS_AT_LEAST * size.row_compact)
        self._below.addWidget(self._rows)

    def _judge(self) -> None:
        """Say whether one can go on, and what is missing."""
        page, doing = self._stack.currentWidget(), self._run.doing
        reason = "Reading the file" if doing else ""
        if page is self.refusal:
            reason = "This file cannot be imported"
            self.foot.say("Nothing was imported.")
        elif page is self._mapping_page:
            lacking = self.form.lacking()
            self._needed.setText(f"Still needed: {'; '.join(lacking)}." if lacking else "")
            self._needed.setVisible(bool(lacking))
            reason = reason or (f"Still needed: {'; '.join(lacking)}" if lacking else "")
            self.foot.say("Nothing is saved yet. The mapping is kept when you go on.")
        else:
            self.foot.say("Nothing is saved yet. The plan shows what would happen.")
        words = "Read with this mapping" if page is self._mapping_page else "Show the plan"
        self.go_on.setText(words)
        off_because(self.go_on, reason)

    def _fit(self) -> None:
        """Facts take what they need; the rows below get the rest."""
        layout = self.facts.layout()
        if layout is not None and self._stack.currentWidget() is self._facts_page:
            high = layout.totalHeightForWidth(max(self.width(), 600))
            high = max(high, layout.totalMinimumSize().height())
            self._stack.setMaximumHeight(high + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_soon.start()

    def _on_primary(self) -> None:
        if self._stack.currentWidget() is self._mapping_page:
            self._run.map(self.form.profile())
        elif self.facts.day.check():
            self._run.plan(show=True)

    def _on_busy(self, job: Job | None) -> None:
        self.foot.follow(job)
        self._judge()
