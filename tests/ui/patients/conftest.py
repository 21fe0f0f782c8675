"""A small practice with three clients, two of one name, and the window on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.services.patients.guarantors import GuarantorFields, edit_guarantor
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.patients import PatientsScreen
from tests.support import people
from tests.support.robots.patients import PatientsRobot
from tests.support.robots.screens import open_window


@dataclass(frozen=True)
class Cast:
    """The ids of who is in these books."""

    blue: int
    ficta: int
    testa: int
    mockley: int
    quill: int
    pat: int
    other_pat: int


class Elsewhere(Screen):
    """Another place, to come from."""

    title = "Elsewhere"

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        QLabel("elsewhere", self)


@pytest.fixture
def look(qapp: QApplication) -> Iterator[QApplication]:
    theme.apply(qapp)
    yield qapp
    theme.apply(qapp)


@pytest.fixture
def desk(sqlite_books: Office, qapp: QApplication) -> Iterator[Desk]:
    made = Desk(sqlite_books)
    yield made
    made.close()


@pytest.fixture
def told(sqlite_books: Office) -> Cast:
    return sqlite_books.write(_cast).value


@pytest.fixture
def patients(
    qtbot: QtBot, sqlite_books: Office, told: Cast, desk: Desk, look: QApplication, tmp_path: Path
) -> PatientsRobot:
    makers = {"patients": PatientsScreen, "aging": Elsewhere}
    window = open_window(qtbot, desk, tmp_path, makers)
    return PatientsRobot(qtbot, sqlite_books, window)


def _cast(work: Work) -> Cast:
    testa, mockley = (
        people.add_provider(work, "Testa Fernsample"),
        people.add_provider(work, "Mockley O'Sample"),
    )
    blue = people.add_payer(work, "Imaginary Blue Plan", "Imaginary Blue")
    ficta = people.add_payer(work, "FICTA", "FICTA", "99904")
    quill = people.add_patient(work, "Quill Fakerson", "2001", also="Quill Fakerson")
    pat = people.add_patient(work, "Pat Placeholder", "2004", also="Pat Placeholder")
    other = people.add_patient(work, "Pat Placeholder", "2005", also="P. Placeholder")
    people.add_session(
        work,
        quill,
        testa,
        day=date(2026, 3, 6),
        payer=ficta,
        insurance=14500,
        share=1500,
        insurance_paid=10640,
        write_off=3860,
        patient_paid=1500,
    )
    people.add_session(
        work,
        quill,
        testa,
        day=date(2026, 3, 20),
        payer=ficta,
        insurance=10500,
        share=1500,
        insurance_paid=14500,
    )
    people.add_session(work, pat, mockley, payer=blue, insurance=13000, share=2000)
    edit_guarantor(
        work,
        1,
        GuarantorFields("Quill Fakerson", "1 Nowhere Lane", "", "Sampleville", "NJ", "07005"),
        expected_version=1,
    )
    return Cast(blue, ficta, testa, mockley, quill, pat, other)
