"""Takes back a payment that was just entered, an EOB with all that its lines said.

Money and adjustments are reversed by voiding; here the sessions get back the status that they
had before the payer's answer, where nothing else has happened to them since.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from fscdesk.models.ledger import JournalLine
from fscdesk.models.payment import Payment
from fscdesk.models.session import Session, SessionStatusHistory, StatusKind
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.statuses import StatusChange, write_status_changes
from fscdesk.services.work import Work

_UNDONE = "Undone after entering"
_ITS_OWN = frozenset({"Payment applied", "Adjusted", _UNDONE})
"""Reasons under which posting and voiding move a session, beside those with the number."""


def take_back(work: Work, payment_id: int, *, expected_version: int) -> str:
    """Void a payment that was just entered, and return its number.

    A session that it denied, approved or paid stands again as before. Raises Problem, and
    changes nothing, once the payment was deposited, refunded or changed.
    """
    payment = work.db.get_one(Payment, payment_id)
    number, since = payment.number, payment.posted_at.astimezone(work.zone).date()
    sessions = {
        one
        for one in work.db.scalars(
            select(JournalLine.session_id).where(JournalLine.payment_id == payment_id).distinct()
        )
        if one is not None
    }
    # A denied line moves no money: only the history of that day knows its session.
    sessions |= set(
        work.db.scalars(
            select(SessionStatusHistory.session_id).where(
                SessionStatusHistory.day >= since,
                SessionStatusHistory.reason.startswith(f"{number}: ", autoescape=True),
            )
        )
    )
    void_payment(work, payment_id, reason=_UNDONE, expected_version=expected_version)
    _put_statuses_back(work, sorted(sessions), number)
    return number


def _put_statuses_back(work: Work, session_ids: Sequence[int], number: str) -> None:
    changes: list[StatusChange] = []
    for session_id in session_ids:
        now = work.db.get_one(Session, session_id).billing_status
        before: str | None = None
        for row in work.db.execute(
            select(SessionStatusHistory.old, SessionStatusHistory.new, SessionStatusHistory.reason)
            .where(
                SessionStatusHistory.session_id == session_id,
                SessionStatusHistory.kind == StatusKind.BILLING,
            )
            .order_by(SessionStatusHistory.id.desc())
        ):
            own = row.reason in _ITS_OWN or row.reason.startswith(f"{number}: ")
            if not own or row.old is None or row.new != (before or now):
                break
            before = row.old
        if before is not None and before != now:
            changes.append(StatusChange(session_id, StatusKind.BILLING, now, before, _UNDONE))
    write_status_changes(work, changes, day=work.today())
