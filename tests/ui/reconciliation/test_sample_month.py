"""The sample month on the screen: from the bank's file to the difference 0.00, and its page."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fscdesk.services.banking.bank_sheet import SheetMark
from fscdesk.services.banking.reconciling import reconciliations
from fscdesk.services.office import Office
from fscdesk.ui.messages import Level
from tests.support.focus import comes_to
from tests.support.month import CARDS, EXPORT, SESSIONS, bring_in
from tests.support.payments import verify
from tests.support.robots.reconciliation import ReconciliationRobot, reconciliation_window
from tests.support.shared import samples

CHASE = "bank_chase_checking_2026-03.csv"
PAID = {
    "2400.00": ("5000", "Payroll"),
    "99.00": ("8100", "Subscription"),
    "1850.00": ("7000", "Rent"),
}


@pytest.fixture
def at_the_desk(
    sqlite_books: Office, account: int, qtbot: QtBot, tmp_path: Path
) -> Iterator[ReconciliationRobot]:
    """March is in the books, and the bank's file lies in the folder of downloads."""
    assert account
    for file in (SESSIONS, EXPORT, CARDS):
        bring_in(sqlite_books, file)
    with reconciliation_window(qtbot, sqlite_books, tmp_path) as robot:
        shutil.copy(samples() / CHASE, tmp_path / "downloads" / CHASE)
        yield robot


def test_the_sample_month_comes_to_a_difference_of_nothing(
    at_the_desk: ReconciliationRobot, account: int
) -> None:
    robot, books = at_the_desk, at_the_desk.office
    told = json.loads((samples() / "expected.json").read_text(encoding="utf-8"))
    robot.does("Ctrl+8")
    comes_to(robot.screen.strip.look)
    robot.does("Return")
    assert robot.screen.planning
    assert robot.screen.statement.apply.text() == "Apply 30 lines, match 24"
    robot.does("Return")
    assert robot.hears("30 lines read (BST-2026-00001): 24 matched, 6 to decide.").undo is not None
    assert not robot.screen.strip.isVisible(), "a file that was read does not wait"
    assert robot.marks() == {"matched": 24, "unmatched": 4, "proposed": 2}
    assert robot.finish_words() == ("Finish March", False)
    robot.does("Ctrl+Return")
    assert "6 lines are not matched: " in robot.newest().text
    for amount, (code, memo) in PAID.items():
        robot.goes_to(f"-{amount}")
        robot.does("Ctrl+Shift+Y")
        dialog = robot.dialog()
        assert dialog.value("account") is None, "nobody has said what it is"
        robot.types(code)
        robot.fills(dialog.field("memo"), memo)
        robot.does("Ctrl+Return")
        assert robot.hears(f"−{int(float(amount)):,}.00 posted on {code} and matched").undo
    robot.goes_to("145.00")
    assert robot.row().mark is SheetMark.PROPOSED
    robot.does("Return")
    robot.hears("145.00 matched: 2 items of ours.")
    robot.goes_to("-15.00")
    robot.does("Return")
    robot.hears("−15.00 matched: 7500 Bank fees.")
    robot.goes_to("61.75")
    assert robot.buttons()[0] == "Enter the EOB"
    robot.does("q")
    robot.hears("61.75 is held as money to identify, until its remittance comes.")
    sums = robot.sums()
    assert sums["Start 03/01"] == "5,000.00"
    assert sums["Statement 03/31"].replace(",", "") == told["bank_closing"]
    assert (sums["Matched balance"], sums["Difference"]) == ("3,946.29", "0.00")
    assert robot.finish_words() == ("Finish March", True)
    robot.does("Ctrl+Return")
    assert robot.hears("is reconciled to 03/31/2026 with 3,946.29 and locked: REC-").undo
    comes_to(robot.screen.bank.foot.button)
    assert robot.finish_words() == ("Open the report", True)
    assert robot.marks() == {"locked": 30}
    robot.does("Return")
    robot.waits(lambda: robot.preview() is not None)
    done = robot.office.read(lambda work: reconciliations(work, account))
    assert [str(one.book) for one in done] == ["3,946.29"]
    verify(books)


def test_ctrl_z_takes_the_file_back_with_its_matches_and_its_period(
    at_the_desk: ReconciliationRobot, account: int
) -> None:
    robot = at_the_desk
    robot.does("Ctrl+8", "Return", "Return")
    robot.hears("30 lines read")
    robot.does("Ctrl+Z")
    robot.hears("BST-2026-00001 is taken back: 30 lines and their matches.")
    assert robot.rows() == []
    found = robot.office.read(lambda work: reconciliations(work, account))
    assert [one.status.value for one in found] == ["undone"]
    verify(robot.office)


def test_a_finished_month_is_opened_again_by_ctrl_z_and_by_the_command(
    at_the_desk: ReconciliationRobot,
) -> None:
    robot = at_the_desk
    robot.does("Ctrl+8", "Return", "Return")
    for amount, (code, _memo) in PAID.items():
        robot.goes_to(f"-{amount}")
        robot.does("Ctrl+Shift+Y")
        robot.dialog()
        robot.types(code)
        robot.does("Ctrl+Return")
    for amount, key in (("145.00", "Return"), ("-15.00", "Return"), ("61.75", "q")):
        robot.goes_to(amount)
        robot.does(key)
    robot.does("Ctrl+Return")
    robot.hears("and locked: REC-2026-")
    robot.does("Ctrl+Z")
    robot.hears("is taken back: March 2026 is open again.")
    assert robot.finish_words() == ("Finish March", True)
    assert robot.marks() == {"matched": 29, "held": 1}
    robot.does("Ctrl+Return")
    robot.waits(lambda: robot.finish_words()[0] == "Open the report")
    robot.rests()
    robot.screen.bank.finishing.take_back()
    dialog = robot.dialog()
    robot.fills(dialog.field("reason"), "A wrong deposit")
    robot.does("Return")
    robot.hears("is taken back: what it locked can be changed.")
    assert robot.finish_words()[0] == "Begin the period"
    assert not [one for one in robot.heard if one.level is Level.PROBLEM]
    verify(robot.office)
