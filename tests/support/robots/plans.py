"""Accounting's plans in the user's words: a window over real books, keys, and what is seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.ui import theme
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.messages import Level, Message
from fscdesk.ui.navigation import places
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.accounting import AccountingScreen
from fscdesk.ui.screens.accounting.part import BooksPart
from tests.support.robots.keys import KeyRobot
from tests.support.robots.office import DiaryScreen
from tests.support.robots.shell import PRACTICE

P = TypeVar("P", bound=BooksPart)


class PlansRobot(KeyRobot):
    """Everything a person may do to the tabs of plans by key."""

    def __init__(self, qtbot: QtBot, window: MainWindow, office: Office) -> None:
        super().__init__(qtbot, window)
        self.office = office
        self.heard: list[Message] = []
        window.messages.said.connect(self.heard.append)

    @property
    def screen(self) -> AccountingScreen:
        """Accounting, which is in front."""
        found = self.window.screen_in_front()
        assert isinstance(found, AccountingScreen)
        return found

    def opens(self, tab: str, kind: type[P]) -> P:
        """Open a tab and wait until it is read."""
        self.window.open("accounting", tab=tab)
        self.rests()
        part = self.screen.part
        assert isinstance(part, kind)
        return part

    def rests(self) -> None:
        """Wait until what was asked is answered, and what follows from it, too."""
        for _ in range(4):
            QApplication.processEvents()
            self.waits(self.window.desk.quiet, timeout=30_000)
            self.qtbot.wait(30)

    def types(self, words: str) -> None:
        """Type words; each key goes to what has the focus by then, as from a keyboard."""
        for letter in words:
            super().types(letter)

    def does(self, *keys: str) -> None:
        """Press keys, and wait after each for what comes of it."""
        for key in keys:
            self.presses(key)
            self.rests()

    def focuses(self, widget: QWidget) -> None:
        """Go to a control, as F6 and Tab do."""
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        self.waits(lambda: QApplication.focusWidget() is widget)

    def fills(self, widget: QWidget, words: str) -> None:
        """Go to a line and type over what stands in it."""
        self.focuses(widget)
        self.presses("Ctrl+A")
        self.types(words)

    def dialog(self) -> Any:
        """The dialog that has come up, as soon as the keys go to it."""

        def is_in_front() -> bool:
            top, focused = QApplication.activeModalWidget(), QApplication.focusWidget()
            return top is not None and focused is not None and top.isAncestorOf(focused)

        self.waits(is_in_front)
        return QApplication.activeModalWidget()

    def closes_dialog(self, key: str = "Ctrl+Return") -> None:
        """Press the dialog's verb, and wait until it has done it."""
        self.presses(key)
        self.waits(lambda: QApplication.activeModalWidget() is None)
        self.window.activateWindow()
        self.waits(self.window.isActiveWindow)
        self.waits(lambda: QApplication.focusWidget() is not None)
        self.rests()

    def newest(self) -> Message:
        """What was said last; an empty note while nothing was."""
        return self.heard[-1] if self.heard else Message(Level.NOTE, "")


@contextmanager
def plans_window(qtbot: QtBot, books: Office, scratch: Path) -> Iterator[PlansRobot]:
    """Open a window over the books, on Home, with Accounting real."""

    def accounting(shell: Shell) -> AccountingScreen:
        return AccountingScreen(shell, ask_path=lambda _window, name, _words: str(scratch / name))

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    desk = Desk(books)
    window = MainWindow(
        desk,
        PRACTICE,
        places({"home": DiaryScreen, "accounting": accounting}),
        preferences=Preferences(scratch / "workstation.ini"),
    )
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.open("home")
    try:
        yield PlansRobot(qtbot, window, books)
    finally:
        desk.close()
