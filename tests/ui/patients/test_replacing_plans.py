"""A plan in place of another, by key: what it begins with, what it asks, what the books say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from fscdesk.models.plan import Every, PaymentPlan, PlanStatus
from fscdesk.models.values import Money
from fscdesk.services.billing.plan_reading import plan_detail
from fscdesk.services.billing.plans import NewPlan, make_plan
from fscdesk.services.office import Office
from fscdesk.services.payments.plan_entry import FirstPayment, take_on_plan
from fscdesk.services.work import Work
from fscdesk.ui import theme
from tests.support.clock import Clock
from tests.support.focus import comes_to
from tests.support.payments import verify
from tests.support.rivera import Rivera, seed_six_hundred
from tests.support.robots.account import AccountRobot, account_window

MARCH = datetime(2026, 3, 20, 15, tzinfo=UTC)
TODAY = date(2026, 3, 20)
At = tuple[AccountRobot, Office, Rivera]


@pytest.fixture
def agreed(
    sqlite_books: Office, clock: Clock, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> Iterator[At]:
    """A plan over 600.00 in six payments every two weeks, of which 120.00 and 80.00 are paid."""
    theme.apply(qapp)
    clock.set(MARCH)
    rivera = sqlite_books.write(seed_six_hundred).value
    new = NewPlan(rivera.guarantor, rivera.charges, 6, Every.TWO_WEEKS)
    plan = sqlite_books.write(lambda work: make_plan(work, new)).value.plan_id
    paid = FirstPayment(Money(200_00), "check", TODAY, "77")
    sqlite_books.write(lambda work: take_on_plan(work, plan, rivera.guarantor, paid))
    with account_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot, sqlite_books, rivera


def plans(books: Office) -> list[tuple[str, PlanStatus, int | None]]:
    def look(work: Work) -> list[tuple[str, PlanStatus, int | None]]:
        rows = work.db.scalars(select(PaymentPlan).order_by(PaymentPlan.id))
        return [(one.number, one.status, one.replaces_id) for one in rows]

    return books.read(look)


OLD, NEW = "PLAN-2026-00001", "PLAN-2026-00002"


def begins(robot: AccountRobot) -> None:
    robot.finds("rive")
    robot.lists("plan")
    robot.does("Home", "Ctrl+Shift+R")


def test_it_begins_with_the_terms_and_the_rest_of_the_old_plan(agreed: At) -> None:
    robot, books, rivera = agreed
    begins(robot)
    wizard = robot.account.wizard
    comes_to(wizard.typed.reason.edit)
    fields = wizard.fields
    assert (fields.number.value(), fields.every.value()) == (5, "two_weeks")
    assert fields.first_due.value() == date(2026, 4, 17)  # of 04/03, 80.00 is paid
    assert wizard.charges.model.ticks.ids == frozenset(rivera.charges[1:])
    assert wizard.sum.text() == "400.00 = 5 × 80.00"
    said = wizard.typed.old.text()
    assert f"{OLD} ends today: 5 of 6 payments not paid, 400.00 open." in said
    assert "All of it goes into the new plan." in said
    assert "200.00 was paid on it and counts as paid at once." in said
    assert plans(books) == [(OLD, PlanStatus.ACTIVE, None)]


def test_what_is_left_out_is_due_as_usual(agreed: At) -> None:
    robot, _books, rivera = agreed
    begins(robot)
    wizard = robot.account.wizard
    last = next(row for row in wizard.charges.model.loaded() if row.id == rivera.charges[3])
    wizard.charges.model.ticks.toggle(last)
    robot.rests()
    assert "250.00 of it goes into the new plan; 150.00 is due as usual." in wizard.typed.old.text()
    assert wizard.sum.text() == "250.00 = 5 × 50.00"


def test_without_a_reason_nothing_goes_on(agreed: At) -> None:
    robot, books, _rivera = agreed
    begins(robot)
    wizard = robot.account.wizard
    robot.does("Ctrl+Return")
    comes_to(wizard.typed.reason.edit)
    assert wizard.typed.reason.sentence.text()
    assert wizard.stack.currentIndex() == 0
    assert plans(books) == [(OLD, PlanStatus.ACTIVE, None)]


def test_the_new_plan_is_agreed_by_key_and_taken_back(agreed: At) -> None:
    robot, books, rivera = agreed
    begins(robot)
    robot.types("Fewer hours at work")
    robot.does("Return")
    robot.types("10")
    robot.does("Ctrl+Return")
    wizard = robot.account.wizard
    comes_to(wizard.first.amount.edit)
    robot.does("Ctrl+Return")
    comes_to(wizard.post)
    assert wizard.post.words() == "Agree"
    assert plans(books) == [(OLD, PlanStatus.ACTIVE, None)]
    robot.does("Return")
    assert robot.sees_pages() == f"Agreement {NEW}"
    assert robot.hears(f"Plan {NEW} is agreed in place of {OLD}: 10 × 40.00.").undo is not None
    assert plans(books) == [(OLD, PlanStatus.REPLACED, None), (NEW, PlanStatus.ACTIVE, 1)]
    old = books.read(lambda work: plan_detail(work, 1))
    assert (old.end_reason, old.replaced_by) == ("Fewer hours at work", 2)
    assert robot.account.tabs.current == "plan"
    verify(books)
    robot.does("Ctrl+Z")
    robot.hears(f"Plan {NEW} is taken back. {OLD} goes on as before.")
    assert plans(books) == [(OLD, PlanStatus.ACTIVE, None), (NEW, PlanStatus.CANCELLED, 1)]
    old = books.read(lambda work: plan_detail(work, 1))
    assert (old.ended_on, str(old.standing.left)) == (None, "400.00")
    assert rivera.patient == 1
    verify(books)
    part = robot.lists("plan")
    robot.account.plan(replaces=1)
    robot.rests()
    assert wizard.typed.reason.value() == "", "another replacement has another reason"
    assert wizard.fields.number.value() == 5
    assert part.model.total == 2


def test_a_plan_after_it_begins_anew(agreed: At) -> None:
    robot, _books, _rivera = agreed
    begins(robot)
    robot.types("Wrong person on the phone")
    robot.does("Escape", "Ctrl+L")
    wizard = robot.account.wizard
    comes_to(wizard.fields.number.edit)
    assert not wizard.typed.reason.isVisible()
    assert wizard.heading.text() == "Payment plan"
    assert (wizard.fields.number.value(), wizard.fields.every.value()) == (6, "month")
    assert wizard.charges.model.total == 0


def test_a_plan_that_has_ended_is_not_replaced(agreed: At) -> None:
    robot, books, _rivera = agreed
    robot.finds("rive")
    part = robot.lists("plan")
    acts = {act.key: act for act in part.spec.row_acts}
    acts["cancel"].act(list(part.model.loaded()))
    robot.fills(reason="Agreed on the phone")
    robot.hears("has ended")
    robot.waits(lambda: part.model.known and part.model.settled)
    replace = acts["replace"]
    assert replace.off_because is not None
    robot.waits(
        lambda: (
            replace.off_because is not None
            and replace.off_because(list(part.model.loaded())) == "It is cancelled."
        )
    )
    robot.does("Home", "Ctrl+Shift+R")
    assert not robot.account.planning()
    assert plans(books) == [(OLD, PlanStatus.CANCELLED, None)]
