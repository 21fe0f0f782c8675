"""The payments of a deposit that is being made, in a pane: Space says what goes in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from fscdesk.ui import theme
from fscdesk.ui.painting import check_box, hairline
from fscdesk.ui.tables.marks import elide, paint_focus

ROW = 46
_V = Qt.AlignmentFlag.AlignVCenter
_RIGHT = _V | Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class TickRow:
    """One line: whose it is, what it is, its amount, and whether it goes in."""

    title: str
    second: str
    amount: str
    ticked: bool = True


class TickList(QWidget):
    """Arrows move, Space or a click ticks, Ctrl+A ticks all or none. ``fixed``: nothing does."""

    toggled = Signal(int, bool)
    """Which line, and whether it is ticked now."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[TickRow, ...] = ()
        self.at = 0
        self.fixed = False
        self.setProperty("ownFocus", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        theme.changed.connect(self.updateGeometry)

    def show_rows(self, rows: Sequence[TickRow], *, fixed: bool = False) -> None:
        """Show other lines, or the same ones ticked otherwise; the place is kept where it can."""
        self.rows, self.fixed = tuple(rows), fixed
        self.at = max(0, min(self.at, len(self.rows) - 1))
        self.updateGeometry()
        self._tell()

    def sizeHint(self) -> QSize:
        return QSize(240, max(1, len(self.rows)) * theme.now.px(ROW))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        key = Qt.Key(event.key())
        if key in moves and not event.modifiers():
            self.at = max(0, min(len(self.rows) - 1, self.at + moves[key]))
            self._show_in_view()
            self._tell()
        elif key == Qt.Key.Key_Space and self.rows:
            self._toggle(self.at)
        elif key == Qt.Key.Key_A and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._toggle_all()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = int(event.position().y()) // theme.now.px(ROW)
        if 0 <= at < len(self.rows):
            self.at = at
            self._toggle(at)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter, high = theme.now, QPainter(self), theme.now.px(ROW)
        side = now.size.icon
        for place, row in enumerate(self.rows):
            rect = QRect(0, place * high, self.width(), high)
            state = Qt.CheckState.Checked if row.ticked else Qt.CheckState.Unchecked
            square = QRect(5, rect.y() + (high - side) // 2, side, side)
            check_box(painter, square, state, enabled=not self.fixed)
            left = side + 16
            upper = QRect(left, rect.y() + 4, rect.width() - left - 6, now.line("body"))
            lower = QRect(left, upper.bottom() + 1, upper.width(), now.line("small"))
            ink = now.text if row.ticked else now.text3
            painter.setPen(ink)
            painter.setFont(now.font("strong"))
            painter.drawText(upper, _RIGHT, row.amount)
            room = upper.width() - now.metrics("strong").horizontalAdvance(row.amount) - 8
            painter.setFont(now.font("body", weight=500))
            painter.drawText(upper, _V, elide(row.title, room, "body", 500))
            painter.setPen(now.text3)
            painter.setFont(now.font("small"))
            painter.drawText(lower, _V, elide(row.second, lower.width(), "small"))
            hairline(painter, 0, rect.bottom(), self.width())
            if self.hasFocus() and place == self.at:
                paint_focus(painter, rect.adjusted(0, 1, 0, -2), now.radius_control)

    def _toggle(self, at: int) -> None:
        if not self.fixed:
            self.toggled.emit(at, not self.rows[at].ticked)

    def _toggle_all(self) -> None:
        to = not all(row.ticked for row in self.rows)
        for at, row in enumerate(self.rows):
            if row.ticked is not to and not self.fixed:
                self.toggled.emit(at, to)

    def _show_in_view(self) -> None:
        viewport = self.parentWidget()
        area = None if viewport is None else viewport.parentWidget()
        if isinstance(area, QScrollArea):
            high = theme.now.px(ROW)
            area.ensureVisible(0, self.at * high + high // 2, 0, high)

    def _tell(self) -> None:
        if self.rows:
            row = self.rows[self.at]
            said = "ticked" if row.ticked else "not ticked"
            self.setAccessibleDescription(f"{row.title}, {row.second}, {row.amount}, {said}")
        self.update()


class TickArea(QScrollArea):
    """A tick list that scrolls."""

    def __init__(self, name: str, on: Callable[[int, bool], object]) -> None:
        super().__init__()
        self.ticks = TickList(name)
        self.ticks.toggled.connect(on)
        self.setWidget(self.ticks)
        self.ticks.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)
