"""Statements and aging by command, on the samples."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

import pytest

from tests.support.cli import Ran, run_cli
from tests.support.pdf import page_texts
from tests.support.shared import samples
from tests.support.tables import digest_of

MARCH = "simplepractice_appointments_2026-03.csv"
OWED = {
    "Dee O'Example": "190.00",
    "Newton Notyet": "38.00",
    "Nonesuch, JR, of Nowhere Maxim": "15.00",
    "Nova Newclient": "25.00",
    "Sample McSampleface": "55.00",
    "Xavier Testington III": "50.00",
    "Z. T.": "130.00",
}


@pytest.fixture
def filled(practice: str) -> str:
    """The books of March, with what is owed as of its end."""
    ran = run_cli("import", samples() / MARCH, "--accept", "proposals", "--practice", practice)
    assert ran.status in (0, 1), ran.err
    return practice


def statements(practice: str, *how: str | Path) -> Ran:
    return run_cli("statements", "--as-of", "2026-03-31", *how, "--practice", practice)


def test_the_plan_writes_nothing(filled: str) -> None:
    before = digest_of(filled)
    found = statements(filled, "--plan", "--json").json
    assert {one["name"]: one["amount"] for one in found["statements"]} == OWED
    assert (found["total"], found["total_left_out"], found["run"]) == ("503.00", "0.00", None)
    assert {one["reason_code"] for one in found["left_out"]} == {"zero"}
    assert digest_of(filled) == before
    said = statements(filled, "--plan").out
    assert said.startswith("7 accounts would get a statement as of 03/31/2026, 503.00 due:\n")
    assert said.endswith("Nothing was made.\n")


def test_files_are_what_was_kept(filled: str, tmp_path: Path) -> None:
    ran = statements(filled, "--out", tmp_path, "--json")
    assert ran.status == 0, ran.err
    for one in ran.json["statements"]:
        page = Path(one["file"])
        assert page.name == f"{one['number']}.pdf"
        assert hashlib.sha256(page.read_bytes()).hexdigest() == one["sha256"]
        text = page_texts(page.read_bytes())[0]
        assert f"${OWED[one['name']]}" in text
        assert one["name"] in text
    assert len(page_texts(Path(ran.json["print_file"]).read_bytes())) == len(OWED)
    again = statements(filled, "--out", tmp_path, "--json")
    assert (again.status, again.json["statements"]) == (0, [])
    assert {one["reason_code"] for one in again.json["left_out"]} == {"zero", "stated"}


def test_a_run_is_written_again_from_the_books(filled: str, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    statements(filled, "--out", first)
    before = digest_of(filled)
    ran = run_cli("statements", "--run", "1", "--out", second, "--practice", filled)
    assert ran.status == 0
    assert digest_of(filled) == before
    for page in first.glob("*.pdf"):
        assert (second / page.name).read_bytes() == page.read_bytes()
    assert run_cli("statements", "--run", "9", "--out", second, "--practice", filled).status == 2


def test_the_smallest_balance_can_be_said(filled: str) -> None:
    found = statements(filled, "--plan", "--minimum", "50.00", "--json").json
    assert sorted(one["amount"] for one in found["statements"]) == [
        "130.00",
        "190.00",
        "50.00",
        "55.00",
    ]
    assert found["minimum"] == "50.00"
    assert statements(filled, "--plan", "--mail-only", "--json").json["statements"] == []


def test_a_folder_that_is_not_there_makes_nothing(filled: str, tmp_path: Path) -> None:
    before = digest_of(filled)
    ran = statements(filled, "--out", tmp_path / "nowhere" / "deeper")
    assert (ran.status, ran.out) == (2, "")
    assert "does not exist" in ran.err
    assert digest_of(filled) == before


def test_a_folder_that_alone_is_missing_is_made(filled: str, tmp_path: Path) -> None:
    assert statements(filled, "--out", tmp_path / "statements").status == 0
    assert any((tmp_path / "statements").iterdir())


def test_a_file_in_the_way_leaves_statements_that_can_be_written_again(
    filled: str, tmp_path: Path
) -> None:
    full, free = tmp_path / "full", tmp_path / "free"
    full.mkdir()
    free.mkdir()
    (full / "ST-2026-00003.pdf").write_bytes(b"mine")
    ran = statements(filled, "--out", full)
    assert (ran.status, ran.out) == (1, "")
    assert "7 statements are made and kept as run 1." in ran.err
    assert "fscdesk statements --run 1 --out DIR" in ran.err
    assert [path.name for path in full.iterdir()] == ["ST-2026-00003.pdf"]
    assert run_cli("statements", "--run", "1", "--out", free, "--practice", filled).status == 0
    assert len(list(free.glob("ST-*.pdf"))) == 7


# Reports


def aging(practice: str, *how: str | Path) -> Ran:
    return run_cli("report", "aging", "--as-of", "2026-03-31", *how, "--practice", practice)


def test_aging_is_one_document(filled: str) -> None:
    found = aging(filled, "--by", "payer", "--format", "json").json
    assert (found["as_of"], found["by"], found["ties"]) == ("2026-03-31", "payer", True)
    assert found["total"]["balance"] == found["ledger"] == "5570.00"
    assert aging(filled, "--json").json == found


def test_aging_as_csv_adds_up(filled: str) -> None:
    ran = aging(filled, "--by", "guarantor", "--format", "csv")
    assert "\r\n" in ran.out
    rows = list(csv.DictReader(io.StringIO(ran.out, newline="")))
    total = sum(round(100 * float(row["Balance"])) for row in rows)
    assert total == 557_000


@pytest.mark.parametrize(("form", "magic"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("json", b"{"),
                                             ("csv", b"\xef\xbb\xbf")])  # fmt: skip
def test_aging_as_a_file(filled: str, tmp_path: Path, form: str, magic: bytes) -> None:
    for file, how in ((tmp_path / f"a.{form}", ()), (tmp_path / "b", ("--format", form))):
        ran = aging(filled, "--out", file, *how)
        assert (ran.status, ran.out, ran.err) == (0, "", "")
        assert file.read_bytes().startswith(magic)


def test_a_file_without_a_format_is_refused(filled: str, tmp_path: Path) -> None:
    assert "Add --format" in aging(filled, "--out", tmp_path / "aging.doc").err
    assert aging(filled, "--bucket-days", "0").status == 2


def test_for_a_person_it_is_a_table(filled: str) -> None:
    lines = aging(filled).out.splitlines()
    assert lines[0] == "Aging by payer as of 03/31/2026, from the service day"
    assert lines[1].split() == [
        "0–30",
        "31–60",
        "61–90",
        "91–120",
        "Over",
        "120",
        "Credits",
        "Balance",
    ]
    assert len({len(line) for line in lines[1:-1]}) == 1
    assert "difference 0.00" in lines[-1]
