"""The commands for the bank, on the sample month."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli import run_cli
from tests.support.shared import samples

CHASE = "bank_chase_checking_2026-03.csv"


def test_a_month_is_planned_read_and_taken_back(practice: str) -> None:
    file = str(samples() / CHASE)
    planned = run_cli("bank", "import", file, "--plan", "--json", "--practice", practice)
    assert planned.status == 0, planned.err
    assert (planned.json["read"], planned.json["created"]) == (30, 30)
    assert (planned.json["credits"], planned.json["debits"]) == ("3310.29", "-4364.00")
    assert (planned.json["opening"], planned.json["closing"]) == ("5000.00", "3946.29")
    assert planned.json["statement"] == ""
    done = run_cli("bank", "import", file, "--account", "operating account", "--practice", practice)
    assert done.status == 0, done.err
    assert "30 lines read, 30 were added to Operating account" in done.out
    again = run_cli("bank", "import", file, "--json", "--practice", practice)
    assert (again.json["created"], again.json["unchanged"]) == (0, 30)
    assert again.json["duplicate_of"].startswith("BST-2026-00001")
    taken = run_cli("bank", "undo", "BST-2026-00001", "--practice", practice)
    assert "30 lines left the account" in taken.out
    listed = run_cli("bank", "accounts", "--json", "--practice", practice)
    assert [one["name"] for one in listed.json["accounts"]] == ["Operating account"]


def test_counts_are_written_one_way(practice: str, tmp_path: Path) -> None:
    heading = "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n"
    rows = (f"CREDIT,03/04/2026,LINE {at},1.00,ACH,,,\n" for at in range(1_200))
    file = tmp_path / "many.csv"
    file.write_text(heading + "".join(rows), encoding="utf-8")
    done = run_cli("bank", "import", str(file), "--practice", practice)
    assert "1,200 lines read, 1,200 were added to Operating account" in done.out
    again = run_cli("bank", "import", str(file), "--practice", practice)
    assert "1,200 known, 0 left out" in again.out


def test_a_wrong_account_or_statement_is_refused(practice: str) -> None:
    file = str(samples() / CHASE)
    refused = run_cli("bank", "import", file, "--account", "Payroll", "--practice", practice)
    assert refused.status == 2
    assert "There are: Operating account." in refused.err
    unknown = run_cli("bank", "undo", "BST-2026-00077", "--practice", practice)
    assert (unknown.status, "no bank statement" in unknown.err) == (2, True)


def test_an_account_is_added_and_changed(practice: str) -> None:
    added = run_cli(
        *("bank", "account", "Savings", "--number", "55 5777", "--json", "--practice", practice)
    )
    assert added.status == 0, added.err
    assert (added.json["account"], added.json["ending"]) == ("1001", "5777")
    line = ("--starts-on", "2026-03-01", "--starts-with", "5000.00", "--bank", "Fictional Bank")
    changed = run_cli("bank", "account", "savings", *line, "--json", "--practice", practice)
    assert changed.status == 0, changed.err
    assert (changed.json["id"], changed.json["ending"]) == (added.json["id"], "5777")
    assert (changed.json["starts_on"], changed.json["starts_with"]) == ("2026-03-01", "5000.00")
    short = run_cli("bank", "account", "Payroll", "--number", "12", "--practice", practice)
    assert (short.status, "too short" in short.err) == (2, True)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("stripe_payouts_itemized_*.csv", "This is a payout report (Stripe payouts, itemized)"),
        ("simplepractice_Card_Transactions_*.csv", "This is a report of card payments ("),
        ("simplepractice_PaymentExport_*.csv", "This is a report ("),
    ],
)
def test_a_report_is_no_statement(practice: str, pattern: str, words: str) -> None:
    (file,) = samples().glob(pattern)
    refused = run_cli("bank", "import", str(file), "--practice", practice)
    assert (refused.status, words in refused.err) == (2, True), refused.err
    assert "Import it with “import”" in refused.err


def test_an_unknown_table_names_the_screen_that_maps_it(practice: str, tmp_path: Path) -> None:
    file = tmp_path / "union.csv"
    file.write_text("Booked,Who,Out,In\n03/04/2026,a,,2.00\n", encoding="utf-8")
    refused = run_cli("bank", "import", str(file), "--practice", practice)
    assert (refused.status, "Setup › Bank accounts › Bank files" in refused.err) == (2, True)
