"""Paints the matrix: amounts tinted by their age, balances, the bar of what is late, headings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem

from fscdesk.services.reports.aging_sums import By
from fscdesk.ui import icons, theme
from fscdesk.ui.charts.cell_bar import WIDE, paint_cell_bar
from fscdesk.ui.painting import box
from fscdesk.ui.screens.aging.cells import BALANCE, CREDITS, FIRST, LATE, NAME, Index
from fscdesk.ui.tables.delegates import FIRST_PAD, LAST_PAD, PAD
from fscdesk.ui.tables.marks import elide, hairline

if TYPE_CHECKING:
    from fscdesk.ui.screens.aging.matrix import Grid

TINTS = ("accent_tint", "blue.bg", "amber.bg", "orange.bg", "red.bg")
"""Tints by age: what is younger is quieter."""
LATE_SHARE = 20
"""Above so many percent the bar of what is late turns orange."""
_ARROW = 12
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def inset(rect: QRect) -> QRect:
    """Return the tinted part of a cell: tints stand apart from each other."""
    return rect.adjusted(3, 2, -3, -3)


class AgingDelegate(QStyledItemDelegate):
    """Paints the cells of a ``Grid``."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cells, now = self._grid.cells, theme.now
        place, column, rect = index.row(), index.column(), option.rect
        amount = cells.amount(place, column)
        self._ground(painter, rect, place)
        if FIRST <= column < CREDITS and amount and not cells.totals:
            box(painter, inset(rect), 3, _tint(column - FIRST))
        inner = rect.adjusted(
            FIRST_PAD if column == NAME else PAD + 4,
            0,
            -LAST_PAD if column == LATE else -PAD - 4,
            0,
        )
        if column == NAME:
            self._name(painter, inner, place)
        elif column == LATE:
            self._late(painter, inner, place)
        else:
            strong = column == BALANCE or cells.totals
            words = cells.words(place, column)
            painter.setFont(now.font("body", weight=600 if strong else 400))
            painter.setPen(_ink(amount.cents if amount else 0, strong=strong))
            painter.drawText(inner, _RIGHT, elide(words, inner.width(), "body", 600))
        self._ring(painter, rect, index)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, theme.now.size.totals_row)

    def _ground(self, painter: QPainter, rect: QRect, place: int) -> None:
        grid, now = self._grid, theme.now
        if grid.cells.totals:
            painter.fillRect(rect, now.sunken)
            painter.fillRect(rect.x(), rect.y(), rect.width(), 1, now.border_strong)
            return
        if place == grid.hovered:
            painter.fillRect(rect, now.hover)
        if self._begins_group(place):
            painter.fillRect(rect.x(), rect.y(), rect.width(), 1, now.border_strong)
        hairline(painter, rect.x(), rect.bottom(), rect.width())

    def _begins_group(self, place: int) -> bool:
        """Payers end, and clients begin."""
        aging = self._grid.cells.aging
        by_payer = aging is not None and aging.by is By.PAYER
        return by_payer and place > 0 and self._grid.cells.rows[place].key is None

    def _name(self, painter: QPainter, inner: QRect, place: int) -> None:
        cells, now = self._grid.cells, theme.now
        row, weight = cells.rows[place], 600 if cells.totals else 500
        shown = elide(row.name, inner.width(), "body", weight)
        painter.setFont(now.font("body", weight=weight))
        painter.setPen(now.text)
        painter.drawText(inner, _LEFT, shown)
        aging = cells.aging
        if not row.second or aging is None or aging.by is By.PAYER:
            return
        used = now.metrics("body", weight=weight).horizontalAdvance(shown) + 8
        rest = inner.adjusted(used, 0, 0, 0)
        if rest.width() > now.px(24):
            painter.setFont(now.font("small"))
            painter.setPen(now.text3)
            painter.drawText(rest, _LEFT, elide(row.second, rest.width(), "small"))

    def _late(self, painter: QPainter, inner: QRect, place: int) -> None:
        cells, now = self._grid.cells, theme.now
        percent = cells.rows[place].late_percent
        painter.setFont(now.font("small"))
        painter.setPen(now.text2 if percent else now.text3)
        painter.drawText(inner, _RIGHT, cells.words(place, LATE))
        words = now.px(44)
        bar = QRect(inner.x(), inner.y(), min(now.px(WIDE), inner.width() - words), inner.height())
        if percent is not None and bar.width() >= now.px(24) and not cells.totals:
            bar.moveRight(inner.right() - words)
            tone = "orange" if percent >= LATE_SHARE else "slate"
            paint_cell_bar(painter, bar, percent / 100, tone)

    def _ring(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Ring the cell under the keys; the one that is open below keeps a ring without them."""
        grid = self._grid
        here = index.row() == grid.currentIndex().row()
        current = here and index.column() == grid.currentIndex().column() and grid.hasFocus()
        opened = grid.opened_cell == grid.cells.cell(index.row(), index.column())
        if opened and index.column() in (NAME, LATE):
            opened = False  # a whole row is marked at its balance
        if current or opened:
            shade = theme.now.focus if current or not grid.hasFocus() else theme.now.border_input
            box(painter, inset(rect), 4, None, shade, width=2)


class AgingHeader(QHeaderView):
    """Headings over amounts stand right; a click orders by a column."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(Qt.Orientation.Horizontal, grid)
        self._grid = grid
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(24)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setAccessibleName("Columns")

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme.now.size.header_row)

    def paintEvent(self, event: Any) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.now.sunken)
        hairline(painter, 0, 0, self.width())
        hairline(painter, 0, self.height() - 1, self.width())
        painter.end()
        super().paintEvent(event)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        now, cells = theme.now, self._grid.cells
        painter.fillRect(rect, now.sunken)
        hairline(painter, rect.x(), rect.y(), rect.width())
        hairline(painter, rect.x(), rect.bottom(), rect.width())
        chosen = section == cells.sorted_by and (section != NAME or cells.descending)
        weight = 600 if chosen or section == BALANCE else 500
        left = FIRST_PAD if section == NAME else PAD + 4
        right = LAST_PAD if section == LATE else PAD + 4
        inner = rect.adjusted(left, 0, -right, 0)
        arrow = _ARROW + 4 if chosen else 0
        words = elide(cells.titles()[section], inner.width() - arrow, "caption", weight)
        wide = now.metrics("caption", weight=weight).horizontalAdvance(words)
        x = inner.x() if section == NAME else inner.right() - wide - arrow + 1
        painter.setFont(now.font("caption", weight=weight))
        painter.setPen(now.text if chosen or section == BALANCE else now.text3)
        painter.drawText(QRect(x, inner.y(), wide + 2, inner.height()), _LEFT, words)
        if chosen:
            name = "arrow-down" if cells.descending else "arrow-up"
            top = inner.y() + (inner.height() - _ARROW) // 2
            icons.paint(painter, name, "text", x + wide + 4, top, _ARROW)


def _tint(bucket: int) -> QColor:
    return theme.now.colour(TINTS[bucket])


def _ink(cents: int, *, strong: bool) -> QColor:
    now = theme.now
    if cents < 0:
        return now.negative
    return now.text if cents or strong else now.text3
