"""The wizard over real books that know March, with the next export in the folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.importing.applying import import_file
from fscdesk.services.importing.reading import read_file
from fscdesk.services.office import Office
from fscdesk.ui import theme
from tests.support.appointment_files import MARCH, REEXPORT
from tests.support.robots.importing import ImportingRobot, put, wizard
from tests.support.shared import samples

LATER = datetime(2026, 4, 12, 13, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The watched folder, empty."""
    made = tmp_path / "Downloads"
    made.mkdir()
    return made


@pytest.fixture
def empty(
    sqlite_books: Office, qtbot: QtBot, qapp: QApplication, folder: Path
) -> Iterator[ImportingRobot]:
    """The wizard over an empty practice."""
    theme.apply(qapp)
    with wizard(qtbot, sqlite_books, folder) as robot:
        yield robot


@pytest.fixture
def march(sqlite_books: Office, folder: Path) -> Path:
    """March is in the books; what SimplePractice exported afterwards waits in the folder."""
    before = read_file(samples() / MARCH)
    sqlite_books.write(lambda work: import_file(work, before, accept_proposals=True))
    return put(folder, "the next one.csv", (samples() / REEXPORT).read_bytes(), LATER)


@pytest.fixture
def wizard_in_april(march: Path, empty: ImportingRobot) -> ImportingRobot:
    """The wizard, on Home, with the next export one chord away."""
    return empty
