"""A metric's trend: a small line with a dot at its end and a dotted goal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from fscdesk.ui import theme
from fscdesk.ui.charts.chart import Chart, Figures, Mark
from fscdesk.ui.painting import smooth

HEIGHT, DOT = 28, 3


@dataclass(frozen=True, slots=True)
class SparkPoint:
    """One value: ``label`` says when, ``words`` what it was, ``value`` where it is drawn.

    ``value`` None holds the place of one that is not known: the line has a gap there.
    """

    key: str
    label: str
    value: float | None
    words: str


class Sparkline(Chart):
    """A line over its own range: a trend is about its shape, not about zero."""

    def __init__(
        self,
        name: str,
        points: Sequence[SparkPoint] = (),
        goal: float | None = None,
        tone: str = "green",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, parent)
        self.show_points(points, goal, tone)

    def show_points(
        self, points: Sequence[SparkPoint], goal: float | None = None, tone: str = "green"
    ) -> None:
        """Show other figures; the tone says whether the last one meets the goal."""
        self._points, self._goal, self._tone = tuple(points), goal, tone
        self.renew()

    @property
    def dot(self) -> QPointF | None:
        """Where the newest value stands; None where it is not known."""
        places = self._places()
        return places[-1] if places else None

    def marks(self) -> Sequence[Mark]:
        return [
            Mark(point.key, f"{point.label}: {point.words}", self._around(at))
            for point, at in zip(self._points, self._places(), strict=True)
            if at is not None
        ]

    def figures(self) -> Figures:
        return Figures(
            ("When", self.name), tuple((point.label, point.words) for point in self._points)
        )

    def sizeHint(self) -> QSize:
        return QSize(120, theme.now.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        runs = self._runs()
        if not runs:
            return
        painter, now = QPainter(self), theme.now
        smooth(painter)
        if self._goal is not None:
            pen = QPen(now.chart.goal, 1)
            pen.setDashPattern([1, 2])
            painter.setPen(pen)
            level = round(self._level(self._goal)) + 0.5
            painter.drawLine(QPointF(0, level), QPointF(self.width(), level))
        solid = now.tone(self._tone).solid
        pen = QPen(solid, 1.6)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for run in runs:
            if len(run) > 1:
                painter.drawPolyline(QPolygonF(run))
            else:
                painter.drawPoint(run[0])
        dot = self.dot
        if dot is not None:
            painter.setPen(QPen(now.surface, 1.5))
            painter.setBrush(solid)
            painter.drawEllipse(dot, DOT + 0.75, DOT + 0.75)
        self.paint_focus(painter)

    def _runs(self) -> list[list[QPointF]]:
        """Return the values that stand side by side, without those that are not known."""
        runs: list[list[QPointF]] = [[]]
        for place in self._places():
            if place is not None:
                runs[-1].append(place)
            elif runs[-1]:
                runs.append([])
        return [run for run in runs if run]

    def _range(self) -> tuple[float, float]:
        values = [point.value for point in self._points if point.value is not None]
        if self._goal is not None:
            values.append(self._goal)
        return min(values), max(values)

    def _level(self, value: float) -> float:
        low, high = self._range()
        room = self.height() - 2 * (DOT + 2)
        share = 0.5 if high == low else (value - low) / (high - low)
        return DOT + 2 + room * (1 - share)

    def _places(self) -> list[QPointF | None]:
        count = len(self._points)
        wide = self.width() - 2 * (DOT + 2)
        step = wide / (count - 1) if count > 1 else 0
        left = DOT + 2 if count > 1 else self.width() - (DOT + 2)
        return [
            None if point.value is None else QPointF(left + at * step, self._level(point.value))
            for at, point in enumerate(self._points)
        ]

    def _around(self, at: QPointF) -> QRect:
        return QRect(round(at.x()) - 4, round(at.y()) - 4, 9, 9)
