"""What would be sent: which claims go by which route, and which stay behind and why."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from fscdesk.models.claim_batch import Route
from fscdesk.models.values import Money

__all__ = ["BatchPlan", "GoingClaim", "Route", "Sent", "SentBatch", "StayingClaim", "Stays"]


class Stays(enum.StrEnum):
    """Why a claim is not sent."""

    STATUS = "status"
    STOPS = "stops"
    NOT_SCRUBBED = "not_scrubbed"
    HELD = "held"
    WAITS = "waits"
    PATIENT_HELD = "patient_held"
    OUTDATED = "outdated"
    CROSSED_OVER = "crossed_over"
    NO_PAYER_ID = "no_payer_id"
    NO_SENDER = "no_sender"
    CANNOT_WRITE = "cannot_write"
    CHANGED = "changed"
    TAKEN = "taken"
    AUTHORIZATION = "authorization"
    TESTED = "tested"


@dataclass(frozen=True, slots=True)
class GoingClaim:
    """A claim that goes. ``warns`` are warnings that nobody has accepted; they do not stop it.

    ``version`` is what the plan has seen: a claim that was changed since stays behind.
    """

    claim_id: int
    version: int
    number: str
    patient_id: int
    patient: str
    payer_id: int
    payer: str
    route: Route
    frequency: str
    lines: int
    total: Money
    first_day: date
    last_day: date
    warns: int


@dataclass(frozen=True, slots=True)
class StayingClaim:
    """A claim that stays behind, with the reason as a code, a sentence, and the way to mend it.

    ``field`` is the field of the claim page where it is mended, where there is one.
    """

    claim_id: int
    number: str
    patient: str
    payer: str
    total: Money
    reason_code: Stays
    reason: str
    hint: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """Which claims would be sent on a day, by route, and which would stay.

    ``test``: the file says that it is a test (ISA15), and its claims stay ready to be sent.
    ``outbox`` is the folder into which the file goes, None where none is set: then it waits in
    its batch, and a test is refused.
    """

    day: date
    electronic: tuple[GoingClaim, ...]
    paper: tuple[GoingClaim, ...]
    portal: tuple[GoingClaim, ...]
    staying: tuple[StayingClaim, ...]
    test: bool = False
    outbox: Path | None = None

    @property
    def going(self) -> tuple[GoingClaim, ...]:
        """Return every claim that goes, whatever its route."""
        return self.electronic + self.paper + self.portal

    @property
    def total(self) -> Money:
        """Return what the claims that go ask for together."""
        return Money(sum(one.total.cents for one in self.going))


@dataclass(frozen=True, slots=True)
class SentBatch:
    """A batch that was made. ``file_name`` and ``sha256`` are empty for a portal's."""

    id: int
    number: str
    route: Route
    claims: int
    total: Money
    file_name: str
    sha256: str
    interchange: str
    payer: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a send did: its batches, and the claims that stayed behind.

    The file is written to the outbox by `outbox.write_missing`, after this is saved.
    ``repeated`` says that the same command had sent them before, and nothing was sent now.
    ``test_file`` is the name of a test that was written; its claims stay, ready to be sent.
    """

    batches: tuple[SentBatch, ...]
    staying: tuple[StayingClaim, ...] = ()
    repeated: bool = False
    sent_at: datetime | None = None
    test_file: str = ""

    @property
    def claims(self) -> int:
        """Return how many claims went."""
        return sum(one.claims for one in self.batches)

    @property
    def total(self) -> Money:
        """Return what they ask for together."""
        return Money(sum(one.total.cents for one in self.batches))
