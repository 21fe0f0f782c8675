"""Matching from the command line, on the bank's sample month."""

from __future__ import annotations

from pathlib import Path

from tests.support.cli import Ran, run_cli
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


def first_line(told: Ran, words: str) -> int:
    """Return the number of the one open line with these words."""
    lines = (line for one in told.json["proposals"] for line in one["lines"])
    (found,) = (line["id"] for line in lines if words in line["words"])
    return int(found)


def test_lines_are_matched_by_their_numbers_without_the_window(practice: str) -> None:
    bring_in(practice)
    run_cli("bank", "import", samples() / CHASE, "--practice", practice)
    told = run_cli("bank", "match", "--list", "--json", "--practice", practice)
    assert told.status == 1, told.err
    taken = next(one for one in told.json["proposals"] if one["reach"] == "reachable")
    numbers = [str(line["id"]) for line in taken["lines"]]
    done = run_cli("bank", "match", *numbers, "--json", "--practice", practice)
    assert (done.status, done.json["lines"]) == (0, [int(one) for one in numbers]), done.err
    again = run_cli("bank", "match", *numbers, "--practice", practice)
    assert again.status == 2
    assert "not open in this account" in again.err
    fee = first_line(told, "MONTHLY SERVICE FEE")
    posted = run_cli(
        *("bank", "match", str(fee), "--to", "7500", "--memo", "Bank fee"), "--practice", practice
    )
    assert posted.status == 0, posted.err
    listed = run_cli("bank", "match", "--matched", "--json", "--practice", practice)
    by_line = {line["id"]: one for one in listed.json["matches"] for line in one["lines"]}
    assert {int(one) for one in numbers} <= {*by_line}
    apart = run_cli(
        *("bank", "unmatch", str(by_line[fee]["id"]), "--reason", "Not a fee"),
        *("--practice", practice),
    )
    assert apart.status == 0, apart.err
    spoken = run_cli("bank", "match", "--list", "--practice", practice)
    assert f"Line {fee}: 03/" in spoken.out
    assert " of ours not at the bank." in spoken.out
    assert "Match " in run_cli("bank", "match", "--matched", "--practice", practice).out


def test_a_line_is_what_a_person_names(practice: str) -> None:
    bring_in(practice)
    run_cli("bank", "import", samples() / CHASE, "--practice", practice)
    told = run_cli("bank", "match", "--list", "--json", "--practice", practice)
    traced = next(
        one
        for one in told.json["proposals"]
        if one["reach"] == "reachable" and (len(one["lines"]), len(one["items"])) == (1, 1)
    )
    (line,), (item,) = traced["lines"], traced["items"]
    assert item["name"] in {one["name"] for one in told.json["items"]}
    wrong = run_cli("bank", "match", str(line["id"]), "--with", "payment-99999", *at(practice))
    assert (wrong.status, "payment-99999 is no open item" in wrong.err) == (2, True)
    done = run_cli("bank", "match", str(line["id"]), "--with", item["name"], *at(practice))
    assert done.status == 0, done.err
    money_in = next(
        one for one in told.json["proposals"] if one["hold"] and one["lines"] != traced["lines"]
    )
    held = [str(one["id"]) for one in money_in["lines"]]
    kept = run_cli("bank", "match", *held, "--hold", *at(practice))
    assert kept.status == 0, kept.err
    several = next((one for one in told.json["proposals"] if one["choices"]), None)
    if several is not None:
        which = [str(one["id"]) for one in several["lines"]]
        none = run_cli("bank", "match", *which, "--choice", "9", *at(practice))
        assert (none.status, "There is no choice 9" in none.err) == (2, True)
    for words, said in (
        (("--hold",), "No line was named"),
        (("7", "--list"), "matched by itself"),
        ((held[0], "--memo", "x"), "belong to an entry"),
        (("99999",), "not open in this account"),
    ):
        refused = run_cli("bank", "match", *words, *at(practice))
        assert (refused.status, said in refused.err) == (2, True), refused.err


def at(practice: str) -> tuple[str, str]:
    return "--practice", practice


def test_a_line_that_came_twice_is_taken_out(practice: str, tmp_path: Path) -> None:
    for name, words in (("a.csv", "MOBILE DEPOSIT"), ("b.csv", "MOBILE DEPOSIT REF 77")):
        file = tmp_path / name
        file.write_text(f'"03/27/2026","10.00","*","","{words}"\n', encoding="utf-8")
        read = run_cli("bank", "import", file, "--practice", practice)
    assert "may be the line that came with BST-" in read.out, read.err
    told = run_cli("bank", "match", "--list", "--json", "--practice", practice)
    second = str(first_line(told, "REF 77"))
    done = run_cli("bank", "take-out", second, "--practice", practice)
    assert done.out == f"Line {second} was taken out; later files do not bring it again.\n"
    again = run_cli("bank", "take-out", second, "--practice", practice)
    assert (again.status, "taken out already" in again.err) == (2, True)
    same = run_cli("bank", "import", tmp_path / "b.csv", "--practice", practice)
    assert "0 were added to Operating account, 0 known, 1 left out" in same.out
