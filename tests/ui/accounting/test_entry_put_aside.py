"""An entry that is put aside: there again after a restart, for the same person, and never lost."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from fscdesk.models.values import Money
from fscdesk.services.accounting.entry_drafts import kept_entry
from fscdesk.services.accounting.journal import PostedEntry
from fscdesk.services.office import Office
from fscdesk.ui.messages import Level
from tests.support.robots.accounting import AccountingRobot, accounting_window


def _writes_half(robot: AccountingRobot) -> None:
    robot.opens("journal")
    robot.begins_entry()
    robot.fills(robot.form.memo, "Rent of April")
    robot.does("Return")
    robot.stands_in(1)
    robot.takes_account(robot.line(1), "rent")
    robot.writes("1200")


def test_it_is_there_again_after_a_restart(
    sqlite_books: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    with accounting_window(qtbot, sqlite_books, tmp_path) as robot:
        _writes_half(robot)
        robot.presses("Escape")
        robot.waits(lambda: sqlite_books.read(kept_entry) is not None)
    with accounting_window(qtbot, sqlite_books, tmp_path) as again:
        again.opens("journal")
        again.begins_entry()
        again.waits(lambda: again.form.memo.value() == "Rent of April")
        again.hears("This is the entry that was put aside.")
        assert again.line(1).account.value() == "7000"
        assert again.line(1).debit.value() == Money(1_200_00)


def test_it_is_kept_without_leaving_the_form(robot: AccountingRobot, sqlite_books: Office) -> None:
    _writes_half(robot)
    robot.waits(
        lambda: (sqlite_books.read(kept_entry) or {}).get("lines") == [["7000", 1_200_00, None, ""]]
    )


def test_what_is_posted_or_thrown_away_is_forgotten_and_comes_back_by_undo(
    robot: AccountingRobot, sqlite_books: Office
) -> None:
    _writes_half(robot)
    robot.waits(lambda: sqlite_books.read(kept_entry) is not None)
    robot.form.throw.setFocus()
    robot.presses("Space")
    robot.hears("The entry is thrown away. Nothing was posted.")
    robot.waits(lambda: sqlite_books.read(kept_entry) is None)
    assert not robot.form.written
    robot.presses("Escape")
    robot.presses("Ctrl+Z")
    robot.hears("The entry is kept again: New entry shows it.")
    robot.begins_entry()
    robot.waits(lambda: robot.form.memo.value() == "Rent of April")


def test_a_copy_never_takes_its_place(
    robot: AccountingRobot, rent: PostedEntry, sqlite_books: Office
) -> None:
    _writes_half(robot)
    robot.presses("Escape")
    robot.waits(lambda: robot.list.view.picking.current_row is not None)
    robot.presses("Ctrl+D")
    said = robot.hears("An entry that is not posted stands here.", Level.PROBLEM)
    assert "Nothing was copied." in said.hint
    assert robot.form.memo.value() == "Rent of April"
