"""The commands that prove a bank account, and the report of exceptions, on the sample month."""

from __future__ import annotations

from pathlib import Path

from tests.support.cli import run_cli
from tests.support.shared import samples

CHASE = "bank_chase_checking_2026-03.csv"
TO = ("--to", "2026-03-31", "--statement", "3946.29")


def test_a_month_that_is_not_matched_is_told_and_not_completed(practice: str) -> None:
    file = str(samples() / CHASE)
    run_cli("bank", "import", file, "--practice", practice)
    begun = run_cli("bank", "reconcile", *TO, "--json", "--practice", practice)
    assert begun.status == 1, begun.err
    assert (begun.json["reconciliation"], begun.json["status"]) == ("REC-2026-00001", "open")
    assert (begun.json["statement"], begun.json["cleared_balance"]) == ("3946.29", "0.00")
    open_lines = len(begun.json["open_lines"])
    assert open_lines > 0
    assert begun.json["missing"][0].startswith(f"{open_lines} lines are not matched: ")
    told = run_cli("bank", "reconcile", *TO, "--practice", practice)
    assert "REC-2026-00001, Operating account, 03/01/2026 to 03/31/2026: open" in told.out
    refused = run_cli("bank", "reconcile", *TO, "--complete", "--practice", practice)
    assert refused.status == 2
    assert "Operating account is not reconciled to 03/31/2026." in refused.err
    assert "Nothing was completed." in refused.err


def test_an_empty_month_is_completed_and_taken_back(practice: str, tmp_path: Path) -> None:
    page = tmp_path / "page.pdf"
    nothing = ("--to", "2026-03-31", "--statement", "0")
    done = run_cli(
        "bank", "reconcile", *nothing, "--complete", "--out", str(page), "--practice", practice
    )
    assert done.status == 0, done.err
    assert "completed" in done.out
    assert page.read_bytes().startswith(b"%PDF")
    again = run_cli("bank", "reconcile", *nothing, "--practice", practice)
    assert (again.status, "reconciled to 03/31/2026" in again.err) == (2, True)
    undone = run_cli(
        "bank", "undo-reconciliation", "--reason", "A line is missing", "--practice", practice
    )
    assert (undone.status, "REC-2026-00001 was taken back" in undone.out) == (0, True)
    none = run_cli("bank", "undo-reconciliation", "--reason", "Again", "--practice", practice)
    assert (none.status, "no reconciled month" in none.err) == (2, True)


def test_a_page_needs_a_completed_one(practice: str, tmp_path: Path) -> None:
    out = str(tmp_path / "page.pdf")
    refused = run_cli("bank", "reconcile", *TO, "--out", out, "--practice", practice)
    assert (refused.status, "--complete" in refused.err) == (2, True)


def test_the_exceptions_in_every_format(practice: str, tmp_path: Path) -> None:
    empty = run_cli("report", "exceptions", "--practice", practice)
    assert (empty.status, "No exceptions" in empty.out) == (0, True)
    run_cli("bank", "import", str(samples() / CHASE), "--practice", practice)
    told = run_cli("report", "exceptions", "--practice", practice)
    assert (told.status, "At the bank, not posted: " in told.out) == (1, True)
    found = run_cli("report", "exceptions", "--format", "json", "--practice", practice).json
    assert len(found["exceptions"]) == sum(one["count"] for one in found["totals"]) > 0
    some = ("--kind", "money_without_remittance", "--json")
    only = run_cli("report", "exceptions", *some, "--practice", practice).json
    assert {one["kind"] for one in only["exceptions"]} == {"money_without_remittance"}
    rows = run_cli("report", "exceptions", "--format", "csv", "--practice", practice).out
    assert rows.splitlines()[0].startswith("Exception,Document,Who,What,Since,Days,Amount")
    for ending in ("xlsx", "pdf"):
        out = tmp_path / f"exceptions.{ending}"
        made = run_cli("report", "exceptions", "--out", str(out), "--practice", practice)
        assert made.status == 1, made.err
        assert out.stat().st_size > 1000
