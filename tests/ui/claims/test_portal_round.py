"""The portal round by key: two keys for each claim, undo, what is refused, and the sums."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.services.claims.portal_round import Found, note_found
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.queue.listing_items import ItemKind, QueueFilter, page_of_items
from fscdesk.services.work import Work
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.claims.round_head import address_of, why_not_opened
from fscdesk.ui.screens.queue import QueueScreen
from tests.support.claim_acts import TODAY, version_of
from tests.support.claims import add_claim_desk
from tests.support.focus import comes_to
from tests.support.named import unnamed
from tests.support.robots.office import DiaryScreen
from tests.support.robots.portal_round import ADDRESS, RoundRobot, round_window, silent_claims


@pytest.fixture
def robot(sqlite_books: Office, qtbot: QtBot, tmp_path: Path) -> Iterator[RoundRobot]:
    """A person who looks up claims."""
    with round_window(qtbot, sqlite_books, tmp_path) as made:
        yield made


@pytest.fixture
def claims(sqlite_books: Office) -> tuple[int, ...]:
    """Four silent claims, in the order of the round."""
    return silent_claims(sqlite_books, sqlite_books.write(add_claim_desk).value)


def standing(books: Office, claim_id: int) -> tuple[ClaimStatus, str, date | None]:
    def look(work: Work) -> tuple[ClaimStatus, str, date | None]:
        one = work.db.get_one(Claim, claim_id)
        return one.status, one.reason_code, one.next_action_on

    return books.read(look)


def answering(robot: RoundRobot) -> Found | None:
    """The answer that was begun on the card."""
    way = robot.screen.card.way
    return None if way is None else way.found


def test_the_longest_silence_is_first_and_two_keys_go_on_to_the_next(
    robot: RoundRobot, claims: tuple[int, ...]
) -> None:
    robot.opens()
    comes_to(robot.screen.card)
    assert robot.payers() == [
        "Imaginary Blue, 390.00, 3 claims, 90 days silent",
        "Example East, 130.00, 1 claim, 70 days silent",
    ]
    assert robot.screen.line.note.text() == "2 payers, 4 claims silent, 520.00 open"
    assert robot.column("silent") == ["90", "60", "40"]
    assert robot.claim() == claims[0]
    robot.begins()
    robot.answers("P")
    assert robot.log.keys == 2
    assert standing(robot.office, claims[0]) == (
        ClaimStatus.PENDING,
        "",
        TODAY + timedelta(days=14),
    )
    comes_to(robot.screen.card)
    assert robot.claim() == claims[1]
    assert robot.column("mark") == ["In process", "To look up", "To look up"]
    assert robot.newest().text == (
        "CLM-2026-00001, Alma Anyone: in process. It comes up again on 04/26/2026."
    )
    robot.answers("N")
    robot.answers("M")
    assert robot.claim() == claims[3], "the last claim of a payer leads to the next payer"
    assert robot.screen.head.name.text() == "Example East"
    assert standing(robot.office, claims[1])[0] is ClaimStatus.REJECTED
    assert standing(robot.office, claims[2])[2] == TODAY + timedelta(days=7)


def test_the_round_ends_with_its_sums_and_the_way_on(
    robot: RoundRobot, claims: tuple[int, ...]
) -> None:
    robot.opens()
    for letter in ("P", "N", "P"):
        robot.answers(letter)
    comes_to(robot.screen.card)
    robot.presses("D")
    comes_to(robot.screen.card.carc.edit)
    robot.types("197")
    robot.does("Return")
    robot.waits(robot.ended)
    summary = robot.screen.summary
    assert summary.heading.text() == "The round is done"
    assert summary.sentence.text() == (
        "4 claims of 2 payers looked up and noted. Nothing of it moved money."
    )
    assert list(summary.buttons) == [Found.PENDING, Found.DENIED, Found.NOT_ON_FILE]
    assert standing(robot.office, claims[3])[:2] == (ClaimStatus.DENIED, "197")
    comes_to(summary.buttons[Found.PENDING])
    robot.presses("Tab")
    robot.does("Space")
    assert robot.window.history.here() is not None
    here = robot.window.history.here()
    assert here is not None
    assert here.place == "claims"
    robot.opens()
    assert robot.screen.nothing.isVisible()
    assert "No payer is silent" in robot.screen.nothing.sentence.text()


def test_a_denial_wants_a_reason_code_and_words_find_it(
    robot: RoundRobot, claims: tuple[int, ...]
) -> None:
    robot.opens()
    comes_to(robot.screen.card)
    robot.presses("D")
    carc = robot.screen.card.carc
    comes_to(carc.edit)
    robot.does("Return")
    assert carc.sentence.text() == "Reason code (CARC) is missing."
    assert robot.claim() == claims[0]
    robot.types("authorization")
    robot.waits(carc.popup.isVisible)
    shown = [line.title for line in carc.list.lines]
    assert "197" in shown
    for _ in range(shown.index("197")):
        robot.presses("Down")
    robot.does("Return")
    assert standing(robot.office, claims[0])[:2] == (ClaimStatus.DENIED, "197")
    assert robot.newest().text == (
        "CLM-2026-00001, Alma Anyone: denied, CARC 197. It is under Denials."
    )


def test_esc_leaves_an_answer_and_a_held_key_decides_nothing(
    robot: RoundRobot, claims: tuple[int, ...]
) -> None:
    robot.opens()
    card = robot.screen.card
    comes_to(card)
    robot.holds("P")
    assert answering(robot) is None
    robot.presses("P")
    robot.waits(lambda: answering(robot) is Found.PENDING and not card.hasFocus())
    robot.holds("Return")
    robot.rests()
    assert robot.claim() == claims[0]
    robot.presses("Escape")
    comes_to(card)
    assert answering(robot) is None
    assert robot.column("mark") == ["To look up"] * 3
    assert standing(robot.office, claims[0])[0] is ClaimStatus.SUBMITTED


def test_ctrl_z_brings_the_claim_back_into_the_round(
    robot: RoundRobot, claims: tuple[int, ...]
) -> None:
    robot.opens()
    robot.answers("N")
    assert robot.column("mark")[0] == "Not on file"
    robot.does("Ctrl+Z")
    assert standing(robot.office, claims[0])[0] is ClaimStatus.SUBMITTED
    assert robot.column("mark") == ["To look up"] * 3
    assert robot.newest().text == "CLM-2026-00001 is to be looked up again."
    robot.does("Up")
    assert robot.claim() == claims[0]
    robot.answers("P")
    assert standing(robot.office, claims[0])[0] is ClaimStatus.PENDING


def test_what_somebody_else_answered_first_is_told_and_what_was_typed_stays(
    robot: RoundRobot, claims: tuple[int, ...]
) -> None:
    robot.opens()
    comes_to(robot.screen.card)
    seen = version_of(robot.office, claims[0])
    robot.office.write(
        lambda work: note_found(work, claims[0], Found.DENIED, expected_version=seen, carc="16")
    )
    robot.presses("P")
    robot.waits(lambda: robot.screen.card.way is not None and not robot.screen.card.hasFocus())
    robot.does("Return")
    assert robot.newest().level is Level.PROBLEM
    assert "changed claim CLM-2026-00001" in robot.newest().text
    assert standing(robot.office, claims[0])[0] is ClaimStatus.DENIED
    robot.does("F5")
    assert claims[0] not in [row.id for row in robot.screen.round.rows]


def test_the_day_number_and_words_are_kept_as_typed(
    robot: RoundRobot, claims: tuple[int, ...]
) -> None:
    robot.opens()
    card = robot.screen.card
    comes_to(card)
    robot.presses("M")
    comes_to(card.days[Found.PAID].editor)
    robot.types("-1")
    robot.does("Return")
    assert card.days[Found.PAID].sentence.text() == "This day is over."
    card.days[Found.PAID].edit.selectAll()
    robot.types("+3")
    robot.presses("Tab")
    comes_to(card.number.editor)
    robot.types("ICN77")
    robot.does("Return")
    assert standing(robot.office, claims[0])[2] == TODAY + timedelta(days=3)
    number = robot.office.read(lambda work: work.db.get_one(Claim, claims[0]).payer_number)
    assert number == "ICN77"
    assert robot.column("mark")[0] == "Paid, money to come"


def test_the_portal_opens_with_its_address_alone(
    robot: RoundRobot, claims: tuple[int, ...]
) -> None:
    robot.opens()
    comes_to(robot.screen.card)
    assert robot.screen.head.steps.text() == (
        "1. Sign in\n2. Claims, Search\n3. Type the member id and the day"
    )
    robot.does("Ctrl+Return")
    robot.does("W")
    assert robot.pages == [ADDRESS, ADDRESS]
    robot.does("Ctrl+Down")
    assert robot.screen.head.name.text() == "Example East"
    primary = robot.screen.primary()
    assert primary is not None
    assert not primary.isEnabled()
    robot.runs("Portals in Setup")
    assert isinstance(robot.front, DiaryScreen)
    assert robot.front.asked[-1] == {"group": "payers", "tab": "portals"}


def test_an_address_that_is_no_web_page_is_not_opened(
    robot: RoundRobot, claims: tuple[int, ...]
) -> None:
    robot.opens()
    stand = robot.screen.stand
    assert stand is not None
    for typed in ("file:///etc/hosts", "javascript:alert(1)", "C:\\portal.exe", "///"):
        odd = replace(stand.stop, address=typed)
        assert address_of(odd) is None, typed
        assert why_not_opened(odd)
    plain = replace(stand.stop, address="portal.example")
    url = address_of(plain)
    assert url is not None
    assert url.toString() == "http://portal.example"


def test_keys_move_between_claims_payers_and_the_list(
    robot: RoundRobot, claims: tuple[int, ...]
) -> None:
    robot.opens()
    comes_to(robot.screen.card)
    robot.does("Down", "Down")
    assert robot.claim() == claims[2]
    robot.does("Down")
    assert robot.claim() == claims[2]
    robot.does("Ctrl+Down")
    assert robot.claim() == claims[3]
    robot.does("Ctrl+Up")
    assert robot.claim() == claims[0]
    comes_to(robot.screen.card)
    robot.does("Ctrl+J")
    assert robot.claim() == claims[1]
    robot.screen.list.view.setFocus()
    comes_to(robot.screen.list.view)
    robot.does("End")
    assert robot.claim() == claims[2]
    robot.does("Return")
    comes_to(robot.screen.card)
    robot.does("Ctrl+L")
    assert isinstance(robot.front, DiaryScreen)
    assert robot.front.asked[-1] == {"claim": claims[2]}
    robot.does("Alt+Left")
    comes_to(robot.screen.card)
    assert robot.claim() == claims[2]


def test_ended_early_the_sums_say_what_is_left(robot: RoundRobot, claims: tuple[int, ...]) -> None:
    robot.opens()
    robot.answers("P")
    robot.runs("End the round")
    assert robot.ended()
    assert robot.screen.summary.left.text() == "3 claims wait to be looked up."
    robot.does("Escape")
    comes_to(robot.screen.card)
    assert robot.claim() == claims[1]


@pytest.mark.parametrize("place", ["claims", "queue"])
def test_claims_and_the_queue_open_it_by_key(
    robot: RoundRobot, claims: tuple[int, ...], place: str
) -> None:
    robot.window.open(place)
    robot.rests()
    robot.does("Ctrl+G")
    comes_to(robot.screen.card)


def test_the_queue_opens_it_on_the_silent_claim_that_it_shows(
    robot: RoundRobot, sqlite_books: Office, claims: tuple[int, ...]
) -> None:
    item = next(
        one
        for one in sqlite_books.read(
            lambda work: page_of_items(work, QueueFilter(), Span(0, 100, "lost"))
        ).rows
        if one.kind is ItemKind.SILENT and one.claim_id == claims[2]
    )
    robot.window.open("queue", item=item.key)
    robot.rests()
    queue = robot.front
    assert isinstance(queue, QueueScreen)
    robot.waits(lambda: queue.list.view.picking.current_row is not None)
    words = "Look it up in the portal round"
    step = next(one for one in queue._head(item).next_steps if one.word == words)
    step.act()
    robot.rests()
    comes_to(robot.screen.card)
    assert robot.claim() == claims[2]


def test_opened_on_a_claim_that_is_not_silent_any_more_it_begins_with_its_payer(
    robot: RoundRobot, claims: tuple[int, ...]
) -> None:
    seen = version_of(robot.office, claims[1])
    robot.office.write(
        lambda work: note_found(work, claims[1], Found.PENDING, expected_version=seen)
    )
    payer = robot.office.read(lambda work: work.db.get_one(Claim, claims[1]).payer_id)
    robot.window.open("portal-round", payer=payer, claim=claims[1])
    robot.rests()
    comes_to(robot.screen.card)
    assert robot.claim() == claims[0]


def test_everything_has_a_name(robot: RoundRobot, claims: tuple[int, ...]) -> None:
    robot.opens()
    comes_to(robot.screen.card)
    robot.presses("D")
    robot.rests()
    assert unnamed(robot.screen) == []
    robot.does("Escape")
    robot.answers("P")
    robot.runs("End the round")
    assert unnamed(robot.screen) == []
