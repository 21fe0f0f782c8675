"""The Chart tab: the tree with balances; an account is added, renamed, closed and removed."""

from __future__ import annotations

from fscdesk.models.values import Money
from fscdesk.services.accounting.chart import (
    AccountDraft,
    AccountRow,
    AccountType,
    add_account,
    chart,
)
from fscdesk.services.accounting.journal import PostedEntry
from fscdesk.services.office import Office
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.accounting.chart_part import ChartPart, id_of
from tests.support.focus import comes_to
from tests.support.robots.accounting import AccountingRobot

CLEANING = AccountDraft("7000-01", "Cleaning", AccountType.EXPENSE, "7000")


def account(books: Office, code: str) -> AccountRow | None:
    return books.read(lambda work: next((row for row in chart(work) if row.code == code), None))


def part(robot: AccountingRobot) -> ChartPart:
    assert isinstance(robot.part, ChartPart)
    return robot.part


def presses_act(robot: AccountingRobot, words: str) -> None:
    """Go to a button under the form, and press it."""
    found = [
        one
        for one in part(robot).chart.pane.acts.buttons()
        if isinstance(one, Button) and one.words() == words
    ]
    assert found[0].isEnabled(), found[0].toolTip()
    found[0].setFocus()
    comes_to(found[0])
    robot.does("Space")


def test_balances_stand_as_their_type_reads_them(
    robot: AccountingRobot, rent: PostedEntry, sqlite_books: Office
) -> None:
    robot.opens("chart")
    codes = [one.strip() for one in robot.column("code")]
    balances = dict(zip(codes, robot.column("balance"), strict=True))
    assert balances["7000"] == "1,200.00"
    assert balances["1000"] == "−1,200.00"
    marks = dict(zip(codes, robot.column("state"), strict=True))
    assert marks["1000"] == "Used by the program"
    assert marks["1100"] == "Kept by documents"
    assert marks["7000"] == ""


def test_enter_opens_the_ledger_of_an_account(robot: AccountingRobot, rent: PostedEntry) -> None:
    robot.opens("chart")
    robot.goes_to("code", "7000")
    robot.does("Return")
    assert robot.screen.tabs.current == "ledger"
    robot.waits(lambda: list(robot.column("balance")) == ["1,200.00"])


def test_a_sub_account_is_added_by_keys(robot: AccountingRobot, sqlite_books: Office) -> None:
    robot.opens("chart")
    robot.goes_to("code", "7000")
    robot.does("Ctrl+Shift+N")
    form = part(robot).chart.pane.form
    comes_to(form.field("name").editor)
    robot.writes("Cleaning")
    robot.does("Ctrl+Return")
    robot.hears("7000-01 Cleaning is added.")
    made = account(sqlite_books, "7000-01")
    assert made is not None
    assert (made.parent, made.type, made.depth) == ("7000", AccountType.EXPENSE, 1)
    robot.waits(lambda: "    7000-01" in robot.column("code"))
    codes = list(robot.column("code"))
    assert codes.index("    7000-01") == codes.index("7000") + 1
    assert robot.log.clicks == 0


def test_an_account_is_renamed_and_the_old_name_comes_back(
    robot: AccountingRobot, sqlite_books: Office
) -> None:
    robot.opens("chart")
    robot.goes_to("code", "7000")
    robot.does("F2")
    form = part(robot).chart.pane.form
    robot.fills(form.field("name"), "Rent and rooms")
    robot.does("Ctrl+S")
    robot.hears("7000 Rent and rooms is saved.")
    robot.does("Escape", "Ctrl+Z")
    robot.hears("is as it was.")
    found = account(sqlite_books, "7000")
    assert found is not None
    assert found.name != "Rent and rooms"


def test_a_number_that_is_taken_is_said_at_its_field(robot: AccountingRobot) -> None:
    robot.opens("chart")
    robot.does("Ctrl+N")
    form = part(robot).chart.pane.form
    comes_to(form.field("code").editor)
    robot.writes("7000")
    robot.fills(form.field("name"), "Another")
    robot.does("Ctrl+S")
    robot.waits(
        lambda: (
            "7000" in form.field("code").sentence.text()
            or any(one.level is Level.PROBLEM and "7000" in one.text for one in robot.heard)
        )
    )


def test_an_account_is_closed_opened_and_removed(
    robot: AccountingRobot, sqlite_books: Office
) -> None:
    sqlite_books.write(lambda work: add_account(work, CLEANING))
    robot.opens("chart")
    robot.goes_to("code", "    7000-01")
    robot.does("F2")
    presses_act(robot, "Close")
    robot.hears("7000-01 Cleaning is closed: nothing new is posted on it.")
    assert not _active(sqlite_books)
    robot.does("Ctrl+Z")
    robot.hears("7000-01 Cleaning is as it was.")
    assert _active(sqlite_books)
    robot.goes_to("code", "    7000-01")
    robot.does("F2")
    presses_act(robot, "Remove")
    robot.hears("7000-01 Cleaning is removed.")
    assert account(sqlite_books, "7000-01") is None
    robot.does("Ctrl+Z")
    robot.hears("is in the chart again.")
    assert account(sqlite_books, "7000-01") is not None


def test_what_holds_money_or_is_used_stays_open(robot: AccountingRobot, rent: PostedEntry) -> None:
    robot.opens("chart")
    robot.goes_to("code", "1000")
    robot.does("F2")
    buttons = {
        one.words(): one for one in part(robot).chart.pane.acts.buttons() if isinstance(one, Button)
    }
    assert not buttons["Close"].isEnabled()
    assert "The program uses it" in buttons["Close"].toolTip()
    assert not buttons["Remove"].isEnabled()
    assert Money(rent.id)


def test_ids_are_as_different_as_numbers() -> None:
    codes = ("1000", "1000-1", "1000-01", "10001", "01000", "1000-10")
    assert len({id_of(code) for code in codes}) == len(codes)


def _active(books: Office) -> bool:
    found = account(books, "7000-01")
    return found is not None and found.active
