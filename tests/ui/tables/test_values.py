"""Filters, layouts and columns as values: JSON there and back, and words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.models.values import Money
from fscdesk.ui.tables.columns import Column, money_column
from fscdesk.ui.tables.filter_state import WORDS, Days, FilterState, range_words
from fscdesk.ui.tables.keys import LIST_KEYS
from fscdesk.ui.tables.layout import Density, TableLayout, first_layout, layout_from_json
from tests.support.robots.table import COLUMNS

TODAY = date(2026, 4, 1)
DAYS = st.dates(date(2000, 1, 1), date(2050, 1, 1))
RANGES = st.one_of(
    st.sampled_from(sorted(WORDS)).map(lambda word: Days(word=word)),
    DAYS.map(lambda day: Days(start=day)),
    DAYS.map(lambda day: Days(end=day)),
    st.tuples(DAYS, DAYS).map(lambda pair: Days(start=min(pair), end=max(pair))),
)


def _state(text: str, picks: dict[str, list[str]], days: dict[str, Days]) -> FilterState:
    state = FilterState(text=text)
    for key, values in picks.items():
        state = state.with_values(key, values)
    for key, range_ in days.items():
        state = state.with_days(key, range_)
    return state


STATES = st.builds(
    _state,
    st.text(max_size=20),
    st.dictionaries(st.text(min_size=1, max_size=5), st.lists(st.text(max_size=5), max_size=3)),
    st.dictionaries(st.sampled_from(["date", "paid"]), RANGES),
)


@given(STATES)
def test_a_filter_comes_back_from_json_as_it_was(state: FilterState) -> None:
    assert FilterState.from_json(state.to_json()) == state


@given(
    st.one_of(st.text(), st.sampled_from(["[]", '{"picks": 3}', '{"days": {"a": {"word": 1}}}']))
)
def test_a_filter_never_refuses_to_open(text: str) -> None:
    assert isinstance(FilterState.from_json(text), FilterState)


def test_the_order_of_picking_does_not_matter() -> None:
    one = FilterState().with_values("a", ["x", "y"]).with_values("b", ["z"])
    two = FilterState().with_values("b", ["z"]).with_values("a", ["y", "x"])
    assert one == two
    assert one.to_json() == two.to_json()


def test_clearing_every_chip_is_the_empty_filter() -> None:
    state = FilterState().with_values("a", ["x"]).with_days("d", Days(word="today"))
    assert state.set_keys == {"a", "d"}
    assert state.without("a").without("d") == FilterState()
    assert FilterState(text="  ").is_empty


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2026, 3, 1), date(2026, 3, 31), "March 2026"),
        (date(2024, 2, 1), date(2024, 2, 29), "February 2024"),
        (date(2026, 1, 1), date(2026, 12, 31), "2026"),
        (date(2026, 3, 5), date(2026, 3, 5), "03/05/2026"),
        (date(2026, 3, 5), date(2026, 3, 9), "03/05/2026 to 03/09/2026"),
        (date(2026, 3, 5), None, "since 03/05/2026"),
        (None, date(2026, 3, 5), "until 03/05/2026"),
        (None, None, "Any"),
    ],
)
def test_a_range_is_said_as_a_person_says_it(
    start: date | None, end: date | None, words: str
) -> None:
    assert range_words(start, end) == words


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("today", date(2026, 4, 1), date(2026, 4, 1)),
        ("this_week", date(2026, 3, 30), date(2026, 4, 5)),
        ("last_week", date(2026, 3, 23), date(2026, 3, 29)),
        ("last_month", date(2026, 3, 1), date(2026, 3, 31)),
        ("last_year", date(2025, 1, 1), date(2025, 12, 31)),
        ("last_30_days", date(2026, 3, 3), date(2026, 4, 1)),
    ],
)
def test_words_move_with_the_calendar(word: str, first: date, last: date) -> None:
    assert Days(word=word).ends(TODAY) == (first, last)


@given(DAYS, st.sampled_from(sorted(WORDS)))
def test_every_word_is_a_range_on_every_day(today: date, word: str) -> None:
    first, last = Days(word=word).ends(today)
    assert first is not None
    assert last is not None
    assert first <= last


FIRST = first_layout(COLUMNS, "date", descending=True, density=Density.COMPACT)


def test_a_layout_comes_back_from_json_as_it_was() -> None:
    layout = FIRST.with_width("code", 200).with_hidden("age", hidden=True).moved("owes", -2)
    assert layout_from_json(layout.to_json(), FIRST, COLUMNS) == layout


@given(st.one_of(st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(str)))
def test_a_layout_never_refuses_to_open(text: str) -> None:
    assert isinstance(layout_from_json(text, FIRST, COLUMNS), TableLayout)


def test_a_column_that_is_new_stands_where_it_was_made() -> None:
    older = first_layout(
        COLUMNS[:2] + COLUMNS[3:], "date", descending=True, density=Density.COMPACT
    )
    layout = layout_from_json(older.moved("owes", -9).to_json(), FIRST, COLUMNS)
    assert layout.order == ("owes", "date", "code", "client", "status", "age")


def test_the_column_that_names_the_row_cannot_be_hidden() -> None:
    layout = layout_from_json(FIRST.with_hidden("client", hidden=True).to_json(), FIRST, COLUMNS)
    assert "client" not in layout.hidden


def test_a_column_that_is_gone_is_left_out() -> None:
    text = FIRST.with_width("code", 99).to_json().replace('"code"', '"gone"')
    layout = layout_from_json(text, FIRST, COLUMNS)
    assert set(layout.order) == {column.key for column in COLUMNS}
    assert layout.width("code") is None


@pytest.mark.parametrize(
    ("amount", "settings", "shown", "copied", "spoken"),
    [
        (Money(123500), {}, "1,235.00", "1235.00", "owes 1,235.00"),
        (Money(-4000), {}, "−40.00", "-40.00", "owes -40.00"),
        (Money(), {}, "–", "0.00", "owes 0"),
        (Money(), {"states_zero": True}, "0.00", "0.00", "owes 0"),
        (None, {}, "", "", ""),
    ],
)
def test_money_is_shown_copied_and_spoken(
    amount: Money | None, settings: dict[str, Any], shown: str, copied: str, spoken: str
) -> None:
    column: Column[object] = money_column("owes", "Owes", lambda _row: amount, **settings)
    assert column.shown_text(None) == shown
    assert column.copied_text(None) == copied
    assert column.spoken_text(None) == spoken


def test_no_key_of_a_list_is_a_letter_alone() -> None:
    for pressed in LIST_KEYS:
        plain = not pressed.keyboardModifiers().value
        assert not (
            plain and chr(pressed.key().value & 0xFFFF).isalnum() and pressed.key().value < 128
        )
