"""The window over a practice that has the samples of March, on Sessions."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.connecting import open_office
from fscdesk.services.importing.applying import import_file
from fscdesk.services.importing.reading import read_file
from fscdesk.services.office import Office
from fscdesk.ui import theme
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.navigation import places
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.screens.sessions import SessionsScreen
from tests.support.clock import Clock
from tests.support.databases import SqliteDatabases, lent
from tests.support.robots.sessions import Elsewhere, SessionsRobot
from tests.support.robots.shell import PRACTICE
from tests.support.shared import samples

MARCH = "simplepractice_appointments_2026-03.csv"
OpenSessions = Callable[..., SessionsRobot]


@pytest.fixture
def look(qapp: QApplication) -> Iterator[QApplication]:
    """The light look at 100 %."""
    theme.apply(qapp)
    yield qapp
    theme.apply(qapp)


@pytest.fixture(scope="session")
def march_file(sqlite_databases: SqliteDatabases) -> str:
    """A practice with the 60 sessions of March, closed; imported once, to be copied."""
    file = read_file(samples() / MARCH)
    target = sqlite_databases.practice()
    office = open_office(target, now=Clock())
    office.write(lambda work: import_file(work, file, accept_proposals=True))
    office.close()
    return target


@pytest.fixture
def march(march_file: str, sqlite_databases: SqliteDatabases, clock: Clock) -> Iterator[Office]:
    """60 sessions, imported."""
    with lent(sqlite_databases, empty=True) as target:
        shutil.copyfile(march_file, target)
        office = open_office(target, now=clock)
        yield office
        office.close()


@pytest.fixture
def open_sessions(qtbot: QtBot, look: QApplication, tmp_path: Path) -> Iterator[OpenSessions]:
    """`open_sessions(office)` opens the window on Sessions."""
    desks: list[Desk] = []

    def opens(office: Office, *, path: str = "", others: bool = True) -> SessionsRobot:
        desk = Desk(office)
        desks.append(desk)
        more = ("home", "importing", "patients", "setup") if others else ("home",)
        window = MainWindow(
            desk,
            PRACTICE,
            places(
                {
                    **dict.fromkeys(more, Elsewhere),
                    "sessions": lambda shell: SessionsScreen(
                        shell, ask_path=lambda _window, _name, _words: path
                    ),
                }
            ),
            preferences=Preferences(tmp_path / "workstation.ini"),
        )
        qtbot.addWidget(window)
        window.resize(1440, 900)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        robot = SessionsRobot(qtbot, window)
        robot.settles()
        robot.view.setFocus()
        qtbot.waitUntil(robot.view.hasFocus)
        return robot

    yield opens
    for desk in desks:
        desk.close()


@pytest.fixture
def sessions(march: Office, open_sessions: OpenSessions) -> SessionsRobot:
    """The screen with 60 sessions, settled."""
    return open_sessions(march)
