"""Writes the record of who did what, as a chain in which a missing link shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select, text

from fscdesk.models.audit import AuditEvent
from fscdesk.models.practice import NumberSeries
from fscdesk.services.bulk import is_postgres
from fscdesk.services.numbering import reserve_numbers
from fscdesk.services.work import Work

_CHAIN_LOCK = 0x66736361
"""Postgres: writers of the chain queue on this advisory lock until they commit."""
_COUNTED, _EVER = "AUDIT", 0
"""The series that counts the records, over all years."""


class Act(NamedTuple):
    """One act of the person at the desk, as `record` takes it."""

    action: str
    noun: str
    noun_id: int | None
    detail: Mapping[str, Any]


def record(work: Work, action: str, noun: str, noun_id: int | None = None, **detail: Any) -> None:
    """Append one act of the person at the desk. ``detail`` holds ids, counts, old and new."""
    record_all(work, (Act(action, noun, noun_id, detail),))


def record_all(work: Work, acts: Sequence[Act]) -> None:
    """Append several acts in their order, as `record` would one after the other."""
    if not acts:
        return
    if is_postgres(work):
        work.db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHAIN_LOCK})
    newest = select(AuditEvent.digest).order_by(AuditEvent.id.desc()).limit(1)
    before = work.db.scalar(newest) or ""
    for act in acts:
        event = AuditEvent(
            at=work.now(),
            staff_id=work.actor.staff_id,
            action=act.action,
            noun=act.noun,
            noun_id=act.noun_id,
            detail=dict(act.detail),
            digest="",
        )
        before = event.digest = _digest(before, event)
        work.db.add(event)
    work.db.flush()
    reserve_numbers(work, _COUNTED, _EVER, len(acts))


def missing_records(work: Work) -> int:
    """Return how many acts were put on record that are not there any more.

    A chain does not miss its last links; they are counted apart. Below zero where a record was
    added that no act has made.
    """
    counted = work.db.get(NumberSeries, (_COUNTED, _EVER))
    there = work.db.scalar(select(func.count()).select_from(AuditEvent)) or 0
    return (0 if counted is None else counted.next - 1) - there


def broken_links(work: Work) -> Iterator[int]:
    """Yield the id of each event whose digest does not follow from the one before it."""
    before = ""
    for event in work.db.scalars(select(AuditEvent).order_by(AuditEvent.id)):
        if event.digest != _digest(before, event):
            yield event.id
        before = event.digest


def _digest(before: str, event: AuditEvent) -> str:
    facts = [
        before,
        _moment(event.at),
        event.staff_id,
        event.action,
        event.noun,
        event.noun_id,
        event.detail,
    ]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
