"""The claim box of a payer's check, and the search over other clients of a guarantor's."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit

from fscdesk.ui import icons, theme
from fscdesk.ui.forms.found_field import leaves_undo

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FindBox(QLineEdit):
    """Letters find, Enter takes; a held-down Enter takes nothing. Down goes into the rows."""

    entered = Signal()
    down = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "search")
        self.setAccessibleName("Find a claim")
        self.setMaxLength(60)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()

    def event(self, event: QEvent) -> bool:
        return leaves_undo(self, event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and key in _ENTER:
            if not event.isAutoRepeat():
                self.entered.emit()
        elif plain and key == Qt.Key.Key_Down:
            self.down.emit()
        elif plain and key == Qt.Key.Key_Escape and self.text():
            self.clear()
            self.textEdited.emit("")
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = theme.now.size.icon
        y = (self.height() - side) / 2
        icons.paint(QPainter(self), "search", "text2", theme.now.px(10), y, side)
