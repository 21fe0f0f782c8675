"""The catalogue of reports: each can be made in every way that it offers, and opens its lines."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fscdesk.cli.report_commands import command_of
from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.ledger import EntryKind
from fscdesk.models.values import Money
from fscdesk.services.accounting.budgets import (
    add_budget,
    approve_budget,
    budget,
    enter_budget,
)
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.reports.books import Lines, drill
from fscdesk.services.reports.metrics import metrics
from fscdesk.services.reports.report_asked import (
    Asked,
    ParamKind,
    PeriodWord,
    asked_from,
    day_from,
    days_meant,
    period_from,
)
from fscdesk.services.reports.report_catalogue import CATALOGUE, GROUPS, REPORTS
from fscdesk.services.reports.report_made import TOTALS, Made
from fscdesk.services.reports.twelve_months import months_seen
from fscdesk.services.work import Work
from tests.support.books_kept import entry, keep_books, taken_off, told
from tests.support.every_report import MARCH, ways

BUDGETED = "4010"


@pytest.fixture
def kept(books: Office) -> Office:
    """Books with a client's discount, an approved budget and last year closed by hand."""
    till = keep_books(books)
    taken_off(books, till.copays[0], 5_00, AdjustmentKind.DISCOUNT, date(2026, 3, 20))
    codes = ("CO", "45")
    taken_off(books, till.copays[0], 7_00, AdjustmentKind.CONTRACTUAL, date(2026, 3, 21), codes)

    def more(work: Work) -> None:
        entry(work, date(2025, 12, 31), "4340", "3100", 50_00, kind=EntryKind.CLOSING)
        made = add_budget(work, "2026", date(2026, 1, 1))
        enter_budget(work, made, BUDGETED, Money(500_00), month=date(2026, 3, 1))
        approve_budget(work, made, expected_version=budget(work, made).head.version)

    books.write(more)
    return books


def not_its_lines(work: Work, made: Made) -> list[str]:
    """Return the numbers of a report whose lines do not come to them."""
    wrong = []
    for (row, column), behind in made.behind.items():
        cells = made.table.totals if row == TOTALS else made.table.rows[row]
        assert cells is not None
        said = cells[column]
        if isinstance(behind, Lines) and isinstance(said, Money):
            page = drill(work, behind, Span(0, 1, "day"))
            if page.totals["amount"] != said:
                key = made.table.columns[column].key
                wrong.append(f"{cells[:2]} {key}: {said}, lines {page.totals['amount']}")
    return wrong


def test_each_report_in_each_way_is_what_its_lines_come_to(kept: Office) -> None:
    def look(work: Work) -> list[str]:
        wrong = []
        for report in CATALOGUE:
            for way in ways(report):
                made = report.make(work, asked_from(work, report.params, way))
                wrong += [f"{report.name} {way} {one}" for one in not_its_lines(work, made)]
        return wrong

    assert kept.read(look) == []


def made(work: Work, name: str, **way: Any) -> Made:
    return REPORTS[name].make(work, asked_from(work, REPORTS[name].params, way))


@pytest.mark.parametrize(
    ("name", "opens_nothing"),
    [
        ("income", set()),
        ("balance-sheet", set()),
        ("cash-flow", set()),
        ("trial-balance", set()),
        ("tie-out", set()),
        ("roll-forward", set()),
        ("revenue", set()),
        ("payer-mix", set()),
        ("production", set()),
        ("adjustments", set()),
        ("budget-variance", {"better"}),
        ("dso", set()),
        ("day-sheet", set()),
    ],
)
def test_every_amount_opens_something(kept: Office, name: str, opens_nothing: set[str]) -> None:
    def look(work: Work) -> set[str]:
        report = next(iter(ways(REPORTS[name])))
        found = made(work, name, **report)
        return {
            found.table.columns[at].key
            for row, cells in enumerate(found.table.rows)
            for at, cell in enumerate(cells)
            if isinstance(cell, Money) and cell and (row, at) not in found.behind
        }

    assert kept.read(look) == opens_nothing


def test_a_reason_opens_its_own_lines(kept: Office) -> None:
    def look(work: Work) -> dict[str, list[str]]:
        found = made(work, "adjustments", period=MARCH)
        at = [one.key for one in found.table.columns].index("amount")
        out = {}
        for row, cells in enumerate(found.table.rows):
            behind = found.behind[row, at]
            assert isinstance(behind, Lines)
            lines = drill(work, behind, Span(0, 9, "day")).rows
            out[f"{cells[1]} {cells[2]}".strip()] = [line.amount.plain() for line in lines]
        return out

    assert kept.read(look) == {"Contractual adjustment CO-45": ["7.00"], "Discount": ["5.00"]}


def test_depreciation_moves_no_cash_and_is_opened_alone(kept: Office) -> None:
    def look(work: Work) -> dict[str, str]:
        found = made(work, "cash-flow", period=MARCH)
        rows = {str(cells[1]): at for at, cells in enumerate(found.table.rows)}
        out = {}
        for name in ("Depreciation and the like, without cash", "Equipment", "Change of cash"):
            behind = found.behind[rows[name], 2]
            assert isinstance(behind, Lines)
            page = drill(work, behind, Span(0, 9, "day"))
            out[name] = f"{page.total} {page.totals['amount'].plain()}"
        return out

    assert kept.read(look) == {
        "Depreciation and the like, without cash": "1 25.00",
        "Equipment": "1 -300.00",
        "Change of cash": "2 -500.00",
    }


def test_commands_and_screens_ask_alike() -> None:
    names = [one.name for one in CATALOGUE]
    assert len(set(names)) == len(names)
    assert {one.group for one in CATALOGUE} == set(GROUPS)
    for report in CATALOGUE:
        options = command_of(report).__annotations__
        for param in report.params:
            keys = {"first", "last"} if param.kind is ParamKind.PERIOD else {param.key}
            assert keys <= set(options), report.name


def test_words_for_days_are_of_the_day_they_are_asked(kept: Office) -> None:
    def look(work: Work) -> None:
        today = work.today()
        assert today == date(2026, 4, 12)
        assert period_from(work, PeriodWord.LAST_MONTH) == (date(2026, 3, 1), date(2026, 3, 31))
        assert period_from(work, PeriodWord.LAST_QUARTER) == (date(2026, 1, 1), date(2026, 3, 31))
        assert period_from(work, PeriodWord.LAST_YEAR) == (date(2025, 1, 1), date(2025, 12, 31))
        assert period_from(work, PeriodWord.TWELVE_MONTHS) == (date(2025, 5, 1), today)
        assert period_from(work, MARCH) == (date(2026, 3, 1), date(2026, 3, 31))
        assert day_from(work, "last_month") == date(2026, 3, 31)
        assert day_from(work, "last_year") == date(2025, 12, 31)
        whole = asked_from(work, REPORTS["budget-variance"].params, {})
        march = {"first": date(2026, 3, 1), "last": date(2026, 3, 31), "by": None}
        assert whole.values == march, "a month that is over"
        for read in (period_from, day_from):
            with pytest.raises(Problem, match="Someday is no"):
                read(work, "Someday")

    kept.read(look)


@pytest.mark.parametrize(
    ("first", "last", "meant"),
    [
        (None, None, (date(2026, 3, 1), date(2026, 3, 31))),
        (date(2026, 2, 1), None, (date(2026, 2, 1), date(2026, 3, 31))),
        (date(2026, 4, 1), None, (date(2026, 4, 1), date(2026, 4, 12))),
        (None, date(2026, 1, 31), (date(2026, 1, 1), date(2026, 1, 31))),
    ],
)
def test_last_month_with_a_day_left_out(
    kept: Office, first: date | None, last: date | None, meant: tuple[date, date]
) -> None:
    assert kept.read(lambda work: days_meant(work, first, last, "last_month")) == meant


def test_what_is_kept_and_unknown_is_the_reports_own(kept: Office) -> None:
    def look(work: Work) -> Asked:
        params = REPORTS["aging"].params
        return asked_from(work, params, {"by": "moon", "bucket_days": "30", "gone": 1})

    found = kept.read(look)
    assert found.text("by") == "payer"
    assert found.number("bucket_days", 7) == 30


def test_the_months_of_home_are_those_of_the_reports(kept: Office) -> None:
    def look(work: Work) -> None:
        months = months_seen(work, work.today())
        assert [one.first.month for one in months][-2:] == [3, 4]
        assert len(months) == 12
        april = months[-1]
        for month, period in ((april, "this_month"), (months[-2], "last_month")):
            cash = made(work, "income", period=period, view="cash").found
            assert month.by_payers.plain() == told(cash)["payers"]
            assert month.by_clients.plain() == told(cash)["clients"]
        assert months[-2].budget == Money(500_00)
        assert april.budget is None
        row = made(work, "dso").found[-1]
        assert (april.open, april.days_to_payment) == (row.open, row.days_to_payment)

    kept.read(look)


def test_closing_a_year_leaves_days_in_ar_alone(books: Office) -> None:
    """What empties the revenue of a year is no charge that was taken back."""
    keep_books(books)

    def days(work: Work) -> float | None:
        return {one.key: one.value for one in metrics(work, work.today())}["days_in_ar"]

    before = books.read(days)
    assert before is not None
    books.write(
        lambda work: entry(work, date(2026, 3, 31), "4010", "3100", 480_00, kind=EntryKind.CLOSING)
    )
    assert books.read(days) == before
