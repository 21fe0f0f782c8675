"""A popup inside the window: for search results and background activity.

It is a child of the window, not a window of its own: it never flickers, is covered by the lock,
and closes with Esc, a click elsewhere, or the focus going away.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from fscdesk.ui import theme
from fscdesk.ui.painting import box, shadow

ROOM = 32
"""Pixels around the box for its shadow."""


class Popover(QWidget):
    """A raised box over the window. Put content into `body`; open it under something."""

    closed = Signal()

    def __init__(self, window: QWidget, width: int) -> None:
        super().__init__(window)
        self._window = window
        self._width = width
        self._right = False
        self.takes_escape = True
        """False where the anchor has more to do on Esc than to close this."""
        self._anchor: QWidget | None = None
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(ROOM + 6, ROOM + 6, ROOM + 6, ROOM + 6)
        self.body.setSpacing(0)
        self.hide()

    def belong_to(self, window: QWidget) -> None:
        """Stand over another window from now on; one that it stands over already stays."""
        if self._window is not window:
            self._window = window
            self.setParent(window)

    def open_under(self, anchor: QWidget, *, right: bool = False) -> None:
        """Show the box under a widget, flush with its left edge or its right one."""
        self._anchor = anchor
        app = QApplication.instance()
        if app is not None and not self.isVisible():
            app.installEventFilter(self)
        self._right = right
        self.arrange()
        self.raise_()
        self.show()

    def arrange(self) -> None:
        """Take the height that the content needs, and stay inside the window."""
        if self._anchor is None:
            return
        width = theme.now.px(self._width) + 2 * ROOM
        self.body.activate()
        height = max(self.body.sizeHint().height(), self.body.minimumSize().height())
        window = self._window
        below = self._anchor.mapTo(window, QPoint(0, self._anchor.height() + 4))
        x = below.x() - ROOM
        if self._right:
            x = below.x() + self._anchor.width() - width + ROOM
        x = max(8 - ROOM, min(x, window.width() - width + ROOM - 8))
        room = window.height() - below.y() - 8 + 2 * ROOM
        over = self._anchor.mapTo(window, QPoint(0, -4)).y() - 8 + 2 * ROOM
        if height > room and over > room:  # at the foot of the window it opens upward
            height = min(height, over)
            self.setGeometry(QRect(x, over + 8 - ROOM - height, width, height))
            return
        self.setGeometry(QRect(x, below.y() - ROOM, width, min(height, room)))

    def close_up(self) -> None:
        """Hide the box."""
        if self.isVisible():
            self.hide()
            app = QApplication.instance()
            if app is not None:
                app.removeEventFilter(self)
            self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            at = event.globalPosition().toPoint()
            if not self._holds(self, at, ROOM) and not self._holds(self._anchor, at, 0):
                self.close_up()
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape and self.takes_escape:
                self.close_up()
                return True
        elif kind == QEvent.Type.Resize and watched is self._window:
            self.arrange()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        inner = self.rect().adjusted(ROOM, ROOM, -ROOM, -ROOM)
        shadow(painter, inner, theme.now.radius_card)
        box(painter, inner, theme.now.radius_card, theme.now.raised, theme.now.border_strong)

    def _holds(self, widget: QWidget | None, at: QPoint, margin: int) -> bool:
        if widget is None or not widget.isVisible():
            return False
        inner = widget.rect().adjusted(margin, margin, -margin, -margin)
        return inner.contains(widget.mapFromGlobal(at))
