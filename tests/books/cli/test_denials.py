"""The report denials by command: to read, as JSON, as files."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from fscdesk.services.connecting import open_office
from tests.support.claim_acts import denied_claim
from tests.support.cli import Ran, run_cli
from tests.support.clock import Clock
from tests.support.tables import digest_of


@pytest.fixture
def denied(practice: str, clock: Clock) -> str:
    """Two services that a payer has denied."""
    office = open_office(practice, now=clock)
    try:
        denied_claim(office, sessions=2)
    finally:
        office.close()
    return practice


def report(practice: str, *line: str | Path) -> Ran:
    """Run the report."""
    return run_cli("report", "denials", *line, "--practice", practice)


def test_json_has_rates_and_appeals(denied: str) -> None:
    before = digest_of(denied)
    found = report(denied, "--by", "category", "--to", "2026-04-12", "--json").json
    assert (found["report"], found["first"], found["last"]) == (
        "denials",
        "2026-01-01",
        "2026-04-12",
    )
    (row,) = found["rows"]
    assert row == {
        "key": "authorization",
        "name": "authorization",
        "answered": 2,
        "billed": "320.00",
        "denied": 2,
        "amount": "320.00",
        "turned": 0,
        "open": "260.00",
        "rate": "100.0",
    }
    assert found["total"]["rate"] == "100.0"
    assert found["appeals"]["opened"] == 0
    assert digest_of(denied) == before


def test_it_is_read_and_written(denied: str, tmp_path: Path) -> None:
    told = report(denied, "--from", "2026-04-01", "--to", "2026-04-30")
    assert told.status == 0, told.err
    assert "Denials by payer, first answered 04/01/2026 to 04/30/2026" in told.out
    assert "Imaginary Blue" in told.out
    assert "100.0%" in told.out
    rows = list(
        csv.reader(io.StringIO(report(denied, "--to", "2026-04-12", "--format", "csv").out))
    )
    assert rows[0][:2] == ["Payer", "Answered"]
    assert rows[1] == ["Imaginary Blue", "2", "320.00", "2", "320.00", "100.0", "0", "260.00"]
    sheet = tmp_path / "denials.xlsx"
    assert report(denied, "--to", "2026-04-12", "--out", sheet).status == 0
    cells = list(load_workbook(sheet)["Denials"].values)
    assert cells[1][:4] == ("Imaginary Blue", 2, 320, 2)
    page = tmp_path / "denials.pdf"
    assert report(denied, "--to", "2026-04-12", "--out", page).status == 0
    assert page.read_bytes().startswith(b"%PDF")


def test_a_period_without_answers_has_no_rate(denied: str) -> None:
    found = report(denied, "--from", "2025-01-01", "--to", "2025-12-31", "--json").json
    assert (found["rows"], found["total"]["rate"]) == ([], None)


def test_a_period_that_ends_before_it_begins_is_refused(denied: str) -> None:
    ran = report(denied, "--from", "2026-04-30", "--to", "2026-04-01")
    assert ran.status == 2
    assert "before it begins" in ran.err
