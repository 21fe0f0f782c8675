"""A short list with the form of its current row beside it: choose, change, add."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from fscdesk.ui import theme
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import Line
from fscdesk.ui.forms.record_pane import Record, RecordPane
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.tables.columns import HasId
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import ListSpec
from fscdesk.ui.text import key_text

R = TypeVar("R", bound=HasId)
F = TypeVar("F")
FOLLOW_AFTER_MS = 120
FORM, FORM_LEAST = 380, 320


class ListAndForm(Part, Generic[R, F]):
    """The form follows the current row. Enter or F2 goes into it, Esc comes back to the row."""

    def __init__(
        self,
        shell: Shell,
        spec: ListSpec[R],
        record: Record[R, F],
        *,
        keeping: Keeping,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.list: ListPart[R] = ListPart(
            shell.desk, spec, messages=shell.messages, keeping=keeping
        )
        self.pane: RecordPane[R, F] = RecordPane(shell, record)
        self._add_button()
        self._beginning = False
        self._stale_options = True
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.list, 1)
        across.addWidget(Line(upright=True))
        across.addWidget(self.pane)
        self._follow = QTimer(self, singleShot=True, interval=FOLLOW_AFTER_MS)
        self._follow.timeout.connect(self._on_follow)
        self.list.current_changed.connect(self._on_current)
        self.list.opened.connect(self._on_opened)
        self.list.answered.connect(self._on_answered)
        self.pane.saved.connect(self._on_saved)
        self.pane.left.connect(self._on_left)
        shell.desk.changed.connect(self._on_changed)
        theme.changed.connect(self._fit)
        self._fit()

    # What the screen asks

    def new_verb(self) -> str:
        record = self.pane.record
        return f"New {record.noun}" if record.add is not None else ""

    def new(self) -> None:
        """Begin a new record in the form."""
        if self.new_verb():
            self._beginning = True
            self._follow.stop()
            self._load_options()
            self.list.go_to(None)
            self.pane.begin()

    def save(self) -> None:
        self.pane.save()

    def can_save(self) -> bool:
        return self.pane.can_save

    def find_(self) -> None:
        self.list.find_()

    def refresh(self) -> None:
        self.list.refresh()
        self.pane.load_options()

    def export(self) -> None:
        self.list.export()

    def escape(self) -> bool:
        focused = QApplication.focusWidget()
        if focused is not None and self.pane.isAncestorOf(focused):
            self._on_left()
            return True
        return self.list.escape()

    def panes(self) -> tuple[QWidget, ...]:
        return (self.list.view, self.pane)

    def enter(self) -> None:
        self.list.view.setFocus()

    def _add_button(self) -> None:
        line = self.list.line_row.layout()
        if self.new_verb() and isinstance(line, QHBoxLayout):
            tip = f"{self.new_verb()}  {key_text('Ctrl+N')}"
            self.begin_button = Button(self.new_verb(), "plus", compact=True, tip=tip, on=self.new)
            line.insertWidget(1, self.begin_button)

    # What happens

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.list.view.picking.current_row
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() == Qt.Key.Key_F2 and plain and row is not None and self.list.view.hasFocus():
            self._on_opened(row)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wanted = max(FORM_LEAST, min(theme.now.px(FORM), self.width() // 2))
        self.pane.setFixedWidth(wanted)

    def _load_options(self) -> None:
        if self._stale_options:
            self._stale_options = False
            self.pane.load_options()

    def _on_current(self, row: R | None) -> None:
        if row is not None:
            self._beginning = False
            self._follow.start()

    def _on_follow(self) -> None:
        row = self.list.view.picking.current_row
        if row is not None and (self.pane.row is None or row.id != self.pane.row.id):
            self._load_options()
            self.pane.show_row(row)

    def _on_opened(self, row: R) -> None:
        self._follow.stop()
        self._on_follow()
        self.pane.enter()

    def _on_answered(self) -> None:
        self._load_options()
        row = self.list.view.picking.current_row
        if row is not None and self.pane.row is not None and row.id == self.pane.row.id:
            self.pane.renew(row)
        elif self.list.view.picking.current_id is None and not self._beginning:
            self.list.view.picking.go(0)
        if self.pane.row is not None and not self.list.model.total:
            self.pane.show_row(None)

    def _on_saved(self, number: int) -> None:
        self._beginning = False
        self.list.refresh()
        self.list.go_to(number)

    def _on_left(self) -> None:
        self.list.view.setFocus()
        if self._beginning:
            self._beginning = False
            self.list.view.picking.go(0)

    def _on_changed(self, _topics: object) -> None:
        self._stale_options = True
