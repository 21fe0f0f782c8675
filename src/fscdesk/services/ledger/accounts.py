"""The system accounts of DESIGN.md 6, by what they are for."""

from __future__ import annotations

BANK = "1000"
UNDEPOSITED = "1050"
RECORDED_IN_SIMPLEPRACTICE = "1060"
PATIENT_RECEIVABLE = "1100"
INSURANCE_RECEIVABLE = "1110"
RECOUPMENTS = "1120"
AT_AGENCY = "1130"
UNAPPLIED_CREDITS = "2400"
PAYER_CREDITS = "2410"
SERVICE_REVENUE = "4010"
FEES = "4300"
PAYER_INTEREST = "4310"
CONTRACTUAL = "4900"
DISCOUNTS = "4910"
AGENCY_COMMISSIONS = "7610"
BAD_DEBT = "9000"

INSURANCE_SIDE = (INSURANCE_RECEIVABLE, PAYER_CREDITS)
"""Their sum for a charge is what its payer owes; negative when the payer paid too much."""
OPEN_ACCOUNTS = (
    PATIENT_RECEIVABLE,
    INSURANCE_RECEIVABLE,
    RECOUPMENTS,
    AT_AGENCY,
    UNAPPLIED_CREDITS,
    PAYER_CREDITS,
)
"""Invariant 4: their sum is what patients and payers owe together."""
