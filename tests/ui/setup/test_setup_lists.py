from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from fscdesk.models.values import Money
from fscdesk.services.billing.agencies import agencies
from fscdesk.services.payments.policies import refund_alone, returned_fee
from fscdesk.services.setup.fees import fees, schedules
from fscdesk.services.setup.payers import edit_payer, payers
from fscdesk.services.setup.people import people
from fscdesk.services.setup.providers import providers
from fscdesk.services.setup.services import services
from fscdesk.services.work import Work
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.setup.policies_page import PoliciesPage
from tests.support.named import unnamed
from tests.support.robots.setup import SetupRobot
from tests.ui.setup.conftest import Ids

PAGES = (
    ("practice", "practice"),
    ("practice", "locations"),
    ("people", "staff"),
    ("people", "clinicians"),
    ("people", "names"),
    ("people", "rights"),
    ("payers", "payers"),
    ("payers", "portals"),
    ("payers", "names"),
    ("services", "services"),
    ("services", "schedules"),
    ("services", "fees"),
    ("rules", "rules"),
    ("rules", "checks"),
    ("rules", "supervision"),
    ("policies", "policies"),
    ("policies", "agencies"),
    ("workstation", ""),
)


def test_an_npi_with_a_wrong_digit_is_refused_under_its_field(setup: SetupRobot, ids: Ids) -> None:
    page = setup.goes_to_list("people", "clinicians")
    setup.chooses(page, ids.testa)
    setup.presses("Return")
    form = page.pane.form
    setup.waits(form.field("name").editor.hasFocus)
    setup.fills(form, npi="1234567890")
    setup.presses("Tab")
    setup.sees_fault(form.field("npi"), "The check digit of NPI 1234567890 does not fit")
    setup.presses("Ctrl+S")
    setup.waits(form.field("npi").editor.hasFocus)
    assert _npi(setup, ids) == ""
    setup.fills(form, npi="1234567893")
    assert form.field("npi").sentence.text() == ""
    setup.presses("Ctrl+S")
    setup.hears("Testa Fernsample is saved.")
    assert _npi(setup, ids) == "1234567893"


def test_a_code_is_marked_as_a_no_show_fee_and_undone(setup: SetupRobot, ids: Ids) -> None:
    page = setup.goes_to_list("services", "services")
    setup.chooses(page, ids.missed)
    kind = page.pane.form.field("kind")
    setup.chooses_by_letter(kind, "N")
    assert isinstance(kind, ChoiceField)
    assert kind.value() == "no_show_fee"
    setup.presses("Ctrl+S")
    setup.hears("NS Missed is saved.")
    setup.waits(lambda: "No-show fee" in setup.texts(page, "kind"))
    assert _kind(setup, ids.missed) == "no_show_fee"
    setup.window.undo.undo()
    setup.hears("NS Missed is as it was.")
    assert _kind(setup, ids.missed) == "session"


def test_the_second_of_two_sees_what_the_first_has_saved(setup: SetupRobot, ids: Ids) -> None:
    page = setup.goes_to_list("payers", "payers")
    setup.chooses(page, ids.blue)
    setup.fills(page.pane.form, short_name="Blue")
    setup.elsewhere(lambda work: _rename_payer(work, ids.blue))
    setup.presses("Ctrl+S")
    said = setup.hears("Someone else changed this payer first.", Level.PROBLEM)
    assert "not saved" in said.hint
    setup.waits(lambda: page.pane.form.field("short_name").draft() == "Imag. Blue")
    assert setup.asks(payers)[0].fields.short_name == "Imag. Blue"


def test_what_is_typed_stays_while_another_record_is_looked_at(setup: SetupRobot, ids: Ids) -> None:
    page = setup.goes_to_list("people", "clinicians")
    setup.chooses(page, ids.testa)
    setup.fills(page.pane.form, licence="NJ-1")
    setup.presses("Escape")
    setup.waits(page.list.view.hasFocus)
    setup.chooses(page, ids.mockley)
    assert page.pane.form.field("licence").draft() == ""
    setup.chooses(page, ids.testa)
    assert page.pane.form.field("licence").draft() == "NJ-1"
    assert page.pane.form.result.text() == "Not saved yet"


def test_a_new_schedule_ends_the_one_before(setup: SetupRobot, ids: Ids) -> None:
    page = setup.goes_to_list("services", "schedules")
    setup.presses("Ctrl+N")
    setup.waits(page.pane.form.field("name").editor.hasFocus)
    setup.types("Standard 2027")
    setup.fills(page.pane.form, valid_from="01/01/2027")
    setup.presses("Ctrl+S")
    setup.hears("Standard 2027 is added.")
    found = setup.asks(schedules)
    assert [(row.fields.name, str(row.fields.valid_to)) for row in found] == [
        ("Standard 2027", "None"),
        ("Standard", "2026-12-31"),
    ]


def test_a_fee_is_changed_removed_and_brought_back(setup: SetupRobot, ids: Ids) -> None:
    page = setup.goes_to_list("services", "fees")
    setup.waits(lambda: page.pane.row is not None)
    assert not page.pane.form.field("schedule_id").editor.isEnabled()
    setup.fills(page.pane.form, charged="170", expected="=100+45")
    setup.presses("Ctrl+S")
    setup.hears("90837 is saved.")
    (fee,) = setup.asks(lambda work: fees(work, ids.schedule))
    assert (str(fee.fields.charged), str(fee.fields.expected)) == ("170.00", "145.00")
    (remove,) = page.pane.acts.buttons()
    remove.setFocus()
    setup.presses("Space")
    setup.hears("The fee for 90837 is removed.")
    assert setup.asks(lambda work: fees(work, ids.schedule)) == ()
    setup.window.undo.undo()
    setup.hears("The fee for 90837 is there again.")
    assert len(setup.asks(lambda work: fees(work, ids.schedule))) == 1


def test_the_last_administrator_stays_one(setup: SetupRobot) -> None:
    page = setup.goes_to_list("people", "staff")
    setup.waits(lambda: page.pane.row is not None)
    admin = page.pane.form.field("role_admin")
    admin.editor.setFocus()
    setup.presses("Space", "Ctrl+S")
    setup.hears("is the last administrator", Level.PROBLEM)
    assert setup.asks(people)[0].roles == ("admin",)


def test_a_short_name_that_is_taken_is_told_under_its_field(setup: SetupRobot) -> None:
    page = setup.goes_to_list("payers", "payers")
    setup.presses("Ctrl+N")
    setup.waits(page.pane.form.field("name").editor.hasFocus)
    setup.fills(page.pane.form, name="Another Blue", short_name="imaginary blue")
    setup.presses("Ctrl+S")
    setup.sees_fault(page.pane.form.field("short_name"), "has the short name imaginary blue.")
    assert len(setup.asks(payers)) == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("soon", "soon is not a whole number."),
        ("0", "0 does not fit: it is from 1 to 3,650 days."),
        ("4000", "4000 does not fit: it is from 1 to 3,650 days."),
    ],
)
def test_a_number_that_does_not_fit_is_told_when_its_field_is_left(
    setup: SetupRobot, typed: str, told: str
) -> None:
    page = setup.goes_to_list("payers", "payers")
    setup.waits(lambda: page.pane.row is not None)
    setup.fills(page.pane.form, filing_days=typed)
    setup.presses("Tab")
    setup.sees_fault(page.pane.form.field("filing_days"), told)


def test_the_groups_are_walked_with_the_arrows(setup: SetupRobot) -> None:
    setup.goes("practice")
    setup.screen.groups.buttons["practice"].setFocus()
    setup.presses("Down", "Down")
    assert setup.screen.here()["group"] == "payers"
    assert setup.screen.groups.buttons["payers"].isChecked()
    focused = QApplication.focusWidget()
    assert focused is setup.screen.groups.buttons["payers"]


@pytest.mark.parametrize(("group", "tab"), PAGES)
def test_every_control_has_a_name_and_every_page_says_what_it_does(
    setup: SetupRobot, group: str, tab: str
) -> None:
    setup.goes(group, tab)
    setup.qtbot.wait(150)
    assert unnamed(setup.screen) == []


def _npi(setup: SetupRobot, ids: Ids) -> str:
    return next(row.fields.npi for row in setup.asks(providers) if row.id == ids.testa)


def _kind(setup: SetupRobot, service_id: int) -> str:
    return next(row.fields.kind for row in setup.asks(services) if row.id == service_id)


def _rename_payer(work: Work, payer_id: int) -> None:
    (row,) = payers(work)
    fields = replace(row.fields, short_name="Imag. Blue")
    edit_payer(work, payer_id, fields, expected_version=row.version)


def test_an_agency_is_added_and_its_commission_is_typed_in_percent(setup: SetupRobot) -> None:
    page = setup.goes_to_list("policies", "agencies")
    page.new()
    setup.fills(page.pane.form, name="Fictional Recovery", percent="27.5", contact="Cora Collect")
    page.pane.save()
    setup.hears("Fictional Recovery")
    (row,) = setup.asks(agencies)
    assert (row.fields.name, row.fields.commission_points) == ("Fictional Recovery", 2750)
    setup.waits(lambda: setup.texts(page, "commission") == ["27.5 %"])
    setup.fills(page.pane.form, percent="100")
    page.pane.save()
    setup.sees_fault(page.pane.form.field("percent"), "less than 100 %")
    assert setup.asks(agencies)[0].fields.commission_points == 2750


def test_the_policies_of_payments_are_there_and_hold(setup: SetupRobot) -> None:
    page = setup.goes("policies")
    assert isinstance(page, PoliciesPage)
    form = page.form
    setup.waits(lambda: form.draft()["refund_alone"] == "100.00")
    setup.fills(form, refund_alone="50", returned_check_fee="25")
    page.save()
    setup.hears("2 policies are saved.")
    assert setup.asks(refund_alone) == Money(50_00)
    assert setup.asks(returned_fee) == Money(25_00)
