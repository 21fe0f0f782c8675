"""Aging over a practice of four clients, two payers and every age."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.models.session import BillingStatus
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.aging.screen import AgingScreen
from tests.support.people import add_patient, add_payer, add_provider, add_session
from tests.support.robots.aging import AgingRobot
from tests.support.robots.office import DiaryScreen, window_over

OpenAging = Callable[..., AgingRobot]


def fill(work: Work) -> None:
    """Sessions 10, 40, 70, 100 and 200 days old, one overpaid, one with a client's credit."""
    today = work.today()
    testa, mockley = add_provider(work, "Testa Fernsample"), add_provider(work, "Mockley O'Sample")
    blue = add_payer(work, "Imaginary Blue Plan of Nowhere", "Imaginary Blue")
    ficta = add_payer(work, "Fictional Assurance", "FICTA", "FIC01")
    quill = add_patient(work, "Quill Fakerson", "1001")
    jose = add_patient(work, "José Ficción", "1002")
    zebra = add_patient(work, "Zebra Testcase", "1003")
    umit = add_patient(work, "Ümit Beispielmann", "1004")
    for minute, (days, who, payer, owed, share, paid, own) in enumerate(
        (
            (10, quill, blue, 13000, 3000, 0, 0),
            (12, jose, blue, 9000, 0, 0, 0),
            (40, quill, blue, 12000, 2000, 0, 0),
            (70, zebra, ficta, 10000, 0, 0, 0),
            (100, zebra, ficta, 8000, 0, 0, 0),
            (200, umit, blue, 7000, 0, 0, 0),
            (45, umit, ficta, 10500, 0, 14500, 0),  # 40.00 too much
            (20, jose, None, 0, 16000, 0, 17500),  # 15.00 too much
        )
    ):
        add_session(
            work,
            who,
            testa if minute % 2 else mockley,
            day=today - timedelta(days=days),
            minute=540 + minute,
            payer=payer,
            insurance=owed,
            share=share,
            insurance_paid=paid,
            patient_paid=own,
            status=BillingStatus.SUBMITTED,
        )


@pytest.fixture
def open_aging(
    qtbot: QtBot, qapp: QApplication, sqlite_books: Office, tmp_path: Path
) -> Iterator[OpenAging]:
    """Open the screen in a window, asked for what is given; files go where ``path`` says."""
    with ExitStack() as stack:

        def opens(*, path: str = "", filled: bool = True, **what: object) -> AgingRobot:
            if filled:
                sqlite_books.write(fill)

            def make(shell: Shell) -> QWidget:
                return AgingScreen(shell, ask_path=lambda _window, _name, _words: path)

            makers = {
                "aging": make,
                **dict.fromkeys(("sessions", "patients", "importing"), DiaryScreen),
            }
            window = stack.enter_context(window_over(sqlite_books, qtbot, tmp_path, makers))
            window.open("aging", **what)
            robot = AgingRobot(qtbot, window)
            robot.settles()
            return robot

        yield opens


@pytest.fixture
def aging(open_aging: OpenAging) -> AgingRobot:
    """The screen, settled, with the keys on its first amount."""
    robot = open_aging()
    robot.focuses()
    return robot
