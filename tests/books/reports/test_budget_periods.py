"""Budgets that were typed for quarters and years, by account and centre, beside what came."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from fscdesk.models.values import Money
from fscdesk.services.accounting.budgets import (
    Spread,
    add_budget,
    approve_budget,
    budget,
    enter_budget,
)
from fscdesk.services.accounting.cost_centres import CentreDraft, save_cost_centre
from fscdesk.services.ledger.periods import month_end
from fscdesk.services.office import Office
from fscdesk.services.reports.budget_variance import BudgetVariance, budget_variance
from fscdesk.services.reports.income_statement import income_statement
from fscdesk.services.work import Work
from tests.support.books_kept import entry, keep_books, told

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
QUARTERS = [(date(2026, first, 1), month_end(date(2026, first + 2, 1))) for first in (1, 4, 7, 10)]
MONTHS = [(date(2026, month, 1), month_end(date(2026, month, 1))) for month in range(1, 13)]


@pytest.fixture
def planned(books: Office) -> Office:
    """Revenue by the year, rent by the quarter (a part of it the head office's), fees by month."""
    keep_books(books)

    def plan(work: Work) -> None:
        save_cost_centre(work, CentreDraft("HQ", "Head office"))
        entry(work, date(2026, 3, 9), "7000", "1000", 70_00, centre="HQ")
        made = add_budget(work, "2026", YEAR[0])
        for account, cents, first, spread, centre in (
            ("4010", 10_000_01, 1, Spread.YEAR, None),
            ("7000", 600_00, 1, Spread.QUARTER, None),
            ("7000", 100_00, 1, Spread.QUARTER, "HQ"),
            ("7000", 900_00, 4, Spread.QUARTER, None),
            ("7500", 15_00, 3, Spread.MONTH, None),
        ):
            month = date(2026, first, 1)
            enter_budget(
                work, made, account, Money(cents), month=month, spread=spread, cost_centre=centre
            )
        approve_budget(work, made, expected_version=budget(work, made).head.version)

    books.write(plan)
    return books


def compared(books: Office, days: tuple[date, date], *, by_centre: bool = False) -> BudgetVariance:
    """The budget and what came."""
    return books.read(lambda work: budget_variance(work, *days, by_centre=by_centre))


def budgets_of(found: BudgetVariance) -> Counter[str]:
    """What was planned of each account and sum, in cents."""
    return Counter({row.key: row.budget.cents for row in found.rows if not row.centre})


def actuals_of(found: BudgetVariance) -> Counter[str]:
    """What came of each account and sum, in cents."""
    return Counter({row.key: row.actual.cents for row in found.rows if not row.centre})


def test_a_quarter_and_a_year_have_what_was_typed_for_them(planned: Office) -> None:
    first = budgets_of(compared(planned, QUARTERS[0]))
    assert (first["7000"], first["7500"]) == (700_00, 15_00)
    assert budgets_of(compared(planned, QUARTERS[1]))["7000"] == 900_00
    whole = budgets_of(compared(planned, YEAR))
    assert (whole["4010"], whole["7000"], whole["7500"]) == (10_000_01, 1_600_00, 15_00)
    assert whole["net_income"] == 10_000_01 - 1_600_00 - 15_00


@pytest.mark.parametrize("parts", [QUARTERS, MONTHS], ids=["quarters", "months"])
def test_the_parts_of_a_year_are_the_year(planned: Office, parts: list[tuple[date, date]]) -> None:
    whole = compared(planned, YEAR)
    plan, came = Counter[str](), Counter[str]()
    for days in parts:
        found = compared(planned, days)
        plan.update(budgets_of(found))
        came.update(actuals_of(found))
    assert +plan == +budgets_of(whole)
    assert {key: cents for key, cents in came.items() if cents} == {
        key: cents for key, cents in actuals_of(whole).items() if cents
    }


@pytest.mark.parametrize("days", [MONTHS[2], QUARTERS[0], YEAR], ids=["month", "quarter", "year"])
def test_centres_sum_to_their_account_and_both_to_the_statement(
    planned: Office, days: tuple[date, date]
) -> None:
    whole, cut = compared(planned, days), compared(planned, days, by_centre=True)
    plan, came = Counter[str](), Counter[str]()
    for row in cut.rows:
        if row.centre:
            plan[row.key] += row.budget.cents
            came[row.key] += row.actual.cents
    assert {row.centre for row in cut.rows} >= {"Head office", "No cost centre"}
    accounts = {row.key: row for row in whole.rows if row.key.isdigit()}
    assert set(plan) == set(accounts)
    for code, row in accounts.items():
        assert (plan[code], came[code]) == (row.budget.cents, row.actual.cents), code
    income = planned.read(lambda work: told(income_statement(work, *days)))
    assert Money(actuals_of(whole)["net_income"]).plain() == income["net_income"]
    assert Money(actuals_of(cut)["net_income"]).plain() == income["net_income"]


def test_what_was_planned_for_another_quarter_is_not_counted(planned: Office) -> None:
    last = QUARTERS[3]
    assert last[1] - last[0] > timedelta(days=80)
    assert budgets_of(compared(planned, last))["7000"] == 0
