"""Today's claims, the batches and the answers in the user's words, by key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.ui import theme
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.messages import Level, Message
from fscdesk.ui.navigation import places
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.printing import PreviewDialog
from fscdesk.ui.screens.claims.answers_screen import ClaimAnswersScreen
from fscdesk.ui.screens.claims.batches_list import BatchesPart
from fscdesk.ui.screens.claims.build_screen import ClaimBuildScreen
from fscdesk.ui.screens.claims.screen import BATCHES, ClaimsScreen
from fscdesk.ui.tables.list_screen import ListPart
from tests.support.robots.keys import KeyRobot
from tests.support.robots.office import DiaryScreen, Maker
from tests.support.robots.shell import PRACTICE


class ClaimsDayRobot(KeyRobot):
    """Everything a person may do on the way from ready sessions to answers, by key."""

    def __init__(self, qtbot: QtBot, window: MainWindow, books: Office, scratch: Path) -> None:
        super().__init__(qtbot, window)
        self.books, self.scratch = books, scratch
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
    def day(self) -> ClaimBuildScreen:
        """Today's claims, which are in front."""
        assert isinstance(self.front, ClaimBuildScreen)
        return self.front

    @property
    def answers(self) -> ClaimAnswersScreen:
        """The answers, which are in front."""
        assert isinstance(self.front, ClaimAnswersScreen)
        return self.front

    @property
    def batches(self) -> BatchesPart:
        """The Batches tab, which is in front."""
        assert isinstance(self.front, ClaimsScreen)
        part = self.front.part
        assert isinstance(part, BatchesPart)
        return part

    @property
    def list(self) -> ListPart[Any] | None:
        """The list in front."""
        front = self.front
        if isinstance(front, ClaimsScreen):
            return front.part.list
        return front.list if isinstance(front, ClaimBuildScreen | ClaimAnswersScreen) else None

    def opens_batches(self) -> None:
        """Come to the Batches tab."""
        self.window.open("claims", tab=BATCHES)
        self.rests()

    def asked(self) -> Sequence[dict[str, Any]]:
        """What the place in front, which is only a diary, was opened on."""
        assert isinstance(self.front, DiaryScreen)
        return self.front.asked

    def at_rest(self) -> bool:
        """Whether nothing is asked or acted on just now."""
        if not self.window.desk.quiet():
            return False
        if isinstance(self.front, ClaimBuildScreen) and not self.front.plan.settled:
            return False
        part = self.list
        return part is None or not part.isVisible() or (part.model.known and part.model.settled)

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

    def column(self, key: str) -> Sequence[str]:
        """A column of the list in front, from the top."""
        part = self.list
        assert part is not None
        section = part.model.section_of(key)
        return [str(part.model.index(at, section).data()) for at in range(part.model.rowCount())]

    def tiles(self) -> dict[str, int]:
        """The figures of the sum."""
        return {key: tile.count for key, tile in self.day.tiles.tiles.items()}

    def button(self) -> str:
        """What the primary button says; empty while it is off."""
        front: Any = self.front
        primary = front.primary()
        return "" if primary is None or not primary.isEnabled() else str(primary.text())

    def card(self) -> str:
        """The sentence of the card on view; empty where there is none."""
        card = self.day.mend.card
        return "" if card is None or self.day.mend.isHidden() else card.message

    def said(self) -> str:
        """What was said last."""
        return self.newest().text

    def newest(self) -> Message:
        """What was said last; an empty note while nothing was."""
        return self.heard[-1] if self.heard else Message(Level.NOTE, "")

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
        path = self.scratch / "seen.pdf"
        assert dialog.save_to(path)
        dialog.reject()
        self.waits(lambda: QApplication.activeModalWidget() is None)
        self.comes_forward()
        self.rests()
        return path.read_bytes()

    def comes_forward(self) -> None:
        """Sit down at this window again, after a dialog."""
        self.window.activateWindow()
        self.waits(self.window.isActiveWindow)


@contextmanager
def claims_window(
    qtbot: QtBot,
    books: Office,
    scratch: Path,
    *,
    others: tuple[str, ...] = ("patients", "sessions", "setup", "claim"),
) -> Iterator[ClaimsDayRobot]:
    """Open a window over the books, on Home; the other places keep a diary."""
    desk = Desk(books)
    robots: list[ClaimsDayRobot] = []

    def answers(shell: Any) -> ClaimAnswersScreen:
        return ClaimAnswersScreen(shell, ask_files=lambda _window: robots[0].chosen)

    makers: dict[str, Maker] = {
        "home": DiaryScreen,
        **dict.fromkeys(others, DiaryScreen),
        "claims": ClaimsScreen,
        "claim-build": ClaimBuildScreen,
        "claim-answers": answers,
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
    robots.append(ClaimsDayRobot(qtbot, window, books, scratch))
    try:
        yield robots[0]
    finally:
        desk.close()
