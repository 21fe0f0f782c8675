"""Accounts that documents keep: nobody writes on them by hand, and what moves them instead."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fscdesk.services.ledger import accounts

CURRENT_EARNINGS: Final = "3200"

KEPT: Final[Mapping[str, str]] = MappingProxyType(
    {
        accounts.UNDEPOSITED: "Enter a payment or a refund, or make a deposit.",
        accounts.RECORDED_IN_SIMPLEPRACTICE: "Enter the payment, or settle it in its list.",
        accounts.PATIENT_RECEIVABLE: "Enter a charge, a payment or an adjustment of the client.",
        accounts.INSURANCE_RECEIVABLE: "Post the remittance, or adjust the charge.",
        accounts.RECOUPMENTS: "Explain the recoupment in its list.",
        accounts.AT_AGENCY: "Hand the account over, or recall its case.",
        accounts.UNAPPLIED_CREDITS: "Enter a payment, apply the credit, or refund it.",
        accounts.PAYER_CREDITS: "Post the remittance, or refund the payer.",
        accounts.TO_IDENTIFY: "Explain the bank line that stands there.",
        CURRENT_EARNINGS: "It is computed from income and expense; choose one of those.",
    }
)
"""By account, what moves it: completes the hint after "Nothing was posted."."""
