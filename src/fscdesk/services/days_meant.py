"""Which days a typed word may mean, wherever something is looked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""What can be a day of an office; figures of any of them can look some years back and ahead."""
YEARS_BACK, YEARS_AHEAD = 15, 1
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def days_meant(word: str, today: date) -> tuple[date, ...]:
    """Return the days that a word may mean: ``3/31`` in any year near, ``03/31/2026`` one."""
    iso = _ISO.fullmatch(word)
    if iso is not None:
        return _real_days([(int(iso[1]), int(iso[2]), int(iso[3]))])
    found = _DAY.fullmatch(word)
    if found is None:
        return ()
    month, day = int(found[1]), int(found[2])
    if found[3] is None:
        years: Sequence[int] = range(today.year - YEARS_BACK, today.year + YEARS_AHEAD + 1)
    elif len(found[3]) == len("2026"):
        years = [int(found[3])]
    else:
        years = [2000 + int(found[3])]
    return _real_days([(year, month, day) for year in years])


def _real_days(parts: Sequence[tuple[int, int, int]]) -> tuple[date, ...]:
    days: list[date] = []
    for year, month, day in parts:
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    return tuple(day for day in days if is_office_day(day))


def is_office_day(day: date) -> bool:
    """Return whether a day can be meant in an office, not a slip such as the year 206."""
    return EARLIEST <= day <= LATEST
