"""How payments, credits, refunds and requests are called: badges, methods, sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from fscdesk.models.values import Money
from fscdesk.services.payments.approving import RequestRow
from fscdesk.services.payments.detail import ApplicationRow
from fscdesk.services.payments.entering import KINDS, METHODS
from fscdesk.services.payments.queries import PaymentRow, RefundRow
from fscdesk.ui.text import count_text, day_text, money_text
from fscdesk.ui.theme import Status

MOST_NAMED: Final = 3
"""So many charges are named in a sentence; the others are counted."""
_METHODS: Final = dict(METHODS)
_KINDS: Final = {
    **dict(KINDS),
    "credit_memo": "Credit memo",
    "remittance": "Left of a remittance",
    "recoupment": "The payer takes it back",
    "simplepractice": "SimplePractice says",
}
ORIGINS: Final[Mapping[str, str]] = MappingProxyType(
    {"typed": "Typed", "remittance": "Remittance", "simplepractice": "SimplePractice"}
)
STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {"posted": "Posted", "returned": "Returned", "voided": "Voided"}
)
_REFUNDS: Final[Mapping[str, Status]] = MappingProxyType(
    {
        "waiting": Status("Waiting for approval", "amber", "clock"),
        "approved": Status("To be paid", "blue", "circle-arrow-up"),
        "paid": Status("Paid", "green", "circle-check"),
        "cancelled": Status("Called off", "neutral", "ban"),
    }
)
_REQUESTS: Final[Mapping[str, Status]] = MappingProxyType(
    {
        "waiting": Status("Waiting", "amber", "clock"),
        "approved": Status("Approved", "green", "circle-check"),
        "refused": Status("Refused", "red", "circle-x"),
        "withdrawn": Status("Withdrawn", "neutral", "undo-2"),
    }
)
_ASKED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "write_off": "Write-off",
        "write_off_run": "Write-off run",
        "refund": "Refund",
        "credit_memo": "Credit memo",
    }
)


def method_word(method: str | None) -> str:
    """Return how money came, in a word; nothing where it is not known."""
    return _METHODS.get(method or "", "")


def by_method(method: str | None) -> str:
    """Return how money came, inside a sentence: ``by check``, ``by EFT``."""
    word = method_word(method)
    return f"by {word if word.isupper() else word.lower()}" if word else "as it came"


def kind_word(kind: str) -> str:
    """Return why money is not applied, in a word."""
    return _KINDS.get(kind, kind)


def asked_word(kind: str) -> str:
    """Return what a request asks for, in a word."""
    return _ASKED.get(kind, kind)


def payment_mark(row: PaymentRow) -> Status:
    """Return a payment's badge: where it went, or what became of it."""
    if row.status.value == "returned":
        return Status("Returned", "red", "undo-2")
    if row.status.value == "voided":
        return Status("Voided", "neutral", "ban")
    if row.unapplied:
        return Status("Money left", "amber", "wallet")
    if row.refunded == row.amount:
        return Status("Refunded", "neutral", "rotate-ccw")
    return Status("Applied", "green", "circle-check")


def refund_mark(row: RefundRow) -> Status:
    """Return a refund's badge; one that is late says so."""
    return Status("Overdue", "red", "alarm-clock") if row.overdue else _REFUNDS[row.status.value]


def request_mark(row: RequestRow) -> Status:
    """Return a request's badge."""
    return _REQUESTS[row.status.value]


def days_words(days: int | None) -> str:
    """Return how long there is time: ``9 days``, ``today``, ``2 days late``."""
    if days is None:
        return ""
    if days == 0:
        return "today"
    return count_text(days, "day") if days > 0 else f"{count_text(-days, 'day')} late"


def stated(amount: Money) -> str:
    """Return an amount in a sentence."""
    return money_text(amount, zero_dash=False)


def charge_words(row: ApplicationRow) -> str:
    """Return a charge as a sentence names it: ``90837 of 03/02/2026``."""
    return f"{row.code} of {day_text(row.service_day)}"


def open_again(rows: Sequence[ApplicationRow]) -> str:
    """Return which charges are open again, with the amounts; nothing where none is."""
    if not rows:
        return ""
    named = [f"{charge_words(row)}, {stated(row.amount)}" for row in rows[:MOST_NAMED]]
    more = len(rows) - len(named)
    if more:
        total = sum((row.amount for row in rows[MOST_NAMED:]), Money())
        named.append(f"{count_text(more, 'other charge')}, {stated(total)}")
    return f"Open again: {'; '.join(named)}."


def sentences(*parts: str) -> str:
    """Return parts as one text, those without words left out."""
    return " ".join(part for part in parts if part)
