"""Budgets: spread to months without losing a cent, copied, approved one a year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from fscdesk.models.provider import Provider
from fscdesk.models.staff import Role
from fscdesk.models.values import ZERO, Money
from fscdesk.services.accounting.budget_approval import undo_approval
from fscdesk.services.accounting.budgets import (
    BudgetStatus,
    BudgetView,
    Spread,
    add_budget,
    approve_budget,
    budget,
    budgets,
    copy_actual,
    copy_budget,
    enter_budget,
    remove_budget,
)
from fscdesk.services.accounting.closing_periods import close
from fscdesk.services.accounting.cost_centres import CentreDraft, assign, save_cost_centre
from fscdesk.services.accounting.year_end import close_year, undo_year_end
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.reports.books import Cut, balances
from fscdesk.services.work import Work
from tests.books.accounting.test_year_end import write
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import open_till
from tests.support.second_person import at_once, second_person

YEAR = date(2026, 1, 1)


def made(books: Office, name: str = "Plan", first: date = YEAR) -> int:
    return books.write(lambda work: add_budget(work, name, first)).value


def enter(books: Office, ident: int, account: str, cents: int, month: int, spread: Spread) -> None:
    books.write(
        lambda work: enter_budget(
            work, ident, account, Money(cents), month=date(2026, month, 1), spread=spread
        )
    )


def view(books: Office, ident: int) -> BudgetView:
    return books.read(lambda work: budget(work, ident))


def test_a_year_is_spread_and_a_month_replaces_its_part(books: Office) -> None:
    ident = made(books)
    enter(books, ident, "4010", 100000, 1, Spread.YEAR)
    enter(books, ident, "7000", 10000, 4, Spread.QUARTER)
    enter(books, ident, "4010", 9000, 2, Spread.MONTH)
    enter(books, ident, "7000", 0, 6, Spread.MONTH)
    found = view(books, ident)
    income, rent = found.cells
    assert [one.cents for one in income.months] == [8334, 9000, 8334, 8334, *[8333] * 8]
    assert [one.cents for one in rent.months[3:6]] == [3334, 3333, 0]
    assert (found.head.income, found.head.expense) == (Money(100666), Money(6667))
    assert found.head.result == Money(93999)
    assert found.months[-1] == date(2026, 12, 1)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cents=st.integers(-(10**10), 10**10), spread=st.sampled_from(list(Spread)))
def test_spreading_loses_no_cent(sqlite_books: Office, cents: int, spread: Spread) -> None:
    ident = next((one.id for one in sqlite_books.read(budgets)), None) or made(sqlite_books)
    enter(sqlite_books, ident, "7000", 0, 1, Spread.YEAR)
    enter(sqlite_books, ident, "7000", cents, 1, spread)
    cells = view(sqlite_books, ident).cells
    assert sum(one.total.cents for one in cells) == cents
    parts = [one.cents for cell in cells for one in cell.months if one]
    assert not parts or max(parts) - min(parts) <= 1


def test_centres_stand_beside_each_other(books: Office) -> None:
    ident = made(books)
    books.write(lambda work: save_cost_centre(work, CentreDraft("MAIN", "Main Street")))
    for centre in (None, "MAIN", "MAIN"):
        books.write(
            lambda work, centre=centre: enter_budget(  # type: ignore[misc]
                work, ident, "7000", Money(100), month=YEAR, cost_centre=centre
            )
        )
    assert [(one.cost_centre, one.total) for one in view(books, ident).cells] == [
        (None, Money(100)),
        ("MAIN", Money(100)),
    ]


def test_a_budget_is_copied_and_raised(books: Office) -> None:
    ident = made(books)
    enter(books, ident, "7000", 1250, 1, Spread.MONTH)
    enter(books, ident, "4010", 100, 12, Spread.MONTH)
    copied = books.write(
        lambda work: copy_budget(work, ident, "Next", date(2027, 1, 1), percent=Decimal("2.5"))
    ).value
    found = view(books, copied)
    assert [(one.account, one.months[0], one.months[11]) for one in found.cells] == [
        ("4010", ZERO, Money(103)),
        ("7000", Money(1281), ZERO),
    ]
    assert (found.head.status, found.head.note) == (BudgetStatus.DRAFT, "Copied from Plan")


def test_last_years_books_become_a_budget_without_its_close(books: Office) -> None:
    write(books, date(2025, 3, 10), ("1000", 100000), ("4340", -100000))
    write(books, date(2025, 3, 20), ("7000", 30000), ("1000", -30000))
    write(books, date(2026, 1, 5), ("7000", 5000), ("1000", -5000))
    books.write(lambda work: close(work, date(2025, 12, 1), soft=True))
    books.write(lambda work: close_year(work, 2025))
    first = books.write(lambda work: copy_actual(work, "As 2025", YEAR)).value
    books.write(lambda work: undo_year_end(work, 2025, reason="A bill"))
    second = books.write(lambda work: copy_actual(work, "As 2025 again", YEAR)).value
    for ident in (first, second):
        assert [(one.account, one.months[2], one.total) for one in view(books, ident).cells] == [
            ("4340", Money(100000), Money(100000)),
            ("7000", Money(30000), Money(30000)),
        ]


def test_one_budget_of_a_year_is_approved(books: Office) -> None:
    first, second = made(books), made(books, "Better")
    books.write(lambda work: approve_budget(work, first, expected_version=1))
    with pytest.raises(Problem, match="“Plan” is approved"):
        enter(books, first, "7000", 1, 1, Spread.MONTH)
    with pytest.raises(Problem, match="“Plan” is approved"):
        books.write(lambda work: remove_budget(work, first, expected_version=2))
    books.write(lambda work: approve_budget(work, second, expected_version=1))
    assert {one.name: one.status for one in books.read(budgets)} == {
        "Plan": BudgetStatus.CLOSED,
        "Better": BudgetStatus.APPROVED,
    }
    third = made(books, "Third")
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: approve_budget(work, third, expected_version=7))


@pytest.mark.parametrize(
    ("account", "month", "spread", "words"),
    [
        ("1000", 1, Spread.MONTH, "1000 is no account of income or expense"),
        ("7999", 1, Spread.MONTH, "7999 is no account"),
        ("7000", 2, Spread.QUARTER, "February 2026 does not begin a quarter"),
        ("7000", 4, Spread.YEAR, "April 2026 does not begin a year"),
    ],
)
def test_what_cannot_be_planned_is_refused(
    sqlite_books: Office, account: str, month: int, spread: Spread, words: str
) -> None:
    ident = made(sqlite_books)
    with pytest.raises(Problem, match=words):
        enter(sqlite_books, ident, account, 1, month, spread)
    with pytest.raises(Problem, match="There is a budget “plan” already"):
        made(sqlite_books, "plan")
    with pytest.raises(Problem, match="does not begin with March"):
        made(sqlite_books, "March", date(2026, 3, 1))


def test_it_takes_the_right(books: Office) -> None:
    ident = made(books)
    clerk = second_person(books, Role.BILLING_CLERK)
    for act in (
        lambda work: add_budget(work, "X", YEAR),
        lambda work: enter_budget(work, ident, "7000", Money(1), month=YEAR),
        lambda work: copy_budget(work, ident, "X", YEAR),
        lambda work: copy_actual(work, "X", YEAR),
        lambda work: approve_budget(work, ident, expected_version=1),
        lambda work: undo_approval(work, ident, expected_version=1),
        lambda work: remove_budget(work, ident, expected_version=1),
    ):
        with pytest.raises(Problem, match="You may not change budgets"):
            clerk.write(act)


def approved(books: Office, name: str) -> int:
    ident = made(books, name)
    books.write(lambda work: approve_budget(work, ident, expected_version=1))
    return ident


def states(books: Office) -> dict[str, BudgetStatus]:
    return {one.name: one.status for one in books.read(budgets)}


def test_an_approval_is_taken_back_and_the_one_before_holds_again(books: Office) -> None:
    first, second, third = (approved(books, name) for name in ("One", "Two", "Three"))

    def back(ident: int) -> str:
        seen = view(books, ident).head.version
        return books.write(lambda work: undo_approval(work, ident, expected_version=seen)).value

    with pytest.raises(Problem, match="“Two” was replaced by “Three”") as refused:
        back(second)
    assert "Take the approval of “Three” back first" in refused.value.hint
    assert back(third) == "Two"
    assert states(books) == {
        "One": BudgetStatus.CLOSED,
        "Two": BudgetStatus.APPROVED,
        "Three": BudgetStatus.DRAFT,
    }
    assert view(books, third).head.approved_at is None
    enter(books, third, "7000", 5, 1, Spread.MONTH)
    assert (back(second), back(first)) == ("One", "")
    assert set(states(books).values()) == {BudgetStatus.DRAFT}
    with pytest.raises(Problem, match="“One” is not approved"):
        back(first)
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: undo_approval(work, first, expected_version=1))
    assert_all_or_nothing(
        books,
        lambda work: approve_budget(work, third, expected_version=budget(work, third).head.version),
    )


def test_two_desks_take_one_approval_back(books: Office) -> None:
    approved(books, "One")
    ident = approved(books, "Two")
    other = second_person(books, Role.CFO)
    seen = view(books, ident).head.version
    done = at_once(
        (books, lambda work: undo_approval(work, ident, expected_version=seen)),
        (other, lambda work: undo_approval(work, ident, expected_version=seen)),
    )
    assert sorted(type(one).__name__ for one in done) == ["ChangedElsewhere", "str"]
    assert states(books) == {"One": BudgetStatus.APPROVED, "Two": BudgetStatus.DRAFT}


def test_two_desks_approve_one(books: Office) -> None:
    first, second = made(books), made(books, "Better")
    other = second_person(books, Role.CFO)
    done = at_once(
        (books, lambda work: approve_budget(work, first, expected_version=1)),
        (other, lambda work: approve_budget(work, second, expected_version=1)),
    )
    assert done == [None, None]
    states = [one.status for one in books.read(budgets)]
    assert states.count(BudgetStatus.APPROVED) == 1


def test_a_fault_anywhere_leaves_nothing(books: Office) -> None:
    ident = made(books)
    assert_all_or_nothing(
        books,
        lambda work: enter_budget(work, ident, "7000", Money(100), month=YEAR, spread=Spread.YEAR),
    )
    assert_all_or_nothing(books, lambda work: copy_budget(work, ident, "Next", YEAR))
    assert_all_or_nothing(books, lambda work: approve_budget(work, ident, expected_version=1))
    draft = books.read(budgets)[0]
    assert_all_or_nothing(
        books, lambda work: remove_budget(work, draft.id, expected_version=draft.version)
    )


def test_last_years_books_keep_their_cost_centres(books: Office) -> None:
    """A session's line names no centre: it counts for its clinician's, as in the variance."""

    def to_east(work: Work) -> None:
        save_cost_centre(work, CentreDraft("EAST", "East office"))
        for one in work.db.scalars(select(Provider)):
            assign(work, one.id, "EAST", None, expected_version=one.version)

    books.write(open_till)
    books.write(to_east)
    ident = books.write(lambda work: copy_actual(work, "As 2026", date(2027, 1, 1))).value
    planned = {(one.account, one.cost_centre): one.total for one in view(books, ident).cells}
    came = books.read(
        lambda work: {
            (one.account, one.keys[0]): Money(-one.cents)
            for one in balances(
                work, YEAR, date(2026, 12, 31), by=(Cut.COST_CENTRE,), closing=False
            )
            if one.account.startswith("4")
        }
    )
    assert planned == came
    assert {centre for _, centre in planned} == {"EAST"}
