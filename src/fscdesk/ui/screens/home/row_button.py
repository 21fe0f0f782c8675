"""One line of a card: icon, words, what stands at the right; a button where it opens something."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from fscdesk.ui import icons, theme
from fscdesk.ui.painting import box, hairline
from fscdesk.ui.tables.marks import elide
from fscdesk.ui.text import plain_tip

HIGH = 34


@dataclass(frozen=True, slots=True)
class RowWords:
    """What a line says: ``tone`` colours its icon, and the words at the right where they warn."""

    icon: str
    words: str
    right: str
    tone: str = ""
    warns: bool = False
    tip: str = ""


class RowButton(QAbstractButton):
    """A line that can be pressed. Up and Down move between the lines of a card."""

    def __init__(self, said: RowWords, *, opens: bool, last: bool = False) -> None:
        super().__init__()
        self.said, self._opens, self._last = said, opens, last
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if opens else Qt.FocusPolicy.NoFocus)
        self.setEnabled(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{said.words}, {said.right}")
        self.setToolTip(plain_tip(said.tip or said.words))
        if opens:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(120, theme.now.px(HIGH))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.now.px(80), theme.now.px(HIGH))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(key == Qt.Key.Key_Down)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter, said = theme.now, QPainter(self), self.said
        if self._opens and self.underMouse():
            box(painter, self.rect().adjusted(-4, 1, 4, -2), now.radius_control, now.hover)
        if not self._last:
            hairline(painter, 0, self.height() - 1, self.width())
        tone = now.tone(said.tone).fg if said.tone else now.text2
        side = now.size.icon_small
        icons.paint(painter, said.icon, tone, 0, (self.height() - side) / 2, side)
        weight = 600 if said.warns else 400
        painter.setFont(now.font("small", weight=weight))
        painter.setPen(tone if said.warns else now.text2)
        right = now.metrics("small", weight=weight).horizontalAdvance(said.right)
        flags = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), flags | Qt.AlignmentFlag.AlignRight, said.right)
        left = side + 8
        room = self.width() - left - right - 12
        painter.setFont(now.font("body"))
        painter.setPen(now.text)
        painter.drawText(self.rect().adjusted(left, 0, 0, 0), flags, elide(said.words, room))
