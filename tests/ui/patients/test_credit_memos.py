"""Credit memos on the account: issued for an invoice, applied in part, printed, voided; by key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from fscdesk.models.approval import ApprovalRequest, RequestStatus
from fscdesk.models.charge import Charge
from fscdesk.models.document import Document, DocumentKind
from fscdesk.models.invoice import CreditMemo, MemoStatus
from fscdesk.models.staff import Role
from fscdesk.models.values import Money
from fscdesk.services.billing.adjustment_lists import MemoRow, memos_of
from fscdesk.services.billing.credit_memos import NewMemo, issue
from fscdesk.services.billing.invoice_plan import Chosen, plan_invoices
from fscdesk.services.billing.invoices import make_invoices
from fscdesk.services.billing.limits import WRITE_OFF_ALONE
from fscdesk.services.office import Office
from fscdesk.services.payments.approving import approve
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.dialogs.acting import ActDialog
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.screens.patients.memos_tab import memo_mark
from fscdesk.ui.screens.payments.apply_dialog import ApplyDialog
from fscdesk.ui.tables.list_screen import ListPart
from tests.support.clock import Clock
from tests.support.focus import comes_to
from tests.support.payments import verify
from tests.support.rivera import Rivera, seed_six_hundred
from tests.support.robots.account import AccountRobot, account_window
from tests.support.second_person import second_person
from tests.support.write_offs import decide_setting

MARCH = datetime(2026, 3, 20, 15, tzinfo=UTC)
MEMO = "CM-2026-00001"
At = tuple[AccountRobot, Office, Rivera]


@pytest.fixture
def invoiced(
    sqlite_books: Office, clock: Clock, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> Iterator[At]:
    """600.00 on one invoice; up to 50.00 may be given back by one person."""
    theme.apply(qapp)
    clock.set(MARCH)
    rivera = sqlite_books.write(seed_six_hundred).value

    def act(work: Work) -> None:
        decide_setting(work, WRITE_OFF_ALONE, "50.00")
        make_invoices(work, plan_invoices(work, Chosen(guarantor_ids=(rivera.guarantor,))))

    sqlite_books.write(act)
    with account_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot, sqlite_books, rivera


def memo(books: Office, rivera: Rivera) -> MemoRow:
    (row,) = books.read(lambda work: memos_of(work, rivera.patient))
    return row


def given(books: Office, rivera: Rivera, cents: int) -> None:
    new = NewMemo(rivera.patient, Money(cents), "Long wait on 03/02")
    books.write(lambda work: issue(work, new))


def shown(robot: AccountRobot) -> ListPart[Any]:
    robot.finds("rive")
    part = robot.lists("memos")
    robot.does("Home")
    return part


def applies(robot: AccountRobot, amount: str) -> None:
    """Type how much of what is left is applied, in the form that comes up; oldest first."""
    robot.waits(lambda: isinstance(QApplication.activeModalWidget(), ApplyDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ApplyDialog)
    robot.waits(lambda: dialog.list.model.known and dialog.list.model.settled)
    robot.waits(lambda: dialog.amount.value() is not None)
    dialog.amount.edit.setFocus()
    robot.waits(dialog.amount.edit.hasFocus)
    robot.presses("Ctrl+A")
    robot.types(amount)
    robot.presses("Ctrl+Return")
    robot.waits(lambda: QApplication.activeModalWidget() is not dialog)
    robot.window.activateWindow()
    robot.rests()


def test_it_is_issued_for_the_invoice_and_applied_in_part(invoiced: At) -> None:
    robot, books, rivera = invoiced
    robot.finds("rive")
    robot.lists("invoices")
    robot.does("Home", "Ctrl+Shift+K")
    top = robot.dialog()
    comes_to(top.field("amount").editor)
    assert "Up to 50.00 it is issued at once" in top.sentence.text()
    invoice = top.field("invoice")
    assert isinstance(invoice, ChoiceField)
    assert invoice.combo.currentText() == "INV-2026-00001, 03/20/2026, 600.00"
    robot.fills(amount="40", reason="Long wait on 03/02")
    said = robot.hears(f"Credit memo {MEMO} over 40.00 is issued; nothing of it is applied yet.")
    row = memo(books, rivera)
    assert (row.invoice, row.reason) == ("INV-2026-00001", "Long wait on 03/02")
    assert said.help is not None
    said.help.act()
    applies(robot, "25")
    robot.hears("25.00")
    row = memo(books, rivera)
    assert (str(row.applied), str(row.left), memo_mark(row).word) == (
        "25.00",
        "15.00",
        "Partly applied",
    )
    robot.waits(lambda: robot.account.tabs.tabs.count("memos") == 1)
    verify(books)


def test_it_is_applied_by_key_and_that_is_undone(invoiced: At) -> None:
    robot, books, rivera = invoiced
    given(books, rivera, 40_00)
    shown(robot)
    robot.does("Ctrl+Shift+A")
    applies(robot, "40")
    assert memo_mark(memo(books, rivera)).word == "Applied"
    owed = select(Charge.patient_balance)
    total = books.read(lambda work: sum(one.cents for one in work.db.scalars(owed)))
    assert total == 560_00
    robot.does("Ctrl+Z")
    robot.hears("is a credit again")
    assert memo_mark(memo(books, rivera)).word == "To be applied"
    verify(books)


def test_more_than_the_invoice_is_refused_in_its_form(invoiced: At) -> None:
    robot, books, _rivera = invoiced
    robot.finds("rive")
    robot.lists("invoices")
    robot.does("Home", "Ctrl+Shift+K")
    top = robot.dialog()
    robot.types("601")
    top.field("reason").editor.setFocus()
    robot.types("Too much")
    robot.presses("Ctrl+Return")
    robot.waits(lambda: "601.00 is more than invoice INV-2026-00001" in top.refusal.text())
    assert books.read(lambda work: work.db.scalars(select(CreditMemo.id)).all()) == []
    closed(robot, top)


def closed(robot: AccountRobot, top: ActDialog) -> None:
    top.reject()
    robot.waits(lambda: QApplication.activeModalWidget() is None)


def test_a_larger_one_waits_for_a_second_person_and_is_called_off(invoiced: At) -> None:
    robot, books, rivera = invoiced
    part = shown(robot)
    robot.does("Ctrl+N")
    robot.fills(amount="60", reason="Two sessions late")
    said = robot.hears("over 60.00 waits for a second person")
    assert said.undo is not None
    robot.waits(lambda: part.model.settled and part.model.total == 1)
    row = memo(books, rivera)
    assert (row.status, row.credit_id, memo_mark(row).word) == (
        MemoStatus.WAITING,
        None,
        "Waits for approval",
    )
    acts = {act.key: act for act in part.spec.row_acts}
    for key in ("apply", "print", "void"):
        off = acts[key].off_because
        assert off is not None
        assert off([row]) == "It waits for a second person."
    acts["call_off"].act([row])
    robot.hears("is taken back; the credit memo will not be issued.")
    assert memo(books, rivera).status is MemoStatus.REFUSED
    statuses = books.read(lambda work: work.db.scalars(select(ApprovalRequest.status)).all())
    assert statuses == [RequestStatus.WITHDRAWN]
    verify(books)


def test_what_was_approved_elsewhere_can_be_applied(invoiced: At) -> None:
    robot, books, rivera = invoiced
    given(books, rivera, 60_00)
    part = shown(robot)
    request = memo(books, rivera).request_id
    assert request is not None
    manager = second_person(books, Role.BILLING_MANAGER)
    manager.write(lambda work: approve(work, request, expected_version=1))
    robot.does("F5")
    robot.waits(lambda: next(iter(part.model.loaded())).status is MemoStatus.ISSUED)
    robot.does("Home", "Ctrl+Shift+A")
    applies(robot, "10")
    assert str(memo(books, rivera).left) == "50.00"
    verify(books)


def test_it_is_shown_and_voided_with_a_reason(invoiced: At) -> None:
    robot, books, rivera = invoiced
    given(books, rivera, 40_00)
    shown(robot)
    robot.does("Ctrl+Shift+A")
    applies(robot, "25")
    robot.lists("memos")
    robot.does("Home", "Return")
    assert robot.sees_pages() == MEMO
    robot.lists("memos")
    robot.does("Home", "Return")
    assert robot.sees_pages() == MEMO, "a page that is still true is given again"
    robot.lists("memos")
    robot.does("Home", "Ctrl+Shift+V")
    top = robot.dialog()
    assert "15.00 is left of it and is taken back. The 25.00 that were applied stay" in (
        top.sentence.text()
    )
    robot.fills(reason="Issued twice")
    robot.hears(f"{MEMO} is void; 15.00 is taken back.")
    row = memo(books, rivera)
    assert (row.status, row.void_reason, str(row.left)) == (MemoStatus.VOID, "Issued twice", "0.00")
    pages = select(Document.number).where(Document.kind == DocumentKind.CREDIT_MEMO)
    assert books.read(lambda work: work.db.scalars(pages).all()) == [MEMO]
    verify(books)


def test_at_once_after_it_was_issued_it_is_taken_back(invoiced: At) -> None:
    robot, books, rivera = invoiced
    shown(robot)
    robot.does("Ctrl+N")
    robot.fills(amount="30", reason="Late")
    robot.hears("is issued")
    robot.does("Ctrl+Z")
    robot.hears(f"{MEMO} is void; nothing of it was applied.")
    assert memo(books, rivera).status is MemoStatus.VOID
    verify(books)
