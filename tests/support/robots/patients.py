"""The patients in the user's words: the list, one account, its tabs."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.screens.patients.account_page import AccountPage
from fscdesk.ui.screens.patients.details_tab import DetailsTab
from fscdesk.ui.screens.patients.screen import PatientsScreen
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.list_tab import ListTab
from tests.support.robots.screens import ScreenRobot


class PatientsRobot(ScreenRobot):
    """Everything a test may do to the patients."""

    def __init__(self, qtbot: QtBot, office: Office, window: MainWindow) -> None:
        super().__init__(qtbot, office, window)
        window.open("patients")
        front = window.screen_in_front()
        assert isinstance(front, PatientsScreen)
        self.screen = front
        self.settles(front.list)

    def settles(self, part: ListPart[Any]) -> None:
        """Wait until a list has all its rows."""
        self.waits(lambda: part.model.known and part.model.settled)

    def names(self) -> list[str]:
        """The names on the list, from the top."""
        part = self.screen.list
        self.settles(part)
        return [row.name for row in part.model.loaded()]

    def opens(self, name: str, tab: str = "") -> AccountPage:
        """Find a patient in the list by typing, press Enter, and go to a tab."""
        self.finds(name)
        self.presses("Return")
        account = self.account()
        self.waits(lambda: account.detail.name == name)
        if tab:
            account.open_tab(tab)
        return account

    def finds(self, words: str) -> None:
        """Type letters on the list, and go on to the rows."""
        part = self.screen.list
        self.waits(lambda: QApplication.focusWidget() is part.view)
        self.types(words[0])
        self.types(words[1:])
        self.waits(lambda: part.state.text == words and part.model.settled)
        self.waits(lambda: part.model.total == 1)
        self.presses("Down")
        self.waits(lambda: QApplication.focusWidget() is part.view)
        if part.view.picking.current_row is None:
            self.presses("Down")

    def account(self) -> AccountPage:
        """The account in front, as soon as it is there."""
        self.waits(lambda: self.screen.account is not None)
        assert self.screen.account is not None
        return self.screen.account

    def ledger(self) -> ListPart[Any]:
        """The ledger of the account, with its rows."""
        account = self.account()
        account.tabs.open("ledger")
        tab = account.tabs.part
        assert isinstance(tab, ListTab)
        self.settles(tab.list)
        return tab.list

    def details(self) -> DetailsTab:
        """The tab with who pays and who is served."""
        tab = self.account().tabs.part
        assert isinstance(tab, DetailsTab)
        return tab

    def listed(self) -> ListAndForm[Any, Any]:
        """The list with its form in the tab in front."""
        tab = self.account().tabs.part
        assert isinstance(tab, ListAndForm)
        self.settles(tab.list)
        return tab
