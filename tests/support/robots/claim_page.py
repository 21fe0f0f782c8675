"""One claim's page in the user's words: its boxes, cells, card and pane, and what is then seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.ui import theme
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.fields import Choice
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.messages import Level, Message
from fscdesk.ui.navigation import places
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.printing import PreviewDialog
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims.claim_box import BoxField
from fscdesk.ui.screens.claims.claim_card import ResendCard
from fscdesk.ui.screens.claims.claim_form import ClaimForm
from fscdesk.ui.screens.claims.claim_lines_grid import CellKey, LineCell
from fscdesk.ui.screens.claims.claim_page import ClaimScreen
from fscdesk.ui.screens.claims.claim_page_body import ClaimBody
from fscdesk.ui.screens.queue import QueueScreen
from fscdesk.ui.text import Label
from tests.support.focus import comes_to
from tests.support.robots.keys import KeyRobot
from tests.support.robots.office import DiaryScreen
from tests.support.robots.shell import PRACTICE

OTHERS = ("home", "claims", "claim-build", "sessions", "patients", "setup")


class ClaimRobot(KeyRobot):
    """A person at a claim's page, by keyboard."""

    def __init__(self, qtbot: QtBot, window: MainWindow, office: Office, scratch: Path) -> None:
        super().__init__(qtbot, window)
        self.office, self._scratch = office, scratch
        self.heard: list[Message] = []
        window.messages.said.connect(self.heard.append)

    @property
    def front(self) -> QWidget:
        """The screen in front."""
        found = self.window.screen_in_front()
        assert found is not None
        return found

    @property
    def page(self) -> ClaimScreen:
        """The claim's page, which is in front."""
        assert isinstance(self.front, ClaimScreen)
        return self.front

    @property
    def body(self) -> ClaimBody:
        """What the page shows of the claim."""
        found = self.page.body
        assert found is not None
        return found

    @property
    def form(self) -> ClaimForm:
        """The form's tab."""
        return self.body.form

    @property
    def card(self) -> ResendCard:
        """The card on which the claim goes again."""
        return self.body.beside.card

    # Going

    def opens(self, claim_id: int, **what: object) -> None:
        """Come to a claim as another screen sends a person there."""
        self.window.open("claim", claim=claim_id, **what)
        self.rests()

    def at_rest(self) -> bool:
        """Whether nothing is asked or acted on just now."""
        if not self.window.desk.quiet():
            return False
        front = self.front
        if isinstance(front, QueueScreen):
            return front.list.model.known and front.list.model.settled
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

    def writes(self, words: str) -> None:
        """Type where the cursor is."""
        self.types(words)
        self.rests()

    # What stands there

    @property
    def claim_id(self) -> int:
        """The claim in front."""
        return self.body.claim_id

    def title(self) -> str:
        """The number in the title line."""
        return self.page.head.name.text()

    def badges(self) -> list[str]:
        """The words of the badges."""
        return [one.status().word for one in self.page.head.shown]

    def buttons(self) -> list[str]:
        """The buttons of the head that are on view, the filled one last."""
        head = self.page.head
        return [one.words() for one in (*head.buttons, head.primary) if one.isVisible()]

    def filled(self) -> list[str]:
        """The words of all filled buttons on view; there is at most one."""
        found = self.page.findChildren(Button)
        return [
            one.words() for one in found if one.isVisible() and one.property("kind") == "primary"
        ]

    def box(self, field: str) -> BoxField:
        """A box by its field."""
        return self.form.boxes[field]

    def reads(self, field: str) -> str:
        """What a box says."""
        return self.box(field).draft()

    def said(self, field: str) -> str:
        """What stands under a box."""
        return self.box(field).notes.words()

    def cell(self, field: str, line: int = 1) -> LineCell:
        """A cell of a line."""
        assert self.form.lines is not None
        return self.form.lines.cells[CellKey(field, line)]

    def differs(self) -> list[tuple[str, str, str]]:
        """What changes against the claim that was sent."""
        table = self.form.differs
        rows = () if table is None else table.rows
        return [(one.words, one.was, one.will_be) for one in rows]

    def notice(self) -> str:
        """What the notice says; nothing where there is none."""
        box = self.body.beside.notice
        return "" if box.isHidden() else f"{box.title.text()} {box.text.text()}"

    def story(self) -> str:
        """The timeline, as it is read aloud."""
        return self.body.beside.story.accessibleDescription()

    def newest(self) -> Message:
        """What was said last; an empty note while nothing was."""
        return self.heard[-1] if self.heard else Message(Level.NOTE, "")

    # What a person does

    def goes_to(self, field: str) -> BoxField:
        """Come to a box."""
        box = self.box(field)
        box.editor.setFocus(Qt.FocusReason.TabFocusReason)
        comes_to(box.editor)
        return box

    def types_over(self, field: str, words: str) -> None:
        """Come to a box, open it where it is somebody else's, and type over what it says."""
        box = self.goes_to(field)
        if isinstance(box.editor, QLineEdit) and box.editor.isReadOnly():
            self.does("Return")
        self.presses("Ctrl+A")
        self.writes(words)

    def chooses(self, field: str, words: str) -> None:
        """Choose in a box by its first letters."""
        box = self.goes_to(field)
        assert isinstance(box.editor, Choice)
        self.writes(words)

    def clicks(self, widget: QWidget) -> None:
        """Click a widget."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.rests()

    def runs(self, words: str) -> None:
        """Run a command of the page by its words, as Ctrl+K does."""
        found = [one for one in self.page.actions() if one.text() == words and one.isEnabled()]
        assert found, [one.text() for one in self.page.actions() if one.isEnabled()]
        found[0].trigger()
        self.rests()

    def offers(self, words: str) -> bool:
        """Whether the page has this command now."""
        return any(
            one.text() == words and one.isEnabled() and one.isVisible()
            for one in self.page.actions()
        )

    def dialog(self) -> QWidget:
        """The dialog that has come up, as soon as the keys go to it."""

        def is_in_front() -> bool:
            top, focused = QApplication.activeModalWidget(), QApplication.focusWidget()
            return top is not None and focused is not None and top.isAncestorOf(focused)

        self.waits(is_in_front)
        top = QApplication.activeModalWidget()
        assert top is not None
        return top

    def closed(self) -> None:
        """Wait until the dialog has gone, and its act is saved."""
        self.waits(lambda: QApplication.activeModalWidget() is None)
        self.comes_forward()
        self.rests()

    def comes_forward(self) -> None:
        """Sit down at this window."""
        self.window.activateWindow()
        self.waits(self.window.isActiveWindow)

    def looks_at_pages(self) -> bytes:
        """The pages of the preview that has come up; closes it."""
        self.waits(lambda: isinstance(QApplication.activeModalWidget(), PreviewDialog))
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, PreviewDialog)
        path = self._scratch / "seen.pdf"
        assert dialog.save_to(path)
        dialog.reject()
        self.closed()
        return path.read_bytes()

    def last_asked(self) -> dict[str, object]:
        """What the diary in front was opened on."""
        assert isinstance(self.front, DiaryScreen)
        return self.front.asked[-1]

    def labels(self, inside: QWidget) -> str:
        """All words on view inside a widget."""
        found = inside.findChildren(Label)
        return " ".join(one.text() for one in found if one.isVisible())


@contextmanager
def claim_window(
    qtbot: QtBot, books: Office, scratch: Path, *, size: tuple[int, int] = (1440, 900)
) -> Iterator[ClaimRobot]:
    """Open a window over the books, on Home, with the queue and the claim's page real."""
    desk = Desk(books)
    makers: dict[str, Callable[[Shell], QWidget]] = {
        **dict.fromkeys(OTHERS, DiaryScreen),
        "queue": QueueScreen,
        "claim": ClaimScreen,
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
    try:
        yield ClaimRobot(qtbot, window, books, scratch)
    finally:
        desk.close()
