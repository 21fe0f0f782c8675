"""A claim that goes again unmended is asked about twice; what was begun is undone from its page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fscdesk.models.claim import Claim, ClaimStatus, Frequency
from fscdesk.models.claim_batch import Route
from fscdesk.models.coverage import Authorization
from fscdesk.services.claims.changing import CORRECTING
from fscdesk.services.claims.detail import ClaimPage, claim_page
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog
from fscdesk.ui.screens.claims.claim_appeal import AppealPart
from tests.support.claim_acts import denied_claim, rejected_claim
from tests.support.claims import the_claim
from tests.support.focus import comes_to
from tests.support.robots.claim_page import ClaimRobot, claim_window
from tests.support.sent_claims import by_route, send, some_claims, with_clearinghouse


@pytest.fixture
def window(sqlite_books: Office, qtbot: QtBot, tmp_path: Path) -> Iterator[ClaimRobot]:
    with claim_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot


def page(books: Office, claim_id: int) -> ClaimPage:
    return books.read(lambda work: claim_page(work, claim_id))


def test_a_rejected_claim_that_nobody_mended_takes_a_second_enter_and_is_undone(
    window: ClaimRobot,
) -> None:
    books, claim_id = window.office, rejected_claim(window.office)
    window.opens(claim_id)
    window.does("Ctrl+Return", "Return")
    assert "nothing on it is changed since" in window.card.goes.text()
    assert the_claim(books, claim_id).status is ClaimStatus.REJECTED
    window.does("Escape")
    assert not window.card.asking
    window.does("Ctrl+Return", "Return", "Return")
    assert the_claim(books, claim_id).status is ClaimStatus.SCRUBBED
    window.does("Ctrl+Z")
    window.waits(lambda: the_claim(books, claim_id).status is ClaimStatus.REJECTED)
    window.waits(lambda: window.newest().text == "CLM-2026-00001 is rejected, as it was.")


def test_a_rejection_opens_at_the_box_it_names_and_esc_comes_to_the_card(
    window: ClaimRobot,
) -> None:
    books, claim_id = window.office, rejected_claim(window.office)

    def says(work: Work) -> None:
        claim = work.db.get_one(Claim, claim_id)
        claim.reason_code = "A7:562:82"
        claim.reason = "Rejected: Rejected, information is wrong: NPI (A7:562:82)"

    books.write(says)
    window.opens(claim_id)
    comes_to(window.box("rendering_npi").editor)
    assert "A7:562" in window.said("rendering_npi")
    assert window.notice().startswith("Rejected, information is wrong: NPI")
    window.does("Escape", "Escape")
    comes_to(window.card)
    window.does("R")
    assert window.card.asking


def test_a_rejection_that_names_no_box_begins_on_the_card(window: ClaimRobot) -> None:
    window.opens(rejected_claim(window.office))
    comes_to(window.card)


def test_a_correction_beside_what_was_denied_warns_and_its_undo_shows_the_first_claim(
    window: ClaimRobot,
) -> None:
    books, claim_id = window.office, denied_claim(window.office)
    window.opens(claim_id)
    window.types_over("note", "Beside it")
    window.does("Return")
    new = window.claim_id
    assert new != claim_id
    comes_to(window.card)
    window.does("R", "Return")
    assert "nothing of that is changed" in window.card.goes.text()
    assert page(books, new).held_for == CORRECTING
    window.does("Escape", "Ctrl+Z")
    window.waits(lambda: the_claim(books, new).status is ClaimStatus.VOID)
    window.waits(lambda: window.claim_id == claim_id)


def test_opening_an_appeal_is_undone(window: ClaimRobot) -> None:
    books, claim_id = window.office, denied_claim(window.office)
    window.opens(claim_id)
    window.runs("Write appeal")
    part = window.body.appeal
    assert isinstance(part, AppealPart)
    comes_to(part.argument.editor)
    window.writes("It is on file.")
    window.does("Ctrl+Return")
    assert the_claim(books, claim_id).status is ClaimStatus.APPEALING
    window.does("Ctrl+Z")
    window.waits(lambda: the_claim(books, claim_id).status is ClaimStatus.DENIED)
    assert page(books, claim_id).appeals == ()


def test_an_authorization_that_is_not_on_record_is_typed_where_it_is_missing(
    window: ClaimRobot,
) -> None:
    books, claim_id = window.office, denied_claim(window.office)
    window.opens(claim_id)
    comes_to(window.box("authorization").editor)
    assert "No authorization on record covers" in window.said("authorization")
    window.types("A")
    assert isinstance(window.dialog(), FieldsDialog)
    window.types("U-197")
    window.presses("Tab", "Tab")
    window.types("12/31/2026")
    window.presses("Ctrl+Return")
    window.closed()
    (kept,) = books.read(lambda work: work.db.query(Authorization).all())
    assert kept.valid_to == date(2026, 12, 31)
    assert (kept.number, kept.patient_id) == ("AU-197", the_claim(books, claim_id).patient_id)
    window.waits(lambda: window.claim_id != claim_id)
    corrected = page(books, window.claim_id)
    assert corrected.authorization_id == kept.id
    assert corrected.row.frequency is Frequency.REPLACEMENT
    assert "Authorization AU-197 is kept with the client." in window.newest().text


def test_the_button_under_the_box_asks_for_the_authorization_too(window: ClaimRobot) -> None:
    claim_id = denied_claim(window.office)
    window.opens(claim_id)
    (button,) = window.box("authorization").notes.buttons
    assert button.words() == "Add an authorization…"
    button.click()
    window.dialog()
    window.presses("Escape")
    window.closed()
    assert window.claim_id == claim_id


def test_a_portals_claim_says_that_it_is_not_typed_in_and_opens_its_check_list(
    window: ClaimRobot,
) -> None:
    books = window.office
    desk = with_clearinghouse(books)
    by_route(books, desk.payer, Route.PORTAL)
    (claim_id,) = some_claims(books, desk, 1)
    (batch,) = send(books).batches
    window.opens(claim_id)
    assert window.notice().startswith("Not typed into the portal yet")
    assert batch.number in window.notice()
    assert window.filled() == ["Open the check-list"]
