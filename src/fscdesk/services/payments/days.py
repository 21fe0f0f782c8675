"""The days on which money can have come: no mistyped year gets into the books."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select

from fscdesk.models.session import LIVE, Session
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work

FUTURE_DAYS = 1
"""A check may carry tomorrow's date; money of next month has not come."""
OLDEST = date(1990, 1, 1)
"""No practice that uses the program has money of an earlier day to enter."""


def first_day(work: Work) -> date:
    """Return the first day on which money can have come to this practice.

    That is New Year's Day of the year before its first session: a prepayment, or the rest of
    what was owed from before, is not older. Without sessions, of the year before this one.
    """
    first = work.db.scalar(select(func.min(Session.day)).where(LIVE))
    began = min(first or work.today(), work.today())
    return OLDEST if began <= OLDEST else max(OLDEST, date(began.year - 1, 1, 1))


def require_known_day(work: Work, day: date, what: str) -> None:
    """Raise Problem for a day that has not come, or that lies before the practice began.

    ``what`` begins the sentence: "The day of receipt".
    """
    if day > work.today() + timedelta(days=FUTURE_DAYS):
        raise Problem(
            f"{what}, {day:%m/%d/%Y}, has not come yet.",
            hint="Nothing was posted. Money is entered when it is there.",
        )
    require_not_before(work, day, what)


def require_not_before(work: Work, day: date, what: str) -> None:
    """Raise Problem for a day that lies before the practice began."""
    first = first_day(work)
    if day < first:
        raise Problem(
            f"{what}, {day:%m/%d}/{day.year:04}, lies before {first:%m/%d/%Y}:"
            " the practice had no sessions to be paid for.",
            hint="Nothing was posted. Look at the year.",
        )
