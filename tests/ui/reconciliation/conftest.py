"""A practice whose March is at the bank, and the window on Home."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fscdesk.models.ledger import EntryKind
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.bank_books import entry, starts
from tests.support.robots.reconciliation import ReconciliationRobot, reconciliation_window


@pytest.fixture
def account(sqlite_books: Office) -> int:
    """The operating account begins on March 1 with 5,000.00, as its books do."""

    def begin(work: Work) -> int:
        entry(work, "2/28", 5000_00, kind=EntryKind.OPENING)
        return starts(work, "3/1", 5000_00)

    return sqlite_books.write(begin).value


@pytest.fixture
def robot(
    sqlite_books: Office, account: int, qtbot: QtBot, tmp_path: Path
) -> Iterator[ReconciliationRobot]:
    """A person who proves the bank month."""
    assert account
    with reconciliation_window(qtbot, sqlite_books, tmp_path) as made:
        yield made
