"""Which items add up to an amount: held against trying every set."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from fscdesk.services.banking.sums import MOST_SETS, Reach, sets_that_add_up

ITEMS = st.lists(st.integers(-40, 60).map(lambda part: part * 5), max_size=9)


def by_trying(items: list[int], target: int) -> set[tuple[int, ...]]:
    places = [at for at, cents in enumerate(items) if cents]
    return {
        chosen
        for count in range(1, len(places) + 1)
        for chosen in combinations(places, count)
        if sum(items[at] for at in chosen) == target
    }


@given(ITEMS, st.integers(-100, 300).map(lambda part: part * 5))
def test_it_finds_what_trying_every_set_finds(items: list[int], target: int) -> None:
    every = by_trying(items, target)
    found = sets_that_add_up(items, target)
    expected = {0: Reach.NONE, 1: Reach.ONE}.get(len(every), Reach.SEVERAL)
    assert found.reach is expected
    assert set(found.sets) <= every
    assert len(set(found.sets)) == len(found.sets) == min(len(every), MOST_SETS)


def test_one_of_two_equal_checks_is_never_decided() -> None:
    found = sets_that_add_up([9500, 5000, 9500], 14_500)
    assert found.reach is Reach.SEVERAL
    assert set(found.sets) == {(0, 1), (1, 2)}


def test_both_of_two_equal_checks_are_one_set() -> None:
    assert sets_that_add_up([9500, 9500], 19_000).sets == ((0, 1),)


def test_it_gives_up_and_says_so() -> None:
    items = [100_003 + 7 * step * step for step in range(40)]
    found = sets_that_add_up(items, sum(items) // 2 + 1, most=500)
    assert found.reach is Reach.UNDECIDED


def test_a_day_of_forty_checks_is_decided() -> None:
    items = [3000 + 137 * step for step in range(40)]
    found = sets_that_add_up(items, items[3] + 1)
    assert found.reach is Reach.NONE
