"""The Reports screen by keys: a report is found, asked, read, and opened down to its entries."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtWidgets import QApplication

from fscdesk.services.office import Office
from fscdesk.services.preferences import preference
from fscdesk.services.reports.report_asked import Asked
from fscdesk.services.reports.report_catalogue import CATALOGUE, GROUPS, REPORTS
from fscdesk.services.reports.report_made import Made
from fscdesk.services.work import Work
from fscdesk.ui.actions import clashes
from fscdesk.ui.printing import PreviewDialog
from fscdesk.ui.screens.reports.popups import DaysPopup, WordsTyped
from fscdesk.ui.screens.reports.screen import FIGURES, PAGES
from tests.support.books_kept import entry
from tests.support.focus import comes_to
from tests.support.named import unnamed
from tests.support.robots.reports import ReportsRobot

OpenReports = Callable[..., ReportsRobot]
MARCH = "2026-03-01..2026-03-31"


def test_every_report_stands_under_its_question(open_reports: OpenReports) -> None:
    robot = open_reports()
    assert robot.screen.list.names() == [one.name for one in CATALOGUE]
    rows = robot.screen.list.rows
    heads = [rows.item(at).text() for at in range(rows.count())]
    assert [one for one in heads if one in GROUPS] == list(GROUPS)


def test_typing_finds_a_report_and_enter_shows_it(open_reports: OpenReports) -> None:
    robot = open_reports()
    robot.screen.list.rows.setFocus()
    comes_to(robot.screen.list.rows)
    robot.types("denial")
    robot.waits(lambda: robot.screen.list.names() == ["clean-claims", "denials"])
    robot.presses("Escape")
    robot.waits(lambda: len(robot.screen.list.names()) == len(CATALOGUE))
    robot.finds("trial")
    assert robot.screen.head.heading.text() == "Trial balance"
    assert robot.row("Total")[-2:] == ["1,567.50", "1,567.50"]
    robot.presses("Escape")
    comes_to(robot.screen.list.rows)


def test_arrows_in_the_list_show_the_next_report(open_reports: OpenReports) -> None:
    robot = open_reports(report="income")
    robot.screen.list.rows.setFocus()
    comes_to(robot.screen.list.rows)
    robot.presses("Down")
    robot.settles("balance-sheet")
    robot.presses("Down")
    robot.settles("cash-flow")
    assert robot.screen.head.heading.text() == "Cash flow statement"


def test_a_statement_reads_as_on_paper(open_reports: OpenReports) -> None:
    robot = open_reports(report="income", period=MARCH, compare="previous")
    assert robot.row("Service revenue") == [
        "4010", "Service revenue", "480.00", "0.00", "480.00", "",
    ]  # fmt: skip
    assert robot.row("Net income")[2:5] == ["255.00", "0.00", "255.00"]
    assert robot.screen.notes.text() == "Net income is the sum of its income and expense lines."
    assert robot.chip("period") == "Period: March 2026"
    assert robot.chip("compare") == "Compare with: The one before"
    figures = robot.screen.figures.figures
    assert figures.is_heading(0)
    assert figures.look(1).depth == 1


def test_a_number_opens_its_lines_and_esc_comes_back_to_it(open_reports: OpenReports) -> None:
    robot = open_reports(report="income", period=MARCH)
    robot.goes_to("Total expenses", "amount")
    place = robot.screen.figures.place()
    robot.presses("Return")
    robot.lines_settle()
    drilled = robot.screen.drilled
    assert robot.lines_sum().plain() == "225.00"
    assert drilled.heading.text() == "Total expenses, March 2026"
    assert drilled.note.text() == "2 lines, 225.00"
    comes_to(drilled.part.view)
    robot.presses("Escape")
    comes_to(robot.screen.figures)
    assert robot.screen.figures.place() == place
    robot.presses("Ctrl+E")
    robot.lines_settle()


def test_a_line_opens_its_entry_and_the_way_back_its_number(open_reports: OpenReports) -> None:
    robot = open_reports(report="income", period=MARCH)
    robot.goes_to("Net income", "amount")
    robot.presses("Return")
    robot.lines_settle()
    view = robot.screen.drilled.part.view
    comes_to(view)
    robot.waits(lambda: view.current_place == 0)
    line = view.picking.current_row
    assert line is not None
    robot.presses("Return")
    assert robot.place() == "accounting"
    assert robot.last_asked() == {"tab": "journal", "entry": line.entry_id}
    robot.window.back()
    robot.lines_settle()
    assert robot.screen.drilled.heading.text() == "Net income, March 2026"
    robot.waits(lambda: view.picking.current_row is not None)


def test_a_line_about_a_session_opens_it(open_reports: OpenReports) -> None:
    robot = open_reports(report="income", period=MARCH)
    robot.goes_to("Service revenue", "amount")
    robot.presses("Return")
    robot.lines_settle()
    view = robot.screen.drilled.part.view
    comes_to(view)
    robot.waits(lambda: view.current_place == 0)
    robot.presses("Ctrl+L")
    assert robot.place() == "sessions"


def test_an_age_opens_its_cell_in_aging(open_reports: OpenReports) -> None:
    robot = open_reports(report="aging")
    robot.goes_to("Clients", "balance")
    robot.presses("Return")
    assert robot.place() == "aging"
    asked = robot.last_asked()
    assert (asked["by"], asked["key"], asked["bucket"]) == ("payer", None, None)


def test_a_figure_of_other_figures_says_so(open_reports: OpenReports) -> None:
    robot = open_reports(report="income", period=MARCH, compare="previous")
    robot.goes_to("Net income", "change")
    robot.presses("Return")
    robot.waits(lambda: bool(robot.heard))
    assert robot.heard[-1].text.startswith("This figure is worked out from others")
    assert not robot.screen.is_drilled


def test_parameters_are_remembered_for_each_report(
    open_reports: OpenReports, sqlite_books: Office
) -> None:
    robot = open_reports(report="income")
    robot.opens_chip("period")
    assert "Last month" in robot.offered()
    robot.picks("Last month")
    robot.settles()
    assert robot.chip("period") == "Period: Last month"
    assert robot.row("Net income")[2] == "255.00"
    robot.opens_chip("view")
    robot.picks("Cash")
    robot.settles()
    assert robot.screen.head.heading.text() == "Income statement, cash basis"
    robot.finds("balance sheet")
    assert sqlite_books.read(lambda work: preference(work, "report/income")) == {
        "period": "last_month",
        "view": "cash",
    }
    again = open_reports()
    assert again.screen.report.name == "balance-sheet"
    again.finds("income")
    assert again.chip("period") == "Period: Last month"
    assert again.chip("view") == "View: Cash"
    chip = again.screen.chips.chips["view"]
    chip.setFocus()
    comes_to(chip)
    again.presses("Delete")
    again.settles()
    assert again.screen.head.heading.text() == "Income statement"


def test_days_are_typed(open_reports: OpenReports) -> None:
    robot = open_reports(report="income")
    robot.presses("Ctrl+D")
    popup = robot.screen.chips._popup
    assert isinstance(popup, DaysPopup)
    comes_to(popup.fields[0])
    robot.types("3/31/2026")
    popup.fields[1].setFocus()
    comes_to(popup.fields[1])
    robot.presses("Ctrl+A")
    robot.types("3/1/2026")
    robot.presses("Return")
    assert popup.fault.text() == "The last day is before the first."
    popup.fields[0].setFocus()
    robot.presses("Ctrl+A")
    robot.types("1/1/2026")
    robot.presses("Return")
    robot.settles()
    assert robot.chip("period") == "Period: 01/01/2026 to 03/01/2026"
    assert robot.row("Net income")[2] == "−200.00"


def test_codes_are_typed_and_kinds_ticked(open_reports: OpenReports) -> None:
    robot = open_reports(report="paid-history")
    robot.opens_chip("code")
    popup = robot.screen.chips._popup
    assert isinstance(popup, WordsTyped)
    comes_to(popup.field)
    robot.types("90834 90837")
    robot.presses("Return")
    robot.settles()
    assert robot.chip("code") == "Codes: 90834, 90837"
    robot.finds("exceptions")
    robot.opens_chip("kind")
    robot.presses("Down", "Space", "Escape")
    robot.settles()
    assert robot.chip("kind") == "Kinds: Remittance without money"


def test_pages_stand_in_the_place_of_figures(open_reports: OpenReports) -> None:
    robot = open_reports(report="balance-sheet", as_of="2026-03-31")
    robot.presses("Ctrl+G")
    robot.waits(lambda: robot.screen.pages.view is not None)
    assert robot.screen.as_pages.value() == PAGES
    assert robot.screen.pages.where.text() == "Page 1 of 1"
    zoom = robot.screen.pages.view.zoom if robot.screen.pages.view else 0
    robot.screen.pages.setFocus()
    robot.presses("-")
    robot.waits(lambda: robot.screen.pages.view is not None and robot.screen.pages.view.zoom < zoom)
    robot.presses("Ctrl+G")
    assert robot.screen.as_pages.value() == FIGURES
    comes_to(robot.screen.figures)
    robot.waits(lambda: robot.screen.pages.pages is None)


def test_print_shows_the_pages(open_reports: OpenReports, qapp: QApplication) -> None:
    robot = open_reports(report="tie-out")
    robot.presses("Ctrl+P")
    robot.waits(lambda: isinstance(QApplication.activeModalWidget(), PreviewDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, PreviewDialog)
    assert dialog.windowTitle() == "Tie-out of receivables"
    dialog.reject()


@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf", "json"])
def test_a_report_is_exported(open_reports: OpenReports, tmp_path: Path, form: str) -> None:
    file = tmp_path / f"income.{form}"
    robot = open_reports(path=str(file), report="income", period=MARCH)
    words = {"csv": "CSV…", "xlsx": "Excel…", "pdf": "PDF…", "json": "JSON…"}
    menu = robot.screen.export_menu()
    next(line for line in menu.actions() if line.text() == words[form]).trigger()
    robot.waits(file.exists)
    robot.waits(lambda: bool(robot.heard))
    assert robot.heard[-1].text == f"9 rows exported to income.{form}."
    if form == "csv":
        rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
        assert rows[-1] == ["", "Net income", "255.00"]
    if form == "json":
        assert json.loads(file.read_text())["rows"][-1]["amount"] == "255.00"


def test_what_cannot_be_made_says_why(open_reports: OpenReports) -> None:
    robot = open_reports(report="budget-variance")
    words = robot.screen.fault.sentence.text()
    assert words.startswith("No approved budget covers March 2026.")
    assert not robot.screen.print_button.isEnabled()
    robot.finds("trial")
    assert robot.screen.print_button.isEnabled()


def test_what_others_post_is_seen_at_once(open_reports: OpenReports, sqlite_books: Office) -> None:
    robot = open_reports(report="trial-balance", as_of="2026-03-31")
    robot.goes_to("Equipment", "debit")
    place = robot.screen.figures.place()
    done = sqlite_books.write(lambda work: entry(work, date(2026, 3, 6), "1400", "1000", 1_00))
    robot.window.desk.changed.emit(done.topics)
    robot.waits(lambda: "301.00" in robot.row("Equipment"))
    assert robot.screen.figures.place() == place


def test_the_copy_is_what_a_spreadsheet_adds(open_reports: OpenReports) -> None:
    robot = open_reports(report="cash-flow", period=MARCH)
    robot.goes_to("Equipment", "amount")
    robot.presses("Ctrl+C")
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0] == "Account\tName\tMarch 2026"
    assert "1400\tEquipment\t-300.00" in lines


def test_every_control_is_named_and_no_key_is_taken_twice(open_reports: OpenReports) -> None:
    robot = open_reports(report="income", period=MARCH, compare="previous")
    assert unnamed(robot.screen) == []
    assert clashes(robot.window, robot.screen) == []


def test_a_report_that_takes_long_can_be_stopped(
    open_reports: OpenReports, monkeypatch: pytest.MonkeyPatch
) -> None:
    robot = open_reports(report="income", period=MARCH)
    screen, running, freed = robot.screen, Event(), Event()
    report = REPORTS["trial-balance"]

    def slow(work: Work, asked: Asked) -> Made:
        running.set()
        freed.wait(10)
        work.job.step(1, 2)
        return report.make(work, asked)

    slower = {**REPORTS, report.name: replace(report, make=slow)}
    monkeypatch.setattr("fscdesk.ui.screens.reports.asking.REPORTS", slower)
    screen.open_report(report.name)
    robot.waits(running.is_set)
    robot.waits(lambda: screen._stack.currentWidget() is screen.waiting)
    assert screen.waiting.sentence.text() == "Making Trial balance…"
    stop = screen.waiting.button
    assert stop is not None
    stop.setFocus()
    comes_to(stop)
    robot.presses("Space")
    freed.set()
    robot.waits(lambda: screen._stack.currentWidget() is screen.fault)
    assert screen.fault.sentence.text() == "Trial balance was stopped."
    monkeypatch.undo()
    robot.presses("F5")
    robot.settles("trial-balance")
    assert robot.row("Total")[-1] == "1,567.50"


def test_the_panes_are_list_parameters_and_figures(open_reports: OpenReports) -> None:
    robot = open_reports(report="income", period=MARCH)
    screen = robot.screen
    assert screen.panes() == (screen.list.rows, screen.chips.chips["period"], screen.figures)
    screen.list.rows.setFocus()
    comes_to(screen.list.rows)
    robot.presses("F6")
    comes_to(screen.chips.chips["period"])
    robot.presses("F6")
    comes_to(screen.figures)


@pytest.mark.parametrize("wide", [1440, 1180])
def test_all_of_it_fits_the_window(open_reports: OpenReports, wide: int) -> None:
    robot = open_reports(report="income", period=MARCH, compare="previous")
    robot.window.resize(wide, 800)
    robot.waits(lambda: robot.window.width() == wide)
    view = robot.screen.figures
    robot.waits(lambda: view.horizontalScrollBar().maximum() == 0)
