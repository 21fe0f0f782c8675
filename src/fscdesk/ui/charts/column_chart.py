"""Columns by week or month, from zero, with stacked parts; at most four gridlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from fscdesk.models.values import Money
from fscdesk.ui import theme
from fscdesk.ui.charts.chart import Chart, Figures, Mark
from fscdesk.ui.charts.scale import short_amount, ticks
from fscdesk.ui.painting import box
from fscdesk.ui.text import money_text

TOP, FOOT, GAP, HEIGHT = 34, 20, 1, 156
MOST_SERIES = 5


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``label`` under it, one amount for each series (none below zero)."""

    key: str
    label: str
    amounts: tuple[Money, ...]


class ColumnChart(Chart):
    """Stacked columns. ``ages`` takes the shades of ages instead of the series' colours."""

    def __init__(
        self,
        name: str,
        series: Sequence[str],
        columns: Sequence[Column] = (),
        parent: QWidget | None = None,
        *,
        ages: bool = False,
    ) -> None:
        super().__init__(name, parent)
        self._series = tuple(series[:MOST_SERIES])
        self._ages = ages
        self.show_columns(columns)

    def show_columns(self, columns: Sequence[Column], series: Sequence[str] = ()) -> None:
        """Show other figures, oldest first; with ``series`` their names change, too."""
        self._series = tuple(series[:MOST_SERIES]) or self._series
        self._columns = tuple(columns)
        self.renew()

    def marks(self) -> Sequence[Mark]:
        return [
            Mark(column.key, f"{column.label}: {self._words(column)}", self._column_rect(place))
            for place, column in enumerate(self._columns)
        ]

    def figures(self) -> Figures:
        many = len(self._series) > 1
        rows = [
            (
                column.label,
                *(money_text(amount, zero_dash=False) for amount in column.amounts),
                *((money_text(_sum(column), zero_dash=False),) if many else ()),
            )
            for column in self._columns
        ]
        return Figures(("When", *self._series, *(("Together",) if many else ())), tuple(rows))

    def scale(self) -> tuple[int, ...]:
        """Return the gridlines' values in cents."""
        return ticks(max((_sum(column).cents for column in self._columns), default=0))

    def parts(self, place: int) -> list[QRect]:
        """Return where the parts of a column are, the first at the bottom, 1 px apart."""
        column, rect = self._columns[place], self._column_rect(place)
        top = self.scale()[-1]
        plot = self._plot()
        found: list[QRect] = []
        below = plot.bottom() + 1
        for amount in column.amounts:
            high = round(plot.height() * max(0, amount.cents) / top) if top else 0
            gap = GAP if found and high else 0
            found.append(QRect(rect.x(), below - high, rect.width(), max(0, high - gap)))
            below -= high
        return found

    def names_width(self) -> int:
        """Return how wide the names of the series are, at the upper right."""
        metrics = theme.now.metrics("small")
        return sum(metrics.horizontalAdvance(name) + 32 for name in self._series)

    def sizeHint(self) -> QSize:
        return QSize(300, theme.now.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self), theme.now
        plot, scale = self._plot(), self.scale()
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
        for place in range(len(self._columns)):
            for series, rect in enumerate(self.parts(place)):
                if rect.height() > 0:
                    box(painter, rect, min(2, rect.height() // 2), self._colour(series))
        self._labels(painter)
        self._names(painter)
        self.paint_focus(painter)

    def _labels(self, painter: QPainter) -> None:
        """Write as many labels under the columns as have room, the last one stronger."""
        now, count = theme.now, len(self._columns)
        if not count:
            return
        metrics = now.metrics("caption")
        widest = max(metrics.horizontalAdvance(column.label) for column in self._columns) + 12
        step = max(1, -(-widest * count // max(1, self._plot().width())))
        last = count - 1
        for place, column in enumerate(self._columns):
            if (last - place) % step:
                continue
            rect = self._column_rect(place)
            painter.setFont(now.font("caption", weight=600 if place == last else 400))
            painter.setPen(now.text if place == last else now.text3)
            wide = painter.fontMetrics().horizontalAdvance(column.label) + 2
            x = max(0, min(rect.center().x() - wide // 2, self.width() - wide))
            under = QRect(x, self.height() - FOOT + 4, wide, 16)
            painter.drawText(under, Qt.AlignmentFlag.AlignCenter, column.label)

    def _names(self, painter: QPainter) -> None:
        """Name the series at the upper right, each beside its colour."""
        now, x = theme.now, self.width()
        painter.setFont(now.font("small"))
        metrics = now.metrics("small")
        for place in reversed(range(len(self._series))) if len(self._series) > 1 else ():
            wide = metrics.horizontalAdvance(self._series[place])
            x -= wide
            painter.setPen(now.text3)
            painter.drawText(
                QRect(x, 0, wide + 2, 16), Qt.AlignmentFlag.AlignVCenter, self._series[place]
            )
            x -= 16
            box(painter, QRect(x, 3, 10, 10), 2, self._colour(place))
            x -= 16

    def _plot(self) -> QRect:
        metrics = theme.now.metrics("caption", weight=400)
        left = max((metrics.horizontalAdvance(short_amount(at)) for at in self.scale()), default=0)
        top = TOP if len(self._series) > 1 else 8
        return QRect(left + 8, top, max(1, self.width() - left - 8), self.height() - top - FOOT - 1)

    def _column_rect(self, place: int) -> QRect:
        plot = self._plot()
        step = plot.width() / max(1, len(self._columns))
        wide = max(4, min(28, round(step * 0.5)))
        x = plot.x() + round(step * place + (step - wide) / 2)
        return QRect(x, plot.y(), wide, plot.height())

    def _colour(self, series: int) -> QColor:
        chart = theme.now.chart
        colours = chart.aging if self._ages else chart.series
        return colours[min(series, len(colours) - 1)]

    def _words(self, column: Column) -> str:
        parts = zip(self._series, column.amounts, strict=True)
        said = [f"{name} {money_text(amount, zero_dash=False)}" for name, amount in parts]
        return ", ".join(said)


def _sum(column: Column) -> Money:
    return Money(sum(max(0, amount.cents) for amount in column.amounts))
