"""Takes a person's word back that an entry is on its way: the undo of ``reconciling.mark``."""

from __future__ import annotations

from sqlalchemy import select

from fscdesk.models.bank import BankAccount
from fscdesk.models.reconciliation import (
    Reconciliation,
    ReconciliationItem,
    ReconciliationStatus,
)
from fscdesk.services.audit import record
from fscdesk.services.editing import locked
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

_WHAT = "this reconciliation"


def unmark(work: Work, reconciliation_id: int, entry_id: int) -> None:
    """Forget that an entry was confirmed, with its note; it waits for a person again.

    Raises Problem where the period is completed or given up, or nothing was confirmed.
    """
    require(work, Right.RECONCILE, "reconcile bank accounts")
    account_id = work.db.scalar(
        select(Reconciliation.bank_account_id).where(Reconciliation.id == reconciliation_id)
    )
    locked(work, BankAccount, account_id, _WHAT)  # the account before its period, as always
    row = locked(work, Reconciliation, reconciliation_id, _WHAT)
    if row.status is not ReconciliationStatus.OPEN:
        done = "completed" if row.status is ReconciliationStatus.COMPLETED else "given up"
        raise Problem(f"{row.number} is {done} already.", hint="Nothing was changed.")
    item = work.db.scalar(
        select(ReconciliationItem).where(
            ReconciliationItem.reconciliation_id == row.id,
            ReconciliationItem.entry_id == entry_id,
        )
    )
    if item is None:
        raise Problem("This entry is not confirmed.", hint="Nothing was changed.")
    work.db.delete(item)
    work.db.flush()
    record(work, "unmark_outstanding", "reconciliation", row.id, entry=entry_id)
    work.touch(Topic.BANK)
