"""The Aging screen by keys: cells open their lines, lines are the cells, and the ledger agrees."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from fscdesk.services.office import Office
from fscdesk.services.reports.aging_lines import EVERYBODY
from fscdesk.services.reports.aging_sums import AgeBy, By
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.actions import clashes
from fscdesk.ui.printing import PreviewDialog
from fscdesk.ui.screens.aging.day_popup import DayPopup
from fscdesk.ui.screens.aging.question import CellRef, Question
from fscdesk.ui.text import day_text
from tests.support.clock import NOON
from tests.support.focus import comes_to
from tests.support.named import unnamed
from tests.support.people import add_patient, add_payer, add_provider, add_session
from tests.support.robots.aging import AgingRobot
from tests.support.tampering import tamper

TODAY = NOON.date()
OpenAging = Callable[..., AgingRobot]


def test_the_matrix_says_who_owes_what_by_age(aging: AgingRobot) -> None:
    assert aging.names() == ["Fictional Assurance", "Imaginary Blue Plan of Nowhere", "Clients"]
    assert aging.row("Imaginary Blue Plan of Nowhere") == [
        "220.00", "120.00", "–", "–", "70.00", "–", "410.00", "17 %",
    ]  # fmt: skip
    assert aging.row("Fictional Assurance") == [
        "–", "–", "100.00", "80.00", "–", "−40.00", "140.00", "100 %",
    ]  # fmt: skip
    assert aging.row("Clients") == ["30.00", "20.00", "–", "–", "–", "−15.00", "35.00", "0 %"]
    assert aging.all_row()[:7] == [
        "250.00", "140.00", "100.00", "80.00", "70.00", "−55.00", "585.00",
    ]  # fmt: skip
    assert aging.screen.head.note.text() == f"585.00 open, as of {day_text(TODAY)}"


def test_the_strip_proves_the_sum(aging: AgingRobot) -> None:
    strip = aging.screen.strip
    assert strip.ties is True
    assert strip.words.startswith(
        "Aging 585.00 = client and payer ledgers 585.00 = general ledger 585.00"
    )
    assert strip.right == "difference 0.00, checked 08:00"
    assert "difference 0.00" in strip.accessibleDescription()


def test_a_difference_is_red_and_names_what_is_wrong(
    open_aging: OpenAging, sqlite_practice: str
) -> None:
    robot = open_aging()
    before = robot.screen.strip.height()
    tamper(
        sqlite_practice,
        "UPDATE charge SET insurance_balance = insurance_balance + 100 WHERE id ="
        " (SELECT min(id) FROM charge)",
    )
    robot.presses("F5")
    robot.settles()
    strip = robot.screen.strip
    assert strip.ties is False
    assert "difference 1.00" in strip.right
    assert strip.reasons
    robot.waits(lambda: strip.height() > before)


@pytest.mark.parametrize("by", list(By))
def test_every_cell_opens_lines_that_add_up_to_it(open_aging: OpenAging, by: By) -> None:
    robot = open_aging(by=by)
    screen = robot.screen
    for cells in (screen.matrix.cells, screen.matrix.sums):
        for place in range(cells.rowCount()):
            for column in range(1, 8):
                amount = cells.amount(place, column)
                if not amount:
                    continue
                screen.open_cell(cells.cell(place, column))
                robot.waits(lambda amount=amount: robot.lines_sum() == amount)  # type: ignore[misc]
                robot.lines_settle()
                assert screen.lines.note.text().endswith(str(amount).replace("-", "−"))


def test_enter_opens_the_cell_and_escape_comes_back_to_it(aging: AgingRobot) -> None:
    aging.presses("Down", "Right", "Return")
    aging.lines_settle()
    assert aging.heading() == "Imaginary Blue Plan of Nowhere, 31 to 60 days"
    view = aging.screen.lines.part.view
    comes_to(view)
    aging.waits(lambda: view.current_place == 0)
    aging.presses("Esc")
    assert aging.screen.lines.cell is None
    assert aging.screen.lines.isHidden()
    grid = aging.screen.matrix.grid
    comes_to(grid)
    assert (grid.currentIndex().row(), grid.currentIndex().column()) == (1, 2)


def test_the_lines_lead_to_the_session_and_back_to_the_same_line(aging: AgingRobot) -> None:
    aging.presses("Down", "Return")
    aging.lines_settle()
    aging.waits(lambda: aging.screen.lines.part.view.current_place == 0)
    aging.presses("Down")
    line = aging.screen.lines.part.chosen()[0]
    aging.presses("Ctrl+L")
    assert aging.place() == "sessions"
    assert aging.last_asked() == {"session": line.session_id}
    aging.presses("Alt+Left")
    aging.settles()
    aging.lines_settle()
    assert aging.place() == "aging"
    assert aging.screen.lines.cell == CellRef(2 if line.payer == "FICTA" else 1, 0)
    assert aging.screen.lines.part.chosen()[0].id == line.id


def test_ctrl_enter_is_the_primary_button_of_the_open_cell(aging: AgingRobot) -> None:
    assert aging.screen.primary() is None
    aging.presses("Return")
    aging.lines_settle()
    assert aging.heading().startswith("Fictional Assurance, 0 to 30 days")
    assert aging.screen.lines.part.body.empty is not None, "an empty cell says so"
    aging.presses("Esc", "Down", "Return")
    aging.lines_settle()
    aging.waits(lambda: aging.screen.lines.part.view.current_place == 0)
    aging.presses("Ctrl+Return")
    assert aging.place() == "sessions"


def test_a_line_opens_its_client(aging: AgingRobot) -> None:
    aging.presses("Down", "Return")
    aging.lines_settle()
    aging.waits(lambda: bool(aging.screen.lines.part.chosen()))
    patient = aging.screen.lines.part.chosen()[0].patient_id
    aging.clicks(aging.screen.lines.open_patient)
    assert aging.last_asked() == {"patient": patient}


def test_down_goes_on_to_the_row_of_all_and_up_comes_back(aging: AgingRobot) -> None:
    aging.presses("Down", "Down", "Down")
    comes_to(aging.screen.matrix.total)
    aging.presses("Return")
    aging.lines_settle()
    assert aging.heading() == "All, 0 to 30 days"
    aging.presses("Esc")
    comes_to(aging.screen.matrix.total)
    aging.presses("Up")
    comes_to(aging.screen.matrix.grid)
    assert aging.screen.matrix.grid.currentIndex().row() == 2


def test_the_share_that_is_late_is_no_cell_to_stop_at(aging: AgingRobot) -> None:
    aging.presses(*["Right"] * 12)
    assert aging.screen.matrix.grid.currentIndex().column() == 7


def test_a_click_opens_without_taking_the_keys_from_the_matrix(aging: AgingRobot) -> None:
    aging.clicks_cell(aging.screen.matrix.grid, 0, 6)
    aging.lines_settle()
    assert aging.heading() == "Fictional Assurance, credits"
    assert str(aging.lines_sum()) == "-40.00"
    comes_to(aging.screen.matrix.grid)


@pytest.mark.parametrize(
    ("typed", "day"), [("2-28", date(2026, 2, 28)), ("-30", TODAY - timedelta(30))]
)
def test_any_day_can_be_asked_for(aging: AgingRobot, typed: str, day: date) -> None:
    aging.presses("Ctrl+D")
    aging.types(typed)
    aging.presses("Return")
    aging.settles()
    assert aging.screen.question == Question(as_of=day)
    assert aging.screen.head.note.text().endswith(f"as of {day_text(day)}")
    assert aging.screen.strip.ties is True
    aging.presses("Ctrl+D")
    aging.types("t")
    aging.presses("Return")
    aging.settles()
    assert aging.screen.question == Question(), "today, whichever day that will be"
    assert aging.screen.head.note.text().startswith("585.00 open")


def test_what_is_no_day_is_said_in_the_popup(aging: AgingRobot) -> None:
    aging.presses("Ctrl+D")
    aging.types("02/30/2026")
    aging.presses("Return")
    popup = aging.window.findChild(DayPopup)
    assert popup is not None
    assert popup.fault.text() == "02/30/2026 is not a day."
    assert aging.screen.question.as_of is None
    aging.presses("Esc")
    comes_to(aging.screen.controls.day)


def test_rows_and_ages_change_by_arrows(aging: AgingRobot) -> None:
    aging.screen.controls.rows.setFocus()
    aging.presses("Right")
    aging.settles()
    assert sorted(aging.names()) == [
        "José Ficción", "Quill Fakerson", "Zebra Testcase", "Ümit Beispielmann",
    ]  # fmt: skip
    aging.screen.controls.ages.setFocus()
    aging.presses("Right")
    aging.settles()
    assert aging.screen.question == Question(by=By.PATIENT, age_by=AgeBy.POSTING)
    assert aging.screen.strip.ties is True


def test_typing_finds_a_row(open_aging: OpenAging) -> None:
    robot = open_aging(by="patient")
    robot.focuses()
    robot.types("zeb")
    grid = robot.screen.matrix.grid
    assert robot.screen.matrix.cells.rows[grid.currentIndex().row()].name == "Zebra Testcase"
    comes_to(robot.screen.controls.field)
    robot.presses("Esc")
    comes_to(grid)
    assert robot.screen.controls.field.isHidden()


def test_a_heading_orders_the_rows_and_clients_close_the_payers(aging: AgingRobot) -> None:
    aging.screen.matrix.sort_by(7)
    assert aging.names() == ["Imaginary Blue Plan of Nowhere", "Fictional Assurance", "Clients"]
    aging.screen.matrix.sort_by(7)
    assert aging.names() == ["Fictional Assurance", "Imaginary Blue Plan of Nowhere", "Clients"]


def test_another_screen_can_ask_for_a_cell(open_aging: OpenAging) -> None:
    robot = open_aging(by="payer", key=2, bucket="unapplied")
    robot.lines_settle()
    assert robot.heading() == "Fictional Assurance, credits"
    robot.window.open("aging", by="payer", key=EVERYBODY, bucket=4)
    robot.settles()
    robot.lines_settle()
    robot.waits(lambda: str(robot.lines_sum()) == "70.00")
    assert robot.heading() == "All, over 120 days"


def test_a_cell_that_is_gone_is_said_quietly(open_aging: OpenAging) -> None:
    robot = open_aging(by="payer", key=77, bucket=0)
    assert robot.screen.lines.cell is None
    assert [said.text for said in robot.heard] == ["Nothing is open there any more."]


def test_news_change_the_figures_and_keep_the_open_cell(
    aging: AgingRobot, sqlite_books: Office
) -> None:
    aging.presses("Down", "Return")
    aging.lines_settle()
    assert str(aging.lines_sum()) == "220.00"

    def more(work: Work) -> None:
        add_session(
            work,
            add_patient(work, "Nova Newclient", "1005"),
            add_provider(work, "Placebo Standin"),
            day=TODAY - timedelta(days=3),
            payer=1,
            insurance=5000,
        )

    aging.window.desk.act(aging.window, more, lambda _done: None)
    aging.waits(lambda: str(aging.lines_sum()) == "270.00")
    aging.settles()
    assert aging.row("Imaginary Blue Plan of Nowhere")[0] == "270.00"
    assert aging.heading() == "Imaginary Blue Plan of Nowhere, 0 to 30 days"
    assert aging.screen.strip.ties is True


def test_the_months_open_their_day(aging: AgingRobot) -> None:
    chart = aging.screen.months.chart
    figures = chart.figures()
    assert len(figures.rows) == 12
    assert figures.rows[-1][0] == day_text(TODAY)
    assert figures.rows[-1][1:6] == ("250.00", "140.00", "100.00", "80.00", "70.00")
    chart.setFocus()
    aging.presses("End", "Left", "Return")
    aging.settles()
    assert aging.screen.question.as_of == date(2026, 3, 31)
    aging.presses("T")
    assert QApplication.focusWidget() is not chart, "the table is in front"
    aging.presses("Esc")
    comes_to(chart)


def test_it_prints_what_is_shown(aging: AgingRobot) -> None:
    aging.presses("Ctrl+P")
    aging.waits(lambda: aging.window.findChild(PreviewDialog) is not None)
    dialog = aging.window.findChild(PreviewDialog)
    assert dialog is not None
    assert dialog.windowTitle() == "Aging by payer"
    dialog.reject()


def test_it_exports_the_matrix_or_the_lines(open_aging: OpenAging, tmp_path: Path) -> None:
    robot = open_aging(path=str(tmp_path / "aging.csv"))
    robot.focuses()
    robot.presses("Down", "Return")
    robot.lines_settle()
    menu = robot.screen.export_menu()
    entries = {entry.text(): entry for entry in menu.actions() if entry.text()}
    assert list(entries) == [
        "Aging as CSV…", "Aging as Excel…", "Aging as PDF…",
        "Lines as CSV…", "Lines as Excel…", "Lines as PDF…",
    ]  # fmt: skip
    entries["Aging as CSV…"].trigger()
    menu.deleteLater()
    robot.waits(lambda: bool(robot.heard))
    assert robot.heard[-1].text == "3 rows exported to aging.csv."
    with (tmp_path / "aging.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[1][0] == "Fictional Assurance"
    assert "-40.00" in rows[1]


def test_rows_are_copied_with_headings(aging: AgingRobot) -> None:
    aging.presses("Ctrl+C")
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0].startswith("Payer\t0–30 days\t31–60")
    assert lines[3] == "Clients\t30.00\t20.00\t0.00\t0.00\t0.00\t-15.00\t35.00\t0 %"


def test_an_empty_practice_says_what_helps(open_aging: OpenAging) -> None:
    robot = open_aging(filled=False)
    screen = robot.screen
    assert screen._stack.currentWidget() is screen.empty
    assert screen.empty.sentence.text() == (
        "Nothing is open. Import the appointment report from SimplePractice."
    )
    assert not screen.print_button.isEnabled()
    assert screen.empty.button is not None
    robot.clicks(screen.empty.button)
    assert robot.place() == "importing"


def test_thousands_of_rows_scroll_and_lose_none(
    open_aging: OpenAging, sqlite_books: Office
) -> None:
    def many(work: Work) -> None:
        clinician, payer = add_provider(work, "Testa Fernsample"), add_payer(work, "FICTA")
        person = add_patient(work, "Quill Fakerson", "1001")
        for at in range(400):
            day = TODAY - timedelta(days=at)
            add_session(work, person, clinician, day=day, payer=payer, insurance=100 + at)

    sqlite_books.write(many)
    robot = open_aging(filled=False, by="session")
    grid = robot.screen.matrix.grid
    robot.focuses()
    robot.presses("Ctrl+End")
    assert grid.currentIndex().row() == 399
    assert grid.verticalScrollBar().value() == grid.verticalScrollBar().maximum()
    assert robot.screen.matrix.height() < grid.cells.rowCount() * 20
    robot.presses("Ctrl+Home", "Return")
    robot.lines_settle()
    assert robot.screen.lines.part.model.total == 1


def test_everything_has_a_name_and_no_key_is_claimed_twice(aging: AgingRobot) -> None:
    aging.presses("Down", "Return")
    aging.lines_settle()
    assert unnamed(aging.window) == []
    assert clashes(aging.window, aging.screen) == []
    index = aging.screen.matrix.cells.index(0, 3)
    assert aging.screen.matrix.cells.data(index, 11) == "Fictional Assurance, 61–90: 100.00"


@pytest.mark.parametrize(("size", "text"), [((1280, 720), 100), ((1440, 900), 150)])
def test_nothing_is_out_of_reach_in_a_small_window(
    aging: AgingRobot, qapp: QApplication, size: tuple[int, int], text: int
) -> None:
    theme.apply(qapp, "light", text)
    aging.window.resize(*size)
    aging.focuses()
    aging.presses("Down", "Return")
    aging.lines_settle()
    assert (aging.window.width(), aging.window.height()) == size
    lines, area = aging.screen.lines, aging.screen.area
    seen = lines.mapTo(area.viewport(), lines.rect().topLeft()).y()
    assert 0 <= seen < area.viewport().height()
    assert lines.part.model.total
    aging.presses("Esc")
    aging.screen.months.chart.setFocus()
    assert aging.screen.months.chart.isVisible()
    theme.apply(qapp)
