"""The clocks of a claim: what must be done by which day, and how much of the time is used."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fscdesk.services.claims.clocks import Band, Clock, ClockKind
from fscdesk.services.claims.content import PayerFacts
from fscdesk.ui import theme
from fscdesk.ui.painting import box
from fscdesk.ui.tables.marks import elide
from fscdesk.ui.text import count_text, short_day_text

ROW, BAR = 42, 4
_TONES = {
    Band.OK: "slate",
    Band.USED: "amber",
    Band.DAYS_14: "amber",
    Band.DAYS_7: "red",
    Band.OVERDUE: "red",
}
_WORDS = {
    ClockKind.FILE: "Filing",
    ClockKind.CORRECT: "Corrected claim",
    ClockKind.APPEAL: "Appeal, from the denial",
}


class ClockBars(QWidget):
    """One bar for each clock that runs, the nearest first; read aloud as sentences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clocks: tuple[Clock, ...] = ()
        self._given: dict[ClockKind, int | None] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Clocks")

    def show_clocks(self, clocks: Sequence[Clock], payer: PayerFacts | None) -> None:
        """Show other clocks; the payer says how many days it gives for each."""
        self._clocks = tuple(clocks)
        self._given = (
            {}
            if payer is None
            else {
                ClockKind.FILE: payer.filing_days,
                ClockKind.CORRECT: payer.corrected_days,
                ClockKind.APPEAL: payer.appeal_days,
            }
        )
        self.setAccessibleDescription(". ".join(f"{one.words}, by {_by(one)}" for one in clocks))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, len(self._clocks) * theme.now.px(ROW))

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        flags = Qt.AlignmentFlag.AlignVCenter
        for at, one in enumerate(self._clocks):
            top = at * now.px(ROW)
            line = QRect(0, top, self.width(), now.line("body"))
            tone = now.tone(_TONES[one.band])
            given = self._given.get(one.what)
            painter.setFont(now.font("body"))
            painter.setPen(now.text)
            words = f"{_left(one)}, {_by(one)}"
            said, room = _WORDS[one.what], line.width() - 12
            room -= now.metrics("small", weight=500).horizontalAdvance(words)
            if given and one.what is not ClockKind.APPEAL:
                longer = f"{said}, {count_text(given, 'day')}"
                fits = now.metrics("body").horizontalAdvance(longer) <= room
                said = longer if fits else said
            painter.drawText(line, flags, elide(said, room, "body"))
            painter.setFont(now.font("small", weight=500))
            painter.setPen(tone.fg)
            painter.drawText(line, flags | Qt.AlignmentFlag.AlignRight, words)
            track = QRect(0, line.bottom() + now.px(6), self.width(), BAR)
            box(painter, track, BAR / 2, now.border)
            used = QRect(track)
            used.setWidth(max(BAR, int(track.width() * _share(one, given))))
            box(painter, used, BAR / 2, tone.solid)


def _left(one: Clock) -> str:
    if one.left < 0:
        return f"{count_text(-one.left, 'day')} over"
    return "today" if one.left == 0 else f"{count_text(one.left, 'day')} left"


def _by(one: Clock) -> str:
    return short_day_text(one.due_on)


def _share(one: Clock, given: int | None) -> float:
    if one.left <= 0 or not given:
        return 1.0 if one.left <= 0 else 0.5
    return min(1.0, max(0.0, (given - one.left) / given))
