"""Refunds that were paid: voided with a reason where they never went out."""

from __future__ import annotations

from typing import Any

import pytest

from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.values import Money
from fscdesk.services.banking.accepting import MatchDraft, accept
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.office import Office
from fscdesk.services.payments.refunding import NewRefund, pay_refund, request_refund
from fscdesk.services.work import Work
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.screens.payments.refunds_list import why_not_voided
from fscdesk.ui.screens.payments.screen import PAYMENTS, REFUNDS
from tests.support.bank_books import line
from tests.support.focus import comes_to
from tests.support.payment_acts import LATER
from tests.support.payments import cents, verify
from tests.support.robots.payments import PaymentsRobot
from tests.ui.payments_place.conftest import Drawer, OpenPayments

Paid = tuple[PaymentsRobot, int]


@pytest.fixture
def paid(sqlite_books: Office, drawer: Drawer, open_payments: OpenPayments) -> Paid:
    """The paid refunds, one of 40.00 of Alma's check among them, and its entry."""

    def refund(work: Work) -> int:
        new = NewRefund(drawer.check.credit_id, Money(40_00), "Paid twice")
        one = request_refund(work, new)
        return pay_refund(
            work, one.refund_id, on=LATER, reference="2001", expected_version=one.version
        )

    entry = sqlite_books.write(refund).value
    robot = open_payments(sqlite_books)
    robot.goes_to_tab(REFUNDS)
    robot.goes_to_view("paid")
    robot.sees_rows(1)
    robot.presses("Home")
    robot.sees_pane()
    return robot, entry


def presses_void(robot: PaymentsRobot) -> None:
    """Press the pane's button with the keyboard."""
    pane: Any = robot.listed.pane
    (button,) = [one for one in pane.foot.buttons() if isinstance(one, Button) and one.words()]
    button.setFocus()
    comes_to(button)
    robot.presses("Space")
    robot.asked()


def test_a_paid_refund_is_voided_with_a_reason(
    paid: Paid, drawer: Drawer, sqlite_books: Office
) -> None:
    robot, _entry = paid
    assert robot.steps() == {"Void the refund…": True}
    presses_void(robot)
    robot.presses("Ctrl+Return")
    assert robot.field("reason").sentence.text() == "Reason is missing."
    robot.writes(reason="Never cashed")
    robot.does_it()
    robot.hears("Refund REF-2026-00001 is voided; 40.00 is left of PAY-2026-00001 again.")
    robot.sees_rows(0)
    robot.goes_to_view("all")
    robot.sees_rows(1)
    assert robot.cells("number", "status") == [("REF-2026-00001", "Called off")]
    (row,) = robot.rows()
    assert why_not_voided(row) == "REF-2026-00001 was called off already."

    def look(work: Work) -> tuple[RefundStatus, int]:
        return work.db.query(Refund).one().status, cents(work, "1000")

    assert sqlite_books.read(look) == (RefundStatus.CANCELLED, 0)
    robot.goes_to_tab(PAYMENTS)
    robot.goes_to_row(drawer.check.payment_id)
    told = robot.told()
    assert told.startswith("Refund voided")
    assert "REF-2026-00001, 40.00, paid 04/11/2026 → Voided" in told
    assert told.endswith("Never cashed")
    verify(sqlite_books)


def test_one_that_the_bank_has_shown_stays_and_says_why(paid: Paid, sqlite_books: Office) -> None:
    robot, entry = paid

    def shown(work: Work) -> None:
        draft = MatchDraft(account_named(work), (line(work, "4/12", -40_00),), entry_ids=(entry,))
        accept(work, draft)

    sqlite_books.write(shown)
    presses_void(robot)
    robot.writes(reason="Never cashed")
    robot.presses("Ctrl+Return")
    dialog = robot.sees_refusal("Refund REF-2026-00001 is matched with the bank's line")
    assert "Take that match apart first." in dialog.refusal.text()
    robot.leaves()
    assert sqlite_books.read(lambda work: cents(work, "1000")) == -40_00
    verify(sqlite_books)
