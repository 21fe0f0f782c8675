from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from fscdesk.services.demo.building import build_demo, live
from fscdesk.services.errors import Cancelled, Problem

TODAY = date(2026, 4, 15)


def test_an_existing_practice_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "ours.fscdesk"
    target.write_bytes(b"not yours")
    with pytest.raises(Problem, match="exists already"):
        build_demo(target, today=TODAY, sessions=300)
    assert target.read_bytes() == b"not yours"


@pytest.mark.parametrize("sessions", [-1, 0, 299, 20_001])
def test_a_size_that_cannot_be_is_refused_and_nothing_made(tmp_path: Path, sessions: int) -> None:
    with pytest.raises(Problem, match="300 to 20,000 sessions") as refused:
        build_demo(tmp_path / "demo.fscdesk", today=TODAY, sessions=sessions)
    assert refused.value.hint
    assert list(tmp_path.iterdir()) == []


def test_stopped_half_way_it_leaves_no_file(tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []

    def tell(done: int, total: int, text: str) -> None:
        told.append((done, total, text))
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        build_demo(tmp_path / "demo.fscdesk", today=TODAY, progress=tell, sessions=300)
    assert list(tmp_path.iterdir()) == []
    assert told[0][2] == "Setting up the practice"
    assert all(before[0] < after[0] for before, after in pairwise(told))
    assert "Importing the report of" in told[-1][2]


def test_another_seed_is_another_practice() -> None:
    one, other = (live(seed=seed, today=TODAY, sessions=300) for seed in (1, 2))
    assert one.export(TODAY) != other.export(TODAY)
    assert one.export(TODAY) == live(seed=1, today=TODAY, sessions=300).export(TODAY)


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2028, 2, 29), date(2026, 4, 12)])
@pytest.mark.parametrize("sessions", [300, 20_000])
def test_any_day_and_size_can_be_lived(today: date, sessions: int) -> None:
    life = live(today=today, sessions=sessions)
    held = [one for one in life.diary if one.cancelled is None and one.day <= today]
    assert 0.75 * sessions < len(held) < 1.3 * sessions
    assert life.season.exports[-1] == today
    keys = [client.key for client in life.clients]
    assert len(set(keys)) == len(keys)
    busy = Counter(
        (one.clinician, one.day, one.minute)
        for one in life.diary
        if one.cancelled is None and one.client.code != "90853"
    )
    assert {place: count for place, count in busy.items() if count > 1} == {}
