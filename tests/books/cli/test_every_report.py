"""Each report of the catalogue by command, in each format, into a file and to read here."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from fscdesk.models.values import Money
from fscdesk.services.accounting.budgets import add_budget, approve_budget, budget, enter_budget
from fscdesk.services.connecting import open_office
from fscdesk.services.reports.report_catalogue import CATALOGUE
from fscdesk.services.work import Work
from tests.support.books_kept import keep_books
from tests.support.cli import run_cli
from tests.support.clock import Clock
from tests.support.pdf import page_texts

DONE = (0, 1)
"""A report that says that something waits for a person is made all the same."""


@pytest.fixture
def kept(practice: str) -> str:
    """Books with a budget."""
    office = open_office(practice, now=Clock())
    try:
        keep_books(office)

        def plan(work: Work) -> None:
            first = work.today().replace(day=1)
            made = add_budget(work, "2026", first.replace(month=1))
            for month in (first, (first - timedelta(days=1)).replace(day=1)):
                enter_budget(work, made, "4010", Money(500_00), month=month)
            approve_budget(work, made, expected_version=budget(work, made).head.version)

        office.write(plan)
    finally:
        office.close()
    return practice


@pytest.mark.parametrize("name", [one.name for one in CATALOGUE])
def test_each_report_in_each_format_is_the_same_report(
    kept: str, tmp_path: Path, name: str
) -> None:
    def report(*how: str | Path) -> str:
        ran = run_cli("report", name, *how, "--practice", kept)
        assert ran.status in DONE, ran.err
        return ran.out

    assert report().strip()
    assert isinstance(json.loads(report("--json")), dict | list)
    titles, *rows = csv.reader(io.StringIO(report("--format", "csv"), newline=""))
    files = {form: tmp_path / f"r.{form}" for form in ("csv", "json", "xlsx", "pdf")}
    for path in files.values():
        report("--out", path)
    assert [titles, *rows] == list(
        csv.reader(io.StringIO(files["csv"].read_text("utf-8-sig"), newline=""))
    )
    json.loads(files["json"].read_text("utf-8"))
    sheet = load_workbook(files["xlsx"]).worksheets[0]
    assert [cell.value for cell in sheet[1]] == titles
    assert sheet.max_row >= len(rows) + 1
    assert "Page 1 of " in page_texts(files["pdf"].read_bytes())[0]
