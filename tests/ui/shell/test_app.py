"""The program over an open office, from the first window to the last."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Topic, Work
from fscdesk.ui.app import Program, Screens, Started, start
from fscdesk.ui.preferences import Preferences
from tests.support.robots.shell import PRACTICE, PlainScreen


@pytest.fixture
def started(look: QApplication, tmp_path: Path) -> Iterator[Started]:
    made = start(Preferences(tmp_path / "workstation.ini"), log=False)
    yield made
    made.crash.uninstall()
    made.crash.deleteLater()


@pytest.fixture
def program(started: Started, sqlite_books: Office, qtbot: QtBot) -> Iterator[Program]:
    waiting = iter((23, 24, 25))

    def counts(_work: Work) -> dict[str, int]:
        return {"sessions": next(waiting)}

    screens = Screens({"home": PlainScreen, "sessions": PlainScreen}, counts=counts)
    made = Program(started, sqlite_books, PRACTICE, screens)
    qtbot.addWidget(made.window)
    yield made
    made.close()
    made.deleteLater()


def test_the_window_opens_on_a_place_and_counts_again_after_a_change(
    program: Program, qtbot: QtBot
) -> None:
    program.show("sessions")
    rail = program.window.rail
    assert rail.marked() == "sessions"
    qtbot.waitUntil(lambda: rail.buttons["sessions"].count() == 23)
    program.desk.act(program, lambda work: work.touch(Topic.SESSIONS), lambda _none: None)
    qtbot.waitUntil(lambda: rail.buttons["sessions"].count() == 24)


def test_a_problem_that_no_screen_took_is_said_in_the_bar(program: Program, qtbot: QtBot) -> None:
    program.show()
    assert program.window.rail.marked() == "home"

    def refuse(_work: Work) -> None:
        raise Problem("March is closed.")

    program.desk.ask(program, refuse, lambda _none: None)
    qtbot.waitUntil(lambda: program.window.bar.message().text == "March is closed.")


def test_a_lost_database_is_said_once_and_its_return_too(program: Program) -> None:
    said: list[str] = []
    program.window.messages.said.connect(lambda message: said.append(message.text))
    for online in (True, False, False, True, True):
        program.live.online.emit(online)
    assert said == ["The database does not answer.", "The database answers again."]


def test_closing_the_window_ends_all_work(program: Program, qtbot: QtBot) -> None:
    program.show()
    program.window.close()
    assert program.desk.ask(program, lambda _work: 1, lambda _one: None).ended
    assert not program.window.preferences.geometry().isEmpty()


def test_a_change_while_it_counts_is_counted_too(
    started: Started, sqlite_books: Office, qtbot: QtBot
) -> None:
    going = Event()
    asked: list[int] = []

    def counts(_work: Work) -> dict[str, int]:
        asked.append(len(asked))
        if len(asked) == 1:
            going.wait(10)
            return {"sessions": 23}
        return {"sessions": 24}

    screens = Screens({"home": PlainScreen, "sessions": PlainScreen}, counts=counts)
    made = Program(started, sqlite_books, PRACTICE, screens)
    qtbot.addWidget(made.window)
    try:
        made.show("sessions")
        qtbot.waitUntil(lambda: len(asked) == 1)
        made.desk.changed.emit(frozenset({Topic.SESSIONS}))
        qtbot.wait(400)  # it would have been counted by now
        going.set()
        qtbot.waitUntil(lambda: made.window.rail.buttons["sessions"].count() == 24)
    finally:
        going.set()
        made.close()
        made.deleteLater()
