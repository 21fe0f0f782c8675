"""Sets a whole remittance aside of which nothing is in the books, and takes it up again.

A check that does not balance, one of another practice, the same check said twice: nobody can post
it, and it must not wait for ever. It stays as it came, with the reason; where the payer sends a
right one under the same number, that is no contradiction of it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select, update

from fscdesk.models.audit import AuditEvent
from fscdesk.models.remittance import Remittance, RemittanceStatus
from fscdesk.models.staff import Staff
from fscdesk.services.audit import record
from fscdesk.services.editing import locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among_words
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "OTHERWISE",
    "AsideSince",
    "aside_since",
    "free_identities",
    "set_all_aside",
    "take_all_up",
]

_DOING: Final = "set a remittance aside"
_ACTION: Final = "set_remittance_aside"
_NOTHING: Final = "Nothing was changed."
OTHERWISE: Final = "Another remittance with this check number says something else."
_WAITING: Final = (RemittanceStatus.TO_POST, RemittanceStatus.STOPPED)


@dataclass(frozen=True, slots=True)
class AsideSince:
    """Who set a remittance aside, when (UTC), and why it was stopped then (or "")."""

    by: str
    at: datetime
    was: str


def set_all_aside(
    work: Work, remittance_id: int, reason: str, *, expected_version: int | None = None
) -> str:
    """Let nobody work on a remittance any more, in one act; return its number.

    Its claims stay as they are. Raises Problem without a reason, for one of which something is in
    the books or was, and for one that is set aside already; ChangedElsewhere for another version.
    """
    require(work, Right.POST_PAYMENT, _DOING)
    words = text_of(reason, "the reason", longest=300, required=True)
    row = locked(work, Remittance, remittance_id, "this remittance")
    if row.status is RemittanceStatus.CLOSED:
        raise Problem(f"Remittance {row.number} is set aside already.", hint=_NOTHING)
    if row.status not in _WAITING:
        raise Problem(
            f"Remittance {row.number} is or was in the books.",
            hint=f"{_NOTHING} Undo it, or set single claims of it aside.",
        )
    if expected_version is not None:
        require_version(row, expected_version, f"remittance {row.number}")
    was = row.reason if row.status is RemittanceStatus.STOPPED else ""
    record(work, _ACTION, "remittance", row.id, was=was, reason=words)
    row.status, row.reason = RemittanceStatus.CLOSED, words
    work.touch(Topic.REMITTANCES, Topic.QUEUE)
    return row.number


def take_all_up(work: Work, remittance_id: int) -> str:
    """Let a remittance that was set aside wait again, stopped where it was; return its number.

    It is stopped as well where another one has the same check by now. Raises Problem for one that
    is not set aside.
    """
    require(work, Right.POST_PAYMENT, _DOING)
    row = locked(work, Remittance, remittance_id, "this remittance")
    if row.status is not RemittanceStatus.CLOSED:
        raise Problem(f"Remittance {row.number} is not set aside.", hint=_NOTHING)
    since = aside_since(work, row.id)
    was = "" if since is None else since.was
    if row.identity is None and row.conflict_id is None and row.trace:
        row.conflict_id = _same_check(work, row)
        was = OTHERWISE if row.conflict_id is not None else was
    record(work, "take_remittance_up", "remittance", row.id)
    row.status = RemittanceStatus.STOPPED if was else RemittanceStatus.TO_POST
    row.reason = was
    work.touch(Topic.REMITTANCES, Topic.QUEUE)
    return row.number


def aside_since(work: Work, remittance_id: int) -> AsideSince | None:
    """Return who set a remittance aside last; None where nobody has."""
    found = work.db.execute(
        select(Staff.name, AuditEvent.at, AuditEvent.detail)
        .join(Staff, Staff.id == AuditEvent.staff_id)
        .where(
            AuditEvent.action == _ACTION,
            AuditEvent.noun == "remittance",
            AuditEvent.noun_id == remittance_id,
        )
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).one_or_none()
    return None if found is None else AsideSince(found.name, found.at, found.detail["was"])


def free_identities(work: Work, identities: Collection[str]) -> None:
    """Let a right file have the number of a check whose first one was set aside."""
    work.db.execute(
        update(Remittance)
        .where(
            Remittance.status == RemittanceStatus.CLOSED,
            among_words(work, Remittance.identity, identities),
        )
        .values(identity=None, version=Remittance.version + 1)
    )
    work.db.expire_all()


def _same_check(work: Work, row: Remittance) -> int | None:
    """Return the newest remittance that has taken the place of one that was set aside."""
    return work.db.scalar(
        select(Remittance.id)
        .where(
            Remittance.id != row.id,
            Remittance.trace == row.trace,
            Remittance.payer_id.is_not_distinct_from(row.payer_id),
            Remittance.identity.is_not(None),
        )
        .order_by(Remittance.id.desc())
        .limit(1)
    )
