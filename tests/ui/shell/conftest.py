"""A window over real books, with two plain screens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.ui import theme
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import Hooks, MainWindow
from fscdesk.ui.navigation import places
from fscdesk.ui.preferences import Preferences
from tests.support.robots.shell import PRACTICE, PlainScreen, ShellRobot


@pytest.fixture
def look(qapp: QApplication) -> Iterator[QApplication]:
    """The light look at 100 %, whatever the test makes of it."""
    theme.apply(qapp)
    yield qapp
    theme.apply(qapp)


@pytest.fixture
def desk(sqlite_books: Office, qapp: QApplication) -> Iterator[Desk]:
    """A desk over an empty practice."""
    made = Desk(sqlite_books)
    yield made
    made.close()


@pytest.fixture
def shell(qtbot: QtBot, desk: Desk, look: QApplication, tmp_path: Path) -> ShellRobot:
    """The window, in front, on Home; Setup, Sessions and Aging have screens too."""
    makers = dict.fromkeys(("home", "sessions", "aging", "setup"), PlainScreen)
    window = MainWindow(
        desk,
        PRACTICE,
        places(makers),
        hooks=Hooks(import_newest=lambda shell: shell.messages.info("Nothing new to import.")),
        preferences=Preferences(tmp_path / "workstation.ini"),
    )
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.open("home")
    return ShellRobot(qtbot, window)
