"""What is due on payment plans is charged from the queue, and never by looking at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from fscdesk.models.ledger import JournalEntry
from fscdesk.services.billing.plans import make_plan
from fscdesk.services.office import Office
from tests.support.clock import Clock
from tests.support.plans import noon, open_family, six_months
from tests.support.robots.billing import BillingRobot, billing_window, proves

DUE, OVERDUE = "Due on payment plans, not charged", "Instalments overdue"


@pytest.fixture
def late(
    sqlite_books: Office, clock: Clock, qtbot: QtBot, tmp_path: Path
) -> Iterator[BillingRobot]:
    """The queue on a day on which interest and a late fee are due."""
    family = sqlite_books.write(open_family).value
    sqlite_books.write(lambda work: make_plan(work, six_months(family, apr_points=500)))
    clock.set(noon(date(2026, 5, 23)))
    with billing_window(qtbot, sqlite_books, tmp_path) as robot:
        robot.does("Ctrl+2")
        yield robot


def entries(books: Office) -> int:
    return books.read(lambda work: work.db.scalars(select(func.count(JournalEntry.id))).one())


def test_it_is_charged_by_key_once_and_leaves_the_queue(late: BillingRobot) -> None:
    before = entries(late.office)
    late.goes_to("what", DUE)
    late.waits(lambda: late.queue.list.pane is not None)
    assert entries(late.office) == before, "looking charges nothing"
    late.does("Ctrl+Shift+D")
    late.waits(lambda: "Charged interest for 1 instalment and 1 late fee." in late.newest().text)
    assert entries(late.office) == before + 2
    late.rests()
    assert DUE not in list(late.column("what"))
    proves(late.office)


def test_another_row_is_not_charged(late: BillingRobot) -> None:
    before = entries(late.office)
    late.goes_to("what", OVERDUE)
    late.presses("Ctrl+Shift+D")
    late.waits(lambda: "Only what is due on payment plans" in late.newest().text)
    assert entries(late.office) == before


def test_enter_leads_to_the_plans(late: BillingRobot) -> None:
    late.goes_to("what", DUE)
    late.does("Return")
    assert late.billing.tabs.current == "instalments"
