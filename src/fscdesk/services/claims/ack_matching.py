"""Finds the batches and claims that an acknowledgment names, and which of them it may move."""

from __future__ import annotations

import enum
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, func, select

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.claim_batch import BatchState, ClaimBatch, ClaimSending
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.values import Money
from fscdesk.services.claims.ack_plan import AckMove, AckRow
from fscdesk.services.claims.frozen import SentNames, named_in
from fscdesk.services.errors import Finding
from fscdesk.services.id_sets import among, among_words
from fscdesk.services.work import Work
from fscdesk.services.x12.segments import Oddity

__all__ = [
    "UNREAD",
    "UNSENT",
    "Contradiction",
    "Found",
    "SentRow",
    "as_number",
    "batches_with",
    "number_of",
    "sent_as",
    "sent_in",
    "sent_names",
    "step",
]

_ACCOUNT: Final = re.compile(r"([A-Z]+)(\d{4})(\d{5,})")
_LONGEST: Final = 18

BEFORE: Final = {
    ClaimStatus.ACKNOWLEDGED: (ClaimStatus.SUBMITTED,),
    ClaimStatus.ACCEPTED: (ClaimStatus.SUBMITTED, ClaimStatus.ACKNOWLEDGED),
    ClaimStatus.PENDING: (ClaimStatus.SUBMITTED, ClaimStatus.ACKNOWLEDGED, ClaimStatus.ACCEPTED),
    ClaimStatus.REJECTED: (
        *(ClaimStatus.SUBMITTED, ClaimStatus.ACKNOWLEDGED),
        *(ClaimStatus.ACCEPTED, ClaimStatus.PENDING),
    ),
}
"""From where an answer moves a claim; one that is further already is only told."""
UNREAD: Final = (ClaimStatus.SUBMITTED, ClaimStatus.ACKNOWLEDGED)
"""From where a rejected file (999, TA1) moves a claim: what the payer has stays."""
UNSENT: Final = (ClaimStatus.DRAFT, ClaimStatus.SCRUBBED)
"""Where a claim waits to be sent, again where it was taken back or rejected before."""


class Contradiction(enum.Enum):
    """How an answer can be at odds with what is known of a claim (``ack_alarms``)."""

    UNDONE = enum.auto()
    WAITS = enum.auto()
    REJECTED = enum.auto()
    WITH_PAYER = enum.auto()


@dataclass(slots=True)
class Found:
    """What a file says, matched.

    ``alarms`` has the numbers of claims that are at odds with it, by how, by batch, and by
    whether they are held.
    """

    rows: list[AckRow] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    alarms: dict[tuple[Contradiction, str, bool], list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SentRow:
    """A claim as it was sent in a batch. ``is_last``: it was not sent again since."""

    sending_id: int
    batch_id: int
    batch: str
    state: BatchState
    transaction: str
    claim_id: int
    number: str
    status: ClaimStatus
    reason_code: str
    payer: str
    patient: str
    total: Money
    sent_on: date
    is_last: bool


def as_number(text: str) -> int | None:
    """Return a control number without its noughts, or None where it is none."""
    plain = text.strip()
    if not plain.isascii() or not plain.isdigit() or len(plain) > _LONGEST:
        return None
    return int(plain)


def batches_with(work: Work, column: Any, numbers: Iterable[int | None]) -> dict[int, ClaimBatch]:
    """Return our batches by a control number: ``ClaimBatch.group_control``, or ``interchange``."""
    wanted = {str(one) for one in numbers if one is not None}
    found = work.db.scalars(select(ClaimBatch).where(among_words(work, column, wanted)))
    return {int(getattr(batch, column.key)): batch for batch in found}


def sent_in(work: Work, batch_ids: Collection[int]) -> dict[int, list[SentRow]]:
    """Return what was sent in batches, by batch, in the order of their files."""
    found: dict[int, list[SentRow]] = {one: [] for one in batch_ids}
    rows = work.db.execute(_sendings().where(among(work, ClaimSending.batch_id, batch_ids))).all()
    for row in _typed(work, rows):
        found[row.batch_id].append(row)
    return found


def sent_as(work: Work, accounts: Iterable[str]) -> dict[str, SentRow]:
    """Return the last sending of claims by their number as payers return it (CLM01)."""
    numbers = {found: one for one in accounts if (found := number_of(one))}
    rows = work.db.execute(_sendings().where(among_words(work, Claim.number, numbers))).all()
    return {numbers[row.number]: row for row in _typed(work, rows) if row.is_last}


def number_of(account: str) -> str:
    """Return a claim's number by the account that payers return; "" for one that is not ours."""
    parts = _ACCOUNT.fullmatch(account.strip().upper().replace("-", ""))
    return "" if parts is None else "-".join(parts.groups())


def sent_names(work: Work, sending_ids: Collection[int]) -> dict[int, SentNames]:
    """Return whom and which days claims named when they were sent, by their sending."""
    rows = work.db.execute(
        select(ClaimSending.id, ClaimSending.content).where(
            among(work, ClaimSending.id, sending_ids)
        )
    )
    return {row.id: named_in(row.content) for row in rows}


def step(
    row: SentRow,
    new: ClaimStatus,
    reason: str,
    made_on: date | None,
    *,
    before: Collection[ClaimStatus] | None = None,
) -> AckMove | str:
    """Return how an answer moves a claim, or in words why it does not.

    ``before`` says from where, ``BEFORE`` where nothing is said.
    """
    if row.state is BatchState.UNDONE:
        return f"{row.batch} was taken back"
    if not row.is_last or (made_on is not None and made_on < row.sent_on):
        return "it is about an earlier sending"
    if row.status is new:
        return f"it is {new.value} already"
    if row.status not in (BEFORE[new] if before is None else before):
        return f"it is {row.status.value.replace('_', ' ')} by now"
    return AckMove(row.claim_id, row.status.value, new.value, reason)


def _sendings() -> Select[*tuple[Any, ...]]:
    return (
        select(
            ClaimSending.id.label("sending_id"),
            ClaimSending.batch_id,
            ClaimBatch.number.label("batch"),
            ClaimBatch.state,
            ClaimSending.transaction,
            ClaimSending.claim_id,
            Claim.number,
            Claim.status,
            Claim.reason_code,
            Payer.name.label("payer"),
            Patient.name.label("patient"),
            Claim.total,
            ClaimBatch.made_at,
        )
        .join(ClaimBatch, ClaimBatch.id == ClaimSending.batch_id)
        .join(Claim, Claim.id == ClaimSending.claim_id)
        .join(Payer, Payer.id == Claim.payer_id)
        .join(Patient, Patient.id == Claim.patient_id)
        .order_by(ClaimSending.id)
    )


def _typed(work: Work, rows: Collection[Any]) -> list[SentRow]:
    last = set(
        work.db.scalars(
            select(func.max(ClaimSending.id))
            .where(among(work, ClaimSending.claim_id, {row.claim_id for row in rows}))
            .group_by(ClaimSending.claim_id)
        )
    )
    return [
        SentRow(
            row.sending_id,
            row.batch_id,
            row.batch,
            row.state,
            row.transaction,
            row.claim_id,
            row.number,
            row.status,
            row.reason_code,
            row.payer,
            row.patient,
            row.total,
            row.made_at.astimezone(work.zone).date(),
            row.sending_id in last,
        )
        for row in rows
    ]
