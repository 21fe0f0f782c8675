"""Buttons that come and go, in as many rows as their words need."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

GAP = 8


class WrappedActs(QWidget):
    """Puts a button that lacks room on the next row, rather than cutting its words.

    Call ``arrange`` when buttons were shown, hidden or renamed. Tab goes in the order given.
    """

    def __init__(self, buttons: Sequence[QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons = tuple(buttons)
        for button in self._buttons:
            hidden = button.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
            button.setParent(self)
            button.setVisible(not hidden)  # as a layout does: only who was hidden stays so
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def arrange(self) -> None:
        """Place what is shown, and take the height that it needs."""
        x, y, high = 0, 0, 0
        for button in self._buttons:
            if button.isHidden():
                continue
            button.ensurePolished()
            wanted = button.sizeHint().expandedTo(button.minimumSize())
            if x and x + wanted.width() > self.width():
                x, y, high = 0, y + high + GAP, 0
            high = max(high, wanted.height())
            button.setGeometry(x, y, min(wanted.width(), max(1, self.width())), wanted.height())
            x += wanted.width() + GAP
        self.setFixedHeight(y + high)

    def sizeHint(self) -> QSize:
        return QSize(100, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.arrange()
