"""What nobody foresaw is logged and shown without one value of it."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.errors import Cancelled, Problem
from fscdesk.ui.crash import CrashHandler, describe, open_log

SECRET = "Quill Fakerson owes 1,235.00"  # noqa: S105 - not a password: what must not be shown


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    yield open_log(tmp_path)
    logger = logging.getLogger("fscdesk")
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()


@pytest.fixture
def handler(qtbot: QtBot, look: QApplication) -> Iterator[CrashHandler]:
    made = CrashHandler()
    made.install()
    yield made
    made.uninstall()
    if made.dialog is not None:
        made.dialog.close()
        QApplication.processEvents()


def fail(name: str) -> None:
    local_name = name
    known: dict[str, int] = {}
    try:
        known[local_name] += 1
    except KeyError:
        raise ValueError(f"no such client: {local_name}") from None


def fail_twice(name: str) -> None:
    try:
        fail(name)
    except ValueError as fault:
        raise RuntimeError(name) from fault


def test_a_description_names_types_and_lines_and_no_value() -> None:
    with pytest.raises(RuntimeError) as caught:
        fail_twice(SECRET)
    said = describe(caught.value)
    assert "Fakerson" not in said
    assert "1,235" not in said
    assert said.startswith("builtins.RuntimeError")
    assert "in fail_twice" in said
    assert "builtins.ValueError" in said
    assert "in fail\n" in f"{said}\n"


@pytest.mark.logs_warnings
def test_an_exception_is_logged_and_shown_without_values(
    handler: CrashHandler, log: Path, qtbot: QtBot
) -> None:
    try:
        fail(SECRET)
    except ValueError as fault:
        sys.excepthook(type(fault), fault, fault.__traceback__)
    qtbot.waitUntil(lambda: handler.dialog is not None)
    dialog = handler.dialog
    assert dialog is not None
    dialog.copy.click()
    for shown in (
        log.read_text(encoding="utf-8"),
        dialog.details.toPlainText(),
        QGuiApplication.clipboard().text(),
    ):
        assert "ValueError" in shown
        assert "in fail" in shown
        assert "Fakerson" not in shown
        assert "1,235" not in shown


@pytest.mark.logs_warnings
def test_a_second_fault_opens_no_dialog_on_the_dialog(
    handler: CrashHandler, log: Path, qtbot: QtBot
) -> None:
    handler.take(ValueError("one"))
    qtbot.waitUntil(lambda: handler.dialog is not None)
    first = handler.dialog
    handler.take(KeyError("two"))
    QApplication.processEvents()
    assert handler.dialog is first
    written = log.read_text(encoding="utf-8")
    assert "builtins.ValueError" in written
    assert "builtins.KeyError" in written


@pytest.mark.logs_warnings
def test_a_fault_in_a_thread_is_taken_too(handler: CrashHandler, log: Path, qtbot: QtBot) -> None:
    thread = threading.Thread(target=fail, args=(SECRET,))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: handler.dialog is not None)
    assert "Fakerson" not in log.read_text(encoding="utf-8")


def test_a_problem_is_a_message_and_a_cancel_is_nothing(
    handler: CrashHandler, log: Path, qtbot: QtBot
) -> None:
    said: list[BaseException] = []
    handler.on_problem = said.append
    handler.take(Cancelled())
    refused = Problem("March is closed.")
    handler.take(refused)
    qtbot.waitUntil(lambda: said == [refused])
    assert handler.dialog is None
    assert not log.exists() or log.read_text(encoding="utf-8") == ""
