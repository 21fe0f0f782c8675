"""Accounting over a few entries: the rent of March by hand, and what the till made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fscdesk.services.accounting.journal import (
    ManualEntry,
    ManualLeg,
    PostedEntry,
    post_manual,
)
from fscdesk.services.office import Office
from tests.support.robots.accounting import AccountingRobot, accounting_window

MARCH = date(2026, 3, 2)


@pytest.fixture
def rent(sqlite_books: Office) -> PostedEntry:
    """1,200.00 of rent from the bank, posted in March."""
    legs = (ManualLeg("7000", 1_200_00, note="March"), ManualLeg("1000", -1_200_00))
    entry = ManualEntry(MARCH, "Rent of March", legs, reference="Lease 12")
    return sqlite_books.write(lambda work: post_manual(work, entry)).value


@pytest.fixture
def robot(sqlite_books: Office, qtbot: QtBot, tmp_path: Path) -> Iterator[AccountingRobot]:
    """The window on Home; `opens` leads to a tab."""
    with accounting_window(qtbot, sqlite_books, tmp_path) as made:
        yield made
