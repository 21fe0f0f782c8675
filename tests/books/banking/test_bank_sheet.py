"""The bank's month beside ours: one row for each match, proposal and item, each once."""

from __future__ import annotations

import os
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from fscdesk.models.ledger import EntryKind
from fscdesk.models.reconciliation import MatchedBy
from fscdesk.models.values import Money
from fscdesk.services.banking.accepting import accept, draft_of, take_apart
from fscdesk.services.banking.bank_sheet import (
    BankSheet,
    SheetFilter,
    SheetMark,
    near_items,
    page_of_sheet,
    sheet_draft,
)
from fscdesk.services.banking.bank_sheet_reading import bank_sheet, sheet_periods
from fscdesk.services.banking.bank_waiting import lines_waiting
from fscdesk.services.banking.matching import proposals
from fscdesk.services.banking.reconciling import complete, mark, standing, start
from fscdesk.services.banking.statement_matches import planned_fates, take_back, take_statement
from fscdesk.services.banking.statement_watching import newest_statement
from fscdesk.services.banking.statements import plan_statement
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.permissions import Right
from fscdesk.services.reports.payer_money import payer_money, payers_apart
from fscdesk.services.work import Work
from tests.support.bank_books import cleared, entry, line, starts
from tests.support.bank_month import BankMonth, bank_month
from tests.support.payments import verify
from tests.support.second_person import without

NAME = "Chase1234_Activity.csv"


def look(books: Office, account: int, period: int | None = None) -> BankSheet:
    return books.read(lambda work: bank_sheet(work, account, period))


def told(sheet: BankSheet) -> list[tuple[str, str]]:
    return sorted((row.mark.value, row.amount.plain()) for row in sheet.rows)


def begin(books: Office) -> int:
    def made(work: Work) -> int:
        entry(work, "2/28", 5000_00, kind=EntryKind.OPENING)
        return starts(work, "3/1", 5000_00)

    return books.write(made).value


def test_each_line_and_each_item_of_ours_stands_in_one_row(books: Office) -> None:
    account = begin(books)
    books.write(lambda work: cleared(work, "3/2", 10_00))
    books.write(lambda work: line(work, "3/31", -15_00, "MONTHLY SERVICE FEE"))
    books.write(lambda work: line(work, "3/12", 61_75, "SOMETHING"))
    books.write(lambda work: line(work, "3/20", 80_00, "SAME"))
    books.write(lambda work: entry(work, "3/20", 80_00, "Ours of the day"))
    books.write(lambda work: entry(work, "3/30", 63_00, "Near it"))
    sheet = look(books, account)
    assert told(sheet) == [
        ("in_transit", "63.00"),
        ("matched", "10.00"),
        ("proposed", "-15.00"),
        ("proposed", "80.00"),
        ("unmatched", "61.75"),
    ]
    assert sheet.unfinished == 4
    assert len({row.id for row in sheet.rows}) == 5
    unknown = next(row for row in sheet.rows if row.mark is SheetMark.UNMATCHED)
    assert [row.book_says for row in near_items(sheet, unknown)] == ["Near it"]
    assert books.read(lines_waiting) == 3


def test_what_waits_comes_first_and_filters_and_words_narrow(books: Office) -> None:
    account = begin(books)
    books.write(lambda work: cleared(work, "3/28", 10_00))
    books.write(lambda work: line(work, "3/3", 61_75, "SOMETHING"))
    books.write(lambda work: entry(work, "3/30", 63_00, "Near it"))
    sheet = look(books, account)

    def amounts(wanted: SheetFilter, sort: str = "standing") -> list[str]:
        page = page_of_sheet(sheet, wanted, Span(0, 100, sort))
        assert page.total == len(page.rows)
        return [row.amount.plain() for row in page.rows]

    assert amounts(SheetFilter()) == ["61.75", "63.00", "10.00"]
    assert amounts(SheetFilter(), "bank_on") == ["63.00", "61.75", "10.00"]
    assert amounts(SheetFilter(("matched", "in_transit"))) == ["63.00", "10.00"]
    assert amounts(SheetFilter(ways=("out",))) == []
    assert amounts(SheetFilter(text="61.75")) == ["61.75"]
    assert amounts(SheetFilter(text="near")) == ["63.00"]


def test_ticked_rows_of_both_sides_become_one_match(books: Office) -> None:
    account = begin(books)
    books.write(lambda work: line(work, "3/10", 100_00, "TRANSFER"))
    for cents in (60_00, 40_00):
        books.write(partial(entry, on="3/25", cents=cents))
    rows = look(books, account).rows
    draft = sheet_draft(account, rows)
    assert (len(draft.line_ids), len(draft.entry_ids), draft.by) == (1, 2, MatchedBy.HAND)
    match_id = books.write(lambda work: accept(work, draft)).value
    assert told(look(books, account)) == [("matched", "100.00")]
    books.write(lambda work: take_apart(work, match_id, "No"))
    assert {row.mark for row in look(books, account).rows} == {
        SheetMark.UNMATCHED,
        SheetMark.IN_TRANSIT,
    }
    verify(books)


def test_held_money_is_held_and_a_completed_period_is_locked(books: Office) -> None:
    account = begin(books)
    books.write(lambda work: line(work, "3/12", 61_75, "SOMETHING"))
    own = books.write(lambda work: entry(work, "3/31", 20_00, "Slip")).value

    def hold(work: Work) -> int:
        (one,) = proposals(work, account)
        return accept(work, draft_of(account, one, hold=True))

    books.write(hold)
    assert told(look(books, account)) == [("held", "61.75"), ("in_transit", "20.00")]
    period = books.write(lambda work: start(work, account, date(2026, 3, 31), Money(5061_75))).value
    books.write(lambda work: mark(work, period, own, "Mailed"))
    (seen,) = [row for row in look(books, account, period).rows if row.seen]
    assert (seen.note, seen.is_done) == ("Mailed", True)
    books.write(lambda work: complete(work, period))
    sheet = look(books, account, period)
    assert told(sheet) == [("in_transit", "20.00"), ("locked", "61.75")]
    assert sheet.unfinished == 0
    newest, done = books.read(lambda work: sheet_periods(work, account))
    assert (newest.reconciliation_id, done.reconciliation_id) == (None, period)
    assert (done.completed, done.statement) == (True, Money(5061_75))


def test_the_sheet_needs_the_right(books: Office) -> None:
    account = begin(books)
    nobody = without(books, Right.RECONCILE)
    with pytest.raises(Problem):
        nobody.read(lambda work: bank_sheet(work, account))


@pytest.fixture
def month(books: Office) -> BankMonth:
    """The month of the ten jobs."""
    return books.write(bank_month).value


def test_a_statement_is_taken_with_what_its_plan_says_and_goes_with_it(
    books: Office, month: BankMonth
) -> None:
    data = month.csv.encode()
    fates = books.read(lambda work: planned_fates(work, plan_statement(work, NAME, data)))
    assert (len(fates), sum(one.matched for one in fates)) == (60, 54)
    done = books.write(lambda work: take_statement(work, NAME, data)).value
    assert (done.matched, done.before) == (54, None)
    assert done.reconciliation_id is not None
    state = books.read(lambda work: standing(work, done.reconciliation_id or 0))
    assert (state.last_day, state.statement) == (date(2026, 3, 31), done.applied.plan.closing)
    sheet = look(books, month.account, done.reconciliation_id)
    marks = sheet.counts()
    assert (marks[SheetMark.MATCHED], sheet.unfinished) == (54, 8)
    assert sum(bool(row.sets) for row in sheet.rows) == 1
    again = books.write(lambda work: take_statement(work, NAME, data)).value
    assert again.applied.statement_id is None
    assert books.write(lambda work: take_back(work, done)).value == 60
    assert look(books, month.account).counts()[SheetMark.MATCHED] == 0
    assert [
        one.reconciliation_id for one in books.read(lambda work: sheet_periods(work, month.account))
    ] == [None]
    verify(books)


def test_only_the_newest_file_of_a_bank_that_was_not_read_waits(
    books: Office, month: BankMonth, tmp_path: Path
) -> None:
    assert books.read(lambda work: newest_statement(work, tmp_path)) is None
    (tmp_path / "appointments.csv").write_text("Client,Date\nA,B\n", encoding="utf-8")
    older, newer = tmp_path / "old.csv", tmp_path / NAME
    older.write_text("\n".join(month.csv.splitlines()[:2]), encoding="utf-8")
    newer.write_text(month.csv, encoding="utf-8")
    os.utime(older, (1, 1))
    found = books.read(lambda work: newest_statement(work, tmp_path))
    assert found is not None
    assert (found.path, found.lines, found.last_day) == (newer, 60, date(2026, 3, 31))
    books.write(lambda work: take_statement(work, NAME, newer.read_bytes()))
    found = books.read(lambda work: newest_statement(work, tmp_path))
    assert found is not None
    assert found.path == older
    assert books.read(lambda work: newest_statement(work, tmp_path / "none")) is None


def test_the_payers_money_is_compared_with_the_bank(books: Office, month: BankMonth) -> None:
    assert books.read(payer_money).since is None
    books.write(lambda work: take_statement(work, NAME, month.csv.encode()))
    (row,) = books.read(payer_money).rows
    assert (row.posted, row.banked, row.apart) == (row.deposited, row.posted, Money())
    assert row.posted > Money()
    assert books.read(payers_apart) == 0
