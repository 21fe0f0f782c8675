"""The filter chip: what is asked and the answer, tinted and with a cross when it is set."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from fscdesk.ui import icons, theme
from fscdesk.ui.painting import box

PAD, GAP = 10, 6


class Chip(QAbstractButton):
    """Says `Status Any`: `clicked` to choose, `cleared` by the cross or Delete when it is set."""

    cleared = Signal()

    def __init__(self, word: str, value: str = "Any", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._word, self._value, self._set = word, value, False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._name()

    def show_value(self, value: str, *, is_set: bool) -> None:
        """Show what is chosen; a set chip is tinted and can be cleared."""
        self._value, self._set = value, is_set
        self._name()
        self.updateGeometry()
        self.update()

    def is_set(self) -> bool:
        """Whether it filters."""
        return self._set

    def sizeHint(self) -> QSize:
        now = theme.now
        word = now.metrics("small").horizontalAdvance(self._word)
        value = now.metrics("small", weight=500).horizontalAdvance(self._value)
        cross = GAP + now.size.icon_small if self._set else 0
        return QSize(PAD + word + GAP + value + cross + PAD, now.size.control_small)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._set and self._cross().contains(event.position().toPoint()):
            self.setDown(False)
            self.cleared.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._set and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.now
        painter = QPainter(self)
        fill = now.raised
        if self._set:
            fill = now.accent_tint
        elif self.underMouse() or self.isDown():
            fill = now.hover
        line = now.accent if self._set else now.border_strong
        box(painter, self.rect(), now.radius_control, fill, line)
        small = now.font("small")
        painter.setFont(small)
        painter.setPen(now.text2)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        painter.drawText(self.rect().adjusted(PAD, 0, 0, 0), flags, self._word)
        at = PAD + now.metrics("small").horizontalAdvance(self._word) + GAP
        painter.setFont(now.font("small", weight=500))
        painter.setPen(now.accent_text if self._set else now.text)
        painter.drawText(self.rect().adjusted(at, 0, 0, 0), flags, self._value)
        if self._set:
            side = now.size.icon_small
            top = (self.height() - side) / 2
            icons.paint(painter, "x", "accent_text", self.width() - PAD - side, top, side)

    def _cross(self) -> QRect:
        width = PAD + theme.now.size.icon_small + GAP // 2
        return QRect(self.width() - width, 0, width, self.height())

    def _name(self) -> None:
        self.setAccessibleName(f"{self._word}: {self._value}")


class AddChip(QAbstractButton):
    """The dashed chip at the end of the line: "+ Filter"."""

    def __init__(self, word: str = "Filter", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(word)
        self.setAccessibleName(f"Add: {word}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        now = theme.now
        words = now.metrics("small", weight=500).horizontalAdvance(self.text())
        return QSize(PAD + now.size.icon_small + GAP + words + PAD, now.size.control_small)

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.now
        painter = QPainter(self)
        fill = now.hover if self.underMouse() else None
        box(painter, self.rect(), now.radius_control, fill, now.border_strong, dashed=True)
        side = now.size.icon_small
        icons.paint(painter, "plus", "text2", PAD, (self.height() - side) / 2, side)
        painter.setFont(now.font("small", weight=500))
        painter.setPen(now.text2)
        painter.drawText(
            self.rect().adjusted(PAD + side + GAP, 0, 0, 0),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine),
            self.text(),
        )
