"""A window over real books with one real screen in it; the other places keep a diary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.ui import theme
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.messages import Message
from fscdesk.ui.navigation import places
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.screen import Screen, Shell
from tests.support.robots.shell import PRACTICE

Maker = Callable[[Shell], QWidget]


class DiaryScreen(Screen):
    """A place that only notes what it was opened on."""

    title = "Diary"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.asked: list[dict[str, Any]] = []
        column = QVBoxLayout(self)
        column.addWidget(QLabel("Diary"))

    def on_shown(self, **what: Any) -> None:
        self.asked.append(what)


class OfficeRobot:
    """Everything a test may do to the window: real keys, and a look at what came of them."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot, self.window = qtbot, window
        self.heard: list[Message] = []
        window.messages.said.connect(self.heard.append)

    def presses(self, *keys: str) -> None:
        """Press keys one after the other, where the focus is."""
        for key in keys:
            where = QApplication.focusWidget() or self.window
            QTest.keySequence(where, QKeySequence.fromString(key))

    def types(self, words: str) -> None:
        """Type where the focus is."""
        for letter in words:
            focused = QApplication.focusWidget()
            assert focused is not None
            QTest.keyClicks(focused, letter)

    def clicks(self, widget: QWidget) -> None:
        """Click a widget with the left button."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def waits(self, until: Callable[[], bool]) -> None:
        """Wait until something is so."""
        self.qtbot.waitUntil(until)

    def place(self) -> str:
        """The place in front."""
        stop = self.window.history.here()
        return stop.place if stop is not None else ""

    def last_asked(self) -> dict[str, Any]:
        """What the diary in front was opened on."""
        front = self.window.screen_in_front()
        assert isinstance(front, DiaryScreen)
        return front.asked[-1]


@contextmanager
def window_over(
    books: Office, qtbot: QtBot, folder: Path, makers: Mapping[str, Maker]
) -> Iterator[MainWindow]:
    """Open a window of 1440 by 900, in front and with the focus."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    desk = Desk(books)
    window = MainWindow(
        desk, PRACTICE, places(makers), preferences=Preferences(folder / "workstation.ini")
    )
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    try:
        yield window
    finally:
        desk.close()
