"""A share as a small bar in a cell, with its words beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from fscdesk.ui import theme
from fscdesk.ui.charts.chart import Chart, Figures, Mark
from fscdesk.ui.painting import box
from fscdesk.ui.text import percent_text

BAR, WIDE, WORDS = 4, 58, 40


def paint_cell_bar(painter: QPainter, rect: QRect, share: float, tone: str = "slate") -> None:
    """Draw a bar of ``share`` (0 to 1) in the middle of ``rect``; it is never less than a dot."""
    now = theme.now
    top = rect.y() + (rect.height() - BAR) // 2
    box(painter, QRect(rect.x(), top, rect.width(), BAR), BAR / 2, now.border)
    filled = max(BAR, round(rect.width() * max(0.0, min(1.0, share))))
    box(painter, QRect(rect.x(), top, filled, BAR), BAR / 2, now.tone(tone).solid)


class CellBar(Chart):
    """The bar as a widget: ``Over 60: 13 %``. Above ``limit`` it turns orange."""

    def __init__(
        self,
        name: str,
        share: float = 0.0,
        limit: float = 0.2,
        key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, parent)
        self._share, self._limit, self._key = share, limit, key
        self.renew()

    def show_share(self, share: float) -> None:
        """Show another share of one."""
        self._share = share
        self.renew()

    def marks(self) -> Sequence[Mark]:
        return [Mark(self._key, f"{self.name}: {self._words()}", self.rect())]

    def figures(self) -> Figures:
        return Figures(("What", "Share"), ((self.name, self._words()),))

    def sizeHint(self) -> QSize:
        return QSize(theme.now.px(WIDE + WORDS), theme.now.size.hit_min)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self), theme.now
        words = now.px(WORDS)
        bar = QRect(0, 0, self.width() - words, self.height())
        paint_cell_bar(
            painter, bar, self._share, "orange" if self._share > self._limit else "slate"
        )
        painter.setFont(now.font("small"))
        painter.setPen(now.text2)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), flags, self._words())
        self.paint_focus(painter)

    def _words(self) -> str:
        return percent_text(self._share, 0)
