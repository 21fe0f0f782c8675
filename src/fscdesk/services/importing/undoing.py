"""Takes a whole import back with reversing entries, unless later work stands on it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from fscdesk.models.charge import Charge
from fscdesk.models.coverage import Policy
from fscdesk.models.import_batch import (
    BatchStatus,
    ImportAnswer,
    ImportBatch,
    ImportRow,
)
from fscdesk.models.ledger import JournalEntry
from fscdesk.models.patient import Patient, PatientAlias
from fscdesk.models.payer import Payer, PayerAlias
from fscdesk.models.practice import Practice
from fscdesk.models.provider import Provider, ProviderAlias
from fscdesk.models.session import Session, SessionReport, StatusKind
from fscdesk.services.audit import record
from fscdesk.services.bulk import run_many
from fscdesk.services.errors import Problem
from fscdesk.services.importing.later_work import later_work
from fscdesk.services.importing.shaping import charges_of
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.posting import reverse_all
from fscdesk.services.permissions import Right, require
from fscdesk.services.sessions.recording import REPORT_COLUMNS
from fscdesk.services.sessions.times import Moments
from fscdesk.services.statuses import StatusChange, write_status_changes
from fscdesk.services.work import Topic, Work


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking an import back did."""

    batch_id: int
    file_name: str
    withdrawn: int
    restored: int
    entries_reversed: int


def undo_import(work: Work, batch_id: int) -> Undone:
    """Take an applied import back as a whole.

    Every entry that it posted is reversed, dated as the entry itself, so that no day keeps
    what should not have been there. Sessions that it made are withdrawn, sessions that it
    changed are as they were. Raises Problem, naming the work, when later work stands on it.
    """
    require(work, Right.UNDO_IMPORT, "undo an import")
    work.db.execute(select(Practice.id).where(Practice.id == 1).with_for_update())
    batch = work.db.get(ImportBatch, batch_id)
    if batch is None:
        raise Problem(f"There is no import {batch_id}.", hint="Nothing was changed.")
    if batch.status == BatchStatus.UNDONE:
        raise Problem(
            f"The import of {batch.file_name} was undone before.", hint="Nothing was changed."
        )
    later = later_work(work, batch)
    if later:
        shown = "; ".join(later[:3]) + (f"; and {len(later) - 3} more" if later[3:] else "")
        raise Problem(
            f"Later work stands on the import of {batch.file_name}: {shown}.",
            hint="Nothing was changed. Undo that first.",
        )
    entries = list(
        work.db.scalars(
            select(JournalEntry.id)
            .where(JournalEntry.batch_id == batch_id)
            .order_by(JournalEntry.id)
        )
    )
    reason = f"Undo of the import of {batch.file_name}"
    _free_charges(work, batch)
    reverse_all(work, standing(work, entries), on=None, reason=reason)
    _free_adjustments(work, entries)
    restored = _restore(work, batch, reason)
    withdrawn = _withdraw(work, batch)
    _forget(work, batch)
    batch.status, batch.undone_at = BatchStatus.UNDONE, work.now()
    batch.undone_by = work.actor.staff_id
    record(work, "undo_import", "import_batch", batch_id, entries=len(entries))
    work.touch(
        Topic.IMPORTS, Topic.SESSIONS, Topic.PATIENTS, Topic.PAYERS, Topic.PROVIDERS, Topic.LEDGER
    )
    return Undone(batch_id, batch.file_name, withdrawn, restored, len(entries))


def _free_adjustments(work: Work, entries: Sequence[int]) -> None:
    """Mark the adjustments as reversed whose entries the batch had posted."""
    run_many(
        work,
        "UPDATE adjustment SET status = 'reversed', version = version + 1"
        " WHERE entry_id = ? AND status = 'posted'",
        [(entry_id,) for entry_id in entries],
    )


def _free_charges(work: Work, batch: ImportBatch) -> None:
    """Void the charges that the batch made and give back those that it voided."""
    made = select(Charge.id).where(Charge.batch_id == batch.id)
    own = list(work.db.scalars(made.where(Charge.voided_on.is_(None))))
    run_many(
        work,
        "UPDATE charge SET voided_on = service_day WHERE id = ?",
        [(charge_id,) for charge_id in own],
    )
    reversed_here = select(JournalEntry.reverses_id).where(
        JournalEntry.batch_id == batch.id, JournalEntry.reverses_id.is_not(None)
    )
    voided_here = list(
        work.db.scalars(
            select(JournalEntry.charge_id)
            .where(JournalEntry.id.in_(reversed_here), JournalEntry.charge_id.is_not(None))
            .distinct()
        )
    )
    run_many(
        work,
        "UPDATE charge SET voided_on = NULL WHERE id = ?",
        [(charge_id,) for charge_id in voided_here],
    )
    work.db.expire_all()


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


def _forget(work: Work, batch: ImportBatch) -> None:
    """Forget answers and spellings that this import taught about people it did not make.

    A clinician, payer or client that it made keeps its spellings: the same file, imported
    again, finds the same person and makes no second one.
    """
    for alias, noun, key in (
        (ProviderAlias, Provider, ProviderAlias.provider_id),
        (PayerAlias, Payer, PayerAlias.payer_id),
        (PatientAlias, Patient, PatientAlias.patient_id),
    ):
        made_here = select(noun.id).where(noun.batch_id == batch.id)
        work.db.execute(delete(alias).where(alias.batch_id == batch.id, key.not_in(made_here)))
    work.db.execute(delete(ImportAnswer).where(ImportAnswer.batch_id == batch.id))
    work.db.execute(delete(Policy).where(Policy.batch_id == batch.id))
