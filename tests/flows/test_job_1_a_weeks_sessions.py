"""Job 1: a week's sixty sessions with three exceptions, in six acts and ten seconds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from fscdesk.services.importing.applying import import_file
from fscdesk.services.importing.reading import read_file
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.screens.importing.steps import Step
from tests.support.clock import Clock
from tests.support.robots.importing import ImportingRobot, put, wizard
from tests.support.weeks import last_week, this_week

LAST_SUNDAY = datetime(2026, 4, 5, 12, tzinfo=UTC)
SATURDAY = datetime(2026, 4, 11, 18, tzinfo=UTC)
SUNDAY = datetime(2026, 4, 12, 12, tzinfo=UTC)
Books = tuple[int, int, int, int, int]


@pytest.fixture
def at_the_desk(
    sqlite_books: Office, clock: Clock, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> Iterator[tuple[ImportingRobot, Office]]:
    """The books know last week; this week's export has just come into the folder."""
    theme.apply(qapp)
    folder = tmp_path / "Downloads"
    folder.mkdir()
    clock.set(LAST_SUNDAY)
    before = read_file(put(folder, "last week.csv", last_week(), LAST_SUNDAY))
    sqlite_books.write(lambda work: import_file(work, before, accept_proposals=True))
    clock.set(SUNDAY)
    with wizard(qtbot, sqlite_books, folder) as robot:
        yield robot, sqlite_books


def stands(books: Office) -> Books:
    """Live sessions, clients, codes, what is owed in cents, and batches that stand."""
    owed = "SELECT coalesce(sum(insurance_balance + patient_balance), 0) FROM session WHERE"
    questions = (
        "SELECT count(*) FROM session WHERE withdrawn_by IS NULL",
        "SELECT count(*) FROM patient WHERE NOT withdrawn",
        "SELECT count(*) FROM service",
        f"{owed} withdrawn_by IS NULL",
        "SELECT count(*) FROM import_batch WHERE status = 'applied'",
    )
    found = [int(books.read(partial(_counted, question=one))) for one in questions]
    return found[0], found[1], found[2], found[3], found[4]


def _counted(work: Work, question: str) -> int:
    return int(work.db.scalar(text(question)) or 0)


def proves(books: Office) -> None:
    report = books.read(run_checks)
    assert [(check.name, check.offenders) for check in report.checks if not check.ok] == []


def begins(robot: ImportingRobot) -> None:
    put(robot.folder, "report (3).csv", this_week(), SATURDAY)
    robot.begins()


def one_act(robot: ImportingRobot, act: str, why: str) -> None:
    robot.thinks(why)
    robot.presses(act)
    robot.rests()


SCRIPT = (
    ("Ctrl+I", "start"),
    ("Return", "the code"),
    ("Return", "the client"),
    ("Return", "the session that is gone"),
    ("Ctrl+Return", "a last look"),
)
OWED_BEFORE = 2 * 16000
OWED_AFTER = 56 * 16000  # 55 new ones and Jordan's; the two of last week are paid now
DONE: Books = (62, 4, 3, OWED_AFTER, 2)


def test_sixty_sessions_with_three_exceptions(at_the_desk: tuple[ImportingRobot, Office]) -> None:
    robot, books = at_the_desk
    assert stands(books) == (5, 4, 3, OWED_BEFORE, 1)
    begins(robot)
    one_act(robot, *SCRIPT[0])
    robot.sees(Step.PLAN)
    assert robot.tiles() == {
        "read": 60,
        "new": 55,
        "changed": 2,
        "unchanged": 1,
        "skipped": 2,
        "gone": 1,
        "question": 3,
    }
    assert robot.question() == "Is code 12 the code 012?"
    one_act(robot, *SCRIPT[1])
    assert robot.question() == 'Is “Jordan "Jo" Rivera” the client Jordan Rivera?'
    one_act(robot, *SCRIPT[2])
    assert "04/01/2026 17:00 cancelled?" in robot.question()
    one_act(robot, *SCRIPT[3])
    assert robot.open_questions() == []
    assert robot.button() == "Apply 59 changes"
    one_act(robot, *SCRIPT[4])
    robot.sees(Step.DONE)

    assert robot.newest().text == "Imported 60 rows: 57 new, 2 changed, 1 unchanged."
    assert stands(books) == DONE
    proves(books)
    log = robot.log
    assert len(log.acts) <= 6, log.told()
    assert log.seconds <= 10, log.told()
    assert log.clicks == 0
    assert len(robot.screens) == 1


def test_a_week_without_exceptions_takes_two_acts(
    at_the_desk: tuple[ImportingRobot, Office],
) -> None:
    robot, books = at_the_desk
    put(robot.folder, "report (3).csv", this_week(exceptions=False), SATURDAY)
    robot.begins()
    one_act(robot, "Ctrl+I", "start")
    robot.sees(Step.PLAN)
    one_act(robot, "Ctrl+Return", "a last look")
    robot.sees(Step.DONE)
    assert robot.newest().text == "Imported 60 rows: 56 new, 2 changed, 2 unchanged."
    assert stands(books)[0] == 61
    proves(books)
    log = robot.log
    assert len(log.acts) <= 2, log.told()
    assert log.seconds <= 4, log.told()
    assert (log.clicks, len(robot.screens)) == (0, 1)


@pytest.mark.parametrize("wrong", ["N", "Q", "Space"])
def test_a_wrong_key_at_every_position_posts_nothing_and_esc_takes_it_back(
    at_the_desk: tuple[ImportingRobot, Office], wrong: str
) -> None:
    robot, books = at_the_desk
    before = stands(books)
    begins(robot)
    for act, why in SCRIPT:
        wrong_key(robot, wrong)
        assert stands(books) == before
        one_act(robot, act, why)
    robot.sees(Step.DONE)
    assert stands(books) == DONE
    proves(books)


def wrong_key(robot: ImportingRobot, wrong: str) -> None:
    """Press a wrong key; where it did something, Esc takes that back."""
    open_before = robot.open_questions() if robot.screens else []
    question = robot.question()
    robot.presses(wrong)
    if not robot.screens:
        return  # still on Home: the letter went into its field
    robot.rests()
    field = robot.plan.list.line.field
    if robot.open_questions() != open_before or not field.isHidden():
        robot.presses("Esc")
        robot.rests()
    assert robot.open_questions() == open_before
    assert robot.question() == question


@pytest.mark.parametrize("position", range(1, len(SCRIPT)))
def test_applied_too_early_ctrl_z_brings_the_plan_back(
    at_the_desk: tuple[ImportingRobot, Office], position: int
) -> None:
    robot, books = at_the_desk
    before = stands(books)
    begins(robot)
    for at, (act, why) in enumerate(SCRIPT):
        if at == position:
            robot.presses("Ctrl+Return")
            robot.sees(Step.DONE)
            assert stands(books)[4] == 2
            robot.presses("Ctrl+Z")
            robot.sees(Step.PLAN)
            assert stands(books) == before
            proves(books)
            assert len(robot.open_questions()) == len(SCRIPT) - 1 - position
        one_act(robot, act, why)
    robot.sees(Step.DONE)
    assert stands(books) == DONE
    proves(books)


def test_a_held_down_key_decides_nothing(at_the_desk: tuple[ImportingRobot, Office]) -> None:
    robot, books = at_the_desk
    before = stands(books)
    begins(robot)
    one_act(robot, *SCRIPT[0])
    robot.sees(Step.PLAN)
    for keys in ("Return", "N", "Y"):
        robot.holds(keys)
    robot.rests()
    assert len(robot.open_questions()) == 3
    assert stands(books) == before
