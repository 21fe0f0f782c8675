"""The commands for the books: months, entries, what comes again, years, ledgers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fscdesk.models.values import Money
from fscdesk.services.accounting.journal import ManualLeg
from fscdesk.services.accounting.opening import OpeningDraft, OpeningLine, open_books
from fscdesk.services.accounting.recurring import Every, RecurringDraft, save_recurring
from fscdesk.services.connecting import open_office
from tests.support.cli import run_cli
from tests.support.clock import Clock


def test_a_month_is_posted_closed_and_opened(practice: str, tmp_path: Path) -> None:
    bill = tmp_path / "rent.pdf"
    bill.write_bytes(b"%PDF-1.7")
    words = ("--memo", "Rent", "--on", "2026-03-31", "--practice", practice)
    lines = ("7000:1200.00", "1000:-1200.00")
    done = run_cli("books", "entry", *lines, *words, "--attach", str(bill))
    assert done.status == 0, done.err
    assert "was posted on 03/31/2026." in done.out
    ledger = run_cli("books", "ledger", "7000", "--json", "--practice", practice)
    assert (ledger.json["closing"], ledger.json["page"]["total"]) == ("1200.00", 1)
    number = ledger.json["page"]["rows"][0]["number"]
    waits = run_cli("books", "close", "2026-03", "--plan", "--practice", practice)
    left = "Not reconciled to 03/31/2026: Operating account."
    assert (waits.status, waits.out) == (1, f"{left}\n")
    empty = run_cli("books", "close", "2026-02", "--plan", "--practice", practice)
    assert (empty.status, empty.out) == (0, "February 2026 waits for nothing.\n")
    shut = run_cli("books", "close", "2026-03", "--practice", practice)
    assert (shut.status, shut.out) == (
        0,
        f"March 2026 is closed.\nStill not done: {left}\n",
    )
    listed = run_cli("books", "periods", "--json", "--practice", practice)
    assert [one["status"] for one in listed.json["periods"]] == ["open", "closed"]
    refused = run_cli("books", "entry", *lines, *words)
    assert refused.status == 2
    assert "March 2026 is closed." in refused.err
    late = run_cli("books", "entry", *lines, *words, "--late-reason", "Came late", "--json")
    assert late.json["on"] == "2026-03-31"
    told = run_cli("books", "periods", "--practice", practice)
    assert "2026-03  closed, 2 entries, 1 of them late" in told.out
    opened = run_cli(
        "books", "open", "2026-03-15", "--reason", "A bill", "--soft", "--practice", practice
    )
    assert opened.out == "March 2026 is soft-closed.\n"
    back = run_cli("books", "reverse", number, "--reason", "Wrong", "--practice", practice)
    assert (back.status, "was posted on 04/12/2026" in back.out) == (0, True)
    shown = run_cli("books", "ledger", "7000", "--from", "2026-04-01", "--practice", practice)
    assert "7000 Rent: 2,400.00 before" in shown.out
    assert "1,200.00 at the end of 04/12/2026" in shown.out


def test_a_line_that_is_none_is_refused_in_words(practice: str) -> None:
    for line in ("7000", "7000:many", "rent"):
        refused = run_cli(
            *("books", "entry", line, "--on", "2026-04-01", "--memo", "x"),
            *("--practice", practice),
        )
        assert refused.status == 2
        assert "is no line. Write account and amount" in refused.err


def test_a_year_is_planned_closed_and_taken_back(practice: str) -> None:
    run_cli(
        *("books", "entry", "7000:5.00", "1000:-5.00", "--on", "2025-06-30", "--memo", "Rent"),
        *("--practice", practice),
    )
    planned = run_cli("books", "year-end", "2025", "--plan", "--practice", practice)
    assert planned.status == 1
    assert "2025 earned -5.00." in planned.out
    assert "December 2025 is open" in planned.out
    run_cli("books", "close", "2025-12", "--soft", "--practice", practice)
    done = run_cli("books", "year-end", "2025", "--json", "--practice", practice)
    assert done.json["on"] == "2025-12-31"
    again = run_cli("books", "year-end", "2025", "--practice", practice)
    assert (again.status, "closed already" in again.err) == (2, True)
    told = run_cli("books", "year-end", "2025", "--plan", "--practice", practice)
    assert told.status == 0
    assert told.out.splitlines()[0].split() == ["Income", "Expense"]
    assert told.out.splitlines()[1].split() == ["7000", "Rent", "5.00"]
    assert "2025 earned -5.00. It is carried to 3100 Retained earnings by entry" in told.out
    back = run_cli("books", "year-end", "2025", "--undo", "A bill", "--practice", practice)
    assert back.status == 0, back.err


def test_nothing_comes_again_in_new_books(practice: str) -> None:
    listed = run_cli("books", "recurring", "--json", "--practice", practice)
    assert (listed.status, listed.json) == (0, {"recurring": [], "posted": []})
    none = run_cli("books", "recurring", "--post", "--practice", practice)
    assert none.out == "0 entries posted.\n"


def test_the_next_day_of_each_is_posted_and_an_opening_is_not_reversed(
    practice: str, clock: Clock
) -> None:
    legs = (ManualLeg("7000", 100), ManualLeg("1000", -100))
    held = OpeningLine("1000", Money(10_00)), OpeningLine("3000", Money(-10_00))
    office = open_office(practice, now=clock)
    draft = RecurringDraft("Rent", Every.MONTH, date(2026, 2, 1), legs)
    office.write(lambda work: save_recurring(work, draft))
    opening = OpeningDraft(date(2026, 1, 1), held)
    opened = office.write(lambda work: open_books(work, opening)).value
    office.close()
    posted = run_cli("books", "recurring", "--post", "--json", "--practice", practice)
    assert (posted.status, [one["on"] for one in posted.json["posted"]]) == (0, ["2026-02-01"])
    for _ in range(2):
        run_cli("books", "recurring", "--post", "--practice", practice)
    none = run_cli("books", "recurring", "--post", "--practice", practice)
    assert (none.status, none.out) == (0, "0 entries posted.\n")
    refused = run_cli("books", "reverse", opened.number, "--reason", "x", "--practice", practice)
    assert refused.status == 2
    assert "Take the opening back instead" in refused.err
