"""The Statements screen in the user's words, and a window to run it in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.messages import Message
from fscdesk.ui.navigation import places
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.printing import PreviewDialog
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.statements import StatementsScreen
from tests.support.robots.keys import KeyRobot
from tests.support.robots.shell import PRACTICE, PlainScreen


@dataclass
class Folders:
    """Stands in for the system's dialog: what it is told to choose, it chooses."""

    folder: Path | None = None


class StatementsRobot(KeyRobot):
    """Everything a person may do to the screen by key, and what is then seen."""

    def __init__(self, qtbot: QtBot, window: MainWindow, folders: Folders, scratch: Path) -> None:
        super().__init__(qtbot, window)
        self.folders, self._scratch = folders, scratch
        self.heard: list[Message] = []
        window.messages.said.connect(self.heard.append)

    @property
    def screen(self) -> StatementsScreen:
        """The screen, which is in front."""
        front = self.window.screen_in_front()
        assert isinstance(front, StatementsScreen)
        return front

    def opens(self, **what: object) -> None:
        """Come to the screen as another one sends a person there."""
        self.window.open("statements", **what)
        self.rests()

    def at_rest(self) -> bool:
        """Whether nothing is planned, made or asked just now."""
        planning = self.screen.planning
        busy = planning.counting or planning.making or not self.window.desk.quiet()
        return not busy and self.screen.list.model.settled

    def rests(self) -> None:
        """Wait until the list stands and has the focus where a person left it."""
        QApplication.processEvents()
        self.waits(self.at_rest)
        QApplication.processEvents()
        self.waits(self.at_rest)

    def does(self, *keys: str) -> None:
        """Press keys, and wait after each for what comes of it."""
        for key in keys:
            self.presses(key)
            self.rests()

    def sums(self) -> dict[str, tuple[int, str]]:
        """The figures of the tiles: count and amount, by key."""
        tiles = self.screen.plan.tiles.tiles
        return {key: (tile.count, str(tile.total)) for key, tile in tiles.items()}

    def names(self) -> list[str]:
        """The names in the list in front, from the top."""
        return self.column("name")

    def column(self, key: str) -> list[str]:
        """A column of the list in front, from the top."""
        model = self.screen.list.model
        section = model.section_of(key)
        return [str(model.index(at, section).data()) for at in range(model.rowCount())]

    def tabs(self) -> dict[str, int | None]:
        """The tabs of the list in front, by key, with their counts."""
        tabs = self.screen.plan.list.tabs
        return {key: tabs.count(key) for key in tabs.keys}

    def tabs_left(self) -> tuple[str, ...]:
        """The reasons that there are among those left out."""
        return self.screen.plan.left_out.tabs.keys

    def button(self) -> str:
        """What the primary button says."""
        primary = self.screen.primary()
        return "" if primary is None else primary.text()

    def instead(self) -> str:
        """The sentence that stands in place of rows, or nothing."""
        empty = self.screen.list.body.empty
        return "" if empty is None else empty.sentence.text()

    def goes_to(self, name: str) -> None:
        """Walk down to an account by its name."""
        self.presses("Home")
        for _ in range(self.names().index(name)):
            self.presses("Down")
        self.rests()

    def newest(self) -> Message:
        """What was said last."""
        return self.heard[-1]

    def looks_at_pages(self) -> bytes:
        """The pages of the preview that has come up; closes it."""
        self.waits(lambda: isinstance(QApplication.activeModalWidget(), PreviewDialog))
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, PreviewDialog)
        path = self._scratch / "seen.pdf"
        assert dialog.save_to(path)
        dialog.reject()
        self.waits(lambda: QApplication.activeModalWidget() is None)
        self.window.activateWindow()
        self.waits(self.window.isActiveWindow)
        self.waits(lambda: QApplication.focusWidget() is not None)
        return path.read_bytes()


@contextmanager
def statements_window(
    qtbot: QtBot, books: Office, scratch: Path, *, others: Sequence[str] = ("home", "patients")
) -> Iterator[StatementsRobot]:
    """Open a window over the books, on Home, with the screen a way on."""
    desk = Desk(books)
    folders = Folders()

    def make(shell: Shell) -> StatementsScreen:
        return StatementsScreen(shell, ask_folder=lambda _window: folders.folder)

    window = MainWindow(
        desk,
        PRACTICE,
        places({**dict.fromkeys(others, PlainScreen), "statements": make}),
        preferences=Preferences(scratch / "workstation.ini"),
    )
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.open("home")
    try:
        yield StatementsRobot(qtbot, window, folders, scratch)
    finally:
        desk.close()
