"""The Ledger tab: one account with its running balance, from day to day, each line its entry."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fscdesk.services.accounting.journal import ManualEntry, ManualLeg, PostedEntry, post_manual
from fscdesk.services.office import Office
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.accounting.ledger_part import LedgerPart
from fscdesk.ui.tables.filter_state import Days, FilterState
from tests.support.focus import comes_to
from tests.support.robots.accounting import AccountingRobot


@pytest.fixture
def year(rent: PostedEntry, sqlite_books: Office) -> PostedEntry:
    """The rent of March, 35.00 of fees in April, and 500.00 that the owner put in last year."""

    def post(on: date, memo: str, debit: str, credit: str, cents: int) -> PostedEntry:
        legs = (ManualLeg(debit, cents), ManualLeg(credit, -cents))
        entry = ManualEntry(on, memo, legs)
        return sqlite_books.write(lambda work: post_manual(work, entry)).value

    post(date(2025, 12, 1), "Capital", "1000", "3000", 500_00)
    assert rent.id
    return post(date(2026, 4, 3), "Bank fees", "7500", "1000", 35_00)


def part(robot: AccountingRobot) -> LedgerPart:
    assert isinstance(robot.part, LedgerPart)
    return robot.part


def figures(robot: AccountingRobot) -> str:
    return part(robot).well.accessibleName()


def test_the_bank_runs_from_its_opening_to_its_closing(
    robot: AccountingRobot, year: PostedEntry
) -> None:
    robot.opens("ledger")
    assert list(robot.column("balance")) == ["−700.00", "−735.00"]
    assert list(robot.column("credit")) == ["1,200.00", "35.00"]
    robot.waits(
        lambda: (
            figures(robot)
            == "Opening balance 500.00, Debit 0.00, Credit 1,235.00, Closing balance −735.00"
        )
    )
    assert year.number in robot.column("number")


def test_days_are_chosen_by_tab_and_chip(robot: AccountingRobot, year: PostedEntry) -> None:
    robot.opens("ledger")
    robot.waits(lambda: len(robot.column("memo")) == 2)
    part(robot).list.filter_by(FilterState().with_days("day", Days(word="this_month")))
    robot.waits(lambda: list(robot.column("memo")) == ["Bank fees"])
    robot.waits(lambda: "Opening balance −700.00" in figures(robot))
    views = part(robot).list.views
    assert views is not None
    views.tabs.setFocus()
    comes_to(views.tabs)
    robot.does(*["Right"] * 4)
    robot.waits(lambda: list(robot.column("memo")) == ["Capital", "Rent of March", "Bank fees"])
    robot.waits(lambda: "Opening balance 0.00" in figures(robot))
    assert year.id


def test_another_account_is_chosen_by_keys(robot: AccountingRobot, year: PostedEntry) -> None:
    robot.opens("ledger")
    robot.does("Ctrl+L")
    comes_to(part(robot).field.editor)
    robot.writes("bank fees")
    robot.does("Return")
    comes_to(robot.list.view)
    robot.waits(lambda: list(robot.column("memo")) == ["Bank fees"])
    assert part(robot).field.value() == "7500"
    assert year.id


def test_what_is_owed_and_earned_reads_positive(robot: AccountingRobot, year: PostedEntry) -> None:
    robot.opens("ledger", account="3000")
    part(robot).list.filter_by(FilterState())
    robot.waits(lambda: list(robot.column("balance")) == ["500.00"])
    robot.waits(lambda: "Closing balance 500.00" in figures(robot))
    assert year.id


def test_enter_opens_the_entry_and_back_comes_to_the_same_line(
    robot: AccountingRobot, year: PostedEntry
) -> None:
    robot.opens("ledger")
    robot.goes_to("memo", "Bank fees")
    robot.does("Return")
    assert robot.screen.tabs.current == "journal"
    robot.waits(lambda: list(robot.column("number")) == [year.number])
    robot.window.back()
    robot.rests()
    assert robot.screen.tabs.current == "ledger"
    robot.waits(lambda: robot.list.view.picking.current_row is not None)
    assert robot.list.view.picking.current_row.row.number == year.number


def test_an_account_that_is_not_there_is_said(robot: AccountingRobot) -> None:
    robot.opens("ledger", account="9999")
    robot.hears("There is no account 9999.", Level.PROBLEM)


def test_the_ledger_is_given_out_under_its_name(
    robot: AccountingRobot, year: PostedEntry, tmp_path: Path
) -> None:
    target = tmp_path / "ledger.csv"
    robot.opens("ledger", account="7500")
    robot.waits(lambda: list(robot.column("memo")) == ["Bank fees"])
    suggested: list[str] = []

    def ask(_window: object, name: str, _words: str) -> str:
        suggested.append(name)
        return str(target)

    robot.list.exporting._ask_path = ask
    robot.list.export_as("csv")
    robot.waits(target.exists)
    robot.rests()
    assert suggested[0].startswith("Ledger") or "ledger" in suggested[0].lower()
    assert "7500" in suggested[0]
    assert "Bank fees" in target.read_text(encoding="utf-8-sig")
    assert year.id
