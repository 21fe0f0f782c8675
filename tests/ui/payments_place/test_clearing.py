"""Account 1060 by keys: a write-off of SimplePractice is taken as contractual, and given back."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtWidgets import QLabel
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.provider import Provider
from fscdesk.services.billing.limits import WRITE_OFF_ALONE
from fscdesk.services.office import Office
from fscdesk.services.payments.written_off import accept_by_hand
from fscdesk.services.work import Work
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.payments.screen import APPROVALS, CLEARING
from tests.support.payments import cents, verify
from tests.support.people import add_session
from tests.support.robots.payments import PaymentsRobot
from tests.support.second_person import clerk
from tests.support.write_offs import decide_setting
from tests.ui.payments_place.conftest import Drawer, OpenPayments

WHY = "All of it went to the deductible"


@pytest.fixture
def charges(sqlite_books: Office, drawer: Drawer) -> list[int]:
    """Two charges of Alma's with 40.00 written off each, and one that is called paid, 30.00."""

    def act(work: Work) -> list[int]:
        provider = work.db.query(Provider).one().id
        sessions = [
            add_session(
                work,
                drawer.till.alma,
                provider,
                day=date(2026, 3, day),
                payer=drawer.till.payer,
                insurance=40_00,
                share=120_00,
                write_off=written_off,
                patient_paid=paid,
            )
            for day, written_off, paid in ((20, 40_00, 0), (21, 40_00, 0), (22, 0, 30_00))
        ]
        found = select(Charge.id).where(Charge.session_id.in_(sessions)).order_by(Charge.id)
        return list(work.db.scalars(found))

    return sqlite_books.write(act).value


@pytest.fixture
def listed(sqlite_books: Office, charges: list[int], open_payments: OpenPayments) -> PaymentsRobot:
    """The three lines of account 1060, the keys on the first."""
    robot = open_payments(sqlite_books)
    robot.at_the_list()
    robot.goes_to_tab(CLEARING)
    robot.sees_rows(3)
    return robot


def said(robot: PaymentsRobot) -> str:
    """All that the dialog in front says."""
    return " ".join(label.text() for label in robot.asked().findChildren(QLabel))


def in_1060(books: Office) -> int:
    return books.read(lambda work: cents(work, "1060"))


def test_taken_by_key_it_waits_and_undo_withdraws_it(
    listed: PaymentsRobot, sqlite_books: Office
) -> None:
    listed.presses("Home")
    listed.sees_pane()
    assert listed.steps()["Take as contractual…"]
    listed.presses("Ctrl+Shift+W")
    assert "when a second person has approved it" in said(listed)
    listed.presses("Ctrl+Return")
    listed.waits(lambda: bool(listed.field("reason").sentence.text()))
    listed.writes(reason=WHY)
    listed.does_it()
    listed.hears("1 write-off, 40.00, waits for a second person in request REQ-2026-00001.")
    listed.waits(lambda: any("REQ-2026-00001" in row.reason for row in listed.rows()))
    assert in_1060(sqlite_books) == 110_00
    listed.goes_to_row(next(row.id for row in listed.rows() if row.request_id))
    assert "Take as contractual…" not in listed.steps()
    listed.presses("Ctrl+Shift+W")
    listed.hears("It waits for a second person already.", Level.PROBLEM)
    listed.presses("Ctrl+Z")
    listed.hears("1 write-off, 40.00, is open in 1060 again.")
    listed.waits(lambda: not any(row.request_id for row in listed.rows()))
    verify(sqlite_books)


def test_several_are_ticked_taken_at_once_and_taken_back(
    listed: PaymentsRobot, sqlite_books: Office
) -> None:
    listed.elsewhere(lambda work: decide_setting(work, WRITE_OFF_ALONE, "100.00"))
    listed.presses("Home", "Space", "Down", "Space")
    bar = listed.listed.body.bar
    listed.waits(lambda: bar.count.text() == "2 selected")
    assert bar.sums.text() == "80.00 open"
    listed.presses("Ctrl+Shift+W")
    assert "It posts at once." in said(listed)
    listed.writes(reason=WHY)
    listed.does_it()
    listed.hears("2 write-offs, 80.00, are taken as contractual and left account 1060.")
    listed.sees_rows(1)
    assert in_1060(sqlite_books) == 30_00
    listed.presses("Ctrl+Z")
    listed.hears("2 write-offs, 80.00, are open in 1060 again.")
    listed.sees_rows(3)
    assert in_1060(sqlite_books) == 110_00
    verify(sqlite_books)


def test_what_is_called_paid_cannot_be_taken(listed: PaymentsRobot) -> None:
    listed.presses("End")
    listed.sees_pane()
    assert "Take as contractual…" not in listed.steps()
    listed.presses("Ctrl+Shift+W")
    listed.hears("Only what SimplePractice wrote off can be taken as contractual.", Level.PROBLEM)


def test_a_request_is_opened_from_its_line(
    listed: PaymentsRobot, sqlite_books: Office, charges: list[int]
) -> None:
    clerk(sqlite_books).write(lambda work: accept_by_hand(work, charges[:1], reason=WHY))
    listed.presses("F5")
    listed.waits(lambda: any(row.request_id for row in listed.rows()))
    listed.goes_to_row(next(row.id for row in listed.rows() if row.request_id))
    assert next(iter(listed.steps())) == "Open the request"
    listed.presses("Ctrl+Return")
    listed.waits(lambda: listed.screen.tabs.current == APPROVALS)
    listed.sees_rows(1)
    listed.presses("Home")
    listed.sees_pane()
    listed.presses("Ctrl+Return")
    listed.hears("is approved: write-off, 40.00. 1 write-off posted.")
    assert in_1060(sqlite_books) == 70_00
    verify(sqlite_books)
