"""The grid of a budget: the accounts stay at the left, amounts are typed where they stand."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QObject,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemDelegate,
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from fscdesk.ui import theme
from fscdesk.ui.painting import box
from fscdesk.ui.screens.accounting_plans.budget_model import BudgetModel, Index
from fscdesk.ui.screens.accounting_plans.budget_rows import (
    GridRow,
    RowKind,
    Spread,
)
from fscdesk.ui.screens.accounting_plans.budget_typed import BEGINS
from fscdesk.ui.tables.marks import elide, hairline
from fscdesk.ui.text import money_text

NAMES, LEAST, PAD, FIRST = 258, 68, 7, 24
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS: Final = {
    Qt.Key.Key_Return: (1, 0),
    Qt.Key.Key_Enter: (1, 0),
    Qt.Key.Key_Tab: (0, 1),
    Qt.Key.Key_Backtab: (0, -1),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Up: (-1, 0),
}
"""Where a key that ends the typing goes: rows down, columns to the right."""


class Names(QHeaderView):
    """The accounts at the left, which stay while the months scroll."""

    def __init__(self, view: BudgetGrid) -> None:
        super().__init__(Qt.Orientation.Vertical, view)
        self._view = view
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSectionsClickable(False)
        self.setAccessibleName("Accounts")

    def sizeHint(self) -> QSize:
        return QSize(theme.now.px(NAMES), super().sizeHint().height())

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        now, row = theme.now, self._view.grid.rows[section]
        current = section == self._view.currentIndex().row()
        _band(painter, rect, row, current=current)
        role = "body" if row.kind is RowKind.LINE else "strong"
        painter.setFont(now.font(role))
        painter.setPen(now.text if current or row.kind is not RowKind.LINE else now.text2)
        inner = rect.adjusted(theme.now.px(FIRST), 0, -PAD, -1)
        painter.drawText(inner, int(_LEFT), elide(row.label, inner.width(), role))
        if current:
            painter.fillRect(rect.x(), rect.y(), 3, rect.height() - 1, now.accent)


class Heads(QHeaderView):
    """The months, at the right of their columns."""

    def __init__(self, view: BudgetGrid) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._view = view
        self.setSectionsClickable(False)
        self.setMinimumSectionSize(40)
        self.setAccessibleName("Months")

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme.now.size.header_row)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        now, column = theme.now, self._view.grid.columns[section]
        painter.fillRect(rect, now.sunken)
        hairline(painter, rect.x(), rect.bottom(), rect.width())
        hairline(painter, rect.x(), rect.y(), rect.width())
        here = section == self._view.currentIndex().column()
        painter.setFont(now.font("caption"))
        painter.setPen(now.text if here else now.text3)
        words = elide(column.title, rect.width() - 2 * PAD, "caption")
        painter.drawText(rect.adjusted(PAD, 0, -PAD, 0), int(_RIGHT), words)


class Corner(QObject):
    """Paints the corner above the accounts as the headings are: Qt's is a raised button."""

    def __init__(self, view: BudgetGrid) -> None:
        super().__init__(view)
        self._button = view.findChild(QAbstractButton)
        if self._button is not None:
            self._button.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Paint or not isinstance(watched, QAbstractButton):
            return super().eventFilter(watched, event)
        painter, now = QPainter(watched), theme.now
        rect = watched.rect()
        painter.fillRect(rect, now.sunken)
        hairline(painter, 0, 0, rect.width())
        hairline(painter, 0, rect.bottom(), rect.width())
        painter.setFont(now.font("caption"))
        painter.setPen(now.text3)
        painter.drawText(rect.adjusted(now.px(FIRST), 0, -PAD, 0), int(_LEFT), "Account")
        painter.end()
        return True


class Cells(QStyledItemDelegate):
    """Paints amounts and edits them in a line of text that takes sums and short words."""

    def __init__(self, view: BudgetGrid) -> None:
        super().__init__(view)
        self._view = view
        self.first = ""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        now, grid = theme.now, self._view.grid
        row, rect = grid.rows[index.row()], QRect(option.rect)
        here = index.row() == self._view.currentIndex().row()
        _band(painter, rect, row, current=here)
        if row.kind is RowKind.HEAD:
            return
        amount = grid.columns[index.column()].sum(row.planned)
        last = index.column() == len(grid.columns) - 1
        strong = row.kind is RowKind.TOTAL or last
        painter.setFont(now.font("small", weight=600 if strong else 400))
        quiet = row.kind is RowKind.LINE and not amount
        painter.setPen(now.text3 if quiet else now.text)
        if amount.cents < 0 and row.type is None:
            painter.setPen(now.negative)
        words = money_text(amount, zero_dash=row.kind is RowKind.LINE)
        painter.drawText(rect.adjusted(2, 0, -PAD, -1), int(_RIGHT), words)
        if index == self._view.currentIndex() and self._view.hasFocus():
            box(painter, rect.adjusted(1, 1, -1, -2), now.radius_badge, None, now.focus, width=2)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        edit = QLineEdit(parent)
        edit.setProperty("kind", "cell")
        edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        grid = self._view.grid
        row, column = grid.rows[index.row()], grid.columns[index.column()]
        edit.setAccessibleName(f"{row.label.strip()}, {column.title}")
        return edit

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        # What is being typed stays: news from the books may come while a cell is open.
        if isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(self.first or str(index.data(Qt.ItemDataRole.EditRole) or ""))
            if self.first:
                editor.setModified(True)
            else:
                editor.selectAll()
            self.first = ""

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QLineEdit) and editor.isModified():
            model.setData(index, editor.text())

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        editor.setGeometry(QRect(option.rect).adjusted(1, 1, -1, -2))

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and isinstance(editor, QLineEdit)
        ):
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None:
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
                self._view.walk(*step)
                return True
        return super().eventFilter(editor, event)


class BudgetGrid(QTableView):
    """Arrows move, an amount is typed at once, Enter opens a cell, Delete clears it.

    ``>`` says ``copy_right``; the current cell is told with every move.
    """

    moved = Signal()
    copy_right = Signal()
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = BudgetModel(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Budget by account and month")
        self.setVerticalHeader(Names(self))
        self.setHorizontalHeader(Heads(self))
        self._corner = Corner(self)
        self.setModel(self.grid)
        self.cells = Cells(self)
        self.setItemDelegate(self.cells)
        self.grid.modelReset.connect(self._on_reset)
        self.grid.dataChanged.connect(lambda *_what: self._fit())
        theme.changed.connect(self._fit)
        self._fit()

    def current(self) -> tuple[GridRow, Spread] | None:
        """Return the row and the column of the current cell."""
        index = self.currentIndex()
        if not index.isValid():
            return None
        return self.grid.rows[index.row()], self.grid.columns[index.column()]

    def go_to(self, account: str, column: int = 0) -> None:
        """Make the cell of an account current."""
        for at, row in enumerate(self.grid.rows):
            if row.sheet is not None and row.sheet.account == account:
                self.setCurrentIndex(self.grid.index(at, column))

    def walk(self, down: int, right: int) -> None:
        """Go to another cell, past headings and totals."""
        index = self.currentIndex()
        row, column = index.row() + down, index.column() + right
        while 0 <= row < len(self.grid.rows) and self.grid.rows[row].kind is not RowKind.LINE:
            row += 1 if down > 0 else -1
        if 0 <= row < len(self.grid.rows) and 0 <= column < len(self.grid.columns):
            self.setCurrentIndex(self.grid.index(row, column))
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, typed = Qt.Key(event.key()), event.text()
        held = event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        )
        if held:
            event.ignore()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.walk(1 if key == Qt.Key.Key_Down else -1, 0)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.walk(0, 1 if key == Qt.Key.Key_Right else -1)
        elif key in _ENTER:
            if self._takes():
                self.edit(self.currentIndex())
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit()
        elif typed == ">":
            self.copy_right.emit()
        elif typed and typed in BEGINS and self._takes():
            self._begin(typed)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def keyboardSearch(self, search: str) -> None:
        """Leave letters alone: they are typed into cells."""

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        self.verticalHeader().viewport().update()
        self.horizontalHeader().viewport().update()
        self.moved.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())  # a message below takes room from the grid

    def _takes(self) -> bool:
        """Whether the current cell can be typed into: no heading, no total."""
        return bool(self.grid.flags(self.currentIndex()) & Qt.ItemFlag.ItemIsEditable)

    def _begin(self, typed: str) -> None:
        """Open the current cell with what was typed, the cursor behind it."""
        self.cells.first = typed
        self.edit(self.currentIndex())
        self.cells.first = ""
        edit = self.indexWidget(self.currentIndex())
        if isinstance(edit, QLineEdit):
            edit.deselect()  # Qt marks all of it, and the next key would replace the first
            edit.end(False)

    def _on_reset(self) -> None:
        self._fit()
        first = next(
            (at for at, row in enumerate(self.grid.rows) if row.kind is RowKind.LINE), None
        )
        if first is not None:
            self.setCurrentIndex(self.grid.index(first, 0))

    def _fit(self) -> None:
        """Share the width among the columns; where their figures need more they scroll."""
        rows = self.verticalHeader()
        rows.setDefaultSectionSize(theme.now.size.row_compact)
        rows.setFixedWidth(theme.now.px(NAMES))
        count = len(self.grid.columns)
        if not count:
            return
        room = max(0, self.viewport().width())
        least = [self._least(at) for at in range(count)]
        each = max((room - least[-1]) // max(1, count - 1), *least[:-1], 0)
        for at in range(count - 1):
            self.setColumnWidth(at, each)
        self.setColumnWidth(count - 1, max(least[-1], room - each * (count - 1)))

    def _least(self, column: int) -> int:
        """Return how wide a column must be to show its widest figure whole."""
        now, spread = theme.now, self.grid.columns[column]
        wide = now.metrics("small", weight=600)
        figures = (
            wide.horizontalAdvance(money_text(spread.sum(row.planned)))
            for row in self.grid.rows
            if row.kind is not RowKind.HEAD
        )
        least = now.px(LEAST + 18) if column == len(self.grid.columns) - 1 else now.px(LEAST)
        return max(least, max(figures, default=0) + 2 * PAD + 4)


def _band(painter: QPainter, rect: QRect, row: GridRow, *, current: bool) -> None:
    now = theme.now
    fill = now.sunken if row.kind is not RowKind.LINE else now.hover if current else now.surface
    painter.fillRect(rect, fill)
    hairline(painter, rect.x(), rect.bottom(), rect.width())
