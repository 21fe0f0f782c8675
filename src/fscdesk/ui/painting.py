"""Strokes that several painted widgets share: boxes, hairlines, shadows, check marks."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from fscdesk.ui import theme


def smooth(painter: QPainter) -> None:
    """Round edges for shapes; hairlines are filled rectangles and do not mind."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def box(
    painter: QPainter,
    rect: QRect | QRectF,
    radius: float,
    fill: QColor | None,
    line: QColor | None = None,
    *,
    width: float = 1.0,
    dashed: bool = False,
) -> None:
    """A rounded box whose line lies inside `rect`."""
    smooth(painter)
    inside = QRectF(rect)
    if line is None:
        painter.setPen(Qt.PenStyle.NoPen)
    else:
        half = width / 2
        inside.adjust(half, half, -half, -half)
        pen = QPen(line, width)
        if dashed:
            pen.setDashPattern([3, 2])
        painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush if fill is None else fill)
    painter.drawRoundedRect(inside, radius, radius)


def hairline(painter: QPainter, x: int, y: int, length: int, *, upright: bool = False) -> None:
    """A line of one pixel in the border's colour; filled, because a drawn one would blur."""
    shape = QRect(x, y, 1, length) if upright else QRect(x, y, length, 1)
    painter.fillRect(shape, theme.now.border)


def shadow(painter: QPainter, rect: QRect, radius: float) -> None:
    """A soft shadow under a popup: 0 8 24, 16 % black."""
    smooth(painter)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 3))
    for grow in range(16, -18, -2):
        spread = QRectF(rect).adjusted(-grow, -grow + 8, grow, grow + 8)
        painter.drawRoundedRect(spread, max(2.0, radius + grow), max(2.0, radius + grow))


def tick(painter: QPainter, rect: QRectF, colour: QColor, width: float = 1.8) -> None:
    """A check mark inside a square."""
    smooth(painter)
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    side = rect.width()
    points = ((0.25, 0.53), (0.43, 0.71), (0.76, 0.32))
    painter.drawPolyline(
        QPolygonF([QPointF(rect.x() + x * side, rect.y() + y * side) for x, y in points])
    )


def check_box(
    painter: QPainter, rect: QRect, state: Qt.CheckState, *, enabled: bool = True
) -> None:
    """A check box as in a list: empty, ticked, or a bar for "some of them"."""
    now = theme.now
    if state == Qt.CheckState.Unchecked:
        line = now.border_input if enabled else now.border_strong
        box(painter, rect, 4, now.surface, line, width=1.25)
        return
    box(painter, rect, 4, now.accent if enabled else now.border_strong)
    mark = now.on_accent if enabled else now.surface
    if state == Qt.CheckState.Checked:
        tick(painter, QRectF(rect), mark)
    else:
        middle = QRectF(rect).center()
        side = rect.width() * 0.46
        box(painter, QRectF(middle.x() - side / 2, middle.y() - 1, side, 2), 1, mark)


def radio(painter: QPainter, rect: QRect, *, chosen: bool, enabled: bool = True) -> None:
    """A radio button's circle, with a dot in the chosen one."""
    now = theme.now
    smooth(painter)
    line = now.accent if chosen else now.border_input
    painter.setPen(QPen(line if enabled else now.border_strong, 1.25))
    painter.setBrush(now.surface)
    painter.drawEllipse(QRectF(rect).adjusted(0.75, 0.75, -0.75, -0.75))
    if chosen:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.accent if enabled else now.disabled)
        inner = rect.width() * 0.27
        painter.drawEllipse(QRectF(rect).center(), inner, inner)
