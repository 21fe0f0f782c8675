"""The place as a whole: tabs by key, names of controls, 1060, credits of SimplePractice, counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.charge import Side
from fscdesk.models.payment import PaymentMethod, PaymentOrigin
from fscdesk.models.provider import Provider
from fscdesk.models.values import Money
from fscdesk.services.billing.adjusting import NewAdjustment, adjust
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import NewPayment, Rest, receive
from fscdesk.services.work import Work
from fscdesk.ui.actions import clashes
from fscdesk.ui.screens.payments.screen import APPROVALS, CLEARING, PAYMENTS, REFUNDS, TABS
from fscdesk.ui.screens.payments.waiting import waiting_here
from fscdesk.ui.tables.view_tabs import ViewTabs
from tests.support.payments import DAY, verify
from tests.support.people import add_session
from tests.support.robots.office import DiaryScreen
from tests.support.robots.payments import PaymentsRobot
from tests.support.robots.payments_window import payments_window
from tests.support.second_person import clerk
from tests.ui.payments_place.conftest import Drawer, OpenPayments


def paid_in_simplepractice(work: Work, drawer: Drawer) -> int:
    """Put a session in the books whose 30.00 SimplePractice calls paid, and 15.00 of Ben's."""
    ben = NewPayment(
        Money(15_00),
        PaymentMethod.CARD,
        DAY,
        guarantor_id=drawer.till.ben_pays,
        rest=Rest(patient_id=drawer.till.ben),
        origin=PaymentOrigin.SIMPLEPRACTICE,
        external_id="SP-1",
    )
    receive(work, ben)
    provider = work.db.query(Provider).one()
    return add_session(
        work,
        drawer.till.alma,
        provider.id,
        day=date(2026, 3, 20),
        payer=drawer.till.payer,
        insurance=130_00,
        share=30_00,
        patient_paid=30_00,
    )


def test_every_tab_is_reached_by_key_and_comes_round(payments: PaymentsRobot) -> None:
    seen = []
    for _time in TABS:
        payments.presses("Ctrl+PgDown")
        payments.at_the_list()
        seen.append(payments.screen.tabs.current)
    keys = list(TABS)
    after = keys.index(PAYMENTS) + 1
    assert seen == [*keys[after:], *keys[:after]]
    payments.presses("Ctrl+PgUp")
    assert payments.screen.tabs.current == keys[after - 2]


def test_every_control_has_a_name_and_no_two_keys_clash(payments: PaymentsRobot) -> None:
    for key in TABS:
        payments.screen.tab(key)
        payments.settles()
        assert clashes(payments.window, payments.screen) == []
    kinds: tuple[type[QWidget], ...] = (QAbstractButton, QComboBox, QLineEdit, ViewTabs)
    nameless = [
        one
        for kind in kinds
        for one in payments.screen.findChildren(kind)
        if one.isVisible() and not one.accessibleName()
    ]
    assert nameless == []


def test_1060_says_why_each_line_is_open_and_leads_to_its_session(
    payments: PaymentsRobot, drawer: Drawer, sqlite_books: Office
) -> None:
    payments.elsewhere(lambda work: paid_in_simplepractice(work, drawer))
    payments.goes_to_tab(CLEARING)
    payments.presses("F5")
    payments.sees_rows(1)
    row = payments.rows()[0]
    assert (row.who, row.what, row.amount) == ("Alma Anyone", "Client paid", Money(30_00))
    assert row.reason
    assert payments.listed.body.totals.words() == ("1 line; account 1060 is 30.00, difference 0.00")
    payments.goes_to_view("left")
    payments.sees_rows(1)
    left = payments.rows()[0]
    assert (left.who, left.amount) == ("Ben Somebody", Money(15_00))
    payments.goes_to_view("refunds")
    payments.sees_rows(0)
    payments.goes_to_view("paid")
    payments.sees_rows(1)
    payments.presses("Home")
    payments.sees_pane()
    assert row.reason.rstrip(".") in payments.told("why")
    payments.presses("Ctrl+Return")
    front = payments.window.screen_in_front()
    assert isinstance(front, DiaryScreen)
    assert front.asked[-1] == {"session": row.session_id}
    payments.presses("Alt+Left")
    payments.at_the_list()
    assert payments.screen.tabs.current == CLEARING
    verify(sqlite_books)


def test_a_refund_is_called_off_with_a_reason(
    payments: PaymentsRobot, drawer: Drawer, sqlite_books: Office
) -> None:
    payments.goes_to_row(drawer.check.payment_id)
    payments.presses("Ctrl+Shift+U")
    payments.writes(amount="40", reason="Paid twice")
    payments.does_it()
    assert sqlite_books.read(waiting_here) == 1
    payments.goes_to_tab(REFUNDS)
    payments.sees_rows(1)
    payments.presses("Home")
    payments.sees_pane()
    assert payments.steps() == {"Pay 40.00…": True, "Call off…": True}
    act = next(one for one in payments.listed.spec.row_acts if one.key == "cancel")
    payments.listed.do(act)
    payments.writes(reason="Keeps it for April")
    payments.does_it()
    payments.hears("Refund REF-2026-00001 is called off; 40.00 is free again.")
    payments.sees_rows(0)
    assert sqlite_books.read(waiting_here) == 0
    verify(sqlite_books)


def test_home_opens_the_entry_through_it(payments: PaymentsRobot) -> None:
    payments.window.open("payments", new=True)
    payments.waits(lambda: payments.window.screen_in_front() is not payments.screen)
    here = payments.window.history.here()
    assert here is not None
    assert here.place == "payment-entry"


def test_the_queue_opens_a_tab_and_a_view(payments: PaymentsRobot, drawer: Drawer) -> None:
    payments.window.open("payments", tab=PAYMENTS, view="returned")
    payments.sees_rows(0)
    payments.window.open("payments", tab=REFUNDS)
    payments.at_the_list()
    assert payments.screen.tabs.current == REFUNDS


@pytest.fixture
def asked_by_clerk(
    sqlite_books: Office, drawer: Drawer, open_payments: OpenPayments
) -> PaymentsRobot:
    """Somebody else asked for a write-off of 60.00."""

    def ask(work: Work) -> None:
        one = NewAdjustment(
            drawer.till.own, AdjustmentKind.COURTESY, Money(60_00), "Hardship", Side.PATIENT
        )
        adjust(work, [one])

    clerk(sqlite_books).write(ask)
    robot = open_payments(sqlite_books)
    robot.at_the_list()
    return robot


def test_a_write_off_is_approved_and_posts(
    asked_by_clerk: PaymentsRobot, sqlite_books: Office, drawer: Drawer
) -> None:
    robot = asked_by_clerk
    robot.goes_to_tab(APPROVALS)
    robot.sees_rows(1)
    assert robot.cells("kind", "by", "amount") == [("Write-off", "Cleo Clerkson", "60.00")]
    robot.presses("Home")
    robot.sees_pane()
    assert robot.lines("items")[0][0] == "Ben Somebody (P-2)"
    robot.presses("Ctrl+Return")
    robot.hears("is approved: write-off, 60.00. 1 write-off posted.")
    robot.sees_rows(0)
    robot.goes_to_view("decided")
    robot.sees_rows(1)
    assert robot.cells("status") == [("Approved",)]
    verify(sqlite_books)


@pytest.fixture
def small_window(
    qtbot: QtBot, sqlite_books: Office, drawer: Drawer, tmp_path: Path
) -> Iterator[PaymentsRobot]:
    with payments_window(qtbot, sqlite_books, tmp_path) as robot:
        robot.window.resize(1180, 720)
        yield robot


def test_a_small_window_folds_the_pane_and_keeps_the_act(small_window: PaymentsRobot) -> None:
    robot = small_window
    robot.at_the_list()
    robot.presses("Return")
    robot.sees_pane()
    assert robot.listed.pane_shown
    assert robot.window.width() == 1180
