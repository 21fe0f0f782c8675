"""The sum at the foot: the check, what is applied, what is kept, and what is left to post."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fscdesk.ui import icons, theme
from fscdesk.ui.forms.card import LEFT
from fscdesk.ui.painting import hairline
from fscdesk.ui.screens.payments.entry_state import EntryState
from fscdesk.ui.text import money_text

GAP = 22


class EntrySums(QWidget):
    """Check = Applied + Kept + Left to post: always in sight, a tick when nothing is left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parts: list[tuple[str, str]] = []
        self._left = 0
        self._ready = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def follow(self, state: EntryState) -> None:
        """Show the sums of a payment."""
        first = "Check" if state.head.method == "check" else "Payment"
        to = "sessions" if state.from_payer else "charges"
        kept = "Kept as credit"
        if state.from_payer and state.source is not None:
            kept = f"Kept as {state.source.name} credit"
        sums = (
            (first, state.amount),
            (f"Applied to {to}", state.applied),
            (kept, state.kept),
            ("Left to post", state.left),
        )
        self.parts = [(words, money_text(one, zero_dash=False)) for words, one in sums]
        self._left = state.left.cents
        self._ready = state.adds_up
        self.setAccessibleName(", ".join(f"{words} {one}" for words, one in self.parts))
        self.update()

    @property
    def ready(self) -> bool:
        """Whether the tick stands: nothing is left to post."""
        return self._ready

    def sizeHint(self) -> QSize:
        return QSize(400, theme.now.px(72))

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        hairline(painter, 0, 0, self.width())
        x, flags = LEFT, int(Qt.AlignmentFlag.AlignVCenter)
        big, small = now.metrics("figure"), now.metrics("small")
        for at, (words, amount) in enumerate(self.parts):
            if at:
                painter.setFont(now.font("body"))
                painter.setPen(now.text3)
                sign = "=" if at == 1 else "+"
                painter.drawText(QRect(x, now.px(32), now.px(16), now.px(30)), flags, sign)
                x += now.px(16 + GAP - 6)
            wide = max(big.horizontalAdvance(amount), small.horizontalAdvance(words)) + 4
            painter.setFont(now.font("small"))
            painter.setPen(now.text2)
            painter.drawText(QRect(x, now.px(12), wide, now.px(16)), flags, words)
            painter.setFont(now.font("figure"))
            last = at == len(self.parts) - 1
            painter.setPen(self._ink() if last else now.text)
            painter.drawText(QRect(x, now.px(32), wide, now.px(30)), flags, amount)
            if last and self._ready:
                side = now.size.icon
                after = x + big.horizontalAdvance(amount) + 8
                icons.paint(painter, "circle-check", "green.solid", after, now.px(39), side)
            x += wide + now.px(GAP)

    def _ink(self) -> QColor:
        now = theme.now
        if self._left < 0:
            return now.negative
        return now.tone("green").fg if self._ready else now.text
