"""Claims as SimplePractice names them: found again by reference, linked to sessions, undone.

The claims report has neither day of service nor amount, the unpaid report has both but often no
reference; what the income allocation says of a claim's number links the two where it is there.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from fscdesk.models.charge import Side
from fscdesk.models.import_batch import ImportBatch, ImportRow
from fscdesk.models.session import Attendance, BillingStatus, Session, SessionReport, StatusKind
from fscdesk.models.simplepractice import ReportedAllocation, ReportedClaim
from fscdesk.services.importing.knowledge import UNDOING
from fscdesk.services.importing.plan import FieldChange
from fscdesk.services.importing.reports.our_claims import (
    Said,
    take_back_from_our_claims,
    tell_our_claims,
)
from fscdesk.services.importing.reports_engine import Applying, Kept
from fscdesk.services.statuses import StatusChange, write_status_changes
from fscdesk.services.work import Work

NOUN = "reported_claim"
NOT_SENT, SENT = "not sent", "submitted"
FIRST_WORDS = (NOT_SENT, SENT)
OUR_CLAIM = "our_claim"
LONGEST = 64
LONGEST_WORD = 24

_SENT = frozenset({"submitted", "accepted", "received", "paid", "deductible"})
_BEFORE_SENT = (BillingStatus.COMPLETED, BillingStatus.DOCUMENTED, BillingStatus.READY_TO_BILL)
_BEFORE_ANSWER = (*_BEFORE_SENT, BillingStatus.SUBMITTED, BillingStatus.PENDING)


class ClaimNow(NamedTuple):
    """A claim that is kept; ``said_on`` is the day of the file that said it last."""

    id: int
    reference: str
    payer_claim: str
    patient_id: int | None
    payer_id: int | None
    session_id: int | None
    submitted_on: date | None
    status: str
    said_on: date


class SessionNow(NamedTuple):
    """A session that a claim may be of. Balances in cents, by our books and by the report."""

    id: int
    day: date
    patient_id: int
    payer_id: int | None
    attendance: Attendance
    billing_status: BillingStatus
    owed: int
    reported: int | None


@dataclass(slots=True)
class ClaimsBook:
    """The books' side of both reports of claims. ``used`` are the sessions of this file."""

    claims: dict[str, ClaimNow]
    of_session: dict[int, list[ClaimNow]]
    sessions: dict[int, SessionNow]
    on_day: dict[date, list[SessionNow]]
    allocated: dict[str, int]
    used: set[int] = field(default_factory=set)
    seen: dict[str, int] = field(default_factory=dict)  # reference: line

    def has_sessions(self, patient_id: int) -> bool:
        """Return whether a client has any session among these."""
        return any(one.patient_id == patient_id for one in self.sessions.values())


@dataclass(frozen=True, slots=True)
class ClaimStep:
    """What a row writes: a claim (None: a new one), its values, and its session's status."""

    claim_id: int | None
    values: Mapping[str, Any]
    session_id: int | None
    status: BillingStatus | None
    reason: str = ""


def read_claims(work: Work, first: date, last: date) -> ClaimsBook:
    """Read the claims, the sessions of some days, and which session a claim's number paid."""
    claims = [
        ClaimNow(
            claim.id,
            claim.reference,
            claim.payer_claim,
            claim.patient_id,
            claim.payer_id,
            claim.session_id,
            claim.submitted_on,
            claim.status,
            said_on,
        )
        for claim, said_on in work.db.execute(
            select(ReportedClaim, ImportBatch.file_day)
            .join(ImportBatch, ImportBatch.id == ReportedClaim.batch_id)
            .order_by(ReportedClaim.id)
        )
    ]
    sessions = [
        SessionNow(*row[:4], Attendance(row[4]), BillingStatus(row[5]), row[6].cents, cents(row[7]))
        for row in work.db.execute(
            select(
                Session.id,
                Session.day,
                Session.patient_id,
                Session.payer_id,
                Session.attendance,
                Session.billing_status,
                Session.insurance_balance,
                SessionReport.insurance_unpaid,
            )
            .outerjoin(SessionReport, SessionReport.session_id == Session.id)
            .where(
                Session.payer_id.is_not(None),
                Session.withdrawn_by.is_(None),
                Session.day.between(first, last),
            )
            .order_by(Session.day, Session.minute, Session.id)
        )
    ]
    of_session: dict[int, list[ClaimNow]] = defaultdict(list)
    for claim in claims:
        if claim.session_id is not None:
            of_session[claim.session_id].append(claim)
    on_day: dict[date, list[SessionNow]] = defaultdict(list)
    for session in sessions:
        on_day[session.day].append(session)
    return ClaimsBook(
        claims={claim.reference: claim for claim in claims},
        of_session=dict(of_session),
        sessions={session.id: session for session in sessions},
        on_day=dict(on_day),
        allocated=_allocated(work, on_day, first, last),
    )


def cents(amount: Any) -> int | None:
    """Return an amount in cents, or None where there is none."""
    return None if amount is None else int(amount.cents)


def _allocated(
    work: Work, on_day: Mapping[date, Sequence[SessionNow]], first: date, last: date
) -> dict[str, int]:
    """Return the session that each claim number paid, where the day has only one."""
    found: dict[str, set[int]] = defaultdict(set)
    for patient_id, day, document in work.db.execute(
        select(
            ReportedAllocation.patient_id,
            ReportedAllocation.session_day,
            ReportedAllocation.document,
        ).where(
            ReportedAllocation.side == Side.INSURANCE,
            ReportedAllocation.session_day.between(first, last),
            ReportedAllocation.document != "",
        )
    ):
        if day is None:
            continue
        there = [one.id for one in on_day.get(day, ()) if one.patient_id == patient_id]
        if len(there) == 1:
            found[document.rpartition("#")[2].strip()].add(there[0])
    return {number: next(iter(ids)) for number, ids in found.items() if len(ids) == 1}


def ahead(word: str, session: SessionNow | None) -> BillingStatus | None:
    """Return the billing status that SimplePractice's word brings a session to; never back.

    ``paid`` says only that the claim was sent and answered: a session is paid when its
    balances are zero.
    """
    word = word.casefold()
    if session is None or session.attendance is not Attendance.COMPLETED:
        return None
    if word == "denied" and session.billing_status in _BEFORE_ANSWER:
        return BillingStatus.DENIED
    if word in _SENT and session.billing_status in _BEFORE_SENT:
        return BillingStatus.SUBMITTED
    return None


def words(value: Any) -> str:
    """Return a value of a claim as people read it."""
    if isinstance(value, date):
        return f"{value:%m/%d/%Y}"
    return str(value) if value not in (None, "") else "none"


def changes_of(
    now: ClaimNow,
    values: Mapping[str, Any],
    session: SessionNow | None,
    status: BillingStatus | None,
) -> tuple[FieldChange, ...]:
    """Return in words what changes of a claim and its session; ids are told as what they are."""
    titles = {
        "reference": "Reference",
        "payer_claim": "Payer's number",
        "status": "Claim",
        "submitted_on": "Sent",
    }
    found = [
        FieldChange(title, words(getattr(now, key)), words(values[key]))
        for key, title in titles.items()
        if key in values
    ]
    if session is not None and "session_id" in values:
        found.append(FieldChange("Session", "none", words(session.day)))
    if session is not None and status is not None:
        now_words, new_words = (
            one.value.replace("_", " ") for one in (session.billing_status, status)
        )
        found.append(FieldChange("Billing", now_words, new_words))
    if not found and ({"patient_id", "payer_id"} & values.keys()):
        found.append(FieldChange("Claim", "of nobody", "of this client"))
    return tuple(found)


def write_claims(applying: Applying) -> None:
    """Write new and changed claims, then let the sessions' billing status follow."""
    work, batch = applying.work, applying.batch
    moves: list[StatusChange] = []
    told: list[Said] = []
    befores: dict[int, dict[str, Any]] = {}
    for step in applying.steps:
        wanted: ClaimStep = step.step
        before: dict[str, Any] = {}
        if wanted.claim_id is None:
            claim = ReportedClaim(batch_id=batch.id, **wanted.values)
            work.db.add(claim)
            work.db.flush()
        else:
            claim = work.db.get_one(ReportedClaim, wanted.claim_id, with_for_update=True)
            before["claim"] = {
                name: [_plain(getattr(claim, name)), _plain(value)]
                for name, value in wanted.values.items()
            }
            before["batch_id"] = claim.batch_id
            for name, value in wanted.values.items():
                setattr(claim, name, value)
            claim.batch_id = batch.id
        if wanted.status is not None and wanted.session_id is not None:
            session = work.db.get_one(Session, wanted.session_id)
            was = session.billing_status.value
            now = wanted.status.value
            if was != now:
                before["billing_status"] = [was, now]
                moves.append(StatusChange(session.id, StatusKind.BILLING, was, now, wanted.reason))
        befores[step.row_id] = before
        applying.kept[step.row_id] = Kept(NOUN, claim.id, before or None, wanted.session_id)
        if claim.session_id is not None:
            denied = claim.status == "denied"
            told.append(
                Said(step.row_id, claim.session_id, claim.payer_id, claim.payer_claim, denied)
            )
    work.db.flush()
    write_status_changes(work, moves, day=work.today(), batch_id=batch.id)
    for row_id, numbered in tell_our_claims(work, batch.id, told).items():
        before = {**befores[row_id], OUR_CLAIM: numbered}
        applying.kept[row_id] = replace(applying.kept[row_id], before=before)


def take_claims_back(work: Work, batch: ImportBatch) -> int:
    """Delete the claims that a batch made, and give back what it changed."""
    moves: list[StatusChange] = []
    count = 0
    numbers: list[Sequence[object]] = []
    rows = work.db.execute(
        select(ImportRow.noun_id, ImportRow.session_id, ImportRow.before)
        .where(ImportRow.batch_id == batch.id, ImportRow.noun == NOUN)
        .order_by(ImportRow.id.desc())
    ).all()
    for claim_id, session_id, text in rows:
        before: dict[str, Any] = json.loads(text) if text else {}
        if OUR_CLAIM in before:
            numbers.append(before[OUR_CLAIM])
        if "billing_status" in before and session_id is not None:
            was, now = before["billing_status"]
            if work.db.get_one(Session, session_id).billing_status.value == now:
                reason = f"{UNDOING}the import of {batch.file_name}"
                moves.append(StatusChange(session_id, StatusKind.BILLING, now, was, reason))
        claim = None if claim_id is None else work.db.get(ReportedClaim, claim_id)
        if claim is None or claim.batch_id != batch.id:
            continue
        count += 1
        if "claim" not in before:
            work.db.delete(claim)
            continue
        for name, (old, _new) in before["claim"].items():
            setattr(claim, name, _typed(name, old))
        claim.batch_id = before["batch_id"]
    work.db.flush()
    write_status_changes(work, moves, day=work.today())
    take_back_from_our_claims(work, batch.id, numbers)
    return count


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name == "submitted_on" and value else value


def one_of(patients: Iterable[int], there: Iterable[SessionNow]) -> int | None:
    """Return the only one of some clients who has one of these sessions."""
    found = {session.patient_id for session in there} & set(patients)
    return found.pop() if len(found) == 1 else None
