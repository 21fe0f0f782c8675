"""The days that reports are about, and what they are compared with."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.services.errors import Problem
from fscdesk.services.reports.periods import (
    Compare,
    Period,
    compared_with,
    day_compared_with,
    month_ends_of,
    months_back,
    period_of,
)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 3, 1), date(2026, 3, 31), "March 2026"),
        (date(2026, 1, 1), date(2026, 3, 31), "January to March 2026"),
        (date(2025, 10, 1), date(2026, 3, 31), "October 2025 to March 2026"),
        (date(2025, 1, 1), date(2025, 12, 31), "2025"),
        (date(2026, 3, 1), date(2026, 3, 30), "03/01/2026 to 03/30/2026"),
    ],
)
def test_a_period_in_words(first: date, last: date, words: str) -> None:
    assert Period(first, last).words == words


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        (date(2026, 3, 1), date(2026, 3, 31), (date(2026, 2, 1), date(2026, 2, 28))),
        (date(2026, 1, 1), date(2026, 3, 31), (date(2025, 10, 1), date(2025, 12, 31))),
        (date(2026, 3, 2), date(2026, 3, 8), (date(2026, 2, 23), date(2026, 3, 1))),
    ],
)
def test_the_previous_period(first: date, last: date, before: tuple[date, date]) -> None:
    found = compared_with(Period(first, last), Compare.PREVIOUS)
    assert (found.first, found.last) == before


def test_the_same_period_of_last_year_keeps_month_ends() -> None:
    found = compared_with(Period(date(2024, 2, 1), date(2024, 2, 29)), Compare.LAST_YEAR)
    assert (found.first, found.last) == (date(2023, 2, 1), date(2023, 2, 28))
    back = compared_with(Period(date(2025, 2, 1), date(2025, 2, 28)), Compare.LAST_YEAR)
    assert back.last == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("day", "compare", "other"),
    [
        (date(2026, 3, 31), Compare.PREVIOUS, date(2026, 2, 28)),
        (date(2026, 3, 30), Compare.PREVIOUS, date(2026, 2, 28)),
        (date(2026, 1, 15), Compare.PREVIOUS, date(2025, 12, 15)),
        (date(2024, 2, 29), Compare.LAST_YEAR, date(2023, 2, 28)),
    ],
)
def test_the_day_beside_a_day(day: date, compare: Compare, other: date) -> None:
    assert day_compared_with(day, compare) == other


def test_the_ends_of_months_end_with_the_period() -> None:
    found = month_ends_of(Period(date(2025, 12, 5), date(2026, 2, 10)))
    assert found == (date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 10))
    assert months_back(date(2026, 1, 1), 13) == date(2024, 12, 1)


def test_a_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(Problem, match="ends on 03/01/2026, before it begins"):
        period_of(date(2026, 3, 2), date(2026, 3, 1))
