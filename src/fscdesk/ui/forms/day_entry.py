"""What a person may type for a day, and what it means."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from fscdesk.services.days_meant import EARLIEST, LATEST, is_office_day

_OFFSET = re.compile(r"[+-]\d{1,4}", re.ASCII)
_PARTS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})(?:[-/. ](\d{4}|\d{2}))?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})?", re.ASCII)
_WEEK = 7
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_AHEAD = 20
"""Two digits of a year reach this far ahead; beyond that they are the last century."""


def read_day(text: str, today: date) -> date:
    """Read `t`, `+5`, `-1`, `5-2`, `0502`, `05/02/26`, `05/02/2026` or `2026-05-02`.

    Also `tomorrow`, `monday` (the next one), `next week` (its Monday; on a Sunday the week has
    just begun, so it is not tomorrow), `next month` (its first).
    Without a year it is the nearest such day to `today`: in January, `12-28` is last December.
    Raises ValueError with a sentence that can be shown.
    """
    typed = text.strip()
    if typed.casefold() in ("t", "today"):
        return today
    named = _named(typed.casefold(), today)
    if named is not None:
        return named
    if _OFFSET.fullmatch(typed.replace("\N{MINUS SIGN}", "-")):
        try:
            moved = today + timedelta(days=int(typed.replace("\N{MINUS SIGN}", "-")))
        except OverflowError:
            raise ValueError(_not_a_day(typed)) from None
        if not is_office_day(moved):
            raise ValueError(_not_a_day(typed))
        return moved
    iso = _ISO.fullmatch(typed)
    if iso is not None:
        return _exact(int(iso[1]), int(iso[2]), int(iso[3]), typed)
    found = _PARTS.fullmatch(typed) or _DIGITS.fullmatch(typed)
    if found is None:
        message = f"{typed or 'Nothing'} is not a day. Type it as 03/31/2026, 3-31, t or +5."
        raise ValueError(message)
    month, day, year = int(found[1]), int(found[2]), found[3]
    if year is None:
        return _nearest(month, day, today, typed)
    return _exact(_full_year(year, today), month, day, typed)


def move_day(day: date, *, days: int = 0, months: int = 0) -> date:
    """Move by days or by months; the 31st becomes the last day of a shorter month.

    Stays where it is at the ends of the calendar.
    """
    place = day.year * 12 + day.month - 1 + months
    year, month = place // 12, place % 12 + 1
    if not EARLIEST.year <= year <= LATEST.year:
        return day
    moved = date(year, month, min(day.day, monthrange(year, month)[1])) + timedelta(days=days)
    return moved if is_office_day(moved) else day


def _named(word: str, today: date) -> date | None:
    """Return the day that a word names, always ahead; None for other words."""
    if word == "tomorrow":
        return today + timedelta(days=1)
    if word == "next week":
        sunday = today.weekday() == _WEEK - 1
        return today + timedelta(days=_WEEK - today.weekday() + (_WEEK if sunday else 0))
    if word == "next month":
        return move_day(today.replace(day=1), months=1)
    if word in _WEEKDAYS:
        ahead = (_WEEKDAYS.index(word) - today.weekday() - 1) % _WEEK + 1
        return today + timedelta(days=ahead)
    return None


def _nearest(month: int, day: int, today: date, typed: str) -> date:
    years = (today.year - 1, today.year, today.year + 1)
    found = [made for year in years if (made := _made(year, month, day)) is not None]
    if not found:
        raise ValueError(_not_a_day(typed))
    return min(found, key=lambda one: (abs((one - today).days), one))


def _exact(year: int, month: int, day: int, typed: str) -> date:
    made = _made(year, month, day)
    if made is None:
        raise ValueError(_not_a_day(typed))
    return made


def _made(year: int, month: int, day: int) -> date | None:
    try:
        made = date(year, month, day)
    except ValueError:
        return None
    return made if is_office_day(made) else None


def _full_year(year: str, today: date) -> int:
    if len(year) == 4:
        return int(year)
    century = today.year // 100 * 100
    full = century + int(year)
    return full - 100 if full > today.year + _AHEAD else full


def _not_a_day(typed: str) -> str:
    return f"{typed} is not a day."
