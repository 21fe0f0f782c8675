"""What a payer gave for a code so far: a step line of allowed against expected, and its sums."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.claims.underpaid import UnderpaymentDetail
from fscdesk.services.remittances.fee_history import FeeRow
from fscdesk.services.remittances.underpayments import UnderpaymentRow
from fscdesk.ui.charts.step_line import StepLine, StepPoint
from fscdesk.ui.tables.facts import Fact, Facts, Section
from fscdesk.ui.text import Label, count_text, day_text, money_text

MOST = 24
"""So many days can be told apart in the width of a pane; the newest are shown."""
OpenDay = Callable[[UnderpaymentRow, date], None]


class HistoryPage(QScrollArea):
    """A tab of the pane. Enter on a point opens the sessions of its day."""

    def __init__(self, open_day: OpenDay) -> None:
        super().__init__()
        self._row: UnderpaymentRow | None = None
        self._open_day = open_day
        self.heading = Label("", "section")
        self.chart = StepLine("Allowed against expected", names=("Expected", "Allowed"))
        self.chart.opened.connect(self._on_opened)
        self.unknown = Label("", "hint", wrap=True)
        self.facts = Facts("What it gave so far")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        for part in (self.heading, self.chart, self.unknown, self.facts):
            column.addWidget(part)
        column.addStretch(1)
        self.setWidget(page)
        page.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_detail(self, found: UnderpaymentDetail) -> None:
        """Show another payer and code, from the top."""
        self._row, history = found.row, found.history
        code = " ".join(part for part in (found.row.code, found.row.modifiers) if part)
        self.heading.setText(f"{found.row.payer}, {code}, one unit")
        points = [] if history is None else points_of(history)
        self.chart.show_points(points)
        self.chart.setVisible(bool(points))
        left = 0 if history is None else sum(one.expected is None for one in history.points)
        are = "is" if left == 1 else "are"
        self.unknown.setText(f"{count_text(left, 'day')} without a known fee {are} left out.")
        self.unknown.setVisible(bool(left))
        self.facts.show_sections(() if history is None else (_sums(history),))
        self.verticalScrollBar().setValue(0)

    def _on_opened(self, key: str) -> None:
        if self._row is not None:
            self._open_day(self._row, date.fromisoformat(key))


def points_of(history: FeeRow) -> list[StepPoint]:
    """Return the newest days whose fee was known, the oldest first."""
    return [
        StepPoint(one.day.isoformat(), f"{one.day:%m/%d}", one.expected, one.allowed)
        for one in history.points
        if one.expected is not None
    ][-MOST:]


def _sums(history: FeeRow) -> Section:
    def money(label: str, amount: Money) -> Fact:
        return Fact(label, (money_text(amount, zero_dash=False),))

    first, last = history.points[0].day, history.points[-1].day
    return Section(
        f"{day_text(first)} to {day_text(last)}",
        (
            Fact("Answered", (count_text(history.lines, "line"),)),
            money("Allowed, lowest", history.lowest),
            money("Allowed, highest", history.highest),
            money("Paid, median", history.paid),
            Fact("Below the fee", (count_text(history.low_lines, "line"),)),
            Fact("Short when answered", (money_text(history.short, zero_dash=False),), strong=True),
        ),
    )
