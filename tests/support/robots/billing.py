"""Billing and the work queue in the user's words, in windows for one person or for two."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.ui import theme
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.messages import Level, Message
from fscdesk.ui.navigation import places
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.printing import PreviewDialog
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.billing import BillingScreen
from fscdesk.ui.screens.billing.part import BillingPart
from fscdesk.ui.screens.queue import QueueScreen
from fscdesk.ui.tables.list_screen import ListPart
from tests.support.robots.keys import KeyRobot
from tests.support.robots.office import DiaryScreen
from tests.support.robots.shell import PRACTICE


@dataclass
class Folders:
    """Stands in for the system's dialog: what it is told to choose, it chooses."""

    folder: Path | None = None


class BillingRobot(KeyRobot):
    """Everything a person may do to both screens by key, and what is then seen."""

    def __init__(
        self, qtbot: QtBot, window: MainWindow, office: Office, folders: Folders, scratch: Path
    ) -> None:
        super().__init__(qtbot, window)
        self.office, self.folders, self._scratch = office, folders, scratch
        self.heard: list[Message] = []
        window.messages.said.connect(self.heard.append)

    @property
    def front(self) -> QWidget:
        """The screen in front."""
        found = self.window.screen_in_front()
        assert found is not None
        return found

    @property
    def billing(self) -> BillingScreen:
        """Billing, which is in front."""
        assert isinstance(self.front, BillingScreen)
        return self.front

    @property
    def queue(self) -> QueueScreen:
        """The queue, which is in front."""
        assert isinstance(self.front, QueueScreen)
        return self.front

    @property
    def part(self) -> BillingPart:
        """The tab of Billing in front."""
        return self.billing.part

    @property
    def list(self) -> ListPart[Any]:
        """The list in front."""
        front = self.front
        if isinstance(front, QueueScreen):
            return front.list
        part: Any = self.part
        found = part.list if hasattr(part, "list") else part.inner.list
        assert isinstance(found, ListPart)
        return found

    def is_finding(self) -> bool:
        """Whether a letter has opened the find field of the list in front."""
        if not isinstance(self.front, QueueScreen | BillingScreen):
            return False
        return not self.list.line.field.isHidden() and self.list.line.field.isVisible()

    def comes_forward(self) -> None:
        """Sit down at this window."""
        self.window.activateWindow()
        self.waits(self.window.isActiveWindow)

    def opens(self, place: str, **what: object) -> None:
        """Come to a screen as another one sends a person there."""
        self.window.open(place, **what)
        self.rests()

    def at_rest(self) -> bool:
        """Whether nothing is asked or acted on just now."""
        if not self.window.desk.quiet():
            return False
        if isinstance(self.front, QueueScreen | BillingScreen):
            part = self.list
            return not part.isVisible() or (part.model.known and part.model.settled)
        return True

    def rests(self) -> None:
        """Wait until what was asked is answered, and what follows from it, too."""
        for _ in range(3):
            QApplication.processEvents()
            self.waits(self.at_rest, timeout=30_000)

    def does(self, *keys: str) -> None:
        """Press keys, and wait after each for what comes of it."""
        for key in keys:
            self.presses(key)
            self.rests()

    def column(self, key: str) -> Sequence[str]:
        """A column of the list in front, from the top."""
        model = self.list.model
        section = model.section_of(key)
        return [str(model.index(at, section).data()) for at in range(model.rowCount())]

    def goes_to(self, key: str, words: str) -> None:
        """Walk down to the row whose column says these words."""
        self.presses("Home")
        for _ in range(self.column(key).index(words)):
            self.presses("Down")
        self.rests()

    def button(self) -> str:
        """What the primary button says."""
        front = self.front
        assert isinstance(front, QueueScreen | BillingScreen)
        primary = front.primary()
        return "" if primary is None else primary.text()

    def newest(self) -> Message:
        """What was said last; an empty note while nothing was."""
        return self.heard[-1] if self.heard else Message(Level.NOTE, "")

    def types_into(self, widget: QWidget, words: str) -> None:
        """Go to a field and type over what stands in it."""
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        self.waits(widget.hasFocus)
        self.presses("Ctrl+A")
        self.types(words)

    def dialog(self) -> QWidget:
        """The dialog that has come up, as soon as the keys go to it."""

        def is_in_front() -> bool:
            top, focused = QApplication.activeModalWidget(), QApplication.focusWidget()
            return top is not None and focused is not None and top.isAncestorOf(focused)

        self.waits(is_in_front)
        top = QApplication.activeModalWidget()
        assert top is not None
        return top

    def looks_at_pages(self) -> bytes:
        """The pages of the preview that has come up; closes it."""
        self.waits(lambda: isinstance(QApplication.activeModalWidget(), PreviewDialog))
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, PreviewDialog)
        path = self._scratch / "seen.pdf"
        assert dialog.save_to(path)
        dialog.reject()
        self.waits(lambda: QApplication.activeModalWidget() is None)
        self.comes_forward()
        self.waits(lambda: QApplication.focusWidget() is not None)
        self.rests()
        return path.read_bytes()


@contextmanager
def billing_window(
    qtbot: QtBot, books: Office, scratch: Path, *, others: tuple[str, ...] = ("patients", "setup")
) -> Iterator[BillingRobot]:
    """Open a window over the books, on Home, with the queue and Billing real."""
    desk = Desk(books)
    folders = Folders()

    def billing(shell: Shell) -> BillingScreen:
        return BillingScreen(shell, ask_folder=lambda _window: folders.folder)

    makers: dict[str, Callable[[Shell], QWidget]] = {
        "home": DiaryScreen,
        **dict.fromkeys(others, DiaryScreen),
        "queue": QueueScreen,
        "statements": billing,
    }
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    window = MainWindow(
        desk, PRACTICE, places(makers), preferences=Preferences(scratch / "workstation.ini")
    )
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.open("home")
    try:
        yield BillingRobot(qtbot, window, books, folders, scratch)
    finally:
        desk.close()


def proves(books: Office) -> None:
    """Run every check of the books."""
    report = books.read(run_checks)
    assert [(check.name, check.offenders) for check in report.checks if not check.ok] == []
