"""Accounting in the user's words, by key: its tabs, the form of a new entry, its questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.ui import theme
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog
from fscdesk.ui.forms.fields import Field
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.messages import Level, Message
from fscdesk.ui.navigation import places
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.accounting import AccountingScreen
from fscdesk.ui.screens.accounting.entry_form import EntryForm
from fscdesk.ui.screens.accounting.entry_lines import ACCOUNT, EntryLine
from fscdesk.ui.screens.accounting.journal_part import JournalPart
from fscdesk.ui.screens.accounting.part import BooksPart
from fscdesk.ui.tables.detail_pane import DetailPane
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.story import Story, StoryPage
from tests.support.focus import comes_to
from tests.support.robots.keys import KeyRobot
from tests.support.robots.office import DiaryScreen
from tests.support.robots.shell import PRACTICE

OTHERS = ("home", "sessions", "patients", "payments", "reconciliation", "statements")


class AccountingRobot(KeyRobot):
    """A person who keeps the books, by keyboard. ``chosen`` is what the dialog of files gives."""

    def __init__(self, qtbot: QtBot, window: MainWindow, office: Office) -> None:
        super().__init__(qtbot, window)
        self.office = office
        self.heard: list[Message] = []
        self.chosen: Path | None = None
        self.copy_to = ""
        window.messages.said.connect(self.heard.append)

    @property
    def screen(self) -> AccountingScreen:
        """Accounting, which is in front."""
        front = self.window.screen_in_front()
        assert isinstance(front, AccountingScreen), front
        return front

    @property
    def part(self) -> BooksPart:
        """The tab in front."""
        return self.screen.part

    @property
    def list(self) -> ListPart[Any]:
        """The list of the tab in front."""
        part: Any = self.part
        found = part.list if hasattr(part, "list") else part.inner.list
        assert isinstance(found, ListPart)
        return found

    @property
    def pane(self) -> DetailPane:
        """The pane beside the list."""
        assert self.list.pane is not None
        return self.list.pane

    @property
    def form(self) -> EntryForm:
        """The form of a new entry, which is in front."""
        part = self.part
        assert isinstance(part, JournalPart)
        assert part.writing
        return part.form

    # Going about

    def opens(self, tab: str, **what: object) -> None:
        """Come to a tab as another screen sends a person there."""
        self.window.open("accounting", tab=tab, **what)
        self.rests()

    def at_rest(self) -> bool:
        """Whether nothing is asked or acted on just now."""
        if not self.window.desk.quiet():
            return False
        front = self.window.screen_in_front()
        if not isinstance(front, AccountingScreen):
            return True
        part: Any = front.part
        held = part.list if hasattr(part, "list") else getattr(part, "inner", None)
        shown = held if isinstance(held, ListPart) else getattr(held, "list", None)
        if not isinstance(shown, ListPart) or not shown.isVisible():
            return True
        return shown.model.known and shown.model.settled

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
        """Type, and wait."""
        self.types(words)
        self.rests()

    # Seeing

    def newest(self) -> Message:
        """What was said last; an empty note while nothing was."""
        return self.heard[-1] if self.heard else Message(Level.NOTE, "")

    def hears(self, words: str, level: Level = Level.INFO) -> Message:
        """Wait until this is what was said last."""
        self.waits(lambda: words in self.newest().text and self.newest().level is level)
        return self.newest()

    def column(self, key: str) -> Sequence[str]:
        """A column of the list in front, from the top."""
        model = self.list.model
        self.waits(lambda: model.settled)
        section = model.section_of(key)
        return [str(model.index(at, section).data()) for at in range(model.rowCount())]

    def goes_to(self, key: str, words: str) -> None:
        """Move with the arrows to the row whose cell says this."""
        self.waits(lambda: words in self.column(key))
        self.list.view.setFocus()
        comes_to(self.list.view)
        at = list(self.column(key)).index(words)
        self.does("Home", *["Down"] * at)
        self.waits(lambda: self.list.view.current_place == at)

    def reads_pane(self) -> Any:
        """What the pane shows, once it shows the current row as it is now."""
        row = self.list.view.picking.current_row
        assert row is not None
        shown: list[object] = []
        self.pane.shown.connect(shown.append)
        self.pane.follow(row)
        self.waits(lambda: bool(shown) and self.pane.foot.isEnabled())
        self.pane.shown.disconnect(shown.append)
        self.waits(lambda: not self.pane._wait.isActive() and self.window.desk.quiet())
        self.waits(self.pane.foot.isEnabled)
        return self.pane._detail

    def steps(self) -> Sequence[str]:
        """The buttons at the pane's foot."""
        assert self.reads_pane()
        words = [getattr(one, "words", None) for one in self.pane.foot.buttons()]
        return [said for one in words if one is not None and (said := str(one()))]

    def story(self, tab: str) -> Story:
        """Open a tab of the pane, and put the keys on what it tells."""
        assert self.reads_pane()
        self.pane.open_tab(tab)
        page = self.pane.page(tab)
        assert isinstance(page, StoryPage)
        page.story.setFocus()
        comes_to(page.story)
        return page.story

    def button(self) -> str:
        """What the primary button says; empty while it is off or away."""
        primary = self.screen.primary()
        # an action that is not in the menus counts as off; what it says tells why it is
        return "" if primary is None or primary.statusTip() else primary.text()

    # Writing an entry

    def begins_entry(self) -> None:
        """Press Ctrl+N, and come to the day."""
        self.does("Ctrl+N")
        comes_to(self.form.on.editor)

    def fills(self, field: Field, words: str) -> None:
        """Go to a field and type over what stands in it."""
        field.editor.setFocus(Qt.FocusReason.TabFocusReason)
        comes_to(field.editor)
        if isinstance(field.editor, QLineEdit):
            field.editor.selectAll()
        self.writes(words) if words else self.does("Delete")

    def takes_account(self, line: EntryLine, words: str) -> None:
        """Type an account into a line and go on with Enter."""
        comes_to(line.account.editor)
        self.writes(words)
        self.presses("Return")
        self.waits(lambda: line.account.held() is not None)
        self.rests()

    def line(self, at: int) -> EntryLine:
        """A line of the form, from 1."""
        return self.form.grid.lines[at - 1]

    def stands_in(self, at: int, what: str = ACCOUNT) -> None:
        """Wait until the cursor is in a cell."""
        comes_to(self.line(at).fields[what].editor)

    # Questions

    def asks(self) -> FieldsDialog:
        """The dialog that is open; the keys go to it."""

        def is_in_front() -> bool:
            top, focused = QApplication.activeModalWidget(), QApplication.focusWidget()
            return top is not None and focused is not None and top.isAncestorOf(focused)

        self.waits(is_in_front)
        top = QApplication.activeModalWidget()
        assert isinstance(top, FieldsDialog)
        return top

    def answers(self) -> None:
        """Press Enter in the dialog, and wait until it is gone."""
        self.asks()
        self.presses("Return")
        self.waits(lambda: QApplication.activeModalWidget() is None)
        self.comes_forward()
        self.rests()

    def comes_forward(self) -> None:
        """Sit down at this window: offscreen has no window manager that would."""
        self.window.activateWindow()
        self.waits(self.window.isActiveWindow)

    def diary(self, place: str) -> Sequence[dict[str, Any]]:
        """What another place was opened on, the newest last."""
        front = self.window.screen_in_front()
        assert isinstance(front, DiaryScreen), place
        return front.asked


@contextmanager
def accounting_window(
    qtbot: QtBot, books: Office, scratch: Path, *, size: tuple[int, int] = (1440, 900)
) -> Iterator[AccountingRobot]:
    """Open a window over the books, on Home, with Accounting real."""
    desk = Desk(books)
    robots: list[AccountingRobot] = []

    def accounting(shell: Shell) -> QWidget:
        return AccountingScreen(
            shell,
            ask_file=lambda _window: robots[0].chosen,
            ask_path=lambda _window, _name, _words: robots[0].copy_to,
        )

    makers = {**dict.fromkeys(OTHERS, DiaryScreen), "accounting": accounting}
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
    robots.append(AccountingRobot(qtbot, window, books))
    try:
        yield robots[0]
    finally:
        desk.close()
