"""One filled button on the account desk, whatever is open beside the tabs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.billing.plans import NewPlan, make_plan
from fscdesk.services.office import Office
from fscdesk.ui import theme
from fscdesk.ui.forms.buttons import Button
from tests.support.clock import Clock
from tests.support.rivera import Rivera, seed_six_hundred
from tests.support.robots.account import AccountRobot, account_window

MARCH = datetime(2026, 3, 20, 15, tzinfo=UTC)
At = tuple[AccountRobot, Office, Rivera]


@pytest.fixture
def account(
    sqlite_books: Office, clock: Clock, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> Iterator[At]:
    """Four open charges of 150.00, the first in a plan."""
    theme.apply(qapp)
    clock.set(MARCH)
    rivera = sqlite_books.write(seed_six_hundred).value
    sqlite_books.write(
        lambda work: make_plan(work, NewPlan(rivera.guarantor, rivera.charges[:1], 3))
    )
    with account_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot, sqlite_books, rivera


def on_view(robot: AccountRobot) -> list[str]:
    """The verbs of all buttons on view."""
    return [one.words() for one in robot.account.findChildren(Button) if one.isVisible()]


def filled(robot: AccountRobot) -> list[str]:
    """The verbs of the filled buttons on view."""
    found = robot.account.findChildren(Button)
    return [one.words() for one in found if one.isVisible() and one.property("kind") == "primary"]


def comes(robot: AccountRobot, *verbs: str) -> None:
    robot.waits(lambda: filled(robot) == list(verbs))


def test_the_explanation_has_the_filled_button_while_it_is_open(account: At) -> None:
    robot, _books, _rivera = account
    robot.finds("rive")
    robot.waits(lambda: "Open session" in on_view(robot))
    comes(robot, "Enter payment")
    robot.does("Ctrl+E")
    comes(robot, "Print for the client")
    robot.does("Escape")
    comes(robot, "Enter payment")


def test_the_pane_of_a_plan_has_it_and_gives_it_back(account: At) -> None:
    robot, _books, _rivera = account
    robot.finds("rive")
    robot.lists("plan")
    comes(robot, "Take a payment…")
    robot.does("Ctrl+E")
    comes(robot, "Print for the client")
    robot.does("Escape")
    comes(robot, "Take a payment…")
    robot.lists("plan")
    robot.does("F4")
    comes(robot, "Enter payment")
    robot.does("F4")
    comes(robot, "Take a payment…")


def test_ticked_charges_have_it(account: At) -> None:
    robot, _books, _rivera = account
    robot.finds("rive")
    robot.lists("charges")
    comes(robot, "Enter payment")
    robot.does("Home", "Down", "Space")
    robot.waits(lambda: len(filled(robot)) == 1 and filled(robot) != ["Enter payment"])
    robot.does("Escape")
    comes(robot, "Enter payment")


def test_in_every_tab_there_is_one(account: At) -> None:
    robot, _books, _rivera = account
    robot.finds("rive")
    for key in robot.account.tabs.tabs.keys:
        robot.account.open_tab(key)
        robot.rests()
        robot.waits(lambda: len(filled(robot)) == 1)
    robot.does("Ctrl+L")
    comes(robot, "Agree, then the first payment")
