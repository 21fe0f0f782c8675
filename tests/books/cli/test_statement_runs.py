"""The commands of statement runs: run, unsent, sent, undo, in words and as JSON."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fscdesk.models.patient import Guarantor, SendBy
from fscdesk.models.practice import Practice
from fscdesk.services.connecting import open_office
from fscdesk.services.work import Work
from tests.support.accounts import a_draft, add_account, add_cast, record
from tests.support.cli import Ran, run_cli
from tests.support.clock import Clock

MARCH = date(2026, 3, 31)


@pytest.fixture
def filled(practice: str, clock: Clock) -> str:
    """Two accounts that owe: one by mail, one by e-mail with an old debt."""
    office = open_office(practice, now=clock)

    def act(work: Work) -> None:
        cast = add_cast(work)
        work.db.get_one(Practice, 1).email = "billing@example.invalid"
        for name, day in (("By Mail", date(2026, 3, 4)), ("By Email", date(2025, 11, 3))):
            whose, patient = add_account(work, name, email="pay@example.invalid")
            draft = a_draft(cast, whose, patient, day, share=50_00)
            record(work, draft, paid_on=MARCH)
        work.db.get_one(Guarantor, whose).send_by = SendBy.EMAIL

    office.write(act)
    office.close()
    return practice


def statements(practice: str, *how: str | Path) -> Ran:
    return run_cli("statements", *how, "--practice", practice)


def test_a_run_with_filters_is_planned_made_listed_and_undone(filled: str, tmp_path: Path) -> None:
    found = statements(filled, "run", "--as-of", "2026-03-31", "--age", "60", "--plan", "--json")
    assert [one["name"] for one in found.json["statements"]] == ["By Email"]
    assert [one["reason_code"] for one in found.json["left_out"]] == ["too_young"]
    made = statements(filled, "run", "--as-of", "2026-03-31", "--out", tmp_path, "--json")
    assert (made.status, made.json["run"], made.json["total"]) == (0, 1, "100.00")
    listed = statements(filled, "unsent", "--json").json["statements"]
    assert [(one["name"], one["amount"], one["run_id"]) for one in listed] == [
        ("By Email", "50.00", 1),
        ("By Mail", "50.00", 1),
    ]
    assert "2 statements not sent:" in statements(filled, "unsent", "--run", "1").out
    undone = statements(filled, "undo", "1", "--reason", "wrong day", "--json")
    assert (undone.status, undone.json) == (0, {"run": 1, "undone": 2})
    again = statements(filled, "undo", "1", "--reason", "wrong day")
    assert again.status == 2
    assert "Run 1 was undone before." in again.err
    assert statements(filled, "unsent").out.startswith("0 statements not sent.")


def test_who_gets_it_by_email_is_not_printed(filled: str, tmp_path: Path) -> None:
    made = statements(filled, "run", "--as-of", "2026-03-31", "--out", tmp_path, "--email")
    assert made.status == 0, made.err
    assert len(list(tmp_path.glob("*.eml"))) == 1
    (left,) = statements(filled, "unsent", "--json").json["statements"]
    assert left["name"] == "By Mail"
    said = statements(filled, "sent", "1", "--to", "Office printer", "--json")
    assert said.json == {"run": 1, "sent": 1}
    assert statements(filled, "unsent", "--json").json["statements"] == []
    refused = statements(filled, "undo", "1", "--reason", "late")
    assert refused.status == 2
    assert "were sent" in refused.err


def test_what_is_wrong_is_said(filled: str) -> None:
    assert "--out DIR" in statements(filled, "run").err
    assert statements(filled, "run", "--plan", "--most", "0").status == 2
    assert run_cli("statements", "--practice", filled, "unsent").status == 0
