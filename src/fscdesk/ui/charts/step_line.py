"""Paid against expected over time: two lines that go in steps, named at their ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from fscdesk.models.values import Money
from fscdesk.ui import theme
from fscdesk.ui.charts.chart import Chart, Figures, Mark
from fscdesk.ui.charts.scale import short_amount, ticks
from fscdesk.ui.painting import smooth
from fscdesk.ui.text import money_text

FOOT, HEIGHT, TOP = 20, 140, 8


@dataclass(frozen=True, slots=True)
class StepPoint:
    """From here on so much was expected and so much was paid."""

    key: str
    label: str
    expected: Money
    paid: Money


class StepLine(Chart):
    """Expected is dotted, paid is solid: the difference can be told without colour."""

    def __init__(
        self,
        name: str,
        points: Sequence[StepPoint] = (),
        names: tuple[str, str] = ("Expected", "Paid"),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, parent)
        self._names = names
        self.show_points(points)

    def show_points(self, points: Sequence[StepPoint]) -> None:
        """Show other figures, oldest first."""
        self._points = tuple(points)
        self.renew()

    def marks(self) -> Sequence[Mark]:
        plot = self._plot()
        step = plot.width() / max(1, len(self._points))
        return [
            Mark(
                point.key,
                f"{point.label}: {self._names[0].lower()} "
                f"{money_text(point.expected, zero_dash=False)}, {self._names[1].lower()} "
                f"{money_text(point.paid, zero_dash=False)}",
                QRect(plot.x() + round(at * step), plot.y(), max(4, round(step)), plot.height()),
            )
            for at, point in enumerate(self._points)
        ]

    def figures(self) -> Figures:
        rows = [
            (
                point.label,
                money_text(point.expected, zero_dash=False),
                money_text(point.paid, zero_dash=False),
                money_text(point.paid - point.expected, zero_dash=False, signed=True),
            )
            for point in self._points
        ]
        return Figures(("When", *self._names, "Difference"), tuple(rows))

    def line(self, amounts: Sequence[Money]) -> list[QPointF]:
        """Return the corners of one line: level until the next point, then up or down."""
        plot, top = self._plot(), self._scale()[-1]
        step = plot.width() / max(1, len(amounts))
        corners: list[QPointF] = []
        for at, amount in enumerate(amounts):
            share = max(0, amount.cents) / top if top else 0
            y = plot.bottom() + 1 - plot.height() * share
            corners += [
                QPointF(plot.x() + at * step, y),
                QPointF(plot.x() + (at + 1) * step, y),
            ]
        return corners

    def sizeHint(self) -> QSize:
        return QSize(300, theme.now.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self), theme.now
        plot, scale = self._plot(), self._scale()
        painter.setFont(now.font("caption", weight=400))
        for value in scale:
            y = plot.bottom() + 1
            if scale[-1]:
                y -= round(plot.height() * value / scale[-1])
            painter.fillRect(plot.x(), y, plot.width(), 1, now.chart.grid)
            painter.setPen(now.text3)
            label = QRect(0, y - 8, plot.x() - 8, 16)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(label, flags, short_amount(value))
        if self._points:
            self._lines(painter)
            self._labels(painter)
        self.paint_focus(painter)

    def _lines(self, painter: QPainter) -> None:
        now = theme.now
        smooth(painter)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        expected = self.line([point.expected for point in self._points])
        paid = self.line([point.paid for point in self._points])
        goal = QPen(now.chart.goal, 1.5)
        goal.setDashPattern([2, 2])
        painter.setPen(goal)
        painter.drawPolyline(QPolygonF(expected))
        painter.setPen(QPen(now.chart.series[0], 2))
        painter.drawPolyline(QPolygonF(paid))
        high, low = expected[-1].y(), paid[-1].y()
        if abs(high - low) < 16:  # two names on one line cannot be read
            middle, up = (high + low) / 2, 8 if high <= low else -8
            high, low = middle - up, middle + up
        self._name(painter, self._names[0], high, now.text3)
        self._name(painter, self._names[1], low, now.text)

    def _name(self, painter: QPainter, words: str, y: float, colour: QColor) -> None:
        painter.setFont(theme.now.font("small", weight=500))
        painter.setPen(colour)
        x = self._plot().right() + 8
        rect = QRect(x, round(y) - 8, self.width() - x, 16)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, words)

    def _labels(self, painter: QPainter) -> None:
        now, count = theme.now, len(self._points)
        metrics = now.metrics("caption")
        widest = max(metrics.horizontalAdvance(point.label) for point in self._points) + 12
        every = max(1, -(-widest * count // max(1, self._plot().width())))
        painter.setFont(now.font("caption", weight=400))
        painter.setPen(now.text3)
        for at, mark in enumerate(self.marks()):
            if (count - 1 - at) % every == 0:
                under = QRect(mark.rect.center().x() - 40, self.height() - FOOT + 4, 80, 16)
                painter.drawText(under, Qt.AlignmentFlag.AlignCenter, self._points[at].label)

    def _scale(self) -> tuple[int, ...]:
        amounts = [max(point.expected.cents, point.paid.cents) for point in self._points]
        return ticks(max(amounts, default=0))

    def _plot(self) -> QRect:
        now = theme.now
        axis = now.metrics("caption", weight=400)
        left = max((axis.horizontalAdvance(short_amount(at)) for at in self._scale()), default=0)
        small = now.metrics("small", weight=500)
        right = max(small.horizontalAdvance(name) for name in self._names) + 10
        wide = max(1, self.width() - left - 8 - right)
        return QRect(left + 8, TOP, wide, self.height() - TOP - FOOT - 1)
