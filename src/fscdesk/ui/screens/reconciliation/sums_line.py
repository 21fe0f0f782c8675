"""The sum under the list: start, in, out, and what the bank says it should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fscdesk.ui import theme
from fscdesk.ui.painting import hairline

GAP, SIGN = 10, 12


@dataclass(frozen=True, slots=True)
class Sum:
    """One figure: its label, its words, the sign before it, and how it is drawn.

    ``tone`` colours what must be looked at (amber) and what agrees (green); ``apart``: a rule
    stands before it.
    """

    label: str
    figure: str
    sign: str = ""
    tone: str = ""
    apart: bool = False


class SumsLine(QWidget):
    """Figures in one line with their labels above; a screen reader hears them as a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.sums: tuple[Sum, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_sums(self, sums: Sequence[Sum]) -> None:
        """Show other figures."""
        self.sums = tuple(sums)
        self.setAccessibleName(", ".join(f"{one.label} {one.figure}" for one in self.sums))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        now = theme.now
        return QSize(self._end(), now.line("small") + now.px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._end(), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        high = now.line("small")
        font = _font()
        for one, x, wide in self._places():
            if one.apart:
                hairline(painter, x - GAP - 2, 2, self.height() - 4, upright=True)
            painter.setFont(now.font("small"))
            painter.setPen(now.text3)
            painter.drawText(QRect(x, 0, wide, high), flags, one.label)
            if one.sign:
                at = QRect(x - SIGN - 2, high, SIGN, self.height() - high)
                painter.drawText(at, flags | int(Qt.AlignmentFlag.AlignHCenter), one.sign)
            painter.setFont(font)
            painter.setPen(now.tone(one.tone).fg if one.tone else now.text)
            painter.drawText(QRect(x, high, wide + 2, self.height() - high), flags, one.figure)

    def _places(self) -> list[tuple[Sum, int, int]]:
        small, large = theme.now.metrics("small"), QFontMetrics(_font())
        found: list[tuple[Sum, int, int]] = []
        x = 0
        for one in self.sums:
            if one.apart:
                x += GAP
            if one.sign:
                x += SIGN + 2
            wide = max(small.horizontalAdvance(one.label), large.horizontalAdvance(one.figure))
            found.append((one, x, wide))
            x += wide + GAP
        return found

    def _end(self) -> int:
        places = self._places()
        return places[-1][1] + places[-1][2] + 4 if places else 0


def _font() -> QFont:
    font = QFont(theme.now.font("strong"))
    font.setPixelSize(theme.now.px(16))
    return font
