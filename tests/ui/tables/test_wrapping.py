"""Words in a pane go on below where they are too long; columns give room to what is cut."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.ui import theme
from fscdesk.ui.focus_ring import wants_ring
from fscdesk.ui.forms.card import EmptyState
from fscdesk.ui.tables.facts import Fact, Facts, Section
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.marks import wrapped
from fscdesk.ui.tables.spec import Press
from fscdesk.ui.tables.story import Story, StoryStep
from tests.support.robots.table import ListRobot

LONG = "SimplePractice says that more was paid than was charged, and no payment is known yet"


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> None:
    theme.apply(qapp)


def test_lines_break_between_words_and_lose_none() -> None:
    lines = wrapped(LONG, 200, most=9)
    assert len(lines) > 1
    assert " ".join(lines) == LONG
    assert all(theme.now.metrics("body").horizontalAdvance(one) <= 200 for one in lines)
    assert wrapped(LONG, 200, most=2)[-1].endswith("…")
    assert wrapped("", 200) == [""]
    assert wrapped("Unbreakableword" * 9, 100)[0].endswith("…")


def test_a_long_fact_takes_the_lines_that_it_needs(qtbot: QtBot) -> None:
    facts = Facts("Facts")
    qtbot.addWidget(facts)
    facts.show_sections([Section("What", (Fact("Note", ("short",)),))])
    short = facts.heightForWidth(312)
    facts.show_sections([Section("What", (Fact("Note", (LONG,)),))])
    assert facts.heightForWidth(312) > short + theme.now.line("body")
    assert facts.heightForWidth(2000) == short


def test_a_long_step_pushes_the_next_one_down(qtbot: QtBot) -> None:
    story = Story()
    qtbot.addWidget(story)
    heights = []
    for second in ("short", LONG):
        story.show_steps([StoryStep("Asked", second, day="11/21/2026"), StoryStep("Paid")])
        heights.append(story.heightForWidth(312))
    assert heights[1] >= heights[0] + theme.now.line("small")


def test_an_empty_list_marks_its_own_focus(qtbot: QtBot) -> None:
    empty = EmptyState("inbox", "No refund is overdue.")
    qtbot.addWidget(empty)
    assert not wants_ring(empty)


def test_a_column_gives_what_its_words_do_not_need(open_list: Callable[..., ListRobot]) -> None:
    robot = open_list(width=760)
    name = robot.view.paged.section_of("client")
    code = robot.view.paged.section_of("code")
    before = robot.view.columnWidth(name), robot.view.columnWidth(code)
    robot.books.change(3, client="Bartholomew Featherstonehaugh the Younger")
    robot.view.paged.refresh()
    robot.settles()
    after = robot.view.columnWidth(name), robot.view.columnWidth(code)
    assert after[0] > before[0]
    assert after[1] < before[1]


def test_what_helps_takes_the_place_of_clearing_filters(
    open_list: Callable[..., ListRobot],
) -> None:
    came: list[str] = []
    robot = open_list(
        none_words=lambda _state: "This report was not imported yet.",
        none_press=lambda _state: Press("Import files", lambda: came.append("files")),
    )
    robot.books.rows = []
    robot.part.filter_by(FilterState(text="zzz"))
    robot.settles()
    empty = robot.part.body.empty
    assert empty is not None
    assert empty.button is not None
    assert empty.button.words() == "Import files"
    empty.button.click()
    assert came == ["files"]
