"""The samples of the other reports: each row, sum and day, as they stand in the files."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from fscdesk.models.values import Money
from fscdesk.services.importing.planning import ReadFile
from fscdesk.services.importing.readers.report_rows import ReportFile
from fscdesk.services.importing.reading import ReadReport, read_any
from tests.support.report_files import SAMPLES, ZONE
from tests.support.shared import samples

D = date
EXPECTED: dict[str, tuple[int, int, date | None, date | None, dict[str, str]]] = {
    "sp_payment_export": (
        48, 48, D(2026, 3, 2), D(2026, 3, 31),
        {"amount": "3433.65", "client": "1839.00", "insurance": "1594.65"},
    ),
    "sp_income_alloc": (
        60, 60, D(2026, 3, 2), D(2026, 3, 31),
        {"amount": "3433.65", "client": "1839.00", "insurance": "1594.65"},
    ),
    "sp_card_tx": (
        60, 60, D(2026, 3, 2), D(2026, 3, 31),
        {"amount": "185.11", "fee": "67.20", "net": "117.91", "charge": "1749.00",
         "refund": "-55.00", "payout": "-1508.89"},
    ),
    "sp_ins_pay": (18, 18, D(2026, 3, 13), D(2026, 3, 27), {"amount": "1594.65"}),
    "sp_claims": (39, 39, D(2026, 3, 4), D(2026, 3, 29), {}),
    "sp_unpaid_ins": (
        31, 31, D(2026, 3, 9), D(2026, 3, 31),
        {"billed": "5745.00", "copay": "638.00", "insurance_billed": "5107.00",
         "insurance_paid": "0.00", "insurance_balance": "5107.00"},
    ),
    "sp_outstanding": (
        7, 7, None, None,
        {"services": "1031.00", "uninvoiced": "155.00", "invoiced": "876.00",
         "client_paid": "528.00", "client_balance": "503.00"},
    ),
    "sp_ins_aging": (
        4, 4, None, None,
        {"unbilled": "1520.00", "total_charges": "6835.00", "due_30": "0.00", "due_60": "0.00",
         "balance": "3803.00"},
    ),
    "sp_client_details": (23, 23, None, None, {}),
    "sp_attendance": (63, 62, D(2026, 3, 2), D(2026, 3, 31), {}),
}  # fmt: skip


def sample(report: str) -> ReportFile[Any]:
    read = read_any(samples() / SAMPLES[report], zone=ZONE)
    assert isinstance(read, ReadReport)
    return read.report


@pytest.mark.parametrize("report", SAMPLES)
def test_every_row_and_every_cent_is_read(report: str) -> None:
    file = sample(report)
    read, rows, first, last, totals = EXPECTED[report]
    assert file.report == report
    assert (file.read, len(file.rows), file.first_day, file.last_day) == (read, rows, first, last)
    assert {name: amount.plain() for name, amount in file.totals.items()} == totals
    assert file.read == len(file.rows) + len(file.skipped)
    assert (file.findings, file.preamble) == ([], [])
    assert [row.line for row in file.rows] == list(range(file.rows[0].line, read + 2))


@pytest.mark.parametrize("report", SAMPLES)
def test_the_raw_line_holds_every_cell(report: str) -> None:
    with (samples() / SAMPLES[report]).open(encoding="utf-8", newline="") as file:
        cells = list(csv.reader(file))
    for row in sample(report).rows:
        assert next(csv.reader([row.raw])) == cells[row.line - 1]


def test_sums_agree_with_a_plain_addition_of_the_column() -> None:
    with (samples() / SAMPLES["sp_payment_export"]).open(encoding="utf-8", newline="") as file:
        plain = sum(Decimal(row["Amount"]) for row in csv.DictReader(file))
    assert sample("sp_payment_export").totals["amount"] == Money(int(plain * 100))


def test_a_payment_a_refund_and_an_insurance_payment() -> None:
    rows = {row.payment_id: row for row in sample("sp_payment_export").rows}
    assert asdict(rows["880045"]) == {
        "line": 46,
        "raw": "880045,03/24/2026,Accounts Receivable Insurance,CHK,FICTA,251.40,0000481516",
        "payment_id": "880045",
        "paid_on": date(2026, 3, 24),
        "account": "insurance",
        "method_word": "CHK",
        "name": "FICTA",
        "amount": {"cents": 25140},
        "reference": "0000481516",
    }
    refund, check = rows["880047"], rows["880048"]
    assert (refund.account, refund.amount, refund.method_word) == (
        "client", Money(-5500), "Stripe",
    )  # fmt: skip
    assert (check.account, check.amount, check.reference) == ("client", Money(5000), "check 1047")


def test_allocations_name_their_appointment_codes_and_payer() -> None:
    rows = sample("sp_income_alloc").rows
    paid = next(row for row in rows if row.document == "Claim #99700111")
    assert asdict(paid) | {"raw": ""} == {
        "line": 47,
        "raw": "",
        "clinician": "Testa Fernsample",
        "clinician_id": "9000001",
        "source": "insurance",
        "description": "Imaginary Blue Plan of Nowhere",
        "paid_on": date(2026, 3, 13),
        "document": "Claim #99700111",
        "appointment_day": date(2026, 3, 6),
        "codes": "90832 90785",
        "client": "Minna Minorsample",
        "insurance_method": "ACH",
        "reference": "EFT9990126072",
        "amount": {"cents": 8670},
        "payer": "Imaginary Blue Plan of Nowhere",
    }
    refund, credit = rows[-2:]
    assert (refund.description, refund.codes, refund.amount) == ("Refund", "012", Money(-5500))
    assert (credit.description, credit.appointment_day, credit.document, credit.payer) == (
        "Unallocated credit", None, "", "",
    )  # fmt: skip


def test_payers_total_as_the_remittances_do() -> None:
    expected = json.loads((samples() / "expected.json").read_text())["era_totals"]
    for report in ("sp_ins_pay", "sp_income_alloc", "sp_payment_export"):
        sums: Counter[str] = Counter()
        for row in sample(report).rows:
            sums[row.reference] += row.amount.cents
        assert {name: Money(sums[name]).plain() for name in expected} == expected, report


def test_card_movements_are_in_utc_and_in_the_practices_day() -> None:
    file = sample("sp_card_tx")
    kinds = Counter(row.kind for row in file.rows)
    assert kinds == {"charge": 40, "payout": 19, "refund": 1}
    first = file.rows[0]
    assert first.created_at == datetime(2026, 3, 31, 15, 7, tzinfo=UTC)
    assert (first.created_day, first.available_on) == (date(2026, 3, 31), date(2026, 4, 2))
    assert (first.amount, first.fee, first.net) == (Money(2500), Money(109), Money(2391))
    payout = next(row for row in file.rows if row.source_id == "po_FICT0018")
    assert (payout.client, payout.kind, payout.net) == ("", "payout", Money(-8198))
    # One minute past midnight in UTC is the evening before in New York.
    assert (payout.created_day, payout.available_on) == (date(2026, 3, 29), date(2026, 3, 30))
    expected = json.loads((samples() / "expected.json").read_text())["stripe_payouts"]
    assert {row.source_id: (-row.net).plain() for row in file.rows if row.kind == "payout"} == (
        expected
    )


def test_dashes_are_no_references() -> None:
    unpaid = sample("sp_unpaid_ins").rows
    assert {row.payer_claim for row in unpaid} == {""}
    assert unpaid[0].clearinghouse_reference == "99700222"
    assert unpaid[-1].clearinghouse_reference == ""
    claims = sample("sp_claims").rows
    assert Counter(row.status for row in claims) == {
        "Paid": 17, "Accepted": 17, "Received": 3, "Denied": 2,
    }  # fmt: skip
    assert sum(not row.payer_claim for row in claims) == 22


def test_clients_keep_their_names_and_addresses() -> None:
    rows = sample("sp_client_details").rows
    first = rows[0]
    assert (first.client, first.kind, first.status) == ("Quill Fakerson", "Adult", "Inactive")
    assert (first.added_on, first.last_day, first.next_day) == (
        date(2025, 1, 10), date(2026, 3, 30), None,
    )  # fmt: skip
    assert (first.address, first.zip_code) == ("100 Nowhere Lane, Apt 4", "07000")
    assert (first.payer, first.member_id) == ("Imaginary Blue Plan of Nowhere (99901)", "ZZZ000000")
    assert rows[4].client == 'Roberta "Bobbie" Dummydata'
    assert rows[6].kind == "Couple"


def test_attendance_and_the_summary_in_front_of_it() -> None:
    file = sample("sp_attendance")
    assert [(row.line, row.reason_code) for row in file.skipped] == [(2, "summary")]
    assert Counter((row.status_word, row.attendance) for row in file.rows) == {
        ("Show", "completed"): 58,
        ("No Show", "no_show"): 1,
        ("Canceled", "cancelled"): 1,
        ("Late Canceled", "late_cancelled"): 1,
        ("Clinician Canceled", "clinician_cancelled"): 1,
    }


def test_sessions_are_still_read_as_sessions() -> None:
    read = read_any(samples() / "simplepractice_appointments_2026-03.csv", zone=ZONE)
    assert isinstance(read, ReadFile)
    assert len(read.content.rows) == 60
