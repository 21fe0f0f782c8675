"""What happened, newest first: steps with icon, words, amount and day on one line down.

A second line that is too long for the pane goes on below; nothing of why is cut.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from fscdesk.ui import icons, theme
from fscdesk.ui.tables.marks import elide, paint_focus, wrapped
from fscdesk.ui.text import plain_tip

STEP, CIRCLE, GAP = 46, 24, 10
MOST = 4
"""So many lines of small words; a tooltip holds the rest."""
_V = Qt.AlignmentFlag.AlignVCenter
_RIGHT = _V | Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One thing that happened. ``key`` names its document; "" cannot be opened."""

    title: str
    second: str = ""
    amount: str = ""
    day: str = ""
    icon: str = "circle"
    tone: str = "neutral"
    key: str = ""


class Story(QWidget):
    """Arrows move over the steps, Enter or a click opens the document of one."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[StoryStep, ...] = ()
        self._at = 0
        self.setProperty("ownFocus", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMouseTracking(True)
        self.setAccessibleName("Story")
        theme.changed.connect(self.updateGeometry)

    def show_steps(self, steps: Sequence[StoryStep]) -> None:
        """Show another record's steps."""
        self._steps = tuple(steps)
        self._at = 0
        self.updateGeometry()
        self._tell()

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(max(240, self.width())))

    def heightForWidth(self, width: int) -> int:
        return sum(self._height(step, width) for step in self._steps)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        key = Qt.Key(event.key())
        if key in moves and not event.modifiers():
            self._at = max(0, min(len(self._steps) - 1, self._at + moves[key]))
            self._show_in_view()
            self._tell()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._under(event)
        if at >= 0:
            self._at = at
            self._tell()
            self._open()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._under(event)
        opens = at >= 0 and bool(self._steps[at].key)
        shape = Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        whole = self._steps[at] if at >= 0 else StoryStep("")
        self.setToolTip(plain_tip(f"{whole.title}\n{whole.second}".strip()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        circle, top = now.px(CIRCLE), 0
        for place, step in enumerate(self._steps):
            high = self._height(step, self.width())
            if place + 1 < len(self._steps):
                line = now.border_strong
                painter.fillRect(circle // 2, top + circle, 1, high - circle, line)
            self._paint_step(painter, QRect(0, top, self.width(), high), step)
            if self.hasFocus() and place == self._at:
                paint_focus(painter, QRect(0, top, self.width(), high - 4), now.radius_control)
            top += high

    def _paint_step(self, painter: QPainter, rect: QRect, step: StoryStep) -> None:
        now, tone = theme.now, theme.now.tone(step.tone)
        circle, side = now.px(CIRCLE), now.size.icon_small
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tone.bg)
        painter.drawEllipse(QRectF(0, rect.y(), circle, circle))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        inset = (circle - side) / 2
        icons.paint(painter, step.icon, tone.fg, inset, rect.y() + inset, side)
        left = circle + now.px(GAP)
        upper = QRect(left, rect.y() + 1, rect.width() - left, now.line("body"))
        lower = QRect(left, upper.bottom() + 1, upper.width(), now.line("small"))
        wide = now.metrics("strong").horizontalAdvance(step.amount)
        painter.setFont(now.font("strong"))
        painter.setPen(now.text)
        painter.drawText(upper, _RIGHT, step.amount)
        room = upper.width() - wide - (8 if step.amount else 0)
        painter.setFont(now.font("body", weight=500))
        painter.drawText(upper, _V, elide(step.title, room, "body", 500))
        painter.setFont(now.font("small"))
        painter.setPen(now.text3)
        painter.drawText(lower, _RIGHT, step.day)
        for at, words in enumerate(self._second(step, rect.width())):
            painter.drawText(lower.translated(0, at * lower.height()), _V, words)

    def _second(self, step: StoryStep, width: int) -> list[str]:
        """Return the lines of the small words, beside the day."""
        now = theme.now
        day = now.metrics("small").horizontalAdvance(step.day) + 8 if step.day else 0
        room = width - now.px(CIRCLE) - now.px(GAP) - day
        return wrapped(step.second, max(room, 40), "small", most=MOST)

    def _height(self, step: StoryStep, width: int) -> int:
        more = len(self._second(step, width)) - 1
        return theme.now.px(STEP) + more * theme.now.line("small")

    def _top(self, at: int) -> int:
        return sum(self._height(step, self.width()) for step in self._steps[:at])

    def _under(self, event: QMouseEvent) -> int:
        """Return which step the mouse is on, or -1."""
        y = int(event.position().y())
        for at, step in enumerate(self._steps):
            y -= self._height(step, self.width())
            if y < 0:
                return at
        return -1

    def _open(self) -> None:
        if self._steps and self._steps[self._at].key:
            self.opened.emit(self._steps[self._at].key)

    def _show_in_view(self) -> None:
        viewport = self.parentWidget()
        area = None if viewport is None else viewport.parentWidget()
        if isinstance(area, QScrollArea):
            high = theme.now.px(STEP)
            area.ensureVisible(0, self._top(self._at) + high // 2, 0, high)

    def _tell(self) -> None:
        steps = [
            ", ".join(part for part in (step.day, step.title, step.second, step.amount) if part)
            for step in self._steps
        ]
        self.setAccessibleDescription(". ".join(steps))
        self.update()


class StoryPage(QScrollArea):
    """A tab of a pane that shows a story made from the detail."""

    opened = Signal(str)

    def __init__(
        self, steps: Callable[[Any], Sequence[StoryStep]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._steps = steps
        self.story = Story()
        self.story.opened.connect(self.opened)
        self.setWidget(self.story)
        self.story.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)

    def show_detail(self, detail: Any) -> None:
        """Show another record's story, from the top."""
        self.story.show_steps(self._steps(detail))
        self.verticalScrollBar().setValue(0)
