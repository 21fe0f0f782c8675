"""The Cost centres tab: added, renamed, closed and reopened; clinicians belong to them."""

from __future__ import annotations

from typing import Any

from fscdesk.services.accounting.cost_centres import CentreRow, centre_members, cost_centres
from fscdesk.services.setup.providers import ProviderFields, add_provider
from fscdesk.ui.screens.accounting_plans.cost_centres_part import CostCentresPart
from fscdesk.ui.tables.list_and_form import ListAndForm
from tests.support.robots.plans import PlansRobot
from tests.ui.accounting_plans.conftest import centres


def page(part: CostCentresPart) -> ListAndForm[Any, Any]:
    found = part.tabs.part
    assert isinstance(found, ListAndForm)
    return found


def found(robot: PlansRobot) -> dict[str, CentreRow]:
    return {row.code: row for row in robot.office.read(cost_centres)}


def test_a_centre_is_added_by_keys(plans: PlansRobot) -> None:
    part = plans.opens("cost_centres", CostCentresPart)
    plans.does("Ctrl+N")
    form = page(part).pane.form
    plans.waits(form.field("code").editor.hasFocus)
    plans.types("north")
    plans.fills(form.field("name").editor, "North office")
    plans.does("Ctrl+S")
    assert found(plans)["NORTH"].name == "North office"


def test_a_code_that_is_taken_is_said_under_its_field(plans: PlansRobot) -> None:
    plans.office.write(centres)
    part = plans.opens("cost_centres", CostCentresPart)
    plans.does("Ctrl+N")
    form = page(part).pane.form
    plans.fills(form.field("code").editor, "NORTH")
    plans.fills(form.field("name").editor, "Another")
    plans.does("Ctrl+S")
    assert "There is a cost centre NORTH" in form.field("code").sentence.text()
    assert len(found(plans)) == 2


def test_a_centre_is_closed_and_opened_again(plans: PlansRobot) -> None:
    plans.office.write(centres)
    part = plans.opens("cost_centres", CostCentresPart)
    plans.qtbot.wait(200)
    buttons = page(part).pane.acts.buttons()
    plans.focuses(buttons[0])
    plans.does("Space")
    assert not found(plans)["NORTH"].active
    assert plans.newest().text.startswith("Cost centre North office is closed")
    plans.does("Ctrl+Z")
    assert found(plans)["NORTH"].active


def test_a_clinician_is_given_a_centre(plans: PlansRobot) -> None:
    plans.office.write(centres)
    plans.office.write(lambda work: add_provider(work, ProviderFields("Testa Fernsample", "LCSW")))
    part = plans.opens("cost_centres", CostCentresPart)
    part.show_what({"list": "clinicians"})
    plans.rests()
    listed = page(part)
    listed.list.view.setFocus()
    plans.does("Home")
    at = next(
        at
        for at in range(listed.list.model.rowCount())
        if str(listed.list.model.index(at, listed.list.model.section_of("name")).data())
        == "Testa Fernsample"
    )
    for _ in range(at):
        plans.does("Down")
    plans.qtbot.wait(200)
    plans.does("Return")
    combo = listed.pane.form.field("cost_centre").editor
    plans.waits(combo.hasFocus)
    plans.presses("Down", "Down")
    plans.does("Ctrl+S")
    members = {one.name: one.cost_centre for one in plans.office.read(centre_members)}
    assert members["Testa Fernsample"] == "SOUTH"
