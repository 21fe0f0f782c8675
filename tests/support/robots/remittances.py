"""The remittances in the user's words, by key: their list, and the page of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.services.remittances.detail import PageClaim, PagePlb, RemittancePage
from fscdesk.ui import theme
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.messages import Level, Message
from fscdesk.ui.navigation import places
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.payments.screen import REMITTANCES, PaymentsScreen
from fscdesk.ui.screens.remittances.page_screen import RemittanceScreen
from fscdesk.ui.screens.remittances.remittances_list import RemittancesPart
from fscdesk.ui.screens.remittances.sheet import RemittanceSheet
from tests.support.focus import comes_to
from tests.support.robots.keys import KeyRobot
from tests.support.robots.office import DiaryScreen
from tests.support.robots.shell import PRACTICE

OTHERS = ("home", "sessions", "claims", "claim", "patients", "setup", "payment-entry")


class RemittanceRobot(KeyRobot):
    """A person who posts remittances, by keyboard."""

    def __init__(self, qtbot: QtBot, window: MainWindow, office: Office) -> None:
        super().__init__(qtbot, window)
        self.office = office
        self.heard: list[Message] = []
        self.chosen: tuple[Path, ...] = ()
        window.messages.said.connect(self.heard.append)

    @property
    def front(self) -> QWidget:
        """The screen in front."""
        found = self.window.screen_in_front()
        assert found is not None
        return found

    @property
    def list(self) -> RemittancesPart:
        """The Remittances tab, which is in front."""
        assert isinstance(self.front, PaymentsScreen)
        part = self.front.part
        assert isinstance(part, RemittancesPart)
        return part

    @property
    def screen(self) -> RemittanceScreen:
        """The page of one, which is in front."""
        assert isinstance(self.front, RemittanceScreen), self.front
        return self.front

    @property
    def sheet(self) -> RemittanceSheet:
        """The claims of the page."""
        return self.screen.sheet

    @property
    def page(self) -> RemittancePage:
        """What the page shows."""
        assert self.screen.seen is not None
        return self.screen.seen.page

    @property
    def unit(self) -> PageClaim | PagePlb:
        """What is current on the page."""
        return self.sheet.sheet.units[self.sheet.current]

    @property
    def claim(self) -> PageClaim:
        """The current claim of the page."""
        assert isinstance(self.unit, PageClaim)
        return self.unit

    def opens(self, remittance_id: int) -> None:
        """Come to the page of one."""
        self.window.open("remittance", remittance=remittance_id)
        self.rests()
        comes_to(self.sheet)

    def opens_list(self) -> None:
        """Come to the Remittances tab, on all of them."""
        self.window.open("payments", tab=REMITTANCES, view="all")
        self.rests()

    def at_rest(self) -> bool:
        """Whether nothing is asked or acted on just now."""
        if not self.window.desk.quiet():
            return False
        if isinstance(self.front, PaymentsScreen):
            part = self.front.part.list
            return part.model.known and part.model.settled
        return True

    def rests(self) -> None:
        """Wait until what was asked is answered, and what follows from it, too."""
        for _ in range(3):
            QApplication.processEvents()
            self.waits(self.at_rest, timeout=60_000)

    def does(self, *keys: str) -> None:
        """Press keys, and wait after each for what comes of it."""
        for key in keys:
            self.presses(key)
            self.rests()

    def writes(self, words: str) -> None:
        """Type, and wait."""
        self.types(words)
        self.rests()

    def runs(self, words: str) -> None:
        """Run a command of the page by its words, as Ctrl+K does."""
        found = [one for one in self.screen.actions() if one.text() == words]
        assert found, [one.text() for one in self.screen.actions()]
        assert found[0].isEnabled()
        assert found[0].isVisible(), words
        found[0].trigger()
        self.rests()

    def offers(self, words: str) -> bool:
        """Whether the page has this command now."""
        return any(
            one.text() == words and one.isEnabled() and one.isVisible()
            for one in self.screen.actions()
        )

    def button(self) -> str:
        """What the primary button says; empty while it is off or away."""
        primary = self.screen.primary()
        return "" if primary is None or not primary.isEnabled() else primary.text()

    def in_words(self) -> str:
        """What the pane says of the current claim."""
        return self.screen.pane.words()

    def asked(self) -> bool:
        """Whether the pane asks for a reason, or a choice."""
        return self.screen.pane.ask.asking

    def notice(self) -> str:
        """What the notice says; nothing where there is none."""
        box = self.screen.pane.notice
        return "" if box.isHidden() else f"{box.title.text()} {box.text.text()}"

    def marks(self) -> Sequence[str]:
        """The badges of the page's claims and settlements, from the top."""
        return [row.mark.word for row in self.sheet.sheet.rows if row.mark is not None]

    def balances(self) -> Sequence[tuple[str, str]]:
        """The three balances with their sums."""
        return [(one.title, one.total) for one in self.screen.foot.balances]

    def column(self, key: str) -> Sequence[str]:
        """A column of the list, from the top."""
        model = self.list.list.model
        section = model.section_of(key)
        return [str(model.index(at, section).data()) for at in range(model.rowCount())]

    def newest(self) -> Message:
        """What was said last; an empty note while nothing was."""
        return self.heard[-1] if self.heard else Message(Level.NOTE, "")

    def labels(self, inside: QWidget) -> str:
        """All words on view inside a widget."""
        return " ".join(one.text() for one in inside.findChildren(QLabel) if one.isVisible())


@contextmanager
def remittance_window(
    qtbot: QtBot, books: Office, scratch: Path, *, size: tuple[int, int] = (1440, 900)
) -> Iterator[RemittanceRobot]:
    """Open a window over the books, on Home, with Payments and the page real."""
    desk = Desk(books)
    robots: list[RemittanceRobot] = []

    def payments(shell: Shell) -> PaymentsScreen:
        return PaymentsScreen(shell, ask_files=lambda _window: robots[0].chosen)

    makers: dict[str, Callable[[Shell], QWidget]] = {
        **dict.fromkeys(OTHERS, DiaryScreen),
        "payments": payments,
        "remittance": RemittanceScreen,
    }
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    window = MainWindow(
        desk, PRACTICE, places(makers), preferences=Preferences(scratch / "workstation.ini")
    )
    qtbot.addWidget(window)
    window.resize(*size)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.open("home")
    robots.append(RemittanceRobot(qtbot, window, books))
    try:
        yield robots[0]
    finally:
        desk.close()
