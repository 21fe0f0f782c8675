"""A list over fake books, in front and with the focus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.ui import theme
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from tests.support.robots.table import TODAY, FakeBooks, ListRobot, sessions_spec

OpenList = Callable[..., ListRobot]


@pytest.fixture
def look(qapp: QApplication) -> Iterator[QApplication]:
    theme.apply(qapp)
    yield qapp
    theme.apply(qapp)


@pytest.fixture
def books() -> Iterator[FakeBooks]:
    made = FakeBooks(250)
    yield made
    made.let_go()


@pytest.fixture
def desk(books: FakeBooks, look: QApplication) -> Iterator[Desk]:
    made = Desk(books)
    yield made
    books.let_go()
    made.close()


@pytest.fixture
def open_list(qtbot: QtBot, desk: Desk, books: FakeBooks) -> OpenList:
    def opens(
        *,
        wait: bool = True,
        keeping: Keeping | None = None,
        width: int = 1200,
        path: str = "",
        **more: Any,
    ) -> ListRobot:
        part = ListPart(
            desk,
            sessions_spec(books, **more),
            keeping=keeping,
            today=lambda: TODAY,
            ask_path=lambda _window, _name, _words: path,
        )
        qtbot.addWidget(part)
        QAbstractItemModelTester(
            part.model, QAbstractItemModelTester.FailureReportingMode.Fatal, part
        )
        part.resize(width, 700)
        part.show()
        part.activateWindow()
        qtbot.waitUntil(part.isActiveWindow)
        part.view.setFocus()
        robot = ListRobot(qtbot, part, books)
        if wait:
            robot.settles()
        return robot

    return opens


@pytest.fixture
def sessions(open_list: OpenList) -> ListRobot:
    """250 sessions, settled."""
    return open_list()
