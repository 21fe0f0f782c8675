"""The fiscal year: twelve months from the one that the practice chose, called by its last."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

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
