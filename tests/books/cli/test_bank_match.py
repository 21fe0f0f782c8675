"""Matching from the command line, on the bank's sample month."""

from __future__ import annotations

from tests.support.cli import run_cli
from tests.support.shared import samples

CHASE = "bank_chase_checking_2026-03.csv"
EXPORT = "simplepractice_PaymentExport_03312026.csv"
MARCH = "simplepractice_appointments_2026-03.csv"


def bring_in(practice: str) -> None:
    """Read the month's sessions and payments."""
    for name in (MARCH, EXPORT):
        done = run_cli("import", samples() / name, "--accept", "proposals", "--practice", practice)
        assert done.status in (0, 1), done.err


def test_the_month_is_matched_told_and_taken_apart(practice: str) -> None:
    read = run_cli("bank", "import", samples() / CHASE, "--json", "--practice", practice)
    assert (read.status, read.json["matched"]) == (0, [])
    bring_in(practice)
    told = run_cli("bank", "match", "--json", "--practice", practice)
    assert told.status == 1, told.err
    certain = [one for one in told.json["proposals"] if one["certain"]]
    assert {(one["by"], one["reach"]) for one in certain} == {("trace", "reachable")}
    assert sorted(one["amount"] for one in certain) == ["244.75", "313.15", "356.20", "429.15"]
    assert told.json["matched"] == []
    done = run_cli("bank", "match", "--apply-certain", "--practice", practice)
    assert "Match 1: EFT9990126072 is PAY-2026-" in done.out, done.err
    assert "03/13/2026  145.00  DEPOSIT ID NUMBER 000001" in done.out
    apart = run_cli("bank", "unmatch", "1", "--reason", "Not this one", "--practice", practice)
    assert apart.out == "Match 1 was taken apart; its lines are open again.\n"
    again = run_cli("bank", "unmatch", "1", "--reason", "Again", "--practice", practice)
    assert (again.status, "taken apart already" in again.err) == (2, True)
    missing = run_cli("bank", "unmatch", "77", "--reason", "No", "--practice", practice)
    assert (missing.status, "This match is not in the books" in missing.err) == (2, True)


def test_a_plan_tells_what_it_would_match(practice: str) -> None:
    bring_in(practice)
    plan = run_cli("bank", "import", samples() / CHASE, "--plan", "--practice", practice)
    assert "Would match by itself: EFT9990126072 is PAY-2026-" in plan.out
    done = run_cli("bank", "import", samples() / CHASE, "--practice", practice)
    assert done.out.count("Matched by itself: ") == 4
