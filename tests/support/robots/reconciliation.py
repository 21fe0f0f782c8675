"""The Reconciliation place in the user's words, by key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.services.banking.bank_sheet import SheetRow
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.composing import screens_of
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog
from fscdesk.ui.forms.fields import Field
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.messages import Level, Message
from fscdesk.ui.navigation import places
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.printing import PreviewDialog
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.reconciliation.bank_page import BankPage
from fscdesk.ui.screens.reconciliation.bank_part import PAGE
from fscdesk.ui.screens.reconciliation.screen import ReconciliationScreen
from tests.support.robots.keys import KeyRobot
from tests.support.robots.office import DiaryScreen
from tests.support.robots.shell import PRACTICE

OTHERS = ("home", "sessions", "payments", "patients", "payment-entry", "aging")


class ReconciliationRobot(KeyRobot):
    """A person who proves the bank month, by keyboard."""

    def __init__(self, qtbot: QtBot, window: MainWindow, office: Office) -> None:
        super().__init__(qtbot, window)
        self.office = office
        self.heard: list[Message] = []
        self.chosen: Path | None = None
        window.messages.said.connect(self.heard.append)

    @property
    def screen(self) -> ReconciliationScreen:
        """The place, which is in front."""
        front = self.window.screen_in_front()
        assert isinstance(front, ReconciliationScreen)
        return front

    def does(self, *keys: str) -> None:
        """Press keys, and rest after each."""
        for key in keys:
            self.presses(key)
            self.rests()

    def opens_with(self, *prepare: Callable[[Work], object]) -> None:
        """Prepare the books, and go to the rows of the place."""
        for one in prepare:
            self.office.write(one)
        self.does("Ctrl+8")
        self.waits(lambda: self.screen.bank.sheet is not None)
        self.rests()
        self.screen.bank.enter()
        self.rests()

    def target(self) -> QWidget:
        """What the keys go to: a menu that is open, else what has the focus."""
        return QApplication.activePopupWidget() or super().target()

    def rests(self) -> None:
        """Wait until nothing is asked, read or written, and the pane shows the current row."""

        def still() -> bool:
            QApplication.processEvents()
            front = self.window.screen_in_front()
            if not self.window.desk.quiet():
                return False
            if not isinstance(front, ReconciliationScreen):
                return True
            part = front.statement.list if front.planning else front.bank.list
            self.window.grab()
            return part.model.settled and (not part.isVisible() or part.model.known)

        self.waits(still)
        if QApplication.activeModalWidget() is None and not self.window.isActiveWindow():
            self.window.activateWindow()  # a dialog has closed; a real desktop does it by itself
            self.waits(self.window.isActiveWindow)
        self.qtbot.wait(160)  # the pane follows after 120 ms
        self.waits(still)

    def rows(self) -> list[SheetRow]:
        """The rows of the period, from the top."""
        return list(self.screen.bank.list.model.loaded())

    def marks(self) -> dict[str, int]:
        """How many rows have each mark."""
        found: dict[str, int] = {}
        for row in self.rows():
            found[row.mark.value] = found.get(row.mark.value, 0) + 1
        return found

    def row(self) -> SheetRow:
        """The current row."""
        found = self.screen.bank.list.view.picking.current_row
        assert isinstance(found, SheetRow)
        return found

    def goes_to(self, amount: str) -> SheetRow:
        """Go to the one row of an amount with the arrows of the keyboard."""
        place = next(at for at, row in enumerate(self.rows()) if row.amount.plain() == amount)
        self.screen.bank.list.view.setFocus()
        self.does("Home", *["Down"] * place)
        assert self.row().amount.plain() == amount
        return self.row()

    def page(self) -> BankPage:
        """What the pane tells."""
        pane = self.screen.bank.list.pane
        assert pane is not None
        page = pane.page(PAGE)
        assert isinstance(page, BankPage)
        return page

    def buttons(self) -> list[str]:
        """The buttons of the pane."""
        pane = self.screen.bank.list.pane
        assert pane is not None
        return [getattr(one, "words", lambda: "")() for one in pane.foot.buttons()]

    def offers(self, words: str) -> bool:
        """Whether the pane leads there, by a button or in its menu."""
        pane = self.screen.bank.list.pane
        assert pane is not None
        head = pane._spec.head(pane._detail)
        return words in [one.word for one in (*head.next_steps, *head.more)]

    def sums(self) -> dict[str, str]:
        """The figures under the list, by their labels' first word."""
        return {one.label: one.figure for one in self.screen.bank.foot.sums.sums}

    def finish_words(self) -> tuple[str, bool]:
        """The verb of the foot's button, and whether it can be pressed."""
        button = self.screen.bank.foot.button
        return button.words(), button.isEnabled()

    def newest(self) -> Message:
        """What was said last."""
        return self.heard[-1]

    def hears(self, words: str, level: Level = Level.INFO) -> Message:
        """Wait for a message with these words."""
        self.waits(lambda: any(words in one.text and one.level is level for one in self.heard))
        return next(one for one in reversed(self.heard) if words in one.text)

    def dialog(self) -> FieldsDialog:
        """The dialog that has come up."""

        def there() -> bool:
            top = QApplication.activeModalWidget()
            focused = QApplication.focusWidget()
            return top is not None and focused is not None and top.isAncestorOf(focused)

        self.waits(there)
        top = QApplication.activeModalWidget()
        assert isinstance(top, FieldsDialog)
        return top

    def fills(self, field: Field, words: str) -> None:
        """Type over what stands in a field."""
        field.editor.setFocus()
        self.waits(field.editor.hasFocus)
        self.presses("Ctrl+A")
        self.types(words)

    def preview(self) -> QWidget | None:
        """The pages on view, if some are."""
        return next(iter(self.window.findChildren(PreviewDialog)), None)


@contextmanager
def reconciliation_window(
    qtbot: QtBot, books: Office, scratch: Path, *, size: tuple[int, int] = (1440, 900)
) -> Iterator[ReconciliationRobot]:
    """Open a window over the books, on Home; ``scratch`` is the folder that is watched."""
    desk = Desk(books)
    robots: list[ReconciliationRobot] = []

    def place(shell: Shell) -> ReconciliationScreen:
        return ReconciliationScreen(shell, ask_file=lambda _window: robots[0].chosen)

    makers = {**dict.fromkeys(OTHERS, DiaryScreen), "reconciliation": place}
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    preferences = Preferences(scratch / "workstation.ini")
    folder = scratch / "downloads"
    folder.mkdir(exist_ok=True)
    preferences.set_watched_folder(folder)
    window = MainWindow(
        desk,
        PRACTICE,
        places(makers),
        preferences=preferences,
        hooks=screens_of().hooks,
    )
    qtbot.addWidget(window)
    window.resize(*size)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.open("home")
    robots.append(ReconciliationRobot(qtbot, window, books))
    try:
        yield robots[0]
    finally:
        desk.close()
