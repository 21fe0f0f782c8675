"""Everything in a list by keyboard, with real key presses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from fscdesk.models.values import Money
from fscdesk.ui.tables import list_menus
from fscdesk.ui.tables.columns import Column, money_column
from fscdesk.ui.tables.copying import tab_separated
from fscdesk.ui.tables.spec import RowsAct
from tests.support.focus import comes_to
from tests.support.robots.table import FakeBooks, ListRobot, SessionRow, session

OpenList = Callable[..., ListRobot]


def test_moving(sessions: ListRobot) -> None:
    sessions.presses("Down", "Down")
    assert sessions.view.current_place == 1
    sessions.presses("End")
    assert sessions.view.current_place == 249
    sessions.presses("PgUp")
    assert 200 < sessions.view.current_place < 249
    sessions.presses("Home", "Up")
    assert sessions.view.current_place == 0


def test_the_current_record_is_known_although_its_page_came_later(sessions: ListRobot) -> None:
    sessions.presses("End")
    sessions.qtbot.waitUntil(lambda: sessions.current() == 250)


def test_space_ticks_and_unticks(sessions: ListRobot) -> None:
    sessions.presses("Down", "Space", "Down", "Space")
    assert sessions.ticked() == {1, 2}
    sessions.presses("Space")
    assert sessions.ticked() == {1}


def test_shift_extends_and_coming_back_unticks_what_it_ticked(sessions: ListRobot) -> None:
    sessions.presses("Down", "Down", "Space", "Up", "Up", "Space")
    assert sessions.ticked() == {1, 2}
    sessions.presses("Shift+Down", "Shift+Down", "Shift+Down")
    assert sessions.ticked() == {1, 2, 3, 4}
    sessions.presses("Shift+Up", "Shift+Up")
    assert sessions.ticked() == {1, 2}, "2 was ticked by itself before, so it stays"


def test_shift_click_ticks_a_range_and_control_click_one(sessions: ListRobot) -> None:
    sessions.clicks_row(2)
    sessions.clicks_row(5, Qt.KeyboardModifier.ShiftModifier)
    assert sessions.ticked() == {3, 4, 5, 6}
    sessions.clicks_row(8, Qt.KeyboardModifier.ControlModifier)
    assert sessions.ticked() == {3, 4, 5, 6, 9}


def test_control_a_ticks_what_is_loaded_then_all_is_offered(sessions: ListRobot) -> None:
    sessions.presses("Ctrl+A")
    bar = sessions.part.body.bar
    assert len(sessions.ticked()) == 100
    assert bar.everything.words() == "All 250"
    bar.everything.click()
    sessions.qtbot.waitUntil(lambda: len(sessions.ticked()) == 250)
    assert bar.count.text() == "250 selected"
    assert bar.everything.isHidden()


def test_more_rows_than_can_be_ticked_are_refused_in_words(
    sessions: ListRobot, books: FakeBooks
) -> None:
    books.rows = [session(number) for number in range(1, 10_002)]
    sessions.part.refresh()
    sessions.sees(10_001)
    sessions.presses("Ctrl+A")
    loaded = sessions.ticked()
    with sessions.qtbot.waitSignal(sessions.part.refused, timeout=30_000) as refused:
        sessions.part.body.bar.everything.click()
    assert refused.args is not None
    assert "10,001 sessions match" in refused.args[0].message
    assert sessions.ticked() == loaded
    assert sessions.part.body.bar.everything.words() == "All 10,001"


def test_escape_steps_back_one_thing_at_a_time(sessions: ListRobot) -> None:
    sessions.presses("Down", "Space")
    sessions.types("quill")
    sessions.sees(50)
    sessions.presses("Escape")
    sessions.sees(250)
    assert sessions.ticked() == {1}
    comes_to(sessions.view)
    sessions.presses("Escape")
    assert sessions.ticked() == set()
    assert sessions.part.escape() is False


def test_typing_finds_and_down_goes_back_to_the_rows(sessions: ListRobot) -> None:
    assert sessions.part.line.field.isHidden()
    sessions.types("no")
    comes_to(sessions.part.line.field)
    sessions.types("va")
    sessions.sees(50)
    sessions.presses("Down")
    comes_to(sessions.view)
    assert not sessions.part.line.field.isHidden(), "what filters stays on view"


def test_enter_opens_the_current_row(sessions: ListRobot) -> None:
    sessions.presses("Down", "Down")
    with sessions.qtbot.waitSignal(sessions.part.opened) as opened:
        sessions.presses("Return")
    assert opened.args is not None
    assert opened.args[0].id == 2


def test_copying_gives_headings_and_what_is_ticked(sessions: ListRobot) -> None:
    sessions.books.change(2, owes=Money(-4000))
    sessions.part.refresh()
    sessions.settles()
    sessions.presses("Down", "Space", "Down", "Space", "Ctrl+C")
    lines = sessions.clipboard().splitlines()
    assert lines[0] == "Date\tClient\tCode\tStatus\tAge\tPayer owes"
    assert lines[1].startswith(
        "03/31/2026\tNova Newclient 0001\t90837\tReady to bill\t1 days\t10.01"
    )
    assert lines[2].endswith("\t-40.00")
    assert len(lines) == 3


def test_without_ticks_the_current_row_is_copied(sessions: ListRobot) -> None:
    sessions.presses("Down", "Ctrl+C")
    assert sessions.clipboard().count("\n") == 2


def test_pasted_words_are_never_formulas() -> None:
    columns: tuple[Column[SessionRow], ...] = (
        Column("client", "Client", lambda row: row.client),
        money_column("owes", "Owes", lambda row: row.owes),
    )
    row = session(1)
    evil = SessionRow(1, row.on, '=HYPERLINK("x")\t\n+1', "1", "paid", Money(-100), Money())
    text = tab_separated(columns, [evil])
    assert text == 'Client\tOwes\n\'=HYPERLINK("x")  +1\t-1.00\n'


def test_the_row_menu_by_key_has_the_acts_and_says_why_one_is_off(
    open_list: OpenList, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[QMenu] = []
    monkeypatch.setattr(list_menus, "pop", lambda menu, at: shown.append(menu))
    done: list[int] = []
    acts = (
        RowsAct[SessionRow]("build", "Build claims", lambda rows: done.append(len(rows))),
        RowsAct[SessionRow](
            "sign", "Sign", lambda rows: None, off_because=lambda rows: "Only clinicians sign."
        ),
    )
    robot = open_list(bulk=acts)
    robot.presses("Down", "Shift+F10")
    (menu,) = shown
    entries = {entry.text().split("\t")[0]: entry for entry in menu.actions()}
    assert {"Open", "Build claims", "Sign", "Copy row", "Tick", "Sort by"} <= set(entries)
    assert not entries["Sign"].isEnabled()
    assert entries["Sign"].toolTip() == "Only clinicians sign."
    entries["Build claims"].trigger()
    assert done == [1]


def test_sorting_by_heading_and_again(sessions: ListRobot) -> None:
    section = sessions.model.section_of("client")
    sessions.view.heading.sort_clicked.emit(section)
    sessions.settles()
    assert sessions.cell(0, "client").startswith("José")
    sessions.view.heading.sort_clicked.emit(section)
    sessions.settles()
    assert sessions.cell(0, "client").startswith("Zebra")


def test_a_column_that_cannot_be_sorted_is_left_alone(sessions: ListRobot) -> None:
    sessions.view.heading.sort_clicked.emit(sessions.model.section_of("age"))
    assert sessions.model.sort_key == "date"


def test_chords_step_through_records_from_anywhere_in_the_list(open_list: OpenList) -> None:
    robot = open_list()
    robot.part.line.add.setFocus()
    robot.presses("Ctrl+Down", "Ctrl+Down")
    assert robot.view.current_place == 1
    robot.presses("Ctrl+Up")
    assert robot.view.current_place == 0


def test_a_list_without_ticks_ignores_space(open_list: OpenList) -> None:
    robot = open_list(ticking=False)
    robot.presses("Down", "Space", "Ctrl+A", "Shift+Down")
    assert robot.ticked() == set()
    assert robot.part.body.bar.isHidden()
