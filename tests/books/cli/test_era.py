"""The command for remittances: era."""

from __future__ import annotations

from pathlib import Path

import pytest

from fscdesk.services.connecting import open_office
from tests.support.claims import add_claim_desk
from tests.support.cli import Ran, run_cli
from tests.support.clock import Clock
from tests.support.era_matching import ALMA, STRANGER, SentClaim, send_claim
from tests.support.eras import claim, era, service


@pytest.fixture
def sent(practice: str, clock: Clock) -> SentClaim:
    """A claim that the payer of the file has."""
    office = open_office(practice, now=clock)
    desk = office.write(add_claim_desk).value
    found = send_claim(office, desk)
    office.close()
    return found


def read(practice: str, *line: str | Path) -> Ran:
    return run_cli("era", *line, "--practice", practice)


def saved(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def clean(sent: SentClaim) -> str:
    line = service("90837", "160", cas="CO45=40", day=sent.days[0])
    return era(claim(sent.account, line, patient=ALMA))


def test_planned_read_and_read_again(practice: str, sent: SentClaim, tmp_path: Path) -> None:
    path = saved(tmp_path, "a.835", clean(sent))
    planned = read(practice, path, "--plan", "--json")
    assert planned.status == 0
    (row,) = planned.json["transactions"]
    assert (row["trace"], row["amount"], row["claims"]) == ("EFT2026001", "120.00", 1)
    assert row["balanced"] == {"check": True, "claim": True, "service": True}
    assert (row["matched"], row["posted"], row["unposted"]) == (1, 1, [])
    done = read(practice, path, "--json")
    assert done.status == 0
    (row,) = done.json["transactions"]
    assert (row["number"], row["posted"], row["duplicate_of"]) == ("REM-2026-00001", 1, "")
    again = read(practice, path, "--json")
    assert again.status == 0
    (row,) = again.json["transactions"]
    assert (row["posted"], row["duplicate_of"]) == (0, "REM-2026-00001")
    told = read(practice, path)
    assert "REM-2026-00001 was posted on 04/12/2026 at" in told.out
    assert "Nothing changed." in told.out


def test_what_stays_has_a_reason_and_needs_a_person(
    practice: str, sent: SentClaim, tmp_path: Path
) -> None:
    line = service("90837", "160", cas="CO45=40", day=sent.days[0])
    text = era(
        claim(sent.account, line, patient=ALMA),
        claim("ZZ9", service("90834", "75"), patient=STRANGER, payer_number="ICN9"),
    )
    path = saved(tmp_path, "a.835", text)
    done = read(practice, path, "--json")
    assert done.status == 1
    (row,) = done.json["transactions"]
    assert (row["claims"], row["matched"], row["posted"]) == (2, 1, 1)
    assert [(one["reason"], one["paid"]) for one in row["unposted"]] == [("not_ours", "75.00")]
    assert row["unposted"][0]["words"]


def test_what_does_not_balance_is_never_posted(
    practice: str, sent: SentClaim, tmp_path: Path
) -> None:
    line = service("90837", "160", cas="CO45=30", paid="120", day=sent.days[0])
    path = saved(tmp_path, "a.835", era(claim(sent.account, line, patient=ALMA)))
    for options in (("--plan",), ()):
        done = read(practice, path, "--json", *options)
        assert done.status == 1
        (row,) = done.json["transactions"]
        assert row["balanced"]["service"] is False
        assert (row["posted"], bool(row["stop"])) == (0, True)


def test_several_files_are_one_document(practice: str, sent: SentClaim, tmp_path: Path) -> None:
    first = saved(tmp_path, "a.835", clean(sent))
    second = saved(tmp_path, "b.835", era(claim("Q", service("90834", "75"), patient=STRANGER)))
    done = read(practice, first, second, "--json")
    assert [one["file"] for one in done.json["transactions"]] == ["a.835", "b.835"]
    assert [bool(one["conflicts_with"]) for one in done.json["transactions"]] == [False, True]


def test_a_file_that_is_no_remittance_is_refused(
    practice: str, sent: SentClaim, tmp_path: Path
) -> None:
    done = read(practice, saved(tmp_path, "a.txt", "Dear practice"))
    assert done.status == 2
    assert "a.txt is no remittance (835)." in done.err
    assert done.out == ""


def test_a_status_of_one_says_why(practice: str, sent: SentClaim, tmp_path: Path) -> None:
    text = clean(sent).replace("~LX*1", "").replace("LX*1~", "")
    done = read(practice, saved(tmp_path, "odd.835", text))
    told = read(practice, saved(tmp_path, "odd2.835", text), "--json")
    assert told.json["transactions"][0]["duplicate_of"] == "REM-2026-00001"
    lines = [line.strip() for line in done.out.splitlines()]
    assert (done.status == 1) == any(line.startswith("look: ") for line in lines)
    assert done.status == 1
