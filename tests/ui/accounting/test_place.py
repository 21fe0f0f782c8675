"""The place itself: every control named, no key claimed twice, what is asked for is shown."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from fscdesk.models.staff import Role
from fscdesk.services.accounting.journal import PostedEntry
from fscdesk.services.office import Office
from fscdesk.services.work import Topic
from fscdesk.ui.actions import clashes
from tests.support.named import unnamed
from tests.support.robots.accounting import AccountingRobot, accounting_window
from tests.support.second_person import second_person

TABS = ("journal", "ledger", "chart", "periods")


def test_every_control_is_named_and_every_key_has_one_meaning(
    robot: AccountingRobot, rent: PostedEntry
) -> None:
    for tab in TABS:
        robot.opens(tab)
        robot.qtbot.wait(200)
        robot.rests()
        assert unnamed(robot.part) == []
        assert clashes(robot.window, robot.screen) == []
    robot.opens("journal")
    robot.begins_entry()
    assert unnamed(robot.part) == []
    assert rent.id


def test_the_tabs_are_gone_through_by_keys(robot: AccountingRobot, rent: PostedEntry) -> None:
    robot.window.open("accounting")
    robot.rests()
    assert robot.screen.tabs.current == "journal"
    robot.does("Ctrl+PgDown")
    assert robot.screen.tabs.current == "ledger"
    robot.does("Ctrl+PgUp", "Ctrl+PgUp")
    assert robot.screen.tabs.current == robot.screen.tabs.tabs.keys[-1]
    assert rent.id


def test_an_entry_or_an_account_leads_to_its_tab_whatever_it_is_called(
    robot: AccountingRobot, rent: PostedEntry
) -> None:
    robot.window.open("accounting", entry=rent.id)
    robot.rests()
    assert robot.screen.tabs.current == "journal"
    robot.waits(lambda: list(robot.column("number")) == [rent.number])
    robot.window.open("accounting", tab="elsewhere", account="7000")
    robot.rests()
    assert robot.screen.tabs.current == "ledger"
    robot.waits(lambda: list(robot.column("balance")) == ["1,200.00"])


def test_what_is_being_written_stays_when_news_come(robot: AccountingRobot) -> None:
    robot.opens("journal")
    robot.begins_entry()
    robot.fills(robot.form.memo, "Rent of April")
    robot.window.desk.changed.emit(frozenset({Topic.BOOKS}))
    robot.rests()
    assert robot.form.memo.value() == "Rent of April"


def test_who_may_not_keep_the_books_is_told_before_typing(
    rent: PostedEntry, sqlite_books: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    clerk = second_person(sqlite_books, Role.BILLING_CLERK)
    with accounting_window(qtbot, clerk, tmp_path) as other:
        other.opens("journal")
        other.goes_to("number", rent.number)
        other.does("Ctrl+D")
        other.waits(lambda: other.line(2).account.value() == "1000")
        other.waits(lambda: not other.form.post.isEnabled())
        words = "You may not post journal entries. Ask who keeps the books."
        assert other.form.month.text() == words
        assert other.form.memo.value() == "Rent of March"
