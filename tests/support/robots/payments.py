"""The Payments place in the user's words: its tabs, its lists, their panes, the small dialogs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.ui.dialogs.acting import ActDialog
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.fields import Field
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.screens.payments.history_page import HistoryPage
from fscdesk.ui.screens.payments.screen import TABS, PaymentsScreen
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.pane_tab import PaneTab
from fscdesk.ui.tables.story import StoryPage
from tests.support.focus import comes_to
from tests.support.robots.screens import ScreenRobot

PATIENCE_MS = 20_000


class PaymentsRobot(ScreenRobot):
    """Everything a test may do to the place: real keys where the focus is."""

    def __init__(self, qtbot: QtBot, office: Office, window: MainWindow) -> None:
        super().__init__(qtbot, office, window)
        front = window.screen_in_front()
        assert isinstance(front, PaymentsScreen)
        self.screen = front
        self.settles()

    def waits(self, until: Callable[[], bool]) -> None:
        """Wait until something is so; another test may hold the machine meanwhile."""
        self.qtbot.waitUntil(until, timeout=PATIENCE_MS)

    # The list in front

    @property
    def tab(self) -> PaneTab[Any]:
        """The tab in front."""
        return self.screen.part

    @property
    def listed(self) -> ListPart[Any]:
        """The list in front."""
        return self.screen.part.list

    def settles(self) -> None:
        """Wait until the list in front has its rows, and the keys go to it."""
        model = self.listed.model
        self.qtbot.waitUntil(lambda: model.known and model.settled, timeout=PATIENCE_MS)

    def at_the_list(self) -> None:
        """Wait until the keys go to the rows, or to the words that stand in their place."""
        self.settles()
        if self.listed.model.total:
            comes_to(self.listed.view)
        else:
            self.waits(self._inside)

    def _inside(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self.listed.isAncestorOf(focused)

    def goes_to_tab(self, key: str) -> None:
        """Press Ctrl+PgDown until a tab is in front."""
        keys = list(TABS)
        for _time in range((keys.index(key) - keys.index(self.screen.tabs.current)) % len(keys)):
            self.presses("Ctrl+PgDown")
        assert self.screen.tabs.current == key
        self.at_the_list()

    def goes_to_view(self, key: str) -> None:
        """Go to a view with the arrow keys, and back to the rows."""
        views = self.listed.views
        assert views is not None
        views.tabs.setFocus()
        comes_to(views.tabs)
        keys = list(views.tabs.keys)
        step = keys.index(key) - keys.index(views.tabs.current)
        self.presses(*["Right" if step > 0 else "Left"] * abs(step))
        self.listed.view.setFocus()
        self.at_the_list()

    def sees_rows(self, count: int) -> None:
        """Wait for so many rows."""
        model = self.listed.model
        self.waits(lambda: model.settled and model.total == count)

    def rows(self) -> list[Any]:
        """The rows on view."""
        self.settles()
        return list(self.listed.model.loaded())

    def cells(self, *keys: str) -> list[tuple[str, ...]]:
        """What cells say, row by row."""
        model = self.listed.model
        self.settles()
        return [
            tuple(str(model.index(at, model.section_of(key)).data()) for key in keys)
            for at in range(model.total)
        ]

    def goes_to_row(self, row_id: int) -> None:
        """Move with the arrow keys to a row, until its pane shows it."""
        self.at_the_list()
        self.presses("Home")
        for _time in range(self.listed.model.total):
            row = self.listed.view.picking.current_row
            if row is not None and row.id == row_id:
                self.sees_pane()
                return
            self.presses("Down")
        message = f"{row_id} is not in the list"
        raise AssertionError(message)

    # The pane

    def sees_pane(self) -> Any:
        """Wait until the pane shows the current row as it is now, and return what it shows."""
        part = self.listed
        assert part.pane is not None
        shown: list[Any] = []
        part.pane.shown.connect(shown.append)
        part.pane.follow(part.view.picking.current_row)
        self.qtbot.waitUntil(
            lambda: part.pane is not None and bool(shown) and part.pane.foot.isEnabled(),
            timeout=PATIENCE_MS,
        )
        part.pane.shown.disconnect(shown.append)
        return part.pane._detail

    def steps(self) -> dict[str, bool]:
        """The buttons at the pane's foot, and whether they can be pressed."""
        assert self.listed.pane is not None
        buttons = self.listed.pane.foot.buttons()
        return {
            one.words(): one.isEnabled()
            for one in buttons
            if isinstance(one, Button) and one.words()
        }

    def page(self, key: str) -> Any:
        """Open a tab of the pane, and return its page."""
        pane = self.listed.pane
        assert pane is not None
        pane.open_tab(key)
        return pane.page(key)

    def lines(self, key: str = "paid") -> list[tuple[str, str, str]]:
        """The lines of a tab of the pane: title, second line, amount."""
        page = self.page(key)
        assert isinstance(page, StoryPage)
        return [(one.title, one.second, one.amount) for one in page.story._steps]

    def told(self, key: str = "changes") -> str:
        """The sentences of a tab of the pane."""
        page = self.page(key)
        assert isinstance(page, HistoryPage)
        return " ".join(page.sentences())

    # Dialogs

    def asked(self) -> ActDialog:
        """The dialog that has come up, as soon as the keys go to it."""
        dialog = self.dialog()
        assert isinstance(dialog, ActDialog)
        return dialog

    def field(self, name: str) -> Field:
        """A field of the dialog that is open."""
        dialog = self.asked()
        assert isinstance(dialog, FieldsDialog)
        return dialog.field(name)

    def writes(self, **words: str) -> None:
        """Go to fields of the dialog in turn, and type over what stands in them."""
        for name, text in words.items():
            field = self.field(name)
            field.setFocus()
            comes_to(field.editor)
            self.presses("Ctrl+A")
            self.types(text)

    def does_it(self) -> None:
        """Press Ctrl+Enter in the dialog, and wait until it is done and gone."""
        self.asked()
        self.presses("Ctrl+Return")
        self.waits(lambda: QApplication.activeModalWidget() is None)
        self.window.activateWindow()
        self.waits(self.window.isActiveWindow)

    def sees_refusal(self, words: str) -> ActDialog:
        """Wait until the dialog says why it was not done."""
        dialog = self.asked()
        self.waits(lambda: words in dialog.refusal.text())
        return dialog

    def leaves(self) -> None:
        """Press Esc in the dialog."""
        self.presses("Esc")
        self.waits(lambda: QApplication.activeModalWidget() is None)
        self.window.activateWindow()
        self.waits(self.window.isActiveWindow)
