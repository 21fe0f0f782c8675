"""Reports over small books that an accountant can add up in the head."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.reports.screen import ReportsScreen
from tests.support.books_kept import keep_books
from tests.support.robots.office import DiaryScreen, window_over
from tests.support.robots.reports import ReportsRobot

OpenReports = Callable[..., ReportsRobot]
OTHERS = ("sessions", "patients", "aging", "payments", "accounting", "claims")


@pytest.fixture
def open_reports(
    qtbot: QtBot, qapp: QApplication, sqlite_books: Office, tmp_path: Path
) -> Iterator[OpenReports]:
    """Open the screen in a window, asked for what is given; files go where ``path`` says."""
    with ExitStack() as stack:
        filled: list[bool] = []

        def opens(*, path: str = "", **what: object) -> ReportsRobot:
            if not filled:
                keep_books(sqlite_books)
                filled.append(True)

            def make(shell: Shell) -> QWidget:
                return ReportsScreen(shell, ask_path=lambda _window, _name, _words: path)

            makers = {"reports": make, **dict.fromkeys(OTHERS, DiaryScreen)}
            window = stack.enter_context(window_over(sqlite_books, qtbot, tmp_path, makers))
            window.open("reports", **what)
            robot = ReportsRobot(qtbot, window)
            robot.settles()
            return robot

        yield opens
