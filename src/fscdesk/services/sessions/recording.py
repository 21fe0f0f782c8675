"""Writes sessions with all that they leave: report, charges, history, journal. In bulk.

An import, the demo practice and a single session at the desk come through this door, so
what a session leaves is decided in one place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from fscdesk.models.ledger import EntryKind, Part
from fscdesk.models.session import Attendance, BillingStatus, StatusKind
from fscdesk.services.bulk import insert_rows, reserve_ids
from fscdesk.services.charges.making import ChargeFacts
from fscdesk.services.charges.settling import NOTHING, Open, Recorded, legs_for, share_out
from fscdesk.services.ledger.accounts import INSURANCE_RECEIVABLE, PATIENT_RECEIVABLE
from fscdesk.services.ledger.posting import About, Draft, Leg, post_all
from fscdesk.services.sessions.times import Moments
from fscdesk.services.statuses import StatusChange, write_status_changes
from fscdesk.services.work import Topic, Work

SESSION_COLUMNS = (
    "id",
    "starts_at",
    "day",
    "minute",
    "occurrence",
    "patient_id",
    "provider_id",
    "payer_id",
    "second_payer_id",
    "location_id",
    "service_id",
    "attendance",
    "billing_status",
    "status_since",
    "note_status",
    "code_text",
    "fee",
    "insurance_balance",
    "patient_balance",
    "batch_id",
    "version",
)
CHARGE_COLUMNS = (
    "id",
    "session_id",
    "position",
    "service_id",
    "code",
    "modifiers",
    "units",
    "rate",
    "amount",
    "patient_share",
    "insurance_share",
    "patient_id",
    "guarantor_id",
    "provider_id",
    "payer_id",
    "service_day",
    "posted_day",
    "insurance_since",
    "patient_since",
    "insurance_balance",
    "patient_balance",
    "batch_id",
)
REPORT_COLUMNS = (
    "session_id",
    "client",
    "clinician",
    "payer",
    "second_payer",
    "codes",
    "fee",
    "note_status",
    "patient_status",
    "patient_charge",
    "uninvoiced",
    "patient_paid",
    "patient_unpaid",
    "insurance_status",
    "insurance_charge",
    "insurance_paid",
    "write_off",
    "insurance_unpaid",
    "posts",
)


class ReportFacts(NamedTuple):
    """A row of the appointment report in the order of ``REPORT_COLUMNS`` after the id."""

    client: str
    clinician: str
    payer: str
    second_payer: str
    codes: str
    fee: int
    note_status: str
    patient_status: str
    patient_charge: int
    uninvoiced: int
    patient_paid: int
    patient_unpaid: int
    insurance_status: str
    insurance_charge: int
    insurance_paid: int
    write_off: int
    insurance_unpaid: int
    posts: bool = True

    @property
    def said(self) -> Recorded:
        """Return what SimplePractice calls paid and written off, in cents."""
        return Recorded(self.patient_paid, self.insurance_paid, self.write_off)

    @property
    def recorded(self) -> Recorded:
        """Return what of it goes through the ledger: all of it, or nothing."""
        return self.said if self.posts else NOTHING


class SessionDraft(NamedTuple):
    """A session to be recorded. Amounts in cents; ``recorded`` goes through account 1060."""

    day: date
    minute: int
    occurrence: int
    patient_id: int
    guarantor_id: int
    provider_id: int
    payer_id: int | None
    second_payer_id: int | None
    service_id: int | None
    attendance: Attendance
    billing_status: BillingStatus
    note_status: str
    code_text: str
    charges: tuple[ChargeFacts, ...]
    report: ReportFacts | None = None
    recorded: Recorded = NOTHING
    location_id: int | None = None


class Since(NamedTuple):
    """Since when payer and client owe what a charge asks; None: since the day of its entry."""

    insurance: date | None = None
    patient: date | None = None


class ChargeDraft(NamedTuple):
    """A charge with whom it concerns; ``on`` is the day of its entry.

    A fee of an account has no session and no clinician. ``since`` is for a charge that takes the
    place of another: the debt is as old as it was.
    """

    session_id: int | None
    patient_id: int
    guarantor_id: int
    provider_id: int | None
    payer_id: int | None
    service_day: date
    on: date
    facts: ChargeFacts
    recorded: Recorded
    since: Since = Since()


def record_sessions(
    work: Work,
    drafts: Sequence[SessionDraft],
    *,
    recorded_on: date,
    reason: str,
    batch_id: int | None = None,
) -> Sequence[int]:
    """Write new sessions and return their ids in order, within this transaction.

    A charge's entry is dated by its service day; what SimplePractice calls paid is dated
    ``recorded_on``, never before the service. ``reason`` stands in the status history.
    """
    if not drafts:
        return []
    work.db.flush()
    ids = reserve_ids(work, "session", len(drafts))
    moments, today = Moments(work.zone), work.today().isoformat()
    work.job.step(0, len(drafts), "Saving sessions")
    insert_rows(
        work,
        "session",
        SESSION_COLUMNS,
        (
            (
                session_id,
                moments.stored(draft.day, draft.minute),
                draft.day.isoformat(),
                draft.minute,
                draft.occurrence,
                draft.patient_id,
                draft.provider_id,
                draft.payer_id,
                draft.second_payer_id,
                draft.location_id,
                draft.service_id,
                draft.attendance.value,
                draft.billing_status.value,
                today,
                draft.note_status,
                draft.code_text,
                sum(charge.amount for charge in draft.charges),
                0,
                0,
                batch_id,
                1,
            )
            for session_id, draft in zip(ids, drafts, strict=True)
        ),
    )
    insert_rows(
        work,
        "session_report",
        REPORT_COLUMNS,
        (
            (session_id, *draft.report)
            for session_id, draft in zip(ids, drafts, strict=True)
            if draft.report is not None
        ),
    )
    write_status_changes(
        work,
        _first_statuses(ids, drafts, reason),
        day=work.today(),
        batch_id=batch_id,
    )
    record_charges(
        work, list(_charge_drafts(ids, drafts)), recorded_on=recorded_on, batch_id=batch_id
    )
    work.touch(Topic.SESSIONS)
    return ids


def record_charges(
    work: Work,
    drafts: Sequence[ChargeDraft],
    *,
    recorded_on: date,
    batch_id: int | None = None,
) -> Sequence[int]:
    """Write charges with their entries and return their ids in order."""
    if not drafts:
        return []
    ids = reserve_ids(work, "charge", len(drafts))
    posted = work.today().isoformat()
    insert_rows(
        work,
        "charge",
        CHARGE_COLUMNS,
        (_charge_row(*pair, posted, batch_id) for pair in zip(ids, drafts, strict=True)),
    )
    entries: list[Draft] = []
    for charge_id, draft in zip(ids, drafts, strict=True):
        about = About(
            patient_id=draft.patient_id,
            guarantor_id=draft.guarantor_id,
            session_id=draft.session_id,
            charge_id=charge_id,
            payer_id=draft.payer_id,
            provider_id=draft.provider_id,
        )
        entries.append(charge_entry(draft, about))
        if any(draft.recorded):
            owed = Open(draft.facts.patient, draft.facts.insurance)
            entries.append(
                Draft(
                    on=max(recorded_on, draft.service_day, draft.on),
                    kind=EntryKind.SP_RECORDED,
                    memo="Recorded in SimplePractice",
                    legs=legs_for(draft.recorded, owed),
                    about=about,
                )
            )
    post_all(work, entries, batch_id=batch_id)
    return ids


def charge_entry(draft: ChargeDraft, about: About) -> Draft:
    """Return the entry of a charge: receivables against revenue (DESIGN.md 6)."""
    facts = draft.facts
    legs = [Leg(facts.revenue_account, -facts.amount, Part.CHARGE)]
    if facts.insurance:
        legs.append(Leg(INSURANCE_RECEIVABLE, facts.insurance, Part.CHARGE))
    if facts.patient:
        legs.append(Leg(PATIENT_RECEIVABLE, facts.patient, Part.CHARGE))
    return Draft(
        on=draft.on,
        kind=EntryKind.CHARGE,
        memo=f"Charge {facts.code}",
        legs=tuple(legs),
        about=about,
    )


def _first_statuses(
    ids: Sequence[int], drafts: Sequence[SessionDraft], reason: str
) -> Iterator[StatusChange]:
    for session_id, draft in zip(ids, drafts, strict=True):
        yield StatusChange(session_id, StatusKind.BILLING, None, draft.billing_status, reason)
        if draft.attendance is not Attendance.COMPLETED:
            yield StatusChange(session_id, StatusKind.ATTENDANCE, None, draft.attendance, reason)


def _charge_drafts(ids: Sequence[int], drafts: Sequence[SessionDraft]) -> Iterator[ChargeDraft]:
    for session_id, draft in zip(ids, drafts, strict=True):
        if not draft.charges:
            continue
        shares = share_out(draft.recorded, draft.charges)
        for facts, recorded in zip(draft.charges, shares, strict=True):
            yield ChargeDraft(
                session_id,
                draft.patient_id,
                draft.guarantor_id,
                draft.provider_id,
                draft.payer_id,
                draft.day,
                draft.day,
                facts,
                recorded,
            )


def _charge_row(
    charge_id: int, draft: ChargeDraft, posted: str, batch_id: int | None
) -> tuple[object, ...]:
    facts, day = draft.facts, draft.service_day.isoformat()
    on, since = draft.on.isoformat(), draft.since
    insurance_since = on if since.insurance is None else since.insurance.isoformat()
    patient_since = on if since.patient is None else since.patient.isoformat()
    return (
        charge_id,
        draft.session_id,
        facts.position,
        facts.service_id,
        facts.code,
        facts.modifiers,
        facts.units,
        facts.rate,
        facts.amount,
        facts.patient,
        facts.insurance,
        draft.patient_id,
        draft.guarantor_id,
        draft.provider_id,
        draft.payer_id,
        day,
        posted,
        insurance_since,
        patient_since,
        0,
        0,
        batch_id,
    )
