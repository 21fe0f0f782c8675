"""The work queue: what is lost first at the top; Enter leads to it, done work is gone."""

from __future__ import annotations

from fscdesk.services.billing.statements import make_statements, plan_statements
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work
from fscdesk.ui.actions import clashes
from tests.support.invoices import invoiced
from tests.support.named import unnamed
from tests.support.queue_items import items_now
from tests.support.robots.billing import BillingRobot

MONTH = "Statements of the month"


def shown(robot: BillingRobot) -> list[str]:
    return list(robot.column("title"))


def test_it_shows_what_the_service_says_and_the_first_row_is_current(queue: BillingRobot) -> None:
    rows = items_now(queue.office)
    assert shown(queue) == [row.title for row in rows]
    current = queue.queue.list.view.picking.current_row
    assert current is not None
    assert current.key == rows[0].key
    assert queue.queue.line.note.text().startswith(f"{len(rows)} open, ")
    assert unnamed(queue.queue) == []
    assert clashes(queue.window, queue.queue) == []


def test_enter_and_ctrl_enter_open_the_work_and_alt_left_comes_back_to_the_row(
    queue: BillingRobot,
) -> None:
    queue.goes_to("title", MONTH)
    queue.does("Return")
    assert queue.billing.tabs.current == "statements"
    queue.does("Alt+Left")
    current = queue.queue.list.view.picking.current_row
    assert current is not None
    assert current.title == MONTH
    queue.does("Ctrl+Return")
    assert queue.billing.tabs.current == "statements"


def test_what_is_done_leaves_the_queue_and_what_follows_comes(queue: BillingRobot) -> None:
    def run(work: Work) -> None:
        make_statements(work, plan_statements(work, as_of=work.today()))

    queue.office.write(run)
    queue.does("F5")
    assert MONTH not in shown(queue)
    assert "Statements not sent" in shown(queue)
    invoiced(queue.office)
    queue.does("F5")
    assert "Invoices not sent" in shown(queue)


def test_a_place_without_a_screen_is_said_and_not_offered(queue: BillingRobot) -> None:
    assert not queue.window.has("payments")
    queue.queue.acts.open(Opens("payments"))
    assert "has no screen in this version" in queue.newest().text
    assert queue.front is queue.queue


def test_letters_find_by_what_and_by_whose(queue: BillingRobot) -> None:
    row = queue.queue.list.view.picking.current_row
    assert row is not None
    queue.types(row.title.split()[0])
    queue.rests()
    assert row.title in shown(queue)
    queue.does("Escape")
    queue.types("zzzz")
    queue.waits(lambda: shown(queue) == [])
    queue.does("Escape")
    queue.waits(lambda: row.title in shown(queue))
