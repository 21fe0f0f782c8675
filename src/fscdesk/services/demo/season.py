"""The stretch of time that the fictional practice lives, and how large it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from fscdesk.services.errors import Problem

SESSIONS: Final = 9000
WEEKS: Final = 104
FEWEST, MOST = 300, 20_000
WEEKLY: Final = 23
"""For so many weeks the office has imported each week; before, every four weeks."""
WEEK: Final = timedelta(days=7)
OURS: Final = 9
"""For so many weeks the office has sent its claims from here, no more from SimplePractice."""
_ABOUT: Final = timedelta(days=3)
"""Payers pay by the week: some of what is answered comes so much earlier, the rest later."""
CLAIMS_ANSWERED: Final = timedelta(days=2)
"""So long after a batch the clearinghouse has looked at each of its claims."""
_FREE: Final = frozenset({(1, 1), (7, 4), (12, 24), (12, 25), (12, 26), (12, 31)})
_HELD: Final = 0.83
"""Of the places in the week, how many become a session."""


@dataclass(frozen=True, slots=True)
class Season:
    """From the Monday ``first`` to ``today``; ``places`` sessions could be held each week."""

    first: date
    today: date
    weeks: int
    places: int
    exports: tuple[date, ...]

    def looks_back(self, export: date) -> date:
        """Return the first day of an export: eight weeks back, now and then half a year.

        A look far back finds what was paid late; without it late money would stay open.
        """
        index = len(self.exports) - 1 - self.exports.index(export)
        weeks = 20 if index % 5 == 0 else 8
        if index >= self._weekly():
            weeks = 24 if index % 3 == 0 else 9
        return max(export - WEEK * weeks, self.first)

    def share(self, of_default: int) -> int:
        """Return how many of something this practice has that has so many in the usual size."""
        return max(2, round(of_default * self.places / 108))

    @property
    def batches(self) -> tuple[date, ...]:
        """Return the days on which claims are sent: the weekly imports, but for today's."""
        return self.exports[-1 - min(OURS, self._weekly() - 1) : -1]

    @property
    def claims_from(self) -> date:
        """Return the first day whose sessions are billed from here."""
        return self.batches[0] - WEEK

    def batch_on(self, ready: date) -> date | None:
        """Return with which batch a session goes that is ready on a day; None while none comes."""
        return next((day for day in self.batches if day >= ready), None)

    @property
    def readings(self) -> tuple[date, ...]:
        """Return the days on which remittances are read: each week, on the last day of work."""
        weeks = [day for day in self.exports if day > self.batches[0] + WEEK]
        return tuple(dict.fromkeys(workday_before(day) for day in weeks))

    def reading_on(self, ready: date) -> date | None:
        """Return when is read what a payer answers about that day; None while it has not come."""
        return next((day for day in self.readings if day + _ABOUT >= ready), None)

    def _weekly(self) -> int:
        return min(WEEKLY, self.weeks // 2)


def season(today: date, sessions: int | None, weeks: int | None = None) -> Season:
    """Return the season that ends on ``today`` with about so many sessions.

    Fewer sessions are of fewer weeks as well, unless ``weeks`` says how many. Raises Problem for a
    size that the list of names and the week do not hold.
    """
    wanted = SESSIONS if sessions is None else sessions
    if not FEWEST <= wanted <= MOST:
        raise Problem(
            f"A demo practice has {FEWEST:,} to {MOST:,} sessions, not {wanted:,}.",
            hint="Nothing was made. Ask for a number between the two.",
        )
    if weeks is None:
        weeks = min(WEEKS, max(20, round(WEEKS * (wanted / SESSIONS) ** 0.5)))
    start = today - WEEK * weeks
    first = start - timedelta(days=start.weekday())
    weekly = min(WEEKLY, weeks // 2)
    exports = [today - WEEK * back for back in range(weekly)]
    day = exports[-1] - 4 * WEEK
    while day > first + 2 * WEEK:
        exports.append(day)
        day -= 4 * WEEK
    return Season(first, today, weeks, round(wanted / (weeks * _HELD)), tuple(reversed(exports)))


def is_free(day: date) -> bool:
    """Return whether nobody works on that day."""
    return (day.month, day.day) in _FREE


def workday(day: date) -> date:
    """Return the day, or the next on which the office works."""
    while day.weekday() >= 5 or is_free(day):
        day += timedelta(days=1)
    return day


def workday_before(day: date) -> date:
    """Return the last day before on which the office works."""
    day -= timedelta(days=1)
    while day.weekday() >= 5 or is_free(day):
        day -= timedelta(days=1)
    return day
