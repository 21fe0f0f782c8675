"""Job 3: an ERA of 25 claims with one reversal, its correction and one denial, in 5 acts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus
from fscdesk.models.remittance import Remittance, RemittanceStatus
from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.era_day import CLEAN, EraDay, era_day, read
from tests.support.focus import comes_to
from tests.support.robots.billing import proves
from tests.support.robots.remittances import RemittanceRobot, remittance_window

SCRIPT = (
    ("Ctrl+5", ("start",)),
    ("Return", ()),
    ("Return", ("the reversal and what is paid instead",)),
    ("Return", ("the denial",)),
    ("Ctrl+Return", ("a last look",)),
)


@pytest.fixture
def day(sqlite_books: Office) -> EraDay:
    """The claims are with the payer, and its file was read in the night."""
    made = era_day(sqlite_books)
    read(sqlite_books, made.text)
    return made


@pytest.fixture
def at_the_desk(
    sqlite_books: Office, day: EraDay, qtbot: QtBot, tmp_path: Path
) -> Iterator[RemittanceRobot]:
    """It waits to be posted."""
    assert day.text.count("SVC*") == 40
    with remittance_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot


def status(books: Office) -> RemittanceStatus:
    """How far the remittance of today is posted."""
    newest = select(Remittance).order_by(Remittance.id.desc()).limit(1)
    return books.read(lambda work: work.db.scalars(newest).one().status)


def owed(books: Office, claim_id: int) -> tuple[Money, Money]:
    """What payer and client owe of a claim's charges."""

    def look(work: Work) -> tuple[Money, Money]:
        sums = (
            select(func.sum(Charge.insurance_balance), func.sum(Charge.patient_balance))
            .join(ClaimLine, ClaimLine.charge_id == Charge.id)
            .where(ClaimLine.claim_id == claim_id)
        )
        insurance, patient = work.db.execute(sums).one()
        return insurance, patient

    return books.read(look)


def plays(robot: RemittanceRobot, script: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
    for key, thoughts in script:
        for why in thoughts:
            robot.thinks(why)
        robot.does(key)


def test_an_era_with_a_reversal_and_a_denial_is_posted_in_five_acts(
    at_the_desk: RemittanceRobot, day: EraDay
) -> None:
    robot, books = at_the_desk, at_the_desk.office
    clients_before = owed(books, day.taken_back)[1]
    robot.begins()
    plays(robot, SCRIPT[:1])
    assert robot.column("claims") == ["25"]
    plays(robot, SCRIPT[1:2])
    comes_to(robot.sheet)
    assert [right for right, _sum in robot.balances()] == [
        "Lines balance",
        "Claims balance",
        "Check balances",
    ]
    assert robot.claim.reversal, "the first exception has the focus"
    assert robot.claim.claim_id == day.taken_back
    assert "PAY-2026-" in robot.in_words(), "what was posted in February stands beside it"
    assert "91.40 goes back to the payer's side" in robot.in_words()
    assert "Instead" in robot.in_words()
    plays(robot, SCRIPT[2:3])
    assert robot.claim.claim_id == day.denied
    assert "CO-16" in robot.in_words()
    assert "Appeal by " in robot.in_words()
    plays(robot, SCRIPT[3:4])
    assert robot.newest().text == (
        "Nothing else needs a look. Ctrl+Enter: Post 25 of 25 claims, 3,280.40."
    )
    assert status(books) is RemittanceStatus.TO_POST
    plays(robot, SCRIPT[4:])
    assert robot.newest().text.startswith("25 of 25 claims posted, 3,280.40: PAY-2026-")
    assert robot.newest().undo is not None
    assert status(books) is RemittanceStatus.POSTED
    log = robot.log
    assert len(log.acts) <= 5, log.told()
    assert log.keys <= 7, log.told()
    assert log.seconds <= 7.5, log.told()
    assert log.clicks == 0
    assert len(robot.screens) <= 2
    proves(books)
    assert owed(books, day.taken_back)[1] == clients_before, "the client is not asked for it"
    claims = books.read(
        lambda work: {
            one: work.db.get_one(Claim, one).status
            for one in (*day.clean, day.taken_back, day.denied)
        }
    )
    assert claims[day.denied] is ClaimStatus.DENIED
    assert sum(one is ClaimStatus.PAID for one in claims.values()) == CLEAN + 1


def test_ctrl_z_takes_it_all_back(at_the_desk: RemittanceRobot, day: EraDay) -> None:
    robot, books = at_the_desk, at_the_desk.office
    before = [owed(books, one) for one in (*day.clean, day.taken_back, day.denied)]
    plays(robot, SCRIPT)
    assert [owed(books, one) for one in (*day.clean, day.taken_back, day.denied)] != before
    robot.does("Ctrl+Z")
    assert status(books) is RemittanceStatus.UNDONE
    assert [owed(books, one) for one in (*day.clean, day.taken_back, day.denied)] == before
    assert robot.button() == "Post 25 of 25 claims, 3,280.40"
    proves(books)


@pytest.mark.parametrize("wrong", ["Q", "Delete", "Ctrl+Shift+Return", "Escape", "D"])
def test_a_wrong_key_at_every_position_posts_nothing(
    at_the_desk: RemittanceRobot, wrong: str
) -> None:
    robot, books = at_the_desk, at_the_desk.office
    for at in range(len(SCRIPT)):
        plays(robot, SCRIPT[:at])
        robot.does(wrong)
        assert status(books) is RemittanceStatus.TO_POST
        robot.does("Escape")
        robot.window.open("home")
        robot.rests()


def test_a_held_down_key_posts_nothing_and_goes_nowhere(at_the_desk: RemittanceRobot) -> None:
    robot, books = at_the_desk, at_the_desk.office
    plays(robot, SCRIPT[:2])
    comes_to(robot.sheet)
    first = robot.sheet.current
    robot.holds("Return")
    robot.holds("Space")
    robot.rests()
    assert robot.sheet.current == first
    assert "Held" not in robot.marks()
    assert status(books) is RemittanceStatus.TO_POST
