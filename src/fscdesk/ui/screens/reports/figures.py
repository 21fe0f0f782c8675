"""The figures of a report: arrows move over the cells, Enter opens what a number is made of."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from fscdesk.services.reports.report_made import Made
from fscdesk.ui import theme
from fscdesk.ui.painting import box
from fscdesk.ui.screens.reports.cells import Figures, Index
from fscdesk.ui.tables.delegates import FIRST_PAD, LAST_PAD, PAD
from fscdesk.ui.tables.keys import typed_text
from fscdesk.ui.tables.marks import elide, hairline

INDENT, LEAST, LEAST_WORDS, WIDEST, MEASURED = 16, 56, 164, 420, 400
"""Pixels at 100 %: of a step in, of the narrowest column and of words, of the widest; and how many
rows are measured."""
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


class FiguresView(QTableView):
    """A finished report as a table; Ctrl+C copies all of it."""

    opened = Signal(int, int)
    """Row and column of the number that is to be opened."""
    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.figures = Figures(self)
        self.hovered = -1
        self.setAccessibleName("Figures")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.setProperty("ownFocus", True)
        for mode in (self.setVerticalScrollMode, self.setHorizontalScrollMode):
            mode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalHeader(FiguresHeader(self))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setModel(self.figures)
        self.setItemDelegate(FiguresDelegate(self))
        theme.changed.connect(self._on_theme)
        self._on_theme()

    def show_report(self, made: Made | None, *, same: bool) -> None:
        """Show figures; of the ``same`` report the cell under the keys stays where it is."""
        at = self.currentIndex()
        place = (at.row(), at.column()) if at.isValid() and same else None
        self.figures.show(made)
        self._fit()
        if place is not None:
            self.go(min(place[0], self.figures.rowCount() - 1), place[1])
        elif self.figures.rowCount():
            self.setAutoScroll(False)  # a report begins at its first column
            self.go(*self.first_number())
            self.setAutoScroll(True)
        if not same:
            for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
                bar.setValue(0)

    def first_number(self) -> tuple[int, int]:
        """Return the first cell that opens something, or else the first."""
        for row in range(min(self.figures.rowCount(), MEASURED)):
            for column in range(self.figures.columnCount()):
                if self.figures.behind(row, column) is not None:
                    return row, column
        return 0, 0

    def go(self, row: int, column: int) -> None:
        """Make a cell current, and show it."""
        column = min(column, self.figures.columnCount() - 1)
        if 0 <= row < self.figures.rowCount():
            self.setCurrentIndex(self.figures.index(row, column))

    def place(self) -> tuple[int, int]:
        """Return row and column under the keys, or -1 twice."""
        at = self.currentIndex()
        return (at.row(), at.column()) if at.isValid() else (-1, -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at, key = self.currentIndex(), Qt.Key(event.key())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and not at.isValid() and key in _ARROWS and self.figures.rowCount():
            self.go(*self.first_number())
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if at.isValid():
                self.opened.emit(at.row(), at.column())
        elif event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.figures.copied())
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.ignore()
        elif text := typed_text(event):
            self.typed.emit(text)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Leave letters to the find field of the reports."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and at.isValid():
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.setCurrentIndex(at)
            if self.figures.behind(at.row(), at.column()) is not None:
                self.opened.emit(at.row(), at.column())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self.indexAt(event.position().toPoint())
        opens = at.isValid() and self.figures.behind(at.row(), at.column()) is not None
        shape = Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        self._hover(at.row())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def currentChanged(
        self,
        current: QModelIndex,  # type: ignore[override] # the stubs allow what Qt never sends
        previous: QModelIndex,  # type: ignore[override]
    ) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._paint_beside()
        super().paintEvent(event)

    def _paint_beside(self) -> None:
        """Lead each row to the right edge, where the columns end before it."""
        now, port, figures = theme.now, self.viewport(), self.figures
        left = self.horizontalHeader().length() - self.horizontalHeader().offset()
        wide = port.width() - left
        if wide <= 0:
            return
        painter = QPainter(port)
        first = max(0, self.rowAt(0))
        last = self.rowAt(port.height() - 1)
        for row in range(first, (figures.rowCount() - 1 if last < 0 else last) + 1):
            top, high = self.rowViewportPosition(row), self.rowHeight(row)
            if figures.is_total(row):
                painter.fillRect(left, top, wide, high, now.sunken)
            elif row == self.hovered:
                painter.fillRect(left, top, wide, high, now.hover)
            if figures.look(row).strong and not figures.is_heading(row):
                painter.fillRect(left, top, wide, 1, now.border_strong)
            hairline(painter, left, top + high - 1, wide)

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()

    def _fit(self) -> None:
        """Give each column what its words need; the widest words give way where it is narrow."""
        now, figures, table = theme.now, self.figures, self.figures.table
        if table is None:
            return
        body, caption = now.metrics("body", weight=600), now.metrics("caption", weight=600)
        rows = min(figures.rowCount(), MEASURED)
        last = figures.columnCount() - 1
        wide = []
        for column in range(figures.columnCount()):
            pad = (FIRST_PAD if column == 0 else PAD) + (LAST_PAD if column == last else PAD) + 6
            need = caption.horizontalAdvance(table.columns[column].title)
            for row in (*range(rows), *(() if table.totals is None else (len(table.rows),))):
                step = now.px(INDENT) * figures.look(row).depth if column == 1 else 0
                need = max(need, body.horizontalAdvance(figures.words(row, column)) + step)
            wide.append(max(now.px(LEAST), min(need + pad, now.px(WIDEST))))
        over = sum(wide) - self.viewport().width()
        texts = [at for at in range(len(wide)) if not figures.is_number(at)]
        for column in sorted(texts, key=lambda at: -wide[at]):
            if over <= 0:
                break
            give = min(over, max(0, wide[column] - now.px(LEAST_WORDS)))
            wide[column] -= give
            over -= give
        for column, width in enumerate(wide):
            self.setColumnWidth(column, width)

    @Slot()
    def _on_theme(self) -> None:
        high = theme.now.size.row_compact
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(high)
        rows.setDefaultSectionSize(high)
        self.horizontalHeader().setFixedHeight(theme.now.size.header_row)
        self._fit()
        self.viewport().update()


class FiguresDelegate(QStyledItemDelegate):
    """Paints the cells: titles and sums stronger, lines below a title set in."""

    def __init__(self, view: FiguresView) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        now, figures = theme.now, self._view.figures
        row, column, rect = index.row(), index.column(), option.rect
        look, number = figures.look(row), figures.is_number(column)
        if figures.is_total(row):
            painter.fillRect(rect, now.sunken)
        elif row == self._view.hovered:
            painter.fillRect(rect, now.hover)
        if look.strong and not figures.is_heading(row):
            painter.fillRect(rect.x(), rect.y(), rect.width(), 1, now.border_strong)
        hairline(painter, rect.x(), rect.bottom(), rect.width())
        words = figures.words(row, column)
        step = now.px(INDENT) * look.depth if column == 1 else 0
        left = (FIRST_PAD if column == 0 else PAD) + step
        inner = rect.adjusted(left, 0, -_right_pad(figures, column), 0)
        weight = 600 if look.strong else 400
        painter.setFont(now.font("body", weight=weight))
        opens = figures.behind(row, column) is not None
        code = not number and column == 0 and figures.columnCount() > 1 and not look.strong
        quiet = (number and not opens and not look.strong) or (code and bool(words.isdigit()))
        painter.setPen(now.text2 if quiet else now.text)
        flags = _RIGHT if number else _LEFT
        painter.drawText(inner, flags, elide(words, inner.width(), "body", weight))
        here = self._view.currentIndex()
        if self._view.hasFocus() and (row, column) == (here.row(), here.column()):
            box(painter, rect.adjusted(2, 1, -2, -2), 4, None, now.focus, width=2)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, theme.now.size.row_compact)


class FiguresHeader(QHeaderView):
    """Titles over amounts stand right."""

    def __init__(self, view: FiguresView) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._view = view
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
        now, figures = theme.now, self._view.figures
        painter.fillRect(rect, now.sunken)
        hairline(painter, rect.x(), rect.y(), rect.width())
        hairline(painter, rect.x(), rect.bottom(), rect.width())
        left = FIRST_PAD if section == 0 else PAD
        inner = rect.adjusted(left, 0, -_right_pad(figures, section), 0)
        title = str(figures.headerData(section, Qt.Orientation.Horizontal) or "")
        painter.setFont(now.font("caption", weight=500))
        painter.setPen(now.text3)
        flags = _RIGHT if figures.is_number(section) else _LEFT
        painter.drawText(inner, flags, elide(title, inner.width(), "caption", 500))


def _right_pad(figures: Figures, column: int) -> int:
    return LAST_PAD if column == figures.columnCount() - 1 else PAD
