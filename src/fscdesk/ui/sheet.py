"""The sheet: the rounded paper that every screen lies on, with the message bar at its foot."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from fscdesk.ui import theme
from fscdesk.ui.message_bar import MessageBar
from fscdesk.ui.painting import box


class Sheet(QWidget):
    """Screens in a stack. Children must not paint its corners."""

    def __init__(self, bar: MessageBar) -> None:
        super().__init__()
        self.setProperty("sheet", True)  # parts that lie on its corners leave them out
        self.stack = QStackedWidget()
        self.bar = bar
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.stack, 1)
        column.addWidget(bar)

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.now
        box(QPainter(self), self.rect(), now.radius_sheet, now.surface, now.border)
