"""The Cost centres tab: added, renamed, closed and reopened; clinicians belong to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from fscdesk.services.accounting.closing_periods import close
from fscdesk.services.accounting.cost_centres import (
    CentreRow,
    CentreSpan,
    MemberRow,
    centre_members,
    cost_centres,
)
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


def to_clinician(plans: PlansRobot, name: str) -> ListAndForm[Any, Any]:
    """Go to a clinician in the second list, and with Enter into the form."""
    part = plans.opens("cost_centres", CostCentresPart)
    part.show_what({"list": "clinicians"})
    plans.rests()
    listed = page(part)
    listed.list.view.setFocus()
    plans.does("Home")
    names = listed.list.model.section_of("name")
    rows = range(listed.list.model.rowCount())
    at = next(at for at in rows if listed.list.model.index(at, names).data() == name)
    for _ in range(at):
        plans.does("Down")
    plans.qtbot.wait(200)
    plans.does("Return")
    plans.waits(listed.pane.form.field("cost_centre").editor.hasFocus)
    return listed


def words_in(editor: QWidget) -> str:
    assert isinstance(editor, QLineEdit)
    return editor.text()


def member(plans: PlansRobot, name: str) -> MemberRow:
    return {one.name: one for one in plans.office.read(centre_members)}[name]


def goes_to_the_clinicians(plans: PlansRobot) -> ListAndForm[Any, Any]:
    """Open the second list as a person does: F6 to its tabs, and Right."""
    part = plans.opens("cost_centres", CostCentresPart)
    plans.waits(page(part).list.view.hasFocus)
    for _ in range(6):
        if QApplication.focusWidget() is part.tabs.tabs:
            break
        plans.does("F6")
    assert QApplication.focusWidget() is part.tabs.tabs
    plans.does("Right")
    assert part.tabs.current == "clinicians"
    return page(part)


@pytest.mark.parametrize("key", ["Return", "F2"])
def test_enter_and_f2_on_a_clinician_go_into_the_form(plans: PlansRobot, key: str) -> None:
    plans.office.write(centres)
    listed = goes_to_the_clinicians(plans)
    plans.waits(listed.list.view.hasFocus)
    plans.does("Home", key)
    plans.waits(listed.pane.form.field("cost_centre").editor.hasFocus)
    plans.does("Down", "Ctrl+S")
    assert centre_members_by_row(plans)[0].cost_centre == "NORTH"


@pytest.mark.parametrize("key", ["Return", "Down"])
def test_the_tabs_lead_to_the_list(plans: PlansRobot, key: str) -> None:
    plans.office.write(centres)
    listed = goes_to_the_clinicians(plans)
    plans.focuses(plans.screen.tabs.part.inner.tabs)  # type: ignore[attr-defined]
    plans.does(key)
    plans.waits(listed.list.view.hasFocus)


def test_letters_filter_from_the_list_alone(plans: PlansRobot) -> None:
    plans.office.write(centres)
    listed = goes_to_the_clinicians(plans)
    plans.does("Return")
    plans.waits(listed.pane.form.field("cost_centre").editor.hasFocus)
    plans.types("s")
    plans.rests()
    assert listed.list.state.text == ""
    plans.focuses(listed.list.view)
    plans.types("zz")
    plans.waits(lambda: listed.list.state.text == "zz")


def centre_members_by_row(plans: PlansRobot) -> Sequence[MemberRow]:
    """The clinicians in the order of the list."""
    return plans.office.read(centre_members)


def test_a_clinician_is_given_a_centre(plans: PlansRobot) -> None:
    plans.office.write(centres)
    plans.office.write(lambda work: add_provider(work, ProviderFields("Testa Fernsample", "LCSW")))
    to_clinician(plans, "Testa Fernsample")
    plans.presses("Down", "Down")
    plans.does("Ctrl+S")
    assert member(plans, "Testa Fernsample").cost_centre == "SOUTH"


def test_a_clinician_moves_from_a_day_on_and_back(plans: PlansRobot) -> None:
    plans.office.write(centres)
    name = plans.office.read(centre_members)[0].name
    listed = to_clinician(plans, name)
    plans.presses("Down", "Down")
    plans.does("Ctrl+S")
    assert listed.pane.more.text() == "History\nSOUTH, all sessions"
    plans.focuses(listed.pane.form.field("cost_centre").editor)
    plans.presses("Up")
    plans.fills(listed.pane.form.field("from_day").editor, "04/01/2026")
    plans.does("Ctrl+S")
    assert listed.pane.more.text() == ("History\nNORTH from 04/01/2026\nSOUTH until 03/31/2026")
    assert listed.pane.more.isVisible()
    plans.does("Ctrl+Z")
    assert member(plans, name).history == (CentreSpan("SOUTH", None, None),)


def test_a_closed_month_asks_for_the_reason_under_the_day(plans: PlansRobot) -> None:
    plans.office.write(centres)
    plans.office.write(lambda work: close(work, date(2026, 2, 1)))
    name = plans.office.read(centre_members)[0].name
    listed = to_clinician(plans, name)
    form = listed.pane.form
    assert words_in(form.field("from_day").editor) == "03/01/2026"
    plans.presses("Down")
    plans.fills(form.field("from_day").editor, "02/01/2026")
    plans.does("Ctrl+S")
    assert (
        form.field("from_day")
        .sentence.text()
        .startswith("February 2026 is closed. Write the reason")
    )
    plans.fills(form.field("late_reason").editor, "Moved in January")
    plans.does("Ctrl+S")
    assert member(plans, name).since == date(2026, 2, 1)
