"""Job 5: a day's forty claims, two faults mended at their source, one batch that pyx12 accepts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from fscdesk.services.claims.outbox import write_missing
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.claims_day import COUNT, RIGHT, SHORT, Day, seed_day
from tests.support.focus import comes_to
from tests.support.payments import verify
from tests.support.pyx12_judge import assert_accepted
from tests.support.robots.claims_day import ClaimsDayRobot, claims_window

Books = tuple[int, int, int, int]
At = tuple[ClaimsDayRobot, Day, Path]


@pytest.fixture
def at_the_desk(sqlite_books: Office, qtbot: QtBot, tmp_path: Path) -> Iterator[At]:
    """Forty sessions are ready to bill; the window stands on Home."""
    outbox = tmp_path / "outbox"
    day = sqlite_books.write(lambda work: seed_day(work, outbox)).value
    with claims_window(qtbot, sqlite_books, tmp_path) as robot:
        robot.rests()
        yield robot, day, outbox


def stands(books: Office) -> Books:
    """Claims that stand, claims that were sent, batches that stand, findings that stop."""

    def look(work: Work) -> Books:
        def count(question: str) -> int:
            return int(work.db.scalar(text(question)) or 0)

        return (
            count("SELECT count(*) FROM claim WHERE status NOT IN ('void', 'closed')"),
            count("SELECT count(*) FROM claim WHERE status = 'submitted'"),
            count("SELECT count(*) FROM claim_batch WHERE state <> 'undone'"),
            count(
                "SELECT count(*) FROM claim_finding f JOIN claim c ON c.id = f.claim_id"
                " WHERE f.severity = 'stops' AND c.status NOT IN ('void', 'closed')"
            ),
        )

    return books.read(look)


def member_id(books: Office, patient: int) -> str:
    """What stands in a client's policy."""
    question = text("SELECT member_id FROM policy WHERE patient_id = :one")
    return str(books.read(lambda work: work.db.scalar(question, {"one": patient})))


def plays(robot: ClaimsDayRobot) -> None:
    """The keys of ten_jobs 7, with the thoughts of its counting."""
    robot.thinks("start")
    robot.does("Ctrl+4", "Ctrl+B")
    robot.thinks("the first card")
    robot.thinks("the id on the insurance card")
    robot.types(RIGHT)
    robot.does("Return")
    robot.thinks("the second card")
    robot.thinks("who supervises")
    robot.types("mil")
    robot.does("Return")
    robot.thinks("a last look")
    robot.does("Ctrl+Return")


def test_forty_claims_with_two_faults_leave_in_one_batch(at_the_desk: At) -> None:
    robot, day, outbox = at_the_desk
    books = robot.books
    assert stands(books) == (0, 0, 0, 0)
    robot.begins()
    robot.thinks("start")
    robot.does("Ctrl+4", "Ctrl+B")
    assert stands(books) == (COUNT, 0, 0, 2)
    assert robot.tiles() == {
        "sessions": COUNT,
        "in_claims": COUNT,
        "left_out": 0,
        "ready": COUNT - 2,
        "mend": 2,
        "behind": 0,
    }
    assert robot.card() == f"Member id {SHORT} has 6 characters, Imaginary Blue’s have 8.".replace(
        "’", "'"
    )
    field = robot.day.mend.field
    assert field is not None
    comes_to(field.editor)
    robot.thinks("the first card")
    robot.thinks("the id on the insurance card")
    robot.types(RIGHT)
    robot.does("Return")
    assert member_id(books, day.short) == RIGHT
    assert robot.card() == "Nova Freshsample has no NPI."
    robot.thinks("the second card")
    robot.thinks("who supervises")
    robot.types("mil")
    robot.does("Return")
    assert robot.card() == ""
    assert stands(books) == (COUNT, 0, 0, 0)
    assert robot.button() == f"Send {COUNT} claims"
    robot.thinks("a last look")
    robot.does("Ctrl+Return")

    assert stands(books) == (COUNT, COUNT, 1, 0)
    assert "BAT-2026-00001" in robot.said()
    log = robot.log
    assert len(log.acts) <= 18, log.told()
    assert log.seconds <= 15, log.told()
    assert (log.clicks, len(robot.screens)) == (0, 2)
    (file,) = outbox.iterdir()
    told = file.read_text("ascii")
    assert_accepted(told)
    assert told.count("CLM*") == COUNT
    assert RIGHT in told
    verify(books)


def test_undo_takes_the_batch_back_and_its_file_leaves_the_outbox(at_the_desk: At) -> None:
    robot, _day, outbox = at_the_desk
    plays(robot)
    assert stands(robot.books) == (COUNT, COUNT, 1, 0)
    robot.does("Ctrl+Z")
    robot.waits(lambda: "ready to send again" in robot.said())
    robot.rests()
    assert stands(robot.books) == (COUNT, 0, 0, 0)
    assert robot.button() == f"Send {COUNT} claims"
    robot.books.write(write_missing)  # as the program does soon after anything about claims changed
    assert list(outbox.iterdir()) == []


def test_undo_of_the_build_frees_the_sessions(at_the_desk: At) -> None:
    robot, _day, _outbox = at_the_desk
    robot.does("Ctrl+4", "Ctrl+B")
    assert stands(robot.books)[0] == COUNT
    assert robot.said().startswith(f"{COUNT} claims of {COUNT} sessions built, 6,400.00")
    robot.does("Escape", "Ctrl+Z")
    robot.waits(lambda: "are dropped" in robot.said())
    robot.rests()
    assert stands(robot.books) == (0, 0, 0, 0)
    assert len(robot.day.plan.shown.unbuilt) == COUNT  # type: ignore[union-attr]


BACK = {"Tab": "Shift+Tab", "F6": "Shift+F6"}
"""Keys that only move the focus, and how a person comes back."""


@pytest.mark.parametrize("wrong", ["Ctrl+Q", "Tab", "F6", "Delete"])
def test_a_wrong_key_at_every_position_sends_nothing(at_the_desk: At, wrong: str) -> None:
    robot, _day, _outbox = at_the_desk
    books = robot.books
    robot.does(wrong, "Ctrl+4", wrong)
    if wrong in BACK:
        robot.does(BACK[wrong])
    robot.does("Ctrl+B", wrong)
    assert stands(books) == (COUNT, 0, 0, 2)
    robot.day.mend.enter()
    robot.does("Ctrl+A")
    robot.types(RIGHT)
    robot.does(wrong)
    robot.day.mend.enter()
    assert stands(books) == (COUNT, 0, 0, 2)
    robot.does("Return")
    assert stands(books) == (COUNT, 0, 0, 1)
    robot.does(wrong)
    robot.day.mend.enter()
    robot.types("mil")
    robot.does("Return", wrong)
    assert stands(books) == (COUNT, 0, 0, 0)
    robot.does("Ctrl+Return")
    assert stands(books) == (COUNT, COUNT, 1, 0)
    verify(books)


def test_a_held_down_key_decides_nothing(at_the_desk: At) -> None:
    robot, day, _outbox = at_the_desk
    robot.does("Ctrl+4", "Ctrl+B")
    robot.types(RIGHT)
    robot.holds("Return")
    robot.rests()
    assert member_id(robot.books, day.short) == SHORT
    robot.does("Escape")
    for key in ("Return", "H", "A", "O"):
        robot.holds(key)
    robot.rests()
    assert stands(robot.books) == (COUNT, 0, 0, 2)
    assert robot.card().startswith("Member id")


def test_sending_at_once_leaves_the_two_behind_with_their_reasons(at_the_desk: At) -> None:
    robot, _day, _outbox = at_the_desk
    robot.does("Ctrl+4", "Ctrl+B", "Ctrl+Return")
    assert stands(robot.books) == (COUNT, COUNT - 2, 1, 2)
    assert "2 claims stay behind" in robot.said()
    assert set(robot.column("mark")) == {"To mend"}
    assert any("no NPI" in one for one in robot.column("what"))


def test_sending_waits_for_what_is_being_saved(at_the_desk: At) -> None:
    robot, _day, _outbox = at_the_desk
    robot.does("Ctrl+4", "Ctrl+B")
    robot.types(RIGHT)
    robot.presses("Return", "Ctrl+Return")
    robot.rests()
    assert stands(robot.books) == (COUNT, COUNT - 1, 1, 1)


def test_what_does_not_mend_it_is_not_sent_over(at_the_desk: At) -> None:
    robot, _day, _outbox = at_the_desk
    robot.does("Ctrl+4", "Ctrl+B")
    robot.types("QX12")
    robot.presses("Return", "Ctrl+Return")
    robot.rests()
    assert stands(robot.books) == (COUNT, 0, 0, 2)
    assert "QX12 has 4 characters" in robot.said()
    assert robot.newest().hint.startswith("Nothing was saved.")
