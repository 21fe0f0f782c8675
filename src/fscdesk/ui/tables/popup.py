"""The box under a chip or a button: controls in a column; closing gives the focus back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

from fscdesk.ui.popover import Popover


class Popup(Popover):
    """A popover that takes the focus. Esc, or Enter where no button has it, closes it."""

    def __init__(self, name: str, owner: QWidget, *, width: int = 260) -> None:
        super().__init__(owner.window(), width)
        self.setAccessibleName(name)
        self.body.setSpacing(4)
        self._back_to: QWidget | None = None
        self._closing = False
        self.closed.connect(self._on_closed)
        owner.destroyed.connect(self.deleteLater)

    def open_under(self, anchor: QWidget, *, right: bool = False) -> None:
        self._back_to = anchor
        self._closing = False
        super().open_under(anchor, right=right)

    def close_up(self) -> None:
        self._closing = True  # hiding moves the focus on, which is no reason to keep it there
        super().close_up()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not isinstance(self.focusWidget(), QAbstractButton | QLineEdit):
            self.close_up()
        else:
            event.accept()  # keys of the list below are not for what stands in front of it

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close when the focus goes elsewhere by Tab, as a menu does."""
        leaving = event.type() == QEvent.Type.FocusIn and not self._closing
        if leaving and isinstance(watched, QWidget):
            inside = watched is self or self.isAncestorOf(watched)
            if not inside and watched is not self._back_to and watched.window() is self.window():
                self._back_to = None
                self.close_up()
                return False
        return super().eventFilter(watched, event)

    def _on_closed(self) -> None:
        if self._back_to is not None:
            self._back_to.setFocus(Qt.FocusReason.PopupFocusReason)
