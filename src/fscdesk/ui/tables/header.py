"""The headings of a list: aligned with their columns, an arrow at the sorted one, a tick box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QToolTip

from fscdesk.ui import icons, theme
from fscdesk.ui.tables.delegates import FIRST_PAD, LAST_PAD, PAD
from fscdesk.ui.tables.marks import Tick, elide, hairline, paint_tick

if TYPE_CHECKING:
    from fscdesk.ui.tables.view import ListView

_ARROW = 12


class ListHeader(QHeaderView):
    """Paints headings itself, because a style sheet cannot align a section by its column."""

    tick_clicked = Signal()
    sort_clicked = Signal(int)

    def __init__(self, view: ListView[Any]) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._view = view
        self.tick_state = Tick.OFF
        self.setSectionsMovable(True)
        self.setFirstSectionMovable(False)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(40)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName("Columns")
        self.setMouseTracking(True)
        self.sectionClicked.connect(self._on_clicked)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme.now.size.header_row)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.viewport().update()

    def paintEvent(self, event: Any) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.now.sunken)
        hairline(painter, 0, self.height() - 1, self.width())
        hairline(painter, 0, 0, self.width())
        painter.end()
        super().paintEvent(event)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        now, model = theme.now, self._view.paged
        if not rect.isValid():
            return
        painter.fillRect(rect, now.sunken)
        hairline(painter, rect.x(), rect.bottom(), rect.width())
        hairline(painter, rect.x(), rect.y(), rect.width())
        column = model.column_at(section)
        if column is None:
            middle = rect.y() + rect.height() // 2
            paint_tick(painter, rect.x() + self._view.inset, middle, self.tick_state)
            return
        sorted_ = column.key == model.sort_key and column.sortable
        first, last = self._view.edges
        left = FIRST_PAD if section == first else PAD
        right = LAST_PAD if section == last else PAD
        inner = rect.adjusted(left, 0, -right, 0)
        arrow = _ARROW + 4 if sorted_ else 0
        weight = 600 if sorted_ else 500
        words = elide(column.title, max(0, inner.width() - arrow), "caption", weight)
        wide = now.metrics("caption", weight=weight).horizontalAdvance(words)
        x = inner.right() - wide - arrow + 1 if column.stands_right else inner.x()
        painter.setFont(now.font("caption", weight=weight))
        painter.setPen(now.text if sorted_ else now.text3)
        painter.drawText(
            QRect(x, inner.y(), wide + 2, inner.height()), Qt.AlignmentFlag.AlignVCenter, words
        )
        if sorted_:
            name = "arrow-down" if model.descending else "arrow-up"
            top = inner.y() + (inner.height() - _ARROW) // 2
            icons.paint(painter, name, "text", x + wide + 4, top, _ARROW)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._tip(event.pos()), self)
            return True
        return super().event(event)

    def _tip(self, at: QPoint) -> str:
        section = self.logicalIndexAt(at)
        if section < 0:
            return ""
        column = self._view.paged.column_at(section)
        if column is None:
            return "Tick what is loaded (Ctrl+A)"
        return column.title if column.sortable else f"{column.title}: not sortable"

    def _on_clicked(self, section: int) -> None:
        if self._view.paged.column_at(section) is None:
            self.tick_clicked.emit()
        else:
            self.sort_clicked.emit(section)
