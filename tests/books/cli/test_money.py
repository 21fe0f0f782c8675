"""Payments, receipts, invoices, superbills and reports on money by command."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from fscdesk.models.patient import Patient
from fscdesk.models.practice import Location
from fscdesk.services.connecting import open_office
from fscdesk.services.patients.coverage import add_diagnosis
from fscdesk.services.work import Work
from tests.support.cli import Ran, run_cli
from tests.support.clock import Clock
from tests.support.invoices import open_practice
from tests.support.payments import Till
from tests.support.pdf import page_texts
from tests.support.people import add_session
from tests.support.tables import digest_of

BAD_AMOUNTS = (
    *("NaN", "nan", "1e5", "١٢", "١٢.٠٠", "12.345", "12.3", "1_000", "Infinity", "0x10", "", " "),
    *("12,00", "1,00.00", "9999999999999999999999", "½", "--5", "$"),
)


@pytest.fixture
def till(practice: str, clock: Clock) -> Till:
    """The little practice, in a file or on the server."""
    office = open_office(practice, now=clock)

    def act(work: Work) -> Till:
        till = open_practice(work)
        work.db.add(Location(name="Main office", place_of_service="11"))
        work.db.get_one(Patient, till.ben).birth_date = date(1990, 5, 17)
        add_diagnosis(work, till.ben, "F41.1", valid_from=date(2026, 1, 1))
        return till

    try:
        return office.write(act).value
    finally:
        office.close()


def run(practice: str, *line: str | Path) -> Ran:
    return run_cli(*line, "--practice", practice)


def add(practice: str, *line: str | Path, amount: str = "120.00") -> Ran:
    return run(
        practice,
        *("payment", "add", "--from", "G-1", "--method", "check", "--amount", amount),
        *("--received", "2026-04-10", *line),
    )


# Payments


def test_oldest_first_with_the_rest_as_prepayment(practice: str, till: Till) -> None:
    line = ("--reference", "1047", "--oldest-first", "--rest", "prepayment", "--client", "P-1")
    ran = add(practice, *line, "--key", "k1", "--json")
    assert (ran.status, ran.err) == (0, "")
    found = ran.json
    assert (found["number"], found["amount"], found["applied"], found["unapplied"]) == (
        "PAY-2026-00001",
        "120.00",
        "60.00",
        "60.00",
    )
    assert found["repeated"] is False
    before = digest_of(practice)
    again = add(practice, *line, "--key", "k1", "--json")
    assert (again.status, again.json["repeated"], again.json["number"]) == (
        0,
        True,
        "PAY-2026-00001",
    )
    assert digest_of(practice) == before
    assert run(practice, "verify").status == 0


def test_charge_by_charge(practice: str, till: Till) -> None:
    first, second = till.copays
    ran = add(practice, "--charge", f"{first}=30.00", "--charge", f"{second}=12.50", amount="42.50")
    assert ran.status == 0, ran.err
    assert ran.out == (
        "Posted payment PAY-2026-00001: 42.50.\n  Applied 42.50, left as credit 0.00.\n"
    )


def test_a_payer_by_its_short_name(practice: str, till: Till) -> None:
    ran = run(
        practice,
        *("payment", "add", "--payer", "example east", "--method", "eft", "--amount", "140.00"),
        *("--oldest-first", "--json"),
    )
    assert (ran.status, ran.json["applied"]) == (0, "140.00"), ran.err
    listed = run(practice, "payment", "list", "--json").json
    assert [(one["account"], one["amount"]) for one in listed["payments"]] == [("99901", "140.00")]
    assert listed["total"] == "140.00"
    assert "Example East" in run(practice, "payment", "list").out


@pytest.mark.parametrize("amount", BAD_AMOUNTS)
def test_bad_amounts_are_refused_in_words(practice: str, till: Till, amount: str) -> None:
    before = digest_of(practice)
    for ran in (
        add(practice, "--client", "P-1", amount=amount),
        add(practice, "--charge", f"{till.copays[0]}={amount}", amount="30.00"),
        run(practice, "invoice", "--all", "--minimum", amount),
    ):
        assert (ran.status, ran.out) == (2, "")
        assert "is not an amount. Write it like 10.00." in ran.err
    assert digest_of(practice) == before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("--amount", "0.00"), "above zero"),
        (("--amount", "-5.00"), "above zero"),
        (("--amount", "99,999,999,999.00"), "more than these books can hold"),
        (("--amount", "5.00", "--received", "2026-05-01"), "has not come yet"),
        (("--amount", "5.00", "--received", "May"), "is not a day"),
        (("--amount", "5.00", "--charge", "30.00"), "is not a charge and its amount"),
        (("--amount", "5.00", "--charge", "٣=1.00"), "is not a charge and its amount"),
        (("--amount", "5.00", "--charge", "9999=5.00"), "not in the books"),
        (("--amount", "5.00", "--rest", "gift"), "is no kind of credit"),
        (("--amount", "5.00", "--client", "P-9"), "No client has the number"),
        (("--amount", "5.00", "--payer", "x"), "Say who paid"),
        (("--amount", "5.00", "--charge", "1=1.00", "--oldest-first"), "not both"),
        (
            (
                "--amount",
                "5.00",
            ),
            "Whose money the rest is",
        ),
    ],
)
def test_refusals_change_nothing(
    practice: str, till: Till, line: tuple[str, ...], words: str
) -> None:
    before = digest_of(practice)
    ran = run(practice, "payment", "add", "--from", "G-1", "--method", "cash", *line)
    assert (ran.status, ran.out) == (2, "")
    assert words in ran.err
    assert digest_of(practice) == before


def test_who_paid_must_be_known(practice: str, till: Till) -> None:
    facts = ("--method", "cash", "--amount", "5.00")
    for whom, words in (
        (("--from", "G-99"), "No account has the number G-99."),
        (("--payer", "nobody"), "No payer has the id or short name nobody."),
        ((), "Say who paid"),
    ):
        ran = run(practice, "payment", "add", *whom, *facts)
        assert (ran.status, words in ran.err) == (2, True), ran.err


# Papers


def test_a_receipt_is_given_again_exactly(practice: str, till: Till, tmp_path: Path) -> None:
    add(practice, "--oldest-first", amount="60.00")
    first = run(practice, "receipt", "PAY-2026-00001", "--out", tmp_path / "pdf", "--json")
    assert (first.status, first.err) == (0, "")
    page = Path(first.json["file"])
    assert page.name == "RC-2026-00001.pdf"
    assert hashlib.sha256(page.read_bytes()).hexdigest() == first.json["sha256"]
    assert "$60.00" in page_texts(page.read_bytes())[0]
    again = run(practice, "receipt", "pay-2026-00001", "--email", tmp_path, "--json")
    assert (again.json["number"], again.json["sha256"]) == ("RC-2026-00001", first.json["sha256"])
    assert Path(again.json["email"]["path"]).name == "RC-2026-00001.eml"
    ran = run(practice, "receipt", "PAY-2026-00099")
    assert (ran.status, ran.out) == (2, "")
    assert "There is no payment PAY-2026-00099." in ran.err


def test_a_file_in_the_way_leaves_a_receipt_that_can_be_written_again(
    practice: str, till: Till, tmp_path: Path
) -> None:
    add(practice, "--oldest-first", amount="60.00")
    (tmp_path / "RC-2026-00001.pdf").write_bytes(b"mine")
    ran = run(practice, "receipt", "PAY-2026-00001", "--out", tmp_path)
    assert (ran.status, ran.out) == (1, "")
    assert "Receipt RC-2026-00001 is kept in the practice; run it again." in ran.err
    assert run(practice, "receipt", "PAY-2026-00001", "--out", tmp_path / "free").status == 0
    nowhere = run(practice, "receipt", "PAY-2026-00001", "--out", tmp_path / "a" / "b")
    assert (nowhere.status, "No receipt was made." in nowhere.err) == (2, True)


def test_invoices_are_planned_made_sent_and_voided(
    practice: str, till: Till, tmp_path: Path
) -> None:
    before = digest_of(practice)
    plan = run(practice, "invoice", "--all", "--plan", "--json").json
    assert (plan["made"], plan["total"], len(plan["invoices"])) == (False, "220.00", 2)
    assert digest_of(practice) == before
    line = ("invoice", "--all", "--send", "--out", tmp_path, "--key", "k", "--json")
    ran = run(practice, *line)
    assert ran.status == 0, ran.err
    assert [(one["number"], one["amount"]) for one in ran.json["invoices"]] == [
        ("INV-2026-00001", "60.00"),
        ("INV-2026-00002", "160.00"),
    ]
    for one in ran.json["invoices"]:
        assert hashlib.sha256(Path(one["file"]).read_bytes()).hexdigest() == one["sha256"]
    again = run(practice, *line)
    assert (again.status, again.json["made"]) == (0, False)
    assert again.json["invoices"][0]["number"] == "INV-2026-00001"
    nothing = run(practice, "invoice", "--guarantor", "G-1")
    assert (nothing.status, nothing.out) == (2, "")
    assert "There is nothing to invoice." in nothing.err
    void = run(practice, "invoice", "--void", "inv-2026-00001", "--reason", "Wrong", "--json")
    assert (void.status, void.json) == (0, {"void": "INV-2026-00001"})
    third = run(practice, "invoice", "--client", "P-1", "--style", "summary")
    assert third.out.startswith("1 invoice made, 60.00 in all:\n  INV-2026-00003  60.00\n")
    assert run(practice, "verify").status == 0


def test_an_invoice_needs_somebody_and_a_void_a_reason(practice: str, till: Till) -> None:
    for line, words in (
        ((), "Say for whom"),
        (("--guarantor", "G-9"), "No account has the number"),
        (("--void", "INV-1"), "There is no invoice INV-1"),
        (("--all", "--net", "999"), "cannot be due after 999 days"),
    ):
        ran = run(practice, "invoice", *line)
        assert (ran.status, ran.out, words in ran.err) == (2, "", True), ran.err
    run(practice, "invoice", "--all")
    ran = run(practice, "invoice", "--void", "INV-2026-00001")
    assert (ran.status, "The reason is missing." in ran.err) == (2, True)


def test_less_than_the_minimum_is_said(practice: str, till: Till) -> None:
    ran = run(practice, "invoice", "--all", "--plan", "--minimum", "100.00")
    assert ran.status == 0
    assert "1 invoice would be made, 160.00 in all:" in ran.out
    assert "60.00 in all, less than the smallest invoice of 100.00: 2 charges" in ran.out
    assert ran.out.endswith("Nothing was made.\n")


def test_a_superbill(practice: str, till: Till, tmp_path: Path) -> None:
    period = ("--from", "2026-03-01", "--to", "2026-03-31")
    plan = run(practice, "superbill", "P-2", *period, "--plan", "--json")
    assert (plan.status, plan.json["services"], plan.json["superbills"]) == (1, 1, [])
    assert [one["code"] for one in plan.json["findings"]] == ["no-practice-id"]
    ran = run(practice, "superbill", "P-2", *period, "--out", tmp_path, "--json")
    assert ran.status == 1  # the practice has no tax id: done, and a person should look
    (page,) = ran.json["superbills"]
    assert "F41.1" in page_texts(Path(page["file"]).read_bytes())[0]
    lacking = run(practice, "superbill", "P-1", *period)
    assert (lacking.status, lacking.out) == (2, "")
    assert "Alma Anyone has no date of birth." in lacking.err
    assert "Superbill SB-2026-00001" in run(practice, "superbill", "P-2", *period).out


def test_a_superbill_says_which_sessions_have_no_place(practice: str, till: Till) -> None:
    def fill(work: Work) -> None:
        work.db.add(Location(name="Video", place_of_service="10"))
        for day in range(10, 16):
            add_session(work, till.ben, 1, day=date(2026, 3, day), share=160_00)

    office = open_office(practice)
    office.write(fill)
    office.close()
    period = ("--from", "2026-03-01", "--to", "2026-03-31")
    ran = run(practice, "superbill", "P-2", *period)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("Where 90837 of 03/03/2026, 03/10/2026, ")
    assert all(ran.err.count(f"03/{day}/2026") == 1 for day in range(10, 16))
    assert ran.err.rstrip().endswith("No superbill was made.")
    plan = run(practice, "superbill", "P-2", *period, "--plan").out
    assert plan.count("03/15/2026") == 1


# Reports


def test_the_reports_tie(practice: str, till: Till) -> None:
    add(practice, "--oldest-first", "--client", "P-1", amount="72.50")
    left = run(practice, "report", "unapplied", "--json")
    assert left.status == 0
    assert (left.json["total"], left.json["ledger"], left.json["difference"]) == (
        *("12.50", "12.50"),
        "0.00",
    )
    assert left.json["rows"][0]["owner"] == "Alma Anyone"
    assert "12.50" in run(practice, "report", "unapplied").out
    day = run(practice, "report", "day-sheet", "--day", "2026-04-10", "--json")
    assert (day.status, day.json["ties"], day.json["total"], day.json["money"]) == (
        *(0, True),
        *("132.50", "72.50"),
    )
    posted = run(practice, "report", "day-sheet", "--by", "posting", "--json").json
    assert (posted["ties"], posted["entries"]) == (True, 6)
    told = run(practice, "report", "day-sheet", "--as-of", "2026-04-10").out
    assert told == run(practice, "report", "day-sheet", "--day", "2026-04-10").out
    assert "Journal: 132.50, difference 0.00" in told
    assert "  Credit applied" in told
