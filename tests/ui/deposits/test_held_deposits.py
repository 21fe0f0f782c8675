"""A transfer that explains held money, in the list: at the bank, without a slip, taken back."""

from __future__ import annotations

from datetime import date

from fscdesk.models.deposit import DepositStatus
from fscdesk.services.banking.suspense import explain
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui.messages import Level
from tests.support.bank_books import line, suspense
from tests.support.payments import verify
from tests.support.robots.deposits import DepositsRobot
from tests.ui.deposits.conftest import Drawer


def test_it_is_at_the_bank_without_a_slip_and_can_be_taken_back(
    deposits: DepositsRobot, drawer: Drawer, sqlite_books: Office
) -> None:
    def act(work: Work) -> None:
        held = suspense(work, line(work, "4/9", 170_00, "EXAMPLE EAST HCCLAIMPMT"))
        explain(work, held, [drawer.eft])

    sqlite_books.write(act)
    deposits.goes_to_view("way")
    deposits.sees_rows(0)
    deposits.goes_to_view("bank")
    deposits.sees_rows(1)
    assert deposits.cells("state", "amount") == [("At the bank", "170.00")]
    deposits.goes_to_nth(0)
    assert deposits.steps() == {"Take back…": True}
    assert [one.banked_on for one in deposits.kept()] == [date(2026, 4, 9)]
    deposits.presses("Ctrl+P")
    deposits.hears("DEP-2026-00001 came by transfer: it has no slip.", Level.NOTE)
    deposits.presses("Ctrl+Shift+U")
    deposits.writes(reason="Another payer's")
    deposits.does_it()
    deposits.hears("DEP-2026-00001 is taken back")
    assert [one.status for one in deposits.kept()] == [DepositStatus.UNDONE]
    verify(sqlite_books)


def test_a_transfer_that_is_made_offers_no_slip(deposits: DepositsRobot) -> None:
    row = next(one.id for one in deposits.rows() if str(one.amount) == "170.00")
    deposits.goes_to_row(row)
    deposits.presses("Return")
    told = deposits.hears("DEP-2026-00001: 170.00 to")
    assert (told.help, told.undo is not None) == (None, True)
