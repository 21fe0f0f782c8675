"""Setup over a practice with a clinician, a payer, a service and a fee schedule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.setup.fees import FeeFields, ScheduleFields, add_schedule, set_fee
from fscdesk.services.setup.payers import PayerFields, add_payer
from fscdesk.services.setup.providers import ProviderFields, add_provider
from fscdesk.services.setup.services import ServiceFields, add_service
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.screens.setup import SetupScreen
from tests.support.robots.screens import open_window
from tests.support.robots.setup import SetupRobot


@dataclass(frozen=True)
class Ids:
    """The ids of what is set up."""

    testa: int
    mockley: int
    blue: int
    hour: int
    missed: int
    schedule: int


@pytest.fixture
def look(qapp: QApplication) -> Iterator[QApplication]:
    theme.apply(qapp)
    yield qapp
    theme.now.comfortable = False
    theme.apply(qapp)


@pytest.fixture
def desk(sqlite_books: Office, qapp: QApplication) -> Iterator[Desk]:
    made = Desk(sqlite_books)
    yield made
    made.close()


@pytest.fixture
def ids(sqlite_books: Office) -> Ids:
    return sqlite_books.write(_set_up).value


@pytest.fixture
def setup(
    qtbot: QtBot, sqlite_books: Office, ids: Ids, desk: Desk, look: QApplication, tmp_path: Path
) -> SetupRobot:
    window = open_window(qtbot, desk, tmp_path, {"setup": SetupScreen})
    return SetupRobot(qtbot, sqlite_books, window)


def _set_up(work: Work) -> Ids:
    testa = add_provider(work, ProviderFields("Testa Fernsample", "LCSW"))
    mockley = add_provider(work, ProviderFields("Mockley O'Sample", "PhD"))
    blue = add_payer(work, PayerFields("Imaginary Blue Plan", "Imaginary Blue", "99901"))
    hour = add_service(work, ServiceFields("90837", "Individual 60", base_rate=Money(16000)))
    missed = add_service(work, ServiceFields("NS", "Missed", base_rate=Money(10000)))
    schedule = add_schedule(work, ScheduleFields("Standard", None, date(2026, 1, 1)))
    set_fee(work, schedule, FeeFields("90837", Money(16500)))
    return Ids(testa, mockley, blue, hour, missed, schedule)
