"""The Deposits tab in the user's words: what waits, what goes in, the count, what was made."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from fscdesk.services.banking.deposit_list import DepositRow, deposits
from fscdesk.services.office import Office
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.screens.deposits.deposit_pages import CashPage, PaymentsPage, SlipPage
from fscdesk.ui.screens.deposits.part import DepositsPart
from fscdesk.ui.screens.payments.screen import DEPOSITS
from tests.support.focus import comes_to
from tests.support.robots.payments import PaymentsRobot


class DepositsRobot(PaymentsRobot):
    """Everything a test may do to the tab: real keys where the focus is."""

    def __init__(self, qtbot: QtBot, office: Office, window: MainWindow) -> None:
        super().__init__(qtbot, office, window)
        self.at_the_list()
        self.goes_to_tab(DEPOSITS)

    @property
    def part(self) -> DepositsPart:
        """The tab."""
        part = self.screen.part
        assert isinstance(part, DepositsPart)
        return part

    def proposed(self) -> list[tuple[str, ...]]:
        """What the list says: day, what, kind, state, payments, amount."""
        return self.cells("on", "what", "kind", "state", "items", "amount")

    def goes_to_nth(self, place: int) -> None:
        """Move to a row with the keys, until its pane shows it."""
        self.at_the_list()
        self.presses("Home", *["Down"] * place)
        self.sees_pane()

    def payments_page(self) -> PaymentsPage:
        """Go into the pane's payments, by Tab."""
        page = self.page("payments")
        assert isinstance(page, PaymentsPage)
        page.area.ticks.setFocus()
        comes_to(page.area.ticks)
        return page

    def counts(self, **numbers: int) -> CashPage:
        """Type a count, by value in cents: ``v2000=3`` is three twenties."""
        page = self.page("cash")
        assert isinstance(page, CashPage)
        for name, number in numbers.items():
            edit = page.form.edits[int(name.removeprefix("v"))]
            edit.setFocus()
            comes_to(edit)
            self.presses("Ctrl+A")
            self.types(str(number))
        return page

    def says(self, **words: str) -> None:
        """Type over fields of the slip."""
        page = self.page("slip")
        assert isinstance(page, SlipPage)
        for name, text in words.items():
            field = page.fields[name]
            field.editor.setFocus()
            comes_to(field.editor)
            self.presses("Ctrl+A")
            self.types(text)

    def first_button(self) -> Button:
        """The button at the pane's foot that Ctrl+Enter presses."""
        pane = self.listed.pane
        assert pane is not None
        first = pane.foot.buttons()[0]
        assert isinstance(first, Button)
        return first

    def kept(self) -> list[DepositRow]:
        """The deposits in the books, the first first."""
        return list(reversed(self.asks(deposits)))

    def pane_name(self) -> str:
        """What the pane is called now."""
        pane = self.listed.pane
        assert pane is not None
        return pane.name.text()

    def current_amount(self) -> str:
        """The amount of the row that is current; empty where none is."""
        row = self.listed.view.picking.current_row
        return "" if row is None else str(row.amount)
