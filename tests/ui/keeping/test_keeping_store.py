from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Topic
from fscdesk.ui import theme
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.keeping_store import keeping_in_books
from fscdesk.ui.screens.patients import PatientsScreen
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import KeptView
from tests.support.people import add_patient
from tests.support.robots.patients import PatientsRobot
from tests.support.robots.screens import open_window

OWING = KeptView("", "Mine", FilterState(text="quill").to_json(), "client", descending=True)


@pytest.fixture
def desk(sqlite_books: Office, qapp: QApplication) -> Iterator[Desk]:
    theme.apply(qapp)
    sqlite_books.write(lambda work: add_patient(work, "Quill Fakerson", "2001"))
    sqlite_books.write(lambda work: add_patient(work, "Zebra Testcase", "2002"))
    made = Desk(sqlite_books)
    yield made
    made.close()


def test_a_view_comes_back_as_it_was_saved(sqlite_books: Office) -> None:
    keeping = keeping_in_books()
    saved = sqlite_books.write(lambda work: keeping.save_view(work, "patients", OWING))
    assert Topic.VIEWS in saved.topics
    assert saved.value == replace(OWING, key=saved.value.key)
    assert sqlite_books.read(lambda work: keeping.views(work, "patients")) == (saved.value,)
    assert sqlite_books.read(lambda work: keeping.views(work, "sessions")) == ()


def test_a_view_is_renamed_shared_changed_and_deleted(sqlite_books: Office) -> None:
    keeping = keeping_in_books()
    kept = sqlite_books.write(lambda work: keeping.save_view(work, "patients", OWING)).value
    other = replace(kept, name="Ours", shared=True, filters=FilterState(text="z").to_json())
    sqlite_books.write(lambda work: keeping.save_view(work, "patients", other))
    assert sqlite_books.read(lambda work: keeping.views(work, "patients")) == (other,)
    sqlite_books.write(lambda work: keeping.delete_view(work, "patients", other.key))
    assert sqlite_books.read(lambda work: keeping.views(work, "patients")) == ()


def test_a_second_view_of_one_name_is_refused(sqlite_books: Office) -> None:
    keeping = keeping_in_books()
    sqlite_books.write(lambda work: keeping.save_view(work, "patients", OWING))
    with pytest.raises(Problem, match="You have a view Mine already"):
        sqlite_books.write(lambda work: keeping.save_view(work, "patients", OWING))


def test_layouts_are_kept_by_list_and_view(sqlite_books: Office) -> None:
    keeping = keeping_in_books()
    sqlite_books.write(lambda work: keeping.save_layout(work, "patients", "all", "{1}"))
    sqlite_books.write(lambda work: keeping.save_layout(work, "patients", "all", "{2}"))
    sqlite_books.write(lambda work: keeping.save_layout(work, "patients_too", "all", "{3}"))
    assert sqlite_books.read(lambda work: keeping.layouts(work, "patients")) == {"all": "{2}"}


def test_a_view_of_another_desk_appears_as_a_tab_and_finds(
    qtbot: QtBot, sqlite_books: Office, desk: Desk, tmp_path: Path
) -> None:
    window = open_window(qtbot, desk, tmp_path, {"patients": PatientsScreen})
    robot = PatientsRobot(qtbot, sqlite_books, window)
    assert len(robot.names()) == 2
    keeping = keeping_in_books()
    saved = sqlite_books.write(lambda work: keeping.save_view(work, "patients", OWING))
    desk.changed.emit(saved.topics)
    views = robot.screen.list.views
    assert views is not None
    robot.waits(lambda: saved.value.key in views.tabs.keys)
    views.open(saved.value.key)
    robot.waits(lambda: robot.screen.list.model.total == 1)
    assert robot.names() == ["Quill Fakerson"]


def test_an_arranged_list_is_arranged_so_the_next_time(
    qtbot: QtBot, sqlite_books: Office, desk: Desk, tmp_path: Path
) -> None:
    first = PatientsRobot(
        qtbot, sqlite_books, open_window(qtbot, desk, tmp_path, {"patients": PatientsScreen})
    )
    first.names()
    first.screen.list.sort_by("number")
    first.screen.list.memory.store()
    keeping = keeping_in_books()
    first.waits(lambda: "all" in sqlite_books.read(lambda work: keeping.layouts(work, "patients")))
    second = PatientsRobot(
        qtbot, sqlite_books, open_window(qtbot, desk, tmp_path, {"patients": PatientsScreen})
    )
    second.names()
    assert second.screen.list.model.sort_key == "number"
