"""Denied lines at the keyboard: the views, why in words, and what is done about them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from fscdesk.models.approval import ApprovalRequest
from fscdesk.models.claim import Claim, ClaimNote
from fscdesk.models.coverage import Policy
from fscdesk.models.remittance import Fate
from fscdesk.models.values import Money
from fscdesk.services.billing.adjustment_entry import PAYER
from fscdesk.services.claims.appealing import Outcome, close_appeal
from fscdesk.services.claims.correcting import correct_claim
from fscdesk.services.office import Office
from fscdesk.services.remittances.answered import DecidedClaim, DecidedLine
from fscdesk.services.remittances.reasons import carc
from fscdesk.services.work import Work
from fscdesk.ui.actions import clashes
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.tables.story import StoryPage
from tests.support.claim_acts import (
    TODAY,
    appeal_version,
    denied_claim,
    open_appeal,
    sent_appeal,
    version_of,
)
from tests.support.claims import the_claim
from tests.support.focus import comes_to
from tests.support.payments import open_till
from tests.support.people import add_payer
from tests.support.remittances_made import claim, kept, line, plain_line, posted, remittance
from tests.support.robots.denials import DenialsRobot, denials_window


@pytest.fixture
def robot(sqlite_books: Office, qtbot: QtBot, tmp_path: Path) -> Iterator[DenialsRobot]:
    """A person who works on denials."""
    with denials_window(qtbot, sqlite_books, tmp_path) as made:
        yield made


def test_a_denial_is_found_with_its_reason_and_enter_opens_its_line(
    sqlite_books: Office, robot: DenialsRobot
) -> None:
    claim_id = denied_claim(sqlite_books, sessions=2)
    robot.opens()
    assert list(robot.desk.column("reason")) == ["CO-197", "CO-197"]
    assert list(robot.desk.column("category")) == ["Authorization", "Authorization"]
    assert list(robot.desk.column("open")) == ["130.00", "130.00"]
    robot.does("Down", "Return")
    assert robot.diary() == {"claim": claim_id, "field": "line_code", "line": 2}
    robot.does("Alt+Left")
    row = robot.tab.list.view.picking.current_row
    assert (robot.screen.tabs.current, row.line) == ("denials", 2)


def test_the_pane_says_why_what_helps_and_until_when(
    sqlite_books: Office, robot: DenialsRobot
) -> None:
    denied_claim(sqlite_books)
    robot.opens()
    reason = carc("197")
    assert reason is not None
    said = robot.why()
    for words in (reason.words, reason.remedy, reason.document, "CO-197", "Noted on 04/12/2026"):
        assert words in said
    assert "Appeal until" in said
    assert robot.steps() == {"Correct": True, "Write appeal": True}
    assert robot.done() == ["Nothing was done yet", "Denied"]


def test_correct_goes_to_where_the_reason_points_and_the_appeal_to_its_tab(
    sqlite_books: Office, robot: DenialsRobot
) -> None:
    claim_id = denied_claim(sqlite_books)
    robot.opens()
    robot.steps()
    robot.does("Ctrl+Return")
    assert robot.diary() == {"claim": claim_id}
    robot.does("Alt+Left")
    robot.presses_step("Write appeal")
    assert robot.diary() == {"claim": claim_id, "tab": "appeal"}
    robot.opens()
    robot.does("Ctrl+Shift+P")
    assert robot.diary() == {"claim": claim_id, "tab": "appeal"}


def test_an_appeal_moves_it_to_its_view_and_its_end_is_told(
    sqlite_books: Office, robot: DenialsRobot
) -> None:
    open_appeal(sqlite_books)
    robot.opens()
    assert robot.tab.list.body.empty is not None
    robot.opens("appeals")
    assert robot.steps() == {"Open the appeal": True}
    assert robot.done() == ["Appeal, level 1: pending", "Denied"]


def test_how_an_appeal_ended_and_what_corrects_it_is_told(
    sqlite_books: Office, robot: DenialsRobot
) -> None:
    appeal = sent_appeal(sqlite_books)
    seen = appeal_version(sqlite_books, appeal)
    sqlite_books.write(
        lambda work: close_appeal(work, appeal, Outcome.LOST, TODAY, expected_version=seen)
    )
    version = version_of(sqlite_books, 1)
    made = sqlite_books.write(lambda work: correct_claim(work, 1, expected_version=version)).value
    number = the_claim(sqlite_books, made).number
    robot.opens("all")
    assert robot.done() == [f"Corrected by {number}", "Appeal, level 1: lost", "Denied"]
    pane = robot.tab.list.pane
    assert pane is not None
    page = pane.page("done")
    assert isinstance(page, StoryPage)
    page.story.setFocus()
    comes_to(page.story)
    robot.does("Return")
    assert robot.diary() == {"claim": made}


def test_it_is_taken_assigned_planned_and_noted(sqlite_books: Office, robot: DenialsRobot) -> None:
    claim_id = denied_claim(sqlite_books, sessions=2)
    me = sqlite_books.read(lambda work: work.actor.staff_id)
    robot.opens()
    robot.does("Space", "Down", "Space", "Ctrl+Shift+A")
    robot.desk.waits(lambda: the_claim(sqlite_books, claim_id).assigned_to == me)
    robot.desk.waits(lambda: robot.desk.said() == "1 claim is yours now.")
    robot.does("Ctrl+Z")
    robot.desk.waits(lambda: the_claim(sqlite_books, claim_id).assigned_to is None)
    robot.does("Ctrl+Shift+D")
    robot.desk.dialog()
    robot.desk.types("Call the payer")
    robot.desk.presses("Ctrl+Return")
    robot.desk.waits(lambda: the_claim(sqlite_books, claim_id).next_action == "Call the payer")
    robot.desk.waits(lambda: QApplication.activeModalWidget() is None)
    robot.desk.comes_forward()
    robot.does("Ctrl+Shift+N")
    robot.desk.dialog()
    robot.desk.types("They want the number")
    robot.desk.presses("Ctrl+Return")
    robot.desk.waits(lambda: robot.desk.said() == "The note is kept with 1 claim.")
    robot.desk.comes_forward()
    notes = sqlite_books.read(lambda work: [one.text for one in work.db.query(ClaimNote)])
    assert notes == ["They want the number"]


def test_somebody_is_chosen_who_looks_after_it(sqlite_books: Office, robot: DenialsRobot) -> None:
    claim_id = denied_claim(sqlite_books)
    robot.opens()
    act = next(one for one in robot.tab.list.spec.bulk if one.key == "assign")
    robot.tab.list.do(act)
    robot.desk.dialog()
    robot.desk.rests()
    name = sqlite_books.read(lambda work: work.actor.name)
    robot.desk.types(name[:3])
    robot.desk.presses("Ctrl+Return")
    robot.desk.waits(lambda: the_claim(sqlite_books, claim_id).assigned_to is not None)
    robot.desk.waits(lambda: QApplication.activeModalWidget() is None)
    robot.desk.comes_forward()
    assert robot.desk.said().endswith(f"is with {name}.")
    robot.does("Ctrl+Z")
    robot.desk.waits(lambda: the_claim(sqlite_books, claim_id).assigned_to is None)


def test_a_write_off_is_asked_for_and_waits_for_a_second_person(
    sqlite_books: Office, robot: DenialsRobot
) -> None:
    denied_claim(sqlite_books)
    robot.opens()
    robot.does("Ctrl+Shift+M")
    dialog = robot.desk.dialog()
    assert isinstance(dialog, FieldsDialog)
    said = " ".join(one.text() for one in dialog.findChildren(QLabel))
    assert "The client owes 30.00, payers 130.00." in said
    side = dialog.field("side")
    assert isinstance(side, ChoiceField)
    assert side.value() == PAYER
    amount = dialog.field("amount")
    amount.setFocus()
    comes_to(amount.editor)
    robot.desk.presses("Tab")
    robot.desk.types("Filed too late")
    robot.desk.presses("Ctrl+Return")
    robot.desk.waits(lambda: QApplication.activeModalWidget() is None)
    robot.desk.comes_forward()
    robot.desk.waits(lambda: "waits for a second person" in robot.desk.said())
    (asked,) = sqlite_books.read(
        lambda work: [one.amount for one in work.db.query(ApprovalRequest)]
    )
    assert asked == Money(130_00)
    robot.desk.rests()
    assert list(robot.desk.column("open")) == ["130.00"]


def test_the_next_payer_is_billed_and_undo_drops_it(
    sqlite_books: Office, robot: DenialsRobot
) -> None:
    claim_id = denied_claim(sqlite_books)
    robot.opens()
    robot.detail()
    act = next(one for one in robot.tab.list.spec.row_acts if one.key == "next_payer")
    robot.tab.list.do(act)
    robot.desk.waits(lambda: robot.desk.said().startswith("No payer stands behind"))
    assert robot.detail().next_payer == ""

    def insure(work: Work) -> None:
        one = work.db.get_one(Claim, claim_id)
        second = add_payer(work, "Second Example")
        work.db.add(
            Policy(
                patient_id=one.patient_id,
                payer_id=second,
                rank=2,
                member_id="SEC000001",
                valid_from=date(2026, 1, 1),
            )
        )

    sqlite_books.write(insure)
    robot.opens()
    robot.tab.list.do(act)
    robot.desk.waits(lambda: "is built for the next payer" in robot.desk.said())
    (new,) = sqlite_books.read(
        lambda work: [one.id for one in work.db.query(Claim).filter_by(rank=2)]
    )
    assert the_claim(sqlite_books, new).primary_id == claim_id
    robot.does("Ctrl+Z")
    robot.desk.waits(lambda: "is dropped" in robot.desk.said())


def test_what_was_billed_elsewhere_opens_its_session_and_its_remittance(
    sqlite_books: Office, robot: DenialsRobot
) -> None:
    till = sqlite_books.write(open_till).value
    own = claim(1, line(till.copays[0], 0), line(till.copays[1], 100_00))
    denied, part = own.lines
    lines = (DecidedLine(denied, Fate.POSTED, denied="CO-197"), plain_line(part))
    said = DecidedClaim(own, Fate.POSTED, None, "", lines)

    def act(work: Work) -> int:
        remittance_id = kept(work, remittance(till.payer, own))
        posted(work, remittance_id, [said])
        return remittance_id

    remittance_id = sqlite_books.write(act).value
    robot.opens()
    assert robot.steps() == {"Open the session": True, "Remittance": True}
    session = robot.detail().row.session_id
    robot.does("Return")
    assert robot.diary() == {"session": session}
    robot.does("Alt+Left")
    robot.presses_step("Remittance")
    assert robot.diary() == {"remittance": remittance_id, "position": 1}
    robot.does("Alt+Left")
    robot.does("Ctrl+Shift+A")
    assert robot.desk.said() == "It was billed elsewhere; there is no claim of it here."


def test_no_key_means_two_things(sqlite_books: Office, robot: DenialsRobot) -> None:
    denied_claim(sqlite_books)
    robot.opens()
    assert clashes(robot.desk.window, robot.screen) == []
    keys = [one.shortcut for one in (*robot.tab.list.spec.bulk, *robot.tab.list.spec.row_acts)]
    named = [one for one in keys if one]
    assert len(set(named)) == len(named)
