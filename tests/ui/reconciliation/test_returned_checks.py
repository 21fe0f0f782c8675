"""A check that the bank took back: chosen among equals, recorded on the bank's day, and undone."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.payment import Payment, PaymentMethod, PaymentStatus
from fscdesk.models.values import Money
from fscdesk.services.banking.bank_sheet import SheetMark
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import NewPayment, Rest, receive
from fscdesk.services.work import Work
from fscdesk.ui.messages import Level
from tests.support.bank_books import deposit, line
from tests.support.payments import open_till, verify
from tests.support.robots.reconciliation import ReconciliationRobot

CHECKS = (("1040", "3/3"), ("1041", "3/10"), ("1042", "3/5"))


def bring_checks(work: Work) -> None:
    """Bring three checks of 60.00 to the bank, on three days."""
    till = open_till(work)
    for number, on in CHECKS:
        month, _, day = on.partition("/")
        new = NewPayment(
            Money(60_00),
            PaymentMethod.CHECK,
            date(2026, int(month), int(day)),
            guarantor_id=till.alma_pays,
            reference=number,
            rest=Rest(patient_id=till.alma),
        )
        deposit(work, receive(work, new).payment_id, on)


def returned(office: Office) -> list[str]:
    """The numbers of the checks that were returned."""

    def look(work: Work) -> list[str]:
        found = select(Payment.reference).where(Payment.status == PaymentStatus.RETURNED)
        return list(work.db.scalars(found.order_by(Payment.id)))

    return office.read(look)


@pytest.fixture
def came_back(robot: ReconciliationRobot) -> ReconciliationRobot:
    """The bank took 60.00 back on 03/12, and names no check."""
    robot.opens_with(
        bring_checks, lambda work: line(work, "3/12", -60_00, "RETURNED DEPOSITED ITEM")
    )
    robot.goes_to("-60.00")
    return robot


def test_all_candidates_are_offered_the_last_deposit_first(
    came_back: ReconciliationRobot,
) -> None:
    page = came_back.page()
    assert came_back.row().book_says == "3 could be meant"
    assert [one.fact.split("\n")[1] for one in page.choices.cards()] == [
        "check 1041",
        "check 1042",
        "check 1040",
    ]
    assert page._note.text() == "choose one of 3"
    assert came_back.buttons()[0] == "Choose the payment"


def test_the_check_that_the_bank_names_stands_first(robot: ReconciliationRobot) -> None:
    robot.opens_with(
        bring_checks, lambda work: line(work, "3/12", -60_00, "RETURNED DEPOSITED ITEM CK 1040")
    )
    robot.goes_to("-60.00")
    first = robot.page().choices.cards()[0]
    assert first.fact.split("\n")[1] == "check 1040, as the bank says"


def test_a_digit_chooses_and_the_return_is_the_line(came_back: ReconciliationRobot) -> None:
    robot = came_back
    robot.does("Return", "2")
    dialog = robot.dialog()
    assert "check 1042" in dialog.sentence.text()
    robot.fills(dialog.field("fee"), "25")
    robot.does("Return")
    said = robot.hears("60.00, was returned on 03/12/2026 and is matched.")
    assert "The fee of 25.00 is charged." in said.text
    assert returned(robot.office) == ["1042"]
    assert robot.marks()["matched"] == 1
    verify(robot.office)
    assert said.undo is not None
    robot.does("Ctrl+Z")
    robot.hears("is taken back and the line is open again")
    assert returned(robot.office) == []
    assert robot.goes_to("-60.00").mark is SheetMark.UNMATCHED
    verify(robot.office)


def test_it_is_left_with_esc_and_nothing_is_recorded(came_back: ReconciliationRobot) -> None:
    came_back.does("Return", "1")
    came_back.dialog()
    came_back.does("Escape")
    assert returned(came_back.office) == []
    assert came_back.row().mark is SheetMark.UNMATCHED


def test_enter_presses_the_button_that_has_the_focus(robot: ReconciliationRobot) -> None:
    robot.opens_with(lambda work: line(work, "3/9", -88_00, "SOMETHING ELSE"))
    robot.goes_to("-88.00")
    robot.does("Return")
    assert robot.buttons()[0] == "Match by hand"
    robot.does("Return")
    robot.hears("Tick what of ours it is with Space", Level.NOTE)
