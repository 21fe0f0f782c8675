"""A small till with three payments, and the window on Payments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.models.charge import Side
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.receiving import NewPayment, Received, Rest
from fscdesk.ui import theme
from tests.support.payments import DAY, Till, open_till, pay, received
from tests.support.robots.payments import PaymentsRobot
from tests.support.robots.payments_window import payments_window

OpenPayments = Callable[[Office], PaymentsRobot]


@dataclass(frozen=True)
class Drawer:
    """The till, and what came in.

    ``check`` of 150.00 is Alma's, 30.00 of it pays her first copay; ``card`` of 60.00 pays a part
    of Ben's fee; ``eft`` of 170.00 is the payer's, 130.00 of it pays Alma's first session.
    """

    till: Till
    check: Received
    card: Received
    eft: Received


@pytest.fixture
def look(qapp: QApplication) -> Iterator[QApplication]:
    theme.apply(qapp)
    yield qapp
    theme.apply(qapp)


@pytest.fixture
def drawer(sqlite_books: Office) -> Drawer:
    till = sqlite_books.write(open_till).value
    first = Application(till.copays[0], Money(30_00))
    check = pay(till, 150_00, first, reference="1047", rest=Rest(patient_id=till.alma))
    card = NewPayment(
        Money(60_00),
        PaymentMethod.CARD,
        DAY,
        guarantor_id=till.ben_pays,
        applications=(Application(till.own, Money(60_00)),),
    )
    eft = NewPayment(
        Money(170_00),
        PaymentMethod.EFT,
        DAY,
        payer_id=till.payer,
        reference="EFT77",
        applications=(Application(till.copays[0], Money(130_00), Side.INSURANCE),),
    )
    return Drawer(till, *(received(sqlite_books, one) for one in (check, card, eft)))


@pytest.fixture
def open_payments(qtbot: QtBot, look: QApplication, tmp_path: Path) -> Iterator[OpenPayments]:
    """`open_payments(office)` opens a window on Payments."""
    with ExitStack() as stack:
        yield lambda office: stack.enter_context(payments_window(qtbot, office, tmp_path))


@pytest.fixture
def payments(sqlite_books: Office, drawer: Drawer, open_payments: OpenPayments) -> PaymentsRobot:
    """The place over the three payments, with the keys on the rows."""
    robot = open_payments(sqlite_books)
    robot.at_the_list()
    return robot
