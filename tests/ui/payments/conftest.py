"""The little till, and a window from which the payment entry is a key away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from fscdesk.ui import theme
from tests.support.clock import Clock
from tests.support.payments import Till, open_till
from tests.support.robots.payment_entry import PaymentEntryRobot, entry_window

NOON = datetime(2026, 4, 10, 16, tzinfo=UTC)


@pytest.fixture
def till(sqlite_books: Office, clock: Clock) -> Till:
    """Two clients with open charges, and a payer, on the day of the tests' payments."""
    clock.set(NOON)
    return sqlite_books.write(open_till).value


@pytest.fixture
def entry(
    sqlite_books: Office, till: Till, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> Iterator[PaymentEntryRobot]:
    """The window over the till, on Home."""
    theme.apply(qapp)
    with entry_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot
