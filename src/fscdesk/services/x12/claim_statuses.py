"""What a receiver says of claims that were sent: as `claim_acknowledgment_277` reads it."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.x12.segments import Oddity
from fscdesk.services.x12.status_words import Verdict, entity_words, in_words


@dataclass(frozen=True, slots=True)
class Status:
    """One status: an STC gives one to three of them, which share its day, amount and text.

    ``action`` is STC03 (WQ accepted, U rejected), ``text`` the receiver's own words (STC12).
    """

    category: str
    status: str
    entity: str
    verdict: Verdict
    on: date | None
    action: str
    amount: Money | None
    text: str

    def __str__(self) -> str:
        words = in_words(self.category, self.status, self.entity)
        code = ":".join(part for part in (self.category, self.status, self.entity) if part)
        return f"{words} ({code}){f': {self.text}' if self.text else ''}"

    @property
    def party(self) -> str:
        """Whom it is about, such as ``billing provider``; "" where nobody is named."""
        return entity_words(self.entity)


@dataclass(frozen=True, slots=True)
class Payment:
    """What a plain 277 says of the payment; None where it does not."""

    paid: Money | None = None
    decided_on: date | None = None
    paid_on: date | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class LineStatus:
    """What is said of one service line; ``control`` is our REF*6R, given back as REF*FJ."""

    control: str
    code: str
    modifiers: tuple[str, ...]
    charge: Money | None
    service_from: date | None
    service_to: date | None
    statuses: tuple[Status, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ClaimStatus:
    """What is said of one claim.

    ``claim_number`` is our CLM01; ``reference`` the TRN02 that stood there, which in a plain 277
    is the number of our question. ``payer_claim_number`` is REF*1K, ``clearinghouse_trace`` REF*D9.
    ``account`` is REF*EJ, which has our number where a receiver puts its own into TRN02.
    ``batch_reference`` is the BHT03 of our file, where it was given back.
    """

    claim_number: str
    reference: str
    payer_claim_number: str
    clearinghouse_trace: str
    last_name: str
    first_name: str
    middle_name: str
    member_id: str
    service_from: date | None
    service_to: date | None
    charge: Money | None
    statuses: tuple[Status, ...]
    verdict: Verdict
    payment: Payment
    lines: tuple[LineStatus, ...]
    batch_reference: str
    provider_name: str
    provider_id: str
    position: int
    account: str = ""

    @property
    def reasons(self) -> tuple[str, ...]:
        """All statuses in words, those of lines after those of the claim, none twice."""
        told = [str(status) for status in self.statuses]
        for line in self.lines:
            name = line.control or line.code
            told += [f"Line {name}: {status}" for status in line.statuses]
        return tuple(dict.fromkeys(told))


class Level(enum.StrEnum):
    """Above the claims: who answers, the batch that was sent, one billing provider of it."""

    SOURCE = "source"
    BATCH = "batch"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class LevelStatus:
    """What is said of all claims below a level.

    ``reference`` is TRN02: at the batch our BHT03. ``claims`` counts the claims told below it.
    """

    level: Level
    name: str
    identifier: str
    reference: str
    statuses: tuple[Status, ...]
    verdict: Verdict
    accepted: int | None
    rejected: int | None
    accepted_amount: Money | None
    rejected_amount: Money | None
    claims: int

    @property
    def rejected_whole(self) -> bool:
        """Return whether everything below was rejected without a word for each claim."""
        return self.verdict is Verdict.REJECTED and not self.claims


@dataclass(frozen=True, slots=True)
class Answer277:
    """One transaction set.

    ``is_acknowledgment``: a 277CA, not the answer to a status question. ``from_clearinghouse``:
    its source is a clearinghouse, so that an acceptance is not yet the payer's. ``reference`` is
    the answer's own number (BHT03).
    """

    control: str
    reference: str
    made_on: date | None
    is_acknowledgment: bool
    from_clearinghouse: bool
    source_name: str
    source_id: str
    received_on: date | None
    processed_on: date | None
    levels: tuple[LevelStatus, ...]
    claims: tuple[ClaimStatus, ...]


@dataclass(frozen=True, slots=True)
class Reading277:
    """All that a file says of claims."""

    answers: tuple[Answer277, ...]
    oddities: tuple[Oddity, ...]

    @property
    def claims(self) -> tuple[ClaimStatus, ...]:
        """The claims of all answers, in the order of the file."""
        return tuple(claim for answer in self.answers for claim in answer.claims)


def verdict_of_all(statuses: Iterable[Status]) -> Verdict:
    """Return what several statuses come to: one rejection rejects, one acceptance then accepts."""
    verdicts = {status.verdict for status in statuses}
    for verdict in (Verdict.REJECTED, Verdict.ACCEPTED, Verdict.FINAL, Verdict.PENDING):
        if verdict in verdicts:
            return verdict
    return Verdict.UNKNOWN
