"""Takes a whole import back with reversing entries, unless later work stands on it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import select, update

from fscdesk.models.import_batch import BatchStatus, ImportBatch, ImportRow
from fscdesk.models.patient import Patient
from fscdesk.models.session import Session, SessionReport, StatusKind
from fscdesk.services.audit import record
from fscdesk.services.billing.invoice_following import follow_back
from fscdesk.services.billing.parking import park_without_visit
from fscdesk.services.billing.plan_ending import complete_of_sessions
from fscdesk.services.bulk import run_many
from fscdesk.services.importing.later_work import later_work
from fscdesk.services.importing.namesake_payments import follow_receipts
from fscdesk.services.importing.report_kinds import KINDS
from fscdesk.services.importing.report_undoing import undo_report
from fscdesk.services.importing.settling_again import unlink_claims
from fscdesk.services.importing.shaping import charges_of
from fscdesk.services.importing.taking_back import (
    Undone,
    batch_to_undo,
    entries_of_batch,
    forget,
    free_adjustments,
    free_charges,
    require_nothing_later,
)
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.posting import reverse_all
from fscdesk.services.permissions import Right, require
from fscdesk.services.sessions.recording import REPORT_COLUMNS
from fscdesk.services.sessions.times import Moments
from fscdesk.services.settled_claims import follow_settled
from fscdesk.services.statuses import StatusChange, write_status_changes
from fscdesk.services.work import Topic, Work


def undo_import(work: Work, batch_id: int) -> Undone:
    """Take an applied import back as a whole.

    Every entry that it posted is reversed, dated as the entry itself, so that no day keeps
    what should not have been there. Sessions that it made are withdrawn, sessions that it
    changed are as they were. Raises Problem, naming the work, when later work stands on it.
    """
    require(work, Right.UNDO_IMPORT, "undo an import")
    batch = batch_to_undo(work, batch_id)
    if batch.profile in KINDS:
        return undo_report(work, batch)
    require_nothing_later(batch, later_work(work, batch))
    entries = entries_of_batch(work, batch_id)
    reason = f"Undo of the import of {batch.file_name}"
    reverse_all(work, standing(work, entries), on=None, reason=reason)
    free_charges(work, batch)
    free_adjustments(work, entries)
    follow_receipts(work, batch_id)
    follow_back(work, batch)
    restored = _restore(work, batch, reason)
    withdrawn = _withdraw(work, batch)
    unlink_claims(work)
    follow_settled(work, _sessions_of(work, batch), reason)
    park_without_visit(work, _patients_of(work, batch))
    complete_of_sessions(work, _sessions_of(work, batch), on=work.today())
    forget(work, batch)
    batch.status, batch.undone_at = BatchStatus.UNDONE, work.now()
    batch.undone_by = work.actor.staff_id
    record(work, "undo_import", "import_batch", batch_id, entries=len(entries))
    work.touch(
        Topic.IMPORTS, Topic.SESSIONS, Topic.PATIENTS, Topic.PAYERS, Topic.PROVIDERS, Topic.LEDGER
    )
    return Undone(batch_id, batch.file_name, withdrawn, restored, len(entries))


def _restore(work: Work, batch: ImportBatch, reason: str) -> int:
    """Put the sessions that the batch changed back as they were."""
    rows = work.db.execute(
        select(ImportRow.session_id, ImportRow.before).where(
            ImportRow.batch_id == batch.id, ImportRow.before.is_not(None)
        )
    ).all()
    moments = Moments(work.zone)
    sessions, reports, statuses = [], [], []
    for session_id, text in rows:
        if session_id is None or text is None:
            continue
        before = json.loads(text)
        session = work.db.get_one(Session, session_id)
        day = type(session.day).fromisoformat(before["day"])
        sessions.append(
            (
                moments.stored(day, before["minute"]),
                before["day"],
                before["minute"],
                before["occurrence"],
                before["provider_id"],
                before["payer_id"],
                before["second_payer_id"],
                session_id,
            )
        )
        if before["report"] is not None:
            reports.append((*before["report"], session_id))
        for kind, now, was in (
            (StatusKind.ATTENDANCE, session.attendance, before["attendance"]),
            (StatusKind.BILLING, session.billing_status, before["billing_status"]),
        ):
            if now != was:
                statuses.append(StatusChange(session_id, kind, str(now), was, reason))
    run_many(
        work,
        "UPDATE session SET starts_at = ?, day = ?, minute = ?, occurrence = ?, provider_id = ?,"
        " payer_id = ?, second_payer_id = ?, version = version + 1 WHERE id = ?",
        sessions,
    )
    sets = ", ".join(f"{name} = ?" for name in REPORT_COLUMNS[1:])
    run_many(work, f"UPDATE session_report SET {sets} WHERE session_id = ?", reports)  # noqa: S608
    write_status_changes(work, statuses, day=work.today())
    _restore_texts(work, [row.session_id for row in rows if row.session_id is not None])
    return len(rows)


def _restore_texts(work: Work, session_ids: Sequence[int]) -> None:
    """Give sessions the note, codes and fee that their report and live charges say."""
    for start in range(0, len(session_ids), 400):
        chunk = session_ids[start : start + 400]
        charges = charges_of(work, chunk)
        for session in work.db.scalars(select(Session).where(Session.id.in_(chunk))):
            live = charges.get(session.id, [])
            codes = [charge.code for charge in live]
            more = f" +{len(codes) - 1}" if len(codes) > 1 else ""
            fee = sum(charge.amount.cents for charge in live)
            values: dict[str, object] = {"fee": type(session.fee)(fee)}
            if codes:
                values |= {"code_text": codes[0] + more, "service_id": live[0].service_id}
            work.db.execute(update(Session).where(Session.id == session.id).values(**values))
    work.db.flush()
    notes = select(SessionReport.session_id, SessionReport.note_status).where(
        SessionReport.session_id.in_(session_ids)
    )
    run_many(
        work,
        "UPDATE session SET note_status = ? WHERE id = ?",
        [(note, session_id) for session_id, note in work.db.execute(notes)],
    )
    work.db.expire_all()


def _sessions_of(work: Work, batch: ImportBatch) -> list[int]:
    """Return the sessions that the rows of a batch are about."""
    found = select(ImportRow.session_id).where(
        ImportRow.batch_id == batch.id, ImportRow.session_id.is_not(None)
    )
    return [one for one in work.db.scalars(found.distinct()) if one is not None]


def _patients_of(work: Work, batch: ImportBatch) -> list[int]:
    """Return the clients of the sessions that the rows of a batch are about."""
    found = (
        select(Session.patient_id)
        .join(ImportRow, ImportRow.session_id == Session.id)
        .where(ImportRow.batch_id == batch.id)
        .distinct()
    )
    return list(work.db.scalars(found))


def _withdraw(work: Work, batch: ImportBatch) -> int:
    done = work.db.execute(
        update(Session)
        .where(Session.batch_id == batch.id, Session.withdrawn_by.is_(None))
        .values(withdrawn_by=batch.id, version=Session.version + 1)
    )
    empty = select(Session.patient_id).where(Session.withdrawn_by.is_(None))
    work.db.execute(
        update(Patient)
        .where(Patient.batch_id == batch.id, Patient.id.not_in(empty))
        .values(withdrawn=True)
    )
    return int(getattr(done, "rowcount", 0))
