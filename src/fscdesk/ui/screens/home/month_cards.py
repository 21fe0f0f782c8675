"""This month's collections against the budget, what is outstanding, days to payment: and a year."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fscdesk.services.reports.earned import percent
from fscdesk.services.reports.report_asked import period_text
from fscdesk.services.reports.twelve_months import MonthSeen
from fscdesk.ui import theme
from fscdesk.ui.charts.chart import Chart
from fscdesk.ui.charts.column_chart import Column, ColumnChart
from fscdesk.ui.charts.sparkline import Sparkline, SparkPoint
from fscdesk.ui.charts.step_line import StepLine, StepPoint
from fscdesk.ui.forms.card import Card
from fscdesk.ui.screen import Shell
from fscdesk.ui.text import Label, money_text, month_text

CHART_HIGH, WORDS_WIDE, NO_END = 76, 152, 16777215
BESIDE_FROM = 390
"""A narrower card has its chart below its words: beside them twelve months would be a scribble."""
GOAL_DAYS = 45.0
"""Days to payment should be below this (DESIGN.md 1)."""


class MonthCards(QWidget):
    """Three cards side by side; each figure opens its report, each mark its month."""

    opened = Signal(str, object)
    """A place, and what to ask there."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        reports = shell.has("reports")
        self._months: dict[str, MonthSeen] = {}
        self.columns = ColumnChart("Collected by month", ("Collected",))
        self.against = StepLine(
            "Collected by month against the budget", (), ("Budgeted income", "Collected")
        )
        self.collected = _MonthCard("Collected", "Income, cash basis" if reports else "")
        self.collected.hold(self.columns)
        self.collected.hold(self.against)
        self.against.hide()
        self.outstanding = _MonthCard("Outstanding", "Open aging" if shell.has("aging") else "")
        self.open_chart = ColumnChart("Outstanding by month", ("Open",))
        self.outstanding.hold(self.open_chart)
        self.days = _MonthCard("Days to payment", "Days in A/R" if reports else "")
        self.line = Sparkline("Days to payment by month")
        self.days.hold(self.line)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(16)
        for card in (self.collected, self.outstanding, self.days):
            line.addWidget(card, 1)
        self._connect(reports=reports, aging=shell.has("aging"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Twelve months")

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The charts on view, in reading order."""
        first = self.columns if self.against.isHidden() else self.against
        return (first, self.open_chart, self.line)

    def show_months(self, months: Sequence[MonthSeen]) -> None:
        """Show the months, the oldest first; the last is the one that runs."""
        if not months:
            return
        self._months = {one.first.isoformat(): one for one in months}
        now = months[-1]
        self.collected.heading.setText(f"Collected in {month_text(now.first).split()[0]}")
        self.collected.say(money_text(now.collected, zero_dash=False), _budget_words(now))
        self.outstanding.say(
            money_text(now.open, zero_dash=False), _change_words(months), "receivables less credits"
        )
        self.outstanding.add(_parts_words(now))
        days = now.days_to_payment
        met = days is None or float(days) < GOAL_DAYS
        self.days.say("–" if days is None else f"{days:.1f}", f"goal < {GOAL_DAYS:g}", "days")
        planned = any(one.budget is not None for one in months)
        self.columns.setVisible(not planned)
        self.against.setVisible(planned)
        self.columns.show_columns(
            [Column(one.first.isoformat(), _short(one), (one.collected,)) for one in months]
        )
        self.against.show_points(
            [
                StepPoint(
                    one.first.isoformat(),
                    _short(one),
                    one.budget if one.budget is not None else one.collected,
                    one.collected,
                )
                for one in months
            ]
        )
        self.open_chart.show_columns(
            [Column(one.first.isoformat(), _short(one), (one.open,)) for one in months]
        )
        self.line.show_points(
            [
                SparkPoint(one.first.isoformat(), _short(one), *_days_words(one.days_to_payment))
                for one in months
            ],
            GOAL_DAYS,
            "green" if met else "amber",
        )

    def _connect(self, *, reports: bool, aging: bool) -> None:
        charts: list[Chart] = [self.columns, self.against]
        for chart in charts:
            if reports:
                chart.opened.connect(self._open_collected)
            else:
                chart.opened.connect(lambda _key, chart=chart: chart.show_table())
        if aging:
            self.open_chart.opened.connect(self._open_outstanding)
        if reports:
            self.line.opened.connect(lambda _key: self._open("reports", report="dso"))
        for card, act in (
            (self.collected, self._open_this_month),
            (self.outstanding, lambda: self._open("aging", by="payer")),
            (self.days, lambda: self._open("reports", report="dso")),
        ):
            if card.link is not None:
                card.link.clicked.connect(lambda _checked=False, act=act: act())

    def _open_this_month(self) -> None:
        self._open_collected(next(reversed(self._months), ""))

    def _open_collected(self, key: str) -> None:
        month = self._months.get(key)
        if month is not None:
            days = period_text(month.first, month.end)
            self._open("reports", report="income", view="cash", period=days)

    def _open_outstanding(self, key: str) -> None:
        month = self._months.get(key)
        if month is not None:
            last = next(reversed(self._months))
            self._open("aging", by="payer", as_of=None if key == last else month.end)

    def _open(self, place: str, **asked: object) -> None:
        self.opened.emit(place, asked)


class _MonthCard(Card):
    """A figure with its words at the left, its year at the right."""

    def __init__(self, title: str, link: str) -> None:
        super().__init__(title, link=link, margins=(16, 10, 16, 10))
        self.figure, self.unit = Label("…", "figure"), Label("", "hint")
        self.hint = Label("", "hint", wrap=True)
        words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.figure)
        column.addWidget(self.unit)
        column.addWidget(self.hint)
        column.addStretch(1)
        self._words = words
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(12)
        self._line.addWidget(words)
        self.body.addLayout(self._line)
        self.parts = Label("", "hint", wrap=True)
        self.parts.hide()
        self.body.addWidget(self.parts)
        self.body.addStretch(1)  # beside a higher card the words stay at the top
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def hold(self, chart: Chart) -> None:
        """Put a chart beside the words."""
        chart.setFixedHeight(theme.now.px(CHART_HIGH))
        self._line.addWidget(chart, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        below = self.width() < theme.now.px(BESIDE_FROM)
        way = QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight
        self._words.setMaximumWidth(NO_END if below else theme.now.px(WORDS_WIDE))
        self._words.setMinimumWidth(0 if below else theme.now.px(WORDS_WIDE))
        self._line.setDirection(way)

    def say(self, figure: str, hint: str, unit: str = "") -> None:
        """Show other words."""
        self.figure.setText(figure)
        self.unit.setText(unit)
        self.unit.setVisible(bool(unit))
        self.hint.setText(hint)

    def add(self, parts: str) -> None:
        """Say below what the figure is made of; nothing hides the line."""
        self.parts.setText(parts)
        self.parts.setVisible(bool(parts))


def _budget_words(month: MonthSeen) -> str:
    if month.budget is None:
        return "no approved budget"
    share = percent(month.collected.cents, month.budget.cents)
    of = f"of {money_text(month.budget, zero_dash=False)} budgeted income"
    return of if share is None else f"{share:.0f} % {of}"


def _parts_words(month: MonthSeen) -> str:
    """Return what leads from the figure to the aging that its link opens."""
    outside = (
        f"{money_text(amount)} {what}"
        for amount, what in (
            (month.at_agency, "at agencies"),
            (month.to_explain, "payers took, to explain"),
        )
        if amount
    )
    words = " + ".join(outside)
    return f"{money_text(month.aging, zero_dash=False)} in aging + {words}" if words else ""


def _change_words(months: Sequence[MonthSeen]) -> str:
    if len(months) == 1:
        return ""
    change = months[-1].open - months[-2].open
    words = money_text(change, zero_dash=False, signed=True)
    return f"{words} since {month_text(months[-2].first).split()[0]}"


def _days_words(days: Decimal | None) -> tuple[float | None, str]:
    """Return where days to payment are drawn and what they say; a month without any has no dot."""
    return (None, "–") if days is None else (float(days), f"{days:.1f} days")


def _short(month: MonthSeen) -> str:
    return f"{month.first:%b}"
