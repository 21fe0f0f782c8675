"""The parts of a claim's page, as frozen dataclasses; ``detail.py`` reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fscdesk.models.claim import ClaimStatus, Frequency, Severity
from fscdesk.models.claim_batch import BatchState, Route
from fscdesk.models.values import Money
from fscdesk.services.claims.clocks import Clock
from fscdesk.services.claims.content import ClaimContent
from fscdesk.services.claims.editing import ClaimEdits
from fscdesk.services.claims.listing import ClaimRow


@dataclass(frozen=True, slots=True)
class FindingRow:
    """What the last scrub found: at which field, which line (its position), how to mend it.

    ``accepted_by`` names who let a warning pass.
    """

    id: int
    rule: str
    severity: Severity
    field: str
    line: int | None
    message: str
    hint: str
    accepted_by: str


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A change of status. ``at`` is UTC, ``day`` the office's."""

    old: ClaimStatus | None
    new: ClaimStatus
    reason: str
    at: datetime
    day: date
    by: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One field that was changed; ``source`` is the rule that did it, or empty for a person."""

    line: int | None
    field: str
    title: str
    old: str
    new: str
    source: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class NoteRow:
    """What the office wrote down, the newest first."""

    id: int
    text: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class SentRow:
    """A batch in which it left the office; ``sending_id`` is its own part of it."""

    sending_id: int
    batch_id: int
    batch: str
    route: Route
    state: BatchState
    file_name: str
    sha256: str
    reference: str
    made_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What a 999 or 277CA said of it, with the file that is kept."""

    acknowledgment_id: int
    kind: str
    accepted: bool
    codes: str
    words: str
    file_name: str
    read_at: datetime


@dataclass(frozen=True, slots=True)
class AppealRow:
    """An appeal: its level, its limit, its letter, how it ended (``outcome`` empty: open)."""

    id: int
    level: int
    opened_on: date
    due_on: date | None
    sent_on: date | None
    argument: str
    document_id: int | None
    document: str
    outcome: str
    outcome_on: date | None
    by: str
    version: int


@dataclass(frozen=True, slots=True)
class LineMoney:
    """What became of a line, from the ledger; ``answer`` is what its payer last said of it.

    ``answer`` is ``paid``, ``denied`` or empty; ``carc`` the reason of a denial, ``group`` its
    group where the payer gave one.
    """

    line_id: int
    position: int
    charge_id: int
    session_id: int
    amount: Money
    insurance_paid: Money
    insurance_open: Money
    patient_open: Money
    answer: str
    carc: str
    group: str = ""

    @property
    def why(self) -> str:
        """Return the reason of a denial as people write it: ``CO-97``, ``97``, or nothing."""
        return f"{self.group}-{self.carc}" if self.group and self.carc else self.carc


@dataclass(frozen=True, slots=True)
class LinkedClaim:
    """Another claim that belongs to it.

    ``how``: ``corrects`` (that one is the earlier), ``corrected by``, ``behind`` (its primary),
    ``before`` (its secondary or tertiary).
    """

    how: str
    id: int
    number: str
    status: ClaimStatus
    frequency: Frequency
    rank: int
    payer: str


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """Everything about one claim.

    ``content`` is None where nothing is left on it (its charges were taken back). ``edits``
    are its own fields, to change some and give them back. ``look_at`` are the fields to which
    the payer's reason code points, the likeliest first (names as the scrubber's), ``reason_words``
    what the code means in our words; ``may`` the acts that its status allows: ``edit``,
    ``hold``, ``release``, ``drop``, ``send``, ``answer``, ``correct``, ``void``, ``resend``,
    ``appeal``, ``passed_on``, ``not_passed_on`` (crossover). ``to_enter``: its batch was for a
    portal, and nobody has typed it in to the end.
    """

    row: ClaimRow
    content: ClaimContent | None
    edits: ClaimEdits
    held_for: str
    wait_for: str
    outdated: str
    crossed_over: bool
    replaces_id: int | None
    primary_id: int | None
    original_number: str
    authorization_id: int | None
    findings: tuple[FindingRow, ...]
    history: tuple[StatusRow, ...]
    changes: tuple[ChangeRow, ...]
    notes: tuple[NoteRow, ...]
    sent: tuple[SentRow, ...]
    answers: tuple[AnswerRow, ...]
    appeals: tuple[AppealRow, ...]
    clocks: tuple[Clock, ...]
    money: tuple[LineMoney, ...]
    links: tuple[LinkedClaim, ...]
    look_at: tuple[str, ...]
    reason_words: str
    may: frozenset[str]
    to_enter: bool = False
