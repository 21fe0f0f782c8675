"""The list of claims at the keyboard: its views, its pane, what is done with its rows."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.claim_batch import ClaimBatch
from fscdesk.services.office import Office
from fscdesk.ui.screens.claims import ClaimsScreen
from tests.support.claims import add_claim_desk, claim_of, put_at, statuses_of, the_claim
from tests.support.robots.claims_day import ClaimsDayRobot
from tests.support.sent_claims import some_claims, with_clearinghouse
from tests.ui.claims.conftest import OpenDay

S = ClaimStatus


def list_of(robot: ClaimsDayRobot, view: str) -> list[str]:
    """Open a view of the list, and return the clients in it."""
    robot.window.open("claims", view=view)
    robot.rests()
    return list(robot.column("patient"))


def first_step(robot: ClaimsDayRobot) -> str:
    """Return what the pane's first button says; empty while there is none."""
    assert isinstance(robot.front, ClaimsScreen)
    button = robot.front.part.primary_button()
    return "" if button is None else button.words()


def test_each_view_shows_who_must_move(sqlite_books: Office, open_day: OpenDay) -> None:
    desk = sqlite_books.write(add_claim_desk).value
    claim_id = claim_of(sqlite_books, desk=desk)
    robot = open_day(sqlite_books)
    assert list_of(robot, "ready") == ["Alma Anyone"]
    assert robot.column("status") == ["Ready"]
    sqlite_books.write(lambda work: put_at(work, claim_id, S.REJECTED))
    robot.window.desk.changed.emit(frozenset())
    assert list_of(robot, "rejected") == ["Alma Anyone"]
    assert list_of(robot, "denied") == []
    robot.rests()
    assert list_of(robot, "all") == ["Alma Anyone"]


def test_enter_opens_the_claim_and_ctrl_b_builds(sqlite_books: Office, open_day: OpenDay) -> None:
    claim_id = claim_of(sqlite_books)
    robot = open_day(sqlite_books)
    list_of(robot, "ready")
    robot.does("Return")
    assert robot.asked()[-1] == {"claim": claim_id}
    list_of(robot, "ready")
    robot.does("Ctrl+B")
    assert robot.day is not None


def test_the_primary_button_sends_and_undo_takes_it_back(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    outbox.mkdir()
    desk = with_clearinghouse(sqlite_books, outbox)
    (claim_id,) = some_claims(sqlite_books, desk, 1)
    robot = open_day(sqlite_books)
    list_of(robot, "ready")
    robot.waits(lambda: first_step(robot) == "Send")
    robot.does("Ctrl+Return")
    robot.waits(lambda: the_claim(sqlite_books, claim_id).status is S.SUBMITTED)
    robot.waits(lambda: robot.said().startswith("1 claim over "))
    assert len(list(outbox.iterdir())) == 1
    robot.does("Ctrl+Z")
    robot.waits(lambda: the_claim(sqlite_books, claim_id).status is S.SCRUBBED)
    robot.waits(lambda: robot.said() == "1 claim is ready to send again.")
    state = sqlite_books.read(lambda work: work.db.scalars(select(ClaimBatch.state)).one())
    assert state.value == "undone"


def test_rows_are_taken_planned_and_dropped(sqlite_books: Office, open_day: OpenDay) -> None:
    claim_id = claim_of(sqlite_books)
    robot = open_day(sqlite_books)
    list_of(robot, "ready")
    robot.does("Ctrl+Shift+A")
    me = sqlite_books.read(lambda work: work.actor.staff_id)
    robot.waits(lambda: the_claim(sqlite_books, claim_id).assigned_to == me)
    robot.does("Ctrl+Z")
    robot.waits(lambda: the_claim(sqlite_books, claim_id).assigned_to is None)
    robot.does("Ctrl+Shift+D")
    robot.dialog()
    robot.types("Call the payer")
    robot.presses("Tab")
    robot.types("+3")
    robot.presses("Ctrl+Return")
    robot.waits(lambda: the_claim(sqlite_books, claim_id).next_action == "Call the payer")
    assert the_claim(sqlite_books, claim_id).next_action_on is not None
    assert set(map(str, statuses_of(sqlite_books).values())) == {"ready_to_bill"}


def test_a_rejected_claim_goes_again_from_its_pane(sqlite_books: Office, open_day: OpenDay) -> None:
    claim_id = claim_of(sqlite_books, status=S.REJECTED)
    robot = open_day(sqlite_books)
    list_of(robot, "rejected")
    robot.waits(lambda: first_step(robot) == "Send again")
    robot.does("Ctrl+Return")
    robot.waits(
        lambda: sqlite_books.read(
            lambda work: work.db.get_one(Claim, claim_id).status in (S.DRAFT, S.SCRUBBED)
        )
    )
