"""What waits beside claims: answers of clearinghouses and payers about nothing of ours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.claim_batch import Acknowledgment, AcknowledgmentItem
from fscdesk.models.values import ZERO
from fscdesk.services.permissions import Right, may
from fscdesk.services.queue.claims import LIST
from fscdesk.services.queue.groups import NAMED, Group
from fscdesk.services.queue.items import ItemKind, Line
from fscdesk.services.queue.wording import many, since
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work

UNMATCHED_DAYS: Final = 30
"""So long an answer that names nothing of ours is shown; the batches keep it for good."""


def unmatched(work: Work) -> Iterator[Group]:
    """Yield what newly read acknowledgments say of claims and batches that are not ours."""
    if not may(work, Right.SEND_CLAIMS):
        return
    where = (
        AcknowledgmentItem.claim_id.is_(None),
        AcknowledgmentItem.batch_id.is_(None),
        Acknowledgment.read_at >= work.now() - timedelta(days=UNMATCHED_DAYS),
    )
    joined = Acknowledgment.id == AcknowledgmentItem.acknowledgment_id
    count, oldest = work.db.execute(
        select(func.count(), func.min(Acknowledgment.read_at))
        .select_from(AcknowledgmentItem)
        .join(Acknowledgment, joined)
        .where(*where)
    ).one()
    if not count:
        return
    first = work.db.execute(
        select(AcknowledgmentItem.reference, AcknowledgmentItem.words, Acknowledgment.file_name)
        .join(Acknowledgment, joined)
        .where(*where)
        .order_by(AcknowledgmentItem.accepted, Acknowledgment.id.desc(), AcknowledgmentItem.id)
        .limit(NAMED)
    )
    day = _day(work, oldest)
    yield Group(
        ItemKind.ACKNOWLEDGMENT,
        Urgency.MEDIUM,
        "Answers about nothing of ours",
        f"{many(count, 'answer')} of a 999 or 277CA that no batch or claim has",
        "See whose they are",
        since(day, work.today()),
        count,
        ZERO,
        day,
        Opens(LIST, {"tab": "batches"}),
        tuple(Line(name or file, words or file) for name, words, file in first),
    )


def _day(work: Work, at: datetime) -> date:
    return at.astimezone(work.zone).date()
