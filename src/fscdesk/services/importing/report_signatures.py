"""The reports beside the appointments that fscdesk reads: their headings, and what they mean.

From public evidence about SimplePractice exports; the grades are in the domain notes. Where a
heading was never seen in a file, the likely spellings stand one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fscdesk.services.spreadsheets.tables import heading_key

_NEAR = 5


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """A column of a report: its field, and the headings (folded) that it may have, best first."""

    field: str
    title: str
    headings: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class ReadableReport:
    """A report whose rows are read: it matches when every required column is there.

    ``without`` are headings (folded) that show that a table is something else.
    """

    profile: str
    title: str
    columns: tuple[ReportColumn, ...]
    without: frozenset[str] = frozenset()

    def lacks(self, names: frozenset[str]) -> list[str]:
        """Return the titles of the required columns that a header does not have."""
        return [
            column.title
            for column in self.columns
            if column.required and names.isdisjoint(column.headings)
        ]

    def knows(self, names: frozenset[str]) -> int:
        """Count the columns of this report that a header has."""
        return sum(not names.isdisjoint(column.headings) for column in self.columns)

    def matches(self, names: frozenset[str]) -> bool:
        """Say whether a header with these names is this report's."""
        return not self.lacks(names) and self.without.isdisjoint(names)

    def nearly(self, names: frozenset[str]) -> bool:
        """Say whether only one required column of many is not there."""
        return len(self.lacks(names)) == 1 and self.knows(names) >= _NEAR

    def places(self, names: Sequence[str]) -> tuple[dict[str, int], str]:
        """Return where each field stands under these headings, and what is unclear, if anything."""
        found: dict[str, int] = {}
        for column in self.columns:
            heading = next((name for name in column.headings if name in names), None)
            if heading is None:
                continue
            if names.count(heading) > 1:
                return found, (
                    f"the column “{column.title}” is there more often than once, so it is unclear "
                    "which of them counts."
                )
            found[column.field] = names.index(heading)
        return found, ""


def _report(
    profile: str, title: str, columns: dict[str, str], *, without: str = ""
) -> ReadableReport:
    """Build a report from field to ``Heading|other heading``; ``*`` in front means required."""
    built = []
    for field, headings in columns.items():
        names = headings.removeprefix("*").split("|")
        keys = tuple(heading_key(name) for name in names)
        built.append(ReportColumn(field, names[0], keys, headings.startswith("*")))
    absent = frozenset(heading_key(name) for name in without.split("|") if name)
    return ReadableReport(profile, title, tuple(built), absent)


_SERVICES = (
    "Billing Code|Service Code|Procedure Code|CPT Code|CPT|Code|Procedure|Service|Services"
    "|Treatment Name|Appointment Type|Session Type|Units|Rate|Rate per Unit|Total Fee|Fee"
)
"""What a list of sessions has: it may hold a payer and an amount too, and has to be mapped."""

PAYMENT_EXPORT = "sp_payment_export"
INCOME_ALLOCATION = "sp_income_alloc"
PAYER_ALLOCATION = "sp_payer_alloc"
CARD_TRANSACTIONS = "sp_card_tx"
STRIPE_PAYOUTS = "stripe_payouts_itemized"
STRIPE_BALANCE = "stripe_balance_tx"
INSURANCE_PAYMENTS = "sp_ins_pay"
INSURANCE_CLAIMS = "sp_claims"
UNPAID_INSURANCE = "sp_unpaid_ins"
OUTSTANDING_BALANCES = "sp_outstanding"
INSURANCE_AGING = "sp_ins_aging"
CLIENT_DETAILS = "sp_client_details"
ATTENDANCE = "sp_attendance"

READABLE_REPORTS = (
    _report(
        INCOME_ALLOCATION,
        "SimplePractice income allocation (pay period) report",
        {
            "clinician": "*Clinician",
            "clinician_id": "ClinicianId",
            "source": "*Source",
            "description": "Description",
            "paid_on": "*Date Paid",
            "document": "Invoice or Claim #",
            "appointment_day": "Appointment",
            "codes": "Details",
            "client": "*Client",
            "insurance_method": "Insurance Payment Type",
            "reference": "Insurance Check/Wire Number",
            "amount": "*Amount Paid|Amount|Allocated Amount",
            "payer": "Payer",
        },
    ),
    _report(
        PAYER_ALLOCATION,
        "SimplePractice insurance payer allocation report",
        {
            "payer": "*Payer|Insurance Payer|Payer Name",
            "clinician": "*Clinician|Clinician Name",
            "amount": "*Amount|Allocated Amount|Insurance Amount|Amount Paid|Insurance Paid"
            "|Insurance Amount Paid|Amount Allocated|Insurance Payments|Insurance Payment"
            "|Total Allocated|Total Amount|Total Paid|Paid|Total",
            "clinician_id": "ClinicianId",
            "description": "Description",
            "paid_on": "Date Paid|Date Received|Payment Date",
            "document": "Invoice or Claim #|Claim #",
            "appointment_day": "Appointment",
            "codes": "Details",
            "client": "Client",
            "insurance_method": "Insurance Payment Type|Payment Type",
            "reference": "Insurance Check/Wire Number|Payment Reference",
        },
        without=f"{_SERVICES}|Date of Service|Service Date|Session Date|Appointment Date|Start"
        "|Start Time|Start At|Purchase Date|Invoice #|Status",
    ),
    _report(
        PAYMENT_EXPORT,
        "SimplePractice payment export",
        {
            "payment_id": "*Payment ID",
            "paid_on": "*Date Paid",
            "account": "*Account",
            "method_word": "Payment type",
            "name": "*Name",
            "amount": "*Amount",
            "reference": "Payment Reference ID|Payment Reference",
        },
    ),
    _report(
        CARD_TRANSACTIONS,
        "SimplePractice card transactions report",
        {
            "client": "*Client name|Client",
            "transaction_id": "*Transaction ID",
            "kind": "*Transaction Type",
            "source_id": "Source",
            "amount": "*Amount",
            "fee": "Fee",
            "net": "Net",
            "currency": "Currency",
            "created_at": "*Created (UTC)",
            "available_on": "Available On (UTC)",
        },
    ),
    _report(
        STRIPE_PAYOUTS,
        "Stripe payouts, itemized",
        {
            "payout": "*payout_id|automatic_payout_id",
            "transaction_id": "*balance_transaction_id",
            "kind": "*reporting_category",
            "source_id": "source_id|description",
            "amount": "*gross",
            "fee": "fee",
            "net": "*net",
            "currency": "currency",
            "created_at": "*effective_at_utc|effective_at|automatic_payout_effective_at",
        },
    ),
    _report(
        STRIPE_BALANCE,
        "Stripe balance transactions",
        {
            "transaction_id": "*id",
            "kind": "*Type",
            "source_id": "*Source",
            "amount": "*Amount",
            "fee": "*Fee",
            "net": "*Net",
            "currency": "Currency",
            "created_at": "*Created (UTC)",
            "available_on": "*Available On (UTC)",
            "payout": "Transfer",
        },
    ),
    _report(
        INSURANCE_PAYMENTS,
        "SimplePractice insurance payment report",
        {
            "received_on": "*Date Received",
            "client": "*Client",
            "payer": "*Payer",
            "amount": "*Amount",
            "clearinghouse_reference": "Clearinghouse Reference",
            "payer_claim": "Payer Claim",
            "reference": "*Payment Reference",
            "status": "Payment Status",
        },
    ),
    _report(
        INSURANCE_CLAIMS,
        "SimplePractice insurance claims report",
        {
            "submitted_on": "*Date Submitted",
            "client": "*Client",
            "status": "*Status",
            "payer": "*Payer",
            "clearinghouse_reference": "Clearinghouse Reference",
            "payer_claim": "Payer Claim",
        },
    ),
    _report(
        UNPAID_INSURANCE,
        "SimplePractice unpaid insurance appointments report",
        {
            "day": "*Date",
            "client": "*Client",
            "clearinghouse_reference": "Clearinghouse Reference",
            "payer_claim": "Payer Claim",
            "billed": "Billed",
            "copay": "Co-Pay",
            "insurance_billed": "*Ins. Billed|Insurance Billed",
            "insurance_paid": "*Ins. Paid|Insurance Paid",
            "insurance_balance": "*Ins. Balance|Insurance Balance",
        },
    ),
    _report(
        INSURANCE_AGING,
        "SimplePractice insurance aging report",
        {
            "payer": "*Insurance Payer",
            "unbilled": "*Unbilled",
            "total_charges": "*Total Charges",
            "due_30": "Due 30 days",
            "due_60": "Due 60 days",
            "balance": "*Balance Due",
        },
    ),
    _report(
        ATTENDANCE,
        "SimplePractice client attendance report",
        {
            "client": "*client_name",
            "clinician": "*clinician_name",
            "day": "*date_of_service",
            "office": "office_name",
            "status_word": "*status",
        },
        without=_SERVICES,
    ),
    _report(
        CLIENT_DETAILS,
        "SimplePractice client details report",
        {
            "client": "*Client",
            "kind": "*Client type",
            "added_on": "*Date added",
            "clinician": "*Primary clinician",
            "last_day": "Last appointment",
            "next_day": "Next appointment",
            "address": "Address",
            "city": "City",
            "state": "State",
            "zip_code": "ZIP",
            "phone": "Phone number",
            "email": "Email",
            "contact_name": "Contact name",
            "contact_phone": "Contact phone",
            "contact_email": "Contact email",
            "payer": "Primary insurance",
            "member_id": "Insurance ID",
            "status": "Status",
        },
    ),
    _report(
        OUTSTANDING_BALANCES,
        "SimplePractice outstanding balances report",
        {
            "client": "*Client",
            "clinician": "Clinician",
            "services": "*Services Provided",
            "uninvoiced": "*Uninvoiced",
            "invoiced": "*Invoiced",
            "client_paid": "*Client Paid",
            "client_balance": "*Client Balance",
            "previous_total": "Prev. Total balance|Previous Total balance",
            "previous_client": "Prev. Client balance|Previous Client balance",
            "client_payments": "Client payments",
            "client_write_off": "Client write off",
            "total_balance": "Total balance",
            "insurance_paid": "Insurance paid",
            "insurance_write_off": "Insurance write off",
            "insurance_balance": "Insurance balance",
        },
    ),
)
"""Every report that ``readers.reports.read_report`` takes."""

_TITLES = {report.profile: report.title for report in READABLE_REPORTS}


def is_report(profile: str) -> bool:
    """Say whether a batch of this profile held another report than sessions."""
    return profile in _TITLES


def report_titles() -> tuple[str, ...]:
    """Return the reports beside the sessions as lists name them, each once."""
    return tuple(dict.fromkeys(short_title(profile) for profile in _TITLES))


def short_title(profile: str) -> str:
    """Return a report as lists name it: ``Client details``; sessions, or a mapping, by theirs."""
    title = _TITLES.get(profile)
    if title is None:
        return "Sessions" if profile == "appointments" else profile
    short = title.removeprefix("SimplePractice ").removesuffix(" report")
    return short[:1].upper() + short[1:]
