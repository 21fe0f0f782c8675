"""An office lives random months with its bank and its books, on both databases the same life.

Deposits, bank files, matching, suspense, proving, manual and recurring entries, closing and
opening months, the end of the year: after every step each named check holds, and the lines add
up by hand. At the end both databases tell the same to the cent: trial balance, income statement,
balance sheet and cash flow of every month, and each report of the catalogue in each of its ways.
Without Postgres the same life is lived twice in files.

Others are lived as `test_random_months` says.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fscdesk.models.practice import Practice
from fscdesk.models.values import Money
from fscdesk.services.accounting.fiscal import FIRST_MONTH
from fscdesk.services.accounting.opening import OpeningBank, OpeningDraft, OpeningLine, open_books
from fscdesk.services.connecting import open_office
from fscdesk.services.ledger.periods import month_end
from fscdesk.services.reports.balance_sheet import balance_sheet
from fscdesk.services.reports.cash_flow import cash_flow
from fscdesk.services.reports.income_statement import View, income_statement
from fscdesk.services.reports.trial_balance import trial_balance
from fscdesk.services.setup.settings import change_setting
from fscdesk.services.work import Work
from tests.books.test_random_months import DESK, WEEKS
from tests.support.bookkeeping_desk import ACCOUNT, BookkeepingDesk
from tests.support.clock import Clock
from tests.support.databases import Databases, SqliteDatabases, lent
from tests.support.every_report import all_told
from tests.support.months import Months, prove

START = datetime(2026, 1, 5, 17, tzinfo=UTC)
FIRST = date(2025, 12, 1)
MONEY = ("receive", "eob", "apply", "bounce", "pay", "decide", "ask", "void", "recover", "transfer")
BOOKS = (
    *("deposit",) * 5,
    *("bank_file",) * 6,
    *("match",) * 4,
    *("match_all",) * 4,
    *("prove",) * 5,
    *("close_month",) * 4,
    *("write",) * 3,
    *("undo_deposit", "undo_file", "apart", "apart", "explain", "explain", "give_up"),
    *("undo_proof", "turn_back", "recur", "recurs", "recurs", "open_month"),
    *("end_year", "end_year", "undo_year"),
)
BEGINS = (
    *("receive", "receive", "eob", "receive", "deposit", "write", "deposit", "bank_file"),
    *("match_all", "prove", "recur", "day", "receive", "eob", "receive", "deposit", "bank_file"),
    *("match", "match_all", "explain", "apart", "match_all", "prove", "close_month"),
)
"""What every life begins with, by its seed, so that there is something at the bank."""
ENDS = ("give_up", "undo_year", "close_month", "end_year", "undo_year", "end_year")
STEPS = st.tuples(
    st.sampled_from((*WEEKS, *DESK[:24], *MONEY, *BOOKS, *BOOKS)), st.integers(0, 2**16 - 1)
)


@settings(
    max_examples=int(os.environ.get("MONTHS", "1")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**16 - 1), steps=st.lists(STEPS, min_size=45, max_size=45))
def test_one_life_is_told_alike_by_both_databases(
    two_databases: tuple[Databases, Databases],
    tmp_path: Path,
    seed: int,
    steps: list[tuple[str, int]],
) -> None:
    (one, done), (other, did) = (
        _lived(databases, tmp_path / str(number), seed, steps)
        for number, databases in enumerate(two_databases)
    )
    assert done == did
    assert one == other


@pytest.fixture
def two_databases(
    request: pytest.FixtureRequest, sqlite_databases: SqliteDatabases
) -> tuple[Databases, Databases]:
    """Files and a server; in a run without one, files twice."""
    if request.config.getoption("--sqlite-only"):
        return sqlite_databases, sqlite_databases
    return sqlite_databases, request.getfixturevalue("postgres_databases")


def _lived(
    databases: Databases, folder: Path, seed: int, steps: list[tuple[str, int]]
) -> tuple[list[Any], Counter[str]]:
    """Live these steps in an empty practice; return what its reports tell, and what was done."""
    folder.mkdir(exist_ok=True)
    clock = Clock(START)
    with lent(databases) as target, closing(open_office(target, now=clock)) as books:
        books.write(_begin)
        months = Months(books, clock, folder, seed, BookkeepingDesk)
        prove(months, "the first weeks")
        begins = [(act, seed + number) for number, act in enumerate(BEGINS)]
        for number, (act, chance) in enumerate([*begins, *steps]):
            months.step(act, chance)
            prove(months, f"step {number}, {act}")
        clock.forward(days=62)  # the fiscal year is over, however short the life was
        for number, act in enumerate(ENDS):
            months.step(act, number)
            prove(months, f"at the end, {act}")
        return books.read(_told), months.done


def _told(work: Work) -> list[Any]:
    """Return the four statements of each month, which tie, and every report in each of its ways."""
    found: list[Any] = []
    first = FIRST
    while first <= work.today():
        last = month_end(first)
        statements = (
            income_statement(work, first, last),
            income_statement(work, first, last, view=View.CASH),
            balance_sheet(work, last),
            cash_flow(work, first, last),
        )
        for one in statements:
            assert one.ties, (one.title, one.proofs)
        trial = trial_balance(work, last)
        assert trial.ties
        found += [trial, *statements]
        first = last + timedelta(days=1)
    return [*found, *all_told(work)]


def _begin(work: Work) -> None:
    practice = work.db.get_one(Practice, 1)
    practice.address1, practice.city = "1 Sample Street", "Nowhere"
    practice.state, practice.zip_code = "NJ", "07000"
    change_setting(work, FIRST_MONTH, "3", seen="1")
    lines = (OpeningLine("1000", Money(900_00)), OpeningLine("3000", Money(-900_00)))
    open_books(work, OpeningDraft(FIRST, lines, (OpeningBank(ACCOUNT, Money(900_00)),)))
