"""What a person at the desk does to several sessions at once, and how it is taken back.

Screens know statuses by their words (``ready_to_bill``); every act here returns what it
changed, so that the opposite act can be done later, and only if nobody changed it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select

from fscdesk.models.session import Attendance, BillingStatus, Session, SessionStatusHistory
from fscdesk.models.session import StatusKind as _Kind
from fscdesk.services.errors import ChangedElsewhere
from fscdesk.services.id_sets import among
from fscdesk.services.sessions.attending import Outlook, change_attendance, foresee_attendance
from fscdesk.services.sessions.lifecycle import NEXT, change_billing_status
from fscdesk.services.sessions.pre_bill import PreBillResult, make_ready
from fscdesk.services.work import Work

Kind = Literal["billing", "attendance"]

BILLING_STATUSES = tuple(status.value for status in BillingStatus)
"""Every billing status, in the order of a session's life."""
ATTENDANCES = tuple(attendance.value for attendance in Attendance)
"""Every attendance, as it is kept."""
TAKEN_BACK = "Undo"
"""The reason that stands in the history of what was undone."""
_NOT_TYPED = ("Checks before billing%", "Marked as %", "CLM-%", TAKEN_BACK)


@dataclass(frozen=True, slots=True)
class Changed:
    """What an act did to statuses: for each session what it was and what it is now."""

    kind: Kind
    changes: tuple[tuple[int, str, str], ...] = ()

    def __len__(self) -> int:
        return len(self.changes)


def needs_reason(olds: Iterable[str], new: str) -> bool:
    """Return whether one of these steps leaves the ladder of DESIGN.md 7."""
    wanted = BillingStatus(new)
    return any(
        wanted is not BillingStatus(old) and wanted not in NEXT[BillingStatus(old)] for old in olds
    )


def usual_steps(old: str) -> tuple[str, ...]:
    """Return the statuses that usually come next, the way forward first."""
    return tuple(status.value for status in NEXT[BillingStatus(old)])


def set_status(work: Work, seen: Mapping[int, str], new: str, *, reason: str = "") -> Changed:
    """Set the billing status of sessions; ``seen`` is the status of each that the person saw.

    Raises Problem as ``change_billing_status`` does, and ChangedElsewhere when one of them
    has another status by now. All are changed, or none.
    """
    before = _require_unchanged(work, "billing", seen)
    change_billing_status(work, list(seen), BillingStatus(new), reason=reason)
    return _difference(work, "billing", before)


def set_attendance(work: Work, seen: Mapping[int, str], new: str, *, reason: str = "") -> Changed:
    """Set whether sessions took place; their charges follow. Refusals as in ``set_status``."""
    before = _require_unchanged(work, "attendance", seen)
    change_attendance(work, list(seen), Attendance(new), reason=reason.strip())
    return _difference(work, "attendance", before)


def foresee(work: Work, session_ids: Sequence[int], new: str) -> Outlook:
    """Return what ``set_attendance`` would do to the charges, without doing it."""
    return foresee_attendance(work, session_ids, Attendance(new))


def check_before_billing(work: Work, session_ids: Sequence[int]) -> tuple[PreBillResult, Changed]:
    """Check sessions, make ready what passes, and say which statuses that changed."""
    before = _statuses(work, "billing", session_ids)
    result = make_ready(work, session_ids)
    return result, _difference(work, "billing", before)


def take_back(work: Work, done: Changed) -> int:
    """Set the statuses back to what they were; return how many sessions that changed.

    Raises ChangedElsewhere when one of them was changed again since, and Problem when the
    way back is refused; nothing is changed then.
    """
    _require_unchanged(work, done.kind, {one: new for one, _old, new in done.changes})
    for old, ids in _by_old(done.changes).items():
        if done.kind == "billing":
            change_billing_status(work, ids, BillingStatus(old), reason=TAKEN_BACK)
        else:
            change_attendance(work, ids, Attendance(old), reason=TAKEN_BACK)
    return len(done)


def recent_reasons(work: Work, kind: Kind, most: int = 8) -> tuple[str, ...]:
    """Return the reasons that people gave last, the newest first, each once."""
    history = SessionStatusHistory
    newest = func.max(history.id)
    asked = select(history.reason).where(
        history.kind == _Kind(kind), history.batch_id.is_(None), history.reason != ""
    )
    for words in _NOT_TYPED:
        asked = asked.where(history.reason.not_like(words))
    # What the import of a file writes carries its batch; what a person types does not.
    asked = asked.where(history.old.is_not(None))
    found = work.db.scalars(asked.group_by(history.reason).order_by(newest.desc()).limit(most))
    return tuple(found)


def _statuses(work: Work, kind: Kind, session_ids: Iterable[int]) -> dict[int, str]:
    column = Session.billing_status if kind == "billing" else Session.attendance
    ids = sorted(set(session_ids))
    asked = select(Session.id, column).where(among(work, Session.id, ids))
    return {one: str(status) for one, status in work.db.execute(asked)}


def _require_unchanged(work: Work, kind: Kind, seen: Mapping[int, str]) -> dict[int, str]:
    now = _statuses(work, kind, seen)
    if any(now.get(one, status) != status for one, status in seen.items()):
        raise ChangedElsewhere(
            "One of these sessions was changed in the meantime.",
            hint="Nothing was saved. Look at the list again.",
        )
    return now


def _difference(work: Work, kind: Kind, before: Mapping[int, str]) -> Changed:
    after = _statuses(work, kind, before)
    return Changed(
        kind,
        tuple((one, old, after[one]) for one, old in sorted(before.items()) if after[one] != old),
    )


def _by_old(changes: Iterable[tuple[int, str, str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for one, old, _new in changes:
        found[old].append(one)
    return found
