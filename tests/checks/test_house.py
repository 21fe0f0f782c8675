"""The house itself: what the test set-up promises is tried once."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.services.connecting import create_practice
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from tests.support.clock import NOON, Clock
from tests.support.databases import NAME, ZONE
from tests.support.leaks import left_behind, set_aside, standing
from tests.support.shared import ROOT


def test_nothing_beyond_this_computer_can_be_reached() -> None:
    with (
        pytest.warns(UserWarning, match="tried to use socket"),
        pytest.raises(RuntimeError, match="tried to use socket"),
        socket.socket() as outward,
    ):
        outward.connect(("192.0.2.1", 80))


def test_loopback_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


def test_books_stand_on_the_database_that_was_asked_for(
    books: Office, database_kind: str, clock: Clock
) -> None:
    assert books.dialect == {"sqlite": "sqlite", "postgres": "postgresql"}[database_kind]
    assert books.name == NAME
    assert books.read(lambda work: work.now()) == clock() == NOON


def test_an_empty_target_takes_a_practice_once(empty_target: str) -> None:
    create_practice(empty_target, name=NAME, zone=ZONE, now=Clock()).close()
    with pytest.raises(Problem):
        create_practice(empty_target, name=NAME, zone=ZONE, now=Clock())


@pytest.mark.leaves_behind
def test_windows_timers_and_threads_left_behind_are_named(qtbot: QtBot) -> None:
    before = standing(qt=True)
    window = QWidget(windowTitle="Forgotten")
    timer = QTimer(window)
    timer.start(60_000)
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait, name="forgotten")
    thread.start()
    found = left_behind(before)
    stop.set()
    thread.join()
    assert found == [
        "thread forgotten",
        "window QWidget 'Forgotten'",
        "running timer of QWidget",
    ]
    window.deleteLater()
    del window, timer
    assert left_behind(before) == []


@pytest.mark.leaves_behind
def test_a_timer_that_was_set_aside_is_still_seen(qapp: QApplication) -> None:
    timer = QTimer(qapp)
    set_aside()
    before = standing(qt=True)
    timer.start(60_000)
    assert left_behind(before) == ["running timer of QApplication"]
    timer.stop()
    assert left_behind(before) == []


@pytest.mark.logs_warnings
def test_a_warning_in_the_log_can_be_looked_for(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("fscdesk").warning("look here")
    assert caplog.messages == ["look here"]


def test_a_warning_in_the_log_fails_a_test(tmp_path: Path) -> None:
    assert "the program logged: fscdesk: look here" in _outcome_of(
        tmp_path, "import logging; logging.getLogger('fscdesk').warning('look here')"
    )


def test_a_warning_of_qt_fails_a_test(tmp_path: Path) -> None:
    assert "1 failed" in _outcome_of(
        tmp_path, "from PySide6.QtCore import qWarning; qWarning('look here')"
    )


def test_a_window_left_behind_fails_a_test(tmp_path: Path) -> None:
    assert "the test left behind: window QWidget" in _outcome_of(
        tmp_path,
        "from PySide6.QtWidgets import QApplication, QWidget; global kept; kept = QWidget()",
    )


def _outcome_of(folder: Path, body: str) -> str:
    """What pytest says of a test with this body, in this house."""
    sample = folder / "test_sample.py"
    sample.write_text(f"def test_sample(qapp):\n    {body}\n", encoding="utf-8")
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider"),
            *("-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder), str(sample)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1, ran.stdout + ran.stderr
    return ran.stdout
