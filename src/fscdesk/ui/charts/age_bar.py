"""What is open by age: one bar in five shades of one hue, with its figures under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from fscdesk.models.values import Money
from fscdesk.ui import theme
from fscdesk.ui.charts.chart import Chart, Figures, Mark
from fscdesk.ui.painting import box
from fscdesk.ui.text import money_text, percent_text

BAR, GAP, SWATCH, LEAST = 20, 1, 10, 3


@dataclass(frozen=True, slots=True)
class AgePart:
    """One bucket: ``0–30`` and what is open in it. Below zero it has no length in the bar."""

    key: str
    label: str
    amount: Money


class AgeBar(Chart):
    """Pale is young, dark is old (in the dark theme the other way round)."""

    def __init__(
        self, name: str, parts: Sequence[AgePart] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(name, parent)
        self.show_parts(parts)

    def show_parts(self, parts: Sequence[AgePart]) -> None:
        """Show other figures, youngest first; at most as many as there are shades."""
        self._parts = tuple(parts)
        self.updateGeometry()
        self.renew()

    def marks(self) -> Sequence[Mark]:
        shares = self._shares()
        return [
            Mark(part.key, f"{part.label}: {money_text(part.amount)}, {share}", rect)
            for part, share, rect in zip(self._parts, shares, self._cells(), strict=True)
        ]

    def figures(self) -> Figures:
        rows = [
            (part.label, money_text(part.amount, zero_dash=False), share)
            for part, share in zip(self._parts, self._shares(), strict=True)
        ]
        total = Money(sum(part.amount.cents for part in self._parts))
        return Figures(
            ("Age", "Open", "Share"), (*rows, ("All", money_text(total, zero_dash=False), "100 %"))
        )

    def segments(self) -> list[QRect]:
        """Return where the parts of the bar are, with a gap of 1 px between them."""
        total = sum(max(0, part.amount.cents) for part in self._parts)
        high = theme.now.px(BAR)
        shown = [part for part in self._parts if part.amount.cents > 0]
        room = self.width() - GAP * max(0, len(shown) - 1) - LEAST * len(shown)
        x, found = 0.0, []
        for part in self._parts:
            if part.amount.cents <= 0:
                found.append(QRect(round(x), 0, 0, high))
                continue
            wide = LEAST + room * part.amount.cents / total
            found.append(QRect(round(x), 0, round(x + wide) - round(x), high))
            x += wide + GAP
        return found

    def sizeHint(self) -> QSize:
        now = theme.now
        lines = now.line("small") * 2 + now.line("strong")
        return QSize(300, now.px(BAR) + 12 + lines + 4)

    def minimumSizeHint(self) -> QSize:
        needed = self._needed()
        return QSize(sum(needed) + 8 * max(0, len(needed) - 1), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self), theme.now
        shades = now.chart.aging
        for place, rect in enumerate(self.segments()):
            if rect.width():
                box(painter, rect, 2, shades[min(place, len(shades) - 1)])
        for place, (part, share, rect) in enumerate(
            zip(self._parts, self._shares(), self._cells(), strict=True)
        ):
            shade = shades[min(place, len(shades) - 1)]
            line = rect.y() + now.line("small") // 2
            swatch = QRect(rect.x(), line - SWATCH // 2, SWATCH, SWATCH)
            box(painter, swatch, 2, shade)
            self._words(painter, rect, part, share)
        self.paint_focus(painter)

    def _words(self, painter: QPainter, rect: QRect, part: AgePart, share: str) -> None:
        now, top = theme.now, rect.y()
        flags = Qt.AlignmentFlag.AlignVCenter
        small = now.line("small")
        painter.setFont(now.font("small"))
        painter.setPen(now.text3)
        first = QRect(rect.x() + SWATCH + 6, top, rect.width(), small)
        painter.drawText(first, flags, part.label)
        painter.setFont(now.font("strong"))
        painter.setPen(now.negative if part.amount.cents < 0 else now.text)
        strong = now.line("strong")
        second = QRect(rect.x(), top + small, rect.width() + 8, strong)
        painter.drawText(second, flags, money_text(part.amount))
        painter.setFont(now.font("small"))
        painter.setPen(now.text3)
        painter.drawText(QRect(rect.x(), top + small + strong, rect.width(), small), flags, share)

    def _shares(self) -> list[str]:
        total = sum(max(0, part.amount.cents) for part in self._parts)
        return [
            percent_text(max(0, part.amount.cents) / total, 0) if total else "0 %"
            for part in self._parts
        ]

    def _needed(self) -> list[int]:
        """Return how wide the figures of each part are."""
        small, strong = theme.now.metrics("small"), theme.now.metrics("strong")
        return [
            max(
                small.horizontalAdvance(part.label) + SWATCH + 6,
                strong.horizontalAdvance(money_text(part.amount)),
            )
            for part in self._parts
        ]

    def _cells(self) -> list[QRect]:
        """Return where the figures stand: under the bar, each as wide as it must be."""
        now = theme.now
        top = now.px(BAR) + 12
        high = now.line("small") * 2 + now.line("strong")
        needed = self._needed()
        gap = max(8, (self.width() - sum(needed)) // max(1, len(needed)))
        found, x = [], 0
        for wide in needed:
            found.append(QRect(x, top, wide, high))
            x += wide + gap
        return found
