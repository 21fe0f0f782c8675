"""The chart at the foot: what was open at the end of the last twelve months, by age."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fscdesk.services.reports.aging import MonthEnd, bucket_titles, open_by_month_end
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.charts.column_chart import HEIGHT, Column, ColumnChart
from fscdesk.ui.charts.headed import Headed
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.screens.aging.question import Question
from fscdesk.ui.text import day_text

MONTHS = 12
MARGIN = 12
HIGHEST = 400


class MonthEnds(QWidget):
    """Columns by month; a click or Enter on one makes its day the day of the matrix."""

    opened = Signal(object)
    """date."""

    def __init__(self) -> None:
        super().__init__()
        self.chart = ColumnChart("Open at month end", bucket_titles(30), ages=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(LEFT, MARGIN, RIGHT, MARGIN)
        column.addWidget(
            Headed(self.chart, "Open at month end", "as the office saw it on that day")
        )
        self.chart.opened.connect(lambda key: self.opened.emit(date.fromisoformat(key)))

    def show_months(self, months: Sequence[MonthEnd], bucket_days: int) -> None:
        """Show what was open at these days."""
        columns = [
            Column(month.day.isoformat(), _label(month.day), month.buckets) for month in months
        ]
        self.chart.show_columns(columns, bucket_titles(bucket_days))

    def set_room(self, high: int) -> None:
        """Take a height, within reason."""
        least = theme.now.px(HEIGHT)
        self.chart.setFixedHeight(max(least, min(high - 2 * MARGIN, theme.now.px(HIGHEST))))

    @staticmethod
    def least_height() -> int:
        """Return the height below which columns cannot be told apart."""
        return theme.now.px(HEIGHT) + 2 * MARGIN


def read_months(work: Work, question: Question) -> tuple[MonthEnd, ...]:
    """Return the last month ends, and the day itself, for the same question."""
    return open_by_month_end(
        work,
        question.as_of or work.today(),
        MONTHS,
        age_by=question.age_by,
        bucket_days=question.bucket_days,
    )


def _label(day: date) -> str:
    """Return ``03/26`` for a month's end, ten digits for a day within a month."""
    if (day + timedelta(days=1)).day == 1:
        return f"{day.month:02d}/{day.year % 100:02d}"
    return day_text(day)
