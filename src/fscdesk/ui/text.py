"""Words and figures on the screen: plain labels, money, dates and counts by fixed rules.

Nothing here asks the computer's locale: amounts and days look the same on every workstation
(ui.md section 5). Labels never read rich text, because a client's name could hold some.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from fscdesk.models.values import Money
from fscdesk.ui import theme

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
MEASURED = 48
"""A label that is not laid out yet is about so narrow: its lines are not counted."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def money_text(amount: Money | int | None, *, zero_dash: bool = True, signed: bool = False) -> str:
    """An amount for a column: `1,235.00`, `−40.00`; zero is a dash, unknown is empty.

    `zero_dash=False` where a sum or a decision is stated; `signed` puts a plus before a gain.
    An int is cents.
    """
    if amount is None:
        return ""
    cents = amount if isinstance(amount, int) else amount.cents
    if cents == 0:
        return DASH if zero_dash else "0.00"
    whole = f"{abs(cents) // 100:,}.{abs(cents) % 100:02d}"
    if cents < 0:
        return MINUS + whole
    return f"+{whole}" if signed else whole


def dollars_text(amount: Money) -> str:
    """An amount in prose or on what a client gets: `$55.00`, `−$55.00`."""
    shown = money_text(abs(amount), zero_dash=False)
    return f"{MINUS}${shown}" if amount.cents < 0 else f"${shown}"


def day_text(day: date | None) -> str:
    """A day in a table: `03/31/2026`; unknown is empty."""
    return "" if day is None else f"{day.month:02d}/{day.day:02d}/{day.year:04d}"


def short_day_text(day: date) -> str:
    """A day where the year is known: `03/31`."""
    return f"{day.month:02d}/{day.day:02d}"


def long_day_text(day: date) -> str:
    """A day as a title: `Wednesday, April 1, 2026`."""
    return f"{WEEKDAYS[day.weekday()]}, {MONTHS[day.month - 1]} {day.day}, {day.year}"


def month_text(day: date) -> str:
    """A month: `March 2026`."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def time_text(moment: datetime, zone: ZoneInfo) -> str:
    """The time of day in the practice's zone: `08:15`."""
    there = moment.astimezone(zone)
    return f"{there.hour:02d}:{there.minute:02d}"


def moment_text(moment: datetime, zone: ZoneInfo) -> str:
    """A day and a time in the practice's zone: `03/31/2026 08:15`."""
    return f"{day_text(moment.astimezone(zone).date())} {time_text(moment, zone)}"


def age_text(day: date, today: date) -> str:
    """How far off a day is: `today`, `in 9 days`, `1 day old`."""
    days = (day - today).days
    if days == 0:
        return "today"
    unit = "day" if abs(days) == 1 else "days"
    return f"in {days:,} {unit}" if days > 0 else f"{-days:,} {unit} old"


def count_text(count: int, one: str = "", many: str = "") -> str:
    """A count with thousands commas, and its noun: `2,418`, `1 claim`, `12 claims`."""
    shown = f"{MINUS if count < 0 else ''}{abs(count):,}"
    noun = one if abs(count) == 1 else many or (one and f"{one}s")
    return f"{shown} {noun}" if noun else shown


def percent_text(share: float, places: int = 1) -> str:
    """A share of one as `5.1 %`."""
    shown = f"{abs(share) * 100:,.{places}f}"
    return f"{MINUS if share < 0 and float(shown.replace(',', '')) else ''}{shown} %"


def key_text(keys: str) -> str:
    """A key as it is shown on a keycap: `Ctrl K` for `Ctrl+K`."""
    if keys.endswith("+"):
        return f"{keys[:-1].replace('+', ' ')}+"
    return keys.replace("Return", "↵").replace("+", " ")


class Label(QLabel):
    """A label that shows plain text, whatever is in it. `role` picks its type (ui.md 1).

    Roles: caption small hint body strong section title figure negative link, and `on_accent`.
    """

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        parent: QWidget | None = None,
        *,
        wrap: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setText(text)
        if wrap:
            self.setWordWrap(True)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def set_role(self, role: str) -> None:
        """Change the type role, and look it up in the sheet again."""
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)


class ElidedLabel(Label):
    """A one-line label that ends in "…" where it lacks room, and shows all in its tooltip."""

    def __init__(self, text: str = "", role: str = "body", parent: QWidget | None = None) -> None:
        self._whole = self._shown = ""
        super().__init__("", role, parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._whole = " ".join(text.split("\n"))
        super().setText(self._whole)
        self._elide()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.now.px(24), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._elide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            self.contentsRect(),
            int(self.alignment()) | Qt.TextFlag.TextSingleLine,
            self.palette(),
            self.isEnabled(),
            self._shown,
            self.foregroundRole(),
        )

    def _elide(self) -> None:
        room = self.contentsRect().width()
        self._shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        # A tooltip may be read as rich text: only words that cannot be taken for tags go in bare.
        self.setToolTip(plain_tip(self._whole) if self._shown != self._whole else "")


class WholeLabel(Label):
    """A label that stands on one line where it can, and takes as many as its words need."""

    rewrapped = Signal()
    """It needs another number of lines than before."""

    def __init__(self, text: str = "", role: str = "body", parent: QWidget | None = None) -> None:
        self._lines = 1
        super().__init__("", role, parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def lines(self) -> int:
        """Return how many lines the words take in the room there is."""
        return self._lines

    def setText(self, text: str) -> None:
        super().setText(" ".join(text.split("\n")))
        self._wrap()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.now.px(24), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._wrap()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._wrap()

    def paintEvent(self, event: QPaintEvent) -> None:
        self.style().drawItemText(
            QPainter(self),
            self.contentsRect(),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap),
            self.palette(),
            self.isEnabled(),
            self.text(),
            self.foregroundRole(),
        )

    def _wrap(self) -> None:
        metrics, room = self.fontMetrics(), self.contentsRect()
        flags = int(Qt.TextFlag.TextWordWrap)
        tall = metrics.boundingRect(0, 0, room.width(), 10_000, flags, self.text()).height()
        lines = max(1, round(tall / metrics.lineSpacing())) if room.width() > MEASURED else 1
        if lines != self._lines:
            self._lines = lines
            self.rewrapped.emit()


def plain_tip(text: str) -> str:
    """A tooltip that Qt cannot take for rich text, whatever a name holds."""
    return text.replace("<", "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}")
