"""What may be typed for an amount and for a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fscdesk.models.values import LARGEST_CENTS, Money
from fscdesk.ui.forms.amounts import DateField, MoneyField
from fscdesk.ui.forms.day_entry import move_day, read_day
from fscdesk.ui.forms.money_entry import read_money
from fscdesk.ui.text import day_text, dollars_text, money_text, short_day_text
from tests.support.robots.shell import ShellRobot

TODAY = date(2026, 4, 1)
CENTS = st.integers(-LARGEST_CENTS, LARGEST_CENTS)
DAYS = st.dates(date(1950, 1, 1), date(2045, 12, 31))


@given(CENTS)
def test_every_amount_that_is_shown_can_be_typed_back(cents: int) -> None:
    assert read_money(money_text(cents, zero_dash=False)) == Money(cents)
    assert read_money(money_text(cents, zero_dash=False, signed=True)) == Money(cents)
    assert read_money(dollars_text(Money(cents))) == Money(cents)
    assert read_money(Money(cents).plain()) == Money(cents)


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=8), st.data())
def test_a_typed_sum_is_the_sum(amounts: list[int], data: st.DataObject) -> None:
    signs = [1, *(data.draw(st.sampled_from((1, -1))) for _ in amounts[1:])]
    terms = [
        f"{'+' if sign > 0 else '-'}{Money(one)}" for sign, one in zip(signs, amounts, strict=True)
    ]
    typed = "=" + "".join(terms).removeprefix("+")
    assert read_money(typed) == Money(
        sum(sign * one for sign, one in zip(signs, amounts, strict=True))
    )


@given(st.text(max_size=30))
def test_whatever_is_typed_is_an_amount_or_a_sentence(typed: str) -> None:
    said = _sentence(lambda: read_money(typed))
    assert said.endswith(".") if said else abs(read_money(typed).cents) <= LARGEST_CENTS


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("12.5", 1250),
        ("1,200", 120000),
        (" $ 55 ", 5500),
        ("=100-38.60", 6140),
        ("-3.00", -300),
        ("−3.00", -300),
        ("(7.25)", -725),
        (".5", 50),
        ("5.", 500),
        ("=-5+2", -300),
    ],
)
def test_short_ways_of_typing_an_amount(typed: str, cents: int) -> None:
    assert read_money(typed) == Money(cents)


@pytest.mark.parametrize(
    "typed",
    ["", ".", "1,20", "12.345", "1e5", "1_000", "=", "=5+", "=5--3", "١٢", "--5", "5-3", "NaN"],
)
def test_what_is_no_amount(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        read_money(typed)


def test_ten_billion_is_the_most() -> None:
    with pytest.raises(ValueError, match="ten billion"):
        read_money("=9,000,000,000+9,000,000,000")


@given(DAYS, DAYS)
def test_every_day_that_is_shown_can_be_typed_back(day: date, today: date) -> None:
    assert read_day(day_text(day), today) == day
    assert read_day(day.isoformat(), today) == day
    assert read_day(day_text(day).replace("/", ""), today) == day


@given(DAYS, DAYS)
def test_a_day_without_a_year_is_the_nearest_one(day: date, today: date) -> None:
    read = read_day(short_day_text(day), today)
    assert (read.month, read.day) == (day.month, day.day)
    leap = 366 * 4 if (day.month, day.day) == (2, 29) else 184
    assert abs((read - today).days) <= leap


@given(st.integers(-9999, 9999), DAYS)
def test_a_signed_number_counts_days_from_today(days: int, today: date) -> None:
    assert read_day(f"{days:+d}", today) == today + timedelta(days=days)


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_day_or_a_sentence(typed: str) -> None:
    said = _sentence(lambda: read_day(typed, TODAY))
    assert not said or said.endswith(".")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("t", TODAY),
        ("T", TODAY),
        ("+5", date(2026, 4, 6)),
        ("-1", date(2026, 3, 31)),
        ("5-2", date(2026, 5, 2)),
        ("0502", date(2026, 5, 2)),
        ("12-28", date(2025, 12, 28)),
        ("5/2/27", date(2027, 5, 2)),
        ("5/2/62", date(1962, 5, 2)),
        ("050226", date(2026, 5, 2)),
        ("tomorrow", date(2026, 4, 2)),
        ("Monday", date(2026, 4, 6)),
        ("wednesday", date(2026, 4, 8)),
        ("next week", date(2026, 4, 6)),
        ("next month", date(2026, 5, 1)),
    ],
)
def test_short_ways_of_typing_a_day(typed: str, day: date) -> None:
    assert read_day(typed, TODAY) == day


@pytest.mark.parametrize(
    ("today", "monday"),
    [
        (date(2026, 4, 4), date(2026, 4, 6)),  # a Saturday
        (date(2026, 4, 5), date(2026, 4, 13)),  # a Sunday: its week has just begun
        (date(2026, 4, 6), date(2026, 4, 13)),  # a Monday
    ],
)
def test_next_week_is_never_tomorrow_of_a_sunday(today: date, monday: date) -> None:
    assert read_day("next week", today) == monday


FAR = ("01/01/0001", "0206-03-02", "12/31/1899", "2200-01-01", "12/31/9999")


@pytest.mark.parametrize(
    "typed", ["02/30/2026", "2-30", "13-1", "", "2-29", "00/10", "5-2-1", "x", *FAR]
)
def test_what_is_no_day(typed: str) -> None:
    with pytest.raises(ValueError, match=r"is not a day\."):
        read_day(typed, TODAY)


@given(DAYS, st.integers(-60, 60))
def test_moving_by_months_keeps_the_day_or_takes_the_last(day: date, months: int) -> None:
    moved = move_day(day, months=months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved + timedelta(days=1)).day == 1


def test_moving_stops_at_the_ends_of_the_calendar() -> None:
    first, last = date(1900, 1, 1), date(2199, 12, 31)
    assert move_day(last, days=1) == last
    assert move_day(first, months=-1) == first
    assert move_day(first, days=-1) == first


def test_a_date_field_moves_by_arrows_and_pages(qtbot: QtBot) -> None:
    field = DateField("Check date", date(2026, 1, 31), today=lambda: TODAY)
    qtbot.addWidget(field)
    robot_keys = (("Down", date(2026, 1, 30)), ("Up", date(2026, 1, 31)))
    for keys, day in (*robot_keys, ("PgUp", date(2026, 2, 28)), ("PgDown", date(2026, 1, 28))):
        _press(field, keys)
        assert field.value() == day
    field.edit.clear()
    _press(field, "Up")  # nothing stands there: it begins with today
    assert field.value() == TODAY


def test_a_date_field_shows_the_day_when_it_is_left(shell: ShellRobot) -> None:
    field = DateField("Check date", today=lambda: TODAY)
    _give(shell, field)
    field.setFocus()
    shell.types("5-2")
    shell.presses("Tab")
    assert field.edit.text() == "05/02/2026"
    assert field.sentence.text() == ""


def test_a_field_is_checked_once_when_it_is_left_and_forgives_at_once(shell: ShellRobot) -> None:
    field = DateField("Check date", today=lambda: TODAY)
    _give(shell, field)
    field.setFocus()
    shell.types("02/30/2026")
    assert field.sentence.text() == ""
    shell.presses("Tab")
    assert field.sentence.text() == "02/30/2026 is not a day."
    assert field.edit.text() == "02/30/2026"
    field.setFocus()
    field.edit.selectAll()
    shell.types("2-28")
    assert field.sentence.text() == ""


def test_a_money_field_shows_the_amount_when_it_is_left(shell: ShellRobot) -> None:
    field = MoneyField("Amount")
    _give(shell, field)
    field.setFocus()
    shell.types("=1200-38.6")
    shell.presses("Tab")
    assert field.edit.text() == "1,161.40"
    assert field.value() == Money(116140)


def test_a_rule_of_the_screen_is_asked_after_the_amount_is_one(qtbot: QtBot) -> None:
    field = MoneyField(
        "Amount", rule=lambda amount: "" if amount.cents > 0 else "Type what came in."
    )
    qtbot.addWidget(field)
    assert field.fault() == "Amount is missing."
    field.set_value(Money(-5))
    assert field.fault() == "Type what came in."
    field.set_value(Money(5))
    assert field.fault() == ""


def _sentence(read: Callable[[], object]) -> str:
    """What a person is told; nothing where it was understood. Any other exception is a bug."""
    try:
        read()
    except ValueError as fault:
        return str(fault)
    return ""


def _press(field: DateField, keys: str) -> None:
    QTest.keySequence(field.edit, QKeySequence(keys))


def _give(shell: ShellRobot, field: MoneyField | DateField) -> None:
    layout = shell.screen().layout()
    assert layout is not None
    layout.addWidget(field)
    field.show()
