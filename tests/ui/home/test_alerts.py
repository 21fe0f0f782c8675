"""Alerts on Home by keys: seen, given, resolved, opened; not on view while there is none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from fscdesk.services.office import Office
from fscdesk.services.queue.alerts import AlertRow, AlertStatus, keep_alerts, open_alerts
from fscdesk.services.work import Work
from fscdesk.ui.actions import clashes
from tests.support.named import unnamed
from tests.support.robots.home import HomeRobot
from tests.ui.home.conftest import fill

OpenHome = Callable[..., HomeRobot]


@pytest.fixture
def alerted(open_home: OpenHome) -> HomeRobot:
    """Home over a few sessions, after the daily jobs have looked."""

    def prepare(work: Work) -> None:
        fill(work)
        work.db.flush()
        keep_alerts(work)

    robot = open_home(prepare)
    card = robot.screen.alerts
    robot.waits(lambda: not card.isHidden() and card.part.model.settled)
    card.part.view.setFocus()
    robot.waits(card.part.view.hasFocus)
    robot.presses("Home")
    robot.waits(lambda: card.part.view.picking.current_row is not None)
    return robot


def alerts(books: Office) -> tuple[AlertRow, ...]:
    return books.read(open_alerts)


def test_the_gravest_stands_first_and_enter_opens_it(
    alerted: HomeRobot, sqlite_books: Office
) -> None:
    found = alerts(sqlite_books)
    card = alerted.screen.alerts
    assert found[0].severity.value == "critical"
    assert [row.id for row in card.part.model.loaded()] == [one.id for one in found]
    assert card.note.text() == f"{len(found)} alerts, the gravest first"
    assert unnamed(card) == []
    assert clashes(alerted.window, alerted.screen) == []
    alerted.presses("Return")
    assert alerted.place() == found[0].opens.place
    assert alerted.last_asked() == dict(found[0].opens.asked)


def test_seen_given_and_resolved_by_key(alerted: HomeRobot, sqlite_books: Office) -> None:
    first, before = alerts(sqlite_books)[0], len(alerts(sqlite_books))
    alerted.presses("Ctrl+Shift+K")
    alerted.waits(lambda: alerts(sqlite_books)[0].status is AlertStatus.ACKNOWLEDGED)
    alerted.waits(lambda: "is noted as seen" in _heard(alerted))
    alerted.waits(lambda: _current(alerted).status is AlertStatus.ACKNOWLEDGED)
    alerted.presses("Ctrl+Shift+K")
    alerted.waits(lambda: "was seen already" in _heard(alerted))
    alerted.presses("Ctrl+Shift+A")
    alerted.waits(lambda: QApplication.activeModalWidget() is not None)
    alerted.presses("Ctrl+Return")
    alerted.waits(lambda: QApplication.activeModalWidget() is None)
    me = sqlite_books.actor.staff_id
    alerted.waits(lambda: alerts(sqlite_books)[0].assigned_to == me)
    alerted.window.activateWindow()
    alerted.waits(alerted.window.isActiveWindow)
    alerted.waits(lambda: _current(alerted).assigned_to == me)
    alerted.presses("Ctrl+D")
    alerted.waits(lambda: len(alerts(sqlite_books)) == before - 1)
    assert first.id not in {one.id for one in alerts(sqlite_books)}
    alerted.waits(lambda: "resolved; told again only" in _heard(alerted))


def test_the_card_comes_and_goes_with_its_alerts(open_home: OpenHome, sqlite_books: Office) -> None:
    robot = open_home()
    card = robot.screen.alerts
    robot.waits(lambda: card.part.model.known)
    assert card.isHidden()
    robot.window.desk.act(robot.window, keep_alerts, lambda _kept: None)
    robot.waits(lambda: not card.isHidden())
    assert card.part.model.total == len(alerts(sqlite_books)) > 0


def _heard(robot: HomeRobot) -> str:
    return robot.heard[-1].text if robot.heard else ""


def _current(robot: HomeRobot) -> AlertRow:
    found = robot.screen.alerts.part.view.picking.current_row
    assert isinstance(found, AlertRow)
    return found


@pytest.mark.parametrize("size", [(1180, 760), (1240, 800), (1440, 900)])
def test_nothing_is_cut_off_at_the_side(alerted: HomeRobot, size: tuple[int, int]) -> None:
    """The alerts' columns ask for more room than the rest of the page does."""
    alerted.window.resize(*size)
    area = alerted.screen.area
    alerted.waits(lambda: alerted.window.width() == size[0])
    QApplication.processEvents()
    page = area.widget()
    assert page is not None
    assert page.width() <= area.viewport().width()
