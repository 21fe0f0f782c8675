"""Start minutes in the ways that SimplePractice, Excel and people write them."""

# ruff: noqa: DTZ001 - cells hold wall clocks

from __future__ import annotations

import contextlib
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.services.spreadsheets.cells import CellFault
from fscdesk.services.spreadsheets.moments import (
    DateOrder,
    Moment,
    Moments,
    join_moment,
    read_moment,
)

MARCH_2 = date(2026, 3, 2)
NINE = 9 * 60


@pytest.mark.parametrize(
    ("cell", "minute"),
    [
        ("03/02/2026 09:00", NINE),
        ("3/2/2026 9:00", NINE),
        ("3/2/26 9:00", NINE),
        ("3/2/26 9:00 AM", NINE),
        ("3/2/2026 9:00:00 PM", 21 * 60),
        ("03/02/2026, 9:00 a.m.", NINE),
        ("3/2/2026 9:00\u202fAM", NINE),
        ("3/2/2026\u00a09:00", NINE),
        ("03-02-2026 09:00", NINE),
        ("3/2/2026 12:00 AM", 0),
        ("3/2/2026 12:30 PM", 750),
        ("3/2/2026 00:00", 0),
        ("3/2/2026 8:59:59", NINE),
        ("2026-03-02 09:00", NINE),
        ("2026-03-02T09:00:00.000", NINE),
        ("2026-03-02T09:00:00-05:00", NINE),
        ("46083.375", NINE),
        ("46083.54167", 13 * 60),
        (46083.54167, 13 * 60),
        (46083.374999999, NINE),
        (datetime(2026, 3, 2, 9), NINE),
        (datetime(2026, 3, 2, 8, 59, 59, 999000), NINE),
    ],
)
def test_a_start_minute_in_every_style(cell: str | float | datetime, minute: int) -> None:
    assert read_moment(cell) == Moment(MARCH_2, minute)


@pytest.mark.parametrize(
    "cell", ["3/2/2026", "2026-03-02", "46083", 46083, 46083.0, datetime(2026, 3, 2)]
)
def test_a_day_without_a_time_says_so(cell: str | float | datetime) -> None:
    assert read_moment(cell) == Moment(MARCH_2, 0, timed=False)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("31/03/2026 09:00", "day-first"),
        ("02/30/2026 09:00", "date"),
        ("13/13/2026", "date"),
        ("0/2/2026", "date"),
        ("3/2/2026 24:00", "date"),
        ("3/2/2026 9:60", "date"),
        ("3/2/2026 13:00 PM", "date"),
        ("3/2/2026 0:30 AM", "date"),
        ("2026-03-02T09:00:00Z", "date"),
        ("03/02/1899 09:00", "date"),
        ("03/02/2150 09:00", "date"),
        ("", "date"),
        ("Total", "date"),
        ("9:00", "date"),
        ("１/2/2026 9:00", "date"),
        (1.5, "date"),
        (-4.0, "date"),
        (float("nan"), "date"),
        (float("inf"), "date"),
        (99999.99999, "date"),
        (datetime(9999, 12, 31, 23, 59, 59), "date"),
    ],
)
def test_what_is_no_start_is_refused(cell: str | float | datetime, code: str) -> None:
    with pytest.raises(CellFault) as fault:
        read_moment(cell)
    assert fault.value.code == code


def test_day_first_is_read_where_a_person_said_so() -> None:
    assert read_moment("31/03/2026 09:00", DateOrder.DAY_FIRST) == Moment(date(2026, 3, 31), NINE)
    assert read_moment("2.3.2026 09:00", DateOrder.DAY_FIRST) == Moment(MARCH_2, NINE)
    with pytest.raises(CellFault):
        read_moment("03/31/2026 09:00", DateOrder.DAY_FIRST)


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)).map(
        lambda each: each.replace(second=0, microsecond=0)
    )
)
def test_every_minute_reads_back(start: datetime) -> None:
    minute = start.hour * 60 + start.minute
    serial = (start - datetime(1899, 12, 30)) / timedelta(days=1)
    moments = Moments()
    for _ in range(2):  # the second time from the halves that the first one remembered
        assert moments[f"{start:%m/%d/%Y %H:%M}"] == (start.date(), minute)
    again = Moments()
    assert again[f"{start:%m/%d/%Y} 00:00"] == (start.date(), 0)
    assert again[f"01/01/2026 {start:%H:%M}"][1] == minute
    assert again[f"{start:%m/%d/%Y %H:%M}"] == (start.date(), minute)
    assert read_moment(f"{start:%Y-%m-%d %H:%M}").minute == minute
    assert read_moment(f"{start:%m/%d/%Y %I:%M %p}") == Moment(start.date(), minute)
    assert read_moment(round(serial, 5)).minute == minute
    assert read_moment(round(serial, 5)).day == start.date()


@given(st.text(max_size=30) | st.floats() | st.integers(-(10**12), 10**12) | st.datetimes())
def test_any_cell_is_a_start_or_refused(cell: str | float | datetime) -> None:
    with contextlib.suppress(CellFault):
        moment = read_moment(cell)
        assert 0 <= moment.minute < 1440
        assert 1990 <= moment.day.year <= 2099


@pytest.mark.parametrize(
    ("day", "start"),
    [
        ("03/02/2026", "9:00 AM"),
        ("2026-03-02", 0.375),
        (46083.0, 0.375),
        (46083, "09:00"),
        (datetime(2026, 3, 2), "09:00:00"),
        (datetime(2026, 3, 2), datetime(1899, 12, 31, 9)),
    ],
)
def test_a_day_and_a_time_from_two_columns(
    day: str | float | datetime, start: str | float | datetime
) -> None:
    assert read_moment(join_moment(day, start)) == Moment(MARCH_2, NINE)
