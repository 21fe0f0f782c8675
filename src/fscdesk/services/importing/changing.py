"""Writes what changed of known sessions: their row, their report, their charges, their money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select

from fscdesk.models.charge import Charge
from fscdesk.models.import_batch import ImportBatch
from fscdesk.models.ledger import EntryKind, JournalLine, Part
from fscdesk.models.session import Attendance, BillingStatus, Session, StatusKind
from fscdesk.services.billing.plan_ending import reopen_unpaid
from fscdesk.services.bulk import run_many
from fscdesk.services.charges.settling import Open, Recorded, legs_for, share_out
from fscdesk.services.errors import Finding
from fscdesk.services.importing.deriving import status_of
from fscdesk.services.importing.founding import Founded
from fscdesk.services.importing.knowledge import KnownSession
from fscdesk.services.importing.plan import Change, Prepared
from fscdesk.services.importing.recharging import recharge, take_charges_away
from fscdesk.services.importing.shaping import (
    charges_of,
    facts_of,
    service_of,
)
from fscdesk.services.ledger.accounts import (
    INSURANCE_RECEIVABLE,
    PATIENT_RECEIVABLE,
    PAYER_CREDITS,
    RECORDED_IN_SIMPLEPRACTICE,
    UNAPPLIED_CREDITS,
)
from fscdesk.services.ledger.posting import About, Draft, post_all
from fscdesk.services.sessions.recording import (
    REPORT_COLUMNS,
    ReportFacts,
)
from fscdesk.services.sessions.times import Moments
from fscdesk.services.statuses import StatusChange, at_agency, write_status_changes
from fscdesk.services.work import Work

CHUNK = 400


class Written(NamedTuple):
    """What each changed session was before, by plan row, and what of money did not fit it."""

    before: dict[int, dict[str, Any]]
    findings: list[Finding]


def apply_changes(
    work: Work, prepared: Prepared, founded: Founded, batch: ImportBatch, reason: str
) -> Written:
    """Write every change and return, by plan row, what the session was before."""
    changes = prepared.changes
    if not changes:
        return Written({}, [])
    before = {change.row_id: snapshot(change.session) for change in changes}
    _write_sessions(work, prepared, founded)
    _write_reports(work, [(change.session.id, change.target.report) for change in changes])
    where = {change.session.id: _line_of(prepared, change) for change in changes}
    told = recharge(work, [one for one in changes if one.recharge], founded, batch, where)
    _post_differences(work, [c for c in changes if not c.recharge], batch)
    _move_statuses(work, changes, batch, reason)
    return Written(before, told)


def cancel_sessions(
    work: Work,
    sessions: Sequence[tuple[int, KnownSession]],
    batch: ImportBatch,
    reason: str,
) -> dict[int, dict[str, Any]]:
    """Cancel sessions that are not in the file any more; their charges are reversed."""
    if not sessions:
        return {}
    take_charges_away(work, [session.id for _, session in sessions], batch)
    write_status_changes(
        work,
        [
            StatusChange(
                session.id,
                StatusKind.ATTENDANCE,
                session.attendance.value,
                Attendance.CANCELLED.value,
                f"{reason}: no longer in the file",
            )
            for _, session in sessions
        ],
        day=work.today(),
        batch_id=batch.id,
    )
    run_many(
        work, "UPDATE session SET fee = 0 WHERE id = ?", [(session.id,) for _, session in sessions]
    )
    return {row_id: snapshot(session) for row_id, session in sessions}


def snapshot(session: KnownSession) -> dict[str, Any]:
    """Return what undoing needs to put a session back as it was."""
    return {
        "day": session.day.isoformat(),
        "minute": session.minute,
        "occurrence": session.occurrence,
        "provider_id": session.provider_id,
        "payer_id": session.payer_id,
        "second_payer_id": session.second_payer_id,
        "attendance": session.attendance.value,
        "billing_status": session.billing_status.value,
        "report": None if session.report is None else list(session.report),
    }


def _line_of(prepared: Prepared, change: Change) -> str:
    return f"line {prepared.plan.rows[change.row_id].line}"


def _write_sessions(work: Work, prepared: Prepared, founded: Founded) -> None:
    moments = Moments(work.zone)
    rows = []
    for change in prepared.changes:
        target = change.target
        rows.append(
            (
                moments.stored(target.day, target.minute),
                target.day.isoformat(),
                target.minute,
                target.occurrence,
                founded.provider(target.provider_id),
                founded.payer(target.payer_id),
                founded.payer(target.second_payer_id),
                service_of(target, founded, prepared),
                target.report.note_status,
                target.code_text,
                sum(charge.amount for charge in target.charges),
                change.session.id,
            )
        )
    run_many(
        work,
        "UPDATE session SET starts_at = ?, day = ?, minute = ?, occurrence = ?, provider_id = ?,"
        " payer_id = ?, second_payer_id = ?, service_id = ?, note_status = ?, code_text = ?,"
        " fee = ?, version = version + 1 WHERE id = ?",
        rows,
    )


def _write_reports(work: Work, reports: Iterable[tuple[int, ReportFacts]]) -> None:
    sets = ", ".join(f"{name} = ?" for name in REPORT_COLUMNS[1:])
    run_many(
        work,
        f"UPDATE session_report SET {sets} WHERE session_id = ?",  # noqa: S608 - our own columns
        [(*report, session_id) for session_id, report in reports],
    )


def _post_differences(work: Work, changes: Sequence[Change], batch: ImportBatch) -> None:
    """Post only what SimplePractice calls paid now more (or less) than it did before."""
    moved = [
        change
        for change in changes
        if change.session.report is not None
        and change.session.report.recorded != change.target.report.recorded
    ]
    drafts: list[Draft] = []
    for start in range(0, len(moved), CHUNK):
        work.job.step(start, len(moved), "Saving what was paid")
        chunk = moved[start : start + CHUNK]
        ids = [change.session.id for change in chunk]
        charges, sums = charges_of(work, ids), sums_of(work, ids)
        for change in chunk:
            drafts += differences_of(change, charges[change.session.id], sums, on=batch.file_day)
    post_all(work, drafts, batch_id=batch.id)
    if drafts:
        work.db.expire_all()
        moved_charges = [one.about.charge_id for one in drafts if one.about.charge_id is not None]
        reopen_unpaid(work, moved_charges, on=max(batch.file_day, work.today()))


def differences_of(
    change: Change,
    charges: Sequence[Charge],
    sums: dict[int, dict[tuple[str, Part], int]],
    *,
    on: date,
) -> list[Draft]:
    """Return the entries that bring what is recorded of a session's charges up to its report.

    ``sums`` is what ``sums_of`` gave; no entry is dated before its service.
    """
    drafts = []
    targets = share_out(change.target.report.recorded, [facts_of(charge) for charge in charges])
    for charge, target in zip(charges, targets, strict=True):
        found = sums[charge.id]

        def total(account: str, *parts: Part, found: Any = found) -> int:
            return sum(
                cents
                for (name, part), cents in found.items()
                if name == account and (not parts or part in parts)
            )

        recorded = Recorded(
            *(
                total(RECORDED_IN_SIMPLEPRACTICE, part)
                for part in (Part.PATIENT_PAID, Part.INSURANCE_PAID, Part.WRITE_OFF)
            )
        )
        delta = Recorded(*(new - old for new, old in zip(target, recorded, strict=True)))
        if not any(delta):
            continue
        owed = Open(
            patient=total(PATIENT_RECEIVABLE),
            insurance=total(INSURANCE_RECEIVABLE),
            patient_credit=-total(UNAPPLIED_CREDITS),
            payer_credit=-total(PAYER_CREDITS),
        )
        drafts.append(
            Draft(
                on=max(on, charge.service_day),
                kind=EntryKind.SP_RECORDED,
                memo="Recorded in SimplePractice, the difference",
                legs=legs_for(delta, owed),
                about=About(
                    charge.patient_id,
                    charge.guarantor_id,
                    charge.session_id,
                    charge.id,
                    charge.payer_id,
                    charge.provider_id,
                ),
            )
        )
    return drafts


def sums_of(work: Work, session_ids: Sequence[int]) -> dict[int, dict[tuple[str, Part], int]]:
    """Return for each charge the cents by account and part.

    Of 1060 only what SimplePractice said counts, not what closed it since.
    """
    found: dict[int, dict[tuple[str, Part], int]] = defaultdict(dict)
    rows = work.db.execute(
        select(
            JournalLine.charge_id,
            JournalLine.account,
            JournalLine.part,
            func.sum(JournalLine.amount),
        )
        .join(Charge, Charge.id == JournalLine.charge_id)
        .where(
            Charge.session_id.in_(session_ids),
            or_(
                JournalLine.account != RECORDED_IN_SIMPLEPRACTICE,
                and_(JournalLine.payment_id.is_(None), JournalLine.part != Part.ADJUSTMENT),
            ),
        )
        .group_by(JournalLine.charge_id, JournalLine.account, JournalLine.part)
    )
    for charge_id, account, part, amount in rows:
        if charge_id is not None:
            found[charge_id][account, Part(part)] = amount.cents
    return found


def _move_statuses(work: Work, changes: Sequence[Change], batch: ImportBatch, reason: str) -> None:
    """Let the statuses follow what SimplePractice says now, where it says something new.

    A status that a person set stays while the file says of it what it said before; paid
    and open balances decide in any case, because paid means that both are zero.
    """
    wanted: list[StatusChange] = []
    by_id = {change.session.id: change for change in changes}
    ids = list(by_id)
    for start in range(0, len(ids), CHUNK):
        work.job.step(start, len(ids), "Saving statuses")
        chunk = ids[start : start + CHUNK]
        held = at_agency(work, chunk)
        for row in work.db.execute(
            select(
                Session.id,
                Session.billing_status,
                Session.attendance,
                Session.insurance_balance,
                Session.patient_balance,
            )
            .where(Session.id.in_(chunk))
            .order_by(Session.id)  # the history has one order on both databases
        ):
            change = by_id[row.id]
            wanted += _status_changes(
                change,
                BillingStatus(row.billing_status),
                Attendance(row.attendance),
                (row.insurance_balance.cents, row.patient_balance.cents or held.get(row.id, 0)),
                reason,
            )
    write_status_changes(work, wanted, day=work.today(), batch_id=batch.id)


def _status_changes(
    change: Change,
    now: BillingStatus,
    attendance: Attendance,
    owed: tuple[int, int],
    reason: str,
) -> list[StatusChange]:
    wanted = []
    session, target = change.session, change.target
    if attendance is not target.attendance:
        wanted.append(
            StatusChange(
                session.id,
                StatusKind.ATTENDANCE,
                attendance.value,
                target.attendance.value,
                reason,
            )
        )
    said_now = status_of(target.report, target.attendance, *owed)
    said_before = (
        None
        if session.report is None
        else status_of(
            session.report,
            session.attendance,
            session.insurance_balance,
            session.patient_balance,
        )
    )
    must = (said_now is BillingStatus.PAID) != (now is BillingStatus.PAID)
    if said_now is not now and (must or said_now is not said_before):
        wanted.append(
            StatusChange(session.id, StatusKind.BILLING, now.value, said_now.value, reason)
        )
    return wanted
