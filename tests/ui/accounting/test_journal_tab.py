"""The Journal tab: found, looked into, followed to its document, turned back, copied."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QDialog, QLabel

from fscdesk.models.values import Money
from fscdesk.services.accounting.attachments import attach, attachments
from fscdesk.services.accounting.closing_periods import close
from fscdesk.services.accounting.journal import ManualEntry, ManualLeg, PostedEntry, post_manual
from fscdesk.services.accounting.ledgers import entry_detail
from fscdesk.services.accounting.opening import OpeningDraft, OpeningLine, open_books
from fscdesk.services.ledger.balances import balance
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import Rest
from fscdesk.ui.messages import Level
from fscdesk.ui.tables.filter_state import FilterState, month_of
from tests.support.focus import comes_to
from tests.support.payments import open_till, pay, received, verify
from tests.support.robots.accounting import AccountingRobot


@pytest.fixture
def more(rent: PostedEntry, sqlite_books: Office) -> PostedEntry:
    """The rent of March, and 35.00 of bank fees in April, adjusting."""
    legs = (ManualLeg("7500", 35_00), ManualLeg("1000", -35_00))
    fee = ManualEntry(date(2026, 4, 3), "Bank fees", legs)
    return sqlite_books.write(lambda work: post_manual(work, fee)).value


def test_all_entries_stand_there_the_newest_first(
    robot: AccountingRobot, rent: PostedEntry, more: PostedEntry
) -> None:
    robot.opens("journal")
    assert list(robot.column("memo")) == ["Bank fees", "Rent of March"]
    assert list(robot.column("number")) == [more.number, rent.number]
    assert list(robot.column("kind")) == ["Manual", "Manual"]


def test_an_entry_is_found_by_amount_number_and_words(
    robot: AccountingRobot, rent: PostedEntry, more: PostedEntry
) -> None:
    robot.opens("journal")
    for words, memo in (
        ("1,200.00", "Rent of March"),
        ("35", "Bank fees"),
        (rent.number, "Rent of March"),
        ("lease", "Rent of March"),
        ("fees 35.00", "Bank fees"),
    ):
        robot.does("Ctrl+F")
        robot.presses("Ctrl+A")
        robot.writes(words)
        robot.waits(lambda memo=memo: list(robot.column("memo")) == [memo])
    assert more.number


def test_chips_narrow_by_kind_month_and_person(
    robot: AccountingRobot, rent: PostedEntry, more: PostedEntry, sqlite_books: Office
) -> None:
    robot.opens("journal")
    part = robot.list
    part.filter_by(FilterState().with_days("day", month_of(rent.on)))
    robot.waits(lambda: list(robot.column("memo")) == ["Rent of March"])
    part.filter_by(FilterState().with_values("kind", ("deposit",)))
    robot.waits(lambda: list(robot.column("memo")) == [])
    person = sqlite_books.actor.staff_id
    part.filter_by(FilterState().with_values("by", (str(person),)))
    robot.waits(lambda: len(robot.column("memo")) == 2)
    part.filter_by(FilterState().with_values("by", (str(person + 99),)))
    robot.waits(lambda: list(robot.column("memo")) == [])
    assert more.number


def test_the_pane_tells_the_lines_and_leads_to_their_ledgers(
    robot: AccountingRobot, rent: PostedEntry
) -> None:
    robot.opens("journal")
    robot.goes_to("number", rent.number)
    story = robot.story("lines")
    words = story.accessibleDescription()
    assert "7000" in words
    robot.does("Return")
    assert robot.screen.tabs.current == "ledger"
    robot.waits(lambda: list(robot.column("memo")) == ["Rent of March, March"])
    robot.window.back()
    robot.rests()
    assert robot.screen.tabs.current == "journal"


def test_a_payment_s_entry_opens_the_payment(robot: AccountingRobot, sqlite_books: Office) -> None:
    till = sqlite_books.write(open_till).value
    made = received(
        sqlite_books, pay(till, 50_00, reference="1047", rest=Rest(patient_id=till.alma))
    )
    robot.opens("journal")
    robot.list.filter_by(FilterState().with_values("kind", ("receipt",)))
    robot.waits(lambda: len(robot.column("memo")) == 1)
    robot.does("Home")
    assert robot.steps()[0] == f"Open {made.number}"
    robot.story("origin")
    robot.does("Return")
    assert robot.diary("payments")[-1]["payment"] == made.payment_id


def test_an_entry_is_turned_back_with_a_day_and_a_reason(
    robot: AccountingRobot, rent: PostedEntry, sqlite_books: Office
) -> None:
    robot.opens("journal")
    robot.goes_to("number", rent.number)
    robot.presses("Ctrl+Shift+R")
    dialog = robot.asks()
    comes_to(dialog.field("reason").editor)
    robot.types("Posted twice")
    robot.answers()
    robot.hears(f"Entry {rent.number} is turned back by")
    found = sqlite_books.read(lambda work: entry_detail(work, rent.id))
    assert found.row.reversed_by is not None
    assert not found.may_reverse
    assert sqlite_books.read(lambda work: balance(work, "7000")) == Money()
    robot.waits(lambda: f"turned back by {found.row.reversed_by}" in robot.column("pair"))
    assert list(robot.column("kind")) == ["Reversal", "Turned back"]
    verify(sqlite_books)
    said = robot.window.bar.message()
    assert said.undo is None, "what turns an entry back is not turned back itself"
    assert "post a copy of it" in said.text
    assert not robot.window.bar.key.isVisible()
    robot.window.bar.help.click()
    robot.rests()
    assert len(robot.form.grid.drafts()) == 2


def test_a_reversal_into_a_closed_month_needs_its_reason(
    robot: AccountingRobot, rent: PostedEntry, sqlite_books: Office
) -> None:
    sqlite_books.write(lambda work: close(work, rent.on))
    robot.opens("journal")
    robot.goes_to("number", rent.number)
    robot.presses("Ctrl+Shift+R")
    dialog = robot.asks()
    robot.types("Posted twice")
    day = dialog.field("on").editor
    day.setFocus()
    comes_to(day)
    robot.presses("Ctrl+A")
    robot.types("3/31/2026")
    late = dialog.field("late")
    robot.waits(lambda: not late.isHidden())
    late.editor.setFocus()
    comes_to(late.editor)
    robot.types("It was never March's")
    robot.answers()
    robot.hears("on 03/31/2026.")
    found = sqlite_books.read(lambda work: entry_detail(work, rent.id))
    assert found.row.reversed_by is not None


def test_a_copy_has_the_lines_and_today(
    robot: AccountingRobot, rent: PostedEntry, sqlite_books: Office
) -> None:
    robot.opens("journal")
    robot.goes_to("number", rent.number)
    robot.does("Ctrl+D")
    assert robot.form.memo.value() == "Rent of March"
    assert robot.form.on.value() == date(2026, 4, 12)
    assert robot.line(1).account.value() == "7000"
    assert robot.line(2).credit.value() == Money(1_200_00)
    robot.does("Ctrl+Return")
    robot.hears("is posted on 04/12/2026.")
    assert sqlite_books.read(lambda work: balance(work, "7000")) == Money(2_400_00)


def test_a_paper_is_kept_and_opened(
    robot: AccountingRobot, rent: PostedEntry, sqlite_books: Office, tmp_path: Path
) -> None:
    robot.chosen = tmp_path / "lease.txt"
    robot.chosen.write_bytes(b"The lease")
    robot.copy_to = str(tmp_path / "copy.txt")
    robot.opens("journal")
    robot.goes_to("number", rent.number)
    next(
        one for one in robot.part.actions() if one.text() == "Keep a paper with the entry…"
    ).trigger()
    robot.hears(f"lease.txt is kept with entry {rent.number}.")
    (paper,) = sqlite_books.read(lambda work: attachments(work, rent.id))
    robot.story("origin")
    robot.does("Down", "Return")
    robot.hears("A copy of lease.txt is at copy.txt.")
    assert (tmp_path / "copy.txt").read_bytes() == b"The lease"
    assert paper.file_name == "lease.txt"


def test_a_kept_pdf_is_previewed(
    robot: AccountingRobot, rent: PostedEntry, sqlite_books: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite_books.write(lambda work: attach(work, rent.id, "lease.pdf", b"%PDF-1.4"))
    shown: list[tuple[bytes, str]] = []
    monkeypatch.setattr(
        robot.window, "preview", lambda pdf, title, _name, _given=None: shown.append((pdf, title))
    )
    robot.opens("journal")
    robot.goes_to("number", rent.number)
    robot.story("origin")
    robot.does("Down", "Return")
    robot.waits(lambda: bool(shown))
    assert shown == [(b"%PDF-1.4", "lease.pdf")]


def test_what_belongs_to_a_document_is_not_turned_back_here(
    robot: AccountingRobot, sqlite_books: Office
) -> None:
    till = sqlite_books.write(open_till).value
    received(sqlite_books, pay(till, 50_00, rest=Rest(patient_id=till.alma)))
    robot.opens("journal")
    robot.list.filter_by(FilterState().with_values("kind", ("receipt",)))
    robot.waits(lambda: len(robot.column("memo")) == 1)
    robot.does("Home", "Ctrl+Shift+R")
    dialog = robot.asks()
    robot.types("Wrong")
    robot.presses("Return")
    robot.waits(lambda: "belongs to a document" in _said(dialog))
    robot.presses("Escape")


def test_an_opening_leads_to_where_it_is_taken_back(
    robot: AccountingRobot, sqlite_books: Office
) -> None:
    held = OpeningLine("1000", Money(10_00)), OpeningLine("3000", Money(-10_00))
    draft = OpeningDraft(date(2026, 1, 1), held)
    made = sqlite_books.write(lambda work: open_books(work, draft)).value
    robot.opens("journal")
    robot.goes_to("number", made.number)
    assert list(robot.steps()) == ["Open the opening balances"]
    robot.presses("Ctrl+Shift+R")
    dialog = robot.asks()
    robot.types("Wrong")
    robot.presses("Return")
    robot.waits(lambda: "Take the opening back instead" in _said(dialog))
    robot.presses("Escape")
    robot.rests()
    (first, *_) = robot.pane.foot.buttons()
    assert isinstance(first, QAbstractButton)
    first.click()
    robot.waits(lambda: robot.screen.tabs.current == "opening")


def _said(dialog: QDialog) -> str:
    return " ".join(one.text() for one in dialog.findChildren(QLabel))


def test_late_entries_have_their_own_view(
    robot: AccountingRobot, rent: PostedEntry, sqlite_books: Office
) -> None:
    sqlite_books.write(lambda work: close(work, rent.on))
    legs = (ManualLeg("7500", 35_00), ManualLeg("1000", -35_00))
    late = ManualEntry(rent.on, "Late fee", legs, late_reason="It came late")
    sqlite_books.write(lambda work: post_manual(work, late))
    robot.opens(
        "journal", filters=FilterState().with_values("view", ("late",)).to_json(), view="late"
    )
    assert list(robot.column("memo")) == ["Late fee"]
    assert Level.PROBLEM not in {one.level for one in robot.heard}
