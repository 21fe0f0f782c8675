"""The words for kinds of entries, on every screen, on paper and in commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fscdesk.models.ledger import EntryKind

KIND_WORDS: Final[Mapping[EntryKind, str]] = {
    EntryKind.MANUAL: "Manual",
    EntryKind.ADJUSTING: "Adjusting",
    EntryKind.CLOSING: "Closing",
    EntryKind.OPENING: "Opening",
    EntryKind.REVERSAL: "Reversal",
    EntryKind.CHARGE: "Charge",
    EntryKind.RECEIPT: "Payment",
    EntryKind.APPLIED: "Credit applied",
    EntryKind.ADJUSTMENT: "Adjustment",
    EntryKind.RESPONSIBILITY: "Responsibility",
    EntryKind.TRANSFER: "Transfer",
    EntryKind.REFUND: "Refund",
    EntryKind.RETURNED: "Returned payment",
    EntryKind.CREDIT_MEMO: "Credit memo",
    EntryKind.AGENCY: "Agency",
    EntryKind.TAKEN_BACK: "Taken back",
    EntryKind.PROVIDER_ADJUSTMENT: "Payer’s adjustment",
    EntryKind.SP_RECORDED: "SimplePractice",
    EntryKind.DEPOSIT: "Deposit",
    EntryKind.BANK: "Bank",
}
