"""The work queue: what waits, most urgent first; Enter leads to it, done work leaves the list."""

from __future__ import annotations

from fscdesk.services.billing.statements import make_statements, plan_statements
from fscdesk.services.queue.waiting import Kind
from fscdesk.services.queue.waiting import queue as read_queue
from fscdesk.services.work import Work
from tests.support.invoices import invoiced
from tests.support.robots.billing import BillingRobot


def shown(robot: BillingRobot) -> list[str]:
    return list(robot.column("what"))


def test_it_shows_what_the_service_says_and_the_first_row_is_current(queue: BillingRobot) -> None:
    rows = [row for row in queue.office.read(read_queue).rows if row.opens.place == "statements"]
    assert shown(queue) == [row.title for row in rows]
    current = queue.queue.list.view.picking.current_row
    assert current is not None
    assert current.title == rows[0].title
    assert queue.queue.line.note.text().startswith(f"{len(rows)} kind")


def test_a_place_without_a_screen_is_not_offered(queue: BillingRobot) -> None:
    assert not queue.window.has("payments")
    kinds = {row.kind for row in queue.office.read(read_queue).rows}
    here = {row.kind for row in queue.queue.list.model.loaded()}
    assert here <= kinds
    assert Kind.CREDIT not in here


def test_enter_and_ctrl_enter_open_the_work_and_alt_left_comes_back_to_the_row(
    queue: BillingRobot,
) -> None:
    queue.goes_to("what", "Statements of the month")
    queue.does("Return")
    assert queue.billing.tabs.current == "statements"
    queue.does("Alt+Left")
    current = queue.queue.list.view.picking.current_row
    assert current is not None
    assert current.title == "Statements of the month"
    queue.does("Ctrl+Return")
    assert queue.billing.tabs.current == "statements"


def test_what_is_done_leaves_the_queue_and_what_follows_comes(queue: BillingRobot) -> None:
    def run(work: Work) -> None:
        make_statements(work, plan_statements(work, as_of=work.today()))

    queue.office.write(run)
    queue.does("F5")
    assert "Statements of the month" not in shown(queue)
    assert "Statements not sent" in shown(queue)
    invoiced(queue.office)
    queue.does("F5")
    assert "Invoices not sent" in shown(queue)


def test_letters_find_by_kind_and_by_the_names_in_it(queue: BillingRobot) -> None:
    row = queue.queue.list.view.picking.current_row
    assert row is not None
    name = row.lines[0].words
    queue.types(name[:4])
    queue.rests()
    assert row.title in shown(queue)
    queue.does("Escape")
    queue.types("zzzz")
    queue.waits(lambda: shown(queue) == [])
    queue.does("Escape")
    queue.waits(lambda: row.title in shown(queue))
