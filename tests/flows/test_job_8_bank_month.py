"""Job 8: a bank month of 60 lines, from the file to the locked period, in at most 15 acts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fscdesk.services.banking.reconciling import reconciliations
from fscdesk.services.office import Office
from fscdesk.services.reports.exceptions import ExceptionKind, exceptions
from tests.support.bank_month import BankMonth, bank_month
from tests.support.focus import comes_to
from tests.support.payments import verify
from tests.support.robots.reconciliation import ReconciliationRobot, reconciliation_window

SCRIPT = (
    ("Ctrl+8", ("start",)),
    ("Return", ()),  # the plan of the newest file
    ("Return", ("54 with their reasons, 6 to decide",)),
    ("Q", ("an EFT that nobody knows",)),
    ("Return", ("two sets of checks",)),
    ("2", ()),
    ("Return", ("the fee",)),
    ("Return", ("a lump",)),
    ("Return", ("a lump",)),
    ("Return", ("a lump",)),
    ("Return", ("ours, not there yet",)),
    ("Return", ("ours, not there yet",)),
    ("Ctrl+Return", ("a last look",)),
    ("Return", ()),  # the report
)
APPLIED, DECIDED = 3, 12
"""So many keys until the file is read, and until all is decided."""


@pytest.fixture
def month(sqlite_books: Office) -> BankMonth:
    """March stands in the books."""
    return sqlite_books.write(bank_month).value


@pytest.fixture
def at_the_desk(
    sqlite_books: Office, month: BankMonth, qtbot: QtBot, tmp_path: Path
) -> Iterator[ReconciliationRobot]:
    """The bank's file lies in the folder of downloads."""
    assert month.csv.count("\n") == 61
    with reconciliation_window(qtbot, sqlite_books, tmp_path) as robot:
        path = tmp_path / "downloads" / "Chase1234_Activity.csv"
        path.write_text(month.csv, encoding="utf-8")
        yield robot


def plays(robot: ReconciliationRobot, script: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
    for key, thoughts in script:
        for why in thoughts:
            robot.thinks(why)
        robot.does(key)


def test_a_bank_month_is_reconciled_in_fifteen_acts(
    at_the_desk: ReconciliationRobot, month: BankMonth
) -> None:
    robot, books = at_the_desk, at_the_desk.office
    robot.begins()
    plays(robot, SCRIPT[:1])
    comes_to(robot.screen.strip.look)
    plays(robot, SCRIPT[1:2])
    assert robot.screen.statement.apply.text() == "Apply 60 lines, match 54"
    plays(robot, SCRIPT[2:APPLIED])
    assert robot.hears("60 lines read (BST-2026-00001): 54 matched, 6 to decide.").undo is not None
    assert robot.marks() == {"matched": 54, "unmatched": 2, "proposed": 4, "in_transit": 2}
    assert robot.row().amount.plain() == "61.75"
    plays(robot, SCRIPT[APPLIED:5])
    robot.hears("61.75 is held as money to identify, until its remittance comes.")
    comes_to(robot.page().choices)
    assert robot.page().choices.marked == -1, "of two equal sets none is suggested"
    sets = [one.title for one in robot.page().choices.cards()]
    assert sorted(sets) == ["60.00 + 40.00", "70.00 + 30.00"]
    plays(robot, SCRIPT[5:DECIDED])
    assert robot.sums()["Difference"] == "0.00"
    assert robot.finish_words() == ("Finish March", True)
    plays(robot, SCRIPT[DECIDED:])
    robot.waits(lambda: robot.preview() is not None)
    assert robot.hears("and locked: REC-2026-").undo is not None
    log = robot.log
    assert len(log.acts) <= 15, log.told()
    assert log.keys <= 17, log.told()
    assert log.clicks == 0
    assert len(robot.screens) <= 2
    (done,) = books.read(lambda work: reconciliations(work, month.account))
    assert done.status.value == "completed"
    found = books.read(exceptions)
    kinds = {one.kind for one in found}
    assert ExceptionKind.MONEY_WITHOUT_REMITTANCE in kinds, "the held money waits for its ERA"
    assert ExceptionKind.BANKED_NOT_POSTED not in kinds
    on_the_way = [one for one in found if one.kind is ExceptionKind.DEPOSITED_NOT_BANKED]
    assert sorted(str(one.amount) for one in on_the_way) == ["45.57", "95.31"]
    verify(books)


@pytest.mark.parametrize("wrong", ["Delete", "Ctrl+Shift+Return", "Escape"])
def test_a_wrong_key_decides_nothing(at_the_desk: ReconciliationRobot, wrong: str) -> None:
    robot = at_the_desk
    plays(robot, SCRIPT[:APPLIED])
    before = robot.marks()
    robot.does(wrong)
    plays(robot, SCRIPT[APPLIED:5])
    robot.does(wrong)
    assert robot.marks() == {**before, "held": 1, "unmatched": 1}


def test_held_down_keys_decide_nothing(at_the_desk: ReconciliationRobot) -> None:
    robot = at_the_desk
    plays(robot, SCRIPT[:2])
    robot.holds("Return")
    robot.rests()
    assert robot.screen.planning, "the file is not read by a key that is held down"
    plays(robot, SCRIPT[2:APPLIED])
    before = robot.marks()
    robot.holds("Q")
    robot.holds("Return")
    robot.rests()
    plays(robot, SCRIPT[APPLIED:5])
    robot.holds("2")
    robot.holds("Return")
    robot.rests()
    assert robot.marks() == {**before, "held": 1, "unmatched": 1}
