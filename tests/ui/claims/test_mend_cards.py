"""A card takes only what mends it, comes back with an undo, and leaves Ctrl+Z to the last act."""

from __future__ import annotations

from pathlib import Path

from fscdesk.models.coverage import Policy
from fscdesk.services.office import Office
from tests.support.claims_day import RIGHT, SHORT, seed_day
from tests.support.focus import comes_to
from tests.support.robots.claims_day import ClaimsDayRobot
from tests.ui.claims.conftest import OpenDay


def begun(books: Office, open_day: OpenDay, outbox: Path) -> ClaimsDayRobot:
    """Sessions with two faults, built; the first card is on view."""
    books.write(lambda work: seed_day(work, outbox, count=9))
    robot = open_day(books)
    robot.does("Ctrl+4", "Ctrl+B")
    return robot


def test_what_its_own_check_refuses_is_not_saved_and_the_card_stays(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    robot = begun(sqlite_books, open_day, outbox)
    first = robot.card()
    robot.types("fab")
    robot.does("Return")
    robot.waits(lambda: "FAB has 3 characters" in robot.said())
    robot.rests()
    assert robot.newest().hint.startswith("Nothing was saved.")
    assert robot.card() == first
    field = robot.day.mend.field
    assert field is not None
    comes_to(field.editor)
    assert "FAB has 3 characters" in field.sentence.text()
    assert field.draft() == "fab"
    member = sqlite_books.read(
        lambda work: work.db.query(Policy.member_id).filter_by(member_id=SHORT).count()
    )
    assert member == 1


def test_enter_on_what_stands_there_saves_nothing_and_skips_nothing(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    robot = begun(sqlite_books, open_day, outbox)
    first, heard = robot.card(), len(robot.heard)
    robot.does("Return")
    assert robot.card() == first
    assert len(robot.heard) == heard
    field = robot.day.mend.field
    assert field is not None
    assert field.sentence.text().startswith("This is what stands there now.")


def test_an_undo_brings_its_card_back_and_coming_back_begins_with_the_first(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    robot = begun(sqlite_books, open_day, outbox)
    first = robot.card()
    robot.types(RIGHT)
    robot.does("Return")
    assert robot.card() == "Nova Freshsample has no NPI."
    robot.does("Ctrl+Z")
    robot.waits(lambda: robot.card() == first)
    robot.rests()
    field = robot.day.mend.field
    assert field is not None
    comes_to(field.editor)
    robot.does("Ctrl+J")
    assert robot.card() == "Nova Freshsample has no NPI."
    robot.does("Ctrl+3")
    robot.window.open("claim-build")
    robot.waits(lambda: robot.card() == first)


def test_ctrl_z_after_sending_undoes_the_send_though_the_card_has_the_cursor(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    robot = begun(sqlite_books, open_day, outbox)
    robot.types("Q")
    robot.does("Ctrl+Return")
    robot.waits(lambda: "7 claims over" in robot.said())
    robot.rests()
    field = robot.day.mend.field
    assert field is not None
    comes_to(field.editor)
    robot.does("Ctrl+Z")
    robot.waits(lambda: "ready to send again" in robot.said())
    robot.rests()
    assert robot.tiles()["ready"] == 7
    assert field.draft() == "Q"
