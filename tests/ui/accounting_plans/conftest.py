"""Accounting over small books: a year behind, a budget, rent that recurs, two cost centres."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fscdesk.models.values import Money
from fscdesk.services.accounting.budgets import Spread, add_budget, enter_budget
from fscdesk.services.accounting.cost_centres import CentreDraft, save_cost_centre
from fscdesk.services.accounting.journal import ManualLeg
from fscdesk.services.accounting.recurring import Every, RecurringDraft, save_recurring
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.books_kept import keep_books
from tests.support.robots.plans import PlansRobot, plans_window

YEAR = date(2026, 1, 1)
RENT = (ManualLeg("7000", 200_00), ManualLeg("1000", -200_00))


def plan_year(work: Work) -> int:
    """A draft for 2026: 12,000.00 of revenue, 200.00 of rent a month."""
    number = add_budget(work, "Budget 2026", YEAR)
    enter_budget(work, number, "4010", Money(12_000_00), month=YEAR, spread=Spread.YEAR)
    enter_budget(work, number, "7000", Money(2_400_00), month=YEAR, spread=Spread.YEAR)
    return number


def rent(work: Work) -> int:
    """Rent on the first of each month, from March on: two days have come."""
    draft = RecurringDraft("Office rent", Every.MONTH, date(2026, 3, 1), RENT, "Rent")
    return save_recurring(work, draft)


def centres(work: Work) -> None:
    """Two places."""
    save_cost_centre(work, CentreDraft("NORTH", "North office"))
    save_cost_centre(work, CentreDraft("SOUTH", "South office"))


@pytest.fixture
def plans(sqlite_books: Office, qtbot: QtBot, tmp_path: Path) -> Iterator[PlansRobot]:
    """The window over books with a year behind them; nothing is planned yet."""
    keep_books(sqlite_books)
    with plans_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot


@pytest.fixture
def empty(sqlite_books: Office, qtbot: QtBot, tmp_path: Path) -> Iterator[PlansRobot]:
    """The window over a practice in which nothing was done yet."""
    with plans_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot
