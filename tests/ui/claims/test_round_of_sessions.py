"""The portal round by key for a session that SimplePractice has billed: no claim is here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import update

from fscdesk.models.session import BillingStatus, Session
from fscdesk.services.claims.found import Found
from fscdesk.services.office import Office
from fscdesk.services.work import Topic, Work
from tests.support.claim_acts import TODAY
from tests.support.claims import add_claim_desk, ready
from tests.support.focus import comes_to
from tests.support.robots.portal_round import RoundRobot, round_window, silent_claims


@pytest.fixture
def robot(sqlite_books: Office, qtbot: QtBot, tmp_path: Path) -> Iterator[RoundRobot]:
    """A person who looks up claims."""
    with round_window(qtbot, sqlite_books, tmp_path) as made:
        yield made


@pytest.fixture
def session(sqlite_books: Office) -> int:
    """Four silent claims, and a session that is silent for 100 days and on no claim."""
    desk = sqlite_books.write(add_claim_desk).value
    silent_claims(sqlite_books, desk)

    def act(work: Work) -> int:
        found = ready(work, desk, payer=desk.next_payer, day=TODAY - timedelta(days=100))
        values = {"billing_status": BillingStatus.SUBMITTED, "status_since": TODAY}
        work.db.execute(update(Session).where(Session.id == found).values(**values))
        work.touch(Topic.SESSIONS)
        return found

    return sqlite_books.write(act).value


def standing(books: Office, session_id: int) -> BillingStatus:
    return books.read(lambda work: work.db.get_one(Session, session_id).billing_status)


def test_two_keys_note_it_and_ctrl_z_brings_it_back(robot: RoundRobot, session: int) -> None:
    robot.opens()
    comes_to(robot.screen.card)
    assert robot.payers()[0] == "Example East, 260.00, 1 claim and 1 session, 100 days"
    assert robot.screen.line.note.text() == ("2 payers, 4 claims and 1 session silent, 650.00 open")
    assert robot.claim() == -session
    assert robot.column("number")[0] == "SimplePractice"
    assert robot.screen.card.open_claim.text() == "Open the session"
    robot.begins()
    robot.answers("P")
    assert robot.log.keys == 2
    assert standing(robot.office, session) is BillingStatus.PENDING
    assert robot.newest().text == (
        f"Session of {TODAY - timedelta(days=100):%m/%d/%Y}, Alma Anyone: in process."
        " It comes up again on 04/26/2026."
    )
    comes_to(robot.screen.card)
    assert robot.claim() != -session
    robot.does("Ctrl+Z")
    assert standing(robot.office, session) is BillingStatus.SUBMITTED
    assert robot.column("mark")[0] == "To look up"


def test_its_sum_leads_to_the_sessions(robot: RoundRobot, session: int) -> None:
    robot.opens()
    robot.answers("N")
    assert standing(robot.office, session) is BillingStatus.READY_TO_BILL
    robot.runs("End the round")
    summary = robot.screen.summary
    assert summary.sentence.text() == (
        "1 session of 1 payer looked up and noted. Nothing of it moved money."
    )
    assert summary.left.text() == "4 claims wait to be looked up."
    assert summary.buttons[Found.NOT_ON_FILE].text() == "Bill them"
