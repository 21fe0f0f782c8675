"""One thing of a kind of work, as a line that opens it: Enter or a click, Up and Down move."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from fscdesk.services.queue.items import Line
from fscdesk.ui import theme
from fscdesk.ui.painting import box
from fscdesk.ui.tables.marks import elide
from fscdesk.ui.text import money_text, plain_tip

_GAP = 12


class LineButton(QAbstractButton):
    """Words and amount, the fact below; painted as the lines that open nothing are set."""

    def __init__(self, line: Line, opens: Callable[[], object]) -> None:
        super().__init__()
        self.line = line
        self._amount = money_text(line.amount)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        said = ", ".join(part for part in (line.words, line.fact, self._amount) if part)
        self.setAccessibleName(f"Open {said}")
        self.setToolTip(plain_tip("\n".join(part for part in (line.words, line.fact) if part)))
        self.clicked.connect(lambda _on=False: opens())

    def sizeHint(self) -> QSize:
        now = theme.now
        return QSize(now.px(120), now.line("body") + now.line("small") + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.now.px(80), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(key == Qt.Key.Key_Down)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        if self.underMouse() or self.isDown():
            box(painter, self.rect().adjusted(-4, 0, 4, 0), now.radius_control, now.hover)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        inner = self.rect().adjusted(0, 4, 0, -4)
        first = QRect(inner.x(), inner.y(), inner.width(), now.line("body"))
        second = QRect(inner.x(), first.bottom() + 1, inner.width(), now.line("small"))
        right = now.metrics("body").horizontalAdvance(self._amount) + _GAP if self._amount else 0
        painter.setFont(now.font("body"))
        painter.setPen(now.accent_text)
        words = elide(self.line.words, first.width() - right, "body")
        painter.drawText(first, int(flags), words)
        painter.setPen(now.text)
        painter.drawText(first, int(flags | Qt.AlignmentFlag.AlignRight), self._amount)
        painter.setFont(now.font("small"))
        painter.setPen(now.text3)
        painter.drawText(second, int(flags), elide(self.line.fact, second.width(), "small"))
