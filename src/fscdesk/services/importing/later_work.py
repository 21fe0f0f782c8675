"""Names the work that stands on an import, so that it is not taken away from under it."""

from __future__ import annotations

from sqlalchemy import Select, and_, func, or_, select

from fscdesk.models.adjustment import Adjustment, AdjustmentStatus
from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimLine
from fscdesk.models.import_batch import BatchStatus, ImportBatch, ImportRow, Verdict
from fscdesk.models.invoice import Invoice, InvoiceLine, InvoiceStatus
from fscdesk.models.ledger import JournalEntry, JournalLine
from fscdesk.models.patient import Patient
from fscdesk.models.session import SessionStatusHistory
from fscdesk.models.staff import Staff
from fscdesk.models.statement import Statement, StatementRun
from fscdesk.services.claim_standing import sent_claims
from fscdesk.services.id_sets import among
from fscdesk.services.importing.later_money import entries_left, later_money, lock_for_undo
from fscdesk.services.importing.taking_back import imports_that_reversed, who_used
from fscdesk.services.work import Work


def later_work(work: Work, batch: ImportBatch) -> list[str]:
    """Return, in words, everything that was done later on what this import left.

    What the undo moves is locked from here on, so that the answer holds until it is done.
    """
    money = money_on_sessions(work, batch)  # first of all: it locks
    touched = _touched(batch)
    made = select(Patient.id).where(Patient.batch_id == batch.id)
    found: list[str] = []
    others = work.db.scalars(
        select(ImportBatch)
        .where(
            ImportBatch.id > batch.id,
            ImportBatch.status == BatchStatus.APPLIED,
            ImportBatch.id.in_(
                select(ImportRow.batch_id).where(
                    ImportRow.verdict.in_((Verdict.NEW, Verdict.CHANGED, Verdict.GONE)),
                    or_(
                        ImportRow.session_id.in_(touched),
                        and_(ImportRow.noun == "patient", ImportRow.noun_id.in_(made)),
                    ),
                )
            ),
        )
        .order_by(ImportBatch.id.desc())
    )
    found += [f"import {other.id} of {other.file_name}" for other in others]
    for day, name, count in work.db.execute(
        select(SessionStatusHistory.day, Staff.name, func.count())
        .join(Staff, Staff.id == SessionStatusHistory.staff_id)
        .where(
            SessionStatusHistory.session_id.in_(touched),
            SessionStatusHistory.batch_id.is_(None),
            SessionStatusHistory.at >= batch.applied_at,
            SessionStatusHistory.reason.not_like("Undo of %"),
        )
        .group_by(SessionStatusHistory.day, Staff.name)
    ):
        found.append(f"{count} status changes by {name} on {day:%m/%d/%Y}")
    payers = select(Charge.guarantor_id).where(Charge.session_id.in_(touched))
    statements = work.db.scalars(
        select(Statement.number)
        .join(StatementRun, StatementRun.id == Statement.run_id)
        .where(
            Statement.guarantor_id.in_(payers),
            StatementRun.made_at >= batch.applied_at,
            StatementRun.undone_at.is_(None),
            Statement.dropped_at.is_(None),
        )
        .order_by(Statement.id)
    )
    found += [f"statement {number}" for number in statements]
    invoices = work.db.scalars(
        select(Invoice.number)
        .join(InvoiceLine, InvoiceLine.invoice_id == Invoice.id)
        .join(Charge, Charge.id == InvoiceLine.live)
        .where(
            Charge.session_id.in_(touched),
            Invoice.made_at >= batch.applied_at,
            Invoice.status != InvoiceStatus.DRAFT,  # nobody has it: it is void then
        )
        .order_by(Invoice.id)
    )
    found += [f"invoice {number}" for number in invoices]
    return found + imports_that_reversed(work, batch) + money


def money_on_sessions(work: Work, batch: ImportBatch) -> list[str]:
    """Return, in words, what money and claims stand on what an import made or changed.

    What the undo moves is locked from here on, so that the answer holds until it is done.
    """
    touched = _touched(batch)
    lock_for_undo(work, batch, touched)
    claims = _claims_on(work, batch)
    found = _money_on(work, batch) + later_money(work, batch, touched)
    return claims + (found or entries_left(work, batch))


def _claims_on(work: Work, batch: ImportBatch) -> list[str]:
    """Name the claims that a payer has with what this import charged.

    Drafts of it are locked too: one that another desk is sending at that moment is waited for,
    and seen.
    """
    made = select(Charge.session_id).where(
        Charge.batch_id == batch.id, Charge.voided_on.is_(None), Charge.session_id.is_not(None)
    )
    sessions = [one for one in work.db.scalars(made.distinct()) if one is not None]
    if not sessions:
        return []
    work.db.execute(
        select(Claim.id)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .where(among(work, ClaimLine.session_id, sessions), Claim.made_at >= batch.applied_at)
        .order_by(Claim.id)
        .with_for_update(of=Claim)
    ).all()
    return sorted(set(sent_claims(work, sessions, made_since=batch.applied_at).values()))


def _money_on(work: Work, batch: ImportBatch) -> list[str]:
    """Name the payments and adjustments of ours that stand on the sessions of an import."""
    touched = _touched(batch)
    newest = (
        select(func.coalesce(func.max(JournalEntry.id), 0))
        .where(JournalEntry.batch_id == batch.id)
        .scalar_subquery()
    )
    paid = who_used(
        work,
        batch,
        JournalLine.session_id.in_(touched),
        JournalEntry.id > newest,
        JournalEntry.posted_at >= batch.applied_at,
    )
    adjusted = work.db.scalars(
        select(Adjustment.number)
        .join(Charge, Charge.id == Adjustment.charge_id)
        .join(JournalEntry, JournalEntry.id == Adjustment.entry_id)
        .where(
            Charge.session_id.in_(touched),
            Adjustment.status == AdjustmentStatus.POSTED,
            or_(JournalEntry.batch_id.is_(None), JournalEntry.batch_id != batch.id),
            JournalEntry.posted_at >= batch.applied_at,
        )
        .order_by(Adjustment.id)
    )
    return [*paid, *(f"adjustment {number}" for number in adjusted)]


def _touched(batch: ImportBatch) -> Select[int | None]:
    return select(ImportRow.session_id).where(
        ImportRow.batch_id == batch.id,
        ImportRow.session_id.is_not(None),
        ImportRow.verdict.in_((Verdict.NEW, Verdict.CHANGED, Verdict.GONE)),
    )
