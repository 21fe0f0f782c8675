"""The list of exceptions by keys: what is missing, its story, where Enter leads, how it closes."""

from __future__ import annotations

from functools import partial

import pytest

from fscdesk.services.banking.undeposited import undeposited
from fscdesk.services.office import Office
from fscdesk.ui.tables.totals import TotalsBar
from tests.support.bank_books import deposit
from tests.support.robots.exceptions import ExceptionsRobot
from tests.ui.exceptions.conftest import Halves


def test_it_lists_what_is_missing_the_oldest_first(exceptions: ExceptionsRobot) -> None:
    assert exceptions.cells("kind", "words", "amount") == [
        ("Not posted", "MONTHLY FEE", "−15.00"),
        ("No money", "Example East, Transfer EFT0001, posted as PAY-2026-00001", "111.40"),
        ("To identify", "SUS-2026-00001, SOMETHING", "61.75"),
        ("Not deposited", "Ben Somebody, Check 1047", "160.00"),
        ("Not at the bank", "DEP-2026-00001, Deposit", "30.00"),
    ]
    views = exceptions.part.list.views
    assert views is not None
    exceptions.waits(lambda: views.tabs.count("all") == 5)
    assert views.tabs.count("banked_not_posted") == 1


def test_unlike_money_is_not_added_up(exceptions: ExceptionsRobot) -> None:
    part = exceptions.part
    (bar,) = part.findChildren(TotalsBar)
    exceptions.waits(part.sums.isVisible)
    names, figures = zip(*part.sums.sums, strict=True)
    assert figures == ("111.40", "61.75", "−15.00", "160.00", "30.00")
    assert (names[0], names[-1]) == ("No money", "Not at the bank")
    assert bar.shown() == {}
    exceptions.goes_to_view("posted_not_deposited")
    exceptions.waits(lambda: not part.sums.isVisible())
    assert bar.shown() == {"amount": "160.00"}


def test_a_tab_shows_one_kind_and_says_what_its_emptiness_means(
    exceptions: ExceptionsRobot,
) -> None:
    exceptions.goes_to_view("held_not_identified")
    assert exceptions.cells("amount") == [("61.75",)]
    exceptions.goes_to_view("recorded_not_received")
    assert exceptions.cells("amount") == []


@pytest.mark.parametrize(
    ("view", "place", "asked"),
    [
        ("remittance_without_money", "remittance", "remittance"),
        ("posted_not_deposited", "payments", "payment"),
        ("deposited_not_banked", "payments", "deposit"),
    ],
)
def test_enter_opens_what_it_is_about(
    exceptions: ExceptionsRobot, halves: Halves, view: str, place: str, asked: str
) -> None:
    exceptions.goes_to_view(view)
    exceptions.presses("Home", "Return")
    number = {
        "remittance": halves.remittance,
        "payment": halves.check,
        "deposit": halves.deposit,
    }[asked]
    assert exceptions.is_at(place)[asked] == number


@pytest.mark.parametrize(
    ("view", "line"), [("held_not_identified", "held"), ("banked_not_posted", "fee")]
)
def test_enter_on_the_banks_money_goes_to_its_line(
    exceptions: ExceptionsRobot, halves: Halves, view: str, line: str
) -> None:
    exceptions.goes_to_view(view)
    exceptions.presses("Home", "Return")
    exceptions.waits(lambda: exceptions.screen.tabs.current == "bank")
    wanted = getattr(halves, line) * 2
    exceptions.waits(lambda: exceptions.screen.bank.list.view.picking.current_id == wanted)


def test_the_pane_follows_the_session_to_where_its_money_is(exceptions: ExceptionsRobot) -> None:
    exceptions.goes_to_view("posted_not_deposited")
    exceptions.presses("Home")
    exceptions.sees_pane()
    titles = [title for title, _second in exceptions.story()]
    seconds = " ".join(second for _title, second in exceptions.story())
    assert titles[0] == "Ben Somebody"
    assert "not deposited yet." in seconds
    exceptions.presses("F6")
    exceptions.goes_to_view("banked_not_posted")
    exceptions.presses("Home")
    exceptions.sees_pane()
    assert exceptions.story()[0][0] == "No session is named yet"


def test_it_closes_when_the_other_half_comes(
    exceptions: ExceptionsRobot, sqlite_books: Office, halves: Halves
) -> None:
    exceptions.goes_to_view("remittance_without_money")
    assert len(exceptions.cells("amount")) == 1
    payment = next(
        one.payment_id for one in exceptions.asks(undeposited) if one.payment_id != halves.check
    )
    exceptions.elsewhere(partial(deposit, payment_id=payment, on="4/10"))
    exceptions.presses("F5")
    exceptions.waits(lambda: exceptions.cells("amount") == [])


def test_it_is_found_by_words(exceptions: ExceptionsRobot) -> None:
    exceptions.presses("Ctrl+F")
    exceptions.types("monthly fee")
    exceptions.waits(lambda: exceptions.cells("amount") == [("−15.00",)])
