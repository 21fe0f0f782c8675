"""The Budgets tab: typing by key, spreading, copying, comparing, approving, giving out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fscdesk.models.values import Money
from fscdesk.services.accounting.budgets import (
    BudgetStatus,
    approve_budget,
    budget,
    budgets,
    enter_budget,
)
from fscdesk.ui import theme
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.accounting_plans.budget_grid import PAD
from fscdesk.ui.screens.accounting_plans.budget_rows import RowKind
from fscdesk.ui.screens.accounting_plans.budget_typed import read_typed
from fscdesk.ui.screens.accounting_plans.budgets_part import BudgetsPart
from fscdesk.ui.text import money_text
from tests.support.focus import comes_to
from tests.support.robots.plans import PlansRobot
from tests.ui.accounting_plans.conftest import centres, plan_year


def opened(robot: PlansRobot) -> tuple[BudgetsPart, int]:
    """The tab over the draft for 2026, with the grid in front."""
    number = robot.office.write(plan_year).value
    part = robot.opens("budgets", BudgetsPart)
    comes_to(part.grid)
    return part, number


def months(robot: PlansRobot, number: int, account: str) -> list[str]:
    view = robot.office.read(lambda work: budget(work, number))
    cell = next((one for one in view.cells if one.account == account), None)
    return [] if cell is None else [amount.plain() for amount in cell.months]


def test_an_amount_is_typed_saved_and_undone(plans: PlansRobot) -> None:
    part, number = opened(plans)
    part.grid.go_to("4010", 2)
    plans.types("1250")
    plans.does("Return")
    assert months(plans, number, "4010")[1:4] == ["1000.00", "1250.00", "1000.00"]
    assert plans.newest().text == "4010 Service revenue, March 2026: 1,250.00 saved."
    current = part.grid.current()
    assert current is not None
    assert current[0].label.strip().startswith("4020")  # Enter goes down
    plans.does("Ctrl+Z")
    assert months(plans, number, "4010")[2] == "1000.00"


def test_the_year_is_spread_and_a_quarter_too(plans: PlansRobot) -> None:
    part, number = opened(plans)
    part.grid.go_to("7200", 12)
    plans.types("100")
    plans.does("Return")
    shares = months(plans, number, "7200")
    assert (shares[0], shares[-1], len(shares)) == ("8.34", "8.33", 12)
    part.show_what({"view": "quarters"})
    part.grid.go_to("7200", 1)
    plans.focuses(part.grid)
    plans.types("30")
    plans.does("Tab")
    assert months(plans, number, "7200")[2:7] == ["8.34", "10.00", "10.00", "10.00", "8.33"]


def test_no_figure_is_ever_cut(plans: PlansRobot) -> None:
    """A column is as wide as its widest figure, also after one was typed; then they scroll."""
    part, _number = opened(plans)
    plans.window.resize(1180, 780)
    part.grid.go_to("4010", 2)
    plans.types("-123456789.99")
    plans.does("Return")
    grid, wide = part.grid, theme.now.metrics("small", weight=600)
    for at, column in enumerate(grid.grid.columns):
        for row in grid.grid.rows:
            if row.kind is not RowKind.HEAD:
                figure = money_text(column.sum(row.planned))
                assert wide.horizontalAdvance(figure) + PAD + 2 <= grid.columnWidth(at), figure
    assert grid.horizontalScrollBar().maximum() > 0


def test_a_month_is_copied_to_the_right_and_cleared(plans: PlansRobot) -> None:
    part, number = opened(plans)
    part.grid.go_to("7000", 9)
    plans.types("=200+10")
    plans.does("Return")
    part.grid.go_to("7000", 9)
    plans.does(">")
    assert months(plans, number, "7000")[8:] == ["200.00", "210.00", "210.00", "210.00"]
    plans.does("Delete")
    assert months(plans, number, "7000")[8:] == ["200.00", "0.00", "210.00", "210.00"]
    plans.does("Ctrl+Z", "Ctrl+Z")
    assert months(plans, number, "7000")[8:] == ["200.00", "210.00", "200.00", "200.00"]


def test_last_years_actual_is_taken_by_a_letter(plans: PlansRobot) -> None:
    part, number = opened(plans)
    part.grid.go_to("4340", 11)
    plans.types("a+10")
    plans.does("Return")
    assert months(plans, number, "4340")[11] == "55.00"


def test_what_is_no_amount_is_said_and_nothing_is_saved(plans: PlansRobot) -> None:
    part, number = opened(plans)
    part.grid.go_to("4010", 0)
    plans.types("12x")
    plans.does("Return")
    assert plans.newest().level is Level.PROBLEM
    assert "12x is not an amount" in plans.newest().text
    assert months(plans, number, "4010")[0] == "1000.00"
    assert part.grid.grid.index(1, 0).data() == "1,000.00"


def test_the_strip_says_the_difference_in_words(plans: PlansRobot) -> None:
    part, _number = opened(plans)
    part.grid.go_to("4010", 2)
    plans.rests()
    assert part.strip.here.words.text() == "520.00 less than planned"
    assert part.strip.so_far.figures.text() == "Planned 3,000.00, came 480.00"
    part.grid.go_to("7000", 2)
    plans.rests()
    assert part.strip.here.words.text() == "as planned"


def test_against_actual_sums_the_months_that_are_over(plans: PlansRobot) -> None:
    part, _number = opened(plans)
    part.show_what({"view": "actual"})
    plans.rests()
    model = part.actual.model
    said = {
        str(model.index(at, model.section_of("account")).data()): str(
            model.index(at, model.section_of("words")).data()
        )
        for at in range(model.rowCount())
    }
    assert said["4010  Service revenue"] == "2,520.00 less than planned"
    assert said["7000  Rent"] == "400.00 below the plan"
    assert said["7300  Depreciation"] == "25.00 over the plan"
    assert said["Result"] == "2,145.00 less than planned"


def test_an_approved_budget_takes_no_typing_and_offers_a_copy(plans: PlansRobot) -> None:
    part, number = opened(plans)
    plans.presses("Ctrl+Return")
    plans.dialog()
    plans.closes_dialog()
    (row,) = plans.office.read(budgets)
    assert row.status is BudgetStatus.APPROVED
    part.grid.go_to("4010", 0)
    plans.focuses(part.grid)
    plans.types("9")
    plans.does("Return")
    assert plans.newest().text == "“Budget 2026” is approved."
    assert months(plans, number, "4010")[0] == "1000.00"
    offered = plans.newest().help
    assert offered is not None
    offered.act()
    plans.dialog()
    plans.closes_dialog()
    found = plans.office.read(budgets)
    assert sorted(one.name for one in found) == ["Budget 2026", "Budget 2026, version 2"]
    assert part.row is not None
    assert part.row.status is BudgetStatus.DRAFT


def test_an_approval_is_taken_back_by_key_and_from_the_message(plans: PlansRobot) -> None:
    part, _number = opened(plans)

    def status() -> BudgetStatus:
        return plans.office.read(budgets)[0].status

    for key in ("Ctrl+Z", "Ctrl+Shift+U"):
        plans.presses("Ctrl+Return")
        plans.dialog()
        plans.closes_dialog()
        assert status() is BudgetStatus.APPROVED
        assert part._taken_back.isVisible()
        assert not part._thrown_away.isVisible()
        plans.does(key)
        assert status() is BudgetStatus.DRAFT
        assert plans.newest().text == "Budget 2026 is a draft again."
        assert part._thrown_away.isVisible()


def test_a_new_budget_begins_with_last_years_actual(plans: PlansRobot) -> None:
    part = plans.opens("budgets", BudgetsPart)
    assert part._empty.isVisible()
    plans.presses("Ctrl+N")
    dialog = plans.dialog()
    dialog.field("source").set_value("actual")
    plans.fills(dialog.field("percent").edit, "+20")
    plans.closes_dialog()
    (row,) = plans.office.read(budgets)
    assert (row.name, row.income) == ("Budget 2026", Money(60_00))


def test_an_account_planned_by_cost_centre_is_typed_there(plans: PlansRobot) -> None:
    plans.office.write(centres)
    part, number = opened(plans)
    plans.office.write(
        lambda work: enter_budget(
            work, number, "7200", Money(90_00), month=date(2026, 1, 1), cost_centre="NORTH"
        )
    )
    plans.does("F5")
    part.grid.go_to("7200", 0)
    plans.focuses(part.grid)
    plans.types("5")
    plans.does("Return")
    assert plans.newest().text == "7200 is planned by cost centre."
    plans.focuses(part._centre)
    plans.does("Down", "Down")
    part.grid.go_to("7200", 0)
    plans.focuses(part.grid)
    plans.types("95")
    plans.does("Return")
    assert months(plans, number, "7200")[0] == "95.00"


def test_the_grid_is_given_out(plans: PlansRobot, tmp_path: Path) -> None:
    part, _number = opened(plans)
    part.export_as("csv")
    plans.rests()
    text = (tmp_path / "budget_2026.csv").read_text(encoding="utf-8-sig")
    assert "Total income" in text
    assert "12000.00" in text


def test_a_refused_cell_shows_again_what_is_saved(plans: PlansRobot) -> None:
    part, number = opened(plans)
    part.grid.go_to("4010", 0)

    plans.office.write(lambda work: approve_budget(work, number, expected_version=1))
    plans.types("7")
    plans.does("Return")
    assert plans.newest().level is Level.PROBLEM
    assert part.grid.grid.index(1, 0).data() == "1,000.00"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("120", ("60.00", "60.00")),
        ("0.01", ("0.01", "0.00")),
        ("a", ("10.00", "0.00")),
        ("a -50", ("5.00", "0.00")),
        ("+10%", ("110.00", "220.00")),
        ("−10 %", ("90.00", "180.00")),
    ],
)
def test_short_words_mean_months(typed: str, meant: tuple[str, ...]) -> None:
    planned, before = (Money(100_00), Money(200_00)), (Money(10_00), Money(0))
    assert tuple(one.plain() for one in read_typed(typed, planned, before)) == meant


def test_last_years_actual_needs_the_right_to_see_it() -> None:
    with pytest.raises(ValueError, match="may see reports"):
        read_typed("a", (Money(1),), ())
