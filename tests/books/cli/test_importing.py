"""Files in and out again by command: the counts that are known, the statuses, the refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.cli import Ran, run_cli
from tests.support.shared import samples
from tests.support.tables import digest_of

MARCH = "simplepractice_appointments_2026-03.csv"
AGAIN = "simplepractice_appointments_2026-03-16_2026-04-12_reexport.csv"
FIELDS = [
    *("file", "profile", "batch", "read", "created", "changed", "unchanged", "skipped", "gone"),
    *("questions", "findings", "totals"),
]


def told() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((samples() / "expected.json").read_text(encoding="utf-8"))
    return found


def bring_in(practice: str, *names: str, accept: bool = True, more: tuple[str, ...] = ()) -> Ran:
    accepted = ("--accept", "proposals") if accept else ()
    files = [samples() / name for name in names]
    return run_cli("import", *files, *accepted, "--json", *more, "--practice", practice)


def verified(practice: str) -> None:
    ran = run_cli("verify", "--json", "--practice", practice)
    assert ran.status == 0
    assert set(ran.json) == {"ok", "checks"}
    assert ran.json["ok"] is True
    assert all(set(check) == {"name", "ok", "offenders"} for check in ran.json["checks"])
    assert all(check["ok"] and check["offenders"] == [] for check in ran.json["checks"])


def test_the_samples_come_in_change_and_go_again(practice: str) -> None:
    expected = told()
    first = bring_in(practice, MARCH).json
    assert list(first)[: len(FIELDS)] == FIELDS
    assert (first["file"], first["batch"]) == (MARCH, 1)
    assert (first["read"], first["created"], first["changed"], first["skipped"]) == (60, 60, 0, 0)
    march = expected["march"]
    assert first["totals"] == {
        "fee": march["total_fee"],
        "patient_charge": march["client_charge"],
        "insurance_charge": march["insurance_charge"],
        "patient_paid": march["client_paid"],
        "insurance_paid": march["insurance_paid"],
        "write_off": march["insurance_write_off"],
    }
    verified(practice)
    after_march = digest_of(practice)

    same = bring_in(practice, MARCH)
    assert same.status == 0
    assert (same.json["read"], same.json["unchanged"], same.json["batch"]) == (60, 60, None)
    assert digest_of(practice) == after_march

    second = bring_in(practice, AGAIN).json
    assert (second["created"], second["changed"], second["unchanged"], second["gone"]) == (
        expected["reexport_new"],
        expected["reexport_changed"],
        expected["reexport_unchanged"],
        len(expected["gone_from_reexport"]),
    )
    verified(practice)

    refused = run_cli("undo", "1", "--practice", practice)
    assert refused.status == 2
    assert f"import {second['batch']} of {AGAIN}" in refused.err
    undone = run_cli("undo", str(second["batch"]), "--json", "--practice", practice)
    assert (undone.status, undone.json["batch"], undone.json["withdrawn"]) == (0, 2, 12)
    verified(practice)
    assert run_cli("undo", "1", "--practice", practice).status == 0
    verified(practice)


def test_several_files_are_one_act(practice: str) -> None:
    ran = bring_in(practice, MARCH, AGAIN)
    files = ran.json["files"]
    assert [one["file"] for one in files] == [MARCH, AGAIN]
    assert (files[0]["created"], files[1]["created"], files[1]["changed"]) == (60, 12, 18)
    verified(practice)


def test_a_bad_file_among_good_ones_stops_them_all(practice: str, tmp_path: Path) -> None:
    before = digest_of(practice)
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"%PDF-1.7\n")
    ran = run_cli("import", samples() / MARCH, bad, "--practice", practice)
    assert (ran.status, ran.out) == (2, "")
    assert "bad.csv is a PDF document" in ran.err
    assert digest_of(practice) == before


def test_the_plan_writes_nothing(practice: str) -> None:
    before = digest_of(practice)
    for accept in (False, True):
        ran = bring_in(practice, MARCH, AGAIN, accept=accept, more=("--plan",))
        assert ran.json["files"][0]["batch"] is None
        assert ran.json["files"][0]["read"] == 60
    assert "Nothing was saved: this is the plan." in (
        run_cli("import", samples() / MARCH, "--plan", "--practice", practice).out
    )
    assert digest_of(practice) == before


def test_what_nobody_answered_waits_and_says_so(practice: str) -> None:
    asked = bring_in(practice, MARCH, accept=False)
    assert asked.status == 1
    open_ones = [one for one in asked.json["questions"] if one["answer"] is None]
    assert asked.json["skipped"] > 0
    assert {one["id"] for one in open_ones} >= {"same_name:pat placeholder"}
    assert all(one["options"] for one in open_ones)
    run_cli("undo", "1", "--practice", practice)
    answers = [f"--answer={one['id']}={one['proposal']}" for one in open_ones]
    answers.append("--answer=what is this=nothing")
    answered = run_cli("import", samples() / MARCH, *answers, "--json", "--practice", practice)
    assert (answered.json["created"], answered.json["skipped"]) == (60, 0)
    assert "Nobody asked “what is this”" in answered.err
    verified(practice)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("same_name:pat placeholder=maybe", "The answers are two, one."),
        ("nonsense", "Write it like ID=KEY."),
    ],
)
def test_an_answer_that_is_none_is_refused(sqlite_practice: str, answer: str, said: str) -> None:
    before = digest_of(sqlite_practice)
    ran = run_cli("import", samples() / MARCH, "--answer", answer, "--practice", sqlite_practice)
    assert ran.status == 2
    assert said in ran.err
    assert digest_of(sqlite_practice) == before


def test_the_file_day_dates_the_payments(sqlite_practice: str) -> None:
    def owed(day: str) -> str:
        report = ("report", "aging", "--as-of", day, "--by", "guarantor", "--format", "json")
        found: str = run_cli(*report, "--practice", sqlite_practice).json["total"]["balance"]
        return found

    bring_in(sqlite_practice, MARCH, more=("--file-day", "2026-04-02"))
    assert owed("2026-04-01") == "9635.00"
    assert owed("2026-04-02") == "5570.00"


HOSTILE: dict[str, bytes] = {
    "empty.csv": b"",
    "blank.csv": b"\n\n  \n",
    "nul.csv": b"Date of Service,Client\x00\n1,2\n",
    "picture.csv": b"\x89PNG\r\n\x1a\n",
    "document.csv": b"%PDF-1.7 something",
    "other.csv": b"a,b,c\n1,2,3\n",
    "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "archive.xlsx": b"PK\x03\x04 nothing here",
    "long.csv": b'Date of Service,Client\n"' + b"x" * 30_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words(
    sqlite_practice: str, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(HOSTILE[name])
    before = digest_of(sqlite_practice)
    for how in ((), ("--json",), ("--plan",)):
        ran = run_cli("import", path, *how, "--practice", sqlite_practice)
        assert (ran.status, ran.out) == (2, "")
        assert name in ran.err
        assert "Traceback" not in ran.err
        assert "rror" not in ran.err
    assert digest_of(sqlite_practice) == before


def test_a_folder_or_nothing_is_refused(sqlite_practice: str, tmp_path: Path) -> None:
    for path, said in ((tmp_path, "is a folder"), (tmp_path / "no.csv", "is not there")):
        ran = run_cli("import", path, "--practice", sqlite_practice)
        assert (ran.status, ran.out) == (2, "")
        assert said in ran.err


def test_for_a_person_it_reads_in_words(sqlite_practice: str) -> None:
    ran = run_cli("import", samples() / MARCH, "--practice", sqlite_practice)
    assert "  60 read = 55 new + 0 changed + 0 unchanged + 5 skipped" in ran.out
    assert "Charged 9,635.00: clients 2,292.00, payers 7,343.00." in ran.out
    assert '--answer "same_name:pat placeholder=two"' in ran.out
    assert "To take it back: fscdesk undo 1" in ran.out
    undone = run_cli("undo", "1", "--practice", sqlite_practice)
    assert undone.out.startswith(f"Took back import 1 of {MARCH}: 55 sessions withdrawn")
