"""The days that a report is about: a period, what it is compared with, the fiscal year."""

from __future__ import annotations

import calendar
import enum
from dataclasses import dataclass
from datetime import date, timedelta

from fscdesk.services.errors import Problem
from fscdesk.services.printing.words import month_name, whole_month

DECEMBER = 12


class Compare(enum.StrEnum):
    """What stands beside a period."""

    PREVIOUS = "previous"
    LAST_YEAR = "last-year"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date

    @property
    def words(self) -> str:
        """Return ``March 2026``, ``January to March 2026``, ``2025``, or both days."""
        month = whole_month(self.first, self.last)
        if month:
            return f"{month} {self.first.year}"
        year = self.first.year
        if (self.first, self.last) == (date(year, 1, 1), date(year, DECEMBER, 31)):
            return str(year)
        if self.first.day == 1 and _is_month_end(self.last):
            one, other = month_name(self.first), month_name(self.last)
            one = one.removesuffix(f" {self.last.year}")
            return f"{one} to {other}"
        return f"{self.first:%m/%d/%Y} to {self.last:%m/%d/%Y}"


def period_of(first: date, last: date) -> Period:
    """Return the period; refuse one that ends before it begins."""
    if last < first:
        raise Problem(
            f"The period ends on {last:%m/%d/%Y}, before it begins.",
            hint=f"Nothing was counted. It begins on {first:%m/%d/%Y}.",
        )
    return Period(first, last)


def compared_with(period: Period, compare: Compare) -> Period:
    """Return the period before this one, of the same length, or the same one of last year.

    Whole months are compared with as many whole months; 28 days of February with all 31 of March
    would not be the same length, and yet nobody would compare them otherwise.
    """
    if compare is Compare.LAST_YEAR:
        return Period(_years_back(period.first), _year_end_back(period.last))
    if period.first.day == 1 and _is_month_end(period.last):
        months = (period.last.year - period.first.year) * 12 + period.last.month
        months += 1 - period.first.month
        return Period(months_back(period.first, months), period.first - timedelta(days=1))
    long = period.last - period.first + timedelta(days=1)
    return Period(period.first - long, period.last - long)


def day_compared_with(day: date, compare: Compare) -> date:
    """Return the same day of the last month, or of last year; month ends stay month ends."""
    if compare is Compare.LAST_YEAR:
        return _year_end_back(day)
    if _is_month_end(day):
        return day.replace(day=1) - timedelta(days=1)
    before = months_back(day.replace(day=1), 1)
    return before.replace(day=min(day.day, calendar.monthrange(before.year, before.month)[1]))


def months_back(first: date, months: int) -> date:
    """Return the first of the month that lies so many months before."""
    at = first.year * 12 + first.month - 1 - months
    return date(at // 12, at % 12 + 1, 1)


def month_end(day: date) -> date:
    """Return the last day of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def month_ends_of(period: Period) -> tuple[date, ...]:
    """Return the end of each month of the period; the last is the period's own last day."""
    out, month = [], period.first.replace(day=1)
    while month <= period.last:
        following = months_back(month, -1)
        out.append(min(following - timedelta(days=1), period.last))
        month = following
    return tuple(out)


def _is_month_end(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _years_back(day: date) -> date:
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return date(day.year - 1, day.month, min(day.day, last))


def _year_end_back(day: date) -> date:
    if _is_month_end(day):
        return date(day.year - 1, day.month, calendar.monthrange(day.year - 1, day.month)[1])
    return _years_back(day)
