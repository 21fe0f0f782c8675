"""Job 2: a paper check with thirty lines over twelve clients, typed in under two minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui import theme
from tests.support.clock import Clock
from tests.support.paper_checks import AS_EXPECTED, OTHERWISE, PaperCheck, seed_paper_check
from tests.support.payments import cents, verify
from tests.support.robots.payment_entry import PaymentEntryRobot, entry_window

MARCH = datetime(2026, 3, 12, 15, tzinfo=UTC)
Step = tuple[Callable[[PaymentEntryRobot], object], tuple[str, ...]]
"""What is done, and what is thought before it."""
Books = tuple[int, int, int, int, int, int]


@pytest.fixture
def at_the_desk(
    sqlite_books: Office, clock: Clock, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> Iterator[tuple[PaymentEntryRobot, Office, PaperCheck]]:
    """The check lies on the desk; the window stands on Home."""
    theme.apply(qapp)
    clock.set(MARCH)
    check = sqlite_books.write(seed_paper_check).value
    with entry_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot, sqlite_books, check


def stands(books: Office) -> Books:
    """Payments; cents in 1050, 4900; what payers and clients owe; sessions denied."""

    def look(work: Work) -> Books:
        counted = [
            int(work.db.scalar(text(question)) or 0)
            for question in (
                "SELECT count(*) FROM payment WHERE status = 'posted'",
                "SELECT coalesce(sum(insurance_balance), 0) FROM charge",
                "SELECT coalesce(sum(patient_balance), 0) FROM charge",
                "SELECT count(*) FROM session WHERE billing_status = 'denied'",
            )
        ]
        money, off = cents(work, "1050"), cents(work, "4900")
        return counted[0], money, off, counted[1], counted[2], counted[3]

    return books.read(look)


def script(check: PaperCheck) -> list[Step]:
    """The keys of ten_jobs 4 one after the other, with the thoughts of its counting."""
    steps: list[Step] = [
        (lambda robot: robot.does("Ctrl+5"), ("start",)),
        (lambda robot: robot.does("Ctrl+N"), ()),
    ]
    for words, why in (
        ("aet", "the payer"),
        ("481516", "the check number"),
        (check.amount.plain(), "the amount"),
        ("3/9", "the day on the check"),
    ):
        steps.append((lambda robot, words=words: robot.fills(words), (why,)))  # type: ignore[misc]
    for name, _lines in AS_EXPECTED:
        steps += [_found(name), (lambda robot: robot.does("Return"), ("the claim's total",))]
    for name, said in OTHERWISE:
        steps += [_found(name), (lambda robot: robot.does("Down"), ())]
        steps += [_line(one) for one in said]
    steps.append((lambda robot: robot.does("Ctrl+Return"), ("a last look",)))
    return steps


def _found(name: str) -> Step:
    return lambda robot: robot.takes(name[:2].lower()), ("the client on the paper",)


def _line(said: str) -> Step:
    if said == "e":
        return lambda robot: robot.does("Return"), ("the line",)
    if said == "x":
        return lambda robot: robot.denies("16"), ("the line", "the reason")
    return lambda robot: robot.answers("61.20", said), ("the line", "the reason")


def plays(robot: PaymentEntryRobot, step: Step) -> None:
    for why in step[1]:
        robot.thinks(why)
    step[0](robot)


EXPECTED_LINES, OTHER_LINES, DENIED = 22, 6, 2
BEFORE: Books = (0, 0, 38_60, 30 * 130_00, 0, 0)


def after(check: PaperCheck) -> Books:
    settled = EXPECTED_LINES + OTHER_LINES
    return (
        1,
        check.amount.cents,
        38_60 + settled * 38_60,
        DENIED * 130_00,
        OTHER_LINES * (130_00 - 61_20 - 38_60),
        DENIED,
    )


def test_thirty_lines_of_a_paper_check(
    at_the_desk: tuple[PaymentEntryRobot, Office, PaperCheck],
) -> None:
    robot, books, check = at_the_desk
    before = stands(books)
    assert (before[0], before[3:]) == (0, (30 * 130_00, 0, 0))
    steps = script(check)
    robot.begins()
    for step in steps[:-1]:
        plays(robot, step)
        assert stands(books) == before
    assert robot.screen.state.button() == f"Post {check.amount}"
    assert robot.sums() == [str(check.amount), str(check.amount), "0.00", "0.00"]
    assert robot.screen.view.sums.ready
    assert robot.in_box()
    plays(robot, steps[-1])

    said = robot.newest().text
    assert said.startswith(f"Posted {check.amount} from Aetheria Example as PAY-2026-")
    assert said.endswith(": 30 lines, 2 denied.")
    found, wanted = stands(books), after(check)
    assert found[2] - before[2] == wanted[2] - BEFORE[2]
    assert (found[:2], found[3:]) == (wanted[:2], wanted[3:])
    verify(books)
    log = robot.log
    assert len(log.acts) <= 130, log.told()
    assert robot.commands <= 55, log.told()
    assert log.seconds <= 105, log.told()
    assert log.clicks == 0
    # The list of payments is passed on the way in and out; all of the work is on one screen.
    assert [type(one).__name__ for one in robot.screens] == ["PaymentsDoor", "EntryScreen"]


def test_in_the_order_of_the_paper_enter_takes_the_next_claim(
    at_the_desk: tuple[PaymentEntryRobot, Office, PaperCheck],
) -> None:
    robot, _books, check = at_the_desk
    robot.begins()
    robot.does("Ctrl+5", "Ctrl+N")
    robot.heads("aet", "481516", check.amount.plain(), "3/9")
    taken = []
    for _ in range(3):
        robot.does("Return")
        assert robot.screen.state.last_claim is not None
        taken.append(robot.screen.state.last_claim.patient)
        robot.does("Return")
    assert taken == ["Alma Anyone", "Bram Placeholder", "Coralie Mockup"]


@pytest.mark.parametrize("wrong", ["Q", "Ctrl+Return", "Ctrl+Shift+Return"])
def test_a_wrong_key_at_every_position_posts_nothing(
    at_the_desk: tuple[PaymentEntryRobot, Office, PaperCheck], wrong: str
) -> None:
    robot, books, check = at_the_desk
    before = stands(books)
    for at, step in enumerate(script(check)):
        if at > 1 and not (wrong != "Q" and at == len(script(check)) - 1):
            sums = robot.sums()
            robot.does(wrong)
            assert stands(books) == before
            focused = QApplication.focusWidget()
            if wrong == "Q" and isinstance(focused, QLineEdit):
                robot.does("Backspace")
            assert robot.sums() == sums
        plays(robot, step)
    found = stands(books)
    assert found[:2] == after(check)[:2]
    assert found[3:] == after(check)[3:]
    verify(books)


def test_ctrl_z_restores_the_books_and_what_was_typed(
    at_the_desk: tuple[PaymentEntryRobot, Office, PaperCheck],
) -> None:
    robot, books, check = at_the_desk
    before = stands(books)
    for step in script(check):
        plays(robot, step)
    assert stands(books)[0] == 1
    robot.does("Ctrl+Z")
    assert stands(books) == before
    verify(books)
    robot.does("Ctrl+N")
    assert robot.sums() == [str(check.amount), str(check.amount), "0.00", "0.00"]
    robot.does("Ctrl+Return")
    assert stands(books)[0] == 1
    verify(books)


def test_a_held_down_enter_answers_nothing(
    at_the_desk: tuple[PaymentEntryRobot, Office, PaperCheck],
) -> None:
    robot, books, check = at_the_desk
    robot.does("Ctrl+5", "Ctrl+N")
    robot.heads("aet", "481516", check.amount.plain(), "3/9")
    robot.holds("Return")
    assert robot.in_box()
    robot.takes("al")
    robot.holds("Return")
    robot.rests()
    assert robot.in_cell()
    assert robot.screen.state.answered == []
    assert stands(books)[0] == 0
