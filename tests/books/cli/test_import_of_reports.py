"""Reports beside the appointments by command: in, twice, out, and the 1060 list."""

from __future__ import annotations

from pathlib import Path

from tests.support.appointment_files import MARCH
from tests.support.cli import Ran, run_cli
from tests.support.month import ALLOCATION, CARDS, CHECKS, EXPORT
from tests.support.report_files import SAMPLES
from tests.support.shared import samples

KEYS = [
    *("file", "profile", "batch", "read", "created", "changed", "unchanged", "skipped", "gone"),
    *("questions", "findings", "totals", "already"),
]


def bring_in(practice: str, *kinds: str, more: tuple[str, ...] = ()) -> Ran:
    files = [samples() / SAMPLES.get(kind, kind) for kind in kinds]
    return run_cli(
        "import", *files, "--accept", "proposals", "--json", *more, "--practice", practice
    )


def test_a_month_comes_in_by_one_command_and_1060_is_empty(practice: str) -> None:
    ran = bring_in(practice, MARCH, EXPORT, ALLOCATION, CARDS, CHECKS)
    documents = ran.json["files"]
    assert [list(one) for one in documents] == [KEYS] * 5
    export = documents[1]
    assert (export["profile"], export["created"]) == (EXPORT, 48)
    assert export["totals"] == {"amount": "3433.65", "client": "1839.00", "insurance": "1594.65"}
    listed = run_cli("report", "clearing", "--json", "--practice", practice)
    assert (listed.status, listed.json["lines"], listed.json["total"]) == (0, [], "0.00")
    assert [one["left"] for one in listed.json["left_over"]] == ["50.00"]
    assert run_cli("verify", "--json", "--practice", practice).json["ok"] is True


def test_a_report_is_planned_imported_and_undone(practice: str, tmp_path: Path) -> None:
    planned = bring_in(practice, EXPORT, more=("--plan",)).json
    assert (planned["batch"], planned["created"]) == (None, 48)
    bring_in(practice, MARCH)
    listed = run_cli("report", "clearing", "--json", "--practice", practice)
    assert listed.status == 1
    assert listed.json["total"] == listed.json["ledger"] == "4065.00"
    assert all(line["reason"] for line in listed.json["lines"])
    written = tmp_path / "open.csv"
    run_cli("report", "clearing", "--out", written, "--practice", practice)
    assert "payment export of its day" in written.read_text(encoding="utf-8-sig")
    assert bring_in(practice, EXPORT).json["batch"] == 2
    assert bring_in(practice, EXPORT).json["already"] is not None
    refused = run_cli("undo", "1", "--practice", practice)
    assert refused.status == 2
    assert "import 2 of" in refused.err
    assert run_cli("undo", "2", "--json", "--practice", practice).json["withdrawn"] == 48
    assert "4,065.00" in run_cli("report", "clearing", "--practice", practice).out
