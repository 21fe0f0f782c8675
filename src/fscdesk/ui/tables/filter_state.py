"""What a person has typed and picked above a list: frozen, comparable, and JSON."""

from __future__ import annotations

import calendar
import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from fscdesk.ui.text import day_text, month_text

WORDS: Final = {
    "today": "Today",
    "yesterday": "Yesterday",
    "this_week": "This week",
    "last_week": "Last week",
    "this_month": "This month",
    "last_month": "Last month",
    "this_year": "This year",
    "last_year": "Last year",
    "last_30_days": "Last 30 days",
    "last_90_days": "Last 90 days",
}
"""Ranges that move with the calendar. A saved view with one stays right next month."""


@dataclass(frozen=True, slots=True)
class Days:
    """A range of days: a word from ``WORDS``, or fixed ends (both included, None is open)."""

    word: str = ""
    start: date | None = None
    end: date | None = None

    def ends(self, today: date) -> tuple[date | None, date | None]:
        """Return the first and last day, seen from ``today``; None is open."""
        return _ends_of(self.word, today) if self.word else (self.start, self.end)

    def words(self) -> str:
        """Return the range as a chip says it: ``March 2026``, ``since 02/01/2026``."""
        return WORDS[self.word] if self.word else range_words(self.start, self.end)


@dataclass(frozen=True, slots=True)
class FilterState:
    """The question a list is asked: words to find, values picked, ranges of days.

    Two states with the same content are equal, whatever the order of picking was.
    """

    text: str = ""
    picks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    days: tuple[tuple[str, Days], ...] = ()

    def values(self, key: str) -> tuple[str, ...]:
        """Return what is picked for a chip; nothing picked means any."""
        return dict(self.picks).get(key, ())

    def range(self, key: str) -> Days | None:
        """Return the days of a date chip, or None for any."""
        return dict(self.days).get(key)

    def ends(self, key: str, today: date) -> tuple[date | None, date | None]:
        """Return first and last day of a date chip, both None if it is not set."""
        found = self.range(key)
        return (None, None) if found is None else found.ends(today)

    def with_text(self, text: str) -> FilterState:
        """Return the same question about other words."""
        return replace(self, text=text)

    def with_values(self, key: str, values: tuple[str, ...] | list[str]) -> FilterState:
        """Return the same question with other values picked; none removes the pick."""
        kept = {**dict(self.picks), key: tuple(sorted(set(values)))}
        return replace(self, picks=tuple(sorted((k, v) for k, v in kept.items() if v)))

    def with_days(self, key: str, days: Days | None) -> FilterState:
        """Return the same question about other days; None removes the range."""
        kept = dict(self.days)
        kept.pop(key, None)
        if days is not None:
            kept[key] = days
        return replace(self, days=tuple(sorted(kept.items(), key=lambda pair: pair[0])))

    def without(self, key: str) -> FilterState:
        """Return the same question with one chip cleared."""
        return self.with_values(key, ()).with_days(key, None)

    @property
    def set_keys(self) -> frozenset[str]:
        """Return the keys of the chips that are set."""
        return frozenset(key for key, _ in self.picks) | frozenset(key for key, _ in self.days)

    @property
    def is_empty(self) -> bool:
        """Say whether everything is shown."""
        return not (self.text.strip() or self.picks or self.days)

    def to_json(self) -> str:
        """Return the state as JSON text, the same text for the same state."""
        return json.dumps(
            {
                "text": self.text,
                "picks": {key: list(values) for key, values in self.picks},
                "days": {key: _days_out(days) for key, days in self.days},
            },
            sort_keys=True,
        )

    @classmethod
    def from_json(cls, text: str) -> FilterState:
        """Read what ``to_json`` wrote; what cannot be understood is left out, never refused."""
        try:
            kept = json.loads(text)
        except ValueError:
            return cls()
        if not isinstance(kept, dict):
            return cls()
        state = cls(text=str(kept.get("text", "")))
        for key, values in _pairs(kept.get("picks")):
            if isinstance(values, list):
                state = state.with_values(key, [str(value) for value in values])
        for key, days in _pairs(kept.get("days")):
            state = state.with_days(key, _days_in(days))
        return state


def range_words(start: date | None, end: date | None) -> str:
    """Return a range as a person says it: a month or a year by its name where it is one."""
    if start is None and end is None:
        return "Any"
    if start is None:
        return f"until {day_text(end)}" if end else ""
    if end is None:
        return f"since {day_text(start)}"
    if start == end:
        return day_text(start)
    if start.day == 1 and end == month_end(start):
        return month_text(start)
    if (start.month, start.day, end) == (1, 1, date(start.year, 12, 31)):
        return str(start.year)
    return f"{day_text(start)} to {day_text(end)}"


def month_of(day: date) -> Days:
    """Return the whole month that a day is in."""
    return Days(start=day.replace(day=1), end=month_end(day))


def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _ends_of(word: str, today: date) -> tuple[date | None, date | None]:
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    ranges: dict[str, tuple[date, date]] = {
        "today": (today, today),
        "yesterday": (today - timedelta(days=1), today - timedelta(days=1)),
        "this_week": (monday, monday + timedelta(days=6)),
        "last_week": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "this_month": (first, month_end(today)),
        "last_month": (before.replace(day=1), before),
        "this_year": (date(today.year, 1, 1), date(today.year, 12, 31)),
        "last_year": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        "last_30_days": (today - timedelta(days=29), today),
        "last_90_days": (today - timedelta(days=89), today),
    }
    return ranges[word]


def _days_out(days: Days) -> dict[str, str]:
    if days.word:
        return {"word": days.word}
    ends = {"start": days.start, "end": days.end}
    return {name: day.isoformat() for name, day in ends.items() if day is not None}


def _days_in(kept: Any) -> Days | None:
    if not isinstance(kept, dict):
        return None
    word = kept.get("word", "")
    if word in WORDS:
        return Days(word=word)
    start, end = _day_in(kept.get("start")), _day_in(kept.get("end"))
    return None if start is None and end is None else Days(start=start, end=end)


def _day_in(kept: Any) -> date | None:
    try:
        return date.fromisoformat(kept)
    except (TypeError, ValueError):
        return None


def _pairs(kept: Any) -> list[tuple[str, Any]]:
    return [(str(key), value) for key, value in kept.items()] if isinstance(kept, dict) else []
