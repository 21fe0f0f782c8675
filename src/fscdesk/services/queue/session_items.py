"""Sessions that wait, one by one: to bill, not ready to be billed, without a signed note.

What stands on a claim is the claim's matter (``claim_items``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, func, or_, select

from fscdesk.models.claim import Claim, ClaimLine
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.session import (
    Attendance,
    BillingStatus,
    Session,
)
from fscdesk.models.values import Money
from fscdesk.services.claim_standing import standing
from fscdesk.services.claims.denials import DenialFilter, find_denials
from fscdesk.services.claims.silent_sessions import silent_sessions as silent_sessions_of
from fscdesk.services.paging import Span
from fscdesk.services.queue.items import ItemKind, QueueItem, Step, by_day, the_rest
from fscdesk.services.reports.needs_you import NOTE_LATE, SILENT, Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work

SESSIONS: Final = "sessions"
_EVERY: Final = Span(0, 1_000_000, "deadline")
UNBILLED_LATE: Final = 7
"""A session that could be billed since more days than these is more urgent."""
SIGNED: Final = "LOCKED"
"""SimplePractice's word for a note that was signed."""


def unbilled(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the sessions that are ready to bill and on no claim."""
    where = (Session.billing_status == BillingStatus.READY_TO_BILL, *_insured_off_claims())
    for one, patient, clinician, payer, days in _rows(work, where, most):
        due = None if days is None else one.day + timedelta(days=days)
        late = (work.today() - one.day).days > UNBILLED_LATE
        yield _item(
            work,
            one,
            ItemKind.UNBILLED,
            by_day(due, work.today(), Urgency.MEDIUM if late else Urgency.LOW),
            "Ready to bill",
            (patient, payer, clinician),
            "It is ready to bill, and on no claim.",
            (Step("Build its claim", one.code_text), Step("Send it")),
            amount=one.insurance_balance,
            due=due,
        )
    opens = Opens(SESSIONS, {"view": "unbilled", "claim": "none"})
    yield from _rest(work, ItemKind.UNBILLED, where, most, "sessions to bill", opens)


def not_ready(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the sessions with a signed note that lack something which a claim needs."""
    where = (
        Session.billing_status.in_((BillingStatus.COMPLETED, BillingStatus.DOCUMENTED)),
        Session.attendance == Attendance.COMPLETED,
        Session.note_status == SIGNED,
        *_insured_off_claims(),
    )
    for one, patient, clinician, payer, days in _rows(work, where, most):
        due = None if days is None else one.day + timedelta(days=days)
        yield _item(
            work,
            one,
            ItemKind.NOT_READY,
            by_day(due, work.today(), Urgency.MEDIUM),
            "Not ready to bill",
            (patient, payer, clinician),
            "Its note is signed, and something that a claim needs is missing.",
            (Step("See in the session what is missing"), Step("Mend it, check again")),
            amount=one.insurance_balance,
            due=due,
        )
    opens = Opens(SESSIONS, {"view": "unbilled", "claim": "none"})
    yield from _rest(work, ItemKind.NOT_READY, where, most, "sessions not ready to bill", opens)


def undocumented(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the sessions of yesterday and before without a signed note."""
    today = work.today()
    where = (
        Session.withdrawn_by.is_(None),
        Session.attendance == Attendance.COMPLETED,
        or_(Session.note_status < SIGNED, Session.note_status > SIGNED),
        Session.day < today,
    )
    for one, patient, clinician, payer, days in _rows(work, where, most):
        due = None if days is None else one.day + timedelta(days=days)
        late = (today - one.day).days > NOTE_LATE
        yield _item(
            work,
            one,
            ItemKind.UNDOCUMENTED,
            by_day(due, today, Urgency.HIGH if late else Urgency.MEDIUM),
            "No signed note",
            (patient, payer, clinician),
            f"{clinician} has not signed the note. It cannot be billed before.",
            (Step("Remind the clinician", clinician), Step("Import the sessions again")),
            amount=one.fee,
            due=due,
        )
    opens = Opens(SESSIONS, {"view": "no_signed_note"})
    yield from _rest(work, ItemKind.UNDOCUMENTED, where, most, "sessions without a note", opens)


def denied_sessions(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield sessions that came as denied and are on no claim.

    A denied charge is told by its line (``claim_items.denied``), which knows the payer's reason.
    """
    told = {one.session_id for one in find_denials(work, DenialFilter(), _EVERY).rows}
    where = (Session.billing_status == BillingStatus.DENIED, *_insured_off_claims())
    for one, patient, clinician, payer, _days in _rows(work, where, most):
        if one.id in told:
            continue
        yield _item(
            work,
            one,
            ItemKind.DENIED,
            Urgency.HIGH,
            "Denied, on no claim here",
            (patient, payer, clinician),
            f"{payer or 'The payer'} denied it. No claim here stands that could be mended.",
            (
                Step("Look in the payer's portal, or call", payer),
                Step("Mend and send it again, or appeal"),
            ),
            amount=one.insurance_balance,
            since=one.status_since,
            prefix="session-",
        )


def silent_sessions(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield sessions that were billed elsewhere and of which the payer has said nothing."""
    today = work.today()
    for found in silent_sessions_of(work, most):
        one, payer = found.session, found.payer
        silent = (today - found.since).days
        urgency = next((grave for days, grave in SILENT if silent >= days), Urgency.MEDIUM)
        yield _item(
            work,
            one,
            ItemKind.SILENT,
            urgency,
            f"No answer for {silent} days",
            (found.patient, payer, found.clinician),
            f"{payer} has said nothing for {silent} days. It is on no claim here.",
            (Step("Look it up in the payer's portal, or call", payer),),
            amount=one.insurance_balance,
            since=found.since,
            prefix="session-",
        )


def _item(
    work: Work,
    one: Session,
    kind: ItemKind,
    urgency: Urgency,
    title: str,
    who: tuple[str, str, str],
    why: str,
    steps: tuple[Step, ...],
    *,
    amount: Money,
    due: date | None = None,
    since: date | None = None,
    prefix: str = "",
) -> QueueItem:
    patient, payer, clinician = who
    if due is not None:
        left = (due - work.today()).days
        said = f"{payer} takes claims until {due:%m/%d/%Y}"
        why = f"{why} {said}." if left >= 0 else f"{why} {payer} took claims until {due:%m/%d/%Y}."
    return QueueItem(
        key=f"{kind.value}:{prefix}{one.id}",
        kind=kind,
        urgency=urgency,
        title=title,
        about=", ".join(
            part for part in (patient, clinician, payer, f"{one.day:%m/%d/%Y}") if part
        ),
        why=why,
        amount=amount,
        due_on=due,
        since=since or one.day,
        opens=Opens(SESSIONS, {"session": one.id}),
        steps=steps,
        patient_id=one.patient_id,
        payer_id=one.payer_id,
        payer=payer,
        session_id=one.id,
        standing=f"{one.billing_status.value} {one.note_status}",
    )


def _rows(
    work: Work, where: Sequence[ColumnElement[bool]], most: int
) -> list[tuple[Session, str, str, str, int | None]]:
    found: Any = work.db.execute(
        select(Session, Patient.name, Provider.name, Payer.short_name, Payer.filing_days)
        .join(Patient, Patient.id == Session.patient_id)
        .join(Provider, Provider.id == Session.provider_id)
        .outerjoin(Payer, Payer.id == Session.payer_id)
        .where(*where)
        .order_by(Session.day, Session.id)
        .limit(most)
    )
    return [(row[0], row[1], row[2], row[3] or "", row[4]) for row in found]


def _rest(
    work: Work,
    kind: ItemKind,
    where: Sequence[ColumnElement[bool]],
    most: int,
    words: str,
    opens: Opens,
) -> Iterator[QueueItem]:
    total = work.db.scalar(select(func.count()).select_from(Session).where(*where)) or 0
    yield from the_rest(kind, total, most, words, opens, Urgency.MEDIUM)


def _insured_off_claims() -> tuple[ColumnElement[bool], ...]:
    on_claim = exists().where(
        ClaimLine.session_id == Session.id, Claim.id == ClaimLine.claim_id, standing()
    )
    return (Session.withdrawn_by.is_(None), Session.payer_id.is_not(None), ~on_claim)
