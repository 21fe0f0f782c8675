"""What is open by age, and what came in by week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy

from fscdesk.services.reports.aging import Aging
from fscdesk.services.reports.metrics import MoneyWeek
from fscdesk.ui.charts.age_bar import AgeBar, AgePart
from fscdesk.ui.charts.column_chart import Column, ColumnChart
from fscdesk.ui.charts.headed import Headed
from fscdesk.ui.forms.card import Card
from fscdesk.ui.screen import Shell
from fscdesk.ui.text import Label, money_text, short_day_text


class OpenByAgeCard(Card):
    """One bar; each part opens its lines in Aging."""

    opened = Signal(object)
    """The bucket."""

    def __init__(self, shell: Shell) -> None:
        aging = shell.has("aging")
        super().__init__(
            "Open balance by age",
            link="Open aging" if aging else "",
            on_link=lambda: shell.open("aging", by="payer"),
        )
        self.bar = AgeBar("Open balance by age")
        self.body.addSpacing(8)
        self.body.addWidget(self.bar)
        self.sum = Label("", "hint")
        self.body.addWidget(self.sum)
        self.body.addStretch(1)
        if aging:
            self.bar.opened.connect(lambda key: self.opened.emit(int(key)))

    def show_aging(self, aging: Aging) -> None:
        """Show what is open today."""
        total = aging.total
        parts = [
            AgePart(str(place), title, amount)
            for place, (title, amount) in enumerate(
                zip(aging.bucket_titles, total.buckets, strict=True)
            )
        ]
        self.bar.show_parts(parts)
        words = money_text(total.balance, zero_dash=False)
        credit = money_text(-total.unapplied)
        after = f" after {credit} credits" if total.unapplied else ""
        self.sum.setText(f"{words} open{after}")


class MoneyByWeekCard(Card):
    """Columns by week; Enter opens the payments that were posted in it, T the figures.

    A week holds as well what only a report of SimplePractice has called paid: that is no payment
    here, and stands in Payments under SimplePractice until the money is found.
    """

    opened = Signal(object)
    """The Monday of the week."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        series = ("Insurance", shell.practice.patients)
        self.chart = ColumnChart("Money received by week", series)
        if shell.has("payments"):
            self.chart.opened.connect(lambda key: self.opened.emit(date.fromisoformat(key)))
        else:
            self.chart.opened.connect(lambda _key: self.chart.show_table())
        self.chart.setMinimumHeight(self.chart.sizeHint().height())
        self.chart.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.body.addWidget(Headed(self.chart, "Money received by week"), 1)

    def show_weeks(self, weeks: Sequence[MoneyWeek]) -> None:
        """Show what came in, oldest first."""
        self.chart.show_columns(
            [
                Column(
                    week.start.isoformat(),
                    short_day_text(week.start),
                    (week.insurance, week.patient),
                )
                for week in weeks
            ]
        )
