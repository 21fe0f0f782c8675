"""The close of a year: income and expense go to retained earnings, once, and come back whole."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fscdesk.models.setting import Setting
from fscdesk.models.staff import Role
from fscdesk.models.values import Money
from fscdesk.services.accounting.closing_periods import close, open_again
from fscdesk.services.accounting.fiscal import (
    FIRST_MONTH,
    first_day_of,
    fiscal_year_of,
    last_day_of,
)
from fscdesk.services.accounting.journal import (
    EntryKind,
    ManualEntry,
    ManualLeg,
    post_manual,
    reverse_manual,
)
from fscdesk.services.accounting.year_end import (
    close_year,
    plan_year_end,
    undo_year_end,
    years,
)
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.balances import balance
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.reports.balance_sheet import balance_sheet
from fscdesk.services.reports.books import Lines, closing_entries, drill
from fscdesk.services.reports.cash_flow import cash_flow
from fscdesk.services.reports.income_statement import View, income_statement
from fscdesk.services.setup.settings import change_setting
from tests.support.books_kept import not_behind
from tests.support.clock import Clock
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import verify
from tests.support.second_person import at_once, before_saving, second_person

LAST = date(2025, 12, 31)


def write(books: Office, on: date, *legs: tuple[str, int], **facts: object) -> int:
    entry = ManualEntry(on, "Books", tuple(ManualLeg(*one) for one in legs), **facts)  # type: ignore[arg-type]
    return books.write(lambda work: post_manual(work, entry)).value.id


def lived(books: Office, *, soft: bool = True) -> None:
    """A year that earned 700.00: 1,000.00 of bank interest less 300.00 of rent."""
    write(books, date(2025, 3, 1), ("1000", 100000), ("4340", -100000))
    write(books, date(2025, 9, 1), ("7000", 30000), ("1000", -30000))
    write(books, date(2026, 1, 5), ("7000", 5000), ("1000", -5000))
    books.write(lambda work: close(work, LAST, soft=soft))


def held(books: Office, account: str, as_of: date = LAST) -> str:
    return str(books.read(lambda work: balance(work, account, as_of=as_of)))


def test_the_plan_is_what_is_carried(books: Office) -> None:
    lived(books)
    plan = books.read(lambda work: plan_year_end(work, 2025))
    assert [(one.account, str(one.balance)) for one in plan.lines] == [
        ("4340", "-1,000.00"),
        ("7000", "300.00"),
    ]
    assert (plan.earned, plan.missing) == (Money(70000), ())
    done = books.write(lambda work: close_year(work, 2025)).value
    assert done.on == LAST
    after = books.read(lambda work: plan_year_end(work, 2025))
    assert (after.lines, after.earned, after.carried_by) == (plan.lines, Money(70000), done.number)
    assert after.missing == ("The year 2025 is closed already.",)
    assert [held(books, one) for one in ("4340", "7000", "3100")] == ["0.00", "0.00", "-700.00"]
    assert held(books, "7000", date(2026, 4, 12)) == "50.00"
    (this, before) = books.read(years)
    assert (this.year, this.number, before.year, before.number) == (2026, None, 2025, done.number)
    verify(books)


def test_a_close_is_taken_back_on_its_day(books: Office) -> None:
    lived(books)
    books.write(lambda work: close_year(work, 2025))
    back = books.write(lambda work: undo_year_end(work, 2025, reason="A bill is missing")).value
    assert back.on == LAST
    assert [held(books, one) for one in ("4340", "7000", "3100")] == ["-1,000.00", "300.00", "0.00"]
    with pytest.raises(Problem, match="The year 2025 is not closed"):
        books.write(lambda work: undo_year_end(work, 2025, reason="Again"))
    books.write(lambda work: close_year(work, 2025))
    assert held(books, "3100") == "-700.00"
    verify(books)


def test_a_closed_year_takes_nothing_and_does_not_open(books: Office, clock: Clock) -> None:
    lived(books)
    entry = books.write(lambda work: close_year(work, 2025)).value
    clock.forward(minutes=1)
    with pytest.raises(Problem, match="lies in a year that is closed") as refused:
        write(
            books, LAST, ("7000", 1), ("1000", -1), kind=EntryKind.ADJUSTING, late_reason="A bill"
        )
    assert "Take the close of 2025 back first" in refused.value.hint
    with pytest.raises(Problem, match="lies in the year 2025, which is closed"):
        books.write(lambda work: open_again(work, LAST, reason="A bill"))
    with pytest.raises(Problem, match="closes a year"):
        books.write(lambda work: reverse_manual(work, entry.id, reason="x"))
    with pytest.raises(Problem, match="closed already"):
        books.write(lambda work: close_year(work, 2025))
    verify(books)


def test_what_stands_against_it_is_said(books: Office) -> None:
    with pytest.raises(Problem, match=r"2026 ends on 12/31/2026; it is not over"):
        books.write(lambda work: close_year(work, 2026))
    with pytest.raises(Problem, match="December 2025 is open"):
        books.write(lambda work: close_year(work, 2025))
    books.write(lambda work: close(work, LAST, soft=True))
    with pytest.raises(Problem, match="Nothing was earned or spent"):
        books.write(lambda work: close_year(work, 2025))


def test_closed_months_take_it_from_who_may_post_there(books: Office, clock: Clock) -> None:
    lived(books, soft=False)
    clock.forward(minutes=1)
    accountant = second_person(books, Role.ACCOUNTING)
    with pytest.raises(Problem, match="December 2025 is closed, and you may not post into it"):
        accountant.write(lambda work: close_year(work, 2025))
    books.write(lambda work: close_year(work, 2025))
    books.write(lambda work: undo_year_end(work, 2025, reason="A bill"))
    verify(books)
    clerk = second_person(books, Role.BILLING_CLERK)
    for act in (
        lambda work: close_year(work, 2025),
        lambda work: undo_year_end(work, 2025, reason="x"),
    ):
        with pytest.raises(Problem, match="You may not close years"):
            clerk.write(act)


def test_years_are_taken_back_from_the_last(books: Office, clock: Clock) -> None:
    lived(books)
    books.write(lambda work: close_year(work, 2025))
    clock.set(datetime(2027, 1, 20, 17, tzinfo=UTC))
    books.write(lambda work: close(work, date(2026, 12, 31), soft=True))
    books.write(lambda work: close_year(work, 2026))
    assert held(books, "3100", date(2026, 12, 31)) == "-650.00"
    with pytest.raises(Problem, match="The year 2026 is closed after it"):
        books.write(lambda work: undo_year_end(work, 2025, reason="x"))
    verify(books)


@pytest.mark.parametrize(
    ("first", "day", "year", "begins", "ends"),
    [
        ("1", date(2026, 1, 1), 2026, date(2026, 1, 1), date(2026, 12, 31)),
        ("7", date(2026, 6, 30), 2026, date(2025, 7, 1), date(2026, 6, 30)),
        ("7", date(2026, 7, 1), 2027, date(2026, 7, 1), date(2027, 6, 30)),
        ("3", date(2024, 2, 29), 2024, date(2023, 3, 1), date(2024, 2, 29)),
    ],
)
def test_the_fiscal_year_follows_the_setting(
    sqlite_books: Office, first: str, day: date, year: int, begins: date, ends: date
) -> None:
    if first != "1":
        sqlite_books.write(lambda work: change_setting(work, FIRST_MONTH, first, seen="1"))
        assert sqlite_books.read(lambda work: work.db.get_one(Setting, FIRST_MONTH).value) == first
    assert sqlite_books.read(lambda work: fiscal_year_of(work, day)) == year
    assert sqlite_books.read(lambda work: first_day_of(work, year)) == begins
    assert sqlite_books.read(lambda work: last_day_of(work, year)) == ends


def equity(books: Office, day: date) -> dict[str, str]:
    sheet = books.read(lambda work: balance_sheet(work, day))
    assert sheet.ties
    wanted = ("3100", "3200", "earlier_years")
    return {row.key: row.amounts[0].plain() for row in sheet.rows if row.key in wanted}


def test_a_fiscal_year_that_changes_is_short_and_earlier_ones_stay(
    books: Office, clock: Clock
) -> None:
    """From calendar years to July: 2026 has six months, and 2025 stays what was closed."""
    lived(books)
    books.write(lambda work: close_year(work, 2025))
    books.write(lambda work: change_setting(work, FIRST_MONTH, "7", seen="1"))
    calendar = (date(2025, 1, 1), LAST)
    found = {one.year: (one.first_day, one.last_day) for one in books.read(years)}
    assert found == {2025: calendar, 2026: (date(2026, 1, 1), date(2026, 6, 30))}
    plan = books.read(lambda work: plan_year_end(work, 2025))
    assert ((plan.first_day, plan.last_day), str(plan.earned)) == (calendar, "700.00")
    assert equity(books, date(2026, 2, 1)) == {"3100": "700.00", "3200": "-50.00"}
    assert equity(books, date(2025, 10, 1)) == {"3200": "700.00"}
    assert equity(books, LAST) == {"3100": "700.00", "3200": "0.00"}
    clock.set(datetime(2026, 9, 1, 17, tzinfo=UTC))
    books.write(lambda work: close(work, date(2026, 6, 30), soft=True))
    books.write(lambda work: close_year(work, 2026))
    assert equity(books, date(2026, 8, 1)) == {"3100": "650.00", "3200": "0.00"}
    verify(books)


def test_a_close_carries_earlier_years_along(books: Office) -> None:
    write(books, date(2024, 5, 1), ("1000", 1000), ("4340", -1000))
    lived(books)
    assert equity(books, LAST) == {"3200": "700.00", "earlier_years": "10.00"}
    books.write(lambda work: close_year(work, 2025))
    assert equity(books, LAST) == {"3100": "710.00", "3200": "0.00"}
    assert equity(books, date(2026, 1, 31)) == {"3100": "710.00", "3200": "-50.00"}
    assert equity(books, date(2025, 10, 1)) == {"3200": "700.00", "earlier_years": "10.00"}
    sheet = books.read(lambda work: balance_sheet(work, LAST))
    assert books.read(lambda work: not_behind(work, sheet)) == []


def test_a_year_that_was_closed_in_june_is_not_closed_again_in_december(
    books: Office, clock: Clock
) -> None:
    """From July to calendar years: the months in between are the next year's."""
    books.write(lambda work: change_setting(work, FIRST_MONTH, "7", seen="1"))
    clock.set(datetime(2027, 3, 1, 17, tzinfo=UTC))
    write(books, date(2026, 5, 1), ("1000", 100), ("4340", -100))
    write(books, date(2026, 9, 1), ("1000", 7), ("4340", -7))
    books.write(lambda work: close(work, date(2026, 12, 31), soft=True))
    books.write(lambda work: close_year(work, 2026))
    books.write(lambda work: change_setting(work, FIRST_MONTH, "1", seen="7"))
    with pytest.raises(Problem, match="The year 2026 is closed already"):
        books.write(lambda work: close_year(work, 2026))
    newest = books.read(years)[0]
    assert (newest.year, newest.first_day) == (2027, date(2026, 7, 1))
    assert newest.last_day == date(2027, 12, 31)
    verify(books)


@pytest.mark.parametrize("view", [View.ACCRUAL, View.CASH])
def test_a_year_that_earned_nothing_still_shows_what_it_did(books: Office, view: View) -> None:
    write(books, date(2025, 3, 1), ("1000", 100000), ("4340", -100000))
    write(books, date(2025, 9, 1), ("7000", 100000), ("1000", -100000))
    books.write(lambda work: close(work, LAST, soft=True))
    year = date(2025, 1, 1), LAST

    def told() -> list[tuple[str, list[str]]]:
        found = books.read(lambda work: income_statement(work, *year, view=view))
        flow = books.read(lambda work: cash_flow(work, *year))
        assert found.ties
        assert flow.ties
        return [(row.key, [str(one) for one in row.amounts]) for row in (*found.rows, *flow.rows)]

    before = told()
    assert ("7000", ["1,000.00"]) in before
    books.write(lambda work: close_year(work, 2025))
    assert (held(books, "7000"), held(books, "3100")) == ("0.00", "0.00")
    assert told() == before
    lines = Lines(("7000",), *year, closing=False)
    behind = books.read(lambda work: drill(work, lines, Span(0, 10, "day")))
    assert (behind.total, behind.totals["amount"]) == (1, Money(100000))
    assert len(books.read(lambda work: closing_entries(work, lines))) == 1
    books.write(lambda work: undo_year_end(work, 2025, reason="A bill is missing"))
    assert told() == before
    assert len(books.read(lambda work: closing_entries(work, lines))) == 2
    verify(books)


def test_two_desks_close_a_year_once(books: Office) -> None:
    lived(books)
    other = second_person(books, Role.CFO)
    done = at_once(
        (books, lambda work: close_year(work, 2025)), (other, lambda work: close_year(work, 2025))
    )
    assert len([one for one in done if isinstance(one, Problem)]) == 1, done
    assert held(books, "3100") == "-700.00"
    verify(books)


def test_a_close_carries_what_another_desk_is_posting_into_the_year(books: Office) -> None:
    lived(books)
    other = second_person(books, Role.CFO)
    late = ManualEntry(
        LAST,
        "December's bill",
        (ManualLeg("7300", 2500), ManualLeg("1000", -2500)),
        late_reason="It came in January",
    )
    done = before_saving(
        (books, lambda work: post_manual(work, late)), (other, lambda work: close_year(work, 2025))
    )
    assert not [one for one in done if isinstance(one, Exception)], done
    assert (held(books, "7300"), held(books, "3100")) == ("0.00", "-675.00")
    verify(books)


def test_a_fault_anywhere_leaves_nothing(books: Office) -> None:
    lived(books)
    assert_all_or_nothing(books, lambda work: close_year(work, 2025))
    assert_all_or_nothing(books, lambda work: undo_year_end(work, 2025, reason="A bill"))
