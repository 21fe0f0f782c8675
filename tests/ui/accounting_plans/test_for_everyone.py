"""All five tabs: every control has a name, what is typed stays when news come, Home leads there."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QPushButton

from fscdesk.services.work import Topic
from fscdesk.ui.screens.accounting.part import BooksPart
from fscdesk.ui.screens.accounting_plans.budgets_part import BudgetsPart
from fscdesk.ui.screens.accounting_plans.opening_part import OpeningPart
from fscdesk.ui.screens.home.screen import HomeScreen
from tests.support.focus import comes_to
from tests.support.named import unnamed
from tests.support.robots.plans import PlansRobot
from tests.ui.accounting_plans.conftest import centres, plan_year, rent

TABS = ("budgets", "cost_centres", "recurring", "year_end", "opening")


def test_every_control_is_named(plans: PlansRobot) -> None:
    plans.office.write(plan_year)
    plans.office.write(rent)
    plans.office.write(centres)
    for tab in TABS:
        plans.opens(tab, BooksPart)
        plans.qtbot.wait(200)
        plans.rests()
        assert unnamed(plans.screen.part) == []
    plans.opens("recurring", BooksPart)
    plans.does("Ctrl+N")
    assert unnamed(plans.screen.part) == []


def test_what_is_being_typed_stays_when_news_come(plans: PlansRobot) -> None:
    plans.office.write(plan_year)
    part = plans.opens("budgets", BudgetsPart)
    comes_to(part.grid)
    part.grid.go_to("4010", 4)
    plans.types("77")
    plans.window.desk.changed.emit(frozenset({Topic.BOOKS}))
    plans.rests()
    edit = part.grid.indexWidget(part.grid.currentIndex())
    assert isinstance(edit, QLineEdit)
    assert edit.text() == "77"
    plans.types("5")
    plans.does("Return")
    assert plans.newest().text == "4010 Service revenue, May 2026: 775.00 saved."


def test_an_opening_that_is_half_typed_stays_when_news_come(empty: PlansRobot) -> None:
    part = empty.opens("opening", OpeningPart)
    assert part.form is not None
    empty.fills(part.form.field("1400").editor, "1200")
    empty.window.desk.changed.emit(frozenset({Topic.BOOKS, Topic.BANK}))
    empty.rests()
    assert part.form.field("1400").draft() == "1200"


def test_home_of_an_empty_practice_leads_to_the_opening(empty: PlansRobot) -> None:
    home = HomeScreen(empty.window)
    empty.qtbot.addWidget(home)
    (way,) = [
        one
        for one in home.empty.findChildren(QPushButton)
        if one.accessibleName() == "Enter opening balances"
    ]
    way.click()
    empty.rests()
    assert isinstance(empty.screen.part, OpeningPart)
