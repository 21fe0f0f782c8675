"""The one cell of the entry grid that is being typed in."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from fscdesk.ui.forms.found_field import leaves_undo

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PLAIN = Qt.KeyboardModifier.KeypadModifier
LONGEST = 40


class CellEdit(QLineEdit):
    """A number cell. Enter accepts (never a held-down one), the arrows go to other rows.

    Delete on a cell whose whole text is marked takes its answer back. Letters and signs are
    read by whoever listens.
    """

    entered = Signal()
    stepped = Signal(int)
    emptied = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "cell")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setMaxLength(LONGEST)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._before = ""

    def stand(self, text: str, placeholder: str) -> None:
        """Show what stands in the cell, marked, so that typing replaces it."""
        self._before = text
        self.setText(text)
        self.setPlaceholderText(placeholder)
        self.selectAll()

    @property
    def touched(self) -> bool:
        """Whether something else stands here than the cell came with."""
        return self.text().strip() != self._before

    def show_fault(self, *, faulty: bool) -> None:
        """Mark the cell as not understood."""
        if bool(self.property("faulty")) != faulty:
            self.setProperty("faulty", faulty)
            self.style().unpolish(self)
            self.style().polish(self)

    def event(self, event: QEvent) -> bool:
        return leaves_undo(self, event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = Qt.Key(event.key()), not event.modifiers() & ~_PLAIN
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if plain and key in _ENTER:
            if not event.isAutoRepeat():
                self.entered.emit()
        elif plain and key in steps:
            self.stepped.emit(steps[key])
        elif plain and key == Qt.Key.Key_Delete and self.selectedText() == self.text():
            self.emptied.emit()
        elif plain and key == Qt.Key.Key_Escape and self.touched:
            self.stand(self._before, self.placeholderText())
            self.textEdited.emit(self._before)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        ):
            self.left.emit()
