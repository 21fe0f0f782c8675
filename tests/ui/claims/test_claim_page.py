"""One claim's page: what stands on it, what is typed into it, and where that is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.coverage import Policy
from fscdesk.models.payer import Payer
from fscdesk.services.claims.changing import CORRECTING
from fscdesk.services.claims.detail import ClaimPage, claim_page
from fscdesk.services.claims.editing import edit_claim, edits_of
from fscdesk.services.claims.scrubbing import scrub_claims
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui.actions import clashes
from tests.support.claim_acts import denied_claim, rejected_claim, version_of
from tests.support.claims import add_authorization, add_claim_desk, claim_of, the_claim
from tests.support.focus import comes_to
from tests.support.robots.claim_page import ClaimRobot, claim_window
from tests.support.sent_claims import some_claims

Start = Iterator[ClaimRobot]


@pytest.fixture
def window(sqlite_books: Office, qtbot: QtBot, tmp_path: Path) -> Start:
    with claim_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot


def page(books: Office, claim_id: int) -> ClaimPage:
    return books.read(lambda work: claim_page(work, claim_id))


def with_findings(books: Office) -> int:
    """A draft whose policy lost its member id, of a payer that asks for an authorization."""
    claim_id = claim_of(books)

    def spoil(work: Work) -> None:
        work.db.get_one(Policy, 1).member_id = ""
        work.db.get_one(Payer, 1).needs_authorization = True
        add_authorization(work, 1, 1, 8, number="A-4471")
        scrub_claims(work, [claim_id])

    books.write(spoil)
    return claim_id


def test_a_draft_says_what_it_says_and_opens_on_its_first_finding(window: ClaimRobot) -> None:
    claim_id = with_findings(window.office)
    window.opens(claim_id)
    assert window.title() == "Claim CLM-2026-00001"
    assert window.badges() == ["To mend", "File in 139 days"]
    assert "Alma Anyone" in window.page.head.facts.words()
    assert "03/02/2026 09:00" in window.page.head.facts.words()
    assert window.notice().startswith("2 findings stop it")
    comes_to(window.box("member_id").editor)
    assert "has no member id" in window.said("member_id")
    assert "A-4471 covers 03/02/2026" in window.said("authorization")
    assert window.filled() == ["Go to the finding"]
    window.does("Ctrl+J")
    comes_to(window.box("authorization").editor)
    window.does("Ctrl+J")
    comes_to(window.box("member_id").editor)


def test_a_finding_of_the_policy_is_mended_in_the_policy(window: ClaimRobot) -> None:
    books, claim_id = window.office, with_findings(window.office)
    window.opens(claim_id)
    comes_to(window.box("member_id").editor)
    assert "Enter saves it in the client's policy" in window.said("member_id")
    window.writes("XYZ555")
    assert page(books, claim_id).row.stops == 2
    window.does("Return")
    assert books.read(lambda work: work.db.get_one(Policy, 1)).member_id == "XYZ555"
    assert window.newest().text == (
        "CLM-2026-00001 is saved and checked again. Mended in the client's policy."
    )
    assert window.reads("member_id") == "XYZ555"
    assert "has no member id" not in window.said("member_id")
    assert window.box("member_id").editor.property("faulty") is not True


def test_the_fix_is_a_button(window: ClaimRobot) -> None:
    books, claim_id = window.office, with_findings(window.office)
    window.opens(claim_id)
    (button,) = window.box("authorization").notes.buttons
    assert button.words() == "Use A-4471"
    button.setFocus()
    comes_to(button)
    window.does("Space")
    assert page(books, claim_id).authorization_id is not None
    assert window.reads("authorization") == "A-4471"
    window.does("Ctrl+Z")
    assert page(books, claim_id).authorization_id is None


def test_what_is_the_claims_own_is_typed_and_saved_together(window: ClaimRobot) -> None:
    books, claim_id = window.office, claim_of(window.office)
    window.opens(claim_id)
    window.types_over("diagnoses", "f41.1 f33.0")
    window.types_over("note", "By video")
    cell = window.cell("line_pointers")
    cell.setFocus()
    comes_to(cell)
    window.presses("Ctrl+A")
    window.writes("AB")
    assert page(books, claim_id).edits.diagnoses == ("F41.1",)
    window.does("Ctrl+S")
    edits = page(books, claim_id).edits
    assert edits.diagnoses == ("F41.1", "F33.0")
    assert edits.note == "By video"
    assert [one.pointers for one in edits.lines.values()] == [(1, 2)]
    assert window.cell("line_pointers").text() == "A B"
    assert not window.form.dirty
    window.does("Ctrl+Z")
    assert page(books, claim_id).edits.diagnoses == ("F41.1",)


def test_what_cannot_be_is_said_and_kept_as_typed(window: ClaimRobot) -> None:
    books, claim_id = window.office, claim_of(window.office)
    window.opens(claim_id)
    window.types_over("birth_date", "13/45")
    window.does("Return")
    assert "is not a day" in window.said("birth_date")
    assert window.form.dirty
    window.does("Escape")
    assert window.reads("birth_date") == "05/01/1980"
    window.types_over("diagnoses", "nonsense")
    window.does("Return")
    assert window.newest().text == "NONSENSE is not an ICD-10 code."
    assert window.reads("diagnoses") == "nonsense"
    assert page(books, claim_id).edits.diagnoses == ("F41.1",)


def test_a_record_of_elsewhere_is_read_only_until_it_is_opened(window: ClaimRobot) -> None:
    claim_id = claim_of(window.office)
    window.opens(claim_id)
    box = window.goes_to("patient_name")
    assert isinstance(box.editor, QLineEdit)
    assert box.editor.isReadOnly()
    window.writes("Z")
    assert window.reads("patient_name") == "Anyone, Alma"
    window.does("F2")
    assert not box.editor.isReadOnly()
    window.writes("Anyone, Almira")
    window.does("Return")
    assert "Mended in the client's record" in window.newest().text
    assert window.reads("patient_name") == "Anyone, Almira"
    window.types_over("patient_address", "1 New Road, Sampleville, NJ 07002")
    window.does("Return")
    content = page(window.office, claim_id).content
    assert content is not None
    assert (content.patient.address.line1, content.patient.address.zip_code) == (
        "1 New Road",
        "07002",
    )


def test_a_choice_is_saved_with_enter_and_not_before(window: ClaimRobot) -> None:
    books, claim_id = window.office, claim_of(window.office)
    window.opens(claim_id)
    window.chooses("supervising", "Testa")
    assert page(books, claim_id).edits.supervising_id is None
    window.does("Return")
    supervisor = page(books, claim_id).edits.supervising_id
    assert supervisor is not None
    assert window.reads("supervising") == "Testa Fernsample"


def test_modifiers_that_stand_are_added_to(window: ClaimRobot) -> None:
    books, claim_id = window.office, claim_of(window.office)

    def has(work: Work) -> None:
        now = edits_of(work, claim_id)
        (line,) = now.lines
        seen = work.db.get_one(Claim, claim_id).version
        edit_claim(work, claim_id, now.with_line(line, modifiers=("HO",)), expected_version=seen)

    books.write(has)
    window.opens(claim_id, field="line_modifiers")
    comes_to(window.cell("line_modifiers"))
    window.writes("95")
    window.does("Return")
    assert [one.modifiers for one in page(books, claim_id).edits.lines.values()] == [("HO", "95")]


def test_what_is_typed_survives_another_screen_and_another_desk(window: ClaimRobot) -> None:
    books = window.office
    desk = books.write(add_claim_desk).value
    claim_id, other = some_claims(books, desk, 2)
    window.opens(claim_id)
    window.types_over("note", "Half typed")
    window.opens(other)
    assert window.title() == "Claim CLM-2026-00002"
    window.does("Alt+Left")
    assert window.title() == "Claim CLM-2026-00001"
    assert window.reads("note") == "Half typed"
    seen = version_of(books, claim_id)
    now = books.read(lambda work: edits_of(work, claim_id))
    changed = replace(now, place_of_service="10")
    books.write(lambda work: edit_claim(work, claim_id, changed, expected_version=seen))
    window.goes_to("note")
    window.does("Return")
    assert "changed" in window.newest().text
    assert window.reads("note") == "Half typed"
    assert window.reads("place_of_service") == "10"
    window.does("Return")
    assert page(books, claim_id).edits.note == "Half typed"


def test_a_rejected_claim_goes_again_as_the_original_that_it_is(window: ClaimRobot) -> None:
    books, claim_id = window.office, rejected_claim(window.office)
    window.opens(claim_id)
    assert window.notice().startswith("Rejected")
    assert window.card.heading.text() == "Goes again once it is mended"
    window.types_over("note", "Mended")
    window.does("Return")
    comes_to(window.card)
    assert page(books, claim_id).edits.note == "Mended"
    window.does("R")
    assert window.card.goes.text() == "Original."
    assert "never" in window.notice()
    window.does("Escape")
    assert not window.card.asking
    assert the_claim(books, claim_id).status is ClaimStatus.REJECTED
    window.does("Ctrl+Return", "Return")
    assert the_claim(books, claim_id).status is ClaimStatus.SCRUBBED
    assert window.newest().text == "CLM-2026-00001 is in today's batch: original."
    assert window.badges()[0] == "Ready"


def test_a_corrected_claim_that_a_finding_stops_goes_to_the_finding(window: ClaimRobot) -> None:
    books, claim_id = window.office, denied_claim(window.office)
    window.opens(claim_id)
    window.types_over("diagnoses", "F41.1 F33.0")
    window.does("Return")
    new = window.claim_id
    assert page(books, new).held_for == CORRECTING

    def spoil(work: Work) -> None:
        work.db.get_one(Policy, 1).member_id = ""
        scrub_claims(work, [new])

    books.write(spoil)
    window.does("F5")
    assert "stops it. R goes there" in window.card.goes.text()
    window.card.setFocus()
    comes_to(window.card)
    window.does("R")
    assert not window.card.asking
    comes_to(window.box("member_id").editor)
    window.does("Ctrl+Return")
    assert page(books, new).held_for == CORRECTING


def test_the_head_asks_without_a_change_too_and_the_old_claim_names_the_new(
    window: ClaimRobot,
) -> None:
    books, claim_id = window.office, denied_claim(window.office)
    window.opens(claim_id)
    assert window.buttons() == ["CMS-1500", "Void (8)", "Write appeal", "Correct and resend (7)"]
    window.does("Ctrl+Return")
    comes_to(window.card)
    assert window.filled() == ["Into today's batch"]
    window.does("Ctrl+Return")
    assert window.claim_id == claim_id  # nothing is changed: that is said, and asked once more
    assert window.card.heading.text() == "Send it all the same?"
    assert "nothing is changed since" in window.card.goes.text()
    assert window.filled() == ["Into today's batch"]
    window.does("Ctrl+Return")
    assert window.claim_id != claim_id
    assert page(books, window.claim_id).row.ready
    window.opens(claim_id)
    (link,) = window.body.beside.links
    assert link.words().startswith("Corrected by CLM-2026-00002")
    assert "Another claim takes its place" in window.notice()
    assert not window.card.waits()
    window.clicks(link)
    assert window.title() == "Claim CLM-2026-00002"
    window.runs("Send")
    assert the_claim(books, window.claim_id).status in (
        ClaimStatus.SUBMITTED,
        ClaimStatus.SCRUBBED,
    )


def test_what_a_payer_has_not_decided_cannot_be_typed_into(window: ClaimRobot) -> None:
    window.opens(claim_of(window.office, status=ClaimStatus.SUBMITTED))
    editors = [box.editor for box in window.form.boxes.values()]
    assert all(isinstance(one, QLineEdit) and one.isReadOnly() for one in editors)
    assert window.cell("line_modifiers").isReadOnly()
    assert window.filled() == ["Note the answer"]
    assert not window.offers("Drop…")
    assert not window.offers("Hold…")


def test_every_control_has_a_name_and_no_key_two_meanings(window: ClaimRobot) -> None:
    window.opens(with_findings(window.office))
    for _ in range(6):
        for kind in (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit):
            for one in window.page.findChildren(kind):
                if one.isVisible():
                    assert one.accessibleName() or one.text(), one  # type: ignore[attr-defined]
        window.does("Ctrl+PgDown")
    assert clashes(window.window, window.page) == []


def test_a_claim_that_is_not_there_says_so(window: ClaimRobot) -> None:
    window.opens(4711)
    assert "not in the books" in window.newest().text


def test_nothing_of_the_form_is_cut_in_a_small_window(
    sqlite_books: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    claim_id = denied_claim(sqlite_books)
    with claim_window(qtbot, sqlite_books, tmp_path, size=(1180, 800)) as robot:
        robot.opens(claim_id)
        assert robot.form.lines is not None
        inside = robot.form.width()
        for one in (*robot.form.boxes.values(), robot.form.lines):
            right = one.mapTo(robot.form, one.rect().topRight()).x()
            assert right <= inside, one
        assert robot.window.width() == 1180
