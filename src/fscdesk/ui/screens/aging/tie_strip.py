"""The proof under the matrix: green where aging is the ledger, red with the reasons if not."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fscdesk.services.reports.aging_tie import Tie
from fscdesk.ui import icons, theme
from fscdesk.ui.tables.delegates import FIRST_PAD, LAST_PAD
from fscdesk.ui.tables.marks import elide
from fscdesk.ui.text import count_text, money_text, time_text

_V = Qt.AlignmentFlag.AlignVCenter


class TieStrip(QWidget):
    """One line that says whether the figures are right, and a line for each reason if not.

    Where the sheet is narrow the equation has two lines: it is never cut.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.words, self.right = "", ""
        self.reasons: tuple[str, ...] = ()
        self.ties: bool | None = None
        self.wait()

    def wait(self) -> None:
        """Say that the ledger is being asked."""
        self._say(None, "Checking against the general ledger…", "", ())

    def unknown(self) -> None:
        """Say that the ledger could not be asked."""
        self._say(None, "Not checked against the general ledger.", "", ())

    def show_tie(self, tie: Tie, at: datetime, zone: ZoneInfo) -> None:
        """Show the equation, and when it was looked at."""
        difference = money_text(tie.difference, zero_dash=False)
        right = f"difference {difference}, checked {time_text(at, zone)}"
        reasons = tie.offenders
        if not tie.ties and not reasons:
            reasons = ("No single entry explains it. Run the check of the books.",)
        self._say(tie.ties, tie.words, right, () if tie.ties else reasons)

    def sizeHint(self) -> QSize:
        now = theme.now
        return QSize(300, self._first() + len(self.reasons) * now.line("body"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _room(self) -> int:
        """Return how wide the equation may be beside what stands right."""
        right = theme.now.metrics("small").horizontalAdvance(self.right)
        return self.width() - FIRST_PAD - theme.now.size.icon - 8 - LAST_PAD - right - 16

    def _first(self) -> int:
        """Return how high the line of the equation is."""
        now = theme.now
        whole = now.metrics("body", weight=500).horizontalAdvance(self.words)
        return now.size.totals_row + (now.line("body") if whole > self._room() else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        tone = now.tone({True: "green", False: "red", None: "neutral"}[self.ties])
        picture = {True: "circle-check", False: "circle-x", None: "clock"}[self.ties]
        painter.fillRect(self.rect(), tone.bg)
        first, side = self._first(), now.size.icon
        icons.paint(painter, picture, tone.fg, FIRST_PAD, (first - side) / 2, side)
        painter.setPen(tone.fg)
        painter.setFont(now.font("small"))
        line = QRect(0, 0, self.width() - LAST_PAD, first)
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | _V, self.right)
        left = FIRST_PAD + side + 8
        painter.setFont(now.font("body", weight=500))
        room = QRect(left, 0, self._room() + 2, first)
        painter.drawText(room, int(_V) | int(Qt.TextFlag.TextWordWrap), self.words)
        painter.setFont(now.font("body"))
        high = now.line("body")
        for place, reason in enumerate(self.reasons):
            at = QRect(left, first - 6 + place * high, self.width() - left - LAST_PAD, high)
            painter.drawText(at, _V, elide(reason, at.width()))

    def _say(self, ties: bool | None, words: str, right: str, reasons: tuple[str, ...]) -> None:
        self.ties, self.words, self.right, self.reasons = ties, words, right, reasons
        self.setAccessibleName("Proof against the ledger")
        self.setAccessibleDescription(". ".join(part for part in (words, right, *reasons) if part))
        many = count_text(len(reasons), "reason") if reasons else ""
        self.setToolTip(f"{words}\n{many}" if reasons else words)
        self.updateGeometry()
        self.update()
