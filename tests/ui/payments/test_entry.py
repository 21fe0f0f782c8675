"""A guarantor's payment by keyboard: found, shared out, kept, posted, undone, given a receipt."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit
from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.payment import Credit, CreditKind, Payment
from fscdesk.models.setting import Setting
from fscdesk.models.values import ZERO, Money
from fscdesk.services.office import Office
from fscdesk.services.payments.policies import ALLOCATION
from fscdesk.services.work import Work
from fscdesk.ui.actions import clashes
from tests.support.focus import comes_to
from tests.support.payments import Till, cents, verify
from tests.support.robots.payment_entry import PaymentEntryRobot


def payments(books: Office) -> int:
    return books.read(lambda work: work.db.scalar(select(func.count()).select_from(Payment)) or 0)


def open_of(books: Office, charge: int) -> Money:
    return books.read(lambda work: work.db.get_one(Charge, charge).patient_balance)


def allocates(books: Office, how: str) -> None:
    def act(work: Work) -> None:
        facts = {"changed_by": work.actor.staff_id, "changed_at": work.now()}
        work.db.merge(Setting(key=ALLOCATION, value=how, **facts))

    books.write(act)


def test_a_check_of_a_guarantor_is_posted_by_keys(
    entry: PaymentEntryRobot, sqlite_books: Office, till: Till
) -> None:
    entry.does("Ctrl+5", "Ctrl+N")
    entry.heads("alm", "2207", "60", "4-9")
    assert entry.in_cell()
    assert [entry.line("Alma Anyone", at).paid for at in (0, 1)] == [Money(30_00)] * 2
    assert entry.sums() == ["60.00", "60.00", "0.00", "0.00"]
    entry.does("Ctrl+Return")
    assert entry.newest().text == (
        "Posted 60.00 from Alma Anyone as PAY-2026-00001: 60.00 applied."
    )
    assert [open_of(sqlite_books, one) for one in till.copays] == [ZERO, ZERO]
    verify(sqlite_books)
    entry.does("Ctrl+Z")
    assert [open_of(sqlite_books, one) for one in till.copays] == [Money(30_00)] * 2
    verify(sqlite_books)


def test_a_receipt_is_given_from_the_message(
    entry: PaymentEntryRobot, sqlite_books: Office
) -> None:
    entry.opens()
    entry.heads("alm", "2207", "60", "t")
    entry.does("Ctrl+Return")
    help_ = entry.newest().help
    assert help_ is not None
    assert help_.label == "Receipt"
    help_.act()
    assert entry.sees_pages().startswith("Receipt RC-2026-")
    verify(sqlite_books)


def test_amounts_are_typed_and_enter_takes_what_the_money_allows(
    entry: PaymentEntryRobot, sqlite_books: Office, till: Till
) -> None:
    allocates(sqlite_books, "off")
    entry.opens(guarantor_id=till.alma_pays)
    entry.does("Return")
    for words in ("77", "40", "t"):
        entry.fills(words)
    assert entry.in_cell()
    entry.fills("12.50")
    assert entry.line("Alma Anyone").paid == Money(12_50)
    entry.does("Return")
    assert entry.line("Alma Anyone", 1).paid == Money(27_50)
    assert entry.sums() == ["40.00", "40.00", "0.00", "0.00"]
    entry.does("Up", "Up", "Delete")
    assert entry.in_box() or entry.line("Alma Anyone").paid == ZERO


@pytest.mark.parametrize(
    ("typed", "words"),
    [("1e5", "not an amount"), ("12.345", "two decimals"), ("31", "more than the 30.00")],
)
def test_a_wrong_amount_is_refused_where_it_stands(
    entry: PaymentEntryRobot, sqlite_books: Office, till: Till, typed: str, words: str
) -> None:
    allocates(sqlite_books, "off")
    entry.opens(guarantor_id=till.alma_pays)
    entry.does("Return")
    for data in ("77", "60", "t"):
        entry.fills(data)
    entry.fills(typed)
    assert words in entry.fault()
    assert entry.line("Alma Anyone").paid == ZERO
    entry.does("Ctrl+Return")
    assert payments(sqlite_books) == 0


def test_pay_in_full_and_oldest_first_have_keys(
    entry: PaymentEntryRobot, sqlite_books: Office, till: Till
) -> None:
    allocates(sqlite_books, "off")
    entry.opens(guarantor_id=till.alma_pays)
    entry.does("Return")
    for data in ("77", "45", "t"):
        entry.fills(data)
    entry.does("Ctrl+G")
    assert entry.sums()[-1] == "\N{MINUS SIGN}15.00"
    entry.does("Ctrl+Return")
    assert "Lower a line by 15.00" in entry.newest().hint
    entry.does("Ctrl+Shift+G")
    assert [entry.line("Alma Anyone", at).paid.cents for at in (0, 1)] == [30_00, 15_00]
    entry.does("Ctrl+Return")
    assert payments(sqlite_books) == 1
    verify(sqlite_books)


def test_what_is_left_over_is_named_before_it_is_posted(
    entry: PaymentEntryRobot, sqlite_books: Office, till: Till
) -> None:
    entry.opens(guarantor_id=till.alma_pays)
    entry.does("Return")
    for data in ("77", "80", "t"):
        entry.fills(data)
    entry.does("Ctrl+Return")
    assert payments(sqlite_books) == 0
    assert "20.00 is left to apply" in entry.newest().text
    entry.does("Ctrl+Shift+K")
    entry.presses("P")
    assert entry.sums() == ["80.00", "60.00", "20.00", "0.00"]
    entry.does("Ctrl+Return")

    def look(work: Work) -> tuple[CreditKind, int | None, int]:
        credit = work.db.scalars(select(Credit)).one()
        return credit.kind, credit.patient_id, credit.balance.cents

    assert sqlite_books.read(look) == (CreditKind.PREPAYMENT, till.alma, 20_00)
    assert sqlite_books.read(lambda work: cents(work, "2400")) == -20_00
    verify(sqlite_books)


def test_one_check_pays_for_clients_of_other_guarantors(
    entry: PaymentEntryRobot, sqlite_books: Office, till: Till
) -> None:
    entry.opens(guarantor_id=till.alma_pays)
    entry.does("Return")
    for data in ("77", "100", "t"):
        entry.fills(data)
    entry.does("Ctrl+F")
    entry.fills("ben")
    assert entry.names() == ["Ben Somebody, 03/03/2026, 90837"]
    assert entry.in_cell()
    entry.fills("=")
    assert entry.line("Ben Somebody").paid == Money(40_00)
    entry.does("Ctrl+Return")
    assert open_of(sqlite_books, till.own) == Money(120_00)
    verify(sqlite_books)


def test_the_next_one_begins_with_the_same_payer_method_and_days(
    entry: PaymentEntryRobot, sqlite_books: Office
) -> None:
    entry.opens()
    entry.heads("alm", "2207", "30", "4/8")
    entry.does("Ctrl+Shift+Return")
    head = entry.screen.head
    source = head.source.value()
    assert source is not None
    assert (source.name, head.check_on.edit.text()) == ("Alma Anyone", "04/08/2026")
    assert (head.reference.value(), head.amount.value()) == ("", None)
    comes_to(head.source.edit)
    entry.does("Return")
    for data in ("2208", "30"):
        entry.fills(data)
    entry.does("Return", "Ctrl+Return")
    assert payments(sqlite_books) == 2
    verify(sqlite_books)


def test_half_entered_work_survives_esc_and_a_crash(
    entry: PaymentEntryRobot, sqlite_books: Office, till: Till
) -> None:
    allocates(sqlite_books, "off")
    entry.does("Ctrl+5")
    entry.opens(guarantor_id=till.alma_pays)
    entry.does("Return")
    for data in ("2207", "60", "t"):
        entry.fills(data)
    entry.fills("12.50")
    entry.saved()
    entry.does("Escape")
    assert entry.window.rail.marked() == "payments"
    # The screen is thrown away, as when the program ended: only the books know.
    old = entry.window._screens.pop("payment-entry")
    entry.window.sheet.stack.removeWidget(old)
    old.setParent(None)
    old.deleteLater()
    entry.does("Ctrl+N")
    assert entry.sums() == ["60.00", "12.50", "0.00", "47.50"]
    assert entry.screen.head.reference.value() == "2207"
    assert entry.screen.view.line.note.text().startswith("Draft of 04/10/2026")
    assert payments(sqlite_books) == 0


def test_a_draft_is_discarded_and_comes_back(
    entry: PaymentEntryRobot, sqlite_books: Office, till: Till
) -> None:
    entry.opens(guarantor_id=till.alma_pays)
    entry.does("Return")
    for data in ("2207", "60"):
        entry.fills(data)
    entry.screen.discard()
    entry.rests()
    assert entry.sums() == ["0.00"] * 4
    entry.does("Ctrl+Z")
    assert entry.sums()[0] == "60.00"
    assert payments(sqlite_books) == 0


def test_somebody_who_is_not_there_is_said_so(entry: PaymentEntryRobot) -> None:
    entry.opens()
    entry.fills("zzz")
    assert "Nobody is called" in entry.screen.head.source.sentence.text()


def test_every_control_has_a_name_and_no_two_keys_clash(
    entry: PaymentEntryRobot, till: Till
) -> None:
    entry.opens(guarantor_id=till.alma_pays)
    kinds = (QLineEdit, QAbstractButton, QComboBox)
    nameless = [
        one
        for kind in kinds
        for one in entry.screen.findChildren(kind)
        if one.isVisible() and not one.accessibleName()
    ]
    assert not nameless
    assert clashes(entry.window, entry.screen) == []


def test_the_same_check_is_asked_back_and_posted_at_the_second_stroke(
    entry: PaymentEntryRobot, sqlite_books: Office
) -> None:
    for _ in range(2):
        entry.opens()
        entry.heads("alm", "2207", "30", "t")
        entry.does("Ctrl+Return")
    assert payments(sqlite_books) == 1
    said = entry.newest()
    assert said.text.startswith("This check is here already: PAY-2026-00001 of 30.00, number 2207")
    assert said.hint == "Nothing is posted. Ctrl+Enter again posts it."
    assert entry.screen.post_act.text() == "Post anyway"
    assert [one[2] for one in entry.screen.below.notices.notices] == [said.text]
    entry.does("Ctrl+Return")
    assert payments(sqlite_books) == 2
    assert entry.newest().text.startswith("Posted 30.00")
    verify(sqlite_books)


def test_a_doubt_goes_when_what_it_was_about_is_corrected(
    entry: PaymentEntryRobot, sqlite_books: Office
) -> None:
    entry.opens()
    entry.heads("alm", "2207", "30", "12/25/2026")
    entry.does("Ctrl+Return")
    assert entry.newest().text == "The day on the check, 12/25/2026, lies ahead."
    assert payments(sqlite_books) == 0
    entry.screen.head.check_on.setFocus()
    comes_to(entry.screen.head.check_on.editor)
    entry.does("Ctrl+A")
    entry.fills("t")
    assert entry.screen.post_act.text() == "Post 30.00"
    assert entry.screen.below.notices.notices == []
    entry.does("Ctrl+Return")
    assert payments(sqlite_books) == 1


def test_nothing_adds_up_while_a_cell_is_refused(entry: PaymentEntryRobot) -> None:
    entry.opens()
    entry.heads("alm", "2207", "30", "t")
    assert entry.screen.view.sums.ready
    entry.fills("500")
    assert "can be kept as a credit" in entry.fault()
    assert not entry.screen.view.sums.ready


def test_what_the_client_reads_next_is_said(entry: PaymentEntryRobot) -> None:
    entry.opens()
    entry.heads("alm", "2207", "30", "t")
    facts = {title: words for _icon, title, words in entry.screen.view.pane.next.facts}
    assert facts["Client statements"] == "The next one asks for 30.00 less"


@pytest.mark.parametrize("wide", [1180, 1440])
def test_no_field_of_the_head_lies_on_another(
    entry: PaymentEntryRobot, till: Till, wide: int
) -> None:
    entry.opens(guarantor_id=till.alma_pays)
    entry.window.resize(wide, 900)
    entry.rests()
    assert entry.window.width() == wide
    fields = list(entry.screen.head.fields.values())
    for left, right in pairwise(fields):
        assert left.geometry().right() < right.geometry().left()
    box, share = entry.screen.finding.box, entry.screen.finding.share
    assert box.geometry().right() < share.geometry().left()
