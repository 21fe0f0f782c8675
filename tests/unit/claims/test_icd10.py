"""Diagnosis codes: found by code and by words, and judged by the day of service."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from fscdesk.resources import resource
from fscdesk.services.claims import icd10
from fscdesk.services.claims.icd10 import (
    fault_of,
    find_codes,
    is_billable,
    look_up,
    look_up_all,
    shown,
)
from fscdesk.services.errors import Problem
from tests.support.shared import ROOT

TODAY = date(2026, 11, 21)
LONGER = "Choose a longer one, such as"
RELEASES = {(10, 1), (4, 1)}


def _found(words: str, on: date = TODAY, most: int = 50) -> list[str]:
    return [shown(one.code) for one in find_codes(words, on, most)]


def test_a_code_is_found_with_its_dot_or_without_it_and_before_those_it_begins() -> None:
    assert _found("f41.1") == _found("F411") == _found(" f 41.1 ") == ["F41.1"]
    assert _found("F41")[:3] == ["F41", "F41.0", "F41.1"]
    assert all(code.startswith("F4") for code in _found("F4"))
    assert _found("QA0.0101") == ["QA0.0101"]


def test_words_are_found_in_any_order_and_by_their_beginnings() -> None:
    assert _found("recurrent depres sever") == _found("sever depres recurrent")
    assert set(_found("sever depres recurrent")) == {"F33.2", "F33.3"}
    assert _found("anxiety")[0] == "F41.1"  # its own words, not beside them
    assert set(_found("waldenstrom")) == {"C88.0", "C88.00", "C88.01"}
    assert _found("b12")[0].startswith("D51")
    assert _found("zzyzx") == _found("") == _found('"') == _found("%") == []


@pytest.mark.parametrize(
    ("short", "code"),
    [("ptsd", "F43.1"), ("gad", "F41.1"), ("adhd", "F90"), ("ocd", "F42"), ("mdd", "F3")],
)
def test_short_forms_find_what_they_stand_for(short: str, code: str) -> None:
    assert _found(short)[0].startswith(code)


def test_what_a_claim_may_carry_comes_first_and_f_before_the_rest() -> None:
    found = find_codes("insomnia", TODAY)
    holds = [one.holds_on(TODAY) for one in found]
    assert holds == sorted(holds, reverse=True)
    own = [one.code.startswith("F") for one in found if one.holds_on(TODAY)]
    assert own == sorted(own, reverse=True)
    assert len(find_codes("disorder", TODAY, 7)) == 7


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("F41.1", None, None),  # older than the oldest release that was compared
        ("F32.A", date(2021, 10, 1), None),
        ("F43.8", None, date(2022, 9, 30)),  # it has longer codes since
        ("F43.81", date(2022, 10, 1), None),
        ("Z59.1", None, date(2023, 3, 31)),  # a release of April
        ("Z59.10", date(2023, 4, 1), None),
        ("F50.010", date(2024, 10, 1), None),
        ("G35", None, date(2025, 9, 30)),
        ("F64.A", date(2026, 10, 1), None),
        ("T52.8X1A", None, date(2026, 9, 30)),  # gone, with its words
    ],
)
def test_the_days_of_a_code(code: str, first: date | None, last: date | None) -> None:
    found = look_up(code)
    assert found is not None
    assert (found.valid_from, found.valid_to, found.sure) == (first, last, True)
    assert found.words
    if first:
        assert is_billable(code, first)
        assert not is_billable(code, date.fromordinal(first.toordinal() - 1))
    if last:
        assert is_billable(code, last)
        assert not is_billable(code, date.fromordinal(last.toordinal() + 1))


def test_a_heading_is_never_billable() -> None:
    heading, only = look_up("F41"), look_up("F99")
    assert heading is not None
    assert only is not None  # a category, a block and a code at once
    assert (heading.leaf, heading.billable) == (False, False)
    assert (only.leaf, only.billable) == (True, True)
    assert not is_billable("F41", TODAY)


@pytest.mark.parametrize(
    ("code", "on", "words"),
    [
        ("F41.1", TODAY, ""),
        (
            "F41",
            TODAY,
            f"F41 is not specific enough for a claim. {LONGER} F41.0.",
        ),
        (
            "f438",
            TODAY,
            f"F43.8 is no longer valid: it ended on 09/30/2022. {LONGER} F43.81.",
        ),
        ("F64.A", date(2026, 9, 30), "F64.A is valid from 10/01/2026 on, not on 09/30/2026."),
        ("T52.8X1A", TODAY, "T52.8X1A is no longer valid: it ended on 09/30/2026."),
        (
            "F41.13",
            TODAY,
            "F41.13 is not in ICD-10-CM as of October 2026. Look for it by its words.",
        ),
    ],
)
def test_a_fault_says_what_to_do(code: str, on: date, words: str) -> None:
    assert fault_of(code, on) == words
    found = look_up(code)
    assert found is None or bool(found.standing_on(on)) == bool(words)


def test_many_are_looked_up_at_once() -> None:
    assert set(look_up_all(["F41.1", "f411", "F99", "F41.13"])) == {"F411", "F99"}
    assert look_up_all([]) == {}


@pytest.mark.parametrize("damage", [None, b"", b"no table at all" * 100])
def test_without_the_table_there_is_a_sentence(
    damage: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def file(_name: str) -> Path:
        if damage is None:
            raise FileNotFoundError
        path = tmp_path / "table.sqlite3"
        path.write_bytes(damage)
        return path

    monkeypatch.setattr(icd10, "resource", file)
    for ask in (lambda: find_codes("anxiety", TODAY), lambda: look_up("F411")):
        with pytest.raises(Problem, match="table of diagnosis codes"):
            ask()


def test_the_facts_are_days_of_releases() -> None:
    with resource("seeds/icd10cm_changes.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    codes = [row["code"] for row in rows]
    assert codes == sorted(set(codes))
    for row in rows:
        first = date.fromisoformat(row["from"]) if row["from"] else None
        last = date.fromisoformat(row["to"]) if row["to"] else None
        after = date.fromordinal(last.toordinal() + 1) if last else None
        assert first is None or (first.month, first.day) in RELEASES, row
        assert after is None or (after.month, after.day) in RELEASES, row
        assert first is None or last is None or first < last, row
        assert row["sure"] in {"day", "span"}, row
        assert row["sure"] == "day" or row["code"][0] != "F", row


def test_starting_reads_nothing_of_it() -> None:
    program = (
        "import sys; opened = []\n"
        "sys.addaudithook(lambda name, what: opened.append(str(what))"
        " if name in ('open', 'sqlite3.connect') else None)\n"
        "import fscdesk.ui.screens.patients.diagnosis_field\n"
        "assert not any('icd10cm' in one for one in opened), opened\n"
        "assert 'simple_icd_10_cm' not in sys.modules"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)
