"""Amounts, days and numbers, to our values and back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.models.values import LARGEST_CENTS, Money
from fscdesk.services.x12.elements import (
    amount_of,
    amount_text,
    day_of,
    day_text,
    days_of,
    number_of,
)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        *[("120", 12000), ("120.", 12000), ("120.5", 12050), ("120.50", 12050), (".05", 5)],
        *[("-3.00", -300), ("+7", 700), ("0", 0), (" 12 ", 1200), ("1.000", 100), ("-.5", -50)],
    ],
)
def test_amounts(text: str, cents: int) -> None:
    assert amount_of(text) == Money(cents)


@pytest.mark.parametrize(
    "text", ["", "abc", "1,200", "$12", "1e3", "1.005", "--1", "1-", ".", "-", "٣", "9" * 16, "NaN"]
)
def test_what_is_no_amount(text: str) -> None:
    assert amount_of(text) is None


def test_more_than_any_practice_has_is_no_amount() -> None:
    assert amount_of(amount_text(Money(LARGEST_CENTS))) == Money(LARGEST_CENTS)
    assert amount_of(amount_text(Money(LARGEST_CENTS + 1))) is None


def test_numbers_keep_their_decimals() -> None:
    assert number_of("12.5") == Decimal("12.5")
    assert number_of("twelve") is None


@given(st.integers(-LARGEST_CENTS, LARGEST_CENTS))
def test_amounts_come_back(cents: int) -> None:
    text = amount_text(Money(cents))
    assert amount_of(text) == Money(cents)
    assert "." not in text or not text.endswith(("0", "."))


@pytest.mark.parametrize(
    ("cents", "text"), [(9500, "95"), (9550, "95.5"), (1, "0.01"), (-25, "-0.25"), (0, "0")]
)
def test_amounts_are_written_short(cents: int, text: str) -> None:
    assert amount_text(Money(cents)) == text


@given(st.dates())
def test_days_come_back(day: date) -> None:
    assert day_of(day_text(day)) == day


def test_days() -> None:
    assert day_of("20260401") == day_of("260401") == day_of("202604010830") == date(2026, 4, 1)
    for text in ("", "20260229", "20261301", "2026-04-01", "2604", "00000401", "٢٠٢٦٠٤٠١"):
        assert day_of(text) is None


def test_spans() -> None:
    first, last = date(2026, 4, 1), date(2026, 4, 30)
    assert days_of("20260401-20260430") == (first, last)
    assert days_of("20260401") == (first, first)
    assert days_of("20260401-") == (first, None)
    assert days_of("") == (None, None)
