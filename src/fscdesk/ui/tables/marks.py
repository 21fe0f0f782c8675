"""Small painted things that lists, panes and popups share: badges, tick boxes, elided words."""

from __future__ import annotations

import enum
from dataclasses import replace

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from fscdesk.ui import icons, theme
from fscdesk.ui.forms import badge
from fscdesk.ui.painting import box, check_box
from fscdesk.ui.theme import Status


class Tick(enum.IntEnum):
    """What a tick box shows."""

    OFF = 0
    SOME = 1
    ON = 2


BOX = 16
_SEVERITY = "severity-"
_KEPT = 4000
_STATES = {
    Tick.OFF: Qt.CheckState.Unchecked,
    Tick.SOME: Qt.CheckState.PartiallyChecked,
    Tick.ON: Qt.CheckState.Checked,
}
_elided: dict[tuple[str, int, str, int | None, int], str] = {}


def elide(text: str, width: int, role: str = "body", weight: int | None = None) -> str:
    """Return the text as it fits a width, ending in "…"; measured once and kept."""
    key = (text, width, role, weight, theme.now.text_size)
    found = _elided.get(key)
    if found is None:
        if len(_elided) >= _KEPT:
            _elided.clear()
        metrics = theme.now.metrics(role, weight=weight)
        found = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        _elided[key] = found
    return found


def wrapped(text: str, width: int, role: str = "body", *, most: int = 3) -> list[str]:
    """Return the text in lines of a width, broken between words; the last one ends in "…".

    At most ``most`` lines; a word that is wider than a line is cut.
    """
    metrics, lines = theme.now.metrics(role), [""]
    words = text.split()
    for at, word in enumerate(words):
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or metrics.horizontalAdvance(longer) <= width:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(word)
        else:
            lines[-1] = " ".join((lines[-1], *words[at:]))
            break
    return [elide(line, width, role) for line in lines]


def badge_width(status: Status) -> int:
    """Return how wide a badge is, or a severity's shape and word."""
    if not status.icon.startswith(_SEVERITY):
        return badge.badge_width(status)
    now = theme.now
    words = now.metrics("small", weight=500).horizontalAdvance(status.word)
    return now.size.icon_small + now.px(6) + words


def paint_badge(painter: QPainter, rect: QRect, status: Status, *, outlined: bool = False) -> None:
    """Draw icon and word on a tint at the left of ``rect``; a severity is a filled shape and word.

    ``outlined`` is for selected rows, where the tint alone would be lost. A word that lacks
    room ends in "…".
    """
    now = theme.now
    missing = badge_width(status) - rect.width()
    if missing > 0:
        words = now.metrics("small", weight=500).horizontalAdvance(status.word)
        status = replace(status, word=elide(status.word, words - missing, "small", 500))
    if not status.icon.startswith(_SEVERITY):
        top = rect.y() + (rect.height() - now.size.badge) // 2
        badge.paint_badge(painter, rect.x(), top, status, outlined=outlined)
        return
    side, tone = now.size.icon_small, now.tone(status.tone)
    top = rect.y() + (rect.height() - side) // 2
    icons.paint(painter, status.icon, tone.solid, rect.x(), top, side)
    painter.setFont(now.font("small", weight=500))
    painter.setPen(tone.fg)
    beside = rect.adjusted(side + now.px(6), 0, 0, 0)
    painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter, status.word)


def paint_tick(painter: QPainter, x: int, middle: int, state: Tick) -> None:
    """Draw a tick box with its left edge at ``x`` around a middle line."""
    side = theme.now.px(BOX)
    check_box(painter, QRect(x, middle - side // 2, side, side), _STATES[state])


def hairline(painter: QPainter, x: int, y: int, width: int, colour: QColor | None = None) -> None:
    """Draw a line of one pixel: filled, because an antialiased line is two pixels of grey."""
    painter.fillRect(x, y, width, 1, colour or theme.now.border)


def paint_focus(painter: QPainter, rect: QRect, radius: float) -> None:
    """Draw the 2 px focus ring just inside ``rect``, for what marks its own focus."""
    box(painter, rect, radius, None, theme.now.focus, width=2)
