"""Rows come page by page, late answers are dropped, and no tick or current row ever slides."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from pytestqt.qtbot import QtBot

from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Topic
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.paged_model import MONEY_ROLE, PAGE_SIZE, PAGES_KEPT, PagedModel
from tests.support.robots.table import COLUMNS, FakeBooks, ListRobot, SessionRow, session

OpenList = Callable[..., ListRobot]
NEWS = frozenset({Topic.SESSIONS})


def test_far_rows_come_when_they_are_looked_at(sessions: ListRobot) -> None:
    assert sessions.cell(249, "client").endswith("0250")
    assert {span.start for span in sessions.books.asked if span.size} == {0, 200}


def test_money_is_never_a_qt_int(sessions: ListRobot) -> None:
    vast = Money(99_999_999_999)
    sessions.books.change(1, owes=vast)
    sessions.part.refresh()
    index = sessions.model.index(0, sessions.model.section_of("owes"))
    sessions.qtbot.waitUntil(lambda: index.data(MONEY_ROLE) == vast)
    assert index.data() == "999,999,999.99"


def test_a_row_that_has_not_come_shows_dots_and_asking_never_waits(
    sessions: ListRobot, books: FakeBooks
) -> None:
    books.hold()
    index = sessions.model.index(150, sessions.model.section_of("client"))
    assert index.data() == "…"
    assert not sessions.model.skeleton
    sessions.qtbot.waitUntil(lambda: sessions.model.skeleton)
    books.let_go()
    sessions.qtbot.waitUntil(lambda: str(index.data()).endswith("0151"))
    assert not sessions.model.skeleton


def test_old_rows_stay_until_the_new_answer(sessions: ListRobot, books: FakeBooks) -> None:
    books.hold()
    sessions.part.filter_by(FilterState(text="quill"))
    assert sessions.model.total == 250
    assert sessions.cell(0, "client") == "Nova Newclient 0001"
    books.let_go()
    sessions.sees(50)


def test_an_answer_to_an_older_question_is_dropped(sessions: ListRobot, books: FakeBooks) -> None:
    books.hold()
    sessions.part.filter_by(FilterState(text="quill"))
    sessions.part.filter_by(FilterState(text="nova"))
    books.let_go()
    sessions.sees(50)
    assert sessions.cell(0, "client").startswith("Nova")


def test_only_some_pages_are_kept_and_few_are_asked_at_once(
    qtbot: QtBot, desk: Desk, books: FakeBooks
) -> None:
    books.rows = [session(number) for number in range(1, 3001)]
    model: PagedModel[SessionRow] = PagedModel(desk, COLUMNS)
    model.show(lambda work, span: books.page(work, FilterState(), span))
    qtbot.waitUntil(lambda: model.known and model.settled)
    for page in range(1, 30):
        model.want(page * PAGE_SIZE)
        qtbot.waitUntil(lambda: model.settled)
    assert len(list(model.loaded())) == PAGES_KEPT * PAGE_SIZE
    assert model.row_at(0) is None
    books.asked.clear()
    for page in range(30):  # a drag of the scroll bar from top to bottom in one breath
        model.want(page * PAGE_SIZE)
    qtbot.waitUntil(lambda: model.settled)
    assert len(books.asked) <= 4


def test_a_tick_stays_on_its_record_through_sort_and_refresh(
    sessions: ListRobot, desk: Desk
) -> None:
    sessions.clicks_box(0)
    sessions.clicks_box(3)
    assert sessions.ticked() == {1, 4}
    sessions.part.sort_by("client")
    sessions.settles()
    sessions.books.change(1, client="Zzz Last")
    desk.changed.emit(NEWS)
    sessions.settles()
    assert sessions.ticked() == {1, 4}
    sessions.part.sort_by("client")
    sessions.settles()
    assert sessions.cell(0, "client") == "Zzz Last"
    box = sessions.model.index(0, 0).data(Qt.ItemDataRole.CheckStateRole)
    assert Qt.CheckState(box) == Qt.CheckState.Checked


def test_the_sum_of_ticked_rows_follows_their_new_values(sessions: ListRobot, desk: Desk) -> None:
    sessions.clicks_box(0)
    assert sessions.part.body.bar.sums.text() == "130.00 charged"
    sessions.books.change(1, fee=Money(9900))
    desk.changed.emit(NEWS)
    sessions.qtbot.waitUntil(lambda: sessions.part.body.bar.sums.text() == "99.00 charged")


def test_the_current_row_stays_on_its_record(sessions: ListRobot, desk: Desk) -> None:
    sessions.clicks_row(4)
    assert sessions.current() == 5
    sessions.books.take_away(1)
    desk.changed.emit(NEWS)
    sessions.sees(249)
    assert sessions.current() == 5
    assert sessions.view.current_place == 3


def test_when_the_current_record_is_gone_nothing_else_becomes_current(
    sessions: ListRobot, desk: Desk
) -> None:
    sessions.clicks_row(4)
    sessions.books.take_away(5)
    desk.changed.emit(NEWS)
    sessions.sees(249)
    assert sessions.current() is None
    sessions.presses("Down")
    assert sessions.view.current_place == 4


def test_qts_own_indexes_follow_records_too(sessions: ListRobot, desk: Desk) -> None:
    column = sessions.model.section_of("client")
    kept = QPersistentModelIndex(sessions.model.index(4, column))
    gone = QPersistentModelIndex(sessions.model.index(9, column))
    sessions.books.take_away(1)
    sessions.books.take_away(10)
    desk.changed.emit(NEWS)
    sessions.sees(248)
    assert kept.row() == 3
    assert not gone.isValid()


def test_a_hidden_list_asks_only_when_it_is_shown_again(sessions: ListRobot, desk: Desk) -> None:
    sessions.part.hide()
    sessions.books.asked.clear()
    desk.changed.emit(NEWS)
    sessions.qtbot.wait(30)
    assert not sessions.books.asked
    sessions.books.change(1, client="Aaa First")
    sessions.part.show()
    sessions.qtbot.waitUntil(lambda: sessions.cell(0, "client") == "Aaa First")


def test_a_page_that_could_not_be_read_is_said_and_can_be_tried_again(
    open_list: OpenList, books: FakeBooks
) -> None:
    books.fault = Problem("The database did not answer for 10 seconds.", hint="Look again.")
    robot = open_list(wait=False)
    robot.qtbot.waitUntil(lambda: robot.part.body.empty is not None)
    empty = robot.part.body.empty
    assert empty is not None
    assert "did not answer" in empty.sentence.text()
    books.fault = None
    assert empty.button is not None
    empty.button.click()
    robot.sees(250)
    assert robot.part.body.empty is None


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10**6), ticked=st.sets(st.integers(1, 120), max_size=12))
def test_ticks_survive_whatever_happens_to_the_rows(
    qtbot: QtBot, desk: Desk, seed: int, ticked: set[int]
) -> None:
    dice = random.Random(seed)
    books = FakeBooks(120)
    model: PagedModel[SessionRow] = PagedModel(desk, COLUMNS, ticking=True)

    def question(work: object, span: Span) -> Page[SessionRow]:
        return books.page(work, FilterState(), span)  # type: ignore[arg-type]

    model.show(question)
    model.want(100)
    qtbot.waitUntil(lambda: model.settled)
    model.want(100)
    qtbot.waitUntil(lambda: model.settled)
    model.ticks.put([row for row in model.loaded() if row.id in ticked], on=True)
    assert model.ticks.ids == ticked
    for _turn in range(4):
        if dice.random() < 0.5:
            model.order_by(dice.choice(["client", "date", "owes"]), descending=dice.random() < 0.5)
        else:
            books.change(dice.randint(1, 120), client=f"Client {dice.random()}")
            model.refresh()
        qtbot.waitUntil(lambda: model.settled)
        assert model.ticks.ids == ticked
        for place in range(model.total):
            row = model.row_at(place)
            box = model.index(place, 0).data(Qt.ItemDataRole.CheckStateRole)
            if row is not None:
                assert (Qt.CheckState(box) == Qt.CheckState.Checked) == (row.id in ticked)
    qtbot.waitUntil(lambda: model.settled)
    model.deleteLater()


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101])
def test_any_number_of_rows(open_list: OpenList, books: FakeBooks, count: int) -> None:
    books.rows = books.rows[:count]
    robot = open_list()
    robot.sees(count)
    assert (robot.part.body.empty is not None) == (count == 0)
