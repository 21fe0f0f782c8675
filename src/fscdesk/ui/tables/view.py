"""The table widget of every list: bands, ticks, keys, and a current row that is a record."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from fscdesk.ui import theme
from fscdesk.ui.tables.arranging import Arranging
from fscdesk.ui.tables.columns import HasId
from fscdesk.ui.tables.delegates import FIRST_PAD, CellDelegate
from fscdesk.ui.tables.header import ListHeader
from fscdesk.ui.tables.keys import act_of, typed_text
from fscdesk.ui.tables.layout import Density
from fscdesk.ui.tables.marks import Tick, hairline
from fscdesk.ui.tables.overlay_bar import OverlayBar
from fscdesk.ui.tables.paged_model import Index, PagedModel
from fscdesk.ui.tables.picking import Picking

R = TypeVar("R", bound=HasId)
_Scroll = QAbstractItemView.ScrollMode
UNKNOWN_ROWS = 12


class ListView(QTableView, Generic[R]):
    """Shows a ``PagedModel``. Its current row is remembered by id, its ticks are the model's.

    There is no Qt selection: what is chosen is what is ticked, or else the current row.
    """

    opened = Signal(object)
    """Enter or double click: the row."""
    current_changed = Signal(object)
    """Another record is current, or none (None)."""
    typed = Signal(str)
    """Letters for the find field."""
    menu_wanted = Signal(QPoint)
    """The context menu is asked for, at a global position."""
    copy_wanted = Signal()
    sort_wanted = Signal(str)
    """A heading was clicked: the column's key."""

    def __init__(self, model: PagedModel[R], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paged = model
        self.hovered = -1
        self._entering = True
        self.inset = FIRST_PAD
        self.density = Density.COMPACT
        self.two_lines = any(column.second for column in model.columns)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(_Scroll.ScrollPerPixel)
        self.setHorizontalScrollMode(_Scroll.ScrollPerPixel)
        self.setMouseTracking(True)
        self.heading = ListHeader(self)
        self.setHorizontalHeader(self.heading)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll_bar = OverlayBar(self)
        self.setModel(model)
        self.setItemDelegate(CellDelegate(self))
        self.arranging = Arranging(self)
        self.picking = Picking(self)
        self._entering = False
        self.heading.tick_clicked.connect(self.picking.toggle_loaded)
        self.heading.sort_clicked.connect(self._on_heading)
        self.heading.customContextMenuRequested.connect(
            lambda at: self.menu_wanted.emit(self.heading.mapToGlobal(at))
        )
        model.ticks.changed.connect(self._on_ticks)
        model.answered.connect(self._on_answered)
        model.headerDataChanged.connect(self.viewport().update)
        theme.changed.connect(self._on_theme)
        self._on_theme()

    # What is current

    @property
    def current_place(self) -> int:
        """The current row's place, or -1."""
        return self.currentIndex().row()

    @property
    def edges(self) -> tuple[int, int]:
        """The model's columns that are seen first and last."""
        return self.arranging.edges

    @property
    def shows_focus(self) -> bool:
        """Whether the current row is drawn as the place where the keys go."""
        return self.hasFocus()

    @property
    def row_height(self) -> int:
        """The height of every row, from density and text size."""
        size = theme.now.size
        if self.two_lines:
            return size.row_twoline
        return size.row_comfortable if self.density is Density.COMFORTABLE else size.row_compact

    def set_density(self, density: Density) -> None:
        """Make rows compact or comfortable."""
        self.density = density
        self._on_theme()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = act_of(event)
        if act and self.picking.do(act):
            event.accept()
        elif not act and (text := typed_text(event)):
            self.typed.emit(text)
        else:
            event.ignore()  # Tab, Esc and chords belong to what the list is part of

    def keyboardSearch(self, search: str) -> None:
        """Leave letters to the find field: Qt's own search would walk a million rows."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            super().mousePressEvent(event)
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.picking.click(index, event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.indexAt(event.position().toPoint()).row())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.paged.column_at(index.column()) is not None:
            self.picking.do("open")
        elif index.isValid():
            self.picking.click(index, event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            index = self.indexAt(event.pos())
            if index.isValid():
                self.picking.go(index.row())
            self.menu_wanted.emit(event.globalPos())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if self.underMouse():
            at = self.viewport().mapFromGlobal(self.cursor().pos())
            self._hover(self.indexAt(at).row())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arranging.fit()
        self.scroll_bar.place()

    def focusInEvent(self, event: QFocusEvent) -> None:
        nothing = not self.currentIndex().isValid()
        self._entering = nothing
        super().focusInEvent(event)
        if nothing:  # Qt makes the first row current; a row is current when a person chose it
            self.setCurrentIndex(QModelIndex())
        self._entering = False
        self._repaint_row(self.current_place)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._repaint_row(self.current_place)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.paged.known or not self.paged.skeleton:
            return
        painter = QPainter(self.viewport())
        delegate = self.itemDelegate()
        assert isinstance(delegate, CellDelegate)
        high = self.row_height
        for place in range(min(UNKNOWN_ROWS, self.viewport().height() // high)):
            for section in range(self.paged.columnCount()):
                column = self.paged.column_at(section)
                if column is None or self.isColumnHidden(section):
                    continue
                x, wide = self.columnViewportPosition(section), self.columnWidth(section)
                inner = delegate.inner(QRect(x, place * high, wide, high), section)
                delegate.paint_unknown(painter, inner, column, place)
            hairline(painter, 0, (place + 1) * high - 1, self.viewport().width())

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._repaint_row(previous.row())
        self._repaint_row(current.row())
        if not self._entering and not self.paged.shrinking:
            self.picking.note_current()

    def menu_point(self) -> QPoint:
        """Return where a menu asked for by key opens: under the current row's name."""
        section = max(self.edges[0], 0)
        rect = self.visualRect(self.paged.index(max(self.current_place, 0), section))
        at = rect.bottomLeft() + QPoint(FIRST_PAD, 0)
        return self.viewport().mapToGlobal(at)

    @Slot()
    def _on_theme(self) -> None:
        self.verticalHeader().setMinimumSectionSize(self.row_height)
        self.verticalHeader().setDefaultSectionSize(self.row_height)
        self.verticalScrollBar().setSingleStep(self.row_height)
        self.horizontalScrollBar().setSingleStep(theme.now.px(32))
        self.heading.setFixedHeight(theme.now.size.header_row)
        self.arranging.needs.forget()
        self.arranging.needs.measure()
        self.arranging.fit()
        self.viewport().update()

    @Slot(int)
    def _on_heading(self, section: int) -> None:
        column = self.paged.column_at(section)
        if column is not None and column.sortable:
            self.sort_wanted.emit(column.key)

    @Slot()
    def _on_ticks(self) -> None:
        count = len(self.paged.ticks)
        everything = 0 < self.paged.total <= count
        self.heading.tick_state = Tick.ON if everything else Tick.SOME if count else Tick.OFF
        self.heading.viewport().update()

    @Slot()
    def _on_answered(self) -> None:
        self._on_ticks()
        self.arranging.measure()
        self.picking.follow()
        self.viewport().update()

    def _hover(self, place: int) -> None:
        if place != self.hovered:
            before, self.hovered = self.hovered, place
            self._repaint_row(before)
            self._repaint_row(place)

    def _repaint_row(self, place: int) -> None:
        if 0 <= place < self.paged.total:
            top = self.rowViewportPosition(place)
            self.viewport().update(0, top, self.viewport().width(), self.row_height)
