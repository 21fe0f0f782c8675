"""Setup in the user's words: groups, tabs, forms."""

from __future__ import annotations

from typing import Any

from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.parts import Part
from fscdesk.ui.screens.setup.screen import SetupScreen
from fscdesk.ui.tables.list_and_form import ListAndForm
from tests.support.robots.screens import ScreenRobot


class SetupRobot(ScreenRobot):
    """Everything a test may do to Setup."""

    def __init__(self, qtbot: QtBot, office: Office, window: MainWindow) -> None:
        super().__init__(qtbot, office, window)
        window.open("setup")
        front = window.screen_in_front()
        assert isinstance(front, SetupScreen)
        self.screen = front

    def goes(self, group: str, tab: str = "") -> Part:
        """Open a page and return it."""
        self.window.open("setup", group=group, **({"tab": tab} if tab else {}))
        return self.screen.page.part

    def goes_to_list(self, group: str, tab: str) -> ListAndForm[Any, Any]:
        """Open a page that is a list with a form, and wait for its rows."""
        page = self.goes(group, tab)
        assert isinstance(page, ListAndForm)
        self.waits(lambda: page.list.model.known and page.list.model.settled)
        self.waits(lambda: page.list.view.hasFocus() or not page.list.model.total)
        return page

    def chooses(self, page: ListAndForm[Any, Any], row_id: int) -> None:
        """Walk down the rows with the keys until a record is current, and wait for its form."""
        view = page.list.view
        view.setFocus()
        self.presses("Home")
        for _row in range(page.list.model.total):
            row = view.picking.current_row
            if row is not None and row.id == row_id:
                break
            self.presses("Down")
        self.waits(lambda: page.pane.row is not None and page.pane.row.id == row_id)

    def texts(self, page: ListAndForm[Any, Any], key: str) -> list[str]:
        """What a column says, from the top."""
        model = page.list.model
        self.waits(lambda: model.known and model.settled)
        section = model.section_of(key)
        return [str(model.index(row, section).data()) for row in range(model.total)]
