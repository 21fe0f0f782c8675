"""The words over the two sides of the list: what the bank says, and what our books say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fscdesk.ui import theme
from fscdesk.ui.tables.delegates import FIRST_PAD, LAST_PAD, PAD
from fscdesk.ui.tables.view import ListView

BAR = 2
"""How strong the line under the words is."""


class SideHeads(QWidget):
    """Asks the headings where their columns are, and paints a line over each side."""

    def __init__(
        self, view: ListView[Any], sides: Sequence[tuple[str, tuple[str, ...], str]]
    ) -> None:
        super().__init__()
        self._view, self._sides = view, tuple(sides)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(", ".join(words for words, _keys, _colour in sides))
        header = view.heading
        header.sectionResized.connect(self.update)
        header.sectionMoved.connect(self.update)
        header.sectionCountChanged.connect(self.update)
        view.horizontalScrollBar().valueChanged.connect(self.update)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(200, theme.now.px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        painter.setFont(now.font("small", weight=600))
        for words, keys, colour in self._sides:
            rect = self._span(keys)
            if rect is None:
                continue
            ink = now.colour(colour)
            painter.setPen(ink)
            painter.drawText(
                rect.adjusted(0, 0, 0, -BAR - 4),
                int(Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextSingleLine),
                words,
            )
            painter.fillRect(QRect(rect.x(), self.height() - BAR, rect.width(), BAR), ink)

    def _span(self, keys: Sequence[str]) -> QRect | None:
        """Return the room over the columns of a side that are seen, None for none."""
        view, model = self._view, self._view.paged
        sections = [model.section_of(key) for key in keys]
        seen = [one for one in sections if not view.isColumnHidden(one)]
        if not seen:
            return None
        first, last = view.edges
        left = min(
            view.columnViewportPosition(one) + (FIRST_PAD if one == first else PAD) for one in seen
        )
        right = max(
            view.columnViewportPosition(one)
            + view.columnWidth(one)
            - (LAST_PAD if one == last else PAD)
            for one in seen
        )
        return QRect(left, 0, right - left, self.height())
