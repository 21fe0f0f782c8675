"""The pages of credit memos: what they say, drawn and kept with their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, or_, select

from fscdesk.models.charge import Charge
from fscdesk.models.document import DocumentKind
from fscdesk.models.invoice import CreditMemo, Invoice, MemoStatus
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.patient import Guarantor
from fscdesk.models.values import ZERO
from fscdesk.services.billing.documents import Kept, keep, kept, kept_document
from fscdesk.services.billing.invoice_docs import recipient_of
from fscdesk.services.billing.statement_docs import letterhead_of
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.chains import standing
from fscdesk.services.permissions import Right, require
from fscdesk.services.printing.credit_memo import credit_memo
from fscdesk.services.printing.credit_memo_document import CreditMemoDoc, CreditMemoUse
from fscdesk.services.work import Work


def make_memo_page(work: Work, memo_id: int) -> Kept:
    """Return the kept page of a credit memo as it stands now, drawn and kept where it is another.

    Raises Problem for one that was never issued.
    """
    require(work, Right.MAKE_INVOICES, "print credit memos")
    pdf = credit_memo(memo_document(work, memo_id))
    memo = work.db.get_one(CreditMemo, memo_id)
    before = kept(work, DocumentKind.CREDIT_MEMO, memo_id)
    if before and before[0].sha256 == hashlib.sha256(pdf).hexdigest():
        return before[0]
    page = keep(
        work,
        DocumentKind.CREDIT_MEMO,
        memo.id,
        pdf,
        "",
        memo.guarantor_id,
        memo.patient_id,
        memo.number,
    )
    return kept_document(work, page)


def memo_uses(work: Work, memo_id: int) -> tuple[CreditMemoUse, ...]:
    """Return where parts of a credit memo went and still are, the oldest first."""
    memo = work.db.get(CreditMemo, memo_id)
    if memo is None or memo.credit_id is None:
        return ()
    return tuple(_uses(work, memo.credit_id))


def memo_document(work: Work, memo_id: int) -> CreditMemoDoc:
    """Return what a credit memo says on paper now. Raises Problem for one never issued."""
    memo = work.db.get(CreditMemo, memo_id)
    if memo is None or memo.credit_id is None:
        raise Problem("This credit memo was never issued.", hint="Nothing was printed.")
    pays = work.db.get_one(Guarantor, memo.guarantor_id)
    invoice = None if memo.invoice_id is None else work.db.get(Invoice, memo.invoice_id)
    uses = tuple(_uses(work, memo.credit_id))
    return CreditMemoDoc(
        letterhead=letterhead_of(work),
        number=memo.number,
        account=pays.number,
        issued=memo.issued_on,
        recipient=recipient_of(pays),
        reason=memo.reason,
        amount=memo.amount,
        left=memo.amount - sum((use.amount for use in uses), ZERO),
        uses=uses,
        invoice="" if invoice is None else invoice.number,
        void_on=_void_on(work, memo) if memo.status is MemoStatus.VOID else None,
        void_reason=memo.void_reason,
    )


def _uses(work: Work, credit_id: int) -> Iterator[CreditMemoUse]:
    """Yield where parts of the memo went and still are, the oldest first."""
    drawn = (
        select(JournalEntry.id)
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .where(
            JournalLine.credit_id == credit_id,
            JournalEntry.kind.not_in((EntryKind.CREDIT_MEMO, EntryKind.REVERSAL)),
        )
    )
    stand = standing(work, work.db.scalars(drawn))
    found = (
        select(JournalEntry, JournalLine.amount, Charge)
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .outerjoin(Charge, Charge.id == JournalEntry.charge_id)
        .where(JournalLine.credit_id == credit_id, JournalEntry.id.in_(stand))
        .order_by(JournalEntry.entry_date, JournalEntry.id)
    )
    for entry, amount, charge in work.db.execute(found):
        what = entry.memo
        if charge is not None:
            what = f"Applied to {charge.code} of {charge.service_day:%m/%d/%Y}"
        yield CreditMemoUse(entry.entry_date, what, amount)


def _void_on(work: Work, memo: CreditMemo) -> date | None:
    """Return the day on which what was left of a memo was taken back last."""
    return work.db.scalar(
        select(func.max(JournalEntry.entry_date))
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .where(
            JournalLine.credit_id == memo.credit_id,
            JournalLine.amount > ZERO,
            or_(
                JournalEntry.kind == EntryKind.CREDIT_MEMO,
                JournalEntry.reverses_id == memo.entry_id,
            ),
        )
    )
