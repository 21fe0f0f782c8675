"""A drawer with cash, checks, a card payment and two transfers, and the window on Deposits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.models.payment import PaymentMethod
from fscdesk.services.office import Office
from fscdesk.ui import theme
from tests.support.deposits import paid
from tests.support.payments import open_till
from tests.support.robots.deposits import DepositsRobot
from tests.support.robots.payments_window import payments_window

FIRST, SECOND = date(2026, 4, 10), date(2026, 4, 11)


@dataclass(frozen=True)
class Drawer:
    """What waits, by payment: 64.25 in cash and 150.00 by check of the first day, 80.00 by check
    of the second; 60.00 by card; transfers of 170.00 and 75.50.
    """

    cash: int
    check: int
    later: int
    card: int
    eft: int
    ach: int


@pytest.fixture
def look(qapp: QApplication) -> Iterator[QApplication]:
    theme.apply(qapp)
    yield qapp
    theme.apply(qapp)


@pytest.fixture
def drawer(sqlite_books: Office) -> Drawer:
    till = sqlite_books.write(open_till).value
    method = PaymentMethod
    one = paid(sqlite_books, till, 64_25, method.CASH)
    two = paid(sqlite_books, till, 150_00, method.CHECK, reference="1047")
    three = paid(sqlite_books, till, 80_00, method.CHECK, reference="1052", received_on=SECOND)
    four = paid(sqlite_books, till, 60_00, method.CARD)
    five = paid(sqlite_books, till, 170_00, method.EFT, reference="EFT77")
    six = paid(sqlite_books, till, 75_50, method.ACH, reference="ACH12")
    return Drawer(*(each.payment_id for each in (one, two, three, four, five, six)))


@pytest.fixture
def deposits(
    qtbot: QtBot, sqlite_books: Office, drawer: Drawer, look: QApplication, tmp_path: Path
) -> Iterator[DepositsRobot]:
    """The tab over the drawer, with the keys on the rows."""
    with ExitStack() as stack:
        robot = stack.enter_context(payments_window(qtbot, sqlite_books, tmp_path))
        yield DepositsRobot(qtbot, sqlite_books, robot.window)
