"""The payment entry in the user's words, and a window to run it in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.messages import Message
from fscdesk.ui.navigation import places
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.printing import PreviewDialog
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.payments.entry_lines import Line
from fscdesk.ui.screens.payments.entry_screen import EntryScreen
from tests.support.robots.keys import KeyRobot
from tests.support.robots.shell import PRACTICE, PlainScreen


class PaymentsDoor(Screen):
    """Stands where the place Payments is: its Ctrl+N opens the entry."""

    title = "Payments"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.door = Button("Enter payment", on=self.new, parent=self)

    def new(self) -> None:
        self.shell.open("payment-entry")


class PaymentEntryRobot(KeyRobot):
    """Everything a person may do to the entry by key, and what is then seen.

    ``data`` counts the keys that are names, numbers, amounts and days; the rest are commands.
    """

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        super().__init__(qtbot, window)
        self.data = 0
        self.heard: list[Message] = []
        window.messages.said.connect(self.heard.append)

    def begins(self) -> None:
        super().begins()
        self.data = 0

    def types(self, words: str) -> None:
        super().types(words)
        self.data += len(words)

    @property
    def commands(self) -> int:
        """How many of the acts were not data."""
        return len(self.log.acts) - self.data

    @property
    def screen(self) -> EntryScreen:
        """The entry, whether it is in front or not."""
        found = self.window.findChild(EntryScreen)
        assert isinstance(found, EntryScreen)
        return found

    def opens(self, **what: object) -> None:
        """Come to the entry as another screen sends a person there."""
        self.window.open("payment-entry", **what)
        self.rests()

    def at_rest(self) -> bool:
        """Whether nothing is asked, found or posted just now."""
        quiet = self.window.desk.quiet()
        screen = self.window.findChild(EntryScreen)
        if screen is None:
            return quiet
        return quiet and not (screen.posting or screen.finding.busy() or screen.head.source.busy())

    def rests(self) -> None:
        """Wait until what was asked for is there and the focus has moved."""
        for _ in range(2):
            QApplication.processEvents()
            self.waits(self.at_rest)
        QApplication.processEvents()

    def does(self, *keys: str) -> None:
        """Press keys, and wait after each for what comes of it."""
        for key in keys:
            self.presses(key)
            self.rests()

    def fills(self, words: str) -> None:
        """Type data into a field and leave it with Enter."""
        self.types(words)
        self.does("Return")

    def heads(self, who: str, number: str, amount: str, day: str) -> None:
        """Fill the head, and stand in the first claim or charge."""
        for words in (who, number, amount, day):
            self.fills(words)

    def takes(self, letters: str = "") -> None:
        """Take a claim by letters of its client, or the next one in order."""
        self.fills(letters)

    def answers(self, amount: str, letter: str) -> None:
        """Type what was paid, and whose the rest is: ``61.20`` and ``d``."""
        self.types(amount)
        self.does(letter.upper())

    def denies(self, carc: str) -> None:
        """Deny a line: x, the reason, Enter."""
        self.presses("X")
        self.types(carc)
        self.does("Return")

    def line(self, patient: str, at: int = 0) -> Line:
        """A line of a client, the oldest first."""
        found = [one for one in self.screen.state.lines if one.charge.patient == patient]
        return found[at]

    def sums(self) -> list[str]:
        """The amounts at the foot: check, applied, kept, left."""
        return [amount for _words, amount in self.screen.view.sums.parts]

    def names(self) -> list[str]:
        """What the rows of the grid are called, from the top."""
        return [row.name for row in self.screen.grid.rows]

    def cell(self) -> str:
        """What stands in the cell with the cursor."""
        return self.screen.grid.edit.text()

    def fault(self) -> str:
        """The sentence about the cell, or nothing."""
        return self.screen.below.fault.text()

    def in_box(self) -> bool:
        """Whether the cursor is in the claim box."""
        return QApplication.focusWidget() is self.screen.finding.box

    def in_cell(self) -> bool:
        """Whether the cursor is in a cell of the grid."""
        return QApplication.focusWidget() is self.screen.grid.edit

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
        return title

    def saved(self) -> None:
        """Wait until what was typed is kept as a draft."""
        self.waits(lambda: not self.screen.drafting.waiting())
        self.rests()


@contextmanager
def entry_window(qtbot: QtBot, books: Office, scratch: Path) -> Iterator[PaymentEntryRobot]:
    """Open a window over the books, on Home, with Payments and the entry a way on."""
    desk = Desk(books)
    window = MainWindow(
        desk,
        PRACTICE,
        places({"home": PlainScreen, "payments": PaymentsDoor, "payment-entry": EntryScreen}),
        preferences=Preferences(scratch / "workstation.ini"),
    )
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.open("home")
    try:
        yield PaymentEntryRobot(qtbot, window)
    finally:
        desk.close()
