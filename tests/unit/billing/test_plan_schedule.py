"""The arithmetic of payment plans: days that exist, parts that add up, interest to the cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.models.plan import Every
from fscdesk.models.values import Money
from fscdesk.services.billing.plan_schedule import (
    Limit,
    Limits,
    Terms,
    broken_limits,
    due_day,
    least_down,
    months_after,
    rounded,
    schedule_of,
)

JANUARY = date(2026, 1, 31)
SIX_HUNDRED = Terms(
    Money(600_00), Money(120_00), 6, Every.MONTH, date(2026, 4, 12), date(2026, 5, 12)
)

days = st.dates(date(2000, 1, 1), date(2090, 12, 31))


@st.composite
def possible(draw: st.DrawFn) -> Terms:
    """Terms that a generous practice would agree to."""
    number = draw(st.integers(1, 104))
    financed = draw(st.integers(number, 10**10))
    down = draw(st.integers(0, 10**9))
    agreed = draw(days)
    return Terms(
        Money(financed + down),
        Money(down),
        number,
        draw(st.sampled_from(Every)),
        agreed,
        agreed + timedelta(days=draw(st.integers(1, 90))),
        draw(st.sampled_from((0, 500, 999))),
    )


def test_the_plan_of_job_ten() -> None:
    found = schedule_of(SIX_HUNDRED)
    assert [part.amount for part in found.parts] == [Money(80_00)] * 6
    assert [part.due_on.month for part in found.parts] == [5, 6, 7, 8, 9, 10]
    assert found.interest == Money()
    assert found.of_payments == Money(480_00)
    assert broken_limits(SIX_HUNDRED, Limits()) == ()


@pytest.mark.parametrize(
    ("first", "every", "expected"),
    [
        (JANUARY, Every.MONTH, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        (date(2028, 1, 31), Every.MONTH, ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]),
        (date(2027, 12, 30), Every.MONTH, ["2027-12-30", "2028-01-30", "2028-02-29", "2028-03-30"]),
        (date(2028, 2, 29), Every.QUARTER, ["2028-02-29", "2028-05-29", "2028-08-29"]),
        (date(2026, 11, 30), Every.QUARTER, ["2026-11-30", "2027-02-28", "2027-05-30"]),
        (date(2028, 2, 22), Every.WEEK, ["2028-02-22", "2028-02-29", "2028-03-07"]),
        (date(2026, 12, 24), Every.TWO_WEEKS, ["2026-12-24", "2027-01-07", "2027-01-21"]),
    ],
)
def test_due_days_exist_and_are_counted_from_the_first(
    first: date, every: Every, expected: list[str]
) -> None:
    found = [due_day(first, every, step).isoformat() for step in range(len(expected))]
    assert found == expected


def test_months_go_back_too() -> None:
    assert months_after(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert months_after(date(2028, 2, 29), 24) == date(2030, 2, 28)


def test_what_does_not_divide_goes_to_the_last() -> None:
    found = schedule_of(replace(SIX_HUNDRED, total=Money(220_00), number=3))
    assert [part.principal.cents for part in found.parts] == [33_33, 33_33, 33_34]


def test_interest_is_simple_by_the_days_of_the_schedule() -> None:
    terms = Terms(
        Money(1_200_00), Money(0), 3, Every.MONTH, date(2026, 1, 1), date(2026, 2, 1), 500
    )
    found = schedule_of(terms)
    # 1,200.00 for 31 days, 800.00 for 28, 400.00 for 31, at 5 % of 365 days.
    assert [part.interest.cents for part in found.parts] == [5_10, 3_07, 1_70]
    assert [part.left.cents for part in found.parts] == [800_00, 400_00, 0]
    assert found.of_payments == Money(1_209_87)


@pytest.mark.parametrize(
    ("top", "bottom", "cents"), [(5, 10, 0), (15, 10, 2), (25, 10, 2), (26, 10, 3), (24, 10, 2)]
)
def test_half_a_cent_goes_to_the_even_one(top: int, bottom: int, cents: int) -> None:
    assert rounded(top, bottom) == Money(cents)


@given(st.integers(0, 10**15), st.integers(1, 10**8))
def test_rounding_is_the_bankers(top: int, bottom: int) -> None:
    exact = (Decimal(top) / Decimal(bottom)).quantize(Decimal(1), ROUND_HALF_EVEN)
    assert abs(rounded(top, bottom).cents - int(exact)) <= (1 if bottom > 10**6 else 0)
    assert abs(rounded(top, bottom).cents * bottom - top) * 2 <= bottom


@given(possible())
def test_every_schedule_adds_up_on_days_that_exist(terms: Terms) -> None:
    found = schedule_of(terms)
    assert len(found.parts) == terms.number
    assert [part.position for part in found.parts] == list(range(1, terms.number + 1))
    assert sum(part.principal.cents for part in found.parts) == terms.financed.cents
    assert found.parts[0].due_on == terms.first_due_on
    assert found.parts[-1].left == Money()
    for before, after in pairwise(found.parts):
        assert before.due_on < after.due_on
        assert before.left - after.principal == after.left
        assert before.principal <= after.principal
        day = after.due_on + timedelta(days=1)
        if terms.every in (Every.MONTH, Every.QUARTER):
            assert after.due_on.day == terms.first_due_on.day or day.day == 1
    assert all(part.principal.cents > 0 and part.interest.cents >= 0 for part in found.parts)
    if not terms.apr_points:
        assert found.interest == Money()
    assert found.of_payments == terms.financed + found.interest


@given(possible())
def test_interest_is_never_off_by_more_than_half_a_cent_each(terms: Terms) -> None:
    found = schedule_of(terms)
    left, before = terms.financed.cents, terms.agreed_on
    for part in found.parts:
        exact = Decimal(left * (part.due_on - before).days * terms.apr_points) / (10_000 * 365)
        assert abs(Decimal(part.interest.cents) - exact) <= Decimal("0.5001")
        left, before = left - part.principal.cents, part.due_on


@given(st.integers(1, 10**12), st.integers(0, 100), st.integers(0, 10**10))
def test_the_least_down_is_enough_and_a_cent_less_is_not(
    cents: int, percent: int, before: int
) -> None:
    limits = Limits(down_percent=percent, paid_before=Money(before))
    least = least_down(Money(cents), limits).cents
    assert (least + before) * 100 >= (cents + before) * percent
    assert least == 0 or (least - 1 + before) * 100 < (cents + before) * percent


@pytest.mark.parametrize(
    ("change", "limit", "words"),
    [
        ({"down": Money(119_99)}, Limit.DOWN, "119.99 is paid down, but"),
        ({"down": Money(600_00)}, Limit.DOWN, "leaves nothing"),
        ({"total": Money()}, Limit.TOTAL, "something that is open"),
        ({"number": 0}, Limit.NUMBER, "from 1 to 200 payments, not 0"),
        ({"number": 201}, Limit.NUMBER, "from 1 to 200 payments"),
        ({"total": Money(5), "down": Money(2)}, Limit.NUMBER, "0.03 cannot be paid in 6"),
        ({"first_due_on": date(2026, 4, 12)}, Limit.FIRST_DUE, "after the day of the plan"),
        ({"number": 25}, Limit.TOO_LONG, "05/12/2028; a plan runs 24 months"),
        ({"number": 9, "every": Every.QUARTER}, Limit.TOO_LONG, "24 months"),
        ({"apr_points": 450}, Limit.INTEREST, "no interest or 5 % a year, not 4.5 %"),
    ],
)
def test_a_broken_limit_is_named(change: dict[str, object], limit: Limit, words: str) -> None:
    found = broken_limits(replace(SIX_HUNDRED, **change), Limits())  # type: ignore[arg-type]
    assert [one.code for one in found] == [limit]
    assert words in found[0].message


def test_all_broken_limits_are_named_at_once() -> None:
    worst = replace(SIX_HUNDRED, down=Money(), number=30, apr_points=1, first_due_on=JANUARY)
    assert {one.code for one in broken_limits(worst, Limits())} == {
        Limit.DOWN,
        Limit.TOO_LONG,
        Limit.INTEREST,
        Limit.FIRST_DUE,
    }


@pytest.mark.parametrize("number", [1, 24])
def test_the_longest_plan_is_allowed(number: int) -> None:
    assert broken_limits(replace(SIX_HUNDRED, number=number), Limits()) == ()


def test_what_was_paid_on_the_plan_before_counts_as_paid_down() -> None:
    limits = Limits(paid_before=Money(200_00))
    assert least_down(Money(400_00), limits) == Money()
    assert least_down(Money(1_000_00), limits) == Money(40_00)
