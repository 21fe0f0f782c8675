from __future__ import annotations

from datetime import date

import pytest

from fscdesk.services.patients.guarantors import GuarantorFields, edit_guarantor, guarantor
from fscdesk.services.patients.queries import patient_detail
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.finding import FindDialog
from fscdesk.ui.forms.badge import Badge
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.patients.account_page import AccountPage
from fscdesk.ui.screens.patients.diagnoses import DiagnosesPart
from fscdesk.ui.screens.patients.paying_dialog import PayingDialog
from fscdesk.ui.tables.filter_state import Days
from tests.support.named import unnamed
from tests.support.robots.patients import PatientsRobot
from tests.ui.patients.conftest import Cast


def test_the_figures_are_those_of_the_ledger(patients: PatientsRobot) -> None:
    account = patients.opens("Quill Fakerson")
    spoken = [button.accessibleName() for button in account.figures.buttons]
    assert spoken[:4] == [
        "Client owes 15.00, oldest 03/20/2026",
        "FICTA owes −40.00, credit, to return",
        "Account balance −25.00, client + FICTA",
        "Unapplied credit 0.00, nothing to apply",
    ]
    words = [badge.status().word for badge in _badges(account)]
    assert words == ["Active", "FICTA credit 40.00"]


def test_the_ledger_runs_from_the_oldest_to_the_balance(patients: PatientsRobot) -> None:
    patients.opens("Quill Fakerson")
    ledger = patients.ledger()
    rows = [
        (str(row.day), str(row.payer_owes), str(row.client_owes), str(row.balance))
        for row in ledger.model.loaded()
    ]
    assert rows[0] == ("2026-03-06", "145.00", "15.00", "160.00")
    assert rows[-1][1:] == ("-40.00", "15.00", "-25.00")
    assert ledger.view.picking.current_row == list(ledger.model.loaded())[-1]


def test_a_first_day_brings_the_rest_forward(patients: PatientsRobot) -> None:
    patients.opens("Quill Fakerson")
    ledger = patients.ledger()
    ledger.filter_by(ledger.state.with_days("day", Days(start=date(2026, 3, 20))))
    patients.waits(lambda: next(ledger.model.loaded()).what == "Brought forward")
    first = next(ledger.model.loaded())
    assert (first.what, first.detail) == ("Brought forward", "1 earlier movement")
    assert str(first.balance) == "160.00"


def test_the_movements_of_a_session_stand_beside_the_ledger(patients: PatientsRobot) -> None:
    patients.opens("Quill Fakerson")
    pane = patients.ledger().pane
    assert pane is not None
    patients.waits(lambda: pane.name.text() == "Session 03/20/2026")
    assert pane.well.accessibleName() == "Client owes 15.00, FICTA owes −40.00"


def test_the_balance_is_explained_beside_whatever_tab_is_open(patients: PatientsRobot) -> None:
    account = patients.opens("Quill Fakerson", "sessions")
    patients.presses("Ctrl+E")
    pane = account.explain_pane
    patients.waits(lambda: pane.found is not None)
    assert account.tabs.current == "sessions"
    assert pane.well.accessibleName() == "Client owes 15.00, FICTA owes −40.00, In all −25.00"
    said = pane.list.accessibleDescription()
    assert "40.00 of that is more than its part, and belongs to FICTA, not to the client." in said
    assert "40.00 belongs to FICTA since" in said


def test_an_address_is_edited_by_keys_saved_and_undone(patients: PatientsRobot, told: Cast) -> None:
    patients.opens("Quill Fakerson", "details")
    pane = patients.details().pays
    patients.fills(pane.form, address1="9 Fictional Street", zip_code="07006")
    assert pane.form.result.text() == "Not saved yet"
    patients.presses("Ctrl+S")
    patients.hears("Quill Fakerson is saved.")
    assert _address(patients, told) == ("9 Fictional Street", "07006")
    patients.waits(lambda: "9 Fictional Street" in patients.account().head.facts.text())
    patients.window.undo.undo()
    patients.hears("as it was")
    assert _address(patients, told) == ("1 Nowhere Lane", "07005")
    patients.waits(lambda: pane.form.field("address1").draft() == "1 Nowhere Lane")


def test_a_zip_code_that_is_none_is_told_under_its_field(
    patients: PatientsRobot, told: Cast
) -> None:
    patients.opens("Quill Fakerson", "details")
    form = patients.details().pays.form
    patients.fills(form, zip_code="7005")
    patients.presses("Ctrl+S")
    patients.sees_fault(form.field("zip_code"), "7005 is not a ZIP code.")
    assert "Nothing was saved" not in form.field("zip_code").sentence.text()
    assert _address(patients, told) == ("1 Nowhere Lane", "07005")


def test_the_second_of_two_is_told_and_sees_what_the_first_saved(
    patients: PatientsRobot, told: Cast
) -> None:
    patients.opens("Quill Fakerson", "details")
    pane = patients.details().pays
    patients.fills(pane.form, address1="9 Fictional Street")
    patients.elsewhere(_move_house)
    patients.presses("Ctrl+S")
    said = patients.hears("Someone else changed this guarantor first.", Level.PROBLEM)
    assert "not saved" in said.hint
    patients.waits(lambda: pane.form.field("address1").draft() == "2 Elsewhere Road")
    assert _address(patients, told)[0] == "2 Elsewhere Road"


def test_a_policy_is_added_with_the_keys(patients: PatientsRobot, told: Cast) -> None:
    patients.opens("Quill Fakerson", "policies")
    page = patients.listed()
    patients.presses("Ctrl+N")
    payer = page.pane.form.field("payer_id")
    assert isinstance(payer, ChoiceField)
    patients.waits(lambda: payer.combo.count() > 1 and payer.combo.hasFocus())
    patients.types("F")
    patients.fills(page.pane.form, member_id="ZZZ000005", valid_from="3-1", copay="15")
    patients.presses("Ctrl+S")
    patients.hears("Primary policy is added.")
    (policy,) = patients.asks(lambda work: patient_detail(work, told.quill).policies)
    assert (policy.payer, policy.member_id, str(policy.copay)) == ("FICTA", "ZZZ000005", "15.00")
    assert str(policy.valid_from) == "2026-03-01"
    patients.waits(lambda: patients.account().tabs.tabs.count("policies") == 1)
    patients.waits(lambda: page.pane.row is not None and page.pane.row.id == policy.id)


def test_a_policy_that_overlaps_is_refused_and_the_draft_stays(
    patients: PatientsRobot, told: Cast
) -> None:
    test_a_policy_is_added_with_the_keys(patients, told)
    page = patients.listed()
    patients.presses("Ctrl+N")
    payer = page.pane.form.field("payer_id")
    assert isinstance(payer, ChoiceField)
    patients.chooses_by_letter(payer, "I")
    patients.presses("Ctrl+S")
    patients.hears("FICTA is primary from 03/01/2026", Level.PROBLEM)
    assert payer.value() == told.blue
    assert len(patients.asks(lambda work: patient_detail(work, told.quill).policies)) == 1


def test_a_spelling_is_moved_to_another_client(patients: PatientsRobot, told: Cast) -> None:
    patients.opens("Quill Fakerson", "names")
    page = patients.listed()
    patients.waits(lambda: page.pane.row is not None)
    (move, _remove) = page.pane.acts.buttons()
    move.setFocus()
    patients.presses("Space")
    dialog = patients.dialog()
    assert isinstance(dialog, FindDialog)
    patients.types("2004")
    patients.waits(lambda: dialog.chosen is not None and dialog.chosen.id == told.pat)
    patients.presses("Return")
    patients.hears("“Quill Fakerson” means Pat Placeholder (2004) now.")
    spellings = patients.asks(lambda work: patient_detail(work, told.pat).aliases)
    assert "Quill Fakerson" in [one.shown for one in spellings]
    assert patients.asks(lambda work: patient_detail(work, told.quill).aliases) == ()
    patients.window.undo.undo()
    patients.hears("means who it meant before")
    assert len(patients.asks(lambda work: patient_detail(work, told.quill).aliases)) == 1


def test_a_spelling_is_added_for_one_clinician(patients: PatientsRobot, told: Cast) -> None:
    patients.opens("Quill Fakerson", "names")
    page = patients.listed()
    patients.presses("Ctrl+N")
    only = page.pane.form.field("provider_id")
    assert isinstance(only, ChoiceField)
    patients.waits(lambda: only.combo.count() > 1)
    patients.fills(page.pane.form, shown="Q. Fakerson")
    only.combo.setFocus()
    patients.types("T")
    patients.presses("Ctrl+S")
    patients.hears("Q. Fakerson is added.")
    aliases = patients.asks(lambda work: patient_detail(work, told.quill).aliases)
    assert [(one.shown, one.provider) for one in aliases][-1] == ("Q. Fakerson", "Testa Fernsample")


def test_somebody_else_pays_from_a_day_on(patients: PatientsRobot, told: Cast) -> None:
    patients.opens("Quill Fakerson", "details")
    (other,) = patients.details().pays.acts.buttons()
    other.setFocus()
    patients.presses("Space")
    dialog = patients.dialog()
    assert isinstance(dialog, PayingDialog)
    patients.types("2004")
    patients.waits(lambda: dialog.chosen is not None and dialog.chosen.number.endswith("2004"))
    dialog.day.setFocus()
    patients.presses("Ctrl+A")
    patients.types("3-1")
    patients.presses("Return")
    patients.hears("Pat Placeholder pays for Quill Fakerson now. 1 open charge moved, 15.00.")
    detail = patients.asks(lambda work: patient_detail(work, told.quill))
    assert detail.guarantor.fields.name == "Pat Placeholder"
    patients.waits(lambda: "Pat Placeholder" in patients.account().head.facts.text())


def test_a_diagnosis_typed_to_its_end_is_added_and_a_wrong_one_is_told(
    patients: PatientsRobot, told: Cast
) -> None:
    patients.opens("Quill Fakerson", "details")
    part: DiagnosesPart = patients.details().diagnoses
    part.code.setFocus()
    patients.types("zzyzx")
    patients.presses("Return")
    patients.sees_fault(part.code, "No code and no words begin with “zzyzx”.")
    patients.presses("Return")
    patients.sees_fault(part.code, "zzyzx is not an ICD-10 code.")
    patients.presses("Ctrl+A")
    patients.types("f41.1")
    patients.presses("Return")
    patients.hears("F41.1 is added.")
    found = patients.asks(lambda work: patient_detail(work, told.quill).diagnoses)
    assert [one.code for one in found] == ["F41.1"]


def test_the_statement_is_previewed_under_a_name_without_the_client(
    patients: PatientsRobot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[bytes, str, str]] = []
    monkeypatch.setattr(
        patients.window, "preview", lambda pdf, title, name: shown.append((pdf, title, name))
    )
    patients.opens("Quill Fakerson")
    patients.presses("Ctrl+P")
    patients.waits(lambda: bool(shown))
    pdf, title, name = shown[0]
    assert pdf.startswith(b"%PDF")
    assert title == "Statement of Quill Fakerson"
    assert name == "statement-G-2001-2026-04-12.pdf"


def test_without_sessions_there_is_no_statement(patients: PatientsRobot, told: Cast) -> None:
    patients.window.open("patients", patient=told.other_pat)
    account = patients.account()
    assert not account.head.statement.isVisible()


@pytest.mark.parametrize("tab", ["ledger", "sessions", "policies", "names", "details"])
def test_every_control_of_an_account_has_a_name(patients: PatientsRobot, tab: str) -> None:
    account = patients.opens("Quill Fakerson", tab)
    patients.waits(lambda: account.tabs.current == tab)
    assert unnamed(account) == []


def _badges(account: AccountPage) -> list[Badge]:
    return [one for one in account.head.findChildren(Badge) if one.isVisible()]


def _address(patients: PatientsRobot, told: Cast) -> tuple[str, str]:
    fields = patients.asks(lambda work: patient_detail(work, told.quill)).guarantor.fields
    return fields.address1, fields.zip_code


def _move_house(work: Work) -> None:
    seen = guarantor(work, 1)
    fields = GuarantorFields(seen.fields.name, "2 Elsewhere Road", zip_code="07005")
    edit_guarantor(work, 1, fields, expected_version=seen.version)
