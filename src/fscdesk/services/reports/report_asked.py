"""What a report can be asked, and what it was asked: one description for commands and screens.

A `Param` is one thing to choose. Commands make an option of each, screens a chip; what a person
chose on a screen is kept as plain JSON (`Kept`) in words that stay true: ``last_month`` means
another month next month.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from fscdesk.services.errors import Problem
from fscdesk.services.reports.periods import month_end, months_back
from fscdesk.services.work import Work

Kept = dict[str, Any]
"""What a person chose: by the key of the parameter; what is not there is the report's own."""
BETWEEN: Final = ".."
"""Stands between the two days of a period that was chosen by its days."""


class ParamKind(enum.StrEnum):
    """What is chosen: a day, two days, one of some words, several of them, …."""

    DAY = "day"
    PERIOD = "period"
    CHOICE = "choice"
    CHOICES = "choices"
    WORDS = "words"
    NUMBER = "number"
    FLAG = "flag"


class PeriodWord(enum.StrEnum):
    """A period by its name, as of the day on which it is asked."""

    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"
    TWELVE_MONTHS = "twelve_months"


class DayWord(enum.StrEnum):
    """A day by its name, as of the day on which it is asked."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    LAST_MONTH = "last_month"
    LAST_YEAR = "last_year"


PERIOD_WORDS: Final[Mapping[str, str]] = {
    PeriodWord.THIS_MONTH: "This month",
    PeriodWord.LAST_MONTH: "Last month",
    PeriodWord.THIS_QUARTER: "This quarter",
    PeriodWord.LAST_QUARTER: "Last quarter",
    PeriodWord.THIS_YEAR: "This year",
    PeriodWord.LAST_YEAR: "Last year",
    PeriodWord.TWELVE_MONTHS: "Twelve months",
}
DAY_WORDS: Final[Mapping[str, str]] = {
    DayWord.TODAY: "Today",
    DayWord.YESTERDAY: "Yesterday",
    DayWord.LAST_MONTH: "End of last month",
    DayWord.LAST_YEAR: "End of last year",
}


@dataclass(frozen=True, slots=True)
class Param:
    """One thing to choose. ``title`` stands on its chip, ``help`` beside its option.

    ``choices`` are values with their words. ``default`` is what is meant when nothing is said: a
    value of ``choices``, a number, or the word of a period. ``whole`` periods are whole months.
    ``options`` are those of a command, where its key is not the option.
    """

    key: str
    title: str
    kind: ParamKind
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    default: str | int | None = None
    whole: bool = False
    options: tuple[str, ...] = ()

    @property
    def option(self) -> str:
        """Return the option of a command: ``--age-by``."""
        return self.named[0]

    @property
    def named(self) -> tuple[str, ...]:
        """Return every option of a command that means it, the usual one first."""
        return self.options or (f"--{self.key.replace('_', '-')}",)


@dataclass(frozen=True, slots=True)
class Asked:
    """The values of a report's parameters; what was not said is not here, or None."""

    values: Mapping[str, Any] = field(default_factory=dict)

    def day(self, work: Work, key: str = "as_of") -> date:
        """Return a day; today where none was said."""
        found = self.values.get(key)
        return found if isinstance(found, date) else work.today()

    def days(self, work: Work, default: str) -> tuple[date, date]:
        """Return the first and the last day, by what the report means when one is left out."""
        return days_meant(work, self.values.get("first"), self.values.get("last"), default)

    def text(self, key: str, default: str = "") -> str:
        """Return a word that was chosen."""
        return str(self.values.get(key) or default)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return several words that were chosen."""
        return tuple(str(one) for one in self.values.get(key) or ())

    def number(self, key: str, default: int) -> int:
        """Return a number that was chosen."""
        found = self.values.get(key)
        return found if type(found) is int else default

    def flag(self, key: str) -> bool:
        """Return whether it was asked for."""
        return bool(self.values.get(key))


def days_meant(
    work: Work, first: date | None, last: date | None, default: str
) -> tuple[date, date]:
    """Return both days of a period of which one, or both, may be left out.

    This month is from its first day until today; a first day alone lasts until today. Last month
    is whole; a first day alone lasts until its end, or until today where it begins later.
    """
    today = work.today()
    if default == PeriodWord.LAST_MONTH and last is None:
        end = today.replace(day=1) - timedelta(days=1)
        last = end if first is None or first <= end else max(first, today)
        return first or last.replace(day=1), last
    if default == PeriodWord.TWELVE_MONTHS:
        until = last or today
        return first or months_back(until.replace(day=1), 11), until
    if default == PeriodWord.THIS_YEAR:
        until = last or today
        return first or until.replace(month=1, day=1), until
    if last is None:
        last = today if first is None else max(first, today)
    return first or last.replace(day=1), last


def period_from(work: Work, text: str) -> tuple[date, date]:
    """Return the days of a period by its name, or by its two days with dots between.

    Raises Problem for anything else.
    """
    today = work.today()
    month = today.replace(day=1)
    quarter = month.replace(month=(month.month - 1) // 3 * 3 + 1)
    year = month.replace(month=1)
    named = {
        PeriodWord.THIS_MONTH: (month, today),
        PeriodWord.LAST_MONTH: (months_back(month, 1), month - timedelta(days=1)),
        PeriodWord.THIS_QUARTER: (quarter, today),
        PeriodWord.LAST_QUARTER: (months_back(quarter, 3), quarter - timedelta(days=1)),
        PeriodWord.THIS_YEAR: (year, today),
        PeriodWord.LAST_YEAR: (months_back(year, 12), year - timedelta(days=1)),
        PeriodWord.TWELVE_MONTHS: (months_back(month, 11), today),
    }
    if text in named:
        return named[PeriodWord(text)]
    first, between, last = text.partition(BETWEEN)
    try:
        if between:
            return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        pass
    raise Problem(f"{text} is no period.", hint="Nothing was counted. Choose another one.")


def day_from(work: Work, text: str) -> date:
    """Return a day by its name or as ``2026-03-31``. Raises Problem for anything else."""
    today = work.today()
    named = {
        DayWord.TODAY: today,
        DayWord.YESTERDAY: today - timedelta(days=1),
        DayWord.LAST_MONTH: today.replace(day=1) - timedelta(days=1),
        DayWord.LAST_YEAR: today.replace(month=1, day=1) - timedelta(days=1),
    }
    if text in named:
        return named[DayWord(text)]
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    raise Problem(f"{text} is no day.", hint="Nothing was counted. Choose another one.")


def asked_from(work: Work, params: Sequence[Param], kept: Mapping[str, Any]) -> Asked:
    """Return what was chosen on a screen as a report is asked it; unknown words are left out."""
    values: dict[str, Any] = {}
    for param in params:
        said = kept.get(param.key)
        allowed = {value for value, _words in param.choices}
        match param.kind:
            case ParamKind.DAY:
                values[param.key] = day_from(work, str(said)) if said else None
            case ParamKind.PERIOD:
                first, last = period_from(work, str(said or param.default))
                values["first"] = first
                values["last"] = month_end(last) if param.whole else last
            case ParamKind.CHOICE if said in allowed:
                values[param.key] = said
            case ParamKind.CHOICES if isinstance(said, list):
                values[param.key] = tuple(one for one in said if one in allowed)
            case ParamKind.WORDS if isinstance(said, list):
                values[param.key] = tuple(str(one) for one in said)
            case ParamKind.NUMBER if type(said) is int:
                values[param.key] = said
            case ParamKind.FLAG:
                values[param.key] = said is True
            case _:
                values[param.key] = param.default
    return Asked(values)


def period_text(first: date, last: date) -> str:
    """Return two days as `period_from` reads them."""
    return f"{first.isoformat()}{BETWEEN}{last.isoformat()}"
