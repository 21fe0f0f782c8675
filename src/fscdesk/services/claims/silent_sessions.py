"""Sessions that were billed elsewhere, and of which their payer has said nothing.

No claim of ours stands behind them (SimplePractice has sent it): the session itself says that it
is submitted or pending. What somebody looked up, and wants to look up again, waits for its day
under the key that the queue has for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, String, cast, exists, func, literal, or_, select

from fscdesk.models.alert import WorkItem
from fscdesk.models.claim import Claim, ClaimLine
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.session import BillingStatus, Session, SessionStatusHistory, StatusKind
from fscdesk.models.values import Money
from fscdesk.services.claim_standing import standing
from fscdesk.services.claims.claim_filters import SILENT_DAYS
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work

__all__ = ["SilentSession", "key_of", "silent_sessions"]

_KEY: Final = "silent:session-"
_WAITS: Final = (BillingStatus.SUBMITTED, BillingStatus.PENDING)


@dataclass(frozen=True, slots=True)
class SilentSession:
    """A session, who it is about, and since when its payer is silent.

    ``again_on`` is the day for which somebody has put it off, None where nobody has; ``note`` is
    what was noted of it.
    """

    session: Session
    patient: str
    clinician: str
    payer: str
    since: date
    again_on: date | None
    note: str


def key_of(session_id: int) -> str:
    """Return the key of a silent session in the queue: what people did about it is kept there."""
    return f"{_KEY}{session_id}"


def silent_sessions(work: Work, most: int | None = None) -> list[SilentSession]:
    """Return the silent sessions, the oldest first; also those put off until later.

    Counted from the day on which the status was changed here; a session that came with its
    status from a file counts from its own day, because nobody knows when it was sent. One that
    was put off is silent again on its day.
    """
    changed = _changed()
    rows = work.db.execute(
        select(
            Session,
            Patient.name,
            Provider.name,
            func.coalesce(Payer.short_name, ""),
            WorkItem.snoozed_until,
            func.coalesce(WorkItem.note, ""),
        )
        .join(Patient, Patient.id == Session.patient_id)
        .join(Provider, Provider.id == Session.provider_id)
        .outerjoin(Payer, Payer.id == Session.payer_id)
        .outerjoin(WorkItem, WorkItem.key == _key())
        .where(*_silent(work))
        .order_by(Session.day, Session.id)
        .limit(most)
    ).all()
    ids = [row[0].id for row in rows]
    here = set(work.db.scalars(select(Session.id).where(among(work, Session.id, ids), changed)))
    latest = work.today() - timedelta(days=SILENT_DAYS)
    found: list[SilentSession] = []
    for one, patient, clinician, payer, again, note in rows:
        here_since = one.id in here and one.day < one.status_since <= latest
        since = one.status_since if here_since else one.day
        found.append(SilentSession(one, patient, clinician, payer, since, again, note))
    return found


def _silent(work: Work) -> tuple[ColumnElement[bool], ...]:
    latest = work.today() - timedelta(days=SILENT_DAYS)
    on_claim = exists().where(
        ClaimLine.session_id == Session.id, Claim.id == ClaimLine.claim_id, standing()
    )
    return (
        Session.billing_status.in_(_WAITS),
        Session.insurance_balance > Money(),
        Session.day <= latest,
        or_(
            Session.status_since <= latest,
            ~_changed(),
            WorkItem.snoozed_until <= work.today(),
        ),
        Session.withdrawn_by.is_(None),
        Session.payer_id.is_not(None),
        ~on_claim,
    )


def _changed() -> ColumnElement[bool]:
    return exists().where(
        SessionStatusHistory.session_id == Session.id,
        SessionStatusHistory.kind == StatusKind.BILLING,
        SessionStatusHistory.old.is_not(None),
    )


def _key() -> ColumnElement[str]:
    return literal(_KEY) + cast(Session.id, String)
