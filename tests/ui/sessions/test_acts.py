"""What is done to sessions by keyboard: it is said, refused in words, and taken back."""

from __future__ import annotations

from fscdesk.models.session import BillingStatus
from fscdesk.services.office import Office
from fscdesk.services.sessions.lifecycle import change_billing_status
from fscdesk.ui.screens.sessions.attendance_dialog import AttendanceDialog
from fscdesk.ui.screens.sessions.status_dialog import StatusDialog
from tests.support.robots.sessions import SessionsRobot

JOSE, NOVA, ZT, QUILL = "José Ficción", "Nova Newclient", "Z. T.", "Quill Fakerson"


def _status_dialog(robot: SessionsRobot) -> StatusDialog:
    dialog = robot.dialog()
    assert isinstance(dialog, StatusDialog)
    return dialog


def _attendance_dialog(robot: SessionsRobot) -> AttendanceDialog:
    dialog = robot.dialog()
    assert isinstance(dialog, AttendanceDialog)
    return dialog


def test_a_status_is_set_with_its_reason_and_taken_back(sessions: SessionsRobot) -> None:
    row = sessions.goes_to(JOSE)
    sessions.presses("Space")
    sessions.picks("status")
    dialog = _status_dialog(sessions)
    assert dialog.status() == "pending", "the usual next step is proposed"
    assert dialog.do_it.isEnabled()
    sessions.types("Den")
    assert dialog.status() == "denied"
    assert "not the usual next step" in dialog.hint.text()
    assert not dialog.do_it.isEnabled()
    sessions.presses("Tab")
    sessions.types("No prior authorization (CO-197)")
    assert dialog.do_it.isEnabled()
    sessions.presses("Return")
    assert sessions.sees_message("1 session set to Denied.").undo is not None
    assert not sessions.has_dialog()
    sessions.sees_cell(row.id, "status", "Denied")
    sessions.presses("Ctrl+Z")
    sessions.sees_message("set back to what it was before")
    sessions.sees_cell(row.id, "status", "Submitted")
    sessions.presses("Ctrl+Y")
    sessions.sees_cell(row.id, "status", "Denied")


def test_reasons_given_before_are_offered_again(march: Office, sessions: SessionsRobot) -> None:
    reason = "No prior authorization (CO-197)"
    march.write(lambda work: change_billing_status(work, [39], BillingStatus.DENIED, reason=reason))
    sessions.goes_to("Ümit Beispielmann", "03/19")
    sessions.screen.acts.set_status(sessions.part.chosen())
    combo = _status_dialog(sessions).reasons.combo
    sessions.qtbot.waitUntil(lambda: combo.count() == 1)
    assert combo.itemText(0) == reason
    assert not _status_dialog(sessions).reason(), "an old reason is offered, not given"
    sessions.presses("Escape")
    assert not sessions.has_dialog()


def test_paid_is_refused_while_something_is_open(sessions: SessionsRobot) -> None:
    row = sessions.goes_to(JOSE)
    sessions.presses("Space")
    sessions.picks("status")
    dialog = _status_dialog(sessions)
    sessions.types("Pai")
    sessions.presses("Tab")
    sessions.types("They said so")
    sessions.presses("Ctrl+Return")
    sessions.qtbot.waitUntil(lambda: bool(dialog.refusal.text()))
    assert "still has 130.00 open with the payer" in dialog.refusal.text()
    assert dialog.reason() == "They said so", "what was typed is kept"
    assert dialog.do_it.words() == "Set status"
    sessions.presses("Escape")
    assert sessions.cell(row.id, "status") == "Submitted"


def test_a_session_changed_meanwhile_is_not_changed_again(
    march: Office, sessions: SessionsRobot
) -> None:
    row = sessions.goes_to(JOSE)
    sessions.screen.acts.set_status([row])
    march.write(
        lambda work: change_billing_status(work, [row.id], BillingStatus.PENDING, reason="")
    )
    dialog = _status_dialog(sessions)
    sessions.presses("Ctrl+Return")
    sessions.qtbot.waitUntil(lambda: "in the meantime" in dialog.refusal.text())
    sessions.presses("Escape")


def test_the_check_before_billing_says_what_happened(sessions: SessionsRobot) -> None:
    row = sessions.goes_to(ZT, "03/24")
    sessions.presses("Ctrl+Shift+B")
    message = sessions.sees_message("1 session checked: 1 now ready to bill.")
    assert message.help is None
    sessions.sees_cell(row.id, "status", "Ready to bill")
    sessions.presses("Ctrl+Z")
    sessions.sees_cell(row.id, "status", "Documented")
    sessions.presses("Ctrl+Y")
    sessions.sees_cell(row.id, "status", "Ready to bill")


def test_what_is_missing_is_one_button_away(sessions: SessionsRobot) -> None:
    sessions.goes_to(ZT, "03/24")
    sessions.presses("Space")
    lacking = sessions.goes_to("Minna Minorsample", "03/27")
    sessions.presses("Space")
    sessions.goes_to(JOSE)
    sessions.presses("Space", "Ctrl+Return")
    message = sessions.sees_message(
        "3 sessions checked: 1 now ready to bill, 1 billed or ready before, 1 lacks something."
    )
    assert message.help is not None
    assert message.help.label == "Show what is missing"
    message.help.act()
    sessions.sees_pane("Minna Minorsample", "03/27")
    assert sessions.current() == lacking
    sentences = sessions.checks().sentences()
    assert sentences[0] == "4 of 7 checks pass. What is missing:"
    assert any("has no member id" in sentence for sentence in sentences)
    sessions.checks().buttons[0].click()
    assert sessions.elsewhere("patients") == {"patient": lacking.patient_id}


def test_attendance_changes_the_money_and_back(sessions: SessionsRobot) -> None:
    row = sessions.goes_to(NOVA)
    sessions.presses("Space")
    sessions.picks("attendance")
    dialog = _attendance_dialog(sessions)
    assert dialog.attendance() == "completed"
    sessions.qtbot.waitUntil(lambda: dialog.outlook.text() == "It is Attended already.")
    assert not dialog.do_it.isEnabled()
    sessions.presses("Right", "Right")
    assert dialog.attendance() == "no_show"
    sessions.qtbot.waitUntil(dialog.do_it.isEnabled)
    assert dialog.outlook.text() == "Charged now 200.00. Then nothing."
    sessions.presses("Ctrl+Return")
    sessions.sees_message("1 session set to No show.")
    assert not sessions.has_dialog()
    sessions.sees_cell(row.id, "status", "No show")
    assert sessions.cell(row.id, "insurance") == sessions.cell(row.id, "patient") == "–"
    totals = sessions.part.body.totals
    assert totals.shown() == {"insurance": "4,892.00", "patient": "478.00"}
    assert totals.words() == "60 sessions, 9,435.00 charged"
    sessions.presses("Ctrl+Z")
    sessions.sees_cell(row.id, "insurance", "175.00")
    assert sessions.cell(row.id, "patient") == "25.00"
    assert totals.words() == "60 sessions, 9,635.00 charged"


def test_a_session_with_money_keeps_its_attendance(sessions: SessionsRobot) -> None:
    sessions.goes_to(QUILL, "03/30")
    sessions.presses("Space")
    sessions.picks("attendance")
    dialog = _attendance_dialog(sessions)
    sessions.presses("Right")
    sessions.qtbot.waitUntil(lambda: bool(dialog.refusal.text()))
    assert "Money was received for the session of Quill Fakerson" in dialog.refusal.text()
    assert not dialog.do_it.isEnabled()
    sessions.presses("Escape")
    assert not sessions.has_dialog()


def test_several_at_once_are_said_in_the_title(sessions: SessionsRobot) -> None:
    sessions.goes_to(NOVA)
    sessions.presses("Space")
    sessions.goes_to("Minna Minorsample", "03/27")
    sessions.presses("Space")
    sessions.picks("status")
    dialog = _status_dialog(sessions)
    assert dialog.heading.text() == "Set the status of 2 sessions"
    assert dialog.sentence.text().startswith("Now 1 Completed, 1 Documented.")
    assert dialog.status() == ""
    assert not dialog.do_it.isEnabled()
    sessions.presses("Escape")


def test_copying_takes_what_is_ticked(sessions: SessionsRobot) -> None:
    sessions.goes_to(NOVA)
    sessions.presses("Space")
    sessions.goes_to(JOSE)
    sessions.presses("Space")
    sessions.picks("copy")
    sessions.sees_message("2 rows copied.")
