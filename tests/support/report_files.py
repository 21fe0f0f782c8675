"""SimplePractice's other reports for tests: the samples, and small tables of each kind."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from fscdesk.services.importing.readers.report_rows import ReportFile
from fscdesk.services.importing.readers.reports import read_report
from fscdesk.services.importing.recognising import recognise
from tests.support.appointment_files import Table, source, written
from tests.support.shared import samples

ZONE = ZoneInfo("America/New_York")

SAMPLES = {
    "sp_payment_export": "simplepractice_PaymentExport_03312026.csv",
    "sp_income_alloc": "simplepractice_income_allocation_pay_period_2026-03.csv",
    "sp_card_tx": (
        "simplepractice_Card_Transactions_Report_For_Fictional_Springs_Counseling"
        "_2026-04-01_080000.csv"
    ),
    "sp_ins_pay": "simplepractice_insurance_payment_reports_2026-03.csv",
    "sp_claims": "simplepractice_insurance_claims_report_2026-03.csv",
    "sp_unpaid_ins": "simplepractice_unpaid_insurance_appointments_report_2026-03.csv",
    "sp_outstanding": "simplepractice_outstanding_balances.csv",
    "sp_ins_aging": "simplepractice_insurance_aging_report.csv",
    "sp_client_details": "simplepractice_client_details_report.csv",
    "sp_attendance": "simplepractice_client_attendance_report_2026-03.csv",
}

LINES: dict[str, tuple[str, str]] = {
    "sp_payment_export": (
        "Payment ID,Date Paid,Account,Payment type,Name,Amount,Payment Reference ID",
        "880001,03/02/2026,Accounts Receivable,Stripe,Quill Fakerson,30.00,0001",
    ),
    "sp_income_alloc": (
        (
            "Clinician,ClinicianId,Source,Description,Date Paid,Invoice or Claim #,"
            "Invoice or Claim URL,Appointment,Details,Client,Insurance Payment Type,"
            "Insurance Check/Wire Number,Amount Paid"
        ),
        (
            "Testa Fernsample,9000001,Insurance Payment,FICTA,03/24/2026,Claim #99700999,"
            "https://example.invalid/claims/99700999,03/06/2026,012 90785,Quill Fakerson,CHK,"
            "0000481516,106.40"
        ),
    ),
    "sp_payer_alloc": (
        "Payer,Clinician,Allocated Amount",
        "FICTA,Testa Fernsample,251.40",
    ),
    "sp_card_tx": (
        (
            "Client name,Transaction ID,Transaction Type,Source,Amount,Fee,Net,Currency,"
            "Created (UTC),Available On (UTC)"
        ),
        ("Quill Fakerson,txn_1,charge,ch_1,30.00,1.25,28.75,usd,03/03/2026 02:07,03/05/2026 00:00"),
    ),
    "sp_ins_pay": (
        (
            "Date Received,Client,Payer,Amount,Clearinghouse Reference,Payer Claim,"
            "Payment Reference,Payment Status"
        ),
        "03/24/2026,José Ficción,FICTA,0.00,99700222,FIC2026078X,0000481516,Denied",
    ),
    "sp_claims": (
        "Date Submitted,Client,Status,Payer,Clearinghouse Reference,Payer Claim",
        "03/28/2026,Jules Groupmock,Accepted,Example East,99701406,--",
    ),
    "sp_unpaid_ins": (
        (
            "Date,Client,Clearinghouse Reference,Payer Claim,Billed,Co-Pay,Ins. Billed,"
            "Ins. Paid,Ins. Balance"
        ),
        "03/12/2026,Hank Groupmock,99701258,--,75.00,10.00,65.00,0.00,65.00",
    ),
    "sp_outstanding": (
        ("Client,Clinician,Services Provided,Uninvoiced,Invoiced,Client Paid,Client Balance"),
        "Dee O'Example,Testa Fernsample,290.00,0.00,290.00,100.00,190.00",
    ),
    "sp_ins_aging": (
        "Insurance Payer,Unbilled,Total Charges,Due 30 days,Due 60 days,Balance Due",
        "Example East,445.00,1715.00,0.00,0.00,938.00",
    ),
    "sp_client_details": (
        (
            "Client,Client type,Date added,Primary clinician,Last appointment,"
            "Next appointment,Address,City,State,ZIP,Phone number,Email,Contact name,"
            "Contact phone,Contact email,Primary insurance,Insurance ID,Status"
        ),
        (
            'Quill Fakerson,Adult,01/10/2025,Testa Fernsample,03/30/2026,,"100 Nowhere Lane,'
            ' Apt 4",Sampleville,NJ,07000,(555) 010-0000,client00@example.invalid,,,,'
            "FICTA (99904),ZZ0,Active"
        ),
    ),
    "sp_attendance": (
        "client_name,clinician_name,date_of_service,office_name,status",
        "Quill Fakerson,Testa Fernsample,03/02/2026,Video Office,Show",
    ),
}
"""A header and a row of each report, as SimplePractice writes them."""


def heading(report: str) -> list[str]:
    """The header of a report."""
    return next(csv.reader([LINES[report][0]]))


def line(report: str, **cells: str) -> list[str]:
    """A row of a report with some cells changed, by their headings without blanks and marks."""
    names = ["".join(filter(str.isalnum, name)) for name in heading(report)]
    row = next(csv.reader([LINES[report][1]]))
    for name, cell in cells.items():
        row[names.index(name)] = cell
    return row


def report_sample(report: str) -> Table:
    """The cells of a sample, header first."""
    with (samples() / SAMPLES[report]).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def read_bytes(data: bytes | str) -> ReportFile[Any]:
    """What the reader makes of these bytes, recognised on the way."""
    file = source(data)
    recognised = recognise(file)
    assert recognised is not None, "not recognised"
    return read_report(file, recognised, ZONE)


def read_lines(report: str, *rows: list[str]) -> ReportFile[Any]:
    """What the reader makes of these rows under the header of a report."""
    return read_bytes(written([heading(report), *rows]))


def bare(file: ReportFile[Any]) -> list[Any]:
    """The rows without what tells how they were written: lines and raw text."""
    return [replace(row, line=0, raw="") for row in file.rows]


def told(file: ReportFile[Any]) -> list[tuple[str, str]]:
    """Code and place of the findings, in their order."""
    return [(finding.code, finding.where) for finding in file.findings]
