"""A refund above the limit: asked for at one desk, approved at another, paid at the first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import Rest
from fscdesk.ui import theme
from fscdesk.ui.screens.payments.screen import APPROVALS, REFUNDS
from tests.support.payments import Till, cents, open_till, pay, received, verify
from tests.support.robots.payments import PaymentsRobot
from tests.support.robots.payments_window import payments_window
from tests.support.second_person import manager

OWN = "You asked for this yourself. A second person must look at it."


@pytest.fixture
def till(books: Office) -> Till:
    """Alma's check of 150.00 is unapplied."""
    till = books.write(open_till).value
    received(books, pay(till, 150_00, rest=Rest(patient_id=till.alma), reference="1047"))
    return till


@pytest.fixture
def dana(
    qtbot: QtBot, qapp: QApplication, books: Office, till: Till, tmp_path: Path
) -> Iterator[PaymentsRobot]:
    """The window of who asks."""
    theme.apply(qapp)
    with payments_window(qtbot, books, tmp_path) as robot:
        robot.at_the_list()
        yield robot


@pytest.fixture
def mara(
    qtbot: QtBot, dana: PaymentsRobot, books: Office, tmp_path: Path
) -> Iterator[PaymentsRobot]:
    """The window of a billing manager, over the same books."""
    with payments_window(qtbot, manager(books), tmp_path) as robot:
        yield robot


def to_the_front(robot: PaymentsRobot) -> None:
    robot.window.activateWindow()
    robot.waits(robot.window.isActiveWindow)
    robot.listed.view.setFocus()
    robot.at_the_list()


def statuses(books: Office) -> list[RefundStatus]:
    return books.read(
        lambda work: [one.status for one in work.db.query(Refund).order_by(Refund.id)]
    )


def money(books: Office) -> tuple[int, int]:
    """The bank and what is unapplied, in cents."""
    return books.read(lambda work: (cents(work, "1000"), cents(work, "2400")))


def asks(robot: PaymentsRobot) -> None:
    robot.presses("Ctrl+Shift+U")
    robot.writes(reason="Paid twice")
    robot.does_it()
    robot.hears("Refund REF-2026-00001 of 150.00 waits for a second person. It is due by 05/12")


def test_two_people_and_four_chords(
    dana: PaymentsRobot, mara: PaymentsRobot, books: Office
) -> None:
    to_the_front(dana)
    asks(dana)
    assert statuses(books) == [RefundStatus.WAITING]
    assert money(books) == (0, -150_00)

    to_the_front(mara)
    mara.goes_to_tab(APPROVALS)
    mara.presses("F5")
    mara.sees_rows(1)
    mara.listed.view.picking.go(0)
    detail = mara.sees_pane()
    assert detail.items[0].who == "Alma Anyone"
    assert mara.lines("items")[0][2] == "150.00"
    assert mara.steps() == {"Approve 150.00": True, "Refuse…": True}
    mara.presses("Ctrl+Return")
    mara.hears("Request REQ-2026-00001 is approved: refund, 150.00. It can be paid now.")
    assert statuses(books) == [RefundStatus.APPROVED]
    assert money(books) == (0, -150_00), "nothing is paid by an approval"

    to_the_front(dana)
    dana.goes_to_tab(REFUNDS)
    dana.presses("F5")
    dana.sees_rows(1)
    dana.listed.view.picking.go(0)
    dana.sees_pane()
    assert dana.cells("to", "left", "amount") == [("Alma Anyone", "30 days", "150.00")]
    dana.presses("Ctrl+Return")
    dana.asked()
    dana.writes(on="t", reference="2001")
    dana.does_it()
    dana.hears("Refund REF-2026-00001: 150.00 went to Alma Anyone on 04/12/2026.")
    assert statuses(books) == [RefundStatus.PAID]
    assert money(books) == (-150_00, 0)
    verify(books)


def test_nobody_approves_an_own_request(dana: PaymentsRobot, books: Office) -> None:
    asks(dana)
    dana.goes_to_tab(APPROVALS)
    dana.sees_rows(0)
    dana.goes_to_view("waiting")
    dana.sees_rows(1)
    dana.sees_pane()
    assert dana.steps() == {"Approve 150.00": False, "Withdraw": True}
    assert dana.listed.pane is not None
    assert dana.listed.pane.foot.buttons()[0].toolTip() == OWN
    assert "Somebody who approves refunds, but not you." in dana.told("steps")
    dana.presses("Ctrl+Return")
    assert statuses(books) == [RefundStatus.WAITING]
    button = dana.listed.pane.foot.buttons()[1]
    button.setFocus()
    dana.waits(button.hasFocus)
    dana.presses("Space")
    dana.hears("Request REQ-2026-00001 is withdrawn: refund, 150.00. Nothing was posted.")
    assert statuses(books) == [RefundStatus.CANCELLED]
    assert money(books) == (0, -150_00)
    verify(books)


def test_a_refusal_needs_a_reason_and_frees_the_money(
    dana: PaymentsRobot, mara: PaymentsRobot, books: Office
) -> None:
    to_the_front(dana)
    asks(dana)
    to_the_front(mara)
    mara.goes_to_tab(APPROVALS)
    mara.presses("F5")
    mara.sees_rows(1)
    mara.listed.view.picking.go(0)
    mara.sees_pane()
    mara.presses("Ctrl+Shift+X")
    mara.asked()
    mara.presses("Ctrl+Return")
    assert mara.field("reason").sentence.text() == "Reason is missing."
    assert statuses(books) == [RefundStatus.WAITING]
    mara.writes(reason="Apply it to the next session")
    mara.does_it()
    mara.hears("Request REQ-2026-00001 is refused: refund, 150.00. Nothing was posted.")
    assert statuses(books) == [RefundStatus.CANCELLED]
    verify(books)


def test_undo_withdraws_what_was_just_asked(dana: PaymentsRobot, books: Office) -> None:
    asks(dana)
    dana.presses("Ctrl+Z")
    dana.hears("Refund REF-2026-00001 is called off; its money is free again.")
    assert statuses(books) == [RefundStatus.CANCELLED]
    verify(books)
