"""The badge: icon and word on a tint, in a list and on its own."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fscdesk.ui import icons, theme
from fscdesk.ui.painting import box
from fscdesk.ui.theme import Status

PAD, GAP = 7, 5


def badge_width(status: Status) -> int:
    """How wide a badge is."""
    now = theme.now
    words = now.metrics("small", weight=500).horizontalAdvance(status.word)
    return PAD + now.size.icon_small + GAP + words + PAD


def paint_badge(
    painter: QPainter, x: int, y: int, status: Status, *, outlined: bool = False
) -> int:
    """Draw a badge with its left upper corner at x, y; `outlined` in a selected row.

    Returns its width.
    """
    now = theme.now
    tone = now.tone(status.tone)
    width, height, side = badge_width(status), now.size.badge, now.size.icon_small
    rect = QRect(x, y, width, height)
    box(painter, rect, now.radius_badge, tone.bg, tone.solid if outlined else None)
    icons.paint(painter, status.icon, tone.fg, x + PAD, y + (height - side) / 2, side)
    painter.setFont(now.font("small", weight=500))
    painter.setPen(tone.fg)
    words = rect.adjusted(PAD + side + GAP, 0, 0, 0)
    painter.drawText(
        words, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), status.word
    )
    return width


class Badge(QWidget):
    """A badge as a widget; its word is its accessible name."""

    def __init__(self, status: Status, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_status(status)

    def set_status(self, status: Status) -> None:
        """Show another status."""
        self._status = status
        self.setAccessibleName(status.word)
        self.updateGeometry()
        self.update()

    def status(self) -> Status:
        """What it shows."""
        return self._status

    def sizeHint(self) -> QSize:
        return QSize(badge_width(self._status), theme.now.size.badge)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_badge(painter, 0, 0, self._status)
