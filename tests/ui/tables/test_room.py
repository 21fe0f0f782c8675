"""Room in the one table: an amount is never cut, and words are not while a name has room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fscdesk.models.values import Money
from fscdesk.ui.tables.delegates import PAD, content_width
from fscdesk.ui.tables.detail import DetailSpec, PaneHead
from fscdesk.ui.tables.totals import SHEET, on_corners
from tests.support.robots.table import ListRobot

OpenList = Callable[..., ListRobot]
MUCH = Money(123_456_789_00)


def room(robot: ListRobot, key: str) -> int:
    """The pixels that a column has for what its cells show."""
    view = robot.view
    section = view.paged.section_of(key)
    return view.columnWidth(section) - 2 * PAD


def needed(robot: ListRobot, key: str) -> int:
    """The pixels that the widest cell on the first screen needs."""
    model = robot.view.paged
    column = next(one for one in model.columns if one.key == key)
    return max(content_width(column, row) for row in list(model.loaded())[:60])


def test_an_amount_is_never_cut(open_list: OpenList) -> None:
    robot = open_list(width=760)
    robot.books.change(3, owes=MUCH)
    robot.view.paged.refresh()
    robot.settles()
    assert room(robot, "owes") >= needed(robot, "owes") > 92


def test_words_get_what_the_name_does_not_need(open_list: OpenList) -> None:
    robot = open_list(width=1400)
    robot.books.change(2, code="90837-GT-HO-95")
    robot.view.paged.refresh()
    robot.settles()
    assert room(robot, "code") >= needed(robot, "code") > 80


def test_what_a_person_made_narrow_stays_narrow(open_list: OpenList) -> None:
    robot = open_list(width=1400)
    robot.view.heading.resizeSection(robot.view.paged.section_of("code"), 50)
    robot.books.change(2, code="90837-GT-HO-95")
    robot.view.paged.refresh()
    robot.settles()
    assert robot.view.columnWidth(robot.view.paged.section_of("code")) == 50


def test_a_column_that_qt_hides_is_not_remembered_as_narrow(open_list: OpenList) -> None:
    robot = open_list(width=1200)
    robot.view.heading.sectionResized.emit(robot.view.paged.section_of("owes"), 92, 0)
    assert robot.part.layout_now.width("owes") is None


def test_a_long_name_gets_what_the_other_columns_have_beyond_their_words(
    open_list: OpenList,
) -> None:
    robot = open_list(width=950)
    robot.books.change(1, client="Eoghan Makebelieve and Valeria Makebelieve of Nowhere Avenue")
    robot.view.paged.refresh()
    robot.settles()
    column = next(one for one in robot.view.paged.columns if one.key == "client")
    whole = content_width(column, next(iter(robot.view.paged.loaded())))
    assert whole > 240, "longer than what a column asks for by itself"
    assert room(robot, "client") >= whole


def test_a_pane_that_unfolds_shows_the_current_row(open_list: OpenList) -> None:
    detail: DetailSpec[Any, Any] = DetailSpec(
        ask=lambda _work, row: row, head=lambda row: PaneHead(row.client)
    )
    robot = open_list(width=760, detail=detail)
    pane = robot.part.pane
    assert pane is not None
    assert not robot.part.pane_shown
    robot.presses("Down")
    row = robot.view.picking.current_row
    assert row is not None
    robot.part.resize(1300, 700)
    robot.qtbot.waitUntil(lambda: robot.part.pane_shown and pane.name.text() == row.client)


def test_only_a_part_on_the_corners_leaves_them_out(qtbot: QtBot) -> None:
    sheet = QWidget()
    qtbot.addWidget(sheet)
    sheet.setProperty(SHEET, True)
    sheet.resize(400, 300)
    left, right, above = QWidget(sheet), QWidget(sheet), QWidget(sheet)
    left.setGeometry(1, 263, 250, 36)
    right.setGeometry(251, 263, 148, 36)
    above.setGeometry(1, 220, 398, 36)
    assert [on_corners(one) for one in (left, right, above)] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    free = QWidget()
    qtbot.addWidget(free)
    assert on_corners(free) == (False, False)
