"""Job 10: a payment plan over 600.00, its first payment by check, receipt and agreement."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.document import Document, DocumentKind
from fscdesk.models.payment import Payment, PaymentStatus
from fscdesk.models.plan import PaymentPlan, PlanStatus
from fscdesk.models.values import Money
from fscdesk.services.billing.plan_reading import plan_detail
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.receiving import receive
from fscdesk.services.work import Work
from fscdesk.ui import theme
from tests.support.clock import Clock
from tests.support.focus import comes_to
from tests.support.payments import verify
from tests.support.plans import check_of
from tests.support.rivera import Rivera, seed_six_hundred
from tests.support.robots.account import AccountRobot, account_window

MARCH = datetime(2026, 3, 20, 15, tzinfo=UTC)
At = tuple[AccountRobot, Office, Rivera]
Step = tuple[Callable[[AccountRobot], object], tuple[str, ...]]
"""What is done, and what is thought before it."""
Books = tuple[int, int, int, int]


@pytest.fixture
def at_the_desk(
    sqlite_books: Office, clock: Clock, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> Iterator[At]:
    """Jordan Rivera stands at the desk with a check; the window stands on Home."""
    theme.apply(qapp)
    clock.set(MARCH)
    rivera = sqlite_books.write(seed_six_hundred).value
    with account_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot, sqlite_books, rivera


def stands(books: Office) -> Books:
    """Active plans, posted payments, what the client owes in cents, kept pages."""

    def look(work: Work) -> Books:
        plans = select(func.count()).where(PaymentPlan.status == PlanStatus.ACTIVE)
        paid = select(func.count()).where(Payment.status == PaymentStatus.POSTED)
        owed = work.db.scalars(select(Charge.patient_balance)).all()
        pages = work.db.scalar(select(func.count()).select_from(Document)) or 0
        return (
            work.db.scalar(plans) or 0,
            work.db.scalar(paid) or 0,
            sum(one.cents for one in owed),
            pages,
        )

    return books.read(look)


NOTHING: Books = (0, 0, 600_00, 0)
STEPS: list[Step] = [
    (lambda robot: robot.finds("rive"), ("start", "the account")),
    (lambda robot: robot.does("Ctrl+L"), ()),
    (lambda robot: robot.types("6"), ("how many months",)),
    (lambda robot: robot.does("Return"), ()),
    (lambda robot: robot.does("Ctrl+Return"), ("the schedule",)),
    (lambda robot: robot.does("Return"), ("the amount on the check",)),
    (lambda robot: robot.does("K"), ()),
    (lambda robot: robot.types("1047"), ("the number on the check",)),
    (lambda robot: robot.does("Return"), ()),
    (lambda robot: robot.does("Return"), ("a last look",)),
]
"""The keys of ten_jobs 12, one after the other, with the thoughts of its counting."""


def plays(robot: AccountRobot, *steps: Step) -> None:
    for act, thoughts in steps:
        for why in thoughts:
            robot.thinks(why)
        act(robot)
        robot.rests()


def test_a_plan_its_first_payment_and_the_papers(at_the_desk: At) -> None:
    robot, books, rivera = at_the_desk
    robot.begins()
    for step in STEPS[:-1]:
        plays(robot, step)
        assert stands(books) == NOTHING
    wizard = robot.account.wizard
    assert wizard.sum.text() == "600.00 = 120.00 + 6 × 80.00"
    comes_to(wizard.post)
    assert wizard.post.words() == "Post 120.00 and agree"
    plays(robot, STEPS[-1])

    log = robot.log
    assert len(log.acts) <= 18, log.told()
    assert log.seconds <= 16, log.told()
    assert log.clicks == 0
    assert len(robot.screens) <= 3
    assert robot.sees_pages() == "Receipt RC-2026-00001 and agreement PLAN-2026-00001"
    assert stands(books) == (1, 1, 480_00, 2)
    said = robot.newest().text
    assert said.startswith("Plan PLAN-2026-00001 is agreed: 120.00 + 6 × 80.00.")
    assert robot.account.tabs.current == "plan"

    def look(work: Work) -> tuple[list[str], list[str], str]:
        plan = plan_detail(work, 1).standing
        kinds = sorted(one.value for one in work.db.scalars(select(Document.kind)))
        payment = work.db.scalars(select(Payment)).one()
        return [str(one.amount) for one in plan.instalments], kinds, payment.reference

    amounts, kinds, reference = books.read(look)
    assert amounts == ["80.00"] * 6
    assert kinds == sorted((DocumentKind.AGREEMENT.value, DocumentKind.RECEIPT.value))
    assert reference == "1047"
    assert rivera.patient == 1
    verify(books)


def test_one_undo_takes_back_plan_and_payment_together(at_the_desk: At) -> None:
    robot, books, _rivera = at_the_desk
    plays(robot, *STEPS)
    robot.sees_pages()
    assert stands(books)[:3] == (1, 1, 480_00)
    robot.does("Ctrl+Z")
    robot.waits(lambda: "taken back" in robot.newest().text)
    assert stands(books)[:3] == NOTHING[:3]
    verify(books)


@pytest.mark.parametrize("wrong", ["Q", "Ctrl+Return", "Escape", "F6"])
def test_a_wrong_key_at_every_position_posts_nothing(at_the_desk: At, wrong: str) -> None:
    robot, books, _rivera = at_the_desk
    plays(robot, STEPS[0])
    for at in range(1, len(STEPS)):
        last = at == len(STEPS) - 1
        if not (wrong == "Ctrl+Return" and last):
            robot.does(wrong)
            assert stands(books) == NOTHING, at
            _mends(robot, wrong, at)
        plays(robot, STEPS[at])
    robot.sees_pages()
    assert stands(books) == (1, 1, 480_00, 2)
    verify(books)


def _mends(robot: AccountRobot, wrong: str, at: int) -> None:
    """Come back from a wrong key to where the next one of the script belongs."""
    focused = QApplication.focusWidget()
    if wrong == "Q" and at > 1:
        if isinstance(focused, QLineEdit):
            robot.does("Ctrl+A") if at in (2, 5) else robot.does("Backspace")
            robot.types({2: "", 5: "120"}.get(at, ""))
        return
    if wrong == "F6":
        robot.does("Shift+F6")
        if at == 2:  # what stood there is not marked any more
            robot.does("Ctrl+A")
        return
    if not robot.in_front():
        plays(robot, STEPS[0])
    while robot.account.planning():
        robot.does("Escape")
    if robot.account.tabs.escape():
        robot.rests()
    plays(robot, *STEPS[1:at])


def test_a_held_down_enter_posts_nothing(at_the_desk: At) -> None:
    robot, books, _rivera = at_the_desk
    for step in STEPS[:-1]:
        plays(robot, step)
        if robot.screen.account is not None and robot.account.planning():
            robot.holds("Return")
            robot.rests()
            assert stands(books) == NOTHING
    comes_to(robot.account.wizard.post)


def test_what_was_typed_is_there_when_the_wizard_is_come_back_to(at_the_desk: At) -> None:
    robot, books, _rivera = at_the_desk
    plays(robot, *STEPS[:4])
    robot.does("Ctrl+Return", "Escape", "Escape")
    assert not robot.account.planning()
    robot.does("Ctrl+L")
    wizard = robot.account.wizard
    assert wizard.fields.number.value() == 6
    assert wizard.sum.text() == "600.00 = 120.00 + 6 × 80.00"
    assert stands(books) == NOTHING


def test_terms_outside_of_the_policy_are_said_while_typing(at_the_desk: At) -> None:
    robot, books, _rivera = at_the_desk
    plays(robot, *STEPS[:2])
    robot.types("30")
    robot.does("Return")
    wizard = robot.account.wizard
    assert "a plan runs 24 months at most" in wizard.fault.text()
    robot.does("Ctrl+Return")
    assert wizard.stack.currentIndex() == 0
    assert not wizard.agree_button.isEnabled()
    assert stands(books) == NOTHING


def test_another_desk_that_was_paid_in_between_is_told(at_the_desk: At) -> None:
    robot, books, rivera = at_the_desk
    plays(robot, *STEPS[:-1])

    def pay(work: Work) -> None:
        part = Application(rivera.charges[0], Money(50_00))
        day = work.today()
        receive(work, check_of(rivera.guarantor, 50_00, day, applications=(part,)))

    books.write(pay)
    plays(robot, STEPS[-1])
    robot.waits(lambda: "is open for this plan, no longer" in robot.newest().text)
    assert stands(books) == (0, 1, 550_00, 0)
    verify(books)
