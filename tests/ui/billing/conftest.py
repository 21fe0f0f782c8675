"""Billing over the little till: two who pay, each with open charges, and invoices of both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from tests.support.invoices import open_practice
from tests.support.payments import Till
from tests.support.robots.billing import BillingRobot, billing_window


@pytest.fixture
def till(sqlite_books: Office) -> Till:
    """The till, with an address for everybody."""
    return sqlite_books.write(open_practice).value


@pytest.fixture
def billing(
    till: Till, sqlite_books: Office, qtbot: QtBot, tmp_path: Path
) -> Iterator[BillingRobot]:
    """The window on Home; `opens` leads to a tab."""
    with billing_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot
