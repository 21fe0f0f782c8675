"""Takes the import of a report back: its entries, then what its kind wrote, then the names."""

from __future__ import annotations

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import aliased

from fscdesk.models.import_batch import BatchStatus, ImportBatch, ImportRow, Verdict
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.patient import Patient
from fscdesk.models.payment import Payment
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.session import Session
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.banking.deposited import deposits_on
from fscdesk.services.banking.reconciliation_locks import require_unmatched
from fscdesk.services.importing.later_money import lock_for_undo, used_credits
from fscdesk.services.importing.namesake_payments import follow_receipts
from fscdesk.services.importing.report_planning import kind_of
from fscdesk.services.importing.taking_back import (
    Undone,
    entries_of_batch,
    forget,
    free_adjustments,
    imports_that_reversed,
    require_nothing_later,
    who_used,
)
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.posting import reverse_all
from fscdesk.services.settled_claims import follow_money
from fscdesk.services.work import Topic, Work

_WRITES = (Verdict.NEW, Verdict.CHANGED)


def undo_report(work: Work, batch: ImportBatch) -> Undone:
    """Take an applied report back as a whole; the caller has asked for the right and locked.

    Every entry that it posted is reversed, dated as the entry itself. Raises Problem, naming the
    work, when later work stands on it.
    """
    kind = kind_of(batch.profile)
    lock_for_undo(work, batch, _sessions_moved(batch))
    later = [*_later(work, batch), *kind.later_work(work, batch)]
    require_nothing_later(batch, later or used_credits(work, batch))
    entries = entries_of_batch(work, batch.id)
    tails = standing(work, entries)
    sessions = list(work.db.scalars(_sessions_moved(batch)))
    reason = f"Undo of the import of {batch.file_name}"
    require_unmatched(work, tails, f"An entry of {batch.file_name}")
    reverse_all(work, tails, on=None, reason=reason)
    free_adjustments(work, entries)
    follow_receipts(work, batch.id)
    work.db.expire_all()
    restored = _changed(work, batch)
    withdrawn = kind.undo(work, batch)
    work.db.expire_all()
    follow_money(work, sessions, reason)
    _withdraw_clients(work, batch)
    forget(work, batch)
    batch.status, batch.undone_at = BatchStatus.UNDONE, work.now()
    batch.undone_by = work.actor.staff_id
    work.db.flush()
    record(work, "undo_import", "import_batch", batch.id, entries=len(entries))
    work.touch(
        *(Topic.IMPORTS, Topic.PATIENTS, Topic.PAYERS, Topic.PROVIDERS, Topic.LEDGER),
        *kind.topics,
    )
    return Undone(batch.id, batch.file_name, withdrawn, restored, len(entries), sessions=False)


def _sessions_moved(batch: ImportBatch) -> Select[int | None]:
    return (
        select(JournalLine.session_id)
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(JournalEntry.batch_id == batch.id, JournalLine.session_id.is_not(None))
        .distinct()
    )


def _changed(work: Work, batch: ImportBatch) -> int:
    return (
        work.db.scalar(
            select(func.count())
            .select_from(ImportRow)
            .where(ImportRow.batch_id == batch.id, ImportRow.verdict == Verdict.CHANGED)
        )
        or 0
    )


def _later(work: Work, batch: ImportBatch) -> list[str]:
    """Name what was done later with what this import made or changed."""
    payments = select(Payment.id).where(Payment.batch_id == batch.id)
    return [
        *_same_nouns(work, batch),
        *imports_that_reversed(work, batch),
        *who_used(work, batch, JournalLine.payment_id.in_(payments)),
        *_posted_anew(work, batch),
        *_refunds(work, batch),
        *deposits_on(work, batch.id),
    ]


def _posted_anew(work: Work, batch: ImportBatch) -> list[str]:
    """Name the payments of this import that were posted anew by hand: for another payer, say.

    The sums of such a payment are the same on every account, so ``who_used`` does not see it.
    """
    others = or_(JournalEntry.batch_id.is_(None), JournalEntry.batch_id != batch.id)
    rows = work.db.execute(
        select(JournalEntry.id, Payment.number)
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .join(Payment, Payment.id == JournalLine.payment_id)
        .where(
            Payment.batch_id == batch.id,
            JournalEntry.kind == EntryKind.RECEIPT,
            JournalEntry.reverses_id.is_(None),
            others,
        )
        .distinct()
        .order_by(JournalEntry.id)
    ).all()
    return [f"payment {row.number}" for row in rows if standing(work, [row.id])]


def _same_nouns(work: Work, batch: ImportBatch) -> list[str]:
    """Return the later imports that wrote about the same nouns, newest first."""
    own, other = aliased(ImportRow), aliased(ImportRow)
    same_noun = (
        select(other.batch_id)
        .join(own, (own.noun == other.noun) & (own.noun_id == other.noun_id))
        .where(
            own.batch_id == batch.id,
            own.verdict.in_(_WRITES),
            other.batch_id > batch.id,
            other.verdict.in_(_WRITES),
        )
    )
    rows = work.db.execute(
        select(ImportBatch.id, ImportBatch.file_name)
        .where(ImportBatch.status == BatchStatus.APPLIED, ImportBatch.id.in_(same_noun))
        .order_by(ImportBatch.id.desc())
    )
    return [f"import {row.id} of {row.file_name}" for row in rows]


def _refunds(work: Work, batch: ImportBatch) -> list[str]:
    """Name the refunds that were asked for out of payments of this import."""
    posted_here = select(JournalEntry.id).where(JournalEntry.batch_id == batch.id)
    numbers = work.db.scalars(
        select(Refund.number)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(
            Payment.batch_id == batch.id,
            Refund.status != RefundStatus.CANCELLED,
            or_(Refund.entry_id.is_(None), Refund.entry_id.not_in(posted_here)),
        )
        .order_by(Refund.id)
    )
    return [f"refund {number}" for number in numbers]


def _withdraw_clients(work: Work, batch: ImportBatch) -> None:
    """Withdraw the clients that this import made and that nothing else has come to stand on."""
    seen = select(Session.patient_id).where(Session.withdrawn_by.is_(None))
    money = (
        select(JournalLine.patient_id)
        .where(JournalLine.patient_id.is_not(None))
        .group_by(JournalLine.patient_id, JournalLine.account)
        .having(func.sum(JournalLine.amount) != Money())
    )
    work.db.execute(
        update(Patient)
        .where(Patient.batch_id == batch.id, Patient.id.not_in(seen), Patient.id.not_in(money))
        .values(withdrawn=True)
    )
