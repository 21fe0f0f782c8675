"""Books in which some halves are missing, and the window on their list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.ui import theme
from tests.support.bank_books import line, suspense
from tests.support.deposits import deposit
from tests.support.payments import Till, open_till, pay, received
from tests.support.remittance_acts import post
from tests.support.remittances_made import CONTRACT, claim, remittance
from tests.support.remittances_made import line as service_line
from tests.support.robots.exceptions import ExceptionsRobot, exceptions_window


@dataclass(frozen=True)
class Halves:
    """A remittance over 111.40 that was posted; a check of 160.00 in the drawer for Ben's
    session; one for Alma's second copay in a deposit that the bank has not shown; 61.75 held; a
    fee of 15.00.
    """

    till: Till
    remittance: int
    check: int
    deposit: int
    held: int
    fee: int


@pytest.fixture
def look(qapp: QApplication) -> Iterator[QApplication]:
    theme.apply(qapp)
    yield qapp
    theme.apply(qapp)


@pytest.fixture
def halves(sqlite_books: Office) -> Halves:
    till = sqlite_books.write(open_till).value
    answer = claim(1, service_line(till.copays[0], 111_40, CONTRACT, charge=130_00))
    ident = post(sqlite_books, remittance(till.payer, answer))
    fee_of_ben = Application(till.own, Money(160_00))
    new = replace(pay(till, 160_00, fee_of_ben, reference="1047"), guarantor_id=till.ben_pays)
    check = received(sqlite_books, new)
    second = Application(till.copays[1], Money(30_00))
    other = received(sqlite_books, pay(till, 30_00, second, reference="1052"))
    made = deposit(sqlite_books, other.payment_id)
    held = sqlite_books.write(lambda work: line(work, "4/9", 61_75, "SOMETHING")).value
    sqlite_books.write(lambda work: suspense(work, held))
    fee = sqlite_books.write(lambda work: line(work, "4/8", -15_00, "MONTHLY FEE")).value
    return Halves(till, ident, check.payment_id, made.id, held, fee)


@pytest.fixture
def exceptions(
    qtbot: QtBot, sqlite_books: Office, halves: Halves, look: QApplication, tmp_path: Path
) -> Iterator[ExceptionsRobot]:
    """The tab over what is missing, with the keys on the rows."""
    with ExitStack() as stack:
        yield stack.enter_context(exceptions_window(qtbot, sqlite_books, tmp_path))
