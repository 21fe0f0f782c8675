"""A window over books with the Payments place in it, at one desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.screens.payments.screen import PaymentsScreen
from tests.support.robots.office import DiaryScreen
from tests.support.robots.payments import PaymentsRobot
from tests.support.robots.screens import open_window

ELSEWHERE = ("home", "sessions", "patients", "payment-entry")


@contextmanager
def payments_window(qtbot: QtBot, office: Office, folder: Path) -> Iterator[PaymentsRobot]:
    """Open a window on Payments; other places keep a diary of what they were opened on.

    Files are written to ``folder``.
    """
    desk = Desk(office)
    makers = {
        **dict.fromkeys(ELSEWHERE, DiaryScreen),
        "payments": lambda shell: PaymentsScreen(shell, ask_folder=lambda _window, _title: folder),
    }
    try:
        window: MainWindow = open_window(qtbot, desk, folder, makers)
        window.open("payments")
        yield PaymentsRobot(qtbot, office, window)
    finally:
        desk.close()
