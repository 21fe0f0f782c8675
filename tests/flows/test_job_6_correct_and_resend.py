"""Job 6: a claim that was denied for its modifier, corrected and into today's batch, in 7 acts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus, Frequency
from fscdesk.models.payer import Payer
from fscdesk.services.claims import policies
from fscdesk.services.claims.answers import PayersAnswer, record_answer
from fscdesk.services.claims.sending import plan_batch
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.claim_acts import version_of
from tests.support.claims import add_claim_desk, put_at, ready
from tests.support.claims import build as build_claims
from tests.support.focus import comes_to
from tests.support.robots.billing import proves
from tests.support.robots.claim_page import ClaimRobot, claim_window
from tests.support.sent_claims import RECEIVER, SENDER, set_setting

ICN = "FIC2026078X"
Stands = tuple[int, tuple[str, ...]]


def deny(books: Office, *, number: str = ICN) -> int:
    """A claim by video that was sent without 95, and denied for it (CO-4)."""
    desk = books.write(add_claim_desk).value

    def sit(work: Work) -> int:
        set_setting(work, policies.SUBMITTER_ID, SENDER)
        set_setting(work, policies.RECEIVER_ID, RECEIVER)
        set_setting(work, policies.RECEIVER_NAME, "Made-up Clearinghouse")
        payer = work.db.get_one(Payer, desk.payer)
        payer.appeal_days, payer.corrected_days = 60, 120
        return ready(work, desk, location=desk.video)

    session = books.write(sit).value
    (claim_id,) = build_claims(books, [session])

    def send(work: Work) -> None:
        (line,) = work.db.scalars(select(ClaimLine).where(ClaimLine.claim_id == claim_id))
        line.modifiers = ""
        put_at(work, claim_id, ClaimStatus.ACCEPTED)
        claim = work.db.get_one(Claim, claim_id)
        claim.payer_number, claim.first_sent_on = number, date(2026, 3, 3)

    books.write(send)
    answer = PayersAnswer(
        ClaimStatus.DENIED, date(2026, 3, 24), carc="4", group="CO", reason="Modifier missing"
    )
    seen = version_of(books, claim_id)
    books.write(lambda work: record_answer(work, claim_id, answer, expected_version=seen))
    return claim_id


@pytest.fixture
def at_the_desk(sqlite_books: Office, qtbot: QtBot, tmp_path: Path) -> Iterator[ClaimRobot]:
    """The denied claim waits in the queue."""
    deny(sqlite_books)
    with claim_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot


def stands(books: Office) -> Stands:
    """How many claims there are; the numbers of those that would go with the next batch."""

    def look(work: Work) -> Stands:
        count = len(work.db.scalars(select(Claim.id)).all())
        going = plan_batch(work).going
        return count, tuple(f"{one.number} {one.frequency}" for one in going)

    return books.read(look)


SCRIPT = (
    ("Ctrl+2", ("start",)),
    ("Return", ("which one",)),
    ("9", ("the reason",)),
    ("5", ()),
    ("Return", ()),
    ("R", ()),
    ("Return", ("a last look",)),
)
BEFORE: Stands = (1, ())
DONE: Stands = (2, ("CLM-2026-00002 7",))


def plays(robot: ClaimRobot, script: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
    for key, thoughts in script:
        for why in thoughts:
            robot.thinks(why)
        robot.does(key)


def test_a_denied_claim_is_corrected_and_in_todays_batch(at_the_desk: ClaimRobot) -> None:
    robot, books = at_the_desk, at_the_desk.office
    assert stands(books) == BEFORE
    robot.begins()
    plays(robot, SCRIPT[:2])
    denied = robot.claim_id
    assert "Denied: CO-4: Modifier missing" in robot.notice()
    comes_to(robot.cell("line_modifiers"))
    plays(robot, SCRIPT[2:4])
    assert stands(books) == BEFORE
    plays(robot, SCRIPT[4:5])
    assert robot.claim_id != denied
    comes_to(robot.card)
    assert stands(books) == (2, ())
    assert robot.differs() == [
        ("Frequency", "1, original", "7, replacement"),
        ("Reference", "empty", ICN),
        ("Modifiers", "empty", "95"),
    ]
    plays(robot, SCRIPT[5:6])
    assert robot.card.heading.text() == "Correct and resend (7)?"
    assert robot.card.goes.text() == f"Corrected (7), payer's number {ICN}."
    assert f"decided the first claim under {ICN}" in robot.card.why.text()
    assert robot.filled() == ["Into today's batch"]
    assert stands(books) == (2, ())
    plays(robot, SCRIPT[6:])
    assert robot.newest().text == (
        f"CLM-2026-00002 is in today's batch: corrected (7) under {ICN}."
    )
    assert stands(books) == DONE
    proves(books)
    log = robot.log
    assert len(log.acts) <= 8, log.told()
    assert log.seconds <= 9, log.told()
    assert log.clicks == 0
    assert len(robot.screens) <= 2
    sent = books.read(lambda work: work.db.get_one(Claim, robot.claim_id))
    assert (sent.frequency, sent.original_number) == (Frequency.REPLACEMENT, ICN)
    assert books.read(lambda work: work.db.get_one(Claim, denied)).status is ClaimStatus.DENIED


def test_ctrl_z_takes_it_out_of_the_batch_and_then_drops_it(at_the_desk: ClaimRobot) -> None:
    robot, books = at_the_desk, at_the_desk.office
    plays(robot, SCRIPT)
    assert stands(books) == DONE
    robot.does("Ctrl+Z")
    assert stands(books) == (2, ())
    robot.does("Ctrl+Z")
    assert stands(books) == (2, ())
    new = books.read(lambda work: work.db.get_one(Claim, 2))
    assert new.status is ClaimStatus.VOID
    proves(books)


def test_without_the_payers_number_it_is_offered_as_an_original_only(
    sqlite_books: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    deny(sqlite_books, number="")
    with claim_window(qtbot, sqlite_books, tmp_path) as robot:
        plays(robot, SCRIPT[:5])
        plays(robot, SCRIPT[5:6])
        assert robot.card.heading.text() == "Send as an original?"
        assert robot.card.goes.text() == "Original."
        assert "payer's number" in robot.card.why.text()
        assert "7" not in robot.buttons()[-1]
        plays(robot, SCRIPT[6:])
        assert stands(sqlite_books) == (2, ("CLM-2026-00002 1",))


@pytest.mark.parametrize("wrong", ["Q", "Delete", "Ctrl+Shift+Return", "Escape"])
def test_a_wrong_key_at_every_position_sends_nothing(at_the_desk: ClaimRobot, wrong: str) -> None:
    robot, books = at_the_desk, at_the_desk.office
    for at in range(len(SCRIPT)):
        robot.does(wrong)
        assert stands(books)[1] == ()
        if at == len(SCRIPT) - 1:
            break
        if wrong == "Q" and at in (1, 2, 3, 4):
            robot.does("Escape")  # a letter typed into the list's find field, or into the cell
        robot.window.open("queue")
        robot.rests()
        if at == 0:
            robot.does("Escape")
    assert stands(books)[1] == ()


def test_a_held_down_key_decides_nothing(at_the_desk: ClaimRobot) -> None:
    robot, books = at_the_desk, at_the_desk.office
    plays(robot, SCRIPT[:4])
    robot.holds("Return")
    robot.rests()
    assert stands(books) == BEFORE
    plays(robot, SCRIPT[4:5])
    robot.holds("R")
    robot.rests()
    assert not robot.card.asking
    plays(robot, SCRIPT[5:6])
    robot.holds("Return")
    robot.rests()
    assert stands(books) == (2, ())
