"""What an acknowledgment would do: of each batch and claim that it names, and what is not ours."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime

from fscdesk.models.claim_batch import AcknowledgmentKind
from fscdesk.services.errors import Finding

__all__ = [
    "AckHold",
    "AckMove",
    "AckPlan",
    "AckRow",
    "Acknowledged",
    "AcknowledgmentKind",
    "Verdict",
]


class Verdict(enum.StrEnum):
    """What an answer says of a batch or a claim."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class AckRow:
    """What the file says of one transaction set (999) or one claim (277CA), in its order.

    ``reference`` is how the file names it. ``batch_id`` and ``claim_id`` are None where it is
    not of ours. ``moves`` says which claims change their status, and to what: none where the
    answer is about an earlier sending or the claim is further already (``words`` say so).
    ``holds`` says which claims must not go again. ``told``: a finding says already why it is
    not of ours.
    """

    position: int
    reference: str
    verdict: Verdict
    codes: str
    words: str
    batch_id: int | None = None
    batch: str = ""
    claim_id: int | None = None
    claim: str = ""
    patient: str = ""
    payer_number: str = ""
    moves: tuple[AckMove, ...] = ()
    holds: tuple[AckHold, ...] = ()
    told: bool = False

    @property
    def matched(self) -> bool:
        """Return whether it is about a batch or a claim of this practice."""
        return self.batch_id is not None or self.claim_id is not None


@dataclass(frozen=True, slots=True)
class AckMove:
    """A claim that changes its status because of the file."""

    claim_id: int
    old: str
    new: str
    reason: str


@dataclass(frozen=True, slots=True)
class AckHold:
    """A claim that waits to be sent, or could go again, and that the receiver has: it is held."""

    claim_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class AckPlan:
    """What a 999 or 277CA says, and what reading it would change. Writes nothing.

    ``already`` says when the same file was read before: then nothing is to do. ``accepted``,
    ``rejected`` and ``pending`` count our transaction sets (999) or claims (277CA), ``unmatched``
    what is not of ours: together they are all rows. ``made_on`` is the day that the file names,
    None where it names none.
    """

    kind: AcknowledgmentKind
    file_name: str
    sha256: str
    data: bytes
    made_on: date | None
    rows: tuple[AckRow, ...]
    findings: tuple[Finding, ...]
    already: str = ""

    @property
    def accepted(self) -> int:
        """Return how many of ours were accepted."""
        return sum(1 for row in self.rows if row.matched and row.verdict is Verdict.ACCEPTED)

    @property
    def rejected(self) -> int:
        """Return how many of ours were rejected."""
        return sum(1 for row in self.rows if row.matched and row.verdict is Verdict.REJECTED)

    @property
    def pending(self) -> int:
        """Return how many of ours were received and not decided."""
        return sum(1 for row in self.rows if row.matched and row.verdict is Verdict.PENDING)

    @property
    def matched(self) -> int:
        """Return how many are about our batches or claims."""
        return sum(1 for row in self.rows if row.matched)

    @property
    def unmatched(self) -> int:
        """Return how many are not of ours; they are kept with the file."""
        return len(self.rows) - self.matched


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What reading an acknowledgment did. ``id`` is None where the file was read before."""

    id: int | None
    plan: AckPlan
    moved: int
    batches: tuple[str, ...]
    read_at: datetime | None = None
