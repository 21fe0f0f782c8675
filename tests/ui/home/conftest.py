"""Home over real books: empty, filled by hand, or with the samples imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.models.session import BillingStatus
from fscdesk.services.importing.applying import import_file
from fscdesk.services.importing.reading import read_file
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui.screens.home.screen import HomeScreen
from tests.support.people import add_patient, add_payer, add_provider, add_session
from tests.support.robots.home import HomeRobot
from tests.support.robots.office import DiaryScreen, window_over
from tests.support.shared import samples

OpenHome = Callable[..., HomeRobot]
OTHERS = ("sessions", "patients", "aging", "importing", "setup")


def fill(work: Work) -> None:
    """One denied session, one without a note, one long with its payer, one for the client."""
    today = work.today()
    testa = add_provider(work, "Testa Fernsample")
    blue = add_payer(work, "Imaginary Blue Plan of Nowhere", "Imaginary Blue")
    quill = add_patient(work, "Quill Fakerson", "1001")
    jose = add_patient(work, "José Ficción", "1002")
    for minute, (days, who, status, note, owed, share) in enumerate(
        (
            (20, quill, BillingStatus.DENIED, "LOCKED", 13000, 0),
            (3, jose, BillingStatus.COMPLETED, "UNLOCKED", 12000, 0),
            (95, quill, BillingStatus.SUBMITTED, "LOCKED", 9000, 3000),
        )
    ):
        add_session(
            work,
            who,
            testa,
            day=today - timedelta(days=days),
            minute=540 + minute,
            payer=blue,
            insurance=owed,
            share=share,
            status=status,
            note=note,
        )


def import_march(books: Office) -> None:
    """Import the first of the two samples."""
    file = read_file(samples() / "simplepractice_appointments_2026-03.csv")
    books.write(lambda work: import_file(work, file, accept_proposals=True))


@pytest.fixture
def open_home(
    qtbot: QtBot, qapp: QApplication, sqlite_books: Office, tmp_path: Path
) -> Iterator[OpenHome]:
    """Open the screen in a window, over books that ``prepare`` has filled."""
    with ExitStack() as stack:

        def opens(
            prepare: Callable[[Work], object] | None = fill,
            others: tuple[str, ...] = OTHERS,
        ) -> HomeRobot:
            if prepare is not None:
                sqlite_books.write(prepare)
            makers = {"home": HomeScreen, **dict.fromkeys(others, DiaryScreen)}
            window = stack.enter_context(window_over(sqlite_books, qtbot, tmp_path, makers))
            window.open("home")
            robot = HomeRobot(qtbot, window)
            robot.settles()
            return robot

        yield opens


@pytest.fixture
def home(open_home: OpenHome) -> HomeRobot:
    """The screen over a few sessions, settled."""
    return open_home()
