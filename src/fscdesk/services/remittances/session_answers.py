"""Moves sessions to where a payer's answer puts them, and back when the answer is taken back.

Where a claim of ours stands behind a session the claim says it; here are also those that were
billed elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.session import BillingStatus, Session, SessionStatusHistory, StatusKind
from fscdesk.models.values import ZERO
from fscdesk.services.id_sets import among
from fscdesk.services.statuses import StatusChange, settled_sessions, write_status_changes
from fscdesk.services.work import Work

UNDONE: Final = "Undone after entering"
DUPLICATE: Final = "18"
"""The reason (CARC) of a denial because the same was billed before."""
_ITS_OWN: Final = frozenset({"Payment applied", "Adjusted", UNDONE})
"""Reasons under which posting and voiding move a session, beside those with the number."""
_BEFORE_ANSWER: Final = (
    BillingStatus.COMPLETED,
    BillingStatus.DOCUMENTED,
    BillingStatus.READY_TO_BILL,
    BillingStatus.SUBMITTED,
    BillingStatus.PENDING,
    BillingStatus.DENIED,
    BillingStatus.APPEALING,
)


def move_sessions(work: Work, answers: Mapping[int, str], number: str) -> None:
    """Mark sessions denied, or approved where the payer has answered; ``number`` is the payment's.

    ``answers`` are the reasons of denials (CARC) by charge, empty for what was not denied. Of a
    session with several charges one denied is enough. A session of which nothing is open stays
    paid, and a denial changes nothing of what the payer has settled before.
    """
    answers = without_duplicates(work, answers)
    rows = work.db.execute(
        select(
            Session.id,
            Session.billing_status,
            Charge.id.label("charge_id"),
            Charge.insurance_balance,
        )
        .join(Charge, Charge.session_id == Session.id)
        .where(among(work, Charge.id, answers))
        .order_by(Session.id, Charge.id)
    ).all()
    # A denial does not undo what was settled by an earlier answer.
    rows = [
        row
        for row in rows
        if not (
            answers[row.charge_id]
            and row.billing_status == BillingStatus.APPROVED
            and row.insurance_balance <= ZERO
        )
    ]
    refused = {row.id for row in rows if answers[row.charge_id]}
    wanted: dict[int, StatusChange] = {}
    for row in rows:
        now, denied = BillingStatus(row.billing_status), answers[row.charge_id]
        if denied:
            reason = f"{number}: denied, CARC {denied}"
            change = StatusChange(row.id, StatusKind.BILLING, now, BillingStatus.DENIED, reason)
            if now not in (BillingStatus.DENIED, BillingStatus.PAID):
                wanted[row.id] = change
        elif now in _BEFORE_ANSWER and row.id not in refused:
            reason = f"{number}: the payer has answered"
            wanted[row.id] = StatusChange(
                row.id, StatusKind.BILLING, now, BillingStatus.APPROVED, reason
            )
    write_status_changes(work, list(wanted.values()), day=work.today())


def without_duplicates(work: Work, answers: Mapping[int, str]) -> dict[int, str]:
    """Leave out denials as a duplicate of charges of which the payer owes nothing any more.

    The first bill was answered, and the second one says nothing new: where session and claim
    stand is not its matter, though the client may still owe a share.
    """
    again = [one for one, code in answers.items() if code.rpartition("-")[2] == DUPLICATE]
    if not again:
        return dict(answers)
    found = select(Charge.id).where(among(work, Charge.id, again), Charge.insurance_balance <= ZERO)
    settled = set(work.db.scalars(found))
    return {one: code for one, code in answers.items() if one not in settled}


def put_sessions_back(
    work: Work, session_ids: Collection[int], number: str, reason: str
) -> set[int]:
    """Give sessions the status that they had before a payment, where nothing happened since.

    What happened since is any change that was not the payment's own. One is paid when nothing of
    it is open, and only then, whatever it was before. Returns those that have moved.
    """
    now: dict[int, BillingStatus] = {
        row.id: row.billing_status
        for row in work.db.execute(
            select(Session.id, Session.billing_status).where(among(work, Session.id, session_ids))
        )
    }
    steps: dict[int, list[tuple[str | None, str, str]]] = defaultdict(list)
    for row in work.db.execute(
        select(
            SessionStatusHistory.session_id,
            SessionStatusHistory.old,
            SessionStatusHistory.new,
            SessionStatusHistory.reason,
        )
        .where(
            among(work, SessionStatusHistory.session_id, session_ids),
            SessionStatusHistory.kind == StatusKind.BILLING,
        )
        .order_by(SessionStatusHistory.id.desc())
    ):
        steps[row.session_id].append((row.old, row.new, row.reason))
    settled = settled_sessions(work, now)
    changes: list[StatusChange] = []
    for session_id, status in sorted(now.items()):
        before: str | None = None
        for old, new, why in steps[session_id]:
            own = why in _ITS_OWN or why == reason or why.startswith(f"{number}: ")
            if not own or old is None or new != (before or status):
                break
            before = old
        fits = (before == BillingStatus.PAID) is (session_id in settled)
        if before is not None and before != status and fits:
            changes.append(StatusChange(session_id, StatusKind.BILLING, status, before, reason))
    write_status_changes(work, changes, day=work.today())
    return {one.session_id for one in changes}
