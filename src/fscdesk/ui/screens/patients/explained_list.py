"""The sentences of an explained balance: each charge with what moved it, by arrow keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from fscdesk.services.billing.explaining import Explanation, Step, Told
from fscdesk.ui import theme
from fscdesk.ui.painting import box, hairline
from fscdesk.ui.tables.marks import elide, paint_focus
from fscdesk.ui.text import day_text, money_text

HEAD, BAND, PAD, DOT, INDENT, ABOVE, AFTER = 30, 18, 12, 6, 18, 5, 8
AMOUNT = 76
HEADLINE = -1
"""Where in a charge the cursor stands when it is on its first line, not on a sentence."""
_V = Qt.AlignmentFlag.AlignVCenter
_RIGHT = _V | Qt.AlignmentFlag.AlignRight
_WRAP = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
}


@dataclass(frozen=True, slots=True)
class _Piece:
    """One thing that is painted: of which charge, which sentence of it (or its head), where."""

    charge: int
    step: int
    rect: QRect
    waits: str = ""


class ExplainedList(QWidget):
    """Up and Down go from charge to charge, Right and Left through the sentences of one.

    Enter opens what the sentence comes from; on the first line of a charge, its session.
    """

    opened = Signal(object, object)
    """The charge (Told), and the Step that was opened, or None for the charge itself."""
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: tuple[Told, ...] = ()
        self._pieces: tuple[_Piece, ...] = ()
        self._at, self._step = 0, HEADLINE
        self.setProperty("ownFocus", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Sentences of the balance")
        theme.changed.connect(self._lay_out)

    def show_told(self, found: Explanation) -> None:
        """Show an explanation; the cursor stays on its charge where that is still there."""
        before = self.current
        self._told = found.charges
        ids = [one.charge_id for one in self._told]
        known = before is not None and before.charge_id in ids
        self._at = ids.index(before.charge_id) if known and before is not None else 0
        self._step = HEADLINE
        self._lay_out()
        self._tell()

    def go_to_session(self, session_id: int) -> None:
        """Put the cursor on the charge of a session, if it is told here."""
        for at, one in enumerate(self._told):
            if one.session_id == session_id:
                self._move(at, HEADLINE)
                return

    @property
    def current(self) -> Told | None:
        """The charge with the cursor."""
        return self._told[self._at] if self._at < len(self._told) else None

    @property
    def step(self) -> Step | None:
        """The sentence with the cursor; None while it is on the charge's first line."""
        told = self.current
        return None if told is None or self._step == HEADLINE else told.steps[self._step]

    def sizeHint(self) -> QSize:
        high = self._pieces[-1].rect.bottom() + theme.now.px(AFTER) if self._pieces else 40
        return QSize(300, high)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, told = Qt.Key(event.key()), self.current
        if told is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in _STEPS:
            at = max(0, min(len(self._told) - 1, self._at + _STEPS[key]))
            self._move(at, HEADLINE if at != self._at or key == Qt.Key.Key_Up else self._step)
        elif key == Qt.Key.Key_Right:
            self._move(self._at, min(len(told.steps) - 1, self._step + 1))
        elif key == Qt.Key.Key_Left:
            self._move(self._at, max(HEADLINE, self._step - 1))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._move(0 if key == Qt.Key.Key_Home else len(self._told) - 1, HEADLINE)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.opened.emit(told, self.step)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        piece = self._piece_at(event.position().toPoint())
        if piece is not None:
            self._move(piece.charge, piece.step if not piece.waits else HEADLINE)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._piece_at(event.position().toPoint()) is not None and self.current is not None:
            self.opened.emit(self.current, self.step)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_in_view()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        self._paint_ground(painter)
        for piece in self._pieces:
            told = self._told[piece.charge]
            if piece.step == HEADLINE and not piece.waits:
                self._paint_head(painter, piece.rect, told)
            elif piece.waits:
                self._paint_waits(painter, piece)
            else:
                self._paint_step(painter, piece, told.steps[piece.step])
            here = piece.charge == self._at and piece.step == self._step and not piece.waits
            if here and self.hasFocus():
                paint_focus(painter, piece.rect.adjusted(4, 1, -4, -1), now.radius_control)

    # Painting

    def _paint_ground(self, painter: QPainter) -> None:
        now = theme.now
        for at in range(len(self._told)):
            mine = [one.rect for one in self._pieces if one.charge == at]
            whole = QRect(mine[0].topLeft(), mine[-1].bottomRight())
            if at == self._at:
                box(painter, whole, 0, now.selected)
                painter.fillRect(QRect(0, whole.y(), 3, whole.height()), now.accent)
            hairline(painter, 0, whole.bottom(), self.width())

    def _paint_head(self, painter: QPainter, rect: QRect, told: Told) -> None:
        now = theme.now
        inner = rect.adjusted(now.px(PAD), 0, -now.px(PAD), 0)
        wide = now.px(AMOUNT)
        painter.setFont(now.font("strong"))
        painter.setPen(now.negative if told.left.cents < 0 else now.text)
        painter.drawText(inner, _RIGHT, money_text(told.left, zero_dash=False))
        painter.setPen(now.text)
        painter.drawText(inner, _V, elide(headline(told), inner.width() - wide, "strong"))

    def _paint_step(self, painter: QPainter, piece: _Piece, step: Step) -> None:
        now = theme.now
        inner = piece.rect.adjusted(now.px(PAD), now.px(ABOVE), -now.px(PAD), 0)
        band = QRect(inner.x(), inner.y(), inner.width(), now.px(BAND))
        self._paint_dot(painter, piece, now.tone("blue").solid)
        text = band.adjusted(now.px(INDENT), 0, 0, 0)
        painter.setFont(now.font("small"))
        painter.setPen(now.text3)
        painter.drawText(text, _V, f"{day_text(step.day)}   {step.document}".rstrip())
        wide = now.px(AMOUNT)
        painter.drawText(text, _RIGHT, money_text(step.running, zero_dash=False))
        painter.setFont(now.font("small", weight=600))
        painter.setPen(now.text)
        painter.drawText(
            text.adjusted(0, 0, -wide, 0),
            _RIGHT,
            money_text(step.amount, zero_dash=False),
        )
        painter.setFont(now.font("body"))
        painter.setPen(now.text2)
        painter.drawText(self._words_rect(inner), int(_WRAP), step.sentence)

    def _paint_waits(self, painter: QPainter, piece: _Piece) -> None:
        now = theme.now
        inner = piece.rect.adjusted(now.px(PAD), now.px(ABOVE), -now.px(PAD), 0)
        self._paint_dot(painter, piece, now.tone("amber").solid)
        painter.setFont(now.font("body", weight=500))
        painter.setPen(now.text)
        text = inner.adjusted(now.px(INDENT), 0, 0, 0)
        painter.drawText(text, int(_WRAP), piece.waits)

    def _paint_dot(self, painter: QPainter, piece: _Piece, colour: object) -> None:
        now, side = theme.now, theme.now.px(DOT)
        x = now.px(PAD) + 1
        middle = piece.rect.y() + now.px(ABOVE) + now.px(BAND) // 2
        following = self._pieces.index(piece) + 1
        more = following < len(self._pieces) and self._pieces[following].charge == piece.charge
        if more:
            line = QRect(x + side // 2, middle, 1, piece.rect.height())
            painter.fillRect(line, now.border_strong)
        box(painter, QRect(x, middle - side // 2, side, side), side / 2, colour)  # type: ignore[arg-type]

    # Where everything is

    def _lay_out(self) -> None:
        self._pieces = tuple(self._laid_out())
        self.updateGeometry()
        self.update()

    def _laid_out(self) -> Iterator[_Piece]:
        now, y = theme.now, 0
        for at, told in enumerate(self._told):
            high = now.px(HEAD)
            yield _Piece(at, HEADLINE, QRect(0, y, self.width(), high))
            y += high
            sentences = [(place, step.sentence, "") for place, step in enumerate(told.steps)]
            waits = [(HEADLINE, one.sentence, one.sentence) for one in told.waits]
            for place, words, waiting in (*sentences, *waits):
                band = now.px(ABOVE) + (0 if waiting else now.px(BAND))
                high = band + self._high(words, heavy=bool(waiting)) + now.px(AFTER)
                yield _Piece(at, place, QRect(0, y, self.width(), high), waiting)
                y += high

    def _high(self, words: str, *, heavy: bool) -> int:
        now = theme.now
        metrics = now.metrics("body", weight=500) if heavy else now.metrics("body")
        room = QRect(0, 0, max(80, self.width() - 2 * now.px(PAD) - now.px(INDENT)), 10_000)
        return metrics.boundingRect(room, int(_WRAP), words).height() + 2

    def _words_rect(self, inner: QRect) -> QRect:
        now = theme.now
        return inner.adjusted(now.px(INDENT), now.px(BAND), 0, 0)

    def _piece_at(self, point: QPoint) -> _Piece | None:
        return next((one for one in self._pieces if one.rect.contains(point)), None)

    def _move(self, at: int, step: int) -> None:
        self._at, self._step = at, step
        self._show_in_view()
        self._tell()
        self.moved.emit()

    def _show_in_view(self) -> None:
        viewport = self.parentWidget()
        area = None if viewport is None else viewport.parentWidget()
        mine = [one.rect for one in self._pieces if one.charge == self._at]
        if not isinstance(area, QScrollArea) or not mine:
            return
        wanted = QRect(mine[0].topLeft(), mine[-1].bottomRight())
        if self._step != HEADLINE:
            wanted = next(one.rect for one in self._pieces if self._is_here(one))
        high = area.viewport().height()
        top = wanted.y() if wanted.height() > high else wanted.center().y()
        reach = 0 if wanted.height() > high else wanted.height() // 2 + 1
        area.ensureVisible(0, top + (high // 2 if not reach else 0), 0, reach or high // 2)

    def _is_here(self, piece: _Piece) -> bool:
        return piece.charge == self._at and piece.step == self._step and not piece.waits

    def _tell(self) -> None:
        told, step = self.current, self.step
        if told is None:
            self.setAccessibleDescription("Nothing is open.")
        elif step is not None:
            words = f"{day_text(step.day)}, {step.sentence} Open after it: {step.running}."
            self.setAccessibleDescription(words)
        else:
            sentences = [one.sentence for one in told.steps]
            said = " ".join([*sentences, *(one.sentence for one in told.waits)])
            self.setAccessibleDescription(f"{headline(told)}, {told.left}. {said}")
        self.update()


def headline(told: Told) -> str:
    """Return how a charge is called: its day, its code, or that it is money not applied."""
    if told.charge_id is None:
        return told.service
    code = told.code or told.service
    return f"{day_text(told.day)}   {code}"


def spoken(found: Explanation) -> str:
    """Return an explanation as plain text, a line for each sentence: for a mail or a call."""
    lines = []
    for told in found.charges:
        lines.append(f"{headline(told)}: {told.left} open")
        lines += [
            f"  {day_text(step.day)}  {step.sentence}  {step.amount}  (open: {step.running})"
            for step in told.steps
        ]
        lines += [f"  {one.sentence}" for one in told.waits]
    lines.append(f"{day_text(found.as_of)}  In all: {found.total}")
    return "\n".join(lines)
