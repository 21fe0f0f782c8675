"""One metric: its figure, its trend, its goal; Enter opens the list that it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from fscdesk.services.reports.metrics import Metric
from fscdesk.ui import icons, theme
from fscdesk.ui.charts.sparkline import Sparkline, SparkPoint
from fscdesk.ui.painting import box
from fscdesk.ui.tables.marks import elide
from fscdesk.ui.text import plain_tip, short_day_text

PAD, NARROWEST, IN_A_ROW = 14, 132, 4
NEARLY = 0.1
"""Missed by so much of the goal, or less, is a warning; missed by more is a miss."""
UNKNOWN = {
    "unbilled": "no sessions yet",
    "days_to_payment": "no payments yet",
    "days_in_ar": "no charges yet",
    "old_claims": "no claims yet",
    "denial_rate": "no answers yet",
    "clean_rate": "nothing sent yet",
    "collection_rate": "too early to say",
}
_V = Qt.AlignmentFlag.AlignVCenter
_ICONS = {"green": "circle-check", "amber": "triangle-alert", "red": "circle-x"}


class MetricTile(QWidget):
    """Paints its words; the trend is a sparkline that stands in it. T shows its figures."""

    opened = Signal(object)
    """Metric."""
    moved = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.shown: Metric | None = None
        self.trend = Sparkline("")
        self.trend.setParent(self)
        self.trend.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.trend.setFocusProxy(self)
        self.trend.opened.connect(lambda _key: self._open())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("A metric that is being read")

    def show_metric(self, metric: Metric, today: date) -> None:
        """Show a figure with its trend, which ends today."""
        self.shown = metric
        values = (*metric.trend, metric.value)
        first = today - timedelta(weeks=len(metric.trend))
        points = [
            SparkPoint(
                str(place),
                short_day_text(first + timedelta(weeks=place)),
                value,
                figure_text(value, metric.unit),
            )
            for place, value in enumerate(values)
            if value is not None
        ]
        known = metric.value is not None
        self.trend.name = metric.title
        self.trend.show_points(points if known else (), metric.target, tone_of(metric))
        self.trend.setVisible(known)
        self.setAccessibleName(f"{metric.title}: {spoken(metric)}")
        self.setAccessibleDescription(f"{metric.words} {self.trend.accessibleDescription()}")
        self.setToolTip(plain_tip(metric.words))
        self.update()

    def show_table(self) -> None:
        """Show the figures of the trend."""
        if self.shown is not None and self.shown.value is not None:
            self.trend.show_table()

    def sizeHint(self) -> QSize:
        now = theme.now
        lines = now.line("small") * 2 + now.line("figure") + self.trend.sizeHint().height()
        return QSize(now.px(160), lines + 2 * 12 + 12)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.now.px(100), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key, 0)
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif step:
            self.moved.emit(step)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open()
        elif key == Qt.Key.Key_T:
            self.show_table()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and inside:
            self._open()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter, metric = theme.now, QPainter(self), self.shown
        if self.underMouse():
            box(painter, self.rect().adjusted(2, 2, -2, -2), now.radius_control, now.hover)
        wide = self.width() - 2 * PAD
        line = QRect(PAD, 12, wide, now.line("small"))
        painter.setFont(now.font("small", weight=500))
        painter.setPen(now.text2)
        title = metric.title if metric else ""
        painter.drawText(line, _V, elide(title, wide, "small", 500))
        line = QRect(PAD, line.bottom() + 5, wide, now.line("figure"))
        if metric is None:
            painter.setFont(now.font("figure"))
            painter.setPen(now.text3)
            painter.drawText(line, _V, "…")
        elif metric.value is None:
            painter.setFont(now.font("small"))
            painter.setPen(now.text3)
            painter.drawText(line, _V, elide(UNKNOWN.get(metric.key, "unknown"), wide, "small"))
            self._goal(painter, metric, 0)
        else:
            self._figure(painter, line, metric)
            self._goal(painter, metric, self._verdict(painter, metric))

    def _figure(self, painter: QPainter, line: QRect, metric: Metric) -> None:
        now = theme.now
        words = figure_text(metric.value, "") if metric.unit == "" else f"{metric.value:,.1f}"
        painter.setFont(now.font("figure"))
        painter.setPen(now.text)
        painter.drawText(line, _V, words)
        used = now.metrics("figure").horizontalAdvance(words) + 4
        painter.setFont(now.font("small"))
        painter.setPen(now.text3)
        painter.drawText(line.adjusted(used, 4, 0, 4), _V, metric.unit)

    def _verdict(self, painter: QPainter, metric: Metric) -> int:
        """Draw how the goal is met, in word and icon; return how wide that is."""
        now, line = theme.now, self._foot()
        tone, words = tone_of(metric), verdict(metric)
        side = now.size.icon_small
        top = line.y() + (line.height() - side) / 2
        icons.paint(painter, _ICONS[tone], now.tone(tone).fg, line.x(), top, side)
        painter.setFont(now.font("small", weight=500))
        painter.setPen(now.tone(tone).fg)
        painter.drawText(line.adjusted(side + 5, 0, 0, 0), _V, words)
        return side + 5 + now.metrics("small", weight=500).horizontalAdvance(words)

    def _goal(self, painter: QPainter, metric: Metric, used: int) -> None:
        now, line = theme.now, self._foot()
        metrics = now.metrics("small")
        for words in (f"goal {metric.goal}", metric.goal):
            if used + 8 + metrics.horizontalAdvance(words) <= line.width():
                painter.setFont(now.font("small"))
                painter.setPen(now.text3)
                painter.drawText(line, Qt.AlignmentFlag.AlignRight | _V, words)
                return

    def _foot(self) -> QRect:
        high = theme.now.line("small")
        return QRect(PAD, self.height() - 12 - high, self.width() - 2 * PAD, high)

    def _place(self) -> None:
        high = self.trend.sizeHint().height()
        top = self._foot().y() - 4 - high
        self.trend.setGeometry(PAD - 3, top, self.width() - 2 * PAD + 6, high)

    def _open(self) -> None:
        if self.shown is not None:
            self.opened.emit(self.shown)


class MetricBand(QFrame):
    """The seven tiles in one card; two rows where one has no room."""

    opened = Signal(object)

    def __init__(self, count: int = 7) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.tiles = [MetricTile() for _at in range(count)]
        for place, tile in enumerate(self.tiles):
            tile.setParent(self)
            tile.opened.connect(self.opened)
            tile.moved.connect(lambda step, place=place: self._move(place, step))
        theme.changed.connect(self._place)

    def show_metrics(self, metrics: Sequence[Metric], today: date) -> None:
        """Show all figures."""
        for tile, metric in zip(self.tiles, metrics, strict=True):
            tile.show_metric(metric, today)

    def sizeHint(self) -> QSize:
        return QSize(600, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        for tile in self.tiles:
            if tile.x() > 1:
                painter.fillRect(tile.x() - 1, tile.y(), 1, tile.height(), theme.now.border)
            if tile.y() > 1:
                painter.fillRect(1, tile.y() - 1, self.width() - 2, 1, theme.now.border)

    def _place(self) -> None:
        count, inner = len(self.tiles), self.width() - 2
        across = count if inner / count >= theme.now.px(NARROWEST) else IN_A_ROW
        high = self.tiles[0].sizeHint().height()
        for place, tile in enumerate(self.tiles):
            row, column = divmod(place, across)
            left, right = inner * column // across, inner * (column + 1) // across
            tile.setGeometry(1 + left, 1 + row * (high + 1), right - left - 1, high)
        rows = -(-count // across)
        self.setFixedHeight(rows * (high + 1) + 1)
        self.update()

    def _move(self, place: int, step: int) -> None:
        at = max(0, min(len(self.tiles) - 1, place + step))
        self.tiles[at].setFocus(Qt.FocusReason.TabFocusReason)


def tone_of(metric: Metric) -> str:
    """Return green where the goal is met, amber where it nearly is, red otherwise."""
    if metric.good or metric.good is None or metric.off_by is None:
        return "green"
    return "amber" if metric.off_by <= abs(metric.target) * NEARLY else "red"


def verdict(metric: Metric) -> str:
    """Return ``On goal``, ``2 over``, ``1.5 under``."""
    if metric.good or metric.off_by is None or metric.value is None:
        return "On goal"
    if metric.off_by == 0:
        return "Just missed"
    return f"{metric.off_by:g} {'over' if metric.value > metric.target else 'under'}"


def figure_text(value: float | None, unit: str) -> str:
    """Return ``9``, ``18.6 days`` or ``5.1 %``."""
    if value is None:
        return ""
    if not unit:
        return f"{value:,.0f}"
    return f"{value:,.1f} {unit}"


def spoken(metric: Metric) -> str:
    """Return a metric as it is read aloud: figure, verdict, goal."""
    if metric.value is None:
        return f"{UNKNOWN.get(metric.key, 'unknown')}, goal {metric.goal}"
    figure = figure_text(metric.value, metric.unit)
    return f"{figure}, {verdict(metric).lower()}, goal {metric.goal}"
