"""The batches that were sent, newest first, and what each holds and was answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, case, func, or_, select
from sqlalchemy.orm import aliased

from fscdesk.models.claim import Claim, ClaimStatus, ClaimStatusHistory
from fscdesk.models.claim_batch import (
    Acknowledgment,
    AcknowledgmentItem,
    BatchState,
    ClaimBatch,
    ClaimSending,
    Route,
)
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.staff import Staff
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.paging import Page, Span
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work

__all__ = [
    "AnswerRow",
    "BatchDetail",
    "BatchRow",
    "BatchState",
    "Route",
    "SentClaim",
    "batch_detail",
    "batch_named",
    "page_of_batches",
]

_LOOKING: Final = "look at the batches of claims"
_SHOWN_PAYERS: Final = 3


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch as lists show it. ``made_at`` and ``undone_at`` are UTC.

    ``written_to`` names the folder that has taken the file; empty while it waits, and for paper
    and portals. ``rejected`` are its claims that came back rejected, also where
    they went again since.
    """

    id: int
    number: str
    route: Route
    state: BatchState
    claims: int
    rejected: int
    total: Money
    payers: str
    file_name: str
    sha256: str
    interchange: str
    group_control: str
    written_to: str
    reference: str
    made_by: str
    made_at: datetime
    undone_at: datetime | None
    version: int

    @property
    def waits(self) -> bool:
        """Return whether its file has not been written to the outbox yet."""
        return (
            self.route is Route.ELECTRONIC and self.state is BatchState.SENT and not self.written_to
        )

    @property
    def undoable(self) -> bool:
        """Return whether it can be taken back: nothing was answered yet."""
        return self.state is BatchState.SENT


@dataclass(frozen=True, slots=True)
class SentClaim:
    """A claim of a batch: as it was sent, and where it stands now."""

    sending_id: int
    claim_id: int
    number: str
    patient: str
    payer: str
    total: Money
    transaction: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What an acknowledgment said of this batch or of one of its claims."""

    acknowledgment_id: int
    kind: str
    file_name: str
    read_at: datetime
    claim: str
    accepted: bool
    codes: str
    words: str


@dataclass(frozen=True, slots=True)
class BatchDetail:
    """One batch with its claims and with what came back for it, in the order it came."""

    row: BatchRow
    claims: tuple[SentClaim, ...]
    answers: tuple[AnswerRow, ...]


def page_of_batches(
    work: Work, span: Span, *, route: Route | None = None, state: BatchState | None = None
) -> Page[BatchRow]:
    """Return some batches and what all of them ask for; one that was taken back asks for nothing.

    Sorts are ``number``, ``made_at``, ``claims``, ``total``, ``state`` and ``route``.
    """
    require(work, Right.SEND_CLAIMS, _LOOKING)
    sorts: dict[str, ColumnElement[Any]] = {
        "claims": ClaimBatch.claims.expression,
        "total": ClaimBatch.total.expression,
        "state": ClaimBatch.state.expression,
        "route": ClaimBatch.route.expression,
        "made_at": ClaimBatch.made_at.expression,
    }
    key = sorts.get(span.sort, ClaimBatch.id.expression)
    order = (key.desc(), ClaimBatch.id.desc()) if span.descending else (key, ClaimBatch.id)
    wanted = _only(_batches(), route, state)
    rows = work.db.execute(wanted.order_by(*order).offset(span.start).limit(span.size)).all()
    # What was taken back asks nobody for money.
    asks = case((ClaimBatch.state == BatchState.UNDONE, 0), else_=ClaimBatch.total.expression)
    sums = _only(select(func.count(), func.sum(asks)), route, state)
    many, total = work.db.execute(sums).one()
    return Page(span.start, many, _rows(work, rows), {"total": Money(int(total or 0))})


def batch_detail(work: Work, batch_id: int) -> BatchDetail:
    """Return one batch with its claims and answers. Raises Problem when there is none."""
    require(work, Right.SEND_CLAIMS, _LOOKING)
    found = work.db.execute(_batches().where(ClaimBatch.id == batch_id)).one_or_none()
    if found is None:
        raise Problem("This batch is not in the books.", hint="Look at the list again.")
    (row,) = _rows(work, [found])
    claims = work.db.execute(
        select(
            ClaimSending.id,
            Claim.id,
            Claim.number,
            Patient.name,
            Payer.name,
            Claim.total,
            ClaimSending.transaction,
            Claim.status,
            Claim.reason,
        )
        .join(Claim, Claim.id == ClaimSending.claim_id)
        .join(Patient, Patient.id == Claim.patient_id)
        .join(Payer, Payer.id == Claim.payer_id)
        .where(ClaimSending.batch_id == batch_id)
        .order_by(ClaimSending.id)
    )
    sent = tuple(SentClaim(*one) for one in claims)
    return BatchDetail(row, sent, _answers(work, row, [one.claim_id for one in sent]))


def batch_named(work: Work, number: str) -> int:
    """Return the batch with this number. Raises Problem when there is none."""
    wanted = select(ClaimBatch.id).where(ClaimBatch.number == number.strip().upper())
    found = work.db.scalar(wanted)
    if found is None:
        raise Problem(
            f"There is no batch {number}.",
            hint="Nothing was done. A batch's number is like BAT-2026-00042.",
        )
    return found


def _only(
    wanted: Select[*tuple[Any, ...]], route: Route | None, state: BatchState | None
) -> Select[*tuple[Any, ...]]:
    if route is not None:
        wanted = wanted.where(ClaimBatch.route == route)
    if state is not None:
        wanted = wanted.where(ClaimBatch.state == state)
    return wanted


def _batches() -> Select[*tuple[Any, ...]]:
    return select(
        ClaimBatch.id,
        ClaimBatch.number,
        ClaimBatch.route,
        ClaimBatch.state,
        ClaimBatch.claims,
        ClaimBatch.total,
        ClaimBatch.file_name,
        ClaimBatch.sha256,
        ClaimBatch.interchange,
        ClaimBatch.group_control,
        ClaimBatch.reference,
        Staff.name.label("made_by"),
        ClaimBatch.made_at,
        ClaimBatch.undone_at,
        ClaimBatch.version,
    ).join(Staff, Staff.id == ClaimBatch.made_by)


def _rows(work: Work, found: Collection[Row[Any]]) -> tuple[BatchRow, ...]:
    ids = [row.id for row in found]
    payers: dict[int, list[str]] = defaultdict(list)
    of_batches = (
        select(ClaimSending.batch_id, Payer.short_name)
        .join(Claim, Claim.id == ClaimSending.claim_id)
        .join(Payer, Payer.id == Claim.payer_id)
        .where(among(work, ClaimSending.batch_id, ids))
        .group_by(ClaimSending.batch_id, Payer.short_name)
        .order_by(ClaimSending.batch_id, Payer.short_name)
    )
    for one in work.db.execute(of_batches):
        payers[one.batch_id].append(one.short_name)
    rejected = _rejected(work, ids)
    return tuple(_row(row, payers[row.id], rejected.get(row.id, 0)) for row in found)


def _rejected(work: Work, batch_ids: Collection[int]) -> dict[int, int]:
    """Return how many claims of each batch came back rejected, before they went again."""
    later = aliased(ClaimBatch)
    again = aliased(ClaimSending)
    next_sent = (
        select(func.min(later.made_at))
        .join(again, again.batch_id == later.id)
        .where(
            again.claim_id == ClaimSending.claim_id,
            later.id > ClaimBatch.id,
            later.state != BatchState.UNDONE,
        )
        .scalar_subquery()
    )
    rows = work.db.execute(
        select(ClaimSending.batch_id, func.count(ClaimSending.claim_id.distinct()))
        .join(ClaimBatch, ClaimBatch.id == ClaimSending.batch_id)
        .join(ClaimStatusHistory, ClaimStatusHistory.claim_id == ClaimSending.claim_id)
        .where(
            among(work, ClaimSending.batch_id, batch_ids),
            ClaimStatusHistory.new == ClaimStatus.REJECTED.value,
            ClaimStatusHistory.at >= ClaimBatch.made_at,
            or_(next_sent.is_(None), ClaimStatusHistory.at < next_sent),
        )
        .group_by(ClaimSending.batch_id)
    )
    return {row[0]: row[1] for row in rows}


def _row(row: Row[Any], payers: list[str], rejected: int) -> BatchRow:
    more = len(payers) - _SHOWN_PAYERS
    shown = ", ".join(payers[:_SHOWN_PAYERS]) + (f" and {more} more" if more > 0 else "")
    electronic = row.route is Route.ELECTRONIC
    return BatchRow(
        id=row.id,
        number=row.number,
        route=row.route,
        state=row.state,
        claims=row.claims,
        rejected=rejected,
        total=row.total,
        payers=shown,
        file_name=row.file_name,
        sha256=row.sha256,
        interchange=row.interchange,
        group_control=row.group_control,
        written_to=row.reference if electronic else "",
        reference="" if electronic else row.reference,
        made_by=row.made_by,
        made_at=row.made_at,
        undone_at=row.undone_at,
        version=row.version,
    )


def _answers(work: Work, row: BatchRow, claim_ids: Collection[int]) -> tuple[AnswerRow, ...]:
    """Return what came back for a batch since it was sent, the first answer first."""
    found = work.db.execute(
        select(
            Acknowledgment.id,
            Acknowledgment.kind,
            Acknowledgment.file_name,
            Acknowledgment.read_at,
            func.coalesce(Claim.number, ""),
            AcknowledgmentItem.accepted,
            AcknowledgmentItem.codes,
            AcknowledgmentItem.words,
        )
        .join(AcknowledgmentItem, AcknowledgmentItem.acknowledgment_id == Acknowledgment.id)
        .outerjoin(Claim, Claim.id == AcknowledgmentItem.claim_id)
        .where(
            or_(
                AcknowledgmentItem.batch_id == row.id,
                AcknowledgmentItem.batch_id.is_(None)
                & among(work, AcknowledgmentItem.claim_id, claim_ids),
            ),
            Acknowledgment.read_at >= row.made_at,
        )
        .order_by(Acknowledgment.id, AcknowledgmentItem.position)
    )
    return tuple(AnswerRow(*one) for one in found)
