"""The Unsent tab: what was made and not sent; edited, dropped, marked as sent and back."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.services.billing.statement_sending import unsent
from fscdesk.services.billing.statements import make_statements, plan_statements
from fscdesk.services.office import Office
from tests.support.robots.billing import BillingRobot, proves

DAY = date(2026, 4, 12)


@pytest.fixture
def made(billing: BillingRobot) -> BillingRobot:
    """Statements of everybody, none of them sent."""
    billing.office.write(lambda work: make_statements(work, plan_statements(work, as_of=DAY)))
    billing.opens("statements", tab="unsent")
    return billing


def waiting(books: Office) -> list[str]:
    return [row.number for row in books.read(unsent)]


def test_marked_as_sent_is_logged_and_ctrl_z_puts_it_back(made: BillingRobot) -> None:
    before = waiting(made.office)
    assert list(made.column("number")) == before
    made.does("Ctrl+A")
    made.list.do(made.list.spec.bulk[0])
    made.rests()
    assert waiting(made.office) == []
    assert list(made.column("number")) == []
    made.does("Ctrl+Z")
    assert waiting(made.office) == before
    made.opens("statements", tab="send_log")
    assert sorted(made.column("number")) == before


def test_a_message_is_edited_while_the_figures_stay(made: BillingRobot) -> None:
    (first, *_rest) = made.office.read(unsent)
    made.presses("F2")
    made.dialog()
    made.presses("Ctrl+A")
    made.types("Call us about a plan.")
    made.presses("Tab", "Return")
    made.comes_forward()
    made.waits(lambda: "in your words" in made.newest().text)
    made.rests()
    now = made.office.read(unsent)[0]
    assert (now.message, now.amount) == ("Call us about a plan.", first.amount)
    assert now.sha256 != first.sha256


def test_one_is_dropped_with_a_reason_and_counts_as_never_sent(made: BillingRobot) -> None:
    before = waiting(made.office)
    made.presses("Ctrl+Shift+D")
    made.dialog()
    made.types("Paid meanwhile")
    made.presses("Return")
    made.comes_forward()
    made.waits(lambda: "is dropped" in made.newest().text)
    made.rests()
    assert waiting(made.office) == before[1:]
    proves(made.office)


def test_the_queue_tells_of_them_and_leads_here(made: BillingRobot) -> None:
    made.opens("queue")
    assert "Statements not sent" in made.column("title")
    made.goes_to("title", "Statements not sent")
    made.does("Return")
    assert made.billing.tabs.current == "unsent"
