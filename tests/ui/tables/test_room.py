"""Room in the one table: an amount is never cut, and words are not while a name has room."""

from __future__ import annotations

from collections.abc import Callable

from fscdesk.models.values import Money
from fscdesk.ui.tables.delegates import PAD, content_width
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
