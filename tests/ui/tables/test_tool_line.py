"""The row above a narrow list: what filters is never squeezed out of reach by the buttons."""

from __future__ import annotations

from collections.abc import Callable

from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.tool_line import ToolLine
from tests.support.robots.table import ListRobot

OpenList = Callable[..., ListRobot]


def within(robot: ListRobot) -> list[str]:
    """What can be seen whole of the line: chips that are set, and the way to the others."""
    line = robot.part.line
    parts = [*line.chips.items(), ("add", line.add)]
    return [
        name
        for name, part in parts
        if not part.isHidden() and part.geometry().right() <= line.width() and part.width() > 40
    ]


def tools(robot: ListRobot) -> ToolLine:
    line = robot.part.line_row
    assert isinstance(line, ToolLine)
    return line


def test_where_it_is_narrow_the_buttons_keep_their_icons_alone(open_list: OpenList) -> None:
    robot = open_list(width=310)
    button = robot.part.columns_button
    assert tools(robot).short
    assert (button.words(), button.accessibleName()) == ("", "Columns")
    assert "Columns" in button.toolTip()
    assert "Export" in robot.part.export_button.toolTip()
    assert "Ctrl+Shift+E" in robot.part.export_button.toolTip()
    assert within(robot) == ["add"]


def test_a_chip_that_is_set_stays_in_view(open_list: OpenList) -> None:
    robot = open_list(width=420)
    assert not tools(robot).short
    robot.part.filter_by(FilterState().with_values("status", ("denied",)))
    robot.settles()
    assert tools(robot).short
    assert within(robot) == ["status", "add"]
    robot.part.filter_by(FilterState())
    robot.settles()
    assert not tools(robot).short
    assert robot.part.columns_button.words() == "Columns"


def test_with_room_everything_has_its_words(open_list: OpenList) -> None:
    robot = open_list(width=1200)
    assert not tools(robot).short
    assert within(robot) == ["date", "status", "add"]
