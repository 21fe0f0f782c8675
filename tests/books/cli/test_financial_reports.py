"""The reports of the books by command: to read here, as JSON, CSV, XLSX and PDF."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from fscdesk.services.connecting import open_office
from tests.support.books_kept import entry, keep_books
from tests.support.cli import Ran, run_cli
from tests.support.clock import Clock
from tests.support.pdf import page_sizes, page_texts

PERIOD = ("--from", "2026-03-01", "--to", "2026-03-31")
OVER_DAYS = (
    *("income", "cash-flow", "roll-forward", "revenue", "payer-mix", "production"),
    *("collection-rate", "dso", "clean-claims", "adjustments", "paid-history"),
)
ON_A_DAY = ("trial-balance", "balance-sheet", "tie-out")


@pytest.fixture
def kept(practice: str) -> str:
    """Practice books with a few entries."""
    office = open_office(practice, now=Clock())
    try:
        keep_books(office)
    finally:
        office.close()
    return practice


def report(practice: str, *how: str | Path) -> Ran:
    return run_cli("report", *how, "--practice", practice)


def test_every_report_in_every_format(kept: str, tmp_path: Path) -> None:
    for name in OVER_DAYS + ON_A_DAY:
        in_every_format(kept, tmp_path, name)


def in_every_format(kept: str, tmp_path: Path, name: str) -> None:
    days = PERIOD if name in OVER_DAYS else ("--as-of", "2026-03-31")
    read = report(kept, name, *days)
    assert (read.status, read.err) == (0, "")
    document = report(kept, name, *days, "--json").json
    assert document["report"] == name
    text = report(kept, name, *days, "--format", "csv").out
    titles, *rows = csv.reader(io.StringIO(text))
    assert all(len(row) == len(titles) for row in rows)
    pdf, xlsx = tmp_path / "r.pdf", tmp_path / "r.xlsx"
    for file in (pdf, xlsx):
        assert report(kept, name, *days, "--out", file).status == 0
    page = page_texts(pdf.read_bytes())[0]
    assert "Page 1 of 1" in page
    assert "March 2026" in page or "03/31/2026" in page or name == "collection-rate"
    assert {tuple(sorted(map(round, size))) for size in page_sizes(pdf.read_bytes())} == {
        (612, 792)
    }
    sheet = load_workbook(xlsx).worksheets[0]
    assert [cell.value for cell in sheet[1]] == titles
    assert not any(
        isinstance(value, str) and value.startswith("=")
        for row in sheet.iter_rows(values_only=True)
        for value in row
    )


def test_negative_numbers_stay_numbers(kept: str, tmp_path: Path) -> None:
    file = tmp_path / "flow.xlsx"
    report(kept, "cash-flow", *PERIOD, "--out", file)
    rows = {row[1]: row[2] for row in load_workbook(file).worksheets[0].iter_rows(values_only=True)}
    assert (rows["Equipment"], rows["Change of cash"]) == (-300, -500)
    lines = report(kept, "cash-flow", *PERIOD, "--format", "csv").out.splitlines()
    assert "1400,Equipment,-300.00" in lines


def test_the_document_has_numbers_and_no_lines(kept: str) -> None:
    found = report(kept, "income", *PERIOD, "--compare", "previous", "--json").json
    last = found["rows"][-1]
    assert (last["key"], last["amounts"]) == ("net_income", ["255.00", "0.00"])
    assert "drills" not in last
    assert found["ties"] is True
    assert report(kept, "tie-out", "--as-of", "2026-03-31", "--json").json["difference"] == "0.00"


def test_the_trial_balance_ends_in_its_total_in_every_format(kept: str, tmp_path: Path) -> None:
    how = ("trial-balance", "--as-of", "2026-03-31")
    told = report(kept, *how).out.splitlines()
    assert ["Total", "1,555.00", "1,555.00"] in [line.split() for line in told]
    assert report(kept, *how, "--format", "csv").out.splitlines()[-1] == "Total,,1555.00,1555.00"
    document = report(kept, *how, "--json").json
    assert (document["debit"], document["credit"]) == ("1555.00", "1555.00")
    paper = tmp_path / "trial.pdf"
    assert report(kept, *how, "--out", paper).status == 0
    assert any("Total" in text and "1,555.00" in text for text in page_texts(paper.read_bytes()))


def test_a_statement_to_read_here(kept: str) -> None:
    out = report(kept, "income", *PERIOD, "--by", "provider").out
    assert out.startswith("Income statement, March 2026\n")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "Account Name Total Mockley O'Sample" in lines
    assert "Net revenue 480.00 480.00" in lines
    assert not any(line.startswith("Net income") for line in lines)
    assert "The columns add up to the total." in lines
    cash = report(kept, "income", *PERIOD, "--view", "cash").out
    assert cash.startswith("Income statement, cash basis, March 2026\n")


def test_what_does_not_tie_asks_for_a_person(kept: str) -> None:
    office = open_office(kept, now=Clock())
    try:
        office.write(lambda work: entry(work, date(2026, 3, 20), "1100", "4010", 9_00))
    finally:
        office.close()
    ran = report(kept, "tie-out", "--as-of", "2026-03-31")
    assert ran.status == 1
    assert "difference -9.00" in ran.out


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (("income", "--by", "payer"), "'payer' is not one of"),
        (("income", *PERIOD, "--view", "cash", "--by", "provider"), "Money comes to the practice"),
        (("budget-variance", *PERIOD), "No approved budget covers March 2026"),
        (("budget-variance", "--by", "provider"), "'provider' is not"),
        (("income", "--from", "2026-03-31", "--to", "2026-03-01"), "before it begins"),
    ],
)
def test_what_cannot_be_is_refused(kept: str, how: tuple[str, ...], words: str) -> None:
    ran = report(kept, *how)
    assert (ran.status, ran.out.strip()) == (2, "")
    assert words in " ".join(ran.err.split())
