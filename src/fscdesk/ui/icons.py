"""The icons: Lucide outlines drawn in a token's colour, sharp at every scale, and cached.

An icon from `icon` keeps its name and its token, not a picture: it is drawn when something
paints it, so it follows the theme and the screen's pixel ratio by itself.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from PySide6.QtCore import QByteArray, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from fscdesk.resources import resource
from fscdesk.ui import theme

_THIN_BELOW: Final = 16
_KEPT: Final = 2000
_SEVERITIES: Final = {
    "severity-low": '<circle cx="12" cy="12" r="8" fill="none" stroke="currentColor" '
    'stroke-width="3"/>',
    "severity-medium": '<path d="M12 1.5 22.5 12 12 22.5 1.5 12Z" fill="currentColor"/>',
    "severity-high": '<path d="M12 2.5 22.5 21.5H1.5Z" fill="currentColor" '
    'stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"/>',
    "severity-critical": '<path fill-rule="evenodd" fill="currentColor" d="M7.6 1.4h8.8l6.2 6.2'
    'v8.8l-6.2 6.2H7.6l-6.2-6.2V7.6Z M10.6 6v7.4h2.8V6Z M10.6 15.4v2.8h2.8v-2.8Z"/>',
}
"""Filled shapes (ui.md, severities): the shape alone tells them apart, without its colour."""

Name = str
_pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}


def icon(name: Name, color: str = "text2", size: int = 16) -> QIcon:
    """An icon that draws itself in the token `color`; `size` is what it asks for at 100 %.

    The same arguments give the same icon. Raises FileNotFoundError for an unknown name.
    """
    return _icon(name, color, size)[0]


def pixmap(
    name: Name, color: str | QColor = "text2", size: int = 16, ratio: float = 1.0
) -> QPixmap:
    """The picture of an icon, `size` device-independent pixels wide at a screen's pixel ratio."""
    shade = theme.now.colour(color) if isinstance(color, str) else color
    key = (name, shade.name(QColor.NameFormat.HexArgb), size, ratio)
    found = _pixmaps.get(key)
    if found is None:
        if len(_pixmaps) >= _KEPT:
            _pixmaps.clear()
        found = _pixmaps[key] = _render(name, shade, size, ratio)
    return found


def paint(
    painter: QPainter, name: Name, color: str | QColor, x: float, y: float, size: int = 16
) -> None:
    """Draw an icon with its left upper corner at x, y, at the painter's own pixel ratio."""
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(QPointF(x, y), pixmap(name, color, size, ratio))


def clear() -> None:
    """Forget all pictures: the theme has changed."""
    _pixmaps.clear()


class _Engine(QIconEngine):
    """Draws one icon in one token's colour, whatever the theme is at that moment."""

    def __init__(self, name: str, color: str, size: int) -> None:
        super().__init__()
        self._name, self._color, self._size = name, color, size

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        ratio = painter.device().devicePixelRatioF()
        at = QRectF(0, 0, side, side)
        at.moveCenter(QRectF(rect).center())
        painter.drawPixmap(at.topLeft(), pixmap(self._name, self._shade(mode), side, ratio))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return pixmap(self._name, self._shade(mode), min(size.width(), size.height()))

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        side = round(min(size.width(), size.height()) / scale)
        return pixmap(self._name, self._shade(mode), side, scale)

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:
        return size

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._color, self._size)

    def _shade(self, mode: QIcon.Mode) -> str:
        return "disabled" if mode == QIcon.Mode.Disabled else self._color


@cache
def _icon(name: str, color: str, size: int) -> tuple[QIcon, QIconEngine]:
    """Both are kept: Qt holds the engine, and Python must hold what it overrides."""
    _source(name)
    engine = _Engine(name, color, size)
    return QIcon(engine), engine


@cache
def _source(name: str) -> str:
    """The drawing as it is shipped, or one of the severity shapes."""
    shape = _SEVERITIES.get(name)
    if shape is not None:
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{shape}</svg>'
    return resource(f"icons/{name}.svg").read_text(encoding="utf-8")


def _render(name: str, shade: QColor, size: int, ratio: float) -> QPixmap:
    width = "2" if size < _THIN_BELOW else "1.75"
    drawing = _source(name).replace("currentColor", shade.name())
    if name not in _SEVERITIES:
        drawing = drawing.replace('stroke-width="2"', f'stroke-width="{width}"')
    side = max(1, round(size * ratio))
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made
