"""Every way from one place of the books to another opens the right thing, and leads back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui.screens.deposits.part import DepositsPart
from fscdesk.ui.screens.home.row_button import RowButton
from fscdesk.ui.screens.reconciliation.screen import ReconciliationScreen
from fscdesk.ui.screens.setup.bank_layout_pages import LayoutsPage
from fscdesk.ui.screens.setup.bank_mapping import MappingPart
from tests.support.bank_books import line
from tests.support.between_books import Between, books_between
from tests.support.focus import comes_to
from tests.support.robots.between import BetweenRobot, between_window

BACK = "Alt+Left"
UNKNOWN = """Transaction Day;Payee;Paid out;Paid in;Balance
25/03/2026;FICTA HCCLAIMPMT;;1,234.56;2,234.56
31/03/2026;MONTHLY FEE;15.00;;2,219.56
"""


@pytest.fixture
def books(sqlite_books: Office) -> Between:
    """The books."""
    return books_between(sqlite_books)


@pytest.fixture
def robot(
    qtbot: QtBot, sqlite_books: Office, books: Between, tmp_path: Path
) -> Iterator[BetweenRobot]:
    """The window over them."""
    assert books.fee
    with between_window(qtbot, sqlite_books, tmp_path) as found:
        yield found


def bank(robot: BetweenRobot) -> ReconciliationScreen:
    screen = robot.is_at("reconciliation")
    assert isinstance(screen, ReconciliationScreen)
    assert screen.tabs.current == "bank"
    return screen


def test_exceptions_lead_to_what_they_are_about_and_back(
    robot: BetweenRobot, books: Between
) -> None:
    robot.comes("reconciliation", tab="exceptions")
    screen = robot.front
    rows = screen.tabs.part.list
    for words, ident, account in (
        ("MONTHLY FEE", books.fee, None),
        ("INTEREST MAYBE", books.saved, books.savings),
        ("SOMETHING", books.held, None),
    ):
        before = robot.goes_to(rows, words)
        robot.does("Return")
        robot.is_on(bank(robot).bank.list, ident * 2)
        if account is not None:
            assert screen.bank.account == account, "the line is on another account's sheet"
        comes_to(screen.bank.list.view)
        robot.does(BACK)
        assert screen.tabs.current == "exceptions"
        robot.is_on(rows, before)
        comes_to(rows.view)
    before = robot.goes_to(rows, "DEP-2026")
    robot.does("Return")
    deposits = robot.is_at("payments").part
    assert isinstance(deposits, DepositsPart)
    robot.is_on(deposits.list, books.deposit)
    robot.does("Escape")
    robot.is_at("reconciliation")
    robot.is_on(rows, before)
    before = robot.goes_to(rows, "REMITTANCE_WITHOUT_MONEY")
    robot.does("Return")
    assert robot.is_at("remittance").seen.page.row.id == books.remittance
    robot.does(BACK)
    robot.is_at("reconciliation")
    robot.is_on(rows, before)
    before = robot.goes_to(rows, "POSTED_NOT_DEPOSITED")
    robot.does("Return")
    robot.is_on(robot.is_at("payments").part.list, books.check)
    robot.does(BACK)
    robot.is_at("reconciliation")
    robot.is_on(rows, before)


def test_a_filter_of_the_bank_does_not_hide_the_line_that_is_asked_for(
    robot: BetweenRobot, books: Between
) -> None:
    robot.comes("reconciliation", tab="bank")
    rows = bank(robot).bank.list
    robot.does("Ctrl+F")
    robot.types("61.75")
    robot.rests()
    assert [row.amount.plain() for row in rows.model.loaded()] == ["61.75"]
    robot.comes("reconciliation", line=books.fee)
    robot.is_on(rows, books.fee * 2)


def test_a_line_of_a_reconciled_month_opens_that_month(robot: BetweenRobot, books: Between) -> None:
    robot.comes("reconciliation", tab="bank")
    screen = bank(robot)
    assert _period(robot) is None
    robot.comes("reconciliation", line=books.locked)
    assert _period(robot) == books.period
    robot.is_on(screen.bank.list, books.locked * 2)
    robot.does(BACK)
    assert _period(robot) is None
    robot.comes("reconciliation", line=books.fee)
    assert _period(robot) is None
    robot.is_on(screen.bank.list, books.fee * 2)


def test_a_line_far_down_is_reached(robot: BetweenRobot) -> None:
    def many(work: Work) -> int:
        return [line(work, "4/10", 1_00 + at, f"SOMETHING {at}") for at in range(250)][180]

    wanted = robot.office.write(many).value
    robot.comes("reconciliation", line=wanted)
    rows = bank(robot).bank.list
    robot.is_on(rows, wanted * 2)
    assert rows.view.current_place > 100, "it was not among the first rows that come"


def test_a_line_that_was_taken_back_is_said_to_be_gone(robot: BetweenRobot) -> None:
    robot.comes("reconciliation", line=999)
    assert "not in the books any more" in robot.heard[-1].text
    assert bank(robot).bank.list.model.total


def test_the_journal_leads_to_the_banks_line_the_ledger_and_back(
    robot: BetweenRobot, books: Between
) -> None:
    robot.comes("accounting", entry=books.entry)
    journal = robot.front.part
    robot.is_on(journal.list, books.entry)
    pane = journal.list.pane
    opens = next(one for one in pane.foot.buttons() if "line of the bank" in one.words())
    assert opens.property("kind") == "primary"
    robot.does("Ctrl+Return")
    robot.is_on(bank(robot).bank.list, books.matched * 2)
    robot.does(BACK)
    robot.is_at("accounting")
    robot.is_on(journal.list, books.entry)
    robot.comes("accounting", account="7500")
    assert robot.front.tabs.current == "ledger"
    assert robot.front.part.here()["account"] == "7500"


def test_the_proof_leads_to_the_ledger_of_an_account(robot: BetweenRobot) -> None:
    robot.comes("reconciliation", tab="tie")
    rows = robot.front.tabs.part.list
    before = robot.goes_to(rows, "account='1110'")
    robot.does("Return")
    assert robot.is_at("accounting").tabs.current == "ledger"
    assert robot.front.part.here()["account"] == "1110"
    robot.does(BACK)
    robot.is_at("reconciliation")
    assert robot.front.tabs.current == "tie"
    robot.is_on(rows, before)


def test_a_month_is_shown_among_the_periods(robot: BetweenRobot) -> None:
    robot.comes("accounting", month=robot.office.read(lambda work: work.today().replace(day=1)))
    assert robot.front.tabs.current == "periods"
    assert robot.front.part.list.view.picking.current_row is not None


def test_a_report_of_exceptions_leads_to_the_same_places(
    robot: BetweenRobot, books: Between
) -> None:
    robot.comes("reports", report="exceptions")
    figures = robot.front.figures
    robot.waits(lambda: robot.front.shown is not None)
    opened = {
        (one.place, *sorted(one.asked.items())): (row, column)
        for row in range(40)
        for column in range(12)
        if (one := figures.figures.behind(row, column)) is not None
    }
    assert ("reconciliation", ("line", books.held), ("tab", "bank")) in opened
    assert ("reconciliation", ("line", books.fee), ("tab", "bank")) in opened
    cell = opened["payments", ("deposit", books.deposit), ("tab", "deposits")]
    figures.go(*cell)
    figures.setFocus()
    comes_to(figures)
    robot.does("Return")
    robot.is_on(robot.is_at("payments").part.list, books.deposit)
    robot.does(BACK)
    robot.is_at("reports")
    assert figures.place() == cell


def freshness_rows(robot: BetweenRobot, account: str) -> list[RowButton]:
    """What Home says of an account's lines and deposits."""
    found = robot.front.fresh.findChildren(RowButton)
    return [one for one in found if account in one.accessibleName()]


def test_home_leads_to_the_deposits_of_one_account(robot: BetweenRobot, books: Between) -> None:
    robot.comes("home")
    (line,) = freshness_rows(
        robot, "Savings"
    )  # nothing is deposited there, and nobody waits for it
    line.setFocus()
    comes_to(line)
    robot.does("Space")
    assert bank(robot).bank.account == books.savings
    robot.does(BACK)
    robot.is_at("home")
    _line, deposit = freshness_rows(robot, "Operating account")
    deposit.setFocus()
    comes_to(deposit)
    robot.does("Space")
    part = robot.is_at("payments").part
    assert part.list.state.values("account") == ("Operating account",)
    assert part.list.model.total
    robot.comes("payments", tab="deposits", view="to_make")
    assert robot.front.part.list.views.current.key == "to_make"


def test_the_queue_leads_to_the_lines_and_back_to_its_row(
    robot: BetweenRobot, books: Between
) -> None:
    rows = robot.front.list
    before = robot.goes_to(rows, "BANK_LINES")
    robot.does("Ctrl+Return")
    assert bank(robot).bank.list.model.total
    robot.does("Escape")
    robot.is_at("queue")
    robot.is_on(rows, before)
    assert books.fee


def test_an_unknown_file_is_mapped_and_its_plan_is_there(
    robot: BetweenRobot, tmp_path: Path
) -> None:
    path = tmp_path / "river.csv"
    path.write_text(UNKNOWN, encoding="utf-8")
    robot.comes("reconciliation", file=str(path))
    mapping = _maps(robot)
    robot.does("Escape")
    screen = robot.is_at("reconciliation")
    assert not screen.planning
    said = len(robot.heard)
    robot.rests()
    assert len(robot.heard) == said, "nobody named the columns: that is no news"
    robot.comes("reconciliation", file=str(path))
    mapping = _maps(robot)
    mapping.form.field("name").editor.setFocus()
    comes_to(mapping.form.field("name").editor)
    robot.types("Riverbank")
    robot.does("Ctrl+S")
    robot.is_at("reconciliation")
    robot.waits(lambda: screen.planning)
    assert screen.statement.shown is not None
    assert screen.statement.shown.plan.layout == "Riverbank"


def test_a_line_that_is_asked_for_comes_before_a_plan_that_stands(
    robot: BetweenRobot, books: Between, tmp_path: Path
) -> None:
    path = tmp_path / "Chase1234.csv"
    heading = "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #"
    path.write_text(f"{heading}\nDEBIT,04/20/2026,A THING,-9.00,ACH_DEBIT,100.00,\n", "utf-8")
    robot.comes("reconciliation", file=str(path))
    assert bank(robot).planning
    robot.comes("queue")
    robot.comes("reconciliation", line=books.fee)
    assert not bank(robot).planning
    robot.is_on(bank(robot).bank.list, books.fee * 2)


def _period(robot: BetweenRobot) -> int | None:
    """The reconciliation whose sheet is on view; None for what no month has yet."""
    return bank(robot).bank.period


def _maps(robot: BetweenRobot) -> MappingPart:
    """Press "Map its columns" in the message, and wait for the columns."""
    robot.waits(robot.window.bar.help.isVisible)
    button = robot.window.bar.help
    assert isinstance(button, QPushButton)
    button.setFocus()
    comes_to(button)
    robot.presses("Space")
    page = robot.is_at("setup").page.part
    assert isinstance(page, LayoutsPage)
    robot.waits(lambda: isinstance(page.front, MappingPart))
    assert QApplication.focusWidget() is not None
    return page.mapping
