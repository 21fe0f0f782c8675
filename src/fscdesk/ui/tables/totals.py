"""The totals under a list: sums of everything that matches, in line with their columns."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fscdesk.ui import theme
from fscdesk.ui.tables.delegates import FIRST_PAD, LAST_PAD, PAD
from fscdesk.ui.tables.marks import elide
from fscdesk.ui.tables.view import ListView
from fscdesk.ui.text import money_text

SHEET = "sheet"
"""The property that the sheet is known by, to what lies on it."""
_V = Qt.AlignmentFlag.AlignVCenter


def on_corners(part: QWidget) -> tuple[bool, bool]:
    """Return whether a part lies on the sheet's lower left and lower right corner.

    Whoever paints a ground there must leave the round corner out (style/ui.md 11).
    """
    sheet = part.parentWidget()
    while sheet is not None and not sheet.property(SHEET):
        sheet = sheet.parentWidget()
    if sheet is None:
        return False, False
    place = part.rect().translated(part.mapTo(sheet, part.rect().topLeft()))
    inner = sheet.rect().adjusted(1, 1, -1, -1)  # within the hairline
    if place.bottom() < inner.bottom():
        return False, False
    return place.left() <= inner.left(), place.right() >= inner.right()


class TotalsBar(QWidget):
    """Asks the header where the columns are; the database made the sums."""

    def __init__(self, view: ListView[Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        header = view.heading
        header.sectionResized.connect(self.update)
        header.sectionMoved.connect(self.update)
        header.sectionCountChanged.connect(self.update)
        view.horizontalScrollBar().valueChanged.connect(self.update)
        view.paged.answered.connect(self._name)
        theme.changed.connect(self.updateGeometry)
        self._name()

    def say(self, words: str) -> None:
        """Show words at the left: how many rows, and sums that have no column."""
        self._words = words
        self._name()

    def words(self) -> str:
        """Return what stands at the left."""
        return self._words

    def sizeHint(self) -> QSize:
        return QSize(200, theme.now.size.totals_row)

    def cell(self, key: str) -> QRect:
        """Return where the sum of a column is painted: in line with its cells."""
        view = self._view
        section = view.paged.section_of(key)
        first, last = view.edges
        left = FIRST_PAD if section == first else PAD
        right = LAST_PAD if section == last else PAD
        x, wide = view.columnViewportPosition(section), view.columnWidth(section)
        return QRect(x + left, 1, wide - left - right, self.height() - 1)

    def shown(self) -> dict[str, str]:
        """Return the sums on view by column key."""
        model = self._view.paged
        return {
            column.key: money_text(model.totals[column.key], zero_dash=False)
            for column in model.columns
            if column.key in model.totals
            and not self._view.isColumnHidden(model.section_of(column.key))
        }

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        model = self._view.paged
        self._ground(painter)
        painter.fillRect(0, 0, self.width(), 1, now.border)
        leftmost = self.width() - LAST_PAD
        painter.setFont(now.font("strong"))
        for key, words in self.shown().items():
            cell = self.cell(key)
            unusual = model.totals[key].cents < 0 and not self._column(key).plain_negative
            painter.setPen(now.negative if unusual else now.text)
            wide = QFontMetrics(painter.font()).horizontalAdvance(words)
            cell.setLeft(min(cell.left(), cell.right() - wide))
            painter.drawText(cell, Qt.AlignmentFlag.AlignRight | _V, words)
            leftmost = min(leftmost, cell.right() - wide)
        painter.setFont(now.font("small", weight=500))
        painter.setPen(now.text2)
        left = self._left()
        room = max(0, leftmost - left - PAD)
        words = elide(self._words, room, "small", 500)
        painter.drawText(QRect(left, 1, room + 2, self.height() - 1), _V, words)

    def _ground(self, painter: QPainter) -> None:
        now = theme.now
        left, right = on_corners(self)
        if not (left or right):
            painter.fillRect(self.rect(), now.sunken)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.sunken)
        radius = now.radius_sheet - 1
        beyond = self.rect().adjusted(0 if left else -radius, -radius, 0 if right else radius, 0)
        painter.drawRoundedRect(beyond, radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _left(self) -> int:
        """The words stand in line with the first column's."""
        view = self._view
        if not view.paged.ticking:
            return FIRST_PAD
        return view.columnWidth(0) + PAD

    def _column(self, key: str) -> Any:
        return next(column for column in self._view.paged.columns if column.key == key)

    def _name(self) -> None:
        sums = ", ".join(
            f"{self._column(key).title.lower()} {words}" for key, words in self.shown().items()
        )
        self.setAccessibleName("Totals")
        self.setAccessibleDescription(", ".join(part for part in (self._words, sums) if part))
        self.update()
