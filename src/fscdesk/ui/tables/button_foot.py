"""The foot of a pane: buttons in rows, as many as one row holds."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

GAP = 8


class ButtonFoot(QWidget):
    """Puts a button that lacks room on the next row, rather than cutting its words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: tuple[QWidget, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_buttons(self, buttons: Sequence[QWidget]) -> None:
        """Show other buttons, the primary one first; the old ones are thrown away."""
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = tuple(buttons)
        for button in self._buttons:
            button.setParent(self)
            button.show()
        self._arrange()

    def buttons(self) -> tuple[QWidget, ...]:
        """Return what is shown, in order."""
        return self._buttons

    def sizeHint(self) -> QSize:
        return QSize(100, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def _arrange(self) -> None:
        x, y, high = 0, GAP, 0
        for button in self._buttons:
            button.ensurePolished()
            wanted = button.sizeHint().expandedTo(button.minimumSize())
            if x and x + wanted.width() > self.width():
                x, y, high = 0, y + high + GAP, 0
            high = max(high, wanted.height())
            middle = y + (high - wanted.height()) // 2
            wide = min(wanted.width(), max(1, self.width()))
            button.setGeometry(x, middle, wide, wanted.height())
            x += wanted.width() + GAP
        self.setFixedHeight(y + high + GAP // 2 if self._buttons else 0)
