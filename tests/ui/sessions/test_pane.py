"""The pane: one session's head, story, charges, report, and what leads on from it."""

from __future__ import annotations

from fscdesk.models.session import BillingStatus
from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.sessions.attending import Outlook
from fscdesk.services.sessions.lifecycle import change_billing_status
from fscdesk.services.work import Topic
from fscdesk.ui.screens.sessions.asking import BATCH
from fscdesk.ui.screens.sessions.attendance_dialog import outlook_words
from fscdesk.ui.tables.filter_state import FilterState
from tests.support.robots.sessions import SessionsRobot

NONESUCH, QUILL, JOSE = "Nonesuch, JR, of Nowhere Maxim", "Quill Fakerson", "José Ficción"


def test_the_head_says_where_it_stands_and_what_is_owed(sessions: SessionsRobot) -> None:
    sessions.goes_to(NONESUCH)
    sessions.sees_pane(NONESUCH)
    pane = sessions.part.pane
    assert pane is not None
    assert pane.name.text() == NONESUCH
    assert pane.line.text().startswith("03/20/2026 08:15, 90837, Placebo")
    assert pane.strip.accessibleName() == "Step 6 of 7. Paid when both balances are 0.00"
    assert pane.well.accessibleName() == "Charged 120.00, FICTA owes −40.00, Client owes 15.00"
    line = pane._badge_line
    badges = [line.itemAt(at).widget().accessibleName() for at in range(line.count() - 1)]  # type: ignore[union-attr]
    assert badges == ["Approved", "Overpaid 40.00"]
    assert sessions.steps() == ["Open client"]


def test_the_story_goes_from_the_row_of_the_file_to_the_last_change(
    march: Office, sessions: SessionsRobot
) -> None:
    row = sessions.goes_to(QUILL)
    sessions.sees_pane(QUILL, "03/30")
    steps = sessions.story()
    imported = next(step for step in steps if step.title == "Imported")
    assert imported.second.endswith("simplepractice_appointments_2026-03.csv, row 56")
    charge = next(step for step in steps if step.title == "Charge 90837")
    assert (charge.amount, charge.second) == ("160.00", "Imaginary Blue 130.00, client 30.00")
    march.write(
        lambda work: change_billing_status(
            work, [row.id], BillingStatus.DOCUMENTED, reason="Signed on paper"
        )
    )
    sessions.window.desk.changed.emit(frozenset({Topic.SESSIONS}))
    sessions.qtbot.waitUntil(lambda: len(sessions.story()) == len(steps) + 1)
    newest = sessions.story()[0]
    assert newest.title == "Documented"
    assert newest.second.startswith("Signed on paper")
    assert newest.tone == "slate"


def test_the_import_behind_a_session_opens_from_its_story(sessions: SessionsRobot) -> None:
    sessions.goes_to(QUILL)
    sessions.sees_pane(QUILL, "03/30")
    page = sessions.page("story")
    assert page is not None
    sessions.presses("Return", "Tab")
    at = [step.title for step in sessions.story()].index("Imported")
    sessions.presses(*["Down"] * at, "Return")
    sessions.qtbot.waitUntil(lambda: sessions.part.state.values(BATCH) == ("1",))
    sessions.sees(60)
    sessions.presses("Alt+Left")
    sessions.qtbot.waitUntil(lambda: sessions.part.state == FilterState())


def test_charges_and_report_are_told_field_by_field(sessions: SessionsRobot) -> None:
    sessions.goes_to("Penny Prescriber-Test", "03/30")
    sessions.sees_pane("Penny Prescriber-Test")
    sessions.opens_tab("charges")
    told = sessions.facts("charges")
    assert "99214. Example East: Charged 152.00, Open 152.00; Client: Charged 38.00" in told
    assert "1 unit at 190.00: Charged 190.00, Open 152.00" in told
    assert "Primary: Example East: no member id" in told
    sessions.opens_tab("report")
    told = sessions.facts("report")
    assert "Payment status: Client PAID, Insurance UNBILLED" in told
    assert "Unpaid: Client 0.00, Insurance 247.00" in told
    assert "Progress note: NO NOTE" in told


def test_checks_that_pass_say_so(sessions: SessionsRobot) -> None:
    sessions.goes_to("Z. T.", "03/24")
    sessions.sees_pane("Z. T.", "03/24")
    sessions.opens_tab("checks")
    assert sessions.checks().sentences() == ["All 3 checks pass."]
    assert sessions.checks().buttons == []


def test_the_next_step_depends_on_the_state(march: Office, sessions: SessionsRobot) -> None:
    sessions.goes_to(QUILL)
    sessions.sees_pane(QUILL)
    assert sessions.steps() == ["Check before billing", "Open client"]
    row = sessions.goes_to(JOSE)
    march.write(
        lambda work: change_billing_status(
            work, [row.id], BillingStatus.DENIED, reason="No authorization"
        )
    )
    sessions.window.desk.changed.emit(frozenset({Topic.SESSIONS}))
    sessions.qtbot.waitUntil(lambda: sessions.steps() == ["Set status…", "Open client"])


def test_a_session_that_was_missed_has_a_badge_and_nothing_to_bill(
    sessions: SessionsRobot,
) -> None:
    row = sessions.goes_to("Dee O'Example", "03/18")
    assert row.attendance == "no_show"
    facts = sessions.sees_pane("Dee O'Example", "03/18")
    assert facts.checks is not None, "it has a fee, so it is billed"
    assert sessions.cell(row.id, "status") == "Submitted"


def test_what_will_be_charged_is_said_beforehand() -> None:
    def words(before: int, payer: int, client: int) -> str:
        return outlook_words(Outlook(1, Money(before), Money(payer), Money(client)))

    assert words(16000, 0, 0) == "Charged now 160.00. Then nothing."
    assert words(16000, 0, 5000) == "Charged now 160.00. Then 50.00, all to the client."
    assert words(0, 13000, 0) == "Charged now 0.00. Then 130.00, all to the payer."
    assert words(0, 13000, 3000) == "Charged now 0.00. Then 160.00: payer 130.00, client 30.00."
    assert words(0, 0, 0) == "Charged now 0.00. Nothing will be charged."
