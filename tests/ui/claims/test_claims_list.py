"""The list of claims at the keyboard: its views, its pane, what is done with its rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimNote, ClaimStatus
from fscdesk.models.claim_batch import ClaimBatch
from fscdesk.models.payer import Payer
from fscdesk.services.claims.correcting import void_claim
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui.screens.claims import ClaimsScreen
from fscdesk.ui.screens.claims.wording import why_words
from fscdesk.ui.text import Label
from tests.support.claims import add_claim_desk, claim_of, put_at, statuses_of, the_claim
from tests.support.claims_day import seed_day
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


def test_a_note_is_kept_with_every_ticked_claim_and_next_counts_them(
    sqlite_books: Office, open_day: OpenDay
) -> None:
    desk = sqlite_books.write(add_claim_desk).value
    some_claims(sqlite_books, desk, 2)
    robot = open_day(sqlite_books)
    list_of(robot, "ready")
    robot.does("Space", "Down", "Space", "Ctrl+Shift+D")
    dialog = robot.dialog()
    words = " ".join(label.text() for label in dialog.findChildren(Label))
    robot.presses("Escape")
    robot.waits(lambda: QApplication.activeModalWidget() is None)
    robot.comes_forward()
    assert "For 2 claims" in words
    robot.does("Ctrl+Shift+N")
    robot.dialog()
    robot.types("Called the payer")
    robot.presses("Ctrl+Return")
    robot.waits(lambda: robot.said() == "The note is kept with 2 claims.")
    robot.comes_forward()
    notes = sqlite_books.read(lambda work: [one.text for one in work.db.query(ClaimNote)])
    assert notes == ["Called the payer"] * 2


def test_ctrl_n_shows_todays_claims_and_builds_nothing(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    sqlite_books.write(lambda work: seed_day(work, outbox, count=2, faults=False))
    robot = open_day(sqlite_books)
    robot.does("Ctrl+4", "Ctrl+N")
    robot.rests()
    assert robot.day.build_button.words() == "Build 2 claims"
    assert sqlite_books.read(lambda work: work.db.query(Claim).count()) == 0


def test_denials_stand_by_their_last_day_with_reason_number_and_who_has_them(
    sqlite_books: Office, open_day: OpenDay
) -> None:
    desk = with_clearinghouse(sqlite_books)
    late, soon, voided = some_claims(sqlite_books, desk, 3)

    def denied(work: Work) -> None:
        work.db.get_one(Payer, desk.payer).appeal_days = 60
        for claim_id, on in ((late, 10), (soon, 2), (voided, 5)):
            claim = work.db.get_one(Claim, claim_id)
            claim.status, claim.denied_on = S.DENIED, date(2026, 4, on)
            claim.reason, claim.reason_code = "CO-197: No authorization", "197"
            claim.payer_number = f"ICN-{claim_id}"
        work.db.get_one(Claim, soon).assigned_to = work.actor.staff_id

    sqlite_books.write(denied)
    seen = the_claim(sqlite_books, voided).version
    sqlite_books.write(lambda work: void_claim(work, voided, "twice", expected_version=seen))
    robot = open_day(sqlite_books)
    list_of(robot, "ready")
    list_of(robot, "denied")
    part = robot.list
    assert part is not None
    assert part.model.sort_key == "deadline"
    rows = list(part.model.loaded())
    assert [row.id for row in rows] == [soon, late], "no void one, the shortest time first"
    who = sqlite_books.read(lambda work: work.actor.name)
    assert why_words(rows[0]) == f"CO-197: No authorization, {who}"
    assert why_words(rows[1]) == "CO-197: No authorization"
    column = {one.key: one for one in part.spec.columns}
    assert column["payer"].second is not None
    assert column["payer"].second(rows[0]) == rows[0].number
