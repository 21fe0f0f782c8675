"""Ctrl+K: places, commands, and what the services find."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.errors import Problem
from fscdesk.services.work import Work
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.navigation import places
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.search import Hit, Line, Provider, rank
from tests.support.robots.shell import PRACTICE, PlainScreen, ShellRobot

NAMES = ("Quill Fakerson", "Minna Minorsample", "Zebra Testcase")
Opener = Callable[..., ShellRobot]


def find_names(_work: Work, typed: str) -> Sequence[Hit]:
    """Find the people whose name holds what was typed."""
    return [
        Hit("Client", name, "balance 15.00", ("sessions", {"row": at}))
        for at, name in enumerate(NAMES)
        if typed.casefold() in name.casefold()
    ]


@pytest.fixture
def searching(qtbot: QtBot, desk: Desk, look: QApplication, tmp_path: Path) -> Opener:
    """A window with providers of the test's choice."""

    def make(*providers: Provider) -> ShellRobot:
        window = MainWindow(
            desk,
            PRACTICE,
            places({"home": PlainScreen, "sessions": PlainScreen}),
            providers=providers,
            preferences=Preferences(tmp_path / "workstation.ini"),
        )
        qtbot.addWidget(window)
        window.resize(1280, 720)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        window.open("home")
        return ShellRobot(qtbot, window)

    return make


def test_a_name_is_found_and_opened_with_enter(searching: Opener, qtbot: QtBot) -> None:
    shell = searching(find_names)
    shell.presses("Ctrl+K")
    shell.types("zeb")
    qtbot.waitUntil(lambda: "Zebra Testcase" in shell.found())
    shell.presses("Return")
    assert (shell.place(), shell.screen().row) == ("sessions", 2)
    assert not shell.window.search.popup.isVisible()
    assert shell.window.search.text() == ""


def test_commands_are_found_with_their_key_and_run(searching: Opener) -> None:
    shell = searching()
    shell.presses("Ctrl+K")
    shell.types("note a")
    line = shell.window.search.list.lines[0]
    assert (line.title, line.detail, line.key) == ("Note a call", "Command", "Ctrl Shift N")
    shell.presses("Return")
    assert shell.screen().diary == ["noted"]


def test_places_come_before_commands_and_eight_rows_are_all(
    searching: Opener, qtbot: QtBot
) -> None:
    shell = searching(find_names)
    shell.presses("Ctrl+K")
    shell.types("s")
    assert shell.found()[0] == "Sessions"
    qtbot.waitUntil(lambda: "Quill Fakerson" in shell.found())
    assert len(shell.found()) <= 8
    shell.presses("Down")
    assert shell.window.search.list.at == 1
    assert shell.found()[1] in shell.window.search.accessibleDescription()


def test_an_answer_to_older_words_is_dropped(searching: Opener, qtbot: QtBot) -> None:
    gate, asked = threading.Event(), threading.Event()

    def slow(_work: Work, typed: str) -> Sequence[Hit]:
        if typed == "old":
            asked.set()
            gate.wait(5)
        return [Hit("Client", f"found {typed}", "", ("sessions", {}))]

    shell = searching(slow)
    shell.presses("Ctrl+K")
    shell.types("old")
    qtbot.waitUntil(asked.is_set)
    shell.presses("Ctrl+A")
    shell.types("new")
    qtbot.waitUntil(lambda: "found new" in shell.found())
    gate.set()
    qtbot.wait(50)
    assert "found old" not in shell.found()


def test_what_was_opened_last_ranks_first(searching: Opener, qtbot: QtBot) -> None:
    shell = searching(find_names)
    shell.presses("Ctrl+K")
    shell.types("minna")
    qtbot.waitUntil(lambda: shell.found() == ["Minna Minorsample"])
    shell.presses("Return")
    shell.presses("Ctrl+K")
    shell.types("n")
    qtbot.waitUntil(lambda: "Quill Fakerson" in shell.found())
    found = shell.found()
    assert found.index("Minna Minorsample") < found.index("Quill Fakerson")


def test_escape_gives_the_focus_back(searching: Opener) -> None:
    shell = searching()
    shell.screen().other.setFocus()
    shell.presses("Ctrl+K")
    shell.types("abc")
    shell.presses("Esc")
    assert not shell.window.search.popup.isVisible()
    assert shell.has_focus(shell.screen().other)


def test_ctrl_enter_opens_beside(searching: Opener, qtbot: QtBot) -> None:
    shell = searching(find_names)
    shell.presses("Ctrl+K")
    shell.types("quill")
    qtbot.waitUntil(lambda: "Quill Fakerson" in shell.found())
    shell.presses("Ctrl+Return")
    assert shell.screen().diary == []
    stop = shell.window.history.here()
    assert stop is not None
    assert stop.what == {"row": 0, "beside": True}


def test_a_held_down_enter_opens_nothing(searching: Opener) -> None:
    shell = searching()
    shell.presses("Ctrl+K")
    shell.types("sessions")
    for held, place in ((True, "home"), (False, "sessions")):
        press = QKeyEvent(
            QKeyEvent.Type.KeyPress,
            Qt.Key.Key_Return,
            Qt.KeyboardModifier.NoModifier,
            "\r",
            autorep=held,
        )
        QApplication.sendEvent(shell.window.search, press)
        assert shell.place() == place


def test_a_provider_that_is_refused_leaves_the_rest(searching: Opener, qtbot: QtBot) -> None:
    def broken(_work: Work, _typed: str) -> Sequence[Hit]:
        raise Problem("The database did not answer.")

    shell = searching(broken, find_names)
    faults: list[BaseException] = []
    shell.window.desk.failed.connect(faults.append)
    shell.presses("Ctrl+K")
    shell.types("zebra")
    qtbot.waitUntil(lambda: "Zebra Testcase" in shell.found() and len(faults) == 1)


def test_nothing_found_says_so(searching: Opener) -> None:
    shell = searching()
    shell.presses("Ctrl+K")
    QTest.keyClicks(shell.window.search, "zzzz")
    assert shell.found() == []
    assert shell.window.search.list.note == "Nothing is called “zzzz”."


def test_rank_wants_every_word_and_prefers_how_titles_begin() -> None:
    lines = [Line(title, "Command", "", lambda _beside: None) for title in ("Look again", "Again")]
    assert [line.title for line in rank(lines, "again", [])] == ["Again", "Look again"]
    assert [line.title for line in rank(lines, "again look", [])] == ["Look again"]
    assert [line.title for line in rank(lines, "a", ["Look again"])] == ["Again", "Look again"]
