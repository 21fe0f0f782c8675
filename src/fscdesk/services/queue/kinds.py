"""One line of the work queue: how urgent, what, how many, how much, since when, where."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from zlib import crc32

from fscdesk.models.values import ZERO, Money
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens

SHOWN = 8
"""So many things of a kind are named; the place that it opens has all of them."""


class Kind(enum.StrEnum):
    """What can wait for a person."""

    CLAIM_DENIED = "claim_denied"
    CLAIM_REJECTED = "claim_rejected"
    CLAIM_DEADLINE = "claim_deadline"
    CLAIM_MEND = "claim_mend"
    CLAIM_READY = "claim_ready"
    CLAIM_TO_ENTER = "claim_to_enter"
    CLAIM_FOLLOW_UP = "claim_follow_up"
    CLAIM_SILENT = "claim_silent"
    UNBILLED = "unbilled"
    AUTHORIZATION = "authorization"
    ACKNOWLEDGMENT = "acknowledgment"
    REMITTANCE = "remittance"
    REQUEST = "request"
    REFUND = "refund"
    RETURNED = "returned"
    INSTALMENT = "instalment"
    PLAN_DUE = "plan_due"
    STATEMENT_RUN = "statement_run"
    STATEMENT_HELD = "statement_held"
    STATEMENT_UNSENT = "statement_unsent"
    INVOICE_DRAFT = "invoice_draft"
    INVOICE_CHANGED = "invoice_changed"
    REMINDER = "reminder"
    COLLECTION = "collection"
    CLEARING = "clearing"
    WRITE_OFF = "write_off"
    CREDIT = "credit"
    SESSION_DENIED = "denied"
    SESSION_FILING = "timely_filing"
    SESSION_SILENT = "silent_payer"
    OVERPAID = "overpaid"
    NOTE_UNSIGNED = "no_signed_note"
    GONE = "gone"
    UNANSWERED = "unanswered"
    NEW_CODES = "new_codes"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of a kind, named: what it is, a fact, its amount, and its own place."""

    words: str
    fact: str = ""
    amount: Money | None = None
    opens: Opens | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of work that waits. ``amount`` is what is at stake, ``oldest`` since when.

    ``title`` and ``why`` are the two lines of the list, ``next_step`` and ``when`` its answer;
    ``lines`` name the first things of it. ``opens`` is where the work is done; where that is the
    most urgent one of them, ``all_open`` is the list of all.
    """

    kind: Kind
    urgency: Urgency
    title: str
    why: str
    next_step: str
    when: str
    count: int
    amount: Money
    oldest: date | None
    opens: Opens
    lines: tuple[Line, ...] = ()
    all_open: Opens | None = None

    @property
    def id(self) -> int:
        """Return a number that is the same after every look: of the kind and what it opens."""
        where = self.all_open or self.opens
        asked = sorted((key, str(value)) for key, value in where.asked.items())
        return crc32(f"{self.kind} {asked}".encode())


def counted(kind: Kind, place: str) -> Waiting:
    """Return a row that only says that something of a kind is there."""
    return Waiting(kind, Urgency.LOW, "", "", "", "", 1, ZERO, None, Opens(place))


def many(count: int, word: str, plural: str = "") -> str:
    """Return ``1 account``, ``12 accounts``."""
    return f"{count:,} {word if count == 1 else plural or f'{word}s'}"


def since(oldest: date | None, today: date) -> str:
    """Say how old the oldest is: ``oldest 12 days``; nothing where that is not known."""
    return "" if oldest is None else f"oldest {many(max((today - oldest).days, 0), 'day')}"


def until(due: date, today: date) -> str:
    """Say how far off a day is: ``in 3 days``, ``2 days overdue``."""
    left = (due - today).days
    if not left:
        return "today"
    return f"in {many(left, 'day')}" if left > 0 else f"{many(-left, 'day')} overdue"
