"""One thing that waits for a person: what, why, what it is worth, until when, and the way out.

A thing is never stored. It is there while its cause is, and what made it is what closes it.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final

from fscdesk.models.values import ZERO, Money
from fscdesk.services.permissions import Right
from fscdesk.services.queue.wording import many
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Topic, Work

SHOWN: Final = 500
"""So many things of a kind are named; one more says how many there are besides."""
MORE: Final = "more"
"""What stands in a key for the things that are not named."""
_VERY_NEAR, _NEAR = 7, 14


class ItemKind(enum.StrEnum):
    """What can wait for a person, thing by thing; the order is that of the chip."""

    DENIED = "denied"
    REJECTED = "rejected"
    DEADLINE = "deadline"
    HELD = "held"
    READY = "ready"
    TO_ENTER = "to_enter"
    FOLLOW_UP = "follow_up"
    SILENT = "silent"
    ACKNOWLEDGMENT = "acknowledgment"
    UNBILLED = "unbilled"
    NOT_READY = "not_ready"
    UNDOCUMENTED = "undocumented"
    REMITTANCE = "remittance"
    UNPOSTED = "unposted"
    RECOUPMENT = "recoupment"
    UNDERPAID = "underpaid"
    CORRECTED = "corrected"
    OVERPAID = "overpaid"
    MONEY_OFF = "money_off"
    CREDIT = "credit"
    REFUND = "refund"
    RETURNED = "returned"
    CLEARING = "clearing"
    MONEY_MISSING = "money_missing"
    MONEY_UNNAMED = "money_unnamed"
    BANK_LINES = "bank_lines"
    NOT_BANKED = "not_banked"
    TO_DEPOSIT = "to_deposit"
    RECURRING = "recurring"
    AUTHORIZATION = "authorization"
    INSTALMENT = "instalment"
    PLAN_DUE = "plan_due"
    APPROVAL = "approval"
    STATEMENT_RUN = "statement_run"
    STATEMENT_HELD = "statement_held"
    STATEMENTS = "statements"
    INVOICE_CHANGED = "invoice_changed"
    INVOICE_DRAFT = "invoice_draft"
    REMINDER = "reminder"
    COLLECTION = "collection"
    WRITE_OFF = "write_off"
    GONE = "gone"
    UNANSWERED = "unanswered"
    NEW_CODES = "new_codes"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way out: what to do, a fact that helps, and whether it is done."""

    words: str
    fact: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One of the things that an item stands for: what it is, a fact, its amount, its own place."""

    words: str
    fact: str = ""
    amount: Money | None = None
    opens: Opens | None = None


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One thing of the queue, most of it read from its cause.

    ``key`` is ``kind:object``. ``title`` and ``about`` are the two lines of the list (what, and
    whose), ``why`` the reason in words. ``due_on`` is the last day, ``since`` the day since which
    it waits. ``standing`` is the state of its cause, for ``fingerprint``. ``counts`` is 1; more
    where it stands for things that are not named. ``lines`` name the first of what is done in one
    go, as a month's statements; ``every`` is the list of all of it. What people did about it is
    ``assigned_to`` (``assignee`` in words), ``snoozed_until``, ``note`` and ``done``.
    """

    key: str
    kind: ItemKind
    urgency: Urgency
    title: str
    about: str
    why: str
    amount: Money
    due_on: date | None
    since: date | None
    opens: Opens
    steps: tuple[Step, ...] = ()
    patient_id: int | None = None
    payer_id: int | None = None
    payer: str = ""
    session_id: int | None = None
    claim_id: int | None = None
    remittance_id: int | None = None
    standing: str = ""
    counts: int = 1
    assigned_to: int | None = None
    assignee: str = ""
    snoozed_until: date | None = None
    note: str = ""
    done: bool = False
    lines: tuple[Line, ...] = ()
    every: Opens | None = None

    @property
    def id(self) -> int:
        """Return a number that is the same after every look, as lists need one."""
        return id_of(self.key)

    @property
    def named(self) -> bool:
        """Return whether it is a thing of its own, which can be assigned, snoozed, set aside."""
        return self.counts == 1 and not self.key.endswith(f":{MORE}")

    @property
    def fingerprint(self) -> str:
        """Return how it stands, short: another one means that something of it has changed."""
        told = f"{self.amount.cents}|{self.due_on}|{self.standing}"
        return sha256(told.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class ItemReader:
    """Reads the things of some kinds, at most so many of each.

    ``right`` is what a person needs to see them, ``topics`` what can change them. ``personal``:
    another person sees others. ``grave``: some can be urgent enough for an alert.
    """

    kinds: tuple[ItemKind, ...]
    right: Right | None
    topics: frozenset[Topic]
    read: Callable[[Work, int], Iterator[QueueItem]]
    personal: bool = False
    grave: bool = True


def id_of(key: str) -> int:
    """Return the number of the thing with this key."""
    return int.from_bytes(sha256(key.encode()).digest()[:7], "big")


def by_day(due: date | None, today: date, otherwise: Urgency) -> Urgency:
    """Return how urgent something with a last day is: critical in its last week and after it."""
    if due is None:
        return otherwise
    left = (due - today).days
    if left <= _VERY_NEAR:
        return Urgency.CRITICAL
    if left <= _NEAR:
        return Urgency.HIGH if otherwise is not Urgency.CRITICAL else otherwise
    return otherwise


def the_rest(
    kind: ItemKind, total: int, most: int, words: str, opens: Opens, urgency: Urgency
) -> Iterator[QueueItem]:
    """Yield what stands for the things that are not named, where there are more than ``most``."""
    if total > most:
        left = total - most
        yield QueueItem(
            key=f"{kind.value}:{MORE}",
            kind=kind,
            urgency=urgency,
            title=f"{many(left, 'more', 'more')}: {words}",
            about=f"{total:,} in all",
            why="Only the first are named here. The list has all of them.",
            amount=ZERO,
            due_on=None,
            since=None,
            opens=opens,
            counts=left,
        )
