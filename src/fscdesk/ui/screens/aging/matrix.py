"""The matrix of ages: whose money by how old it is; arrows move over cells, Enter opens one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from fscdesk.services.reports.aging import Aging
from fscdesk.ui import theme
from fscdesk.ui.screens.aging.cells import (
    BALANCE,
    COLUMNS,
    CREDITS,
    FIRST,
    LATE,
    NAME,
    AgingCells,
)
from fscdesk.ui.screens.aging.painting import AgingDelegate, AgingHeader
from fscdesk.ui.screens.aging.question import CellRef
from fscdesk.ui.tables.delegates import PAD
from fscdesk.ui.tables.keys import typed_text
from fscdesk.ui.tables.overlay_bar import OverlayBar

ROOMY = {NAME: 220, CREDITS: 96, BALANCE: 108, LATE: 128}
MIDDLE = {NAME: 190, CREDITS: 88, BALANCE: 100, LATE: 128}
TIGHT = {NAME: 140, CREDITS: 84, BALANCE: 92, LATE: 78}
WIDTHS = ((ROOMY, 108), (MIDDLE, 96), (TIGHT, 84))
"""Widths at 100 %, of the named columns and of a bucket; amounts that need more get it."""


_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


class Grid(QTableView):
    """One table of cells: the rows, or the row of all that stands under them."""

    opened = Signal(object, bool)
    """CellRef, and whether it was by key."""
    left = Signal(int, int)
    """Up at the top (-1) or Down at the bottom (1), and the column."""
    typed = Signal(str)

    def __init__(self, cells: AgingCells, name: str) -> None:
        super().__init__()
        self.cells = cells
        self.hovered = -1
        self.opened_cell: CellRef | None = None
        self.setAccessibleName(name)
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
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.heading = AgingHeader(self)
        self.setHorizontalHeader(self.heading)
        self.heading.setVisible(not cells.totals)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setModel(cells)
        self.setItemDelegate(AgingDelegate(self))
        theme.changed.connect(self._on_theme)
        self._on_theme()

    def go(self, place: int, column: int) -> None:
        """Make a cell current, and show it."""
        self.setCurrentIndex(self.cells.index(place, column))

    def open_current(self) -> None:
        """Open the cell under the keys."""
        at = self.currentIndex()
        if at.isValid():
            self.opened.emit(self.cells.cell(at.row(), at.column()), True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at, key = self.currentIndex(), Qt.Key(event.key())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key, 0)
        if plain and not at.isValid() and key in _ARROWS and self.cells.rowCount():
            self.go(0, FIRST)
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_current()
        elif plain and step and not 0 <= at.row() + step < self.cells.rowCount():
            self.left.emit(step, max(at.column(), 0))
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif key == Qt.Key.Key_Escape or key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.ignore()
        elif text := typed_text(event):
            self.typed.emit(text)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Leave letters to the find field."""

    def copy(self) -> None:
        """Put all rows on the clipboard, with headings and amounts that a spreadsheet adds."""
        cells = self.cells
        lines = ["\t".join(cells.titles())]
        for place in range(cells.rowCount()):
            words = [cells.words(place, NAME).replace("\t", " ")]
            for column in range(FIRST, COLUMNS):
                amount = cells.amount(place, column)
                words.append(cells.words(place, column) if amount is None else amount.plain())
            lines.append("\t".join(words))
        QGuiApplication.clipboard().setText("".join(f"{line}\n" for line in lines))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and at.isValid() and at.column() != LATE:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.setCurrentIndex(at)
            self.opened.emit(self.cells.cell(at.row(), at.column()), False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self.indexAt(event.position().toPoint())
        opens = at.isValid() and at.column() != LATE
        shape = Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        self._hover(at.row())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() or self.currentIndex().column() == NAME:
            self.go(max(self.currentIndex().row(), 0), FIRST)
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

    def _hover(self, place: int) -> None:
        if place != self.hovered:
            self.hovered = place
            self.viewport().update()

    @Slot()
    def _on_theme(self) -> None:
        high = theme.now.size.totals_row
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(high)
        rows.setDefaultSectionSize(high)
        self.verticalScrollBar().setSingleStep(high)
        self.heading.setFixedHeight(theme.now.size.header_row)
        self.viewport().update()


class Matrix(QWidget):
    """Rows that scroll, and the row of all that does not; Up and Down go from one to the other."""

    opened = Signal(object, bool)
    """CellRef, and whether it was by key."""
    typed = Signal(str)

    def __init__(self, first_title: str) -> None:
        super().__init__()
        self.cells = AgingCells(first_title, self)
        self.sums = AgingCells(first_title, self, totals=True)
        self.grid = Grid(self.cells, "Aging by row and age")
        self.total = Grid(self.sums, "All")
        self.scroll_bar = OverlayBar(self.grid)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.grid, 1)
        column.addWidget(self.total)
        self.setFocusProxy(self.grid)
        for grid in (self.grid, self.total):
            grid.opened.connect(self.opened)
            grid.typed.connect(self.typed)
        self.grid.left.connect(self._on_rows_left)
        self.total.left.connect(self._on_total_left)
        self.grid.heading.sectionClicked.connect(self.sort_by)
        across = self.grid.horizontalScrollBar()
        across.valueChanged.connect(self.total.horizontalScrollBar().setValue)
        self.total.horizontalScrollBar().valueChanged.connect(across.setValue)
        theme.changed.connect(self._fit)

    def show_aging(self, aging: Aging, first_title: str) -> None:
        """Show other figures; the cell under the keys stays where it is, if it is still there."""
        at = self.grid.currentIndex()
        key = self.cells.rows[at.row()].key if at.isValid() else None
        column, known = max(at.column(), FIRST), at.isValid()
        self.cells.first_title = self.sums.first_title = first_title
        self.cells.show(aging)
        self.sums.show(aging)
        self._fit()
        if not known and self.grid.hasFocus() and self.cells.rowCount():
            self.grid.go(0, FIRST)
        if known and self.cells.rowCount():
            same = [place for place, row in enumerate(self.cells.rows) if row.key == key]
            self.grid.go(same[0] if same else 0, column)

    def mark(self, cell: CellRef | None) -> None:
        """Ring the cell whose lines are open below, or none."""
        for grid in (self.grid, self.total):
            grid.opened_cell = cell
            grid.viewport().update()

    def go_to(self, cell: CellRef) -> bool:
        """Put the keys on a cell; False where it is not on view."""
        for grid in (self.grid, self.total):
            found = grid.cells.place_of(cell)
            if found is not None:
                grid.go(*found)
                return True
        return False

    def name_of(self, cell: CellRef) -> str:
        """Return the name of a cell's row, empty where it is not on view."""
        for cells in (self.cells, self.sums):
            found = cells.place_of(cell)
            if found is not None:
                return cells.rows[found[0]].name
        return ""

    def seek(self, words: str, *, after: bool = False) -> bool:
        """Go to the next row whose name or number holds the words; False where none does."""
        wanted, rows = words.casefold().split(), self.cells.rows
        if not wanted or not rows:
            return False
        at = self.grid.currentIndex()
        start = max(at.row(), 0) + (1 if after else 0)
        for step in range(len(rows)):
            place = (start + step) % len(rows)
            said = f"{rows[place].name} {rows[place].second}".casefold()
            if all(word in said for word in wanted):
                self.grid.go(place, max(at.column(), FIRST))
                return True
        return False

    def sort_by(self, column: int) -> None:
        """Order rows by a column; the cell under the keys goes with its row."""
        at = self.grid.currentIndex()
        row = self.cells.rows[at.row()] if at.isValid() else None
        self.cells.sort_by(column)
        if row is not None:
            self.grid.go(list(self.cells.rows).index(row), at.column())

    def sort_by_current(self) -> None:
        """Order rows by the column under the keys."""
        self.sort_by(max(self.grid.currentIndex().column(), NAME))

    def height_for(self, rows: int) -> int:
        """Return how high the matrix is with so many rows on view."""
        size = theme.now.size
        return size.header_row + (rows + 1) * size.totals_row

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        """Share the width: amounts get what they need, the names the rest."""
        now = theme.now
        self.total.setFixedHeight(now.size.totals_row)
        metrics = now.metrics("body", weight=600)
        needed = [0] * COLUMNS
        if self.sums.rowCount():
            needed = [
                metrics.horizontalAdvance(self.sums.words(0, column)) + 2 * PAD + 12
                for column in range(COLUMNS)
            ]
        for named, bucket in WIDTHS:
            wide = [now.px(named.get(column, bucket)) for column in range(COLUMNS)]
            wide[FIRST:LATE] = [
                max(pair) for pair in zip(wide[FIRST:LATE], needed[FIRST:LATE], strict=True)
            ]
            if sum(wide) <= self.width():
                break
        wide[NAME] += max(0, self.width() - sum(wide))
        for grid in (self.grid, self.total):
            for column, width in enumerate(wide):
                grid.setColumnWidth(column, width)
        self.scroll_bar.place()

    @Slot(int, int)
    def _on_rows_left(self, step: int, column: int) -> None:
        if step > 0:
            self.total.go(0, column)
            self.total.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int, int)
    def _on_total_left(self, step: int, column: int) -> None:
        if step < 0 and self.cells.rowCount():
            self.grid.go(self.cells.rowCount() - 1, column)
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
