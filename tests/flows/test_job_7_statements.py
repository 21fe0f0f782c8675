"""Job 7: the month's 150 statements, ten proofed, two held, in fifteen acts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.month_of_statements import BY_EMAIL, COUNT, FLAGGED, seed_statements
from tests.support.pdf import page_texts
from tests.support.robots.billing import BillingRobot, billing_window, proves

FIRST_OF_MONTH = datetime(2026, 4, 1, 13, tzinfo=UTC)
Books = tuple[int, int, int, int]
"""Statements, those that were sent, journal entries, accounts that are held."""


@pytest.fixture
def at_the_desk(
    sqlite_books: Office, clock: Clock, qtbot: QtBot, tmp_path: Path
) -> Iterator[BillingRobot]:
    """The month's list waits in the queue; the window stands on Home."""
    clock.set(FIRST_OF_MONTH)
    sqlite_books.write(seed_statements)
    with billing_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot


@pytest.fixture
def nothing_flagged(
    sqlite_books: Office, clock: Clock, qtbot: QtBot, tmp_path: Path
) -> Iterator[BillingRobot]:
    """The same month without a page to look at."""
    clock.set(FIRST_OF_MONTH)
    sqlite_books.write(lambda work: seed_statements(work, flagged=False))
    with billing_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot


def stands(books: Office) -> Books:
    def look(work: Work) -> Books:
        def count(question: str) -> int:
            return int(work.db.scalar(text(question)) or 0)

        held = work.db.scalar(text("SELECT value FROM setting WHERE key = 'statement_holds'"))
        return (
            count("SELECT count(*) FROM statement"),
            count("SELECT count(*) FROM statement WHERE sent_at IS NOT NULL"),
            count("SELECT count(*) FROM journal_entry"),
            str(held or "").count('": ['),
        )

    return books.read(look)


def one(robot: BillingRobot, key: str, *thoughts: str) -> None:
    for why in thoughts:
        robot.thinks(why)
    robot.does(key)


def proofs(robot: BillingRobot, held: tuple[int, ...] = (3, 7)) -> None:
    """Look at the ten pages; some are held."""
    for at in range(FLAGGED):
        one(robot, "H" if at in held else "Return", "the page")


def test_a_month_of_statements_is_proofed_and_made(
    at_the_desk: BillingRobot, tmp_path: Path
) -> None:
    robot, books = at_the_desk, at_the_desk.office
    before = stands(books)
    robot.begins()
    one(robot, "Ctrl+2", "start")
    current = robot.queue.list.view.picking.current_row
    assert current.about.startswith(f"{COUNT} accounts")
    one(robot, "Return")
    inner = robot.part.inner  # type: ignore[attr-defined]
    assert inner.page() == "proof"
    assert len(inner.proof.todo) == FLAGGED
    assert robot.button() == ""
    proofs(robot)
    assert inner.page() == "plan"
    assert stands(books) == (0, 0, before[2], 2)
    assert robot.button() == f"Make {COUNT - 2} statements"
    one(robot, "Ctrl+Return", "a last look")
    assert inner.page() == "run"
    assert stands(books) == (COUNT - 2, 0, before[2], 2)
    assert robot.button() == f"Print {COUNT - 2 - BY_EMAIL}…"
    one(robot, "Return")
    log = robot.log
    pages = page_texts(robot.looks_at_pages())
    assert len(pages) == COUNT - 2 - BY_EMAIL
    assert len(log.acts) <= 14, log.told()
    assert log.seconds <= 25, log.told()
    assert (log.clicks, len(robot.screens)) == (0, 2)

    robot.folders.folder = tmp_path / "Outbox"
    robot.folders.folder.mkdir()
    one(robot, "Ctrl+Shift+M")
    robot.waits(lambda: stands(books)[1] == BY_EMAIL, timeout=20_000)
    assert len(log.acts) <= 15, log.told()
    files = sorted(robot.folders.folder.glob("*.eml"))
    assert len(files) == BY_EMAIL
    to = {message_from_bytes(file.read_bytes())["To"] for file in files}
    assert len(to) == BY_EMAIL
    proves(books)


def test_without_a_page_to_look_at_it_takes_four_acts(nothing_flagged: BillingRobot) -> None:
    robot, books = nothing_flagged, nothing_flagged.office
    robot.begins()
    one(robot, "Ctrl+2", "start")
    one(robot, "Return")
    assert robot.button() == f"Make {COUNT} statements"
    one(robot, "Ctrl+Return", "a last look")
    one(robot, "Return")
    log = robot.log
    robot.looks_at_pages()
    assert stands(books)[0] == COUNT
    assert len(log.acts) <= 4, log.told()
    assert log.seconds <= 5, log.told()
    proves(books)


@pytest.mark.parametrize("wrong", ["Q", "Ctrl+Return", "Delete"])
def test_a_wrong_key_at_every_position_makes_nothing(at_the_desk: BillingRobot, wrong: str) -> None:
    robot, books = at_the_desk, at_the_desk.office
    before = stands(books)
    for key in ("Ctrl+2", "Return"):
        if not (wrong == "Ctrl+Return" and key == "Return"):  # there it opens the work, as Enter
            robot.does(wrong)
        if robot.is_finding():
            robot.does("Escape")
        robot.does(key)
        assert stands(books) == before
    inner = robot.part.inner  # type: ignore[attr-defined]
    for at in range(FLAGGED):
        left = len(inner.proof.todo)
        robot.does(wrong)
        assert len(inner.proof.todo) == left
        assert stands(books)[:3] == before[:3]
        robot.does("Return" if at else "H")
    assert stands(books) == (*before[:3], 1)
    robot.does("Ctrl+Z")
    assert stands(books) == before
    proves(books)


def test_a_held_statement_comes_back_by_itself_when_its_cause_is_gone(
    at_the_desk: BillingRobot, clock: Clock
) -> None:
    robot, books = at_the_desk, at_the_desk.office
    robot.does("Ctrl+2", "Return")
    proofs(robot, held=(0,))
    robot.does("Ctrl+Return")
    assert stands(books)[0] == COUNT - 1
    robot.does("Ctrl+2")
    assert "Statements held back" in robot.column("title")
    clock.set(datetime(2026, 4, 20, 13, tzinfo=UTC))
    robot.does("F5")
    assert "Statements held back" not in robot.column("title")


def test_a_held_down_key_judges_no_page(at_the_desk: BillingRobot) -> None:
    robot = at_the_desk
    robot.does("Ctrl+2", "Return")
    inner = robot.part.inner  # type: ignore[attr-defined]
    robot.holds("Return")
    robot.holds("H")
    robot.rests()
    assert len(inner.proof.todo) == FLAGGED


def test_a_run_of_which_nothing_was_sent_is_undone_with_a_reason(
    nothing_flagged: BillingRobot,
) -> None:
    robot, books = nothing_flagged, nothing_flagged.office
    robot.does("Ctrl+2", "Return", "Ctrl+Return")
    sending = robot.part.inner.run.sending  # type: ignore[attr-defined]
    robot.waits(sending.undo.isVisible)
    sending.undo.trigger()
    robot.dialog()
    robot.types("printed for the wrong day")
    robot.presses("Return")
    robot.comes_forward()
    robot.waits(lambda: "is undone" in robot.heard[-1].text)
    robot.rests()
    assert robot.button() == f"Make {COUNT} statements"
    proves(books)
