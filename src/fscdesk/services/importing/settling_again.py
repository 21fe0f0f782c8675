"""What every import of sessions or money does at its end, so that the order of files is no matter.

A file tells what it can when it comes. What only a later one explains (who of two clients of one
name paid, which session a claim is of, what a payment has closed) is looked at again here.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import select, update

from fscdesk.models.charge import Side
from fscdesk.models.session import Session
from fscdesk.models.simplepractice import ReportedAllocation, ReportedClaim
from fscdesk.services.importing.shared_names import tell_namesakes_apart
from fscdesk.services.payments.clearing import settle
from fscdesk.services.work import Work


def settle_again(work: Work, *, on: date, batch_id: int) -> None:
    """Tell namesakes apart, find the sessions of claims, and let payments close 1060."""
    tell_namesakes_apart(work, on=on, batch_id=batch_id)
    link_claims(work)
    settle(work, on=on, batch_id=batch_id)


def link_claims(work: Work) -> int:
    """Give claims the session that the income allocation names with their number, if just one.

    Returns how many found one.
    """
    waiting = {
        claim.reference: claim.id
        for claim in work.db.execute(
            select(ReportedClaim.reference, ReportedClaim.id).where(
                ReportedClaim.session_id.is_(None)
            )
        )
    }
    if not waiting:
        return 0
    there: dict[int, set[int]] = defaultdict(set)
    for document, session_id in work.db.execute(
        select(ReportedAllocation.document, Session.id)
        .join(
            Session,
            (Session.patient_id == ReportedAllocation.patient_id)
            & (Session.day == ReportedAllocation.session_day),
        )
        .where(
            ReportedAllocation.side == Side.INSURANCE,
            ReportedAllocation.document != "",
            Session.payer_id.is_not(None),
            Session.withdrawn_by.is_(None),
        )
    ):
        claim_id = waiting.get(document.rpartition("#")[2].strip())
        if claim_id is not None:
            there[claim_id].add(session_id)
    found = {claim: next(iter(ids)) for claim, ids in there.items() if len(ids) == 1}
    for claim_id, session_id in found.items():
        work.db.execute(
            update(ReportedClaim).where(ReportedClaim.id == claim_id).values(session_id=session_id)
        )
    work.db.expire_all()
    return len(found)


def unlink_claims(work: Work) -> None:
    """Let go of sessions that an undo has withdrawn: their claims wait for a session again."""
    gone = select(Session.id).where(Session.withdrawn_by.is_not(None))
    work.db.execute(
        update(ReportedClaim).where(ReportedClaim.session_id.in_(gone)).values(session_id=None)
    )
    work.db.expire_all()
