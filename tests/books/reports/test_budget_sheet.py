"""A budget as it is worked on: planned, come and last year's, by month and by cost centre."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.values import ZERO, Money
from fscdesk.services.accounting.budget_typing import put_months
from fscdesk.services.accounting.budgets import (
    Spread,
    add_budget,
    approve_budget,
    budget,
    enter_budget,
)
from fscdesk.services.accounting.cost_centres import CentreDraft, save_cost_centre
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.reports.budget_sheet import (
    NO_CENTRE,
    BudgetSheet,
    SheetRow,
    budget_sheet,
)
from fscdesk.services.work import Work
from tests.support.books_kept import entry, keep_books
from tests.support.second_person import second_person

YEAR, MARCH = date(2026, 1, 1), date(2026, 3, 1)


def planned(books: Office) -> int:
    """A draft: 7000 at 100.00 a month; 30.00 more in March for NORTH."""

    def plan(work: Work) -> int:
        number = add_budget(work, "Plan", YEAR)
        enter_budget(work, number, "7000", Money(1200_00), month=YEAR, spread=Spread.YEAR)
        save_cost_centre(work, CentreDraft("NORTH", "North"))
        enter_budget(work, number, "7000", Money(30_00), month=MARCH, cost_centre="NORTH")
        return number

    return books.write(plan).value


def row(sheet: BudgetSheet, account: str) -> SheetRow:
    return next(one for one in sheet.rows if one.account == account)


def test_all_centres_are_summed_and_say_that_they_are(books: Office) -> None:
    keep_books(books)
    number = planned(books)
    whole = books.read(lambda work: budget_sheet(work, number))
    rent = row(whole, "7000")
    assert rent.planned[1:4] == (Money(100_00), Money(130_00), Money(100_00))
    assert rent.split
    assert not row(whole, "4010").split
    alone = books.read(lambda work: budget_sheet(work, number, NO_CENTRE))
    assert row(alone, "7000").planned[2] == Money(100_00)
    assert not row(alone, "7000").split
    north = books.read(lambda work: budget_sheet(work, number, "NORTH"))
    assert row(north, "7000").planned == (ZERO, ZERO, Money(30_00), *(ZERO,) * 9)


def test_what_came_stands_beside_it_with_the_year_before(books: Office) -> None:
    keep_books(books)
    number = planned(books)
    sheet = books.read(lambda work: budget_sheet(work, number))
    assert row(sheet, "4010").actual[2] == Money(480_00)
    assert row(sheet, "7000").actual == (ZERO, ZERO, Money(200_00), *(ZERO,) * 9)
    assert row(sheet, "4340").before[11] == Money(50_00)
    assert row(sheet, "4340").actual == (ZERO,) * 12
    assert sheet.today == date(2026, 4, 12)


def test_what_came_is_counted_for_its_cost_centre(books: Office) -> None:
    keep_books(books)
    number = planned(books)
    books.write(lambda work: entry(work, date(2026, 2, 3), "7000", "1000", 70_00, centre="NORTH"))
    north = books.read(lambda work: budget_sheet(work, number, "NORTH"))
    assert row(north, "7000").actual[1:3] == (Money(70_00), ZERO)
    rest = books.read(lambda work: budget_sheet(work, number, NO_CENTRE))
    assert row(rest, "7000").actual[1:3] == (ZERO, Money(200_00))


def test_without_the_right_to_see_reports_only_the_plan_is_shown(books: Office) -> None:
    keep_books(books)
    number = planned(books)
    other = second_person(books)
    sheet = other.read(lambda work: budget_sheet(work, number))
    assert not sheet.compares
    assert row(sheet, "7000").planned[0] == Money(100_00)


def test_months_are_put_and_put_back(books: Office) -> None:
    number = planned(books)

    def months() -> tuple[str, ...]:
        view = books.read(lambda work: budget(work, number))
        return tuple(one.plain() for one in view.cells[0].months[:4])

    wanted = {date(2026, 2, 1): Money(5_00), MARCH: ZERO, date(2026, 4, 1): Money(100_00)}
    stood = books.write(lambda work: put_months(work, number, "7000", wanted)).value
    assert months() == ("100.00", "5.00", "0.00", "100.00")
    assert set(stood.values()) == {Money(100_00)}
    books.write(lambda work: put_months(work, number, "7000", stood))
    assert months() == ("100.00",) * 4


def test_nothing_is_put_into_what_is_approved(books: Office) -> None:
    number = planned(books)
    version = books.read(lambda work: budget(work, number)).head.version
    books.write(lambda work: approve_budget(work, number, expected_version=version))
    with pytest.raises(Problem, match="approved"):
        books.write(lambda work: put_months(work, number, "7000", {MARCH: Money(1)}))
