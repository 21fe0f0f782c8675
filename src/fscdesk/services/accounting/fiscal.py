"""The fiscal year: twelve months from the one that the practice chose, called by its last."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from fscdesk.models.period import YearClose
from fscdesk.models.setting import Setting
from fscdesk.services.work import Work

FIRST_MONTH: Final = "fiscal_first_month"
"""Setting: the month, 1 to 12, with which the fiscal year begins."""
DEFAULT_FIRST_MONTH: Final = 1


def fiscal_first_month(work: Work) -> int:
    """Return the month, 1 to 12, with which the fiscal year begins."""
    kept = work.db.get(Setting, FIRST_MONTH)
    return DEFAULT_FIRST_MONTH if kept is None else int(kept.value)


def fiscal_year_of(work: Work, day: date) -> int:
    """Return the fiscal year of a day: the calendar year in which it ends."""
    first = fiscal_first_month(work)
    return day.year if first == 1 or day.month < first else day.year + 1


def first_day_of(work: Work, year: int) -> date:
    """Return the first day of a fiscal year."""
    first = fiscal_first_month(work)
    return date(year if first == 1 else year - 1, first, 1)


def last_day_of(work: Work, year: int) -> date:
    """Return the last day of a fiscal year."""
    return first_day_of(work, year + 1) - timedelta(days=1)


def days_of_year(work: Work, year: int) -> tuple[date, date]:
    """Return the first and the last day of a fiscal year; of a closed one as it was closed.

    A year begins after the one before it was closed, so it is shorter or longer than twelve
    months where the practice has changed its fiscal year in between.
    """
    return _days(work, year, closed_years(work))


def year_start(work: Work, day: date) -> date:
    """Return the first day of the fiscal year that a day lies in, closed ones as they were."""
    closed = closed_years(work)
    later = [(last, year) for year, last in closed.items() if last >= day]
    if later:
        first, _last = _days(work, min(later)[1], closed)
        if first <= day:
            return first
    begins = first_day_of(work, fiscal_year_of(work, day))
    before = [last for last in closed.values() if last < day]
    return max(begins, max(before) + timedelta(days=1)) if before else begins


def closed_years(work: Work) -> dict[int, date]:
    """Return the last day of every year that is closed."""
    found = select(YearClose.year, YearClose.last_day).where(YearClose.live.is_not(None))
    return {row.year: row.last_day for row in work.db.execute(found)}


def _days(work: Work, year: int, closed: dict[int, date]) -> tuple[date, date]:
    last = closed.get(year) or last_day_of(work, year)
    if year - 1 in closed:
        return closed[year - 1] + timedelta(days=1), last
    after = last + timedelta(days=1)
    return after.replace(year=after.year - 1), last
