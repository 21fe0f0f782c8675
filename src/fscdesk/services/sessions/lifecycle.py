"""How a person at the desk changes the billing status of sessions, and which steps are usual."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from sqlalchemy import select

from fscdesk.models.session import Attendance, BillingStatus, Session, StatusKind
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.statuses import StatusChange, write_status_changes
from fscdesk.services.work import Work

NEXT = MappingProxyType(
    {
        BillingStatus.COMPLETED: (BillingStatus.DOCUMENTED,),
        BillingStatus.DOCUMENTED: (BillingStatus.READY_TO_BILL, BillingStatus.COMPLETED),
        BillingStatus.READY_TO_BILL: (BillingStatus.SUBMITTED, BillingStatus.DOCUMENTED),
        BillingStatus.SUBMITTED: (BillingStatus.PENDING, BillingStatus.READY_TO_BILL),
        BillingStatus.PENDING: (BillingStatus.APPROVED, BillingStatus.DENIED),
        BillingStatus.APPROVED: (BillingStatus.PAID, BillingStatus.DENIED),
        BillingStatus.PAID: (BillingStatus.APPROVED,),
        BillingStatus.DENIED: (BillingStatus.APPEALING, BillingStatus.READY_TO_BILL),
        BillingStatus.APPEALING: (
            BillingStatus.PENDING,
            BillingStatus.APPROVED,
            BillingStatus.DENIED,
        ),
    }
)
"""The ladder of DESIGN.md 7; a person may leave it with a reason."""


def change_billing_status(
    work: Work,
    session_ids: Sequence[int],
    new: BillingStatus,
    *,
    reason: str,
    seen: BillingStatus | None = None,
) -> int:
    """Set the billing status of live sessions for a person at the desk; return how many changed.

    A step off the ladder needs a reason. ``paid`` is refused while a balance is open:
    paid means that both balances are zero. ``seen`` is the status that the person saw.
    """
    require(work, Right.CHANGE_STATUS, "change the status of a session")
    changes = []
    for session in _live(work, session_ids):
        old = BillingStatus(session.billing_status)
        if seen is not None and old is not seen:
            raise ChangedElsewhere(
                "Someone else changed the status of one of these sessions first.",
                hint="Nothing was saved. Look at the list again.",
            )
        if old is new:
            continue
        _require_step(session, old, new, reason)
        changes.append(StatusChange(session.id, StatusKind.BILLING, old, new, reason.strip()))
    write_status_changes(work, changes, day=work.today())
    return len(changes)


def _live(work: Work, session_ids: Sequence[int]) -> list[Session]:
    found = list(
        work.db.scalars(
            select(Session)
            .where(Session.id.in_(session_ids), Session.withdrawn_by.is_(None))
            .order_by(Session.id)
            .with_for_update()
        )
    )
    if len(found) != len(set(session_ids)):
        raise ChangedElsewhere(
            "One of these sessions was taken back by undoing its import.",
            hint="Nothing was saved. Look at the list again.",
        )
    return found


def _require_step(session: Session, old: BillingStatus, new: BillingStatus, reason: str) -> None:
    owed = session.insurance_balance, session.patient_balance
    if new is BillingStatus.PAID and any(owed):
        raise Problem(
            f"The session of {session.day:%m/%d/%Y} still has {owed[0]} open with the payer and "
            f"{owed[1]} with the client.",
            hint="Nothing was changed. A session is paid when both are 0.00.",
        )
    if new not in NEXT[old] and not reason.strip():
        raise Problem(
            f"From {old.value.replace('_', ' ')} to {new.value.replace('_', ' ')} is not the "
            "usual next step.",
            hint="Nothing was changed. Say why, and it will be done and recorded.",
        )


def attendance_words(attendance: Attendance) -> str:
    """Return the status as a word in a sentence."""
    return attendance.value.replace("_", " ")
