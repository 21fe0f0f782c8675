"""Every kept 835 is read; it balances as its table says, and as another reader finds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.era_reading import era_text
from fscdesk.services.x12.reading_835 import read_835
from tests.support.eras import claim, era, plb, reversal_of, service
from tests.support.oxedi_judge import judge, ours
from tests.support.shared import ROOT, shared, x12, x12_files

_ROW = re.compile(
    r"^\| (835/\S+) \| (\d+) \| (\d+) \| (\d+) \| (ok|NO) \| (ok|NO\(\d+\)) \| (ok|NO\(\d+\)) \|",
    re.MULTILINE,
)


def _files() -> list[Path]:
    folder = shared() / "x12" / "835"
    return sorted(folder.iterdir()) if folder.is_dir() else [ROOT / "absent"]


def _counted(count: int) -> str:
    return f"NO({count})" if count else "ok"


@pytest.mark.parametrize("path", _files(), ids=lambda path: path.name)
def test_a_kept_file_says_and_balances_what_its_table_says(path: Path) -> None:
    table = {found[1]: found.groups()[1:] for found in _ROW.finditer(_table())}
    found = read_835(path.read_bytes()).remittances
    claims = [one for remittance in found for one in remittance.claims]
    assert table[f"835/{path.name}"] == (
        str(len(found)),
        str(len(claims)),
        str(sum(len(one.services) for one in claims)),
        "NO" if any(one.check_off for one in found) else "ok",
        _counted(sum(len(one.claims_off) for one in found)),
        _counted(sum(len(one.services_off) for one in found)),
    )
    assert all(one.readable for one in found)
    assert all("amount" not in {oddity.code for oddity in one.oddities} for one in found)


def _table() -> str:
    return (x12() / "README.md").read_text(encoding="utf-8")


def test_the_table_names_every_kept_file() -> None:
    named = {found[1].removeprefix("835/") for found in _ROW.finditer(_table())}
    assert named == {path.name for path in x12_files("835")}
    assert len(named) >= 40


def test_oxedi_finds_the_same_claims_and_the_same_money() -> None:
    compared = 0
    for path in x12_files("835"):
        data = path.read_bytes()
        theirs = judge(data)
        if theirs is not None:
            assert ours(read_835(data)) == theirs, path.name
            compared += 1
    assert compared >= 39


cents = st.integers(0, 50_000).map(lambda amount: f"{amount / 100:.2f}")
reasons = st.lists(
    st.builds(
        "{}{}={}".format,
        st.sampled_from(["CO", "PR", "OA", "PI"]),
        st.sampled_from(["1", "2", "3", "45", "96", "97", "253", "B7"]),
        cents,
    ),
    max_size=4,
).map(" ".join)
services = st.builds(
    lambda code, charge, cas, line_id: service(code, charge, cas=cas, line_id=line_id),
    st.sampled_from(["90837", "90834", "90791", "H0004"]),
    cents,
    reasons,
    st.sampled_from(["", "17", "18"]),
)
claims = st.builds(
    lambda lines, status, cas, paid: claim("C-1", *lines, status=status, cas=cas, paid=paid),
    st.lists(services, min_size=1, max_size=4),
    st.sampled_from(["1", "2", "3", "4", "19"]),
    reasons,
    st.one_of(st.none(), cents),
)


@given(
    st.lists(claims, min_size=1, max_size=4),
    st.booleans(),
    st.one_of(st.none(), cents),
    st.integers(-5_000, 5_000),
)
def test_oxedi_finds_the_same_in_any_file_of_ours(
    paid: list[object], back: object, amount: str | None, taken: int
) -> None:
    sent = [*paid, *map(reversal_of, paid)] if back else paid  # type: ignore[arg-type]
    text = era(
        *sent,  # type: ignore[arg-type]
        plb=[plb("WO", f"{taken / 100:.2f}", "X")],
        amount=amount or "0",
    )
    assert ours(read_835(text)) == judge(text.encode())


def test_the_file_that_is_measured_balances_and_is_read_alike() -> None:
    text = era_text(60)
    reading = read_835(text)
    (found,) = reading.remittances
    assert found.balanced
    assert (found.oddities, reading.oddities) == ((), ())
    assert ours(reading) == judge(text.encode())
