"""The work queue over the little till."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from tests.support.invoices import open_practice
from tests.support.robots.billing import BillingRobot, billing_window


@pytest.fixture
def queue(sqlite_books: Office, qtbot: QtBot, tmp_path: Path) -> Iterator[BillingRobot]:
    """The queue in front, with the month's statements and small things in it."""
    sqlite_books.write(open_practice)
    with billing_window(qtbot, sqlite_books, tmp_path) as robot:
        robot.does("Ctrl+2")
        yield robot
