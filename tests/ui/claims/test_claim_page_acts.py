"""What can be done with a claim on its page: holding, answers, appeals, notes, paper, ways on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.models.claim import Appeal, Claim, ClaimStatus, Frequency
from fscdesk.models.claim_rule import RuleAct
from fscdesk.models.document import Document
from fscdesk.services.claims.building import build_claims, plan_secondary
from fscdesk.services.claims.detail import ClaimPage, claim_page
from fscdesk.services.claims.rule_setup import RuleFields, add_rule
from fscdesk.services.claims.scrubbing import scrub_claims
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.screens.claims.answer_dialog import AnswerDialog
from fscdesk.ui.screens.claims.claim_appeal import AppealPart
from fscdesk.ui.screens.claims.claim_box_notes import BoxNotes
from tests.support.claim_acts import denied_claim, open_appeal, sent_appeal, sent_claim
from tests.support.claims import (
    DAY,
    ClaimDesk,
    add_claim_desk,
    add_policy,
    claim_of,
    put_at,
    the_claim,
)
from tests.support.focus import comes_to
from tests.support.robots.claim_page import ClaimRobot, claim_window


@pytest.fixture
def window(sqlite_books: Office, qtbot: QtBot, tmp_path: Path) -> Iterator[ClaimRobot]:
    with claim_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot


def page(books: Office, claim_id: int) -> ClaimPage:
    return books.read(lambda work: claim_page(work, claim_id))


def fields(robot: ClaimRobot) -> FieldsDialog:
    dialog = robot.dialog()
    assert isinstance(dialog, FieldsDialog)
    return dialog


def answers(robot: ClaimRobot, reason: str) -> None:
    """Type a reason into the dialog that has come up, and do it."""
    fields(robot)
    robot.types(reason)
    robot.presses("Ctrl+Return")
    robot.closed()


def test_a_claim_is_held_with_a_reason_and_released(window: ClaimRobot) -> None:
    books, claim_id = window.office, claim_of(window.office)
    window.opens(claim_id)
    assert window.filled() == ["Send"]
    window.runs("Hold…")
    answers(window, "Waiting for the card")
    assert page(books, claim_id).held_for == "Waiting for the card"
    assert window.notice() == "Held Waiting for the card"
    assert window.filled() == ["Release"]
    window.does("Ctrl+Return")
    assert page(books, claim_id).held_for == ""
    window.does("Ctrl+Z")
    assert page(books, claim_id).held_for == "Waiting for the card"


def test_a_dialog_without_a_reason_does_nothing(window: ClaimRobot) -> None:
    books, claim_id = window.office, claim_of(window.office)
    window.opens(claim_id)
    window.runs("Hold…")
    dialog = fields(window)
    window.presses("Ctrl+Return")
    assert dialog.isVisible()
    window.presses("Escape")
    window.closed()
    assert page(books, claim_id).held_for == ""


def test_a_draft_is_dropped_with_a_reason(window: ClaimRobot) -> None:
    books, claim_id = window.office, claim_of(window.office)
    window.opens(claim_id)
    window.runs("Drop…")
    answers(window, "Wrong payer")
    assert the_claim(books, claim_id).status is ClaimStatus.VOID
    assert window.badges()[0] == "Void"
    assert window.filled() == []


def test_a_denial_is_noted_by_hand_and_the_cursor_goes_where_it_points(window: ClaimRobot) -> None:
    books, claim_id = window.office, sent_claim(window.office)
    window.opens(claim_id)
    assert window.filled() == ["Note the answer"]
    window.does("Ctrl+Return")
    dialog = window.dialog()
    assert isinstance(dialog, AnswerDialog)
    assert dialog.field("carc").isHidden()
    window.types("De")
    assert not dialog.field("carc").isHidden()
    dialog.field("carc").setFocus()
    comes_to(dialog.field("carc").editor)
    window.types("197")
    assert "No authorization was asked for." in window.labels(dialog)
    window.presses("Ctrl+Return")
    window.closed()
    found = page(books, claim_id)
    assert (found.row.status, found.row.reason_code) == (ClaimStatus.DENIED, "197")
    assert window.newest().text == "CLM-2026-00001 is denied, as of 04/12/2026."
    assert "No authorization was asked for." in window.said("authorization")
    window.opens(claim_id)
    comes_to(window.box("authorization").editor)


def test_a_part_that_is_denied_names_its_lines(window: ClaimRobot) -> None:
    books, claim_id = window.office, sent_claim(window.office, sessions=2)
    window.opens(claim_id)
    window.runs("Note the payer's answer…")
    dialog = window.dialog()
    assert isinstance(dialog, AnswerDialog)
    window.types("S")
    dialog.field("carc").setFocus()
    comes_to(dialog.field("carc").editor)
    window.types("4")
    box = dialog.field("line2").editor
    box.setFocus()
    comes_to(box)
    window.presses("Space", "Ctrl+Return")
    window.closed()
    found = page(books, claim_id)
    assert found.row.status is ClaimStatus.PARTIALLY_PAID
    assert [(one.answer, one.carc) for one in found.money] == [("paid", ""), ("denied", "4")]
    window.opens(claim_id)
    comes_to(window.cell("line_modifiers", 1))
    assert window.form.lines is not None
    assert window.form.lines.notes[1].words() == ""
    assert "modifier does not fit" in window.form.lines.notes[2].words()


def test_a_warning_is_let_pass_and_looked_at_again(window: ClaimRobot) -> None:
    books, claim_id = window.office, claim_of(window.office)

    def warn(work: Work) -> None:
        fields = RuleFields("Look", RuleAct.WARN, (), DAY, message="Look at the place.")
        add_rule(work, fields)
        scrub_claims(work, [claim_id])

    books.write(warn)
    window.opens(claim_id)
    button = next(one for one in window.page.findChildren(Button) if one.words() == "Let it pass")
    button.setFocus()
    comes_to(button)
    window.does("Space")
    assert page(books, claim_id).row.warns == 0
    assert "lets it pass" in " ".join(
        one.words() for one in window.page.findChildren(BoxNotes) if one.isVisible()
    )
    window.does("Ctrl+Z")
    assert page(books, claim_id).row.warns == 1


def test_a_void_is_made_under_the_payers_number(window: ClaimRobot) -> None:
    books, claim_id = window.office, denied_claim(window.office)
    window.opens(claim_id)
    window.runs("Void (8)")
    answers(window, "Wrong client")
    assert window.claim_id != claim_id
    new = the_claim(books, window.claim_id)
    assert (new.frequency, new.original_number) == (Frequency.VOID, "ICN-2026-1")
    assert "Void (8)" in window.badges()
    window.does("Ctrl+Z")
    assert the_claim(books, new.id).status is ClaimStatus.VOID


def test_an_appeal_from_its_words_to_its_outcome(window: ClaimRobot) -> None:
    books, claim_id = window.office, denied_claim(window.office)
    window.opens(claim_id)
    window.runs("Write appeal")
    part = window.body.appeal
    assert isinstance(part, AppealPart)
    comes_to(part.argument.editor)
    assert window.filled() == ["Open the appeal"]
    window.writes("The authorization is on file.")
    window.does("Ctrl+Return")
    assert the_claim(books, claim_id).status is ClaimStatus.APPEALING
    assert window.filled() == ["Make the letter"]
    part.preview()
    assert window.looks_at_pages().startswith(b"%PDF")
    assert books.read(lambda work: work.db.query(Document).count()) == 0
    window.does("Ctrl+Return")
    assert window.looks_at_pages().startswith(b"%PDF")
    assert books.read(lambda work: work.db.query(Document).count()) == 1
    assert window.filled() == ["Mark as sent…"]
    window.does("Ctrl+Return")
    fields(window)
    window.presses("Ctrl+Return")
    window.closed()
    (appeal,) = page(books, claim_id).appeals
    assert appeal.sent_on is not None
    assert window.filled() == ["Note the outcome…"]
    window.does("Ctrl+Return")
    fields(window)
    window.types("W")
    window.presses("Ctrl+Return")
    window.closed()
    (appeal,) = page(books, claim_id).appeals
    assert appeal.outcome == "won"
    assert the_claim(books, claim_id).status is ClaimStatus.PENDING
    assert "Level 1" in part.past.words()


def test_the_head_goes_on_with_an_appeal_that_is_open_or_sent(window: ClaimRobot) -> None:
    books = window.office
    appeal_id = sent_appeal(books)
    claim_id = books.read(lambda work: work.db.get_one(Appeal, appeal_id).claim_id)
    window.opens(claim_id)
    assert window.filled() == ["Note the outcome"]
    window.does("Ctrl+Return")
    fields(window)
    window.presses("Escape")
    window.closed()
    assert the_claim(books, claim_id).status is ClaimStatus.APPEALING


def test_an_open_appeal_keeps_what_is_typed(window: ClaimRobot) -> None:
    books = window.office
    appeal_id = open_appeal(books)
    claim_id = books.read(lambda work: work.db.get_one(Appeal, appeal_id).claim_id)
    window.opens(claim_id)
    assert window.filled() == ["Finish the appeal"]
    window.does("Ctrl+Return")
    part = window.body.appeal
    assert isinstance(part, AppealPart)
    comes_to(part.argument.editor)
    window.presses("Ctrl+A")
    window.writes("It was asked for in January.")
    window.does("Ctrl+S")
    (appeal,) = page(books, claim_id).appeals
    assert appeal.argument == "It was asked for in January."


def test_a_note_is_kept_with_enter(window: ClaimRobot) -> None:
    books, claim_id = window.office, claim_of(window.office)
    window.opens(claim_id)
    window.does("Ctrl+Shift+N")
    comes_to(window.body.beside.note)
    window.writes("Called, they look into it")
    window.does("Return")
    assert [one.text for one in page(books, claim_id).notes] == ["Called, they look into it"]
    assert window.body.beside.note.text() == ""
    assert "Called, they look into it" in window.story()
    assert window.body.tabs.tabs.count("notes") == 1


def test_who_follows_it_and_what_is_next(window: ClaimRobot) -> None:
    books, claim_id = window.office, claim_of(window.office)
    window.opens(claim_id)
    window.does("Ctrl+Shift+A")
    assert page(books, claim_id).row.assigned_to is not None
    assert "With" in window.page.head.facts.words()
    window.does("Ctrl+Shift+D")
    fields(window)
    window.types("Call them")
    window.presses("Ctrl+Return")
    window.closed()
    assert page(books, claim_id).row.next_action == "Call them"
    window.runs("Assign…")
    fields(window)
    window.rests()
    window.presses("Home", "Ctrl+Return")
    window.closed()
    assert page(books, claim_id).row.assigned_to is None


def test_the_form_on_paper_is_shown(window: ClaimRobot) -> None:
    window.opens(claim_of(window.office))
    window.does("Ctrl+P")
    copy = window.looks_at_pages()
    window.runs("CMS-1500 on the red form")
    red = window.looks_at_pages()
    assert copy.startswith(b"%PDF")
    assert red.startswith(b"%PDF")
    assert len(copy) > len(red)


def test_the_ways_to_session_client_and_batch(window: ClaimRobot) -> None:
    books, claim_id = window.office, denied_claim(window.office, sessions=2)
    money = page(books, claim_id).money
    window.opens(claim_id)
    cell = window.cell("line_modifiers", 2)
    cell.setFocus()
    comes_to(cell)
    window.does("Ctrl+L")
    assert window.last_asked() == {"session": money[1].session_id}
    window.does("Escape")
    assert window.title() == "Claim CLM-2026-00001"
    window.runs("Open the account")
    assert window.last_asked() == {"patient": the_claim(books, claim_id).patient_id}
    window.does("Alt+Left")
    story = window.body.beside.story
    story.opened.emit("batch:1")
    window.rests()
    assert window.last_asked() == {"tab": "batches", "row": 1}


def test_the_tabs_tell_lines_files_notes_and_every_change(window: ClaimRobot) -> None:
    claim_id = denied_claim(window.office, sessions=2)
    window.opens(claim_id)
    seen: dict[str, int] = {}
    for _ in range(4):
        window.does("Ctrl+PgDown")
        part = window.body.part
        model = part.list.model  # type: ignore[attr-defined]
        window.waits(lambda model=model: model.known)
        seen[window.body.tabs.current] = model.total
    assert seen["lines"] == 2
    assert seen["files"] == 1
    assert seen["notes"] == 0
    assert seen["history"] >= 4
    window.does("Ctrl+PgDown")
    assert window.body.tabs.current == "appeal"
    window.does("Ctrl+PgDown")
    assert window.body.tabs.current == "form"
    assert QApplication.focusWidget() is not None


def test_a_finding_of_a_claim_that_was_sent_is_not_shown(window: ClaimRobot) -> None:
    books, claim_id = window.office, denied_claim(window.office)

    def forget(work: Work) -> None:
        work.db.get_one(Claim, claim_id).payer_number = ""

    books.write(forget)
    window.opens(claim_id)
    assert window.said("member_id") == ""
    assert window.buttons()[-1] == "Send as an original"
    assert not window.offers("Void (8)")


def test_a_claim_that_was_passed_on_waits_and_can_be_taken_back(window: ClaimRobot) -> None:
    books = window.office

    def people(work: Work) -> ClaimDesk:
        desk = add_claim_desk(work)
        add_policy(work, desk.alma, desk.next_payer, "SEC1", rank=2)
        return desk

    first = claim_of(books, desk=books.write(people).value)
    books.write(lambda work: put_at(work, first, ClaimStatus.PARTIALLY_PAID))
    built = books.write(lambda work: build_claims(work, plan_secondary(work))).value
    (second,) = built.claim_ids
    window.opens(second)
    window.runs("Passed on by the earlier payer…")
    window.dialog()
    window.presses("Return")
    window.waits(lambda: the_claim(books, second).status is ClaimStatus.PENDING)
    window.waits(lambda: "was passed on 04/12/2026; it waits" in window.newest().text)
    window.waits(lambda: not window.offers("Passed on by the earlier payer…"))
    window.runs("Not passed on after all")
    window.waits(lambda: the_claim(books, second).crossed_over is False)
    window.waits(lambda: window.offers("Passed on by the earlier payer…"))
