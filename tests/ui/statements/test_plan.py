"""The plan: who gets a statement and who not, by day and minimum, and who is held back."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QApplication
from sqlalchemy import func, select

from fscdesk.models.staff import StaffRole
from fscdesk.models.statement import Statement
from fscdesk.services.importing.applying import import_file
from fscdesk.services.importing.reading import read_file
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui.screens.statements.filters_dialog import FiltersDialog
from tests.support.appointment_files import MARCH
from tests.support.robots.statements import StatementsRobot
from tests.support.shared import samples
from tests.ui.statements.conftest import ENVELOPES


def made(books: Office) -> int:
    return books.read(lambda work: work.db.scalar(select(func.count()).select_from(Statement))) or 0


def test_the_sum_is_the_ledgers_and_each_part_has_its_rows(
    statements: StatementsRobot,
) -> None:
    assert statements.sums() == {"print": (5, "268.45"), "left": (4, "65.00")}
    assert statements.screen.plan.tiles.words.text() == "9 accounts, 333.45 in all"
    assert statements.names() == ENVELOPES
    assert statements.button() == "Make 5 statements"
    assert statements.screen.plan.foot.words.text() == (
        "Nothing is made yet. 1 has no address: it comes last, to be handed over."
    )


def test_the_proof_list_says_of_each_why(
    statements: StatementsRobot,
) -> None:
    statements.screen.plan.tiles.tiles["print"].setFocus()
    statements.does("Right", "Space")
    assert dict(zip(statements.names(), statements.column("reason"), strict=True)) == {
        "Newton Notyet": "Mail to this address came back",
        "Minna Minorsample": "Owes less than the minimum of 10.00",
        "Zebra Testcase": "Has a credit of 10.00",
        "Sample McSampleface": "Owes nothing",
    }
    assert statements.tabs() == {
        "all": 4,
        "bad_address": 1,
        "below_minimum": 1,
        "credit": 1,
        "zero": 1,
    }
    statements.screen.plan.left_out.tabs.setFocus()
    statements.does("Right")
    assert statements.names() == ["Newton Notyet"]
    statements.does("Escape")
    assert len(statements.names()) == 4
    statements.does("Escape")
    assert statements.names() == ENVELOPES


def test_another_day_is_typed_and_planned_for(
    statements: StatementsRobot,
) -> None:
    day = statements.screen.plan.day
    day.setFocus()
    day.edit.selectAll()
    statements.types("3-3")
    statements.does("Return")
    assert statements.screen.planning.question.as_of == date(2026, 3, 3)
    assert statements.sums()["print"] == (0, "0.00")
    assert statements.instead() == "Nobody owes 10.00 or more as of 03/03/2026."
    assert statements.button() == "Make statements"
    primary = statements.screen.primary()
    assert primary is not None
    assert not primary.isEnabled()
    assert primary.statusTip() == "Nobody gets a statement"


def test_another_minimum_moves_accounts_from_one_list_to_the_other(
    statements: StatementsRobot,
) -> None:
    least = statements.screen.plan.minimum
    least.setFocus()
    least.edit.selectAll()
    statements.types("50")
    statements.does("Tab")
    assert statements.sums() == {"print": (2, "178.45"), "left": (7, "155.00")}
    assert statements.button() == "Make 2 statements"
    assert least.edit.text() == "50.00"


def test_what_is_no_day_is_said_and_makes_nothing(
    statements: StatementsRobot, sqlite_books: Office
) -> None:
    day = statements.screen.plan.day
    day.setFocus()
    day.edit.selectAll()
    statements.types("2-30")
    statements.does("Ctrl+Return")
    assert day.sentence.text() == "2-30 is not a day."
    assert made(sqlite_books) == 0


def test_what_was_typed_is_shown_before_anything_is_made_for_it(
    statements: StatementsRobot, sqlite_books: Office
) -> None:
    least = statements.screen.plan.minimum
    least.setFocus()
    least.edit.selectAll()
    statements.types("100")
    statements.does("Ctrl+Return")
    assert statements.button() == "Make 1 statement"
    assert made(sqlite_books) == 0
    statements.does("Ctrl+Return")
    assert made(sqlite_books) == 1


def test_who_is_held_back_stands_on_the_proof_list_and_can_be_put_back(
    statements: StatementsRobot,
) -> None:
    statements.goes_to("José Ficción")
    statements.presses("Space", "Down", "Space")
    assert statements.button() == "Hold back"
    statements.does("Ctrl+Return")
    assert statements.newest().text == "2 accounts are held back."
    assert statements.newest().undo is None
    assert statements.sums()["print"] == (3, "90.00")
    statements.screen.plan.tiles.tiles["left"].click()
    statements.rests()
    assert statements.names()[:2] == ["José Ficción", "Quill Fakerson"]
    assert statements.column("reason")[:2] == ["Held back", "Held back"]
    statements.screen.focus()
    statements.goes_to("Quill Fakerson")
    statements.does("Ctrl+Shift+H")
    assert statements.newest().text == "Quill Fakerson is put back."
    assert statements.sums()["print"] == (4, "145.00")


def test_only_who_was_held_back_can_be_put_back(
    statements: StatementsRobot,
) -> None:
    statements.screen.plan.tiles.tiles["left"].click()
    statements.rests()
    statements.screen.focus()
    statements.goes_to("Newton Notyet")
    statements.does("Ctrl+Shift+H")
    assert statements.newest().text.startswith("Only those who were held back")
    assert statements.sums()["left"][0] == 4


def test_another_screen_asks_for_one_account_alone(
    statements: StatementsRobot, accounts: dict[str, list[int]]
) -> None:
    statements.opens(guarantor=accounts["Quill Fakerson"][0])
    assert statements.names() == ["Quill Fakerson"]
    assert statements.button() == "Make 1 statement"
    assert statements.screen.plan.list.view.picking.current_row.name == "Quill Fakerson"
    statements.screen.plan.everybody.setFocus()
    statements.does("Space")
    assert statements.names() == ENVELOPES


def test_one_who_gets_none_is_shown_with_the_reason(
    statements: StatementsRobot, accounts: dict[str, list[int]]
) -> None:
    statements.opens(guarantor=accounts["Minna Minorsample"][0], as_of=date(2026, 3, 31))
    assert statements.column("reason") == ["Owes less than the minimum of 10.00"]
    assert statements.screen.plan.list.view.picking.current_row.name == "Minna Minorsample"
    assert statements.screen.plan.day.value() == date(2026, 3, 31)


def test_sessions_ask_for_those_who_pay_for_their_clients(
    statements: StatementsRobot, accounts: dict[str, list[int]]
) -> None:
    wanted = ("José Ficción", "A<B> Placeholder", "Minna Minorsample")
    statements.opens(patients=tuple(accounts[name][1] for name in wanted))
    assert statements.sums() == {"print": (2, "143.45"), "left": (1, "5.00")}


def test_back_comes_to_the_same_account(
    statements: StatementsRobot,
) -> None:
    statements.goes_to("Quill Fakerson")
    statements.window.open("home")
    statements.window.back()
    statements.rests()
    assert statements.screen.plan.list.view.picking.current_row.name == "Quill Fakerson"


def test_nobody_owes_in_an_empty_practice(nobody: StatementsRobot) -> None:
    assert nobody.instead() == "Nobody owes 10.00 or more as of 04/12/2026."
    assert nobody.sums() == {"print": (0, "0.00"), "left": (0, "0.00")}
    nobody.screen.past.click()
    nobody.rests()
    assert nobody.instead() == "No statements were made yet."


def test_who_may_not_make_statements_is_told_so(
    nobody: StatementsRobot, sqlite_books: Office
) -> None:
    def act(work: Work) -> None:
        for role in work.db.scalars(select(StaffRole)):
            work.db.delete(role)

    sqlite_books.write(act)
    nobody.does("F5")
    assert nobody.newest().text == "You may not make statements."


def test_the_samples_give_a_plan_as_soon_as_they_are_imported(
    nobody: StatementsRobot, sqlite_books: Office
) -> None:
    before = read_file(samples() / MARCH)
    done = sqlite_books.write(lambda work: import_file(work, before, accept_proposals=True))
    nobody.window.desk.changed.emit(done.topics)
    nobody.rests()
    count, _total = nobody.sums()["print"]
    assert count > 0
    assert len(nobody.names()) == count
    assert nobody.tabs()["no_address"] == count


def test_filters_choose_among_those_that_the_rules_leave(statements: StatementsRobot) -> None:
    statements.screen.filters.setFocus()
    statements.presses("Space")
    dialog = filters_dialog(statements)
    statements.types("3000")
    statements.presses("Return")
    statements.waits(lambda: not dialog.isVisible())
    statements.window.activateWindow()
    statements.rests()
    assert statements.sums()["print"] == (0, "0.00")
    assert "too_young" in statements.tabs_left()
    words = statements.screen.plan._filter_words.text()
    assert words == "Only open for 3000 days or more."
    statements.screen.plan.unfiltered.click()
    statements.rests()
    assert statements.sums()["print"] == (5, "268.45")
    assert statements.screen.plan._filtered.isHidden()


def filters_dialog(robot: StatementsRobot) -> FiltersDialog:
    """The question, as soon as the keys go to it."""

    def is_there() -> bool:
        top, focused = QApplication.activeModalWidget(), QApplication.focusWidget()
        return isinstance(top, FiltersDialog) and focused is not None and top.isAncestorOf(focused)

    robot.waits(is_there)
    top = QApplication.activeModalWidget()
    assert isinstance(top, FiltersDialog)
    return top
