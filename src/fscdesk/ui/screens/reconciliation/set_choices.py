"""What a line could be, as cards to choose from; nothing is marked before a person marks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from fscdesk.ui import theme
from fscdesk.ui.painting import box
from fscdesk.ui.tables.marks import elide

GAP, PAD, HIGH = 8, 12, 48
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class CardWords:
    """One card: what it is, the facts under it (a line each), what stands at the right of both."""

    title: str
    fact: str = ""
    amount: str = ""
    beside: str = ""


class SetChoices(QWidget):
    """Down marks the first card, Enter takes the marked one, a digit takes its card, Q holds.

    A key that is held down takes nothing. With ``choosing`` False the cards only tell.
    """

    chosen = Signal(int)
    held = Signal()
    """Q: none of them, for now."""
    left = Signal()
    """Up from the first card, or Esc: back to the rows."""

    def __init__(self) -> None:
        super().__init__()
        self._cards: tuple[CardWords, ...] = ()
        self._choosing = False
        self.marked = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setProperty("ownFocus", True)
        self.setAccessibleName("What it could be")

    def show_cards(self, cards: Sequence[CardWords], *, choosing: bool) -> None:
        """Show other cards, none of them marked."""
        self._cards, self._choosing, self.marked = tuple(cards), choosing, -1
        policy = Qt.FocusPolicy.TabFocus if choosing else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(policy)
        self.setVisible(bool(cards))
        self._name()
        self.updateGeometry()
        self.update()

    def cards(self) -> tuple[CardWords, ...]:
        """Return what is offered, in order."""
        return self._cards

    def mark(self, at: int) -> None:
        """Mark a card from outside, and show it; Enter takes it then."""
        if self._choosing and 0 <= at < len(self._cards):
            self._mark(at)

    def sizeHint(self) -> QSize:
        return QSize(100, sum(_high(card) + GAP for card in self._cards))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.now.px(120), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.isAutoRepeat() and key not in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.accept()
        elif key == Qt.Key.Key_Down:
            self._mark(min(self.marked + 1, len(self._cards) - 1))
        elif key == Qt.Key.Key_Up:
            if self.marked <= 0:
                self._mark(-1)
                self.left.emit()
            else:
                self._mark(self.marked - 1)
        elif key in _ENTER and 0 <= self.marked < len(self._cards):
            self.chosen.emit(self.marked)
        elif key in _ENTER:
            event.accept()
        elif event.text().isdecimal() and 0 < int(event.text()) <= len(self._cards):
            self._take(int(event.text()) - 1)
        elif key == Qt.Key.Key_Q and not event.modifiers():
            self.held.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for at, rect in enumerate(self._rects()):
            if self._choosing and rect.contains(event.position().toPoint()):
                self._mark(at)
                self.chosen.emit(at)
                return
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for at, (card, rect) in enumerate(zip(self._cards, self._rects(), strict=True)):
            self._paint(painter, at, card, rect)

    def _paint(self, painter: QPainter, at: int, card: CardWords, rect: QRect) -> None:
        now = theme.now
        marked = at == self.marked and self.hasFocus()
        waiting = self._choosing and self.hasFocus() and self.marked < 0
        line = now.accent if marked or waiting else now.border_strong
        fill = now.accent_tint if marked else now.surface
        box(painter, rect, now.radius_control, fill, line, width=2 if marked else 1)
        inner = rect.adjusted(PAD, 6, -PAD, -6)
        first = QRect(inner.x(), inner.y(), inner.width(), now.line("body"))
        second = QRect(inner.x(), first.bottom() + 1, inner.width(), now.line("small"))
        title = f"{at + 1}  {card.title}" if self._choosing else card.title
        facts = card.fact.split("\n")
        lines = [("body", 500, title, card.amount, first, now.text)]
        for place, fact in enumerate(facts):
            where = second.translated(0, place * now.line("small"))
            lines.append(("small", 400, fact, "" if place else card.beside, where, now.text3))
        for role, weight, words, right, where, colour in lines:
            flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
            painter.setFont(now.font(role, weight=weight))
            painter.setPen(colour)
            wide = now.metrics(role, weight=weight).horizontalAdvance(right) + 12 if right else 0
            painter.drawText(where, flags, elide(words, where.width() - wide, role, weight))
            painter.drawText(where, flags | int(Qt.AlignmentFlag.AlignRight), right)

    def _rects(self) -> list[QRect]:
        found, top = list[QRect](), 0
        for card in self._cards:
            high = _high(card)
            found.append(QRect(0, top, self.width(), high))
            top += high + GAP
        return found

    def _take(self, at: int) -> None:
        """Take a card that is seen whole; another one is marked, and so shown, first."""
        if self.visibleRegion().contains(self._rects()[at].adjusted(0, PAD, 0, -PAD)):
            self.chosen.emit(at)
        else:
            self._mark(at)

    def _mark(self, at: int) -> None:
        self.marked = at
        self._show(at)
        self._name()
        self.update()

    def _show(self, at: int) -> None:
        """Scroll the pane so far that a card is seen."""
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        content = area.widget() if area is not None else None
        if area is not None and content is not None and at >= 0:
            low = self.mapTo(content, self._rects()[at].bottomLeft())
            area.ensureVisible(low.x(), low.y(), 0, GAP)

    def _name(self) -> None:
        told = [f"{at + 1}: {one.title} {one.fact}" for at, one in enumerate(self._cards)]
        mark = f"marked: {self.marked + 1}. " if self.marked >= 0 else ""
        self.setAccessibleDescription(mark + "; ".join(told))


def _high(card: CardWords) -> int:
    """Return the height of a card: each fact after the first has a line more."""
    return theme.now.px(HIGH) + card.fact.count("\n") * theme.now.line("small")
