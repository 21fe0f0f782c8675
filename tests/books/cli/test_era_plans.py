"""What `era --plan` says of a file is what reading it then does, with the work that it leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from fscdesk.models.fee import Fee, FeeSchedule
from fscdesk.models.payer import Payer
from fscdesk.models.remittance import Automation
from fscdesk.models.values import Money
from fscdesk.services.connecting import open_office
from fscdesk.services.work import Work
from tests.support.claims import add_claim_desk
from tests.support.cli import run_cli
from tests.support.clock import Clock
from tests.support.era_lines import EraClaim
from tests.support.era_matching import ALMA, STRANGER, SentClaim, send_claim
from tests.support.eras import claim, era, file_of, plb, remittance, reversal_of, service

USUAL: Final = "CO45=38.60 PR3=30"
LOW: Final = "CO45=58.60 PR3=30"
Text = Callable[[SentClaim, SentClaim], str]


@pytest.fixture
def both(practice: str, clock: Clock) -> tuple[SentClaim, SentClaim]:
    """Two claims that the payer of the file has; it agreed to allow 121.40 for each service."""
    office = open_office(practice, now=clock)
    desk = office.write(add_claim_desk).value

    def agree(work: Work) -> None:
        held = FeeSchedule(name="2026", payer_id=desk.payer, valid_from=date(2026, 1, 1))
        work.db.add(held)
        work.db.flush()
        for code in ("90837", "90834"):
            fee = Fee(schedule_id=held.id, code=code, charged=Money(160_00), expected=Money(121_40))
            work.db.add(fee)

    office.write(agree)
    found = send_claim(office, desk, sessions=2), send_claim(office, desk, code="90834")
    office.close()
    return found


def says(one: SentClaim, cas: str, number: str, code: str = "90837", status: str = "1") -> EraClaim:
    """What the payer says of each line of a claim."""
    lines = [service(code, "160", cas=cas, day=day, allowed="") for day in one.days]
    return claim(one.account, *lines, status=status, patient=ALMA, payer_number=number)


def denied(one: SentClaim, number: str = "ICN1") -> EraClaim:
    """The payer pays nothing of a claim."""
    return says(one, "CO197=160", number, status="4")


def stranger() -> EraClaim:
    """A claim of nobody here."""
    return claim("ZZ9", service("90834", "75"), patient=STRANGER, payer_number="ICN9")


def denied_and_low(one: SentClaim, other: SentClaim) -> str:
    """Two lines denied, one below its fee, a stranger's, and amounts beside the claims."""
    beside = [plb("WO", "25", "OLD1"), plb("CS", "-5", "BONUS7"), plb("L6", "-1.25")]
    return era(denied(one), says(other, LOW, "ICN2", "90834"), stranger(), plb=beside)


def denied_then_paid(one: SentClaim, other: SentClaim) -> str:
    """The check after the denial pays it, and gives back what the first one took."""
    return file_of(
        remittance(denied(one), says(other, LOW, "ICN2", "90834"), trace="A"),
        remittance(says(one, USUAL, "ICN3"), trace="B", effective="20260327"),
    )


def taken_back_beyond(one: SentClaim, other: SentClaim) -> str:
    """It takes back what nobody has posted, out of another claim's money."""
    back = reversal_of(says(other, USUAL, "ICN8", "90834"))
    return era(says(one, USUAL, "ICN1"), back)


def the_rest_later(one: SentClaim, other: SentClaim) -> str:
    """It pays too little, takes that back, and pays what was agreed."""
    low = says(other, LOW, "ICN2", "90834")
    anew = says(other, USUAL, "ICN3", "90834")
    return file_of(
        remittance(low, trace="A"),
        remittance(reversal_of(low), anew, says(one, LOW, "ICN4"), trace="B"),
    )


FILES: Final[Mapping[str, Text]] = {
    "denied and low": denied_and_low,
    "denied, then paid": denied_then_paid,
    "taken back beyond": taken_back_beyond,
    "low, then the rest": the_rest_later,
    "paid as agreed": lambda one, _other: era(says(one, USUAL, "ICN1")),
    "does not balance": lambda one, _other: era(denied(one), amount="12"),
}


def brief(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a plan can know: all but the numbers that posting gives."""
    kept = ("trace", "claims", "matched", "posted", "unposted", "stop", "needs", "findings")
    found = [{key: row[key] for key in kept} for row in rows]
    for row in found:
        row["needs"] = [
            one | {"about": "" if one["kind"] == "to_explain" else one["about"]}
            for one in row["needs"]
        ]
    return found


@pytest.mark.parametrize("name", [*FILES])
@pytest.mark.parametrize("how", [Automation.ONE_CLICK, Automation.REVIEW])
def test_the_plan_says_what_reading_then_does(
    practice: str,
    both: tuple[SentClaim, SentClaim],
    clock: Clock,
    tmp_path: Path,
    name: str,
    how: Automation,
) -> None:
    office = open_office(practice, now=clock)

    def automation(work: Work) -> None:
        for payer in work.db.query(Payer):
            payer.automation = how

    office.write(automation)
    office.close()
    path = tmp_path / "a.835"
    path.write_text(FILES[name](*both), encoding="utf-8")
    planned = run_cli("era", path, "--plan", "--json", "--practice", practice)
    done = run_cli("era", path, "--json", "--practice", practice)
    assert brief(planned.json["transactions"]) == brief(done.json["transactions"])
    assert planned.status == done.status


def test_a_plan_names_the_work_that_posting_will_make(
    practice: str, both: tuple[SentClaim, SentClaim], tmp_path: Path
) -> None:
    path = tmp_path / "a.835"
    path.write_text(denied_and_low(*both), encoding="utf-8")
    planned = run_cli("era", path, "--plan", "--json", "--practice", practice)
    (row,) = planned.json["transactions"]
    assert [(one["kind"], one["amount"], one["words"]) for one in row["needs"]] == [
        ("denied", "130.00", "03/02/2026 90837 is denied, CO-197"),
        ("denied", "130.00", "03/09/2026 90837 is denied, CO-197"),
        ("to_explain", "25.00", "WO OLD1 was taken and is to explain"),
        ("to_explain", "5.00", "CS BONUS7 was added and is to explain"),
        ("underpaid", "20.00", "03/02/2026 90834 is paid too low: 121.40 was agreed"),
    ]
    told = run_cli("era", path, "--plan", "--practice", practice)
    assert "03/02/2026 90837 is denied, CO-197, 130.00" in told.out


def test_what_a_later_check_of_the_file_settles_is_no_work(
    practice: str, both: tuple[SentClaim, SentClaim], tmp_path: Path
) -> None:
    path = tmp_path / "a.835"
    path.write_text(denied_then_paid(*both), encoding="utf-8")
    planned = run_cli("era", path, "--plan", "--json", "--practice", practice)
    first, second = planned.json["transactions"]
    assert [one["kind"] for one in first["needs"]] == ["underpaid"]
    assert second["needs"] == []
