"""Collections, what is outstanding and days to payment: from the reports, and into them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from fscdesk.models.values import Money
from fscdesk.services.accounting.budgets import add_budget, approve_budget, budget, enter_budget
from fscdesk.services.billing.agencies import add_agency
from fscdesk.services.billing.collections import NewPlacement
from fscdesk.services.billing.collections import place as give
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.reports.aging import aging
from fscdesk.services.reports.report_asked import asked_from
from fscdesk.services.reports.report_catalogue import REPORTS
from fscdesk.services.reports.twelve_months import months_seen
from fscdesk.services.work import Work
from fscdesk.ui.text import Label
from tests.support.agency import AGENCY
from tests.support.bank_books import line
from tests.support.books_kept import told
from tests.support.focus import comes_to
from tests.support.payments import Till, open_till, pay, received
from tests.support.robots.home import HomeRobot

OpenHome = Callable[..., HomeRobot]
CASH_IN_APRIL = {"report": "income", "view": "cash", "period": "2026-04-01..2026-04-12"}
PLACES = ("sessions", "patients", "aging", "importing", "payments", "reports", "reconciliation")


@pytest.fixture
def till(sqlite_books: Office) -> Till:
    """Three charges, of which a check of April has paid 30.00."""
    made = sqlite_books.write(open_till).value
    received(sqlite_books, pay(made, 42_50, Application(made.copays[0], Money(30_00))))
    return made


def plan(work: Work) -> None:
    """Approve a budget of 400.00 of income in each month of the year."""
    made = add_budget(work, "2026", date(2026, 1, 1))
    for month in range(1, 13):
        enter_budget(work, made, "4010", Money(400_00), month=date(2026, month, 1))
    approve_budget(work, made, expected_version=budget(work, made).head.version)


def report_of(books: Office, name: str, **way: Any) -> Any:
    report = REPORTS[name]
    made = books.read(lambda work: report.make(work, asked_from(work, report.params, way)))
    return made.found


def test_the_figures_are_those_of_the_reports(
    open_home: OpenHome, sqlite_books: Office, till: Till
) -> None:
    robot = open_home(plan, PLACES)
    cards = robot.screen.months
    income = report_of(sqlite_books, "income", period="this_month", view="cash")
    dso = report_of(sqlite_books, "dso")
    assert cards.collected.heading.text() == "Collected in April"
    assert cards.collected.figure.text() == "42.50"  # 30.00 of it is applied
    assert told(income)["total_received"] == "42.50"
    assert cards.collected.hint.text() == "11 % of 400.00 budgeted income"
    assert cards.outstanding.figure.text() == str(dso[-1].open)
    assert cards.days.hint.text() == "goal < 45"
    assert len(cards.open_chart.marks()) == 12
    assert cards.columns.isHidden()
    assert "budgeted income 400.00, collected 42.50" in cards.against.marks()[-1].words


def test_enter_on_a_month_opens_the_report_behind_it(open_home: OpenHome, till: Till) -> None:
    robot = open_home(None, PLACES)
    cards = robot.screen.months
    assert cards.collected.hint.text() == "no approved budget"
    cards.columns.setFocus()
    comes_to(cards.columns)
    robot.presses("End", "Return")
    assert robot.place() == "reports"
    assert robot.last_asked() == CASH_IN_APRIL
    robot.window.back()
    cards.open_chart.setFocus()
    comes_to(cards.open_chart)
    robot.presses("End", "Left", "Return")
    assert robot.place() == "aging"
    assert robot.last_asked() == {"by": "payer", "as_of": date(2026, 3, 31)}


def test_each_card_leads_to_its_report(open_home: OpenHome, till: Till) -> None:
    robot = open_home(None, PLACES)
    cards = robot.screen.months
    for card, place, asked in (
        (cards.collected, "reports", CASH_IN_APRIL),
        (cards.outstanding, "aging", {"by": "payer"}),
        (cards.days, "reports", {"report": "dso"}),
    ):
        assert card.link is not None
        card.link.setFocus()
        comes_to(card.link)
        robot.presses("Space")
        assert robot.place() == place
        assert robot.last_asked() == asked
        robot.window.back()
        robot.waits(lambda: robot.place() == "home")


def test_without_the_places_nothing_leads_there(open_home: OpenHome, till: Till) -> None:
    robot = open_home(None, ("sessions",))
    cards = robot.screen.months
    assert [card.link for card in (cards.collected, cards.outstanding, cards.days)] == [None] * 3


@pytest.mark.parametrize("wide", [1440, 1180])
def test_it_fits_the_window(open_home: OpenHome, till: Till, wide: int) -> None:
    robot = open_home(None, PLACES)
    robot.window.resize(wide, 900)
    robot.waits(lambda: robot.window.width() == wide)
    area = robot.screen.area
    page = area.widget()
    assert page is not None
    robot.waits(lambda: page.width() <= area.viewport().width())
    assert robot.screen.months.geometry().right() <= page.width()


def test_a_month_without_money_is_zero(sqlite_books: Office) -> None:
    months = sqlite_books.read(lambda work: months_seen(work, work.today()))
    assert [one.collected for one in months] == [Money()] * 12
    assert [one.days_to_payment for one in months] == [None] * 12


def test_a_month_without_days_to_payment_has_no_dot(
    open_home: OpenHome, sqlite_books: Office, till: Till
) -> None:
    robot = open_home(None, PLACES)
    cards = robot.screen.months
    months = sqlite_books.read(lambda work: months_seen(work, work.today()))
    known = replace(months[0], days_to_payment=Decimal("0.0"))
    cards.show_months(months)
    assert cards.days.figure.text() == "–"
    assert cards.line.marks() == []
    cards.show_months([known, *months[1:]])
    assert cards.days.figure.text() == "–"
    (mark,) = cards.line.marks()
    assert mark.words == f"{known.first:%b}: 0.0 days"
    assert mark.rect.right() < cards.line.width() / 4, "it stands at its own month, the oldest"
    newest = cards.line.dot
    assert newest is None
    assert cards.line.figures().rows[-1] == (f"{months[-1].first:%b}", "–")
    now = replace(months[-1], days_to_payment=Decimal("12.5"))
    cards.show_months([known, *months[1:-1], now])
    assert cards.days.figure.text() == "12.5"
    newest = cards.line.dot
    assert newest is not None
    assert len(cards.line.marks()) == 2


def test_freshness_names_each_bank_account(
    open_home: OpenHome, sqlite_books: Office, till: Till
) -> None:
    sqlite_books.write(lambda work: line(work, "4/10", 30_00))
    robot = open_home(None, PLACES)
    lines = robot.lines(robot.screen.fresh)
    account = robot.screen.fresh
    assert [right for _words, right in lines if right == "2 days"]
    headings = [one.text() for one in account.findChildren(Label)]
    assert {"Bank statements", "Deposits"} <= set(headings)


def test_what_the_aging_has_not_is_said_on_the_card(
    open_home: OpenHome, sqlite_books: Office, till: Till
) -> None:
    """What is at an agency is outstanding, and not in the aging that the card's link opens."""

    def hand_over(work: Work) -> None:
        give(work, NewPlacement(add_agency(work, AGENCY), charge_ids=(till.own,)))

    robot = open_home(None, PLACES)
    assert robot.screen.months.outstanding.parts.isHidden()
    sqlite_books.write(hand_over)
    months = sqlite_books.read(lambda work: months_seen(work, work.today()))
    aged = sqlite_books.read(lambda work: aging(work, as_of=work.today())).total.balance
    assert (months[-1].at_agency, months[-1].aging) == (Money(160_00), aged)
    assert months[-1].open == aged + Money(160_00)
    robot.screen.months.show_months(months)
    card = robot.screen.months.outstanding
    assert card.figure.text() == str(months[-1].open)
    assert card.parts.text() == f"{aged} in aging + 160.00 at agencies"
    assert card.parts.isVisible()
