"""The reports that fscdesk knows by their headings, and the columns of the appointment report.

From public evidence about SimplePractice exports; the grades are in the domain notes. A report
that is only named here is refused in words, so that nobody maps a payment list as sessions.
"""

from __future__ import annotations

from dataclasses import dataclass

APPOINTMENTS = "appointments"
APPOINTMENTS_TITLE = "SimplePractice appointment status report"

REQUIRED = {
    "dateofservice": ("day", "Date of Service"),
    "client": ("client", "Client"),
    "clinician": ("clinician", "Clinician"),
    "billingcode": ("codes", "Billing Code"),
    "rateperunit": ("rate", "Rate per Unit"),
    "units": ("units", "Units"),
    "totalfee": ("fee", "Total Fee"),
    "clientpaymentstatus": ("patient_status", "Client Payment Status"),
}
"""Headings that make a row the header of the appointment report: folded name to field, title."""

OPTIONAL = {
    "primaryinsurance": "payer",
    "secondaryinsurance": "second_payer",
    "progressnotestatus": "note_status",
    "insurancepaymentstatus": "insurance_status",
}

PATIENT_ANCHOR, INSURANCE_ANCHOR = "clientpaymentstatus", "insurancepaymentstatus"

PATIENT_SET = {
    "charge": "patient_charge",
    "uninvoiced": "uninvoiced",
    "paid": "patient_paid",
    "unpaid": "patient_unpaid",
}
INSURANCE_SET = {
    "charge": "insurance_charge",
    "paid": "insurance_paid",
    "writeoff": "write_off",
    "unpaid": "insurance_unpaid",
}
SHARED_NAMES = frozenset(PATIENT_SET) & frozenset(INSURANCE_SET)
"""Headings that occur twice: first the client's, then the insurance's."""


@dataclass(frozen=True, slots=True)
class KnownReport:
    """A report that can be named: it matches when all of ``headings`` (folded) are there."""

    profile: str
    title: str
    headings: frozenset[str]


def _report(profile: str, title: str, headings: str) -> KnownReport:
    names = ("".join(filter(str.isalnum, name.casefold())) for name in headings.split(","))
    return KnownReport(profile, title, frozenset(names))


OTHER_REPORTS = (
    _report(
        "sp_income_alloc",
        "SimplePractice income allocation (pay period) report",
        "Clinician,ClinicianId,Source,Description,Date Paid,Client,Amount Paid",
    ),
    _report(
        "sp_payment_export",
        "SimplePractice payment export",
        "Payment ID,Date Paid,Account,Payment type,Name,Amount",
    ),
    _report(
        "sp_card_tx",
        "SimplePractice card transactions report",
        "Client name,Transaction ID,Transaction Type,Source,Amount,Fee,Net",
    ),
    _report(
        "sp_ins_pay",
        "SimplePractice insurance payment report",
        "Date Received,Client,Payer,Amount,Payer Claim,Payment Reference,Payment Status",
    ),
    _report(
        "sp_claims",
        "SimplePractice insurance claims report",
        "Date Submitted,Client,Status,Payer,Clearinghouse Reference,Payer Claim",
    ),
    _report(
        "sp_unpaid_ins",
        "SimplePractice unpaid insurance appointments report",
        "Date,Client,Clearinghouse Reference,Payer Claim,Billed,Ins. Billed,Ins. Paid,Ins. Balance",
    ),
    _report(
        "sp_ins_aging",
        "SimplePractice insurance aging report",
        "Insurance Payer,Unbilled,Total Charges,Due 30 days,Due 60 days,Balance Due",
    ),
    _report(
        "sp_elig",
        "SimplePractice insurance status checks report",
        "Date Requested,Client,Status,Payer",
    ),
    _report(
        "sp_attendance",
        "SimplePractice client attendance report",
        "client_name,clinician_name,date_of_service,status",
    ),
    _report(
        "sp_client_details",
        "SimplePractice client details report",
        "Client,Client type,Date added,Primary clinician,Last appointment,Primary insurance",
    ),
    _report(
        "sp_demographics",
        "SimplePractice client demographics report",
        "Client,Age,Date of birth,Relationship status,Employment status",
    ),
    _report(
        "sp_outstanding",
        "SimplePractice outstanding balances report",
        "Client,Clinician,Services Provided,Uninvoiced,Invoiced,Client Paid,Client Balance",
    ),
    _report(
        "sp_reminders",
        "SimplePractice reminders report",
        "Date,Primary Clinician,Client,Type,Status",
    ),
    _report(
        "sp_emails",
        "SimplePractice e-mail report",
        "Date,Primary Clinician,Client,Status,To,Subject",
    ),
    _report(
        "jane_sales",
        "Jane sales report",
        "Purchase Date,Invoice Date,Patient,Item,Staff Member,Payer,Invoice #,Subtotal,Total",
    ),
    _report(
        "jane_comp",
        "Jane compensation report",
        "Invoice #,Purchase Date,Transaction Date,Practitioner,Invoice Total,Collected Total",
    ),
    _report(
        "jane_payouts",
        "Jane Payments payouts report",
        "Date Created,Date Deposited,Payout Amount,Payout Status",
    ),
    _report(
        "sessions_health_payments",
        "Sessions Health payments report",
        "Time,Practitioner,Client,Bill ID,Payment Type",
    ),
    _report(
        "stripe_balance_tx",
        "Stripe balance transactions export",
        "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC)",
    ),
    _report(
        "stripe_payouts_itemized",
        "Stripe payouts export",
        "payout_id,currency,gross,fee,net,reporting_category",
    ),
    _report(
        "chase_checking",
        "Chase checking account export",
        "Details,Posting Date,Description,Amount,Type,Balance",
    ),
    _report(
        "chase_card",
        "Chase credit card export",
        "Transaction Date,Post Date,Description,Category,Type,Amount",
    ),
    _report(
        "bofa_checking",
        "Bank of America account export",
        "Date,Description,Amount,Running Bal.",
    ),
)
