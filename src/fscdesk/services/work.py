"""What a service function is handed: the database, the clock, progress and topics."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Event
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session as DbSession

from fscdesk.models.values import StaffId
from fscdesk.services.errors import Cancelled


class Topic(enum.StrEnum):
    """What a write can change. Screens refresh by topic, on every workstation."""

    APPROVALS = "approvals"
    BANK = "bank"
    BOOKS = "books"
    CLAIMS = "claims"
    COLLECTIONS = "collections"
    DOCUMENTS = "documents"
    IMPORTS = "imports"
    INVOICES = "invoices"
    LEDGER = "ledger"
    NOTES = "notes"
    PATIENTS = "patients"
    PAYERS = "payers"
    PAYMENTS = "payments"
    PLANS = "plans"
    PRACTICE = "practice"
    PROVIDERS = "providers"
    QUEUE = "queue"
    REMITTANCES = "remittances"
    SERVICES = "services"
    SESSIONS = "sessions"
    SETTINGS = "settings"
    STAFF = "staff"
    STATEMENTS = "statements"
    VIEWS = "views"


@dataclass(frozen=True, slots=True)
class Progress:
    """One snapshot of a job, read by the screen ten times a second."""

    done: int = 0
    total: int = 0
    text: str = ""


class Job:
    """Progress out, cancellation in. Safe between threads: one reference is swapped."""

    def __init__(self) -> None:
        self.progress = Progress()
        self.ended = False
        self._stop = Event()

    def cancel(self) -> None:
        """Ask the worker to stop at its next step."""
        self._stop.set()

    def step(self, done: int, total: int, text: str = "") -> None:
        """Report progress; leave by Cancelled if the user asked to stop."""
        if self._stop.is_set():
            raise Cancelled
        self.progress = Progress(done, total, text)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it: recorded with every act, so that nothing has to be threaded through."""

    staff_id: StaffId
    name: str


@dataclass(slots=True)
class Work:
    """One transaction in progress. Services flush it; only Office commits it."""

    db: DbSession
    now: Callable[[], datetime]
    actor: Actor
    zone: ZoneInfo
    job: Job = field(default_factory=Job)
    topics: set[Topic] = field(default_factory=set)

    def touch(self, *topics: Topic) -> None:
        """Say what this work changed, for the screens that show it."""
        self.topics.update(topics)

    def today(self) -> date:
        """Return the office's day: the clock in the practice's zone, never the computer's."""
        return self.now().astimezone(self.zone).date()
