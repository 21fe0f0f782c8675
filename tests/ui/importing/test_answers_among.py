"""The Import place hands what came back for claims on to its own place, by what is in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.ui import theme
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.navigation import places
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.screens.importing.screen import ImportScreen
from tests.support.robots.office import DiaryScreen
from tests.support.robots.shell import PRACTICE
from tests.support.sent_claims import answer_999


@pytest.fixture
def window(
    sqlite_books: Office, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> Iterator[MainWindow]:
    """A window with the Import place, and a diary where answers are read."""
    theme.apply(qapp)
    desk = Desk(sqlite_books)
    preferences = Preferences(tmp_path / "workstation.ini")
    makers = {
        "home": DiaryScreen,
        "claims": DiaryScreen,
        "sessions": DiaryScreen,
        "claim-answers": DiaryScreen,
        "importing": lambda shell: ImportScreen(shell, preferences=preferences),
    }
    made = MainWindow(desk, PRACTICE, places(makers), preferences=preferences)
    qtbot.addWidget(made)
    made.show()
    made.open("home")
    yield made
    desk.close()


def test_answers_go_to_their_place_and_reports_stay(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    answer = tmp_path / "from the house.txt"
    answer.write_bytes(answer_999("1", {"0001": "A"}))
    report = tmp_path / "report.csv"
    report.write_text("Nothing,known\n1,2\n")
    window.open("importing", files=[answer, report])
    importing = window.screen_in_front()
    assert isinstance(importing, ImportScreen)
    qtbot.waitUntil(lambda: isinstance(window.screen_in_front(), DiaryScreen))
    diary = window.screen_in_front()
    assert isinstance(diary, DiaryScreen)
    assert diary.asked == [{"files": (answer,)}]
    qtbot.waitUntil(lambda: importing.run.path == report)
    qtbot.waitUntil(window.desk.quiet)


def test_reports_alone_are_not_looked_into(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    report = tmp_path / "report.CSV"
    report.write_text("Nothing,known\n1,2\n")
    window.open("importing", files=[report])
    importing = window.screen_in_front()
    assert isinstance(importing, ImportScreen)
    assert importing.run.path == report
    qtbot.waitUntil(window.desk.quiet)
