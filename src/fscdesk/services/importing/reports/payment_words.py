"""The words and keys by which reports about money name payments. Pure."""

from __future__ import annotations

import hashlib
from types import MappingProxyType

from fscdesk.models.payment import PaymentMethod
from fscdesk.services.spreadsheets.tables import heading_key

_METHODS = MappingProxyType(
    {
        "stripe": PaymentMethod.CARD,
        "card": PaymentMethod.CARD,
        "creditcard": PaymentMethod.CARD,
        "onlinepayment": PaymentMethod.CARD,
        "online": PaymentMethod.ONLINE,
        "visa": PaymentMethod.CARD,
        "mastercard": PaymentMethod.CARD,
        "amex": PaymentMethod.CARD,
        "americanexpress": PaymentMethod.CARD,
        "discover": PaymentMethod.CARD,
        "hsa": PaymentMethod.CARD,
        "fsa": PaymentMethod.CARD,
        "debit": PaymentMethod.DEBIT,
        "debitcard": PaymentMethod.DEBIT,
        "ach": PaymentMethod.ACH,
        "banktransfer": PaymentMethod.ACH,
        "eft": PaymentMethod.EFT,
        "wire": PaymentMethod.WIRE,
        "check": PaymentMethod.CHECK,
        "cheque": PaymentMethod.CHECK,
        "chk": PaymentMethod.CHECK,
        "cash": PaymentMethod.CASH,
    }
)
CARDS = (PaymentMethod.CARD, PaymentMethod.ONLINE, PaymentMethod.DEBIT)
LONGEST_KEY = 64
IDS = "sp:"
"""How the keys of payments begin that have an id of SimplePractice."""
CHECKS = "sp-ins:"
"""The same for payers' payments that only the insurance payment report has told so far."""
ROWS = "sp-row:"
"""The same for payments of a row without an id."""


def method_of(word: str) -> PaymentMethod:
    """Return the method that a report's word means; other where nobody knows it."""
    return _METHODS.get(heading_key(word), PaymentMethod.OTHER)


def key_of(prefix: str, *parts: object) -> str:
    """Return a key of at most 64 letters: the one part as it is, else a digest of all."""
    if len(parts) == 1 and len(prefix) + len(str(parts[0])) <= LONGEST_KEY:
        return f"{prefix}{parts[0]}"
    told = "|".join(str(part) for part in parts)
    return f"{prefix}{hashlib.sha256(told.encode()).hexdigest()[:40]}"
