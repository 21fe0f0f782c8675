"""Takes back the payments and refunds that an import made, once its entries are reversed."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import delete, select, update

from fscdesk.models.import_batch import ImportBatch, ImportRow, Verdict
from fscdesk.models.ledger import JournalEntry
from fscdesk.models.payment import Payment, PaymentMethod, PaymentStatus
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.simplepractice import CardTransaction
from fscdesk.models.values import Money
from fscdesk.services.bulk import insert_rows, reserve_ids, run_many, stored_moment
from fscdesk.services.work import Work


def take_payments_back(work: Work, batch: ImportBatch) -> int:
    """Void what the batch received, call off what it paid back, and restore what it changed.

    A voided payment gives its id of SimplePractice back, so that the file can come again.
    Returns how many payments and refunds went.
    """
    _restore(work, batch)
    return _void(work, batch) + _call_off(work, batch)


def _void(work: Work, batch: ImportBatch) -> int:
    rows = work.db.execute(
        select(Payment.id, Payment.amount).where(
            Payment.batch_id == batch.id, Payment.status == PaymentStatus.POSTED
        )
    ).all()
    if not rows:
        return 0
    reason = f"Undo of the import of {batch.file_name}"[:300]
    run_many(
        work,
        "UPDATE payment SET status = 'voided', external_id = NULL, version = version + 1"
        " WHERE id = ?",
        [(row.id,) for row in rows],
    )
    ids, moment = reserve_ids(work, "payment_change", len(rows)), stored_moment(work.now())
    insert_rows(
        work,
        "payment_change",
        ("id", "payment_id", "what", "old", "new", "reason", "at", "staff_id"),
        (
            (
                *(ident, row.id, "voided", f"Posted, {row.amount}", "Voided", reason),
                *(moment, work.actor.staff_id),
            )
            for ident, row in zip(ids, rows, strict=True)
        ),
    )
    gone = select(Payment.id).where(Payment.batch_id == batch.id)
    work.db.execute(
        update(CardTransaction).where(CardTransaction.payment_id.in_(gone)).values(payment_id=None)
    )
    work.db.expire_all()
    return len(rows)


def _call_off(work: Work, batch: ImportBatch) -> int:
    """Cancel the refunds whose entries the batch had posted."""
    entries = select(JournalEntry.id).where(JournalEntry.batch_id == batch.id)
    done = work.db.execute(
        update(Refund)
        .where(Refund.entry_id.in_(entries), Refund.status == RefundStatus.PAID)
        .values(
            status=RefundStatus.CANCELLED,
            entry_id=None,
            paid_on=None,
            request_key=None,
            version=Refund.version + 1,
        )
    )
    work.db.expire_all()
    return int(getattr(done, "rowcount", 0))


def _restore(work: Work, batch: ImportBatch) -> None:
    rows = work.db.execute(
        select(ImportRow.noun, ImportRow.noun_id, ImportRow.before).where(
            ImportRow.batch_id == batch.id,
            ImportRow.noun.in_(("payment", "refund")),
            ImportRow.verdict.in_((Verdict.NEW, Verdict.CHANGED)),
            ImportRow.before.is_not(None),
        )
    ).all()
    for noun, noun_id, text in rows:
        before: dict[str, Any] = json.loads(text or "{}")
        if noun == "payment":
            values: dict[str, Any] = {}
            if "external_id" in before:
                values["external_id"] = before["external_id"]
            if "method" in before:
                values["method"] = PaymentMethod(before["method"])
            if "cents" in before:
                values["amount"] = Money(before["cents"])
            if values:
                work.db.execute(
                    update(Payment)
                    .where(Payment.id == noun_id)
                    .values(**values, version=Payment.version + 1)
                )
        elif noun == "refund" and "request_key" in before:
            work.db.execute(
                update(Refund).where(Refund.id == noun_id).values(request_key=before["request_key"])
            )
    work.db.expire_all()


def forget_rows(work: Work, model: Any, batch: ImportBatch) -> int:
    """Delete what a report had said (rows of one table of reported facts); return how many."""
    done = work.db.execute(delete(model).where(model.batch_id == batch.id))
    return int(getattr(done, "rowcount", 0))
