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
    """Two denied claims, the second more urgent, beside two that are ready to be sent."""
    desk = sqlite_books.write(add_claim_desk).value

    def session(who: int, day: date) -> int:
        return sqlite_books.write(lambda work: ready(work, desk, patient=who, day=day)).value

    days = (date(2026, 3, 2), date(2026, 3, 9))
    sessions = [session(who, day) for day in days for who in (desk.alma, desk.ben)]
    made = tuple(build(sqlite_books, [one])[0] for one in sessions)
    sqlite_books.write(lambda work: denied_two(work, made[:2]))
    return made[:2]


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
    assert queue.column("title")[0].startswith("Denied: ")
    assert queue.column("lost")[0] == "Critical"
    queue.presses("Return")
    queue.waits(lambda: place(queue) == "claim")
    assert diary(queue).asked[-1] == {"claim": claims[1]}
    queue.presses("Alt+Left")
    queue.rests()
    current = queue.queue.list.view.picking.current_row
    assert current is not None
    assert current.claim_id == claims[1]


def lines(robot: BillingRobot) -> list[LineButton]:
    return [one for one in robot.queue.findChildren(LineButton) if one.isVisible()]


def test_a_line_of_the_pane_opens_its_claim_by_key(
    queue: BillingRobot, claims: tuple[int, ...]
) -> None:
    queue.goes_to("title", "Claims ready to send")
    queue.waits(lambda: len(lines(queue)) == 2)
    first, second = lines(queue)
    assert first.accessibleName().startswith(f"Open {first.line.words}, ")
    first.setFocus(Qt.FocusReason.TabFocusReason)
    queue.waits(first.hasFocus)
    queue.presses("Down")
    queue.waits(second.hasFocus)
    queue.presses("Return")
    queue.waits(lambda: place(queue) == "claim")
    assert diary(queue).asked[-1]["claim"] not in claims


def test_the_list_of_all_is_one_button_away(queue: BillingRobot) -> None:
    queue.goes_to("title", "Claims ready to send")
    queue.waits(lambda: len(lines(queue)) == 2)
    buttons = {one.words(): one for one in queue.queue.findChildren(Button)}
    every = buttons["Show all in the list"]
    assert buttons["Build and send"].property("kind") == "primary"
    every.setFocus(Qt.FocusReason.TabFocusReason)
    queue.waits(every.hasFocus)
    queue.presses("Space")
    queue.waits(lambda: place(queue) == "claims")
    assert diary(queue).asked[-1] == {"view": "ready"}


def test_a_claim_is_given_at_the_claim(queue: BillingRobot, claims: tuple[int, ...]) -> None:
    queue.presses("Ctrl+Shift+A")
    queue.dialog()
    queue.presses("Ctrl+Return")
    queue.waits(lambda: QApplication.activeModalWidget() is None)
    queue.waits(lambda: "is with you now" in queue.newest().text)
    me = queue.office.actor.staff_id
    given = queue.office.read(lambda work: work.db.get_one(Claim, claims[1]).assigned_to)
    assert given == me
