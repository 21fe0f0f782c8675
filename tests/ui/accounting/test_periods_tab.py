"""The Periods tab: what a month waits for, closing, opening again with a reason, and undo."""

from __future__ import annotations

from datetime import date

from fscdesk.models.period import PeriodStatus
from fscdesk.services.accounting.closing_periods import close, period_changes
from fscdesk.services.accounting.journal import ManualEntry, ManualLeg, PostedEntry, post_manual
from fscdesk.services.ledger.periods import status_of
from fscdesk.services.office import Office
from tests.support.focus import comes_to
from tests.support.robots.accounting import AccountingRobot

MARCH = date(2026, 3, 1)


def state(books: Office, month: date = MARCH) -> PeriodStatus:
    return books.read(lambda work: status_of(work, month))


def test_months_stand_there_with_their_entries(robot: AccountingRobot, rent: PostedEntry) -> None:
    robot.opens("periods")
    assert list(robot.column("month")) == ["April 2026", "March 2026"]
    assert list(robot.column("state")) == ["Open", "Open"]
    assert list(robot.column("entries")) == ["0", "1"]
    assert rent.id


def test_a_month_is_closed_and_opened_by_one_key(
    robot: AccountingRobot, rent: PostedEntry, sqlite_books: Office
) -> None:
    robot.opens("periods")
    robot.goes_to("month", "March 2026")
    assert list(robot.steps())[:2] == ["Close March 2026…", "Soft-close…"]
    robot.presses("Ctrl+Return")
    dialog = robot.asks()
    comes_to(dialog.field("reason").editor)
    robot.types("Reconciled")
    robot.answers()
    robot.hears("March 2026 is closed.")
    assert state(sqlite_books) is PeriodStatus.CLOSED
    robot.waits(lambda: list(robot.column("state")) == ["Open", "Closed"])
    (change,) = sqlite_books.read(lambda work: period_changes(work, MARCH))
    assert change.reason == "Reconciled"
    robot.does("Ctrl+Z")
    robot.hears("March 2026 is open again.")
    assert state(sqlite_books) is PeriodStatus.OPEN
    assert rent.id


def test_closing_says_which_months_went_with_it_and_undo_opens_them_all(
    robot: AccountingRobot, rent: PostedEntry, sqlite_books: Office
) -> None:
    legs = (ManualLeg("7500", 35_00), ManualLeg("1000", -35_00))
    january = ManualEntry(date(2026, 1, 5), "Fees", legs)
    sqlite_books.write(lambda work: post_manual(work, january))
    sqlite_books.write(lambda work: close(work, date(2026, 1, 1), soft=True))
    robot.opens("periods")
    robot.goes_to("month", "March 2026")
    robot.reads_pane()
    robot.presses("Ctrl+Return")
    robot.answers()
    robot.hears("January 2026 to March 2026 are closed.")
    robot.does("Ctrl+Z")
    robot.hears("March 2026 is open again.")
    assert state(sqlite_books) is PeriodStatus.OPEN
    assert state(sqlite_books, date(2026, 1, 1)) is PeriodStatus.SOFT_CLOSED
    assert rent.id


def test_a_closed_month_is_opened_with_a_reason(
    robot: AccountingRobot, rent: PostedEntry, sqlite_books: Office
) -> None:
    sqlite_books.write(lambda work: close(work, MARCH))
    robot.opens("periods")
    robot.goes_to("month", "March 2026")
    assert robot.steps()[0] == "Open March 2026 again…"
    robot.presses("Ctrl+Return")
    dialog = robot.asks()
    robot.presses("Return")
    robot.waits(lambda: bool(dialog.field("reason").sentence.text()))
    assert state(sqlite_books) is PeriodStatus.CLOSED
    robot.types("The landlord's bill was missing")
    robot.answers()
    robot.hears("March 2026 is open.")
    assert state(sqlite_books) is PeriodStatus.OPEN
    robot.goes_to("month", "March 2026")
    story = robot.story("history")
    assert "The landlord's bill was missing" in story._steps[0].second
    robot.does("Ctrl+Z")
    robot.hears("March 2026 is closed again.")
    assert state(sqlite_books) is PeriodStatus.CLOSED
    assert rent.id


def test_a_month_that_is_not_over_cannot_be_closed(
    robot: AccountingRobot, rent: PostedEntry
) -> None:
    robot.opens("periods")
    robot.goes_to("month", "April 2026")
    assert list(robot.steps()) == ["Show its entries"]
    robot.waits(lambda: robot.button() == "Show its entries")
    assert rent.id


def test_what_stands_in_the_way_leads_there(robot: AccountingRobot, sqlite_books: Office) -> None:
    legs = (ManualLeg("7000", 1_200_00), ManualLeg("1000", -1_200_00))
    accrued = ManualEntry(date(2026, 3, 27), "Accrued", legs, reverse_on=date(2026, 4, 30))
    sqlite_books.write(lambda work: post_manual(work, accrued))
    robot.opens("periods")
    robot.goes_to("month", "April 2026")
    story = robot.story("waits")
    words = [f"{one.title}: {one.second}" for one in story._steps]
    assert "Reversals are due: Entries that are due to turn back: 1. Enter opens it." in words


def test_the_entries_of_a_month_are_one_step_away(
    robot: AccountingRobot, rent: PostedEntry, sqlite_books: Office
) -> None:
    legs = (ManualLeg("7500", 35_00), ManualLeg("1000", -35_00))
    fee = ManualEntry(date(2026, 4, 3), "Bank fees", legs)
    made = sqlite_books.write(lambda work: post_manual(work, fee)).value
    robot.opens("periods", month=date(2026, 4, 1))
    robot.waits(lambda: robot.list.view.picking.current_row is not None)
    robot.reads_pane()
    robot.does("Ctrl+Return")
    assert robot.screen.tabs.current == "journal"
    robot.waits(lambda: list(robot.column("number")) == [made.number])
    assert rent.number != made.number
