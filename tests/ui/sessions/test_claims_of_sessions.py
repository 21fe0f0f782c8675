"""From a session to its claim: the story, the pane, Ctrl+L, Ctrl+B, and what a sent claim locks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import update

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.services.claims.lifecycle import ClaimMove, move_claims
from fscdesk.services.office import Office
from fscdesk.services.sessions.changing import recent_reasons
from fscdesk.services.work import Topic, Work
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.screens.sessions import SessionsScreen
from tests.support.claims import ClaimDesk, add_claim_desk, build, ready
from tests.support.clock import Clock
from tests.support.robots.screens import open_window
from tests.support.robots.sessions import Elsewhere, SessionsRobot

ALMA, BEN = "Alma Anyone", "Ben Somebody"
SENT_ON = date(2026, 4, 6)
OpenBooks = Callable[[Office], SessionsRobot]


@pytest.fixture
def cast(sqlite_books: Office) -> ClaimDesk:
    """A practice that bills payers; Alma and Ben have a session that is ready."""
    desk = sqlite_books.write(add_claim_desk).value

    def sit(work: Work) -> None:
        ready(work, desk)
        ready(work, desk, patient=desk.ben)

    sqlite_books.write(sit)
    return desk


@pytest.fixture
def opens(qtbot: QtBot, look: QApplication, tmp_path: Path) -> Iterator[OpenBooks]:
    """The window on Sessions, with the places of claims."""
    desks: list[Desk] = []

    def make(books: Office) -> SessionsRobot:
        desk = Desk(books)
        desks.append(desk)
        others = dict.fromkeys(("home", "patients", "claims", "claim", "claim-build"), Elsewhere)
        window = open_window(qtbot, desk, tmp_path, {**others, "sessions": SessionsScreen})
        robot = SessionsRobot(qtbot, window)
        robot.settles()
        robot.view.setFocus()
        qtbot.waitUntil(robot.view.hasFocus)
        return robot

    yield make
    for desk in desks:
        desk.close()


def send(books: Office, claim_id: int) -> None:
    def act(work: Work) -> None:
        move_claims(work, [ClaimMove(claim_id, ClaimStatus.SUBMITTED, "Batch 1")])
        work.db.execute(
            update(Claim)
            .where(Claim.id == claim_id)
            .values(first_sent_on=SENT_ON, last_sent_on=SENT_ON)
        )
        work.touch(Topic.CLAIMS)

    books.write(act)


def test_ctrl_l_opens_the_claim_of_a_session(
    sqlite_books: Office, cast: ClaimDesk, opens: OpenBooks
) -> None:
    (claim_id, *_rest) = build(sqlite_books)
    sessions = opens(sqlite_books)
    sessions.goes_to(ALMA)
    sessions.sees_pane(ALMA)
    assert sessions.steps()[0] == "Open the claim"
    sessions.presses("Ctrl+L")
    sessions.qtbot.waitUntil(lambda: isinstance(sessions.window.screen_in_front(), Elsewhere))
    assert sessions.elsewhere("claim") == {"claim": claim_id}


def test_a_session_on_no_claim_says_so_and_ctrl_b_builds(
    sqlite_books: Office, cast: ClaimDesk, opens: OpenBooks
) -> None:
    sessions = opens(sqlite_books)
    sessions.goes_to(ALMA)
    facts = sessions.sees_pane(ALMA)
    assert facts.claims == ()
    assert sessions.steps()[0] == "Build claims"
    sessions.presses("Ctrl+L")
    sessions.sees_message("This session is on no claim. Ctrl+B builds")
    sessions.presses("Ctrl+B")
    assert sessions.elsewhere("claim-build") == {"build": True}


def test_the_story_and_the_charges_name_the_claim_and_lead_to_it(
    sqlite_books: Office, cast: ClaimDesk, opens: OpenBooks, clock: Clock
) -> None:
    clock.set(datetime(2026, 4, 13, 12, tzinfo=UTC))
    (claim_id, *_rest) = build(sqlite_books)
    clock.set(datetime(2026, 4, 13, 13, tzinfo=UTC))
    send(sqlite_books, claim_id)
    clock.set(datetime(2026, 4, 13, 14, tzinfo=UTC))
    sqlite_books.write(
        lambda work: move_claims(
            work, [ClaimMove(claim_id, ClaimStatus.ACKNOWLEDGED, "999 accepted")]
        )
    )
    sessions = opens(sqlite_books)
    sessions.goes_to(ALMA)
    sessions.sees_pane(ALMA)
    told = [(step.title, step.tone) for step in sessions.story()][:3]
    assert told == [
        ("Claim received", "sky"),
        ("Submitted", "sky"),
        ("On claim CLM-2026-00001", "slate"),
    ]
    assert sessions.story()[2].second.startswith("Imaginary Blue 160.00")
    sessions.opens_tab("charges")
    assert "CLM-2026-00001" in sessions.facts("charges")
    assert "Imaginary Blue, acknowledged, sent 04/06/2026" in sessions.facts("charges")
    sessions.opens_tab("story")
    sessions.presses("Tab", "Down", "Return")
    sessions.qtbot.waitUntil(lambda: isinstance(sessions.window.screen_in_front(), Elsewhere))
    assert sessions.elsewhere("claim") == {"claim": claim_id}


def test_a_claim_that_the_payer_has_locks_the_attendance(
    sqlite_books: Office, cast: ClaimDesk, opens: OpenBooks
) -> None:
    (claim_id, *_rest) = build(sqlite_books)
    sessions = opens(sqlite_books)
    sessions.goes_to(ALMA)
    assert sessions.sees_pane(ALMA).locked == ""
    send(sqlite_books, claim_id)
    sessions.window.desk.changed.emit(frozenset({Topic.CLAIMS, Topic.SESSIONS}))
    sessions.qtbot.waitUntil(lambda: sessions.sees_pane(ALMA).locked != "")
    facts = sessions.sees_pane(ALMA)
    assert facts.locked == "claim CLM-2026-00001, sent on 04/06/2026"
    row = facts.detail.row
    attendance = next(
        one
        for one in sessions.screen.ways.more_steps(row, facts.locked)
        if one.word == "Set attendance…"
    )
    assert attendance.off_because == (
        "It is on claim CLM-2026-00001, sent on 04/06/2026. Take the claim back at its payer first."
    )


def test_what_claims_write_is_no_reason_that_people_typed(
    sqlite_books: Office, cast: ClaimDesk
) -> None:
    (claim_id, *_rest) = build(sqlite_books)
    send(sqlite_books, claim_id)
    assert sqlite_books.read(lambda work: recent_reasons(work, "billing")) == ()


def test_without_the_screens_of_claims_the_keys_are_as_before(
    sqlite_books: Office, cast: ClaimDesk, qtbot: QtBot, look: QApplication, tmp_path: Path
) -> None:
    build(sqlite_books)
    desk = Desk(sqlite_books)
    window = open_window(qtbot, desk, tmp_path, {"patients": Elsewhere, "sessions": SessionsScreen})
    sessions = SessionsRobot(qtbot, window)
    sessions.goes_to(ALMA)
    sessions.sees_pane(ALMA)
    assert "Open the claim" not in sessions.steps()
    sessions.presses("Ctrl+L")
    assert sessions.elsewhere("patients") == {"patient": cast.alma}
    desk.close()
