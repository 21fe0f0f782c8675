"""The Year end tab: what stands in the way, the closing entry, close, take back with a reason."""

from __future__ import annotations

from datetime import date

from fscdesk.services.accounting.closing_periods import close
from fscdesk.services.accounting.year_end import close_year, years
from fscdesk.services.ledger.balances import balance
from fscdesk.ui.screens.accounting_plans.year_end_part import YearEndPart, YearLine
from tests.support.books_kept import entry
from tests.support.focus import comes_to
from tests.support.robots.plans import PlansRobot


def opened(robot: PlansRobot, *, closed_months: bool = True) -> YearEndPart:
    """The tab on 2025, whose December is softly closed."""
    if closed_months:
        robot.office.write(lambda work: close(work, date(2025, 12, 1), soft=True))
    part = robot.opens("year_end", YearEndPart)
    comes_to(part.list_tab.list.view)
    robot.does("Home", "Down")
    robot.qtbot.wait(200)
    robot.rests()
    return part


def number(robot: PlansRobot) -> str | None:
    return next(one.number for one in robot.office.read(years) if one.year == 2025)


def column(part: YearEndPart, key: str) -> list[str]:
    model = part.list_tab.list.model
    section = model.section_of(key)
    return [str(model.index(at, section).data()) for at in range(model.rowCount())]


def test_what_stands_in_the_way_is_said_and_the_verb_is_off(plans: PlansRobot) -> None:
    part = opened(plans, closed_months=False)
    assert column(part, "year") == ["2026", "2025"]
    assert column(part, "way") == ["It is not over until 12/31/2026.", "December 2025 is open."]
    plans.waits(lambda: part.list_tab.primary_button() is not None)
    button = part.list_tab.primary_button()
    assert button is not None
    assert button.words() == "Close 2025"
    assert not button.isEnabled()
    plans.does("Ctrl+Return")
    assert number(plans) is None


def test_a_year_is_closed_and_undone_from_the_message(plans: PlansRobot) -> None:
    part = opened(plans)
    assert column(part, "state")[1] == "Can be closed"
    plans.waits(lambda: part.primary() is not None)
    plans.does("Ctrl+Return")
    assert number(plans) is not None
    assert "50.00 carried to 3100 Retained earnings" in plans.newest().text
    assert plans.office.read(lambda work: balance(work, "3100")).cents == -50_00
    plans.does("Ctrl+Z")
    assert number(plans) is None
    assert not plans.office.read(lambda work: balance(work, "3100"))


def test_a_closed_year_is_taken_back_with_a_reason(plans: PlansRobot) -> None:
    part = opened(plans)
    plans.waits(lambda: part.primary() is not None)
    plans.does("Ctrl+Return")
    plans.qtbot.wait(200)
    plans.rests()
    row = part.list_tab.list.view.picking.current_row
    assert isinstance(row, YearLine)
    assert row.closed
    plans.presses("Ctrl+Return")
    dialog = plans.dialog()
    plans.presses("Ctrl+Return")
    assert dialog.field("reason").sentence.text() == "Reason is missing."
    assert number(plans) is not None
    plans.fills(dialog.field("reason").edit, "An invoice was found")
    plans.closes_dialog()
    assert number(plans) is None
    assert "2025 is open again." in plans.newest().text


def test_a_year_behind_a_closed_one_was_carried_with_it(plans: PlansRobot) -> None:
    plans.office.write(lambda work: entry(work, date(2024, 6, 1), "1000", "4340", 10_00))
    plans.office.write(lambda work: close(work, date(2025, 12, 1), soft=True))
    plans.office.write(lambda work: close_year(work, 2025))
    part = plans.opens("year_end", YearEndPart)
    assert column(part, "state") == ["Open", "Closed", "Carried"]
    assert column(part, "way")[2] == "Carried with 2025, which is closed."
