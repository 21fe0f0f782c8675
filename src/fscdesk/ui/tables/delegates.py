"""Paints the cells of a list: row bands, tick boxes, badges, money, dates, two-line cells.

One delegate for the whole view: it asks the view which row is current, hovered or ticked, so a
band goes over all columns, and it reads the row dataclass itself instead of many Qt roles.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from fscdesk.ui import icons, theme
from fscdesk.ui.tables.columns import Column, Ink, Kind, Piece, status_of
from fscdesk.ui.tables.marks import (
    Tick,
    badge_width,
    elide,
    hairline,
    paint_badge,
    paint_tick,
)
from fscdesk.ui.text import plain_tip

if TYPE_CHECKING:
    from fscdesk.ui.tables.view import ListView

Index = QModelIndex | QPersistentModelIndex
PAD, FIRST_PAD, LAST_PAD = 8, 24, 16
"""Space beside a cell's content; the first column starts where title and chips start."""
BAR = 3
_V = Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | _V
_LEFT = Qt.AlignmentFlag.AlignLeft | _V
_BADGES = (Kind.BADGE, Kind.SEVERITY)


class CellDelegate(QStyledItemDelegate):
    """Paints every cell of a ``ListView``."""

    def __init__(self, view: ListView[Any]) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view, model = self._view, self._view.paged
        rect: QRect = option.rect
        place, section = index.row(), index.column()
        model.want(place)
        row = model.row_at(place)
        column = model.column_at(section)
        current = place == view.current_place
        ticked = row is not None and row.id in model.ticks
        self._band(painter, rect, section, place, current=current, ticked=ticked)
        if column is None:
            state = Tick.ON if ticked else Tick.OFF
            paint_tick(painter, rect.x() + view.inset, _middle(rect), state)
            return
        inner = self.inner(rect, section)
        if row is None:
            if model.skeleton:
                self.paint_unknown(painter, inner, column, place)
            return
        if column.kind in _BADGES:
            status = status_of(column.badge(row)) if column.badge else None
            if status is not None:
                paint_badge(painter, inner, status, outlined=current or ticked)
            return
        self._words(painter, inner, column, row)

    def inner(self, rect: QRect, section: int) -> QRect:
        """Return where a cell's content goes: without its padding and its hairline."""
        first, last = self._view.edges
        left = FIRST_PAD if section == first else PAD
        right = LAST_PAD if section == last else PAD
        return rect.adjusted(left, 0, -right, -1)

    def paint_unknown(
        self, painter: QPainter, inner: QRect, column: Column[Any], place: int
    ) -> None:
        """Draw the grey bar of a row that has not come; still, and of a believable width."""
        share = 0.45 + 0.4 * ((place * 7 + len(column.key) * 3) % 10) / 10
        width = max(16, int(inner.width() * share))
        x = inner.right() - width + 1 if column.stands_right else inner.x()
        painter.fillRect(x, _middle(inner) - 4, width, 8, theme.now.border)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return what double click on a heading's edge fits a column to."""
        model = self._view.paged
        row, column = model.row_at(index.row()), model.column_at(index.column())
        high = self._view.row_height
        if row is None or column is None:
            return QSize(0, high)
        first, last = self._view.edges
        pads = (FIRST_PAD if index.column() == first else PAD) + (
            LAST_PAD if index.column() == last else PAD
        )
        return QSize(content_width(column, row) + pads, high)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        if event.type() != QEvent.Type.ToolTip:
            return super().helpEvent(event, view, option, index)
        QToolTip.showText(event.globalPos(), self.tip(index), view)
        return True

    def tip(self, index: Index) -> str:
        """Return a cell's tooltip: its own, or the whole text where it is cut off."""
        model = self._view.paged
        row, column = model.row_at(index.row()), model.column_at(index.column())
        if row is None or column is None:
            return ""
        if column.tooltip is not None:
            return plain_tip(column.tooltip(row))
        wanted = self.sizeHint(QStyleOptionViewItem(), index).width()
        if wanted <= self._view.columnWidth(index.column()):
            return ""
        second = column.second(row) if column.second else ""
        return plain_tip("\n".join(part for part in (column.text(row), second) if part))

    def _band(
        self,
        painter: QPainter,
        rect: QRect,
        section: int,
        place: int,
        *,
        current: bool,
        ticked: bool,
    ) -> None:
        now, view = theme.now, self._view
        if current or ticked:
            painter.fillRect(rect, now.selected)
        elif place == view.hovered:
            painter.fillRect(rect, now.hover)
        hairline(painter, rect.x(), rect.bottom(), rect.width())
        if current and section == view.edges[0]:
            bar = now.accent if view.shows_focus else now.border_input
            painter.fillRect(rect.x(), rect.y(), BAR, rect.height() - 1, bar)

    def _words(self, painter: QPainter, inner: QRect, column: Column[Any], row: Any) -> None:
        now, weight = theme.now, _weight(column)
        if column.icon is not None and (name := column.icon(row)):
            side = now.size.icon_small
            icons.paint(painter, name, "text3", inner.x(), _middle(inner) - side // 2, side)
            inner = inner.adjusted(side + 6, 0, 0, 0)
        text = column.shown_text(row)
        second = column.second(row) if column.second is not None else ""
        if second and inner.height() >= now.px(38):
            half = now.line("body")
            top = inner.y() + (inner.height() - half - now.line("small")) // 2
            lower = QRect(inner.x(), top + half, inner.width(), now.line("small"))
            painter.setFont(now.font("small"))
            painter.setPen(now.text3)
            align = _RIGHT if column.stands_right else _LEFT
            painter.drawText(lower, align, elide(second, inner.width(), "small"))
            inner = QRect(inner.x(), top, inner.width(), half)
        if not text:
            return
        if column.pieces is not None:
            paint_pieces(painter, inner, column.pieces(row))
            return
        painter.setFont(now.font("body", weight=weight))
        painter.setPen(_ink(column, row))
        if column.stands_right:
            painter.drawText(inner, _RIGHT, elide(text, inner.width(), "body", weight))
        else:
            painter.drawText(inner, _LEFT, elide(text, inner.width(), "body", weight))


def content_width(column: Column[Any], row: Any) -> int:
    """Return how wide what a cell shows is, in pixels, without its padding."""
    if column.kind in _BADGES:
        status = status_of(column.badge(row)) if column.badge else None
        return badge_width(status) if status else 0
    width = theme.now.metrics("body", weight=_weight(column)).horizontalAdvance(
        column.shown_text(row)
    )
    if column.pieces is not None:
        width = pieces_width(column.pieces(row))
    if column.second is not None:
        small = theme.now.metrics("small")
        width = max(width, small.horizontalAdvance(column.second(row)))
    if column.icon is not None:
        width += theme.now.size.icon_small + PAD
    return width + 2


_INKS: dict[Ink, tuple[int, str]] = {
    Ink.QUIET: (400, "text3"),
    Ink.PLAIN: (400, "text2"),
    Ink.STRONG: (600, "text"),
}


def pieces_width(pieces: Sequence[Piece]) -> int:
    """Return how wide words in several inks are, in pixels."""
    widths = (
        theme.now.metrics("body", weight=_INKS[ink][0]).horizontalAdvance(words)
        for words, ink in pieces
    )
    return sum(widths)


def paint_pieces(painter: QPainter, inner: QRect, pieces: Sequence[Piece]) -> None:
    """Draw words in several inks on one line; what lacks room ends in "…"."""
    x, right = inner.x(), inner.right() + 1
    for words, ink in pieces:
        weight, colour = _INKS[ink]
        if x >= right:
            return
        shown = elide(words, right - x, "body", weight)
        painter.setFont(theme.now.font("body", weight=weight))
        painter.setPen(theme.now.colour(colour))
        painter.drawText(QRect(x, inner.y(), right - x, inner.height()), _LEFT, shown)
        if shown != words:
            return
        x += theme.now.metrics("body", weight=weight).horizontalAdvance(words)


def _weight(column: Column[Any]) -> int:
    if column.strong:
        return 600
    return 500 if column.names else 400


def _ink(column: Column[Any], row: Any) -> QColor:
    """Return a cell's colour: quiet by rule, red only where a negative is unusual."""
    now = theme.now
    if column.kind is Kind.MONEY:
        amount = column.money(row)
        if not amount:
            return now.text3
        if amount.cents < 0 and not column.plain_negative:
            return now.negative
        return now.text
    if column.names or column.strong or column.kind in (Kind.DATE, Kind.AGE):
        return now.text
    return now.text2


def _middle(rect: QRect) -> int:
    return rect.y() + rect.height() // 2
