"""A new entry by keyboard: whole, balanced, with papers, and taken back by one key."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fscdesk.models.cost_centre import CostCentre, CostCentreKind
from fscdesk.models.values import Money
from fscdesk.services.accounting.attachments import attachments
from fscdesk.services.accounting.closing_periods import close
from fscdesk.services.accounting.journal import PostedEntry
from fscdesk.services.accounting.ledgers import EntryDetail, EntryFilter, entry_detail, journal_page
from fscdesk.services.ledger.balances import balance
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.work import Work
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.accounting.entry_lines import ACCOUNT, CREDIT, DEBIT, NOTE
from tests.support.focus import comes_to
from tests.support.payments import verify
from tests.support.robots.accounting import AccountingRobot


def entries(books: Office) -> list[EntryDetail]:
    def ask(work: Work) -> list[EntryDetail]:
        page = journal_page(work, EntryFilter(), Span(0, 99, "number"))
        return [entry_detail(work, row.id) for row in page.rows]

    return books.read(ask)


def held(books: Office, account: str) -> Money:
    return books.read(lambda work: balance(work, account))


def writes_rent(robot: AccountingRobot) -> None:
    """1,200.00 of rent: memo, 7000 by its name, the bank by its number, `=` for the rest."""
    robot.opens("journal")
    robot.begins_entry()
    robot.fills(robot.form.memo, "Rent of April")
    robot.does("Return")
    robot.stands_in(1)
    robot.takes_account(robot.line(1), "rent")
    robot.stands_in(1, DEBIT)
    robot.writes("1200")
    robot.does("Return")
    robot.stands_in(1, NOTE)
    robot.writes("April")
    robot.does("Return")
    robot.stands_in(2)
    robot.takes_account(robot.line(2), "1000")
    robot.stands_in(2, DEBIT)
    robot.does("=")
    robot.stands_in(2, CREDIT)


def test_an_entry_is_written_and_posted_by_keys_alone(
    robot: AccountingRobot, sqlite_books: Office
) -> None:
    writes_rent(robot)
    assert robot.form.difference.text() == "0.00"
    assert robot.line(2).credit.value() == Money(1_200_00)
    robot.does("Return", "Return")
    robot.stands_in(3)
    robot.does("Return")
    comes_to(robot.form.post)
    assert robot.form.post.words() == "Post 1,200.00"
    robot.presses("Return")
    robot.hears("Entry 2026-000001 of 1,200.00 is posted on 04/12/2026.")
    robot.rests()
    (made,) = entries(sqlite_books)
    assert [(one.account, one.amount.cents, one.note) for one in made.lines] == [
        ("7000", 1_200_00, "April"),
        ("1000", -1_200_00, ""),
    ]
    assert made.row.memo == "Rent of April"
    assert list(robot.column("memo")) == ["Rent of April"]
    assert robot.log.clicks == 0
    comes_to(robot.list.view)
    robot.does("Ctrl+Z")
    robot.hears("Entry 2026-000001 is turned back by 2026-000002.")
    assert held(sqlite_books, "7000") == Money()
    verify(sqlite_books)


def test_sides_that_differ_are_not_posted(robot: AccountingRobot, sqlite_books: Office) -> None:
    writes_rent(robot)
    robot.fills(robot.line(2).credit, "1000")
    robot.waits(lambda: robot.form.difference.text() == "200.00")
    robot.does("Ctrl+Return")
    said = robot.hears("The debits are 200.00 more.", Level.PROBLEM)
    assert "Nothing was posted." in said.hint
    assert entries(sqlite_books) == []
    assert robot.form.written


def test_a_line_takes_one_side_and_one_more_line_waits(robot: AccountingRobot) -> None:
    writes_rent(robot)
    robot.fills(robot.line(1).credit, "50")
    assert robot.line(1).debit.edit.text() == ""
    assert robot.line(3).account.isVisible()
    assert robot.line(3).blank


def test_what_is_missing_is_said_at_its_field(robot: AccountingRobot, sqlite_books: Office) -> None:
    robot.opens("journal")
    robot.begins_entry()
    robot.does("Ctrl+Return")
    comes_to(robot.form.memo.editor)
    assert robot.form.memo.sentence.text() == "Memo is missing."
    robot.writes("Bank fee")
    robot.fills(robot.line(1).debit, "12")
    robot.does("Ctrl+Return")
    robot.stands_in(1, ACCOUNT)
    assert robot.line(1).account.sentence.text() == "Choose an account."
    assert entries(sqlite_books) == []


def test_an_account_that_documents_keep_says_what_moves_it(robot: AccountingRobot) -> None:
    robot.opens("journal")
    robot.begins_entry()
    line = robot.line(1)
    robot.fills(line.account, "1100")
    robot.does("Tab")
    robot.waits(lambda: "is kept by documents" in line.account.sentence.text())
    assert "Enter a charge, a payment" in line.account.sentence.text()
    assert line.account.held() is None


def test_a_line_is_taken_away(robot: AccountingRobot) -> None:
    writes_rent(robot)
    robot.line(1).remove.setFocus()
    comes_to(robot.line(1).remove)
    robot.does("Space")
    assert robot.line(1).account.value() == "1000"
    assert robot.line(1).credit.value() == Money(1_200_00)
    assert robot.line(2).blank
    robot.stands_in(1)


def test_what_is_put_aside_is_there_again(robot: AccountingRobot) -> None:
    writes_rent(robot)
    robot.does("Escape")
    comes_to(robot.list.view)
    robot.does("Ctrl+N")
    assert robot.form.memo.value() == "Rent of April"
    assert robot.line(2).account.value() == "1000"
    robot.form.throw.setFocus()
    comes_to(robot.form.throw)
    robot.does("Space")
    assert not robot.form.written


def test_papers_are_kept_with_what_is_posted(
    robot: AccountingRobot, sqlite_books: Office, tmp_path: Path
) -> None:
    robot.chosen = tmp_path / "bill.pdf"
    robot.chosen.write_bytes(b"%PDF-1.4 a bill")
    writes_rent(robot)
    robot.form.paper.setFocus()
    comes_to(robot.form.paper)
    robot.does("Space")
    assert robot.form.kept.text() == "bill.pdf"
    robot.does("Ctrl+Return")
    robot.hears("is posted on 04/12/2026 with 1 paper.")
    (made,) = entries(sqlite_books)
    papers = sqlite_books.read(lambda work: attachments(work, made.row.id))
    assert [one.file_name for one in papers] == ["bill.pdf"]


def test_a_paper_that_cannot_be_read_posts_nothing(
    robot: AccountingRobot, sqlite_books: Office, tmp_path: Path
) -> None:
    robot.chosen = tmp_path / "gone.pdf"
    writes_rent(robot)
    robot.form.paper.setFocus()
    comes_to(robot.form.paper)
    robot.does("Space", "Ctrl+Return")
    robot.hears("gone.pdf cannot be read", Level.PROBLEM)
    assert entries(sqlite_books) == []
    assert robot.form.post.words() == "Post 1,200.00"


def test_a_closed_month_asks_who_may_for_a_reason(
    robot: AccountingRobot, rent: PostedEntry, sqlite_books: Office
) -> None:
    sqlite_books.write(lambda work: close(work, rent.on))
    writes_rent(robot)
    assert robot.form.late.isHidden()
    robot.fills(robot.form.on, "3/31/2026")
    robot.waits(lambda: not robot.form.late.isHidden())
    assert robot.form.month.text() == (
        "March 2026 is closed. Say why it belongs there, or choose a day from 04/01/2026 on."
    )
    robot.does("Ctrl+Return")
    comes_to(robot.form.late.editor)
    robot.writes("The bill came in April")
    robot.does("Ctrl+Return")
    robot.hears("is posted on 03/31/2026.")
    newest = entries(sqlite_books)[-1]
    assert newest.row.late_reason == "The bill came in April"
    assert newest.row.on == date(2026, 3, 31)
    robot.does("Ctrl+Z")
    robot.hears("is turned back by")
    assert entries(sqlite_books)[-1].row.on == date(2026, 3, 31)


def test_cost_centres_are_offered_where_there_are_some(
    robot: AccountingRobot, sqlite_books: Office
) -> None:
    def centre(work: Work) -> None:
        work.db.add(CostCentre(code="MAIN", name="Main Street", kind=CostCentreKind.CLINICAL))

    robot.opens("journal")
    robot.begins_entry()
    assert robot.line(1).centre.isHidden()
    robot.does("Escape")
    sqlite_books.write(centre)
    writes_rent(robot)
    robot.waits(lambda: not robot.line(1).centre.isHidden())
    robot.line(1).centre.editor.setFocus()
    comes_to(robot.line(1).centre.editor)
    robot.writes("m")
    assert robot.line(1).centre.value() == "MAIN"
    robot.does("Ctrl+Return")
    robot.hears("is posted")
    assert [one.cost_centre for one in entries(sqlite_books)[0].lines] == ["MAIN", None]


def test_an_entry_can_turn_back_by_itself(robot: AccountingRobot, sqlite_books: Office) -> None:
    writes_rent(robot)
    robot.fills(robot.form.reverse_on, "5/1/2026")
    robot.does("Ctrl+Return")
    robot.hears("is posted")
    assert entries(sqlite_books)[0].reverse_on == date(2026, 5, 1)


def test_an_entry_whose_day_to_turn_back_has_passed_says_that_it_did(
    robot: AccountingRobot, sqlite_books: Office
) -> None:
    writes_rent(robot)
    robot.fills(robot.form.on, "3/31/2026")
    robot.fills(robot.form.reverse_on, "4/1/2026")
    robot.does("Ctrl+Return")
    robot.hears("The day to turn it back has passed: entry 2026-000002 did.")
    assert len(entries(sqlite_books)) == 2
