"""The segmented control: one of a few, all on view."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fscdesk.ui import theme
from fscdesk.ui.painting import box

PAD = 12


class Segmented(QWidget):
    """A choice of a few words; Left and Right move it. `name` says what is chosen here."""

    chosen = Signal(str)

    def __init__(
        self,
        name: str,
        options: Sequence[tuple[str, str]],
        value: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._options = tuple(options)
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_value(value or self._options[0][0])

    def value(self) -> str:
        """The key that is chosen."""
        return self._options[self._at][0]

    def set_value(self, key: str) -> None:
        """Choose without telling. Raises ValueError for a key that is not offered."""
        self._at = [one for one, _word in self._options].index(key)
        self.setAccessibleName(f"{self._name}: {self._options[self._at][1]}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths()) + 4, theme.now.size.control_small)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if not step:
            super().keyPressEvent(event)
            return
        self._choose(max(0, min(len(self._options) - 1, self._at + step)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for at, rect in enumerate(self._rects()):
            if rect.contains(event.position().toPoint()):
                self._choose(at)

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.now
        painter = QPainter(self)
        box(painter, self.rect(), now.radius_control, now.hover, now.border)
        for at, rect in enumerate(self._rects()):
            here = at == self._at
            if here:
                box(painter, rect, now.radius_badge, now.raised, now.border_strong)
            painter.setFont(now.font("small", weight=500))
            painter.setPen(now.text if here else now.text2)
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._options[at][1])

    def _choose(self, at: int) -> None:
        if at != self._at:
            self.set_value(self._options[at][0])
            self.chosen.emit(self.value())

    def _widths(self) -> list[int]:
        metrics = theme.now.metrics("small", weight=500)
        return [metrics.horizontalAdvance(word) + 2 * PAD for _key, word in self._options]

    def _rects(self) -> list[QRect]:
        made: list[QRect] = []
        x = 2
        for width in self._widths():
            made.append(QRect(x, 2, width, self.height() - 4))
            x += width
        return made
