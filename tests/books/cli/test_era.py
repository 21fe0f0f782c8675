"""The command for remittances: era."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from fscdesk.models.claim import Claim
from fscdesk.models.fee import Fee, FeeSchedule
from fscdesk.models.values import Money
from fscdesk.services.connecting import open_office
from fscdesk.services.work import Work
from tests.support.claims import add_claim_desk
from tests.support.cli import Ran, run_cli
from tests.support.clock import Clock
from tests.support.era_matching import ALMA, STRANGER, SentClaim, send_claim
from tests.support.eras import claim, era, plb, reversal_of, service


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


def test_money_that_the_bank_had_before_is_explained_by_reading(
    practice: str, sent: SentClaim, tmp_path: Path
) -> None:
    bank = tmp_path / "bank.csv"
    words = "IMAGINARY BLUE HCCLAIMPMT TRN*1*EFT2026001*1999019901"
    bank.write_text(f'"03/30/2026","120.00","*","","{words}"\n', encoding="utf-8")
    assert run_cli("bank", "import", bank, "--practice", practice).status in (0, 1)
    told = run_cli("bank", "match", "--json", "--practice", practice)
    (line,) = (line["id"] for one in told.json["proposals"] for line in one["lines"])
    run_cli("bank", "match", str(line), "--hold", "--practice", practice)
    held = run_cli("bank", "match", "--practice", practice)
    assert "SUS-2026-00001: 03/30/2026  120.00  IMAGINARY BLUE" in held.out
    assert held.out.endswith("1 amount held to explain.\n")
    done = read(practice, saved(tmp_path, "a.835", clean(sent)))
    assert "The bank had the money before: SUS-2026-00001 is explained by it." in done.out
    after = run_cli("bank", "match", "--json", "--practice", practice)
    assert (after.status, after.json["held"]) == (0, [])


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


def fee(practice: str, clock: Clock, cents: int) -> None:
    """What the payer agreed to allow for the service."""

    def agree(work: Work) -> None:
        payer = work.db.scalars(select(Claim.payer_id)).first()
        held = FeeSchedule(name="2026", payer_id=payer, valid_from=date(2026, 1, 1))
        work.db.add(held)
        work.db.flush()
        new = Fee(schedule_id=held.id, code="90837", charged=Money(160_00), expected=Money(cents))
        work.db.add(new)

    office = open_office(practice, now=clock)
    office.write(agree)
    office.close()


def test_work_that_was_made_needs_a_person_and_has_a_line_each(
    practice: str, sent: SentClaim, tmp_path: Path
) -> None:
    denied = claim(
        sent.account, service("90837", "160", cas="CO197=160", day=sent.days[0]), patient=ALMA
    )
    text = era(denied, plb=[plb("CS", "-5.00", "BONUS7")])
    done = read(practice, saved(tmp_path, "a.835", text), "--json")
    assert done.status == 1
    (row,) = done.json["transactions"]
    assert (row["posted"], row["unposted"]) == (1, [])
    assert [(one["kind"], one["amount"]) for one in row["needs"]] == [
        ("denied", "130.00"),
        ("to_explain", "5.00"),
    ]
    again = read(practice, tmp_path / "a.835", "--json")
    assert (again.status, again.json["transactions"][0]["needs"]) == (0, [])


def test_a_denial_has_a_line_in_words(practice: str, sent: SentClaim, tmp_path: Path) -> None:
    line = service("90837", "160", cas="CO197=160", day=sent.days[0])
    done = read(practice, saved(tmp_path, "a.835", era(claim(sent.account, line, patient=ALMA))))
    assert done.status == 1
    assert f"{sent.account}: 03/02/2026 90837 is denied, CO-197, 130.00" in done.out


def test_less_than_was_agreed_needs_a_person(
    practice: str, sent: SentClaim, clock: Clock, tmp_path: Path
) -> None:
    fee(practice, clock, 140_00)
    done = read(practice, saved(tmp_path, "a.835", clean(sent)), "--json")
    (row,) = done.json["transactions"]
    assert [(one["kind"], one["amount"]) for one in row["needs"]] == [("underpaid", "20.00")]
    assert done.status == 1


def test_a_reversal_of_nothing_stays_and_needs_a_person(
    practice: str, sent: SentClaim, tmp_path: Path
) -> None:
    line = service("90837", "160", cas="CO45=40", day=sent.days[0])
    back = reversal_of(claim(sent.account, line, patient=ALMA))
    text = era(back, plb=[plb("FB", "-120.00")])
    done = read(practice, saved(tmp_path, "a.835", text), "--json")
    (row,) = done.json["transactions"]
    assert [one["reason"] for one in row["unposted"]] == ["reverses_nothing"]
    assert done.status == 1


def test_a_file_that_is_refused_does_not_hide_what_the_others_did(
    practice: str, sent: SentClaim, tmp_path: Path
) -> None:
    good, bad = saved(tmp_path, "b.835", clean(sent)), saved(tmp_path, "a.txt", "Dear practice")
    done = read(practice, bad, good, "--json")
    assert done.status == 1
    assert [one["posted"] for one in done.json["transactions"]] == [1]
    assert [one["file"] for one in done.json["refused"]] == ["a.txt"]
    assert "a.txt is no remittance (835)." in done.err
    again = read(practice, bad, good)
    assert again.status == 2, "nothing was changed"
    assert "Nothing changed." in again.out


def test_files_are_read_in_the_order_of_their_days_and_a_reversal_after_its_original(
    practice: str, sent: SentClaim, tmp_path: Path
) -> None:
    line = service("90837", "160", cas="CO45=40", day=sent.days[0])
    first = claim(sent.account, line, patient=ALMA, payer_number="ICN1")
    back = era(reversal_of(first), trace="BACK", effective="20260320", plb=[plb("FB", "-120.00")])
    one = saved(tmp_path, "1.835", back)
    two = saved(tmp_path, "2.835", era(first, trace="PAID", effective="20260320"))
    old = saved(
        tmp_path,
        "3.835",
        era(claim("Q", service("90834", "75"), patient=STRANGER), effective="20260301"),
    )
    done = read(practice, one, two, old, "--json")
    rows = done.json["transactions"]
    assert [row["file"] for row in rows] == ["3.835", "2.835", "1.835"]
    assert [row["unposted"] for row in rows[1:]] == [[], []]
