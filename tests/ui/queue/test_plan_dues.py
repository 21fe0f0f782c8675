"""What is due on payment plans is charged from the queue, and never by looking at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from fscdesk.models.ledger import JournalEntry
from fscdesk.services.billing.plans import make_plan
from fscdesk.services.office import Office
from fscdesk.ui.forms.buttons import Button
from tests.support.clock import Clock
from tests.support.plans import noon, open_family, six_months
from tests.support.robots.billing import BillingRobot, billing_window, proves

DUE = "Due on payment plans, not charged"


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


def charging(robot: BillingRobot) -> list[Button]:
    pane = robot.queue.list.pane
    assert pane is not None
    buttons = [one for one in pane.foot.buttons() if isinstance(one, Button)]
    return [one for one in buttons if one.words().startswith("Charge ") and pane.foot.isEnabled()]


def test_it_is_charged_by_key_once_and_leaves_the_queue(late: BillingRobot) -> None:
    before = entries(late.office)
    late.goes_to("title", DUE)
    late.waits(lambda: len(charging(late)) == 1)
    assert entries(late.office) == before, "looking charges nothing"
    (button,) = charging(late)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    late.waits(button.hasFocus)
    late.does("Space")
    late.waits(lambda: "Charged interest for 1 instalment and 1 late fee." in late.newest().text)
    assert entries(late.office) == before + 2
    late.rests()
    assert DUE not in list(late.column("title"))
    proves(late.office)


def test_enter_leads_to_the_plans(late: BillingRobot) -> None:
    late.goes_to("title", DUE)
    late.does("Return")
    assert late.billing.tabs.current == "instalments"
