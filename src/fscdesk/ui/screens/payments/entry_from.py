"""Who paid: one field that finds guarantors, clients and payers by letters."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from fscdesk.services.payments.entering import Source, find_sources
from fscdesk.services.work import Work
from fscdesk.ui import icons, theme
from fscdesk.ui.forms.fields import LineField
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.popover import Popover
from fscdesk.ui.screens.payments.entry_edit import leaves_undo
from fscdesk.ui.search import HitList, Line

PAUSE_MS, WIDTH = 60, 420
_ICONS = {"payer": "building-2", "guarantor": "user"}


class FromEdit(QLineEdit):
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


class FromField(LineField):
    """Holds a `Source`. What is found stands under the field; Enter takes the marked one.

    Enter may come before the answer: then the first that is found is taken.
    """

    chosen = Signal(object)

    def __init__(self, desk: Desk, window: QWidget, patient: str) -> None:
        self._line = FromEdit()
        self._line.setTextMargins(0, 0, theme.now.px(18), 0)
        super().__init__("From", edit=self._line, example=f"Payer, guarantor or {patient.lower()}")
        self._desk = desk
        self._source: Source | None = None
        self._found: tuple[Source, ...] = ()
        self._ticket = 0
        self._asked = False
        self._taking = False
        self.popup = Popover(window, WIDTH)
        self.list = HitList()
        self.popup.body.addWidget(self.list)
        self.list.taken.connect(self._take)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._line.textEdited.connect(self._on_typed)
        self._line.marked.connect(self._on_marked)
        self._line.entered.connect(self.take)
        self._line.escaped.connect(self._show_source)

    def value(self) -> Source | None:
        """Who paid; None while nobody is chosen."""
        return self._source

    def set_value(self, source: Source | None) -> None:
        """Show another one, without telling."""
        self._source = source
        self._ticket += 1
        self._taking = False
        self._show_source()

    def busy(self) -> bool:
        """Whether Enter waits for what is found."""
        return self._taking

    def fault(self) -> str:
        if self._taking:
            return ""
        if self._line.isModified() and self._line.text().strip():
            return f"Nobody is called “{self._line.text().strip()}”." if self._asked else ""
        return "" if self._source is not None else "Who paid is missing."

    def take(self) -> None:
        """Take the marked one; where the answer is still coming, the first of it."""
        if not self._line.isModified():
            return
        if not self._line.text().strip():
            self._show_source()
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
        self._desk.ask(self, partial(_find, typed), partial(self._keep, ticket))

    def _keep(self, ticket: int, found: tuple[Source, ...]) -> None:
        if ticket != self._ticket:
            return
        self._found, self._asked = found, True
        lines = [
            Line(one.name, one.detail, _ICONS[one.kind], lambda _beside: None) for one in found
        ]
        self.list.show_lines(lines, "Nobody is called so.")
        if self._taking:
            self._taking = False
            if found:
                self._take(0)
            else:
                self.popup.close_up()
                self.check()
        elif self._line.hasFocus():
            self.popup.open_under(self._line)

    def _take(self, at: int) -> None:
        if not 0 <= at < len(self._found):
            return
        self._source = self._found[at]
        self._show_source()
        self.show_fault("")
        self.chosen.emit(self._source)
        self._edited()

    def _show_source(self) -> None:
        self.popup.close_up()
        source = self._source
        code = f" ({source.detail})" if source and source.kind == "payer" and source.detail else ""
        self._line.setText("" if source is None else f"{source.name}{code}")
        self._line.setModified(False)
        self._line.setCursorPosition(0)
        if self._line.hasFocus():
            self._line.selectAll()
        self._found, self._asked = (), False

    def _on_left(self) -> None:
        self.popup.close_up()
        if self._line.isModified() and not self._taking:
            self.take()
        super()._on_left()


def _find(typed: str, work: Work) -> tuple[Source, ...]:
    return find_sources(work, typed)
