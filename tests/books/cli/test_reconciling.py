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
    assert (undone.status, "REC-2026-00001 is taken back" in undone.out) == (0, True)
    none = run_cli("bank", "undo-reconciliation", "--reason", "Again", "--practice", practice)
    assert (none.status, "no reconciled month" in none.err) == (2, True)


def test_the_opening_of_the_file_is_offered_and_taken(practice: str) -> None:
    run_cli("bank", "import", str(samples() / CHASE), "--practice", practice)
    told = run_cli("bank", "reconcile", *TO, "--practice", practice)
    missing = "Operating account has no starting balance: the file says 5,000.00 before 03/"
    assert missing in told.out
    assert "Take that with --take-opening." in told.out
    plan = run_cli("bank", "reconcile", *TO, "--take-opening", "--plan", "--practice", practice)
    assert "Opening 5,000.00" in plan.out, plan.err
    assert "Opening 0.00" in run_cli("bank", "reconcile", *TO, "--practice", practice).out
    taken = run_cli("bank", "reconcile", *TO, "--take-opening", "--practice", practice)
    assert "Opening 5,000.00" in taken.out, taken.err
    assert "no starting balance" not in taken.out
    again = run_cli("bank", "reconcile", *TO, "--take-opening", "--practice", practice)
    assert (again.status, "has a starting balance" in again.err) == (2, True)


def test_another_day_or_balance_says_what_it_changes(practice: str) -> None:
    look = run_cli("bank", "reconcile", *TO, "--plan", "--practice", practice)
    assert "It is not begun yet; nothing was written." in look.out, look.err
    run_cli("bank", "reconcile", *TO, "--practice", practice)
    other = ("--to", "2026-02-28", "--statement", "5.00")
    plan = run_cli("bank", "reconcile", *other, "--plan", "--practice", practice)
    assert "REC-2026-00001 would be changed: it was begun to 03/31/2026" in plan.out, plan.err
    changed = run_cli("bank", "reconcile", *other, "--practice", practice)
    assert (
        "REC-2026-00001 was changed: it was begun to 03/31/2026 with 3,946.29, "
        "now to 02/28/2026 with 5.00."
    ) in changed.out
    same = run_cli("bank", "reconcile", *other, "--json", "--practice", practice)
    assert same.json["changed"] == []


def test_what_is_begun_never_stands_in_the_way(practice: str) -> None:
    def at(day: str, *more: str) -> tuple[str, ...]:
        return ("bank", "reconcile", "--to", day, "--statement", "0", *more, "--practice", practice)

    assert run_cli(*at("2026-02-28", "--complete")).status == 0
    run_cli(*at("2026-03-31"))
    back = run_cli("bank", "undo-reconciliation", "--reason", "Late", "--practice", practice)
    assert "REC-2026-00001 is taken back" in back.out, back.err
    assert "REC-2026-00002, begun after it, is given up" in back.out
    nothing = run_cli("bank", "give-up", "--practice", practice)
    assert (nothing.status, "No reconciliation is begun" in nothing.err) == (2, True)
    run_cli(*at("2026-03-31"))
    given = run_cli("bank", "give-up", "--practice", practice)
    assert given.out == "REC-2026-00003 is given up; what is matched stays matched.\n"


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
