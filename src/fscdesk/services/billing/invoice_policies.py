"""What the practice has decided about invoices and reminders; each with a default."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fscdesk.models.invoice import InvoiceStyle
from fscdesk.models.setting import Setting
from fscdesk.models.values import Money
from fscdesk.services.work import Work

INVOICE_MINIMUM: Final = "invoice_minimum"
"""Setting: the smallest amount that gets an invoice, as ``10.00``."""
AUTOMATICALLY: Final = "invoice_automatically"
"""Setting: whether a session that completes is invoiced by itself."""
STYLE: Final = "invoice_style"
"""Setting: how much an invoice says where nobody chooses: patient, detailed, summary."""
HOW_TO_PAY: Final = "invoice_instructions"
"""Setting: how to pay, under the lines; empty for the usual words."""

DEFAULT_INVOICE_MINIMUM: Final = Money(10_00)
BANDS: Final = (7, 14, 30, 60, 90)
"""Days overdue at which a reminder is due (DESIGN.md 9)."""
REMINDER_WORDS: Final[Mapping[int, str]] = MappingProxyType(
    {
        7: "This is a friendly reminder: the amount below is past its due date. If your payment"
        " is on its way, thank you; you need not do anything.",
        14: "We have not received the amount below, which is two weeks or more past due. Send it"
        " with the slip, or call us if something about it is not clear.",
        30: "The amount below is 30 days or more past due. Pay it now, or call us: we can agree on"
        " a plan to pay it in parts.",
        60: "The amount below is 60 days or more past due, and we have reminded you of it. Call us"
        " this week to pay it or to agree on a plan, so that nothing more has to follow.",
        90: "This is our final notice. The amount below is 90 days or more past due. Unless you"
        " pay it or call us within 10 days, the account may go to a collection agency.",
    }
)
"""What a reminder says by band, where the practice has no words of its own."""


def reminder_key(days: int) -> str:
    """Return the setting that holds the practice's own words for a band."""
    return f"reminder_{days}"


def invoice_minimum(work: Work) -> Money:
    """Return the smallest amount that gets an invoice."""
    value = _value(work, INVOICE_MINIMUM)
    return DEFAULT_INVOICE_MINIMUM if value is None else Money.parse(str(value))


def automatically(work: Work) -> bool:
    """Return whether completed sessions are invoiced by themselves; not so at first."""
    return bool(_value(work, AUTOMATICALLY))


def style(work: Work) -> InvoiceStyle:
    """Return how much an invoice says; in plain words at first."""
    return InvoiceStyle(str(_value(work, STYLE) or InvoiceStyle.PATIENT))


def reminder_words(work: Work, days: int) -> str:
    """Return what a reminder of this band says."""
    return str(_value(work, reminder_key(days)) or REMINDER_WORDS[days])


def how_to_pay(work: Work) -> str:
    """Return the practice's own words on how to pay an invoice, or nothing."""
    return str(_value(work, HOW_TO_PAY) or "")


def _value(work: Work, key: str) -> object:
    setting = work.db.get(Setting, key)
    return None if setting is None else setting.value
