"""Counts and sums of the sessions that match a question, read from covering indexes."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, func, select, type_coerce

from fscdesk.models.session import Session
from fscdesk.models.values import ZERO, Money
from fscdesk.services.index_hints import from_index
from fscdesk.services.remembering import remembered
from fscdesk.services.sessions.filters import (
    BY_DAY,
    BY_OPEN,
    OPEN,
    Matching,
    SessionFilter,
    matching,
)
from fscdesk.services.work import Topic, Work

TOPICS = frozenset(
    {
        Topic.SESSIONS,
        Topic.LEDGER,
        Topic.IMPORTS,
        Topic.PATIENTS,
        Topic.PAYERS,
        Topic.PROVIDERS,
        Topic.SERVICES,
    }
)
"""What an answer about sessions depends on: also names, as words are looked for in them."""

GROUPED = {
    "status": Session.billing_status,
    "attendance": Session.attendance,
    "note": Session.note_status,
    "code": Session.code_text,
    "payer": Session.payer_id,
    "clinician": Session.provider_id,
}
"""Columns of few different values: they have chips, and sorting by them goes by groups."""

GROUP_INDEX = {
    "status": "ix_session_by_billing",
    "attendance": "ix_session_by_attendance",
    "note": "ix_session_by_note",
    "code": "ix_session_by_code",
    "payer": "ix_session_by_payer",
    "clinician": "ix_session_by_provider",
}


@dataclass(frozen=True, slots=True)
class Totals:
    """How many sessions match, and their sums."""

    count: int = 0
    fee: Money = ZERO
    insurance: Money = ZERO
    patient: Money = ZERO

    def by_column(self) -> dict[str, Money]:
        """Return the sums by the key of their column."""
        return {"fee": self.fee, "insurance": self.insurance, "patient": self.patient}


def totals_of(work: Work, wanted: SessionFilter) -> Totals:
    """Return count and sums of everything that matches; cheap when asked again."""
    return remembered(
        work,
        _topics(wanted),
        dated(work, "totals", wanted),
        lambda: _totals(work, matching(work, wanted)),
    )


def groups_of(work: Work, wanted: SessionFilter, column: str) -> dict[Any, int]:
    """Return how many matching sessions have each value of a column of ``GROUPED``."""
    return remembered(
        work,
        _topics(wanted),
        dated(work, f"groups {column}", wanted),
        lambda: _groups(work, wanted, column),
    )


def _topics(wanted: SessionFilter) -> frozenset[Topic]:
    return TOPICS | {Topic.CLAIMS} if wanted.claim else TOPICS


def dated(work: Work, what: str, wanted: SessionFilter) -> Hashable:
    """Return the key of an answer: words like ``3/31`` mean other days next year."""
    return (what, wanted, work.today() if wanted.text else None)


def _totals(work: Work, found: Matching) -> Totals:
    if found.never:
        return Totals()
    fee, insurance, patient = (
        _cents(func.sum(column))
        for column in (Session.fee, Session.insurance_balance, Session.patient_balance)
    )
    count = func.count()
    if found.open or found.narrow:
        asked = select(count, fee, insurance, patient).select_from(Session)
        row = work.db.execute(
            from_index(asked.where(*found.conditions), Session, found.index)
        ).one()
        return Totals(row[0], *map(_money, row[1:]))
    # The fee is in the index that answers the count. Of balances only the open ones are
    # summed, from an index that holds nothing else.
    counted = select(count, fee).select_from(Session).where(*found.conditions)
    index = "ix_session_by_fee" if found.all else found.index
    matched, charged = work.db.execute(from_index(counted, Session, index)).one()
    still_open = select(insurance, patient).select_from(Session).where(OPEN, *found.conditions)
    owed = work.db.execute(from_index(still_open, Session, BY_OPEN)).one()
    return Totals(matched, _money(charged), *map(_money, owed))


def _groups(work: Work, wanted: SessionFilter, column: str) -> dict[Any, int]:
    found = matching(work, wanted)
    if found.never:
        return {}
    by = GROUPED[column]
    index = found.index if found.open or found.narrow else BY_DAY
    index = GROUP_INDEX[column] if found.all else index
    asked = select(by, func.count()).select_from(Session).where(*found.conditions).group_by(by)
    return {row[0]: row[1] for row in work.db.execute(from_index(asked, Session, index))}


def _cents(total: ColumnElement[Any]) -> ColumnElement[int]:
    return type_coerce(total, BigInteger)


def _money(cents: int | None) -> Money:
    return Money(int(cents or 0))
