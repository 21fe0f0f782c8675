"""Keys on the bank's rows that mean nothing there say so; what is unsure is asked about first."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMenu

from fscdesk.models.values import Money
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.bank_sheet import SheetMark
from fscdesk.services.banking.reconciling import start
from fscdesk.services.work import Work
from fscdesk.ui.messages import Level
from fscdesk.ui.tables import list_menus
from tests.support.bank_books import day, entry, line
from tests.support.payments import verify
from tests.support.robots.reconciliation import ReconciliationRobot

MANY = 7


def equals(work: Work) -> None:
    """Let seven entries be the amount of one line."""
    for at in range(MANY):
        entry(work, "3/10", 40_00, f"Equal {at}")
    line(work, "3/10", 40_00, "DEPOSIT AT BRANCH 0042")


def begun(work: Work) -> None:
    """Begin March."""
    start(work, account_named(work), day("3/31"), Money(5000_00))


def finding(robot: ReconciliationRobot) -> str:
    """What the find field holds."""
    return robot.screen.bank.list.state.text


def test_a_digit_where_no_set_waits_opens_no_search(robot: ReconciliationRobot) -> None:
    robot.opens_with(lambda work: line(work, "3/9", 88_00, "SOMETHING"))
    robot.goes_to("88.00")
    robot.does("2")
    robot.hears("No set waits here. Ctrl+F finds an amount.", Level.NOTE)
    assert finding(robot) == ""
    assert robot.row().amount.plain() == "88.00"


def test_the_second_of_two_lines_is_taken_out_and_put_back(
    robot: ReconciliationRobot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[QMenu] = []
    monkeypatch.setattr(list_menus, "pop", lambda menu, at: shown.append(menu))
    robot.opens_with(
        lambda work: line(work, "3/9", 88_00, "SOMETHING"),
        lambda work: line(work, "3/9", 88_00, "SOMETHING"),
    )
    robot.goes_to("88.00")
    robot.does("Shift+F10")
    (menu,) = shown
    next(one for one in menu.actions() if one.text().startswith("Take out")).trigger()
    robot.rests()
    robot.hears("The line of 03/09/2026 over 88.00 is taken out.")
    assert [row.amount.plain() for row in robot.rows() if row.line_ids] == ["88.00"]
    robot.does("Ctrl+Z")
    robot.waits(lambda: len([row for row in robot.rows() if row.line_ids]) == 2)
    verify(robot.office)


def test_all_of_many_equals_are_shown_and_counted_alike(robot: ReconciliationRobot) -> None:
    robot.opens_with(equals)
    at = next(place for place, row in enumerate(robot.rows()) if row.line_ids)
    robot.does("Home", *["Down"] * at)
    row = robot.row()
    assert row.book_says == f"{MANY} could be meant"
    assert len(robot.page().choices.cards()) == MANY
    assert f"{MANY} could be meant" in row.why
    robot.does("6")
    assert robot.page().choices.marked == 5, "a digit on the rows marks; Enter takes"
    assert robot.marks()["unmatched"] == 1
    robot.does("Return")
    robot.hears("40.00 matched: Equal 5 40.00.")
    verify(robot.office)


def test_an_act_on_nothing_says_so(robot: ReconciliationRobot) -> None:
    robot.opens_with(
        lambda work: line(work, "3/9", 88_00, "SOMETHING"),
        lambda work: line(work, "3/10", 99_00, "ELSE"),
    )
    robot.goes_to("88.00")
    robot.does("Ctrl+F")
    robot.types("99.00")
    robot.waits(lambda: [row.amount.plain() for row in robot.rows()] == ["99.00"])
    robot.does("Return")
    assert robot.screen.bank.list.view.picking.current_row is None
    for key, words in (
        ("q", "No line is chosen."),
        ("Return", "No line is chosen."),
        ("Ctrl+Shift+Y", "Nothing is chosen."),
    ):
        robot.heard.clear()
        robot.does(key)
        assert words in robot.newest().text


def test_q_asks_first_where_something_of_ours_is_exact(robot: ReconciliationRobot) -> None:
    robot.opens_with(equals)
    at = next(place for place, row in enumerate(robot.rows()) if row.line_ids)
    robot.does("Home", *["Down"] * at, "q")
    page = robot.page()
    assert page.question.isVisible()
    assert page.question.text().startswith("7 sets of ours are exactly 40.00: choose one")
    assert page.choices.hasFocus()
    assert robot.marks()["unmatched"] == 1
    robot.does("q")
    robot.hears("40.00 is held as money to identify.")
    assert robot.marks()["held"] == 1


def test_q_asks_first_about_what_was_carried_to_the_bank(robot: ReconciliationRobot) -> None:
    robot.opens_with(lambda work: line(work, "3/9", 88_00, "DEPOSIT AT BRANCH 0042"))
    robot.goes_to("88.00")
    robot.does("q")
    assert "The bank says that this was carried to it" in robot.page().question.text()
    assert robot.row().mark is SheetMark.UNMATCHED
    robot.does("Home", "q")
    robot.hears("88.00 is held as money to identify.")
    assert not robot.page().question.isVisible()


def test_a_confirmation_is_taken_back(robot: ReconciliationRobot) -> None:
    robot.opens_with(lambda work: entry(work, "3/31", 95_00, "Slip 2"), begun)
    robot.goes_to("95.00")
    robot.does("Return")
    said = robot.hears("95.00 is on its way: confirmed.")
    assert said.undo is not None
    assert robot.row().seen
    robot.does("Ctrl+Z")
    robot.hears("95.00 is not confirmed any more.")
    assert [row.seen for row in robot.rows()] == [False]


@pytest.mark.parametrize("width", [1180, 1440])
def test_amounts_stay_beside_the_open_pane(width: int, robot: ReconciliationRobot) -> None:
    robot.window.resize(width, 760)
    robot.opens_with(
        lambda work: line(work, "3/9", -17_100_00, "PAYROLL FICTIONAL SPRINGS CO"),
        lambda work: entry(work, "3/9", -17_100_00, "Payroll"),
    )
    part = robot.screen.bank.list
    if not part.pane_shown:
        robot.does("F4")
    assert part.pane_shown
    model = part.model
    seen = {
        key
        for key in ("bank_says", "bank_amount", "book_says", "book_amount")
        if not part.view.isColumnHidden(model.section_of(key))
    }
    assert seen == {"bank_says", "bank_amount", "book_says", "book_amount"}
    assert part.view.horizontalScrollBar().maximum() == 0
