"""A practice whose claims a payer has, and the window on Home."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fscdesk.models.payer import Payer
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk, add_claim_desk
from tests.support.robots.remittances import RemittanceRobot, remittance_window


@pytest.fixture
def desk(sqlite_books: Office) -> ClaimDesk:
    """The payer of the files gives 60 days to appeal."""
    made = sqlite_books.write(add_claim_desk).value

    def limits(work: Work) -> None:
        work.db.get_one(Payer, made.payer).appeal_days = 60

    sqlite_books.write(limits)
    return made


@pytest.fixture
def robot(
    sqlite_books: Office, desk: ClaimDesk, qtbot: QtBot, tmp_path: Path
) -> Iterator[RemittanceRobot]:
    """A person who posts remittances."""
    assert desk.payer
    with remittance_window(qtbot, sqlite_books, tmp_path) as made:
        yield made
