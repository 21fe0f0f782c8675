from __future__ import annotations

from PySide6.QtWidgets import QApplication

from tests.support.named import unnamed
from tests.support.robots.patients import PatientsRobot
from tests.ui.patients.conftest import Cast


def test_tabs_say_how_many_are_meant(patients: PatientsRobot) -> None:
    assert len(patients.names()) == 3
    views = patients.screen.list.views
    assert views is not None
    patients.waits(lambda: views.tabs.count("same_name") is not None)
    counts = {key: views.tabs.count(key) for key in views.tabs.keys}
    assert counts == {
        "all": None,
        "client_owes": 2,
        "credits": 1,
        "no_address": 2,
        "same_name": 2,
        "inactive": 0,
    }


def test_two_of_one_name_stand_together(patients: PatientsRobot) -> None:
    views = patients.screen.list.views
    assert views is not None
    views.open("same_name")
    patients.waits(lambda: patients.screen.list.model.total == 2)
    numbers = [row.number for row in patients.screen.list.model.loaded()]
    assert numbers == ["2004", "2005"]


def test_enter_opens_the_account_and_escape_comes_back_to_the_same_row(
    patients: PatientsRobot, told: Cast
) -> None:
    account = patients.opens("Quill Fakerson")
    assert account.isVisible()
    patients.ledger()
    patients.presses("Escape")
    patients.waits(lambda: patients.screen.account is None)
    row = patients.screen.list.view.picking.current_row
    assert row.id == told.quill
    patients.waits(lambda: QApplication.focusWidget() is patients.screen.list.view)


def test_escape_goes_back_to_the_place_that_the_account_was_opened_from(
    patients: PatientsRobot, told: Cast
) -> None:
    patients.window.open("aging")
    patients.window.open("patients", patient=told.pat)
    patients.waits(lambda: patients.screen.account is not None)
    patients.presses("Escape")
    patients.waits(lambda: patients.window.rail.marked() == "aging")


def test_forward_brings_the_account_with_its_tab_back(patients: PatientsRobot) -> None:
    patients.opens("Quill Fakerson", "policies")
    patients.presses("Alt+Left")
    patients.waits(lambda: patients.screen.account is None)
    patients.presses("Alt+Right")
    patients.waits(lambda: patients.screen.account is not None)
    assert patients.account().tabs.current == "policies"


def test_a_new_client_is_added_by_keys_and_opened(patients: PatientsRobot) -> None:
    patients.names()
    patients.presses("Ctrl+N")
    patients.dialog()
    patients.types("Nova Newclient")
    patients.presses("Return")
    patients.hears("Nova Newclient is added.")
    account = patients.account()
    patients.waits(lambda: account.detail.name == "Nova Newclient")
    assert account.detail.pays_for_himself


def test_what_is_found_by_number_is_shown_with_its_account(
    patients: PatientsRobot, told: Cast
) -> None:
    patients.finds("2005")
    pane = patients.screen.list.pane
    assert pane is not None
    patients.waits(lambda: "2005" in pane.line.text())
    assert pane.name.text() == "Pat Placeholder"


def test_every_control_of_the_list_has_a_name(patients: PatientsRobot) -> None:
    patients.names()
    assert unnamed(patients.screen) == []
