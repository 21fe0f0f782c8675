"""Job 9: twenty-five small balances written off, approved by a second person, in eight acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from fscdesk.models.staff import Role
from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.payments import cents
from tests.support.robots.billing import BillingRobot, billing_window, proves
from tests.support.second_person import second_person
from tests.support.small_balances import COUNT, TOTAL, VISITOR, seed_small_balances

Books = tuple[int, int, int, int]
OUT = 5_70


@dataclass
class TwoDesks:
    """The clerk's window, and the manager's; each has signed in at the own desk."""

    clerk: BillingRobot
    manager: BillingRobot
    books: Office


@pytest.fixture
def desks(sqlite_books: Office, qtbot: QtBot, tmp_path: Path) -> Iterator[TwoDesks]:
    """The monthly list waits in the queue of both."""
    sqlite_books.write(seed_small_balances)
    cleo = second_person(sqlite_books, Role.BILLING_CLERK, name="Cleo Clerkson")
    mara = second_person(sqlite_books, Role.BILLING_MANAGER, name="Mara Nager")
    with (
        billing_window(qtbot, mara, tmp_path / "mara") as manager,
        billing_window(qtbot, cleo, tmp_path / "cleo") as clerk,
    ):
        clerk.rests()
        yield TwoDesks(clerk, manager, sqlite_books)


def stands(books: Office) -> Books:
    """What clients owe; bad debt; adjustments that are posted; requests that wait."""

    def look(work: Work) -> Books:
        def count(question: str) -> int:
            return int(work.db.scalar(text(question)) or 0)

        return (
            count("SELECT coalesce(sum(patient_balance), 0) FROM charge"),
            cents(work, "9000"),
            count("SELECT count(*) FROM adjustment WHERE status = 'posted'"),
            count("SELECT count(*) FROM approval_request WHERE status = 'waiting'"),
        )

    return books.read(look)


BEFORE: Books = (TOTAL, 0, 0, 0)
ASKED: Books = (TOTAL, 0, 0, 1)
DONE: Books = (OUT, TOTAL - OUT, COUNT - 1, 0)
CLERK = (
    ("Ctrl+2", ("start",)),
    ("Return", ()),
    ("Down", ("which one is out",)),
    ("Space", ()),
    ("Ctrl+Return", ("a last look",)),
)
MANAGER = (("Ctrl+2", ("start",)), ("Return", ()), ("Ctrl+Return", ("a last look",)))


def plays(robot: BillingRobot, script: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
    for key, thoughts in script:
        for why in thoughts:
            robot.thinks(why)
        robot.does(key)


def test_a_run_of_small_balances_is_asked_for_and_approved(desks: TwoDesks) -> None:
    clerk, manager, books = desks.clerk, desks.manager, desks.books
    assert stands(books) == BEFORE
    clerk.begins()
    manager.begins()
    plays(clerk, CLERK[:2])
    assert len(clerk.column("name")) == COUNT
    assert all("open for" in one for one in clerk.column("reason"))
    assert clerk.button() == f"Ask for approval of {COUNT}"
    plays(clerk, CLERK[2:4])
    assert clerk.column("name")[1] == VISITOR
    assert clerk.column("state").count("Taken out") == 1
    assert clerk.column("flag")[1] == "Visit soon"
    assert clerk.button() == f"Ask for approval of {COUNT - 1}"
    plays(clerk, CLERK[4:])
    total = Money(TOTAL - OUT)
    assert clerk.newest().text == (
        f"REQ-2026-00001 asks for the write-off of {COUNT - 1} accounts, {total}."
        " A second person decides."
    )
    assert stands(books) == ASKED

    manager.comes_forward()
    plays(manager, MANAGER[:2])
    assert len(manager.column("who")) == COUNT - 1
    assert not any(VISITOR in who for who in manager.column("who"))
    assert manager.button() == f"Approve {total}"
    plays(manager, MANAGER[2:])
    assert manager.newest().text == f"REQ-2026-00001 is approved: {COUNT - 1} balances written off."
    assert stands(books) == DONE
    proves(books)
    acts = len(clerk.log.acts) + len(manager.log.acts)
    seconds = clerk.log.seconds + manager.log.seconds
    assert acts <= 8, clerk.log.told() + manager.log.told()
    assert seconds <= 12, clerk.log.told() + manager.log.told()
    assert (clerk.log.clicks, manager.log.clicks) == (0, 0)


def test_nothing_taken_out_takes_the_clerk_three_acts(desks: TwoDesks) -> None:
    clerk = desks.clerk
    clerk.begins()
    plays(clerk, (*CLERK[:2], CLERK[4]))
    assert stands(desks.books) == ASKED
    assert len(clerk.log.acts) == 3
    assert clerk.log.seconds <= 5, clerk.log.told()


def test_nobody_approves_the_own_request(desks: TwoDesks) -> None:
    clerk, books = desks.clerk, desks.books
    plays(clerk, CLERK)
    assert stands(books) == ASKED
    clerk.does("Ctrl+2")
    assert "Write-off run to decide" not in clerk.column("title")
    clerk.opens("statements", tab="write_offs", request=1)
    page = clerk.part
    assert not page.request.approve.isEnabled()  # type: ignore[attr-defined]
    page.request.approve.trigger()  # type: ignore[attr-defined]
    clerk.does("Ctrl+Return")
    assert stands(books) == ASKED
    button = page.request.take_back_button  # type: ignore[attr-defined]
    button.setFocus()
    clerk.waits(button.hasFocus)
    clerk.does("Space")
    assert stands(books) == BEFORE
    assert clerk.newest().text == "REQ-2026-00001 is taken back. Nothing was written off."
    proves(books)


@pytest.mark.parametrize("wrong", ["Q", "Delete", "Ctrl+Shift+Return"])
def test_a_wrong_key_at_every_position_posts_nothing(desks: TwoDesks, wrong: str) -> None:
    books = desks.books
    for robot, script, before in (
        (desks.clerk, CLERK, BEFORE),
        (desks.manager, MANAGER, ASKED),
    ):
        robot.comes_forward()
        for step in script:
            robot.does(wrong)
            assert stands(books) == before
            if robot.is_finding():
                robot.does("Escape")
            plays(robot, (step,))
    assert stands(books) == DONE
    proves(books)


def test_ctrl_z_opens_the_balances_again_and_takes_a_request_back(desks: TwoDesks) -> None:
    clerk, manager, books = desks.clerk, desks.manager, desks.books
    plays(clerk, CLERK)
    clerk.does("Ctrl+Z")
    assert stands(books) == BEFORE
    clerk.does("Escape")
    plays(clerk, CLERK[4:])
    assert stands(books) == ASKED
    manager.comes_forward()
    plays(manager, MANAGER)
    assert stands(books)[0] == OUT
    manager.does("Ctrl+Z")
    assert stands(books)[:2] == (TOTAL, 0)
    proves(books)


def test_a_held_down_key_asks_for_nothing(desks: TwoDesks) -> None:
    clerk = desks.clerk
    plays(clerk, CLERK[:2])
    clerk.holds("Return")
    clerk.holds("Space")
    clerk.rests()
    assert stands(desks.books) == BEFORE
