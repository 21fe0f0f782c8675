"""An account's claims, authorizations, referrals, and what payers say of its policies; by key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.models.claim import ClaimStatus
from fscdesk.services.claims.assembling import content_of
from fscdesk.services.claims.authorizations import AuthorizationRow, authorizations_of
from fscdesk.services.claims.eligibility import EligibilityRow, eligibility_of
from fscdesk.services.office import Office
from fscdesk.services.patients.referrals import ReferralRow, referrals_of
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog
from fscdesk.ui.dialogs.question import NoticeDialog
from fscdesk.ui.forms.badge import Badge
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.fields import CheckField, ChoiceField, TextField
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.patients import PatientsScreen
from fscdesk.ui.screens.patients.account_page import AccountPage
from fscdesk.ui.screens.patients.authorizations_tab import AuthorizationsTab
from fscdesk.ui.screens.patients.eligibility_part import EligibilityPart
from fscdesk.ui.screens.patients.policies_tab import PoliciesTab
from fscdesk.ui.tables.list_tab import ListTab
from tests.books.claims.test_eligibility import answer
from tests.support.claims import ClaimDesk, add_authorization, build, ready, the_claim
from tests.support.named import unnamed
from tests.support.robots.patients import PatientsRobot
from tests.support.robots.screens import open_window
from tests.support.robots.sessions import Elsewhere
from tests.support.sent_claims import with_clearinghouse

ALMA, TODAY = "Alma Anyone", date(2026, 4, 12)


@dataclass
class Account:
    """The window on Alma's account, and who is in the books."""

    robot: PatientsRobot
    cast: ClaimDesk
    outbox: Path

    def opens(self, tab: str, **more: object) -> AccountPage:
        """Come to a tab as another screen sends a person there."""
        self.robot.window.open("patients", patient=self.cast.alma, tab=tab, **more)
        page = self.robot.account()
        self.robot.waits(lambda: page.tabs.current == tab)
        return page

    def focuses(self, widget: QWidget) -> None:
        """Go to a control as Tab does."""
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        self.robot.waits(widget.hasFocus)

    def presses(self, within: QWidget, words: str) -> None:
        """Press a button by its words."""

        def found() -> list[Button]:
            every = within.findChildren(Button)
            return [one for one in every if one.isVisible() and one.words() == words]

        self.robot.waits(lambda: bool(found()))
        self.focuses(found()[0])
        self.robot.presses("Space")

    def authorizations(self) -> tuple[AuthorizationRow, ...]:
        return self.robot.asks(lambda work: authorizations_of(work, self.cast.alma))

    def referrals(self) -> tuple[ReferralRow, ...]:
        return self.robot.asks(lambda work: referrals_of(work, self.cast.alma))

    def questions(self) -> tuple[EligibilityRow, ...]:
        return self.robot.asks(lambda work: eligibility_of(work, self.cast.alma))

    def form(self) -> FieldsDialog:
        """The form that has come up."""
        dialog = self.robot.dialog()
        assert isinstance(dialog, FieldsDialog)
        return dialog


@pytest.fixture
def account(
    sqlite_books: Office, qtbot: QtBot, look: QApplication, tmp_path: Path
) -> Iterator[Account]:
    outbox = tmp_path / "outbox"
    outbox.mkdir()
    cast = with_clearinghouse(sqlite_books, outbox)
    desk = Desk(sqlite_books)
    makers = {"patients": PatientsScreen, "claims": Elsewhere, "claim": Elsewhere}
    window = open_window(qtbot, desk, tmp_path, makers)
    yield Account(PatientsRobot(qtbot, sqlite_books, window), cast, outbox)
    desk.close()


def test_the_claims_of_a_client_are_listed_and_enter_opens_one(account: Account) -> None:
    office, cast = account.robot.office, account.cast
    sessions = [
        office.write(lambda work, who=who: ready(work, cast, patient=who)).value  # type: ignore[misc]
        for who in (cast.alma, cast.ben)
    ]
    (hers,), _his = (build(office, [one]) for one in sessions)
    page = account.opens("claims")
    tab = page.tabs.part
    assert isinstance(tab, ListTab)
    account.robot.settles(tab.list)
    assert [row.number for row in tab.list.model.loaded()] == ["CLM-2026-00001"]
    account.robot.waits(tab.list.view.hasFocus)
    account.robot.presses("Down", "Return")
    account.robot.waits(lambda: isinstance(account.robot.window.screen_in_front(), Elsewhere))
    front = account.robot.window.screen_in_front()
    assert isinstance(front, Elsewhere)
    assert front.shown[-1] == {"claim": hers}


def tab_of(account: Account, **more: object) -> AuthorizationsTab:
    tab = account.opens("authorizations", **more).tabs.part
    assert isinstance(tab, AuthorizationsTab)
    account.robot.settles(tab.list)
    return tab


def test_an_authorization_is_typed_changed_and_undone(account: Account) -> None:
    tab = tab_of(account)
    account.robot.presses("Ctrl+N")
    form = tab.pane.form
    account.robot.waits(form.field("number").editor.hasFocus)
    payer = form.field("payer_id")
    assert isinstance(payer, ChoiceField)
    account.robot.waits(lambda: payer.combo.count() > 1)
    account.robot.types("A-4471")
    account.robot.chooses_by_letter(payer, "I")
    account.robot.fills(
        form, codes="90837, 90834", granted="12", used_before="3", valid_to="12/31/2026"
    )
    account.robot.presses("Ctrl+S")
    account.robot.hears("Authorization A-4471 is added.")
    (row,) = account.authorizations()
    assert (row.fields.codes, row.fields.granted, row.used, row.left) == (
        ("90837", "90834"),
        12,
        3,
        9,
    )
    assert (row.fields.valid_from, row.fields.valid_to) == (TODAY, date(2026, 12, 31))
    account.robot.waits(lambda: tab.pane.row is not None)
    assert tab.pane.line.text() == "3 of 12 visits used, 9 left"
    account.robot.fills(form, granted="4")
    account.robot.presses("Ctrl+S")
    account.robot.hears("Authorization A-4471 is saved.")
    assert account.authorizations()[0].left == 1
    account.robot.waits(lambda: tab.pane.line.text().startswith("1 visit left. Ask for more."))
    account.robot.window.undo.undo()
    account.robot.hears("Authorization A-4471 is as it was.")
    assert account.authorizations()[0].left == 9


def test_units_are_kept_as_units_and_a_wrong_code_is_refused_under_its_field(
    account: Account,
) -> None:
    office, cast = account.robot.office, account.cast
    office.write(lambda work: add_authorization(work, cast.alma, cast.payer, 20))
    tab = tab_of(account)
    account.robot.waits(lambda: tab.pane.row is not None)
    form = tab.pane.form
    account.focuses(tab.list.view)
    account.robot.presses("Return")
    account.robot.waits(form.field("number").editor.hasFocus)
    account.robot.fills(form, codes="therapy")
    account.robot.presses("Ctrl+S")
    account.robot.sees_fault(form.field("codes"), "is not a code")
    account.robot.fills(form, codes="")
    account.robot.chooses_by_letter(form.field("counts"), "U")
    account.robot.presses("Ctrl+S")
    account.robot.hears("Authorization AUTH-1 is saved.")
    assert account.authorizations()[0].fields.counts.value == "units"


def test_the_queue_opens_the_very_authorization(account: Account) -> None:
    office, cast = account.robot.office, account.cast
    made = [
        office.write(
            lambda work, at=at: add_authorization(  # type: ignore[misc]
                work, cast.alma, cast.payer, 20 - at, number=f"A-{at}"
            )
        ).value
        for at in range(3)
    ]
    tab = tab_of(account, record=made[1])
    account.robot.waits(lambda: tab.pane.row is not None and tab.pane.row.id == made[1])
    assert tab.list.view.hasFocus()


def test_a_referral_is_added_and_ended_in_the_details(account: Account) -> None:
    account.opens("details")
    part = account.robot.details().referrals
    account.robot.waits(lambda: part.rows == ())
    account.focuses(part.add)
    account.robot.presses("Space")
    form = account.form()
    account.robot.fills(form, last_name="Reedsample", first_name="Rhoda", npi="1245319598")  # type: ignore[arg-type]
    account.robot.presses("Ctrl+Return")
    account.robot.sees_fault(form.field("npi"), "check digit")
    account.robot.fills(form, npi="1245319599", valid_from="01/05/2026")  # type: ignore[arg-type]
    account.robot.presses("Ctrl+Return")
    account.robot.hears("The referral by Rhoda Reedsample is added.")
    (row,) = account.referrals()
    assert (row.fields.qualifier, row.fields.npi) == ("DN", "1245319599")
    account.robot.window.activateWindow()
    account.robot.waits(lambda: part.rows == (row,))
    account.presses(part, "Change…")
    form = account.form()
    account.robot.fills(form, valid_to="02/28/2026")  # type: ignore[arg-type]
    account.robot.presses("Ctrl+Return")
    account.robot.hears("The referral by Rhoda Reedsample is saved.")
    assert account.referrals()[0].fields.valid_to == date(2026, 2, 28)


def eligibility(account: Account) -> tuple[PoliciesTab, EligibilityPart]:
    tab = account.opens("policies").tabs.part
    assert isinstance(tab, PoliciesTab)
    account.robot.settles(tab.list)
    part = tab.eligibility
    account.robot.waits(lambda: part.shown is not None)
    return tab, part


def badge(part: EligibilityPart) -> str:
    return part.findChildren(Badge)[-1].status().word


def buttons(part: EligibilityPart) -> list[str]:
    return [one.words() for one in part.foot.buttons() if isinstance(one, Button)]


def test_a_payer_is_asked_and_its_answer_read(account: Account, tmp_path: Path) -> None:
    _tab, part = eligibility(account)
    assert badge(part) == "Not asked"
    assert buttons(part) == ["Ask the payer", "Read a 271…"]
    account.presses(part, "Ask the payer")
    account.robot.hears(
        "The question to Imaginary Blue is in the outbox as 270-ELG-2026-00001.270."
    )
    (row,) = account.questions()
    assert [one.name for one in account.outbox.iterdir()] == [f"270-{row.trace}.270"]
    account.robot.waits(lambda: badge(part) == "Asked, no answer yet")
    assert "Write the file again" in buttons(part)
    file = tmp_path / "answer.271"
    file.write_bytes(answer(row.trace))
    part._ask_file = lambda _window: file
    account.presses(part, "Read a 271…")
    account.robot.hears("answer.271: 1 answer read.")
    account.robot.waits(lambda: badge(part) == "Active")
    said = [one.text() for one in labels(part)]
    for words in ("GOLD 123 PLAN", "25.00", "20 %", "1,500.00, 400.00 left", "30 visits, 12 left"):
        assert words in said
    account.presses(part, "All that it says…")
    account.robot.waits(lambda: isinstance(QApplication.activeModalWidget(), NoticeDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, NoticeDialog)
    text = dialog.details.toPlainText()
    assert "As it came:" in text
    assert "\nEB*B**98^MH***27*25*****Y~\n" in text
    account.robot.presses("Escape")
    account.robot.waits(lambda: QApplication.activeModalWidget() is None)
    account.robot.window.activateWindow()
    account.presses(part, "Read a 271…")
    account.robot.hears("It was read on 04/12/2026 at 08:00. Nothing changed.")


def labels(part: EligibilityPart) -> list[QLabel]:
    return part.findChildren(QLabel)


def test_what_cannot_be_written_or_read_is_told_and_the_question_kept(
    account: Account, tmp_path: Path
) -> None:
    _tab, part = eligibility(account)
    account.outbox.rmdir()
    account.presses(part, "Ask the payer")
    account.robot.hears("does not exist", Level.PROBLEM)
    assert len(account.questions()) == 1
    account.outbox.mkdir()
    account.robot.waits(lambda: "Write the file again" in buttons(part))
    account.presses(part, "Write the file again")
    account.robot.hears("is in the outbox as")
    assert len(list(account.outbox.iterdir())) == 1
    part._ask_file = lambda _window: tmp_path / "gone.271"
    account.presses(part, "Read a 271…")
    account.robot.hears("gone.271 could not be read", Level.PROBLEM)
    part._ask_file = lambda _window: None
    account.presses(part, "Read a 271…")
    assert len(account.questions()) == 1


def test_a_new_policy_has_nothing_to_ask_about(account: Account) -> None:
    tab, part = eligibility(account)
    assert part.isVisible()
    account.robot.presses("Ctrl+N")
    account.robot.waits(lambda: not part.isVisible())
    account.robot.presses("Escape")
    account.robot.waits(part.isVisible)
    assert tab.list.view.picking.current_row is not None


@pytest.mark.parametrize("tab", ["claims", "authorizations", "policies", "details"])
def test_everything_has_a_name(account: Account, tab: str) -> None:
    page = account.opens(tab)
    account.robot.waits(account.robot.window.desk.quiet)
    assert unnamed(page) == []


def test_what_the_client_has_signed_is_ticked_on_the_policy_and_claims_follow(
    account: Account,
) -> None:
    office, cast = account.robot.office, account.cast
    (claim,) = build(office, [office.write(lambda work: ready(work, cast)).value])
    tab, _part = eligibility(account)
    form = tab.pane.form
    member = form.field("member_id")
    assert isinstance(member, TextField)
    account.robot.waits(lambda: member.value() == "XYZ123456789")
    for name in ("release_signed", "benefits_assigned"):
        field = form.field(name)
        assert isinstance(field, CheckField)
        assert field.value()
        account.focuses(field.editor)
        account.robot.presses("Space")
        account.robot.waits(lambda box=field: not box.value())  # type: ignore[misc]
    account.robot.presses("Ctrl+S")
    account.robot.waits(lambda: the_claim(office, claim).status is ClaimStatus.DRAFT)
    content = account.robot.asks(lambda work: content_of(work, claim))
    assert (content.release, content.benefits_assigned) == ("", "N")
