"""The figures above an account: each opens the rows that it is made of."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from fscdesk.models.values import Money
from fscdesk.ui import theme
from fscdesk.ui.forms.card import LEFT
from fscdesk.ui.painting import box, hairline
from fscdesk.ui.tables.marks import elide
from fscdesk.ui.text import DASH, money_text

HIGH, PAD = 74, 16


@dataclass(frozen=True, slots=True)
class AccountFigure:
    """One figure: its label, its amount (None is unknown), what it is, and what it opens.

    ``opens`` is the key that ``chosen`` tells; without one it opens nothing. ``plain`` keeps
    an amount below zero from being red.
    """

    label: str
    amount: Money | None
    hint: str
    opens: str = ""
    plain: bool = False


class FigureButton(QAbstractButton):
    """One figure, painted; a button where it opens something."""

    def __init__(self, figure: AccountFigure, *, first: bool) -> None:
        super().__init__()
        self.figure = figure
        self._first = first
        self._over = False
        self._lines = 1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_figure(figure)

    def show_figure(self, figure: AccountFigure) -> None:
        """Show another amount."""
        self.figure = figure
        takes = Qt.FocusPolicy.TabFocus if figure.opens else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(takes)
        shape = Qt.CursorShape.PointingHandCursor if figure.opens else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self.setAccessibleName(f"{figure.label} {self._words()}, {figure.hint}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.now.px(110), self._high())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._high())

    def room(self, width: int) -> int:
        """Return the pixels for words where the button is so wide."""
        return width - (0 if self._first else PAD) - 8

    def set_lines(self, lines: int) -> None:
        """Give what the figure is one line, or two."""
        if lines != self._lines:
            self._lines = lines
            self.updateGeometry()
            self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._over = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._over = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter, figure = theme.now, QPainter(self), self.figure
        left = 0 if self._first else PAD
        room = self.room(self.width())
        if self._over and figure.opens:
            ground = self.rect().adjusted(left - 8, 4, -4, -4)
            box(painter, ground, now.radius_control, now.hover)
        if not self._first:
            hairline(painter, 0, now.px(12), now.px(50), upright=True)
        font = QFont(now.font("figure"))
        font.setPixelSize(now.px(20))
        small, top = now.line("small"), now.px(9)
        large = now.px(26)
        painter.setFont(now.font("small"))
        painter.setPen(now.text3)
        align = Qt.AlignmentFlag.AlignVCenter
        label = QRect(left, top, room, small)
        painter.drawText(label, align, elide(figure.label, room, "small"))
        for line, words in enumerate(hint_lines(figure.hint, room)[: self._lines]):
            place = QRect(left, top + (line + 1) * small + large, room, small)
            painter.drawText(place, align, elide(words, room, "small"))
        painter.setFont(font)
        painter.setPen(self._ink())
        words = QFontMetrics(font).elidedText(self._words(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, top + small, room, large), align, words)

    def _high(self) -> int:
        return theme.now.px(HIGH) + (self._lines - 1) * theme.now.line("small")

    def _words(self) -> str:
        amount = self.figure.amount
        return DASH if amount is None else money_text(amount, zero_dash=False)

    def _ink(self) -> QColor:
        amount = self.figure.amount
        if not amount:
            return theme.now.text3
        if amount.cents < 0 and not self.figure.plain:
            return theme.now.negative
        return theme.now.text


def hint_lines(hint: str, room: int) -> tuple[str, ...]:
    """Return a hint as one line, or as two where it is too long for the room."""
    if theme.now.metrics("small").horizontalAdvance(hint) <= room:
        return (hint,)
    first, comma, rest = hint.rpartition(", ")
    return (first + comma.strip(), rest) if comma else (hint,)


class FigureStrip(QWidget):
    """The figures side by side, with a hairline between two."""

    chosen = Signal(str)
    """The key of the figure that was opened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: list[FigureButton] = []
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(LEFT, 0, 8, 0)
        self._line.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_figures(self, figures: tuple[AccountFigure, ...]) -> None:
        """Show the figures; as many as were shown first."""
        for place, figure in enumerate(figures):
            if place < len(self._buttons):
                self._buttons[place].show_figure(figure)
                continue
            button = FigureButton(figure, first=not place)
            button.clicked.connect(lambda _on=False, at=place: self._on_clicked(at))
            self._buttons.append(button)
            self._line.addWidget(button, 1)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give all of them a second line for what they are, where one of them needs it."""
        if not self._buttons:
            return
        wide = (self.width() - LEFT - 8) // len(self._buttons)
        lines = (len(hint_lines(one.figure.hint, one.room(wide))) for one in self._buttons)
        most = max(lines)
        for one in self._buttons:
            one.set_lines(most)

    @property
    def buttons(self) -> tuple[FigureButton, ...]:
        """The figures as buttons, from left to right."""
        return tuple(self._buttons)

    def _on_clicked(self, place: int) -> None:
        opens = self._buttons[place].figure.opens
        if opens:
            self.chosen.emit(opens)
