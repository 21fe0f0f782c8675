"""The reports that are only known by name, and the columns of the appointment report.

From public evidence about SimplePractice exports; the grades are in the domain notes. A report
that is only named here is refused in words, so that nobody maps a list of texts as sessions. The
reports beside the appointments that are read stand in report_signatures.py.
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


NAMED_REPORTS = (
    _report(
        "sp_elig",
        "SimplePractice insurance status checks report",
        "Date Requested,Client,Status,Payer",
    ),
    _report(
        "sp_demographics",
        "SimplePractice client demographics report",
        "Client,Age,Date of birth,Relationship status,Employment status",
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
