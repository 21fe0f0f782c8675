"""Teaching how a bank's file is read, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli import run_cli

PLACED = """03/02/2026,EFT9,FICTA HCCLAIMPMT,1234.56
03/31/2026,,MONTHLY FEE,-15.00
"""
HEADED = """Day;Text;Out;In
25/03/2026;FICTA;;12.00
31/03/2026;FEE;15.00;
"""


@pytest.fixture
def placed(tmp_path: Path) -> Path:
    path = tmp_path / "brook.csv"
    path.write_text(PLACED, encoding="utf-8")
    return path


def at(practice: str) -> tuple[str, str]:
    return "--practice", practice


def test_a_file_without_headings_is_mapped_by_place(practice: str, placed: Path) -> None:
    unknown = run_cli("bank", "import", placed, *at(practice))
    assert (unknown.status, "fscdesk bank map" in unknown.err) == (2, True)
    seen = run_cli("bank", "map", placed, *at(practice))
    assert "Column 3: FICTA HCCLAIMPMT | MONTHLY FEE  = words\n" in seen.out
    assert seen.out.endswith("2 lines read so.\nNothing was saved. --name keeps it.\n")
    kept = run_cli(
        *("bank", "map", placed, "--name", "Brook", "--day", "1", "--words", "3", "--words", "2"),
        *("--amount", "4", "--json", *at(practice)),
    )
    assert kept.status == 0, kept.err
    assert [one["words"] for one in kept.json["lines"]] == ["FICTA HCCLAIMPMT EFT9", "MONTHLY FEE"]
    assert kept.json["columns"][1] == {"place": 2, "heading": "Column 2", "samples": ["EFT9"]}
    read = run_cli("bank", "import", placed, "--json", *at(practice))
    assert (read.json["layout"], read.json["credits"], read.json["debits"]) == (
        "Brook",
        "1234.56",
        "-15.00",
    )
    listed = run_cli("bank", "layouts", *at(practice))
    assert listed.out == "Brook  Column 1,Column 2,Column 3,Column 4\n1 layout.\n"


def test_a_file_with_headings_is_mapped_by_them(practice: str, tmp_path: Path) -> None:
    path = tmp_path / "river.csv"
    path.write_text(HEADED, encoding="utf-8")
    words = ("--day", "Day", "--words", "text", "--in", "In", "--out", "3", "--day-first")
    kept = run_cli("bank", "map", path, "--name", "River", *words, *at(practice))
    assert "River is saved. Files with these columns are read by it." in kept.out, kept.err
    assert "03/25/2026  12.00  FICTA" in kept.out
    assert run_cli("bank", "import", path, "--plan", "--json", *at(practice)).json["read"] == 2
    gone = run_cli("bank", "forget-layout", "river", *at(practice))
    assert gone.out == "The layout River is removed. Statements that were read with it stay.\n"
    again = run_cli("bank", "forget-layout", "river", "--json", *at(practice))
    assert (again.status, "no layout" in again.err) == (2, True)


def test_what_makes_no_sense_is_refused(practice: str, placed: Path) -> None:
    for words, said in (
        (("--day", "9"), "brook.csv has no column “9”"),
        (("--name", "B", "--in", "4"), "one column, or two"),
        (("--name", "B", "--day", "2"), "Not one line of brook.csv"),
    ):
        refused = run_cli("bank", "map", placed, *words, *at(practice))
        assert (refused.status, said in refused.err) == (2, True), refused.err
    half = run_cli("bank", "map", placed, "--in", "4", *at(practice))
    assert "Say with --amount, or with --in and --out" in half.out
    assert run_cli("bank", "layouts", "--json", *at(practice)).json["layouts"] == []
