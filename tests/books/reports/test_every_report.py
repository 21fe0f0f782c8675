"""Every report of the catalogue in every way: safe files, exact cuts and comparisons."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from sqlalchemy import select

from fscdesk.models.account import Account, CashFlow
from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.ledger import EntryKind, JournalLine
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.service import Service
from fscdesk.models.values import Money
from fscdesk.services.accounting.budgets import (
    add_budget,
    approve_budget,
    budget,
    enter_budget,
)
from fscdesk.services.accounting.cost_centres import CentreDraft, save_cost_centre
from fscdesk.services.office import Office
from fscdesk.services.reports.cells import NUMBER, TRIGGERS
from fscdesk.services.reports.exporting import Format, report_bytes
from fscdesk.services.reports.report_asked import asked_from, period_text
from fscdesk.services.reports.report_catalogue import CATALOGUE, REPORTS
from fscdesk.services.table_report import Cell, TableReport
from fscdesk.services.work import Work
from tests.support.books_kept import entry, keep_books, taken_off
from tests.support.every_report import every
from tests.support.pdf import page_texts

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
RUNS = "=1"
"""What a spreadsheet would run; each name in the books begins with it."""


@pytest.fixture
def kept(books: Office) -> Office:
    """Books in which each word that a person can type would run in a spreadsheet."""
    till = keep_books(books)
    taken_off(books, till.copays[0], 5_00, AdjustmentKind.DISCOUNT, date(2026, 3, 20))
    codes = ("CO", "45")
    taken_off(books, till.copays[0], 7_00, AdjustmentKind.CONTRACTUAL, date(2026, 3, 21), codes)

    def more(work: Work) -> None:
        entry(work, date(2025, 3, 10), "1000", "4340", 12_00)
        entry(work, date(2025, 12, 31), "4340", "3100", 62_00, kind=EntryKind.CLOSING)
        save_cost_centre(work, CentreDraft("EAST", f"{RUNS} East office"))
        entry(work, date(2026, 3, 9), "7000", "1000", 60_00, centre="EAST")
        entry(work, date(2026, 3, 12), "1000", "4340", 8_00)
        made = add_budget(work, "2026", date(2026, 1, 1))
        enter_budget(work, made, "4010", Money(500_00), month=FIRST)
        approve_budget(work, made, expected_version=budget(work, made).head.version)
        for kind, columns in (
            (Patient, ("name", "sort_name")),
            (Guarantor, ("name",)),
            (Payer, ("name", "short_name")),
            (Provider, ("name",)),
            (Account, ("name",)),
            (Service, ("name",)),
        ):
            for row in work.db.scalars(select(kind)):
                for column in columns:
                    setattr(row, column, f"{RUNS} {getattr(row, column)}")

    books.write(more)
    return books


def cells_of(table: TableReport) -> list[tuple[Cell, ...]]:
    """The rows with the totals, as a workbook has them."""
    return [*table.rows, *([] if table.totals is None else [table.totals])]


def in_csv(table: TableReport) -> list[tuple[Cell, ...]]:
    """The rows as a CSV file has them: with totals only where these prove something."""
    return cells_of(table) if table.proves else [*table.rows]


def test_each_report_is_made_in_some_way_and_has_words_that_would_run(kept: Office) -> None:
    """What the tests below look at is there."""

    def look(work: Work) -> tuple[set[str], set[str]]:
        found = list(every(work))
        armed = {
            one.report.name
            for one in found
            for row in one.made.table.rows
            for cell in row
            if isinstance(cell, str) and cell.startswith(RUNS)
        }
        return {one.report.name for one in found}, armed

    made, armed = kept.read(look)
    assert made == set(REPORTS)
    assert {"income", "balance-sheet", "aging", "payer-mix", "production", "unapplied"} <= armed


def test_nothing_runs_in_a_csv_and_numbers_and_days_stay_what_they_are(kept: Office) -> None:
    def look(work: Work) -> list[str]:
        wrong = []
        for one in every(work):
            text = report_bytes(one.made.table, Format.CSV).decode("utf-8-sig")
            titles, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
            wrong += [f"{one}: title {cell}" for cell in titles if _runs(cell)]
            for row, said in zip(in_csv(one.made.table), rows, strict=True):
                wrong += [
                    f"{one}: {cell!r} is written {written!r}"
                    for cell, written in zip(row, said, strict=True)
                    if not _is_right_in_csv(cell, written)
                ]
        return wrong

    assert kept.read(look) == []


def _runs(written: str) -> bool:
    return written.startswith(TRIGGERS) and not NUMBER.match(written)


def _is_right_in_csv(cell: Cell, written: str) -> bool:
    if isinstance(cell, Money):
        return Decimal(written) == Decimal(cell.cents) / 100
    if isinstance(cell, date):
        return date.fromisoformat(written) == cell
    if isinstance(cell, int | Decimal):
        return Decimal(written) == cell
    return not _runs(written)


def test_nothing_runs_in_a_workbook_and_numbers_and_days_stay_what_they_are(kept: Office) -> None:
    def look(work: Work) -> list[str]:
        wrong = []
        for one in every(work):
            data = report_bytes(one.made.table, Format.XLSX)
            with ZipFile(io.BytesIO(data)) as archive:
                sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
                wrong += [f"{one}: a formula" for name in sheets if b"<f" in archive.read(name)]
            book = openpyxl.load_workbook(io.BytesIO(data))
            wrong += [
                f"{one}: {cell.coordinate} of {sheet.title} runs"
                for sheet in book.worksheets
                for row in sheet.iter_rows()
                for cell in row
                if isinstance(cell.value, str)
                and (
                    cell.data_type != "s"
                    or (cell.value.startswith(TRIGGERS) and not cell.quotePrefix)
                )
            ]
            shown = book.worksheets[0].iter_rows(min_row=2)
            for cells, row in zip(shown, cells_of(one.made.table), strict=True):
                wrong += [
                    f"{one}: {said!r} is {cell.value!r} ({cell.data_type})"
                    for cell, said in zip(cells, row, strict=True)
                    if not _is_right_in_workbook(cell, said)
                ]
        return wrong

    assert kept.read(look) == []


def _is_right_in_workbook(cell: Any, said: Cell) -> bool:
    if isinstance(said, Money):
        exact = round(Decimal(str(cell.value)) * 100) == said.cents
        return bool(cell.data_type == "n" and exact)
    if isinstance(said, date):
        return bool(cell.is_date and cell.value.date() == said)
    if isinstance(said, int | Decimal):
        return bool(cell.data_type == "n")
    return (cell.value or "") == (said or "")


def test_a_negative_amount_is_in_some_report_and_is_a_number_in_both(kept: Office) -> None:
    """The two tests above would say nothing if there were none."""

    def look(work: Work) -> int:
        return sum(
            isinstance(cell, Money) and cell.cents < 0
            for one in every(work)
            for row in cells_of(one.made.table)
            for cell in row
        )

    assert kept.read(look) > 10


def test_json_and_paper_have_the_same_rows(kept: Office) -> None:
    def look(work: Work) -> list[str]:
        wrong, seen = [], set[str]()
        for one in every(work):
            table = one.made.table
            document = json.loads(report_bytes(table, Format.JSON))
            if [list(row.values()) for row in document["rows"]] != [
                [_in_json(cell) for cell in row] for row in table.rows
            ]:
                wrong.append(f"{one}: JSON")
            if one.report.name in seen:
                continue
            seen.add(one.report.name)
            pages = " ".join(" ".join(page_texts(report_bytes(table, Format.PDF))).split())
            amounts = {
                str(abs(cell.cents) // 100)[-3:]
                for row in table.rows
                for cell in row
                if isinstance(cell, Money) and cell
            }
            wrong += [
                f"{one}: {amount} is not on paper" for amount in amounts if amount not in pages
            ]
        assert seen == set(REPORTS)
        return wrong

    assert kept.read(look) == []


def _in_json(cell: Cell) -> object:
    if isinstance(cell, Money):
        return cell.plain()
    if isinstance(cell, Decimal):
        return str(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


@pytest.mark.parametrize("compare", ["previous", "last-year"])
@pytest.mark.parametrize("name", [one.name for one in CATALOGUE if one.param("compare")])
def test_a_compared_column_is_what_the_report_of_that_period_says(
    kept: Office, name: str, compare: str
) -> None:
    report = REPORTS[name]
    now, then = {
        "previous": ((date(2026, 4, 1), date(2026, 4, 30)), (FIRST, LAST)),
        "last-year": ((FIRST, LAST), (date(2025, 3, 1), date(2025, 3, 31))),
    }[compare]
    days = {"previous": (LAST, date(2026, 2, 28)), "last-year": (LAST, date(2025, 3, 31))}[compare]

    def amounts(work: Work, asked: dict[str, Any], column: int) -> dict[str, Money]:
        found = report.make(work, asked_from(work, report.params, asked)).found
        if name == "trial-balance":
            return {
                row.account: row.before if column else row.balance
                for row in found.rows
                if (row.before if column else row.balance)
            }
        return {
            row.key: row.amounts[column]
            for row in found.rows
            if row.amounts and row.amounts[column]
        }

    def look(work: Work) -> None:
        here = {"period": period_text(*now), "as_of": days[0].isoformat()}
        there = {"period": period_text(*then), "as_of": days[1].isoformat()}
        both = {**here, "compare": compare}
        for column, alone in enumerate((here, there)):
            found, said = amounts(work, both, column), amounts(work, alone, 0)
            assert said or not column, "something stood there"
            # A sum that says nothing new alone stands where the other column needs it.
            sums = {key for key in found if key.startswith("total_")} - set(said)
            assert {key: found[key] for key in found if key not in sums} == said

    kept.read(look)


@pytest.mark.parametrize("cut", ["cost-centre", "provider"])
def test_what_is_cut_sums_to_the_whole(kept: Office, cut: str) -> None:
    period = {"period": period_text(FIRST, LAST)}

    def look(work: Work) -> None:
        report = REPORTS["income"]
        whole = report.make(work, asked_from(work, report.params, period)).found
        found = report.make(work, asked_from(work, report.params, {**period, "by": cut})).found
        uncut = {row.key: row.amounts[0] for row in whole.rows if row.amounts}
        assert len(found.columns) > 2
        for row in found.rows:
            if row.amounts:
                total, *parts = row.amounts
                assert total == sum(parts, Money()), row.key
                assert uncut.pop(row.key) == total
        left = {key for key, amount in uncut.items() if amount}
        if cut == "provider":
            left = {key for key in left if key.startswith("4")}  # costs are not kept by clinician
        assert not left
        revenue = REPORTS["revenue"]
        sums = [
            revenue.make(work, asked_from(work, revenue.params, asked)).found.total.net
            for asked in (period, {**period, "by": cut})
        ]
        assert sums[0] == sums[1] != Money()

    kept.read(look)


def test_cash_flow_changes_by_what_the_bank_accounts_did(kept: Office) -> None:
    """Added up by hand, line by line, for each month of half a year."""

    def look(work: Work) -> None:
        report = REPORTS["cash-flow"]
        moved = 0
        for month in range(1, 5):
            first = date(2026, month, 1)
            last = (first + timedelta(days=40)).replace(day=1) - timedelta(days=1)
            asked = asked_from(work, report.params, {"period": period_text(first, last)})
            rows = {row.key: row.amounts for row in report.make(work, asked).found.rows}
            by_hand = _cash(work, last) - _cash(work, first - timedelta(days=1))
            assert rows["change"][0] == Money(by_hand)
            assert rows["cash_after"][0] == Money(_cash(work, last))
            moved += abs(by_hand)
        assert moved

    kept.read(look)


def _cash(work: Work, day: date) -> int:
    banks = work.db.scalars(select(Account.code).where(Account.flow == CashFlow.CASH)).all()
    lines = select(JournalLine.amount).where(JournalLine.account.in_(banks), JournalLine.day <= day)
    return sum(amount.cents for amount in work.db.scalars(lines))


def test_the_roll_forward_closes_with_the_aging_on_every_day(kept: Office) -> None:
    def look(work: Work) -> None:
        roll, aging = REPORTS["roll-forward"], REPORTS["aging"]
        closings = set()
        for back in range(45):
            day = date(2026, 4, 12) - timedelta(days=back)
            asked = asked_from(
                work, roll.params, {"period": period_text(date(2026, 2, 1), max(day, FIRST))}
            )
            closing = roll.make(work, asked).found.total.closing
            asked = asked_from(work, aging.params, {"as_of": max(day, FIRST).isoformat()})
            assert closing == aging.make(work, asked).found.total.balance, day
            closings.add(closing)
        assert len(closings) > 3

    kept.read(look)
