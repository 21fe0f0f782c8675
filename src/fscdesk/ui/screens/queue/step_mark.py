"""The round mark before a step: its number, or a tick where it is done."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from fscdesk.ui import icons, theme

_SIDE = 22


class StepMark(QWidget):
    """Paints itself; the words beside it say the same."""

    def __init__(self, number: int, *, done: bool) -> None:
        super().__init__()
        self._number, self._done = number, done
        self.setAccessibleName("Done" if done else f"Step {number}")

    def sizeHint(self) -> QSize:
        return QSize(theme.now.px(_SIDE), theme.now.px(_SIDE))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        side = now.px(_SIDE) - 2
        circle = QRect(1, 1, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._done:
            tone = now.tone("green")
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tone.bg)
            painter.drawEllipse(circle)
            small = now.size.icon_small
            icons.paint(
                painter, "check", tone.fg, (side - small) / 2 + 1, (side - small) / 2 + 1, small
            )
            return
        painter.setPen(QPen(now.border_input, 1.25))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(circle)
        painter.setPen(now.text2)
        painter.setFont(now.font("small", weight=500))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self._number))
