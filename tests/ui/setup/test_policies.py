from __future__ import annotations

from fscdesk.models.values import Money
from fscdesk.services.setup.settings import change_setting, setting
from fscdesk.ui import theme
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.setup.policies_page import PoliciesPage
from fscdesk.ui.screens.setup.workstation_page import WorkstationPage
from tests.support.robots.setup import SetupRobot

MINIMUM = "statement_minimum"


def _policies(setup: SetupRobot) -> PoliciesPage:
    page = setup.goes("policies")
    assert isinstance(page, PoliciesPage)
    setup.waits(lambda: page.form.field(MINIMUM).draft() != "")
    return page


def _hint(page: PoliciesPage, key: str) -> str:
    return page.form.field(key).editor.accessibleDescription()


def test_a_policy_shows_its_default_then_who_changed_it_since_when(setup: SetupRobot) -> None:
    page = _policies(setup)
    assert _hint(page, MINIMUM).endswith("Default: 10.00.")
    setup.fills(page.form, **{MINIMUM: "25"})
    setup.presses("Ctrl+S")
    setup.hears("Smallest balance: saved.")
    assert setup.asks(lambda work: setting(work, MINIMUM)) == Money(2500)
    name = setup.office.actor.name
    wanted = f"Default: 10.00. Changed by {name}, 04/12/2026."
    setup.waits(lambda: _hint(page, MINIMUM).endswith(wanted))
    setup.window.undo.undo()
    setup.hears("The policies are as they were.")
    assert setup.asks(lambda work: setting(work, MINIMUM)) == Money(1000)


def test_a_value_out_of_bounds_is_refused_under_its_field(setup: SetupRobot) -> None:
    page = _policies(setup)
    setup.fills(page.form, net_days="400")
    setup.presses("Ctrl+S")
    setup.sees_fault(page.form.field("net_days"), "from 0 to 120 days")
    assert setup.asks(lambda work: setting(work, "net_days")) == 30


def test_a_policy_that_another_desk_has_set_is_shown_and_not_written_over(
    setup: SetupRobot,
) -> None:
    page = _policies(setup)
    setup.fills(page.form, **{MINIMUM: "25"})
    setup.elsewhere(lambda work: change_setting(work, MINIMUM, Money(5000), seen=Money(1000)))
    setup.presses("Ctrl+S")
    setup.hears("Someone else changed Smallest balance first.", Level.PROBLEM)
    setup.waits(lambda: page.form.field(MINIMUM).draft() == "50.00")
    assert setup.asks(lambda work: setting(work, MINIMUM)) == Money(5000)


def test_a_check_before_billing_is_left_out_by_key(setup: SetupRobot) -> None:
    page = _policies(setup)
    key = next(key for key in page.form.draft() if page.form.field(key).name.startswith("Checks"))
    before = setup.asks(lambda work: setting(work, key))
    page.form.field(key).setFocus()
    setup.presses("Space", "Ctrl+S")
    setup.hears("Checks before billing: saved.")
    assert setup.asks(lambda work: setting(work, key)) == before[1:]


def test_the_look_is_chosen_by_key_and_remembered(setup: SetupRobot) -> None:
    page = setup.goes("workstation")
    assert isinstance(page, WorkstationPage)
    setup.waits(page.look.hasFocus)
    setup.presses("Right", "Right")
    assert theme.now.dark
    assert setup.window.preferences.look() == "dark"
    page.text_size.setFocus()
    setup.presses("Right")
    assert (theme.now.text_size, setup.window.preferences.text_size()) == (115, 115)


def test_comfortable_rows_are_taken_up_by_lists_that_are_open(setup: SetupRobot) -> None:
    listed = setup.goes_to_list("payers", "payers")
    low = listed.list.view.row_height
    page = setup.goes("workstation")
    assert isinstance(page, WorkstationPage)
    page.rows.setFocus()
    setup.presses("Right")
    assert setup.window.preferences.comfortable()
    assert (low, listed.list.view.row_height) == (32, 40)
