"""A check comes back from the bank: recorded at the desk by keyboard, in a few seconds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.models.charge import Charge
from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.queries import payment_detail
from fscdesk.services.work import Work
from fscdesk.ui import theme
from tests.support.payments import Till, cents, open_till, pay, received, verify
from tests.support.robots.payments import PaymentsRobot
from tests.support.robots.payments_window import payments_window


@pytest.fixture
def till(books: Office) -> Till:
    """Alma's check of 60.00 paid both her copays."""
    till = books.write(open_till).value
    parts = [Application(one, Money(30_00)) for one in till.copays]
    received(books, pay(till, 60_00, *parts, reference="1047"))
    return till


@pytest.fixture
def robot(
    qtbot: QtBot, qapp: QApplication, books: Office, till: Till, tmp_path: Path
) -> Iterator[PaymentsRobot]:
    theme.apply(qapp)
    with payments_window(qtbot, books, tmp_path) as robot:
        robot.at_the_list()
        yield robot


def stands(books: Office) -> tuple[int, ...]:
    """The bank, the drawer, what clients owe, what is unapplied and the fees, in cents."""
    return books.read(
        lambda work: tuple(cents(work, one) for one in ("1000", "1050", "1100", "2400", "4300"))
    )


def owed(books: Office, till: Till) -> list[int]:
    """What is open of Alma's copays, in cents."""

    def look(work: Work) -> list[int]:
        return [work.db.get_one(Charge, one).patient_balance.cents for one in till.copays]

    return books.read(look)


BEFORE = (0, 60_00, 160_00, 0, 0)
AFTER = (-60_00, 60_00, 245_00, 0, -25_00)


def test_a_returned_check_opens_what_it_paid_and_charges_the_fee(
    robot: PaymentsRobot, books: Office, till: Till
) -> None:
    assert stands(books) == BEFORE
    robot.types("1047")
    robot.sees_rows(1)
    robot.presses("Return")
    robot.at_the_list()
    robot.presses("Ctrl+Shift+R")
    asked = robot.asked()
    assert asked.heading.text() == "PAY-2026-00001 of 60.00 was returned"
    assert "90837 of 03/02/2026, 30.00; 90837 of 03/09/2026, 30.00" in asked.sentence.text()
    robot.writes(on="4-11", fee="25", reason="Not sufficient funds")
    robot.does_it()

    said = robot.hears("PAY-2026-00001, 60.00, was returned on 04/11/2026.")
    assert "Open again: 90837 of 03/02/2026, 30.00; 90837 of 03/09/2026, 30.00." in said.text
    assert "The fee of 25.00 is charged." in said.text
    assert stands(books) == AFTER
    assert owed(books, till) == [30_00, 30_00]
    verify(books)
    robot.settles()
    assert robot.cells("status", "unapplied") == [("Returned", "–")]
    detail = books.read(lambda work: payment_detail(work, robot.rows()[0].id))
    assert detail.row.deposited_on is None, "the deposit of the earlier day stays as it was"
    assert detail.changes[-1].new == "Returned 04/11/2026"
    assert books.read(lambda work: work.today()) == date(2026, 4, 12)


def test_undo_takes_the_return_and_its_fee_back(robot: PaymentsRobot, books: Office) -> None:
    robot.presses("Ctrl+Shift+R")
    robot.writes(fee="25", reason="Not sufficient funds")
    robot.does_it()
    robot.hears("was returned on 04/12/2026")
    robot.presses("Ctrl+Z")
    robot.hears("60.00 is a credit again")
    assert stands(books) == (0, 60_00, 220_00, -60_00, 0)
    verify(books)


@pytest.mark.parametrize("wrong", ["Esc", "n", "Space", "F5"])
def test_a_wrong_key_at_every_position_posts_nothing(
    robot: PaymentsRobot, books: Office, wrong: str
) -> None:
    robot.presses(wrong)
    robot.settles()
    robot.presses("Esc")
    assert stands(books) == BEFORE
    robot.listed.view.setFocus()
    robot.at_the_list()
    robot.presses("Ctrl+Shift+R")
    robot.asked()
    robot.presses("Esc")
    robot.waits(lambda: QApplication.activeModalWidget() is None)
    assert stands(books) == BEFORE
    robot.window.activateWindow()
    robot.at_the_list()
    robot.presses("Ctrl+Shift+R")
    robot.asked()
    robot.presses("Ctrl+Return")
    assert robot.field("reason").sentence.text() == "Reason is missing."
    assert stands(books) == BEFORE
    robot.writes(on="2-30", reason="x")
    robot.presses("Ctrl+Return")
    assert "is not a day" in robot.field("on").sentence.text()
    assert stands(books) == BEFORE
    robot.writes(on="4-1")
    robot.presses("Ctrl+Return")
    robot.sees_refusal("lies before the money came on 04/10/2026")
    assert stands(books) == BEFORE
    robot.writes(on="t")
    robot.does_it()
    robot.hears("was returned on 04/12/2026")
    assert stands(books) == (-60_00, 60_00, 220_00, 0, 0)
    verify(books)
