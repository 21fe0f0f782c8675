"""What every chart can do: marks that open their rows, arrows, and a table of the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QToolTip, QWidget

from fscdesk.ui import theme
from fscdesk.ui.painting import box
from fscdesk.ui.tables.popup import Popup
from fscdesk.ui.text import Label, plain_tip


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing to open: its key, what it says, and where it can be hit."""

    key: str
    words: str
    rect: QRect


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a chart as a table: the first column names the row."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Chart(QWidget):
    """Parent of the charts. A chart says its marks and figures and paints itself.

    Left, Right, Home and End move between marks, Enter opens one, ``T`` shows the table. The
    accessible description reads the whole table, so that nothing is only seen.
    """

    opened = Signal(str)
    """The key of a mark: show the rows it is made of."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.at = -1
        """The mark under the keys; -1 while none was chosen."""
        self._over = -1
        self.setAccessibleName(name)
        self.setProperty("ownFocus", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._on_theme)

    def marks(self) -> Sequence[Mark]:
        """Return the marks in reading order, where they are now."""
        raise NotImplementedError

    def figures(self) -> Figures:
        """Return the same figures as words."""
        raise NotImplementedError

    def show_table(self) -> Popup:
        """Show the figures as a table; Esc gives the focus back to the chart."""
        figures = self.figures()
        popup = Popup(f"{self.name}: figures", self, width=90 + 90 * len(figures.headings))
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(2)
        for across, heading in enumerate(figures.headings):
            grid.addWidget(Label(heading, "caption"), 0, across, _side(across))
        marked = len(self.marks())
        for down, row in enumerate(figures.rows):
            role = "body" if down < marked else "strong"  # a row without a mark is a sum
            for across, words in enumerate(row):
                grid.addWidget(Label(words, role), down + 1, across, _side(across))
        popup.body.setContentsMargins(48, 44, 48, 44)
        popup.body.addLayout(grid)
        popup.setAccessibleDescription(self.accessibleDescription())
        popup.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        popup.closed.connect(popup.deleteLater)
        popup.open_under(self)
        popup.setFocus(Qt.FocusReason.PopupFocusReason)
        return popup

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self.marks()) - 1
        key = Qt.Key(event.key())
        moves = {
            Qt.Key.Key_Left: max(0, self.at - 1),
            Qt.Key.Key_Right: min(last, self.at + 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in moves and last >= 0:
            self.at = moves[key]
            self._tell()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and 0 <= self.at <= last:
            self.opened.emit(self.marks()[self.at].key)
        elif key == Qt.Key.Key_T:
            self.show_table()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        hit = self._hit(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and hit >= 0:
            self.at = hit
            self._tell()
            self.opened.emit(self.marks()[hit].key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._hit(event.position().toPoint())
        if over != self._over:
            self._over = over
            shape = Qt.CursorShape.PointingHandCursor if over >= 0 else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._over = -1
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            hit = self._hit(event.pos())
            words = self.marks()[hit].words if hit >= 0 else ""
            QToolTip.showText(event.globalPos(), plain_tip(words), self)
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.at < 0 and self.marks():
            self.at = 0
        self._tell()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    def paint_focus(self, painter: QPainter) -> None:
        """Ring the mark under the keys, or tint the one under the mouse."""
        marks = self.marks()
        if self.hasFocus() and 0 <= self.at < len(marks):
            around = marks[self.at].rect.adjusted(-3, -3, 3, 3).intersected(self.rect())
            box(painter, around, 4, None, theme.now.focus, width=2)
        elif 0 <= self._over < len(marks):
            around = marks[self._over].rect.adjusted(-3, -3, 3, 3).intersected(self.rect())
            box(painter, around, 4, None, theme.now.border_input)

    def renew(self) -> None:
        """Take new figures into the description and repaint; charts call it after a change."""
        self.at = min(self.at, len(self.marks()) - 1)
        self._tell()

    def _tell(self) -> None:
        figures = self.figures()
        lines = [_line(figures.headings, row) for row in figures.rows]
        marks = self.marks()
        chosen = f"{marks[self.at].words}. " if 0 <= self.at < len(marks) else ""
        self.setAccessibleDescription(chosen + ". ".join(lines))
        self.update()

    def _hit(self, at: QPoint) -> int:
        for place, mark in enumerate(self.marks()):
            if mark.rect.adjusted(-2, -2, 2, 2).contains(at):
                return place
        return -1

    def _on_theme(self) -> None:
        self.updateGeometry()
        self.update()


def _side(across: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignLeft if across == 0 else Qt.AlignmentFlag.AlignRight


def _line(headings: Sequence[str], row: Sequence[str]) -> str:
    """Return one row as it is read: ``31 to 60, amount 1,352.00, share 19 %``."""
    pairs = zip(headings[1:], row[1:], strict=True)
    return ", ".join([row[0], *(f"{name.lower()} {words}" for name, words in pairs)])
