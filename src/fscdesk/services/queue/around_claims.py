"""What waits beside claims: sessions on none, authorizations that run out, answers of nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, exists, func, select

from fscdesk.models.claim import Claim, ClaimLine
from fscdesk.models.claim_batch import Acknowledgment, AcknowledgmentItem
from fscdesk.models.patient import Patient
from fscdesk.models.session import BillingStatus, Session
from fscdesk.models.values import ZERO, Money
from fscdesk.services.claim_standing import standing
from fscdesk.services.paging import Span
from fscdesk.services.permissions import Right, may
from fscdesk.services.queue.claims import BUILD, LIST, money_of
from fscdesk.services.queue.kinds import SHOWN, Kind, Line, Waiting, many, since
from fscdesk.services.remembering import remembered
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Topic, Work

if TYPE_CHECKING:
    from fscdesk.services.claims.authorization_rows import AuthorizationRow

SESSIONS, CLIENTS = "sessions", "patients"
READY_LATE: Final = 7
"""A session that could be billed since more days than these is more urgent."""
UNMATCHED_DAYS: Final = 30
"""So long an answer that names nothing of ours is shown; the batches keep it for good."""
_UNBILLED_TOPICS: Final = frozenset(
    {Topic.SESSIONS, Topic.CLAIMS, Topic.LEDGER, Topic.IMPORTS, Topic.PATIENTS}
)


def unbilled(work: Work) -> Iterator[Waiting]:
    """Yield the sessions that are ready to bill and on no claim."""
    if not may(work, Right.MAKE_CLAIMS):
        return
    count, cents, oldest = remembered(
        work, _UNBILLED_TOPICS, ("unbilled", work.today()), lambda: _unbilled(work)
    )
    if not count:
        return
    first = work.db.execute(
        select(Session.id, Session.day, Session.insurance_balance, Patient.name)
        .join(Patient, Patient.id == Session.patient_id)
        .where(*_ready_sessions())
        .order_by(Session.day, Session.id)
        .limit(SHOWN)
    )
    today = work.today()
    late = oldest is not None and (today - oldest).days > READY_LATE
    yield Waiting(
        Kind.UNBILLED,
        Urgency.MEDIUM if late else Urgency.LOW,
        "Sessions to bill",
        f"{many(count, 'session')} ready, and on no claim",
        "Build their claims",
        since(oldest, today),
        count,
        Money(cents),
        oldest,
        Opens(BUILD),
        tuple(
            Line(name, f"{day:%m/%d/%Y}", still, Opens(SESSIONS, {"session": session_id}))
            for session_id, day, still, name in first
        ),
    )


def authorizations(work: Work) -> Iterator[Waiting]:
    """Yield the authorizations in force that have little left, or end soon."""
    from fscdesk.services.claims.authorization_rows import (
        AuthorizationFilter,
        Warns,
        page_of_authorizations,
    )

    if not may(work, Right.MAKE_CLAIMS):
        return
    page = page_of_authorizations(work, AuthorizationFilter(view="asks"), Span(0, SHOWN, "to"))
    if not page.total:
        return
    rows = sorted(page.rows, key=lambda row: row.warns is not Warns.USED_UP)
    first = rows[0]
    up = first.warns is Warns.USED_UP
    yield Waiting(
        Kind.AUTHORIZATION,
        Urgency.HIGH if up else Urgency.MEDIUM,
        "Authorizations running out",
        f"{many(page.total, 'authorization')}, the first for {first.patient}",
        "Ask the payer for more",
        "used up" if up else f"ends {first.fields.valid_to:%m/%d/%Y}",
        page.total,
        ZERO,
        min(row.fields.valid_to for row in rows),
        _opens_authorization(first),
        tuple(
            Line(
                row.patient,
                f"{row.fields.number}, {row.payer}: {row.warning.removesuffix('.')}",
                None,
                _opens_authorization(row),
            )
            for row in rows
        ),
    )


def unmatched(work: Work) -> Iterator[Waiting]:
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
        .limit(SHOWN)
    )
    day = _day(work, oldest)
    yield Waiting(
        Kind.ACKNOWLEDGMENT,
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


def _opens_authorization(row: AuthorizationRow) -> Opens:
    asked = {"patient": row.patient_id, "tab": "authorizations", "record": row.id}
    return Opens(CLIENTS, asked)


def _unbilled(work: Work) -> tuple[int, int, date | None]:
    count, cents, oldest = work.db.execute(
        select(func.count(), func.sum(Session.insurance_balance), func.min(Session.day)).where(
            *_ready_sessions()
        )
    ).one()
    return count, money_of(cents).cents, oldest


def _ready_sessions() -> Sequence[ColumnElement[bool]]:
    on_claim = exists().where(
        ClaimLine.session_id == Session.id, Claim.id == ClaimLine.claim_id, standing()
    )
    return (
        Session.billing_status == BillingStatus.READY_TO_BILL,
        Session.withdrawn_by.is_(None),
        Session.payer_id.is_not(None),
        ~on_claim,
    )


def _day(work: Work, at: datetime) -> date:
    return at.astimezone(work.zone).date()
