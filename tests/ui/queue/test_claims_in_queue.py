"""Claims in the work queue: Enter opens the most urgent one, its lines open each by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import update

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.services.claims.lifecycle import ClaimMove, move_claims
from fscdesk.services.office import Office
from fscdesk.services.work import Topic, Work
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.screens.queue.line_button import LineButton
from tests.support.claims import add_claim_desk, build, ready
from tests.support.robots.billing import BillingRobot, billing_window
from tests.support.robots.office import DiaryScreen

PLACES = ("patients", "setup", "claims", "claim", "claim-build", "sessions")
TITLE = "Denied claims"


def denied_two(work: Work, claim_ids: tuple[int, ...]) -> None:
    """Deny claims, the later one so long ago that its time is nearly over."""
    for claim_id, day in zip(claim_ids, (date(2026, 4, 1), date(2025, 10, 20)), strict=True):
        move_claims(work, [ClaimMove(claim_id, ClaimStatus.DENIED, "by the payer")])
        work.db.execute(
            update(Claim)
            .where(Claim.id == claim_id)
            .values(
                denied_on=day,
                answered_on=day,
                last_sent_on=day - timedelta(days=20),
                reason_code="4",
                reason="Modifier missing (CO-4).",
            )
        )
    work.touch(Topic.CLAIMS)


@pytest.fixture
def claims(sqlite_books: Office) -> tuple[int, ...]:
    """Two denied claims; the second is the more urgent."""
    desk = sqlite_books.write(add_claim_desk).value
    sessions = [
        sqlite_books.write(lambda work, who=who: ready(work, desk, patient=who)).value  # type: ignore[misc]
        for who in (desk.alma, desk.ben)
    ]
    made = tuple(build(sqlite_books, [one])[0] for one in sessions)
    sqlite_books.write(lambda work: denied_two(work, made))
    return made


@pytest.fixture
def queue(
    sqlite_books: Office, claims: tuple[int, ...], qtbot: QtBot, tmp_path: Path
) -> Iterator[BillingRobot]:
    """The queue in front, over the two denials."""
    assert claims
    with billing_window(qtbot, sqlite_books, tmp_path, others=PLACES) as robot:
        robot.does("Ctrl+2")
        yield robot


def diary(robot: BillingRobot) -> DiaryScreen:
    front = robot.front
    assert isinstance(front, DiaryScreen)
    return front


def place(robot: BillingRobot) -> str:
    stop = robot.window.history.here()
    assert stop is not None
    return stop.place


def test_two_keys_open_the_most_urgent_denial(queue: BillingRobot, claims: tuple[int, ...]) -> None:
    assert queue.column("what")[0] == TITLE
    assert queue.column("urgency")[0] == "Critical"
    queue.presses("Return")
    queue.waits(lambda: place(queue) == "claim")
    assert diary(queue).asked[-1] == {"claim": claims[1]}
    queue.presses("Alt+Left")
    queue.rests()
    current = queue.queue.list.view.picking.current_row
    assert current is not None
    assert current.title == TITLE


def lines(robot: BillingRobot) -> list[LineButton]:
    return robot.queue.findChildren(LineButton)


def test_a_line_of_the_pane_opens_its_claim_by_key(
    queue: BillingRobot, claims: tuple[int, ...]
) -> None:
    queue.waits(lambda: len(lines(queue)) == 2)
    first, second = lines(queue)
    assert [one.line.words for one in (first, second)] == ["Ben Somebody", "Alma Anyone"]
    assert first.accessibleName().startswith("Open Ben Somebody, ")
    assert "Modifier missing (CO-4)" in first.accessibleName()
    first.setFocus(Qt.FocusReason.TabFocusReason)
    queue.waits(first.hasFocus)
    queue.presses("Down")
    queue.waits(second.hasFocus)
    queue.presses("Return")
    queue.waits(lambda: place(queue) == "claim")
    assert diary(queue).asked[-1] == {"claim": claims[0]}


def test_the_list_of_all_is_one_button_away(queue: BillingRobot) -> None:
    queue.waits(lambda: len(lines(queue)) == 2)
    buttons = {one.words(): one for one in queue.queue.findChildren(Button)}
    every = buttons["Show all 2"]
    assert buttons["Correct and resend, or appeal"].property("kind") == "primary"
    every.setFocus(Qt.FocusReason.TabFocusReason)
    queue.waits(every.hasFocus)
    queue.presses("Space")
    queue.waits(lambda: place(queue) == "claims")
    assert diary(queue).asked[-1] == {"view": "denied"}


def test_without_the_screens_of_claims_nothing_leads_there(
    sqlite_books: Office, claims: tuple[int, ...], qtbot: QtBot, tmp_path: Path
) -> None:
    assert claims
    with billing_window(qtbot, sqlite_books, tmp_path) as robot:
        robot.does("Ctrl+2")
        assert TITLE not in robot.column("what")
    QApplication.processEvents()
