"""The account desk in the user's words: found by Ctrl+K, explained, planned; all by key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.ui.composing import screens_of
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.messages import Message
from fscdesk.ui.navigation import places
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.printing import PreviewDialog
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.patients import PatientsScreen
from fscdesk.ui.screens.patients.account_page import AccountPage
from fscdesk.ui.tables.list_screen import ListPart
from tests.support.robots.keys import KeyRobot
from tests.support.robots.office import DiaryScreen
from tests.support.robots.shell import PRACTICE, PlainScreen


class AccountRobot(KeyRobot):
    """Everything a person may do to an account by key, and what is then seen."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        super().__init__(qtbot, window)
        self.heard: list[Message] = []
        window.messages.said.connect(self.heard.append)

    @property
    def screen(self) -> PatientsScreen:
        """The patients, whether they are in front or not."""
        found = self.window.findChild(PatientsScreen)
        assert isinstance(found, PatientsScreen)
        return found

    @property
    def account(self) -> AccountPage:
        """The account that is open."""
        account = self.screen.account
        assert account is not None
        return account

    def in_front(self) -> bool:
        """Whether an account is in front."""
        front = self.window.screen_in_front()
        return isinstance(front, PatientsScreen) and front.account is not None

    def at_rest(self) -> bool:
        """Whether nothing is asked, found or saved just now."""
        if not self.window.desk.quiet():
            return False
        screen = self.window.findChild(PatientsScreen)
        if screen is None or screen.account is None:
            return True
        account = screen.account
        return not (account.wizard.busy() or account.explain_pane.waiting())

    def rests(self) -> None:
        """Wait until what was asked for is there and the focus has moved."""
        for _ in range(3):
            QApplication.processEvents()
            self.waits(self.at_rest)
        QApplication.processEvents()

    def does(self, *keys: str) -> None:
        """Press keys, and wait after each for what comes of it."""
        for key in keys:
            self.presses(key)
            self.rests()

    def finds(self, letters: str) -> None:
        """Find an account by Ctrl+K and letters, and open it with Enter."""
        self.presses("Ctrl+K")
        self.types(letters)
        self.sees_hit()
        self.presses("Return")
        self.waits(lambda: self.window.findChild(PatientsScreen) is not None)
        self.waits(lambda: self.screen.account is not None)
        self.rests()

    def sees_hit(self) -> None:
        """Wait until the first line of the search is a client."""
        hits = self.window.search.list
        self.waits(lambda: bool(hits.lines) and hits.lines[0].detail.startswith("patient"))

    def lists(self, key: str) -> ListPart[Any]:
        """The list in a tab, opened by a person who walks along the tabs with the arrows."""
        account = self.account
        account.open_tab(key)
        self.rests()
        part: Any = account.tabs.part
        found: ListPart[Any] = part.list
        self.waits(lambda: found.model.known and found.model.settled)
        found.view.setFocus()
        self.waits(found.view.hasFocus)
        return found

    def dialog(self) -> FieldsDialog:
        """The form that has come up, as soon as the keys go to it."""
        self.waits(lambda: isinstance(QApplication.activeModalWidget(), FieldsDialog))
        top = QApplication.activeModalWidget()
        assert isinstance(top, FieldsDialog)
        self.waits(
            lambda: (one := QApplication.focusWidget()) is not None and top.isAncestorOf(one)
        )
        return top

    def fills(self, **words: str) -> None:
        """Type into fields of the form that is up, and press its button with Ctrl+Enter."""
        top = self.dialog()
        for name, text in words.items():
            editor = top.field(name).editor
            editor.setFocus(Qt.FocusReason.TabFocusReason)
            self.waits(editor.hasFocus)
            self.presses("Ctrl+A")
            self.types(text)
        self.presses("Ctrl+Return")
        self.waits(lambda: QApplication.activeModalWidget() is not top)
        self.window.activateWindow()
        self.rests()

    def hears(self, words: str) -> Message:
        """Wait until the newest message holds these words, and return it."""
        self.waits(lambda: bool(self.heard) and words in self.newest().text)
        return self.newest()

    def newest(self) -> Message:
        """What was said last."""
        return self.heard[-1]

    def sees_pages(self) -> str:
        """The title of the preview that has come up; closes it."""
        self.waits(lambda: isinstance(QApplication.activeModalWidget(), PreviewDialog))
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, PreviewDialog)
        title = dialog.windowTitle()
        dialog.reject()
        self.waits(lambda: QApplication.activeModalWidget() is None)
        self.window.activateWindow()  # a system gives the keys back by itself
        self.waits(self.window.isActiveWindow)
        self.rests()
        return title


@contextmanager
def account_window(
    qtbot: QtBot,
    books: Office,
    scratch: Path,
    size: tuple[int, int] = (1440, 900),
    *,
    sessions: Callable[[Shell], Screen] = DiaryScreen,
) -> Iterator[AccountRobot]:
    """Open a window over the books, on Home, with the search and the accounts."""
    desk = Desk(books)
    window = MainWindow(
        desk,
        PRACTICE,
        places(
            {
                "home": PlainScreen,
                "sessions": sessions,
                "payments": DiaryScreen,
                "payment-entry": DiaryScreen,
                "patients": PatientsScreen,
            }
        ),
        providers=screens_of().providers,
        preferences=Preferences(scratch / "workstation.ini"),
    )
    qtbot.addWidget(window)
    window.resize(*size)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.open("home")
    try:
        yield AccountRobot(qtbot, window)
    finally:
        desk.close()
