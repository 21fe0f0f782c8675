"""Attendance set at the desk: completing makes the charges, missing takes them back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.patient import Patient
from fscdesk.models.session import Attendance, Session, SessionReport, StatusKind
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.billing.invoice_following import follow_charges
from fscdesk.services.billing.invoices import invoice_completed
from fscdesk.services.billing.parking import park_without_visit, release_on_new_visit
from fscdesk.services.charges.catalogue import Catalogue, read_catalogue
from fscdesk.services.charges.making import CodeFacts, SessionFacts, make_charges
from fscdesk.services.charges.settling import NOTHING
from fscdesk.services.charges.voiding import void_charges
from fscdesk.services.claim_standing import sent_claims
from fscdesk.services.claims.following import follow_claims
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.payments.held_sessions import (
    lock_sessions,
    sessions_held,
    sessions_with_work,
)
from fscdesk.services.permissions import Right, require
from fscdesk.services.sessions.recording import ChargeDraft, record_charges
from fscdesk.services.statuses import StatusChange, write_status_changes
from fscdesk.services.work import Work


def change_attendance(
    work: Work, session_ids: Sequence[int], new: Attendance, *, reason: str = ""
) -> int:
    """Set whether sessions took place, and let their charges follow; return how many changed.

    Attended: charges by the price of the day, to payer and client. Late cancel and no-show:
    the fee that the service asks, to the client, else nothing. Cancelled: nothing. What was
    charged before is reversed, never deleted. A session that carries money is refused,
    because the money would lose what it paid for; and one that a payer has on a claim.
    """
    require(work, Right.CHANGE_STATUS, "change whether a session took place")
    lock_sessions(work, session_ids)
    sessions = list(
        work.db.scalars(
            select(Session)
            .where(Session.id.in_(session_ids), Session.withdrawn_by.is_(None))
            .order_by(Session.id)
            .with_for_update()
        )
    )
    if len(sessions) != len(set(session_ids)):
        raise ChangedElsewhere(
            "One of these sessions was taken back by undoing its import.",
            hint="Nothing was saved. Look at the list again.",
        )
    moving = [session for session in sessions if session.attendance is not new]
    worked = _worked(work, moving)
    for session in moving:
        _require_no_money(work, session, worked)
    _require_no_claim(work, moving)
    if not moving:
        return 0
    set_attendance(work, moving, new, reason=reason, on=work.today())
    ids = [session.id for session in moving]
    record(work, "attendance", "session", None, sessions=ids, new=new.value)
    return len(moving)


def set_attendance(
    work: Work,
    moving: Sequence[Session],
    new: Attendance,
    *,
    reason: str,
    on: date,
    batch_id: int | None = None,
) -> None:
    """Write an attendance that may be written: charges, history, fee.

    The caller has the right, and knows that no money stands on these sessions (``carries``).
    ``on`` is the day of what is reversed and charged anew.
    """
    ids = [session.id for session in moving]
    words = new.value.replace("_", " ")
    void_charges(work, ids, on=on, reason=reason or f"Session {words}", batch_id=batch_id)
    catalogue = read_catalogue(work)
    drafts: list[ChargeDraft] = []
    for session in moving:
        drafts += _charges(work, session, new, catalogue, on)
    record_charges(work, drafts, recorded_on=on, batch_id=batch_id)
    follow_charges(work, ids, f"{words}: {reason}" if reason else words, batch_id=batch_id)
    follow_claims(work, ids, f"{words}: {reason}" if reason else words)
    write_status_changes(
        work,
        [
            StatusChange(
                session.id,
                StatusKind.ATTENDANCE,
                session.attendance.value,
                new.value,
                reason or f"Marked as {words}",
            )
            for session in moving
        ],
        day=work.today(),
        batch_id=batch_id,
    )
    for session in work.db.scalars(select(Session).where(Session.id.in_(ids))):
        session.fee = Money(
            sum(draft.facts.amount for draft in drafts if draft.session_id == session.id)
        )
    work.db.flush()
    patients = {session.patient_id for session in moving}
    if new is Attendance.COMPLETED:
        invoice_completed(work, ids)
        release_on_new_visit(work, patients)
    else:
        park_without_visit(work, patients)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What setting an attendance would do: how many sessions change, and their charges.

    ``before`` is charged now, ``payer`` and ``client`` what would be charged to each.
    ``refusal`` says why it would be refused.
    """

    changing: int
    before: Money
    payer: Money
    client: Money
    refusal: str = ""


def foresee_attendance(work: Work, session_ids: Sequence[int], new: Attendance) -> Outlook:
    """Return what ``change_attendance`` would do, without doing it."""
    asked = select(Session).where(Session.id.in_(session_ids), Session.withdrawn_by.is_(None))
    moving = [one for one in work.db.scalars(asked) if one.attendance is not new]
    refusal = ""
    worked = _worked(work, moving)
    try:
        for session in moving:
            _require_no_money(work, session, worked)
        _require_no_claim(work, moving)
    except Problem as problem:
        refusal = problem.message
    catalogue = read_catalogue(work)
    charges = [
        draft.facts
        for session in moving
        for draft in _charges(work, session, new, catalogue, work.today())
    ]
    return Outlook(
        changing=len(moving),
        before=Money(sum(session.fee.cents for session in moving)),
        payer=Money(sum(charge.insurance for charge in charges)),
        client=Money(sum(charge.patient for charge in charges)),
        refusal=refusal,
    )


def will_charge(work: Work, session: Session, new: Attendance, catalogue: Catalogue) -> Money:
    """Return what a session would be charged in all with another attendance."""
    drafts = _charges(work, session, new, catalogue, work.today())
    return Money(sum(draft.facts.amount for draft in drafts))


def _worked(work: Work, sessions: Sequence[Session]) -> frozenset[int]:
    """Return which of these sessions carry money of ours, or are agreed about with somebody."""
    ids = [session.id for session in sessions]
    return sessions_with_work(work, ids) | sessions_held(work, ids)


def _require_no_claim(work: Work, sessions: Sequence[Session]) -> None:
    """Raise Problem for a session that a payer has on a claim."""
    claims = sent_claims(work, [session.id for session in sessions])
    for session in sessions:
        if session.id in claims:
            name = work.db.get_one(Patient, session.patient_id).name
            raise Problem(
                f"The session of {name} on {session.day:%m/%d/%Y} is on {claims[session.id]}.",
                hint="Nothing was changed. Take the claim back at its payer first.",
            )


def _require_no_money(work: Work, session: Session, worked: frozenset[int]) -> None:
    if session.id in worked:
        name = work.db.get_one(Patient, session.patient_id).name
        raise Problem(
            f"Payments or adjustments stand on the session of {name} on {session.day:%m/%d/%Y}.",
            hint="Nothing was changed. Take them back first.",
        )
    report = work.db.get(SessionReport, session.id)
    if report is not None and any((report.patient_paid, report.insurance_paid, report.write_off)):
        name = work.db.get_one(Patient, session.patient_id).name
        raise Problem(
            f"Money was received for the session of {name} on {session.day:%m/%d/%Y}.",
            hint="Nothing was changed. Correct the session in SimplePractice and import it again.",
        )


def _charges(
    work: Work, session: Session, new: Attendance, catalogue: Catalogue, on: date
) -> list[ChargeDraft]:
    codes, patient_charge, fee = _known_codes(work, session)
    facts = SessionFacts(
        day=session.day,
        attendance=new,
        payer_id=session.payer_id,
        codes=codes,
        patient_charge=patient_charge if new is Attendance.COMPLETED else None,
        fee=fee if new is Attendance.COMPLETED else None,
    )
    pays = work.db.get_one(Patient, session.patient_id).guarantor_id
    return [
        ChargeDraft(
            session.id,
            session.patient_id,
            pays,
            session.provider_id,
            session.payer_id,
            session.day,
            max(on, session.day) if session.attendance is not Attendance.SCHEDULED else session.day,
            charge,
            recorded=NOTHING,
        )
        for charge in make_charges(facts, catalogue)
    ]


def _known_codes(
    work: Work, session: Session
) -> tuple[tuple[CodeFacts, ...], int | None, int | None]:
    """Return the codes of a session from its report, else from its last charges."""
    report = work.db.get(SessionReport, session.id)
    if report is not None and report.codes:
        codes = []
        for kept in report.codes.split():
            code, _, rest = kept.partition("*")
            units, _, rate = rest.partition("@")
            codes.append(CodeFacts(code, int(units), int(rate) or None))
        fee = report.fee.cents or None
        return tuple(codes), report.patient_charge.cents if fee else None, fee
    charges = work.db.scalars(
        select(Charge).where(Charge.session_id == session.id).order_by(Charge.id.desc())
    )
    latest = {charge.position: charge for charge in reversed(list(charges))}
    return (
        tuple(
            CodeFacts(charge.code, charge.units, charge.rate.cents)
            for _, charge in sorted(latest.items())
        ),
        None,
        None,
    )
