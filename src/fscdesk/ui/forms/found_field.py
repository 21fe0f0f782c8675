"""A field that finds what it holds by letters: what is found stands under it, Enter takes it."""

from __future__ import annotations

from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QLineEdit, QWidget

from fscdesk.services.errors import Problem
from fscdesk.services.work import Work
from fscdesk.ui import icons, theme
from fscdesk.ui.forms.bound import sentence_of
from fscdesk.ui.forms.fields import LineField
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.popover import Popover
from fscdesk.ui.search import HitList, Line

F = TypeVar("F")
PAUSE_MS = 60


def leaves_undo(edit: QLineEdit, event: QEvent) -> bool:
    """Leave Ctrl+Z to the window where the line has no text of its own to undo.

    Qt's line takes the key in any case; the last posting could not be undone from here then.
    """
    undo = (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and event.matches(QKeySequence.StandardKey.Undo)
        and not edit.isUndoAvailable()
    )
    if undo:
        event.ignore()
    return undo


class FoundEdit(QLineEdit):
    """The line of the field: everything is marked when it is entered, so typing replaces it."""

    entered = Signal()
    marked = Signal(int)
    escaped = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = Qt.Key(event.key()), not event.modifiers()
        if plain and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.marked.emit(1 if key == Qt.Key.Key_Down else -1)
        elif plain and key == Qt.Key.Key_Escape and self.isModified():
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Tab takes what is marked, as Enter does, and goes on.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            tab = event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
            if tab and self.isModified():
                self.entered.emit()
        return leaves_undo(self, event) or super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = theme.now.size.icon_small
        x = self.width() - side - theme.now.px(9)
        icons.paint(QPainter(self), "chevron-down", "text2", x, (self.height() - side) / 2, side)


class FoundField(LineField, Generic[F]):
    """Holds what was found and taken. Subclasses say how to find it and how it reads.

    Enter may come before the answer: then the first that is found is taken. ``window`` is where
    the found ones are shown; a field that stands in none yet (None) learns it when it is shown.
    """

    chosen = Signal(object)
    nothing = "Nothing is called so."

    def __init__(
        self, label: str, desk: Desk, window: QWidget | None, *, example: str, width: int = 420
    ) -> None:
        self._line = FoundEdit()
        self._line.setTextMargins(0, 0, theme.now.px(18), 0)
        super().__init__(label, edit=self._line, example=example)
        self._desk = desk
        self._held: F | None = None
        self._found: tuple[F, ...] = ()
        self._ticket = 0
        self._asked = False
        self._taking = False
        self.popup = Popover(window or self, width)
        self.destroyed.connect(self.popup.deleteLater)  # it belongs to the window, which stays
        self.list = HitList()
        self.popup.body.addWidget(self.list)
        self.list.taken.connect(self._take)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._line.textEdited.connect(self._on_typed)
        self._line.marked.connect(self._on_marked)
        self._line.entered.connect(self.take)
        self._line.escaped.connect(self._show_held)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.popup.belong_to(self.window())

    def fitting(self, work: Work, typed: str) -> tuple[F, ...]:
        """Return what fits the letters, best first; on a worker thread."""
        raise NotImplementedError

    def line_of(self, found: F) -> Line:
        """How one that is found stands in the list."""
        raise NotImplementedError

    def text_of(self, held: F) -> str:
        """How what is taken stands in the field."""
        raise NotImplementedError

    def held(self) -> F | None:
        """What was taken; None while nothing is."""
        return self._held

    def hold(self, held: F | None) -> None:
        """Show another one, without telling."""
        self._held = held
        self._ticket += 1
        self._taking = False
        self._show_held()

    def busy(self) -> bool:
        """Whether Enter waits for what is found."""
        return self._taking

    def take(self) -> None:
        """Take the marked one; where the answer is still coming, the first of it."""
        if not self._line.isModified():
            return
        if not self._line.text().strip():
            self._show_held()
        elif self._found and self._asked:
            self._take(self.list.at)
        else:
            self._taking = True
            self._ask()

    def _on_typed(self, _text: str) -> None:
        self._ticket += 1
        self._asked, self._taking = False, False
        self._pause.start()

    def _on_marked(self, step: int) -> None:
        if self._found:
            self.list.move_mark(step)
            self._line.setAccessibleDescription(self.list.lines[self.list.at].title)

    def _ask(self) -> None:
        self._pause.stop()
        typed = self._line.text().strip()
        if not typed or not self._line.isModified():
            self.popup.close_up()
            return
        ticket = self._ticket
        self._desk.ask(
            self,
            lambda work: self.fitting(work, typed),
            partial(self._keep, ticket),
            partial(self._lost, ticket),
        )

    def _keep(self, ticket: int, found: tuple[F, ...]) -> None:
        if ticket != self._ticket:
            return
        self._found, self._asked = found, True
        self.list.show_lines([self.line_of(one) for one in found], self.nothing)
        if self._taking:
            self._taking = False
            if found:
                self._take(0)
            else:
                self.popup.close_up()
                self.check()
        elif self._line.hasFocus():
            self.popup.open_under(self._line)

    def _lost(self, ticket: int, fault: BaseException) -> None:
        if not isinstance(fault, Problem):
            self._desk.failed.emit(fault)
        elif ticket == self._ticket:
            self._found, self._asked, self._taking = (), True, False
            self.show_fault(sentence_of(fault))

    def _take(self, at: int) -> None:
        if not 0 <= at < len(self._found):
            return
        self._held = self._found[at]
        self._show_held()
        self.show_fault("")
        self.chosen.emit(self._held)
        self._edited()

    def _show_held(self) -> None:
        self.popup.close_up()
        self._line.setText("" if self._held is None else self.text_of(self._held))
        self._line.setModified(False)
        self._line.setCursorPosition(0)
        if self._line.hasFocus():
            self._line.selectAll()
        self._found, self._asked = (), False

    def settle(self) -> None:
        """Do with what is typed what leaving the field does: take the marked one."""
        if not self._taking:
            self.take()

    def _on_left(self) -> None:
        self.popup.close_up()
        self.settle()
        super()._on_left()
