"""The words of the queue: what its kinds are called, how near a day is, what opens a thing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from fscdesk.services.queue.listing_items import ItemKind, QueueItem, Urgency
from fscdesk.ui.text import age_text, count_text, day_text
from fscdesk.ui.theme import Status

KINDS: Mapping[ItemKind, str] = MappingProxyType(
    {
        ItemKind.DENIED: "Denied",
        ItemKind.REJECTED: "Rejected",
        ItemKind.DEADLINE: "Last day near",
        ItemKind.HELD: "Claim kept back",
        ItemKind.READY: "Claims to send",
        ItemKind.TO_ENTER: "Portal check-list",
        ItemKind.FOLLOW_UP: "Follow up",
        ItemKind.SILENT: "Silent payer",
        ItemKind.ACKNOWLEDGMENT: "Answers of nobody",
        ItemKind.UNBILLED: "Ready to bill",
        ItemKind.NOT_READY: "Not ready to bill",
        ItemKind.UNDOCUMENTED: "No signed note",
        ItemKind.REMITTANCE: "Remittance to post",
        ItemKind.UNPOSTED: "Answer not posted",
        ItemKind.RECOUPMENT: "Recoupment",
        ItemKind.UNDERPAID: "Underpaid",
        ItemKind.CORRECTED: "Corrected facts",
        ItemKind.OVERPAID: "Overpaid",
        ItemKind.MONEY_OFF: "Money does not agree",
        ItemKind.CREDIT: "Credit",
        ItemKind.REFUND: "Refund to pay",
        ItemKind.RETURNED: "Returned checks",
        ItemKind.CLEARING: "Paid, not received",
        ItemKind.MONEY_MISSING: "Money missing",
        ItemKind.MONEY_UNNAMED: "Money of nobody",
        ItemKind.BANK_LINES: "Bank lines",
        ItemKind.NOT_BANKED: "Not at the bank",
        ItemKind.TO_DEPOSIT: "To deposit",
        ItemKind.RECURRING: "Recurring entry",
        ItemKind.AUTHORIZATION: "Authorization",
        ItemKind.INSTALMENT: "Instalment missed",
        ItemKind.PLAN_DUE: "Due on plans",
        ItemKind.APPROVAL: "Approval",
        ItemKind.STATEMENT_RUN: "Month's statements",
        ItemKind.STATEMENT_HELD: "Statements held",
        ItemKind.STATEMENTS: "Statements to send",
        ItemKind.INVOICE_CHANGED: "Invoices changed",
        ItemKind.INVOICE_DRAFT: "Invoices to send",
        ItemKind.REMINDER: "Reminders",
        ItemKind.COLLECTION: "Collections",
        ItemKind.WRITE_OFF: "Small balances",
        ItemKind.GONE: "Gone from files",
        ItemKind.UNANSWERED: "Rows not imported",
        ItemKind.NEW_CODES: "New codes",
    }
)
URGENCIES: Mapping[Urgency, str] = MappingProxyType(
    {one: one.value.capitalize() for one in Urgency}
)
_OPEN: Mapping[str, str] = MappingProxyType(
    {
        "claim": "Open the claim",
        "patients": "Open the client",
        "claim-build": "Build and send",
        "claims": "Open Claims",
        "sessions": "Open the session",
        "remittance": "Open the remittance",
        "payments": "Open Payments",
        "reconciliation": "Open Reconciliation",
        "accounting": "Open the entry’s days",
        "statements": "Open Billing",
        "importing": "Open the import",
        "setup": "Open Setup",
    }
)
_NEAR = 14


def open_words(item: QueueItem) -> str:
    """Return what the first button of a thing says."""
    if item.opens.place == "sessions" and "session" not in item.opens.asked:
        return "Open Sessions"
    return _OPEN.get(item.opens.place, "Open it")


def away(day: date | None, today: date) -> str:
    """Say how far off a last day is: ``in 9 days``, ``tomorrow``, ``2 days late``."""
    if day is None:
        return ""
    left = (day - today).days
    if left < 0:
        return f"{count_text(-left, 'day')} late"
    return "tomorrow" if left == 1 else age_text(day, today)


def due_mark(item: QueueItem, today: date) -> Status | None:
    """Return the badge of a last day: red when it is near or over."""
    if item.due_on is None:
        return None
    near = (item.due_on - today).days <= _NEAR
    return Status(f"Do by {day_text(item.due_on)}", "red" if near else "amber", "clock")


def things(rows: int) -> str:
    """Return ``1 item``, ``3 items``."""
    return count_text(rows, "item")
