"""The Recurring tab: written by key, proposed and never silent, left out, stopped, turned back."""

from __future__ import annotations

from datetime import date

from fscdesk.services.accounting.recurring import RecurringRow, recurring_entries
from fscdesk.services.accounting.recurring_due import due_days, recurring_history
from fscdesk.services.ledger.balances import balance
from fscdesk.ui.screens.accounting_plans.recurring_part import RecurringPart
from tests.support.focus import comes_to
from tests.support.robots.plans import PlansRobot
from tests.ui.accounting_plans.conftest import rent


def only(robot: PlansRobot) -> RecurringRow:
    (row,) = robot.office.read(recurring_entries)
    return row


def opened(robot: PlansRobot) -> RecurringPart:
    """The tab over the rent that is due for March and April."""
    robot.office.write(rent)
    part = robot.opens("recurring", RecurringPart)
    comes_to(part.list.view)
    robot.waits(lambda: part.list_tab.primary_button() is not None)
    return part


def test_an_entry_is_written_by_keys_alone(plans: PlansRobot) -> None:
    part = plans.opens("recurring", RecurringPart)
    plans.does("Ctrl+N")
    comes_to(part.form.name.edit)
    plans.types("Insurance")
    plans.fills(part.form.first.edit, "05/15/2026")
    part.form.lines.begin()
    plans.types("7200")
    plans.does("Return")
    plans.types("90")
    plans.does("Return", "Return")
    plans.types("1000")
    plans.does("Return", "Return")
    plans.presses("=")
    assert part.form.difference.text() == "Difference 0.00"
    plans.does("Ctrl+S")
    row = only(plans)
    assert (row.name, row.next_on) == ("Insurance", date(2026, 5, 15))
    assert [(leg.account, leg.cents) for leg in row.legs] == [("7200", 9000), ("1000", -9000)]
    comes_to(part.list.view)


def test_an_entry_that_does_not_balance_is_refused_and_stays_typed(plans: PlansRobot) -> None:
    part = opened(plans)
    plans.does("Return")
    comes_to(part.form.name.edit)
    plans.fills(part.form.lines.lines[1].credit.edit, "150")
    assert part.form.difference.text() == "Difference 50.00"
    plans.does("Ctrl+S")
    assert plans.newest().level.value == "problem"
    assert [leg.cents for leg in only(plans).legs] == [20000, -20000]
    plans.does("Escape")
    comes_to(part.list.view)
    plans.does("Return")  # what was typed is there again
    assert part.form.difference.text() == "Difference 50.00"
    plans.fills(part.form.lines.lines[0].debit.edit, "150")
    plans.does("Ctrl+S")
    assert [leg.cents for leg in only(plans).legs] == [15000, -15000]
    plans.does("Return")
    assert part.form.lines.sums()[0].plain() == "150.00"


def test_what_is_due_is_proposed_and_posted_when_said_and_undone(plans: PlansRobot) -> None:
    part = opened(plans)
    before = plans.office.read(lambda work: balance(work, "7000"))
    part.post_due.trigger()
    plans.rests()
    dialog = plans.dialog()
    assert dialog.heading.text() == "Post 2 entries, 400.00 in all?"
    plans.presses("Escape")
    plans.waits(lambda: not dialog.isVisible())
    assert only(plans).posted == 0
    part.post_due.trigger()
    plans.rests()
    plans.dialog()
    plans.closes_dialog()
    assert only(plans).posted == 2
    assert only(plans).next_on == date(2026, 5, 1)
    assert plans.newest().text.startswith("Posted 2 entries: ")
    plans.does("Ctrl+Z")
    assert (only(plans).posted, only(plans).next_on) == (0, date(2026, 3, 1))
    assert plans.office.read(lambda work: balance(work, "7000")) == before


def test_the_pane_posts_and_says_what_was_posted(plans: PlansRobot) -> None:
    opened(plans)
    plans.does("Ctrl+Return")
    row = only(plans)
    assert row.posted == 2
    days = plans.office.read(lambda work: recurring_history(work, row.id))
    assert [one.on for one in days] == [date(2026, 4, 1), date(2026, 3, 1)]


def test_a_day_is_left_out_once_and_comes_back(plans: PlansRobot) -> None:
    part = opened(plans)
    part._skip(only(plans))
    plans.rests()
    assert only(plans).next_on == date(2026, 4, 1)
    assert plans.newest().text == "Office rent is left out on 03/01/2026, next on 04/01/2026."
    plans.does("Ctrl+Z")
    assert only(plans).next_on == date(2026, 3, 1)


def test_it_is_stopped_and_used_again(plans: PlansRobot) -> None:
    part = opened(plans)
    part._use(only(plans), active=False)
    plans.rests()
    assert not only(plans).active
    assert plans.office.read(due_days) == ()
    plans.does("Ctrl+Z")
    assert only(plans).active
