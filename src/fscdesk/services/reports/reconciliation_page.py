"""The page of a reconciliation: drawn once it is completed, kept, and printed again exactly."""

from __future__ import annotations

from collections.abc import Iterable

from fscdesk.models.bank import BankAccount
from fscdesk.models.document import DocumentKind
from fscdesk.models.reconciliation import Reconciliation, ReconciliationStatus
from fscdesk.models.staff import Staff
from fscdesk.services.banking.reconciliation_state import BookItem
from fscdesk.services.banking.reconciling import ReconciliationState, standing
from fscdesk.services.billing.documents import Kept, keep, kept, kept_document
from fscdesk.services.billing.statement_docs import letterhead_of
from fscdesk.services.errors import Problem
from fscdesk.services.printing.reconciliation import (
    ReconciliationDoc,
    ReconciliationLine,
    reconciliation,
)
from fscdesk.services.work import Work


def keep_reconciliation_page(work: Work, reconciliation_id: int) -> Kept:
    """Return the kept page of a completed reconciliation; the first time it is drawn.

    Its number is the reconciliation's. Raises Problem where it is not completed.
    """
    state = standing(work, reconciliation_id)
    before = kept(work, DocumentKind.RECONCILIATION, reconciliation_id)
    if before:
        return before[0]
    if state.status is not ReconciliationStatus.COMPLETED:
        raise Problem(
            f"{state.number} is not completed.",
            hint="Nothing was printed. Complete it first.",
        )
    pdf = reconciliation(_document(work, state))
    ident = keep(work, DocumentKind.RECONCILIATION, reconciliation_id, pdf, number=state.number)
    return kept_document(work, ident)


def _document(work: Work, state: ReconciliationState) -> ReconciliationDoc:
    row = work.db.get_one(Reconciliation, state.id)
    account = work.db.get_one(BankAccount, state.account_id)
    by = None if row.completed_by is None else work.db.get(Staff, row.completed_by)
    at = (row.completed_at or work.now()).astimezone(work.zone)
    return ReconciliationDoc(
        letterhead=letterhead_of(work),
        number=state.number,
        account=f"{account.name} ···{account.ending}" if account.ending else account.name,
        bank=account.bank,
        ledger=state.account,
        first_day=state.first_day,
        last_day=state.last_day,
        opening=state.opening,
        statement=state.statement,
        book=state.book,
        cleared=tuple(ReconciliationLine(one.on, one.words, one.amount) for one in state.cleared),
        in_transit=_items(state.in_transit),
        outstanding=_items(state.outstanding),
        booked_after=_items(state.booked_after),
        completed_by="" if by is None else by.name,
        completed_at=f"{at:%m/%d/%Y %H:%M}",
    )


def _items(items: Iterable[BookItem]) -> tuple[ReconciliationLine, ...]:
    return tuple(
        ReconciliationLine(
            one.on,
            f"{one.words} ({one.note})" if one.note else one.words,
            one.amount,
            one.document,
        )
        for one in items
    )
