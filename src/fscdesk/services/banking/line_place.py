"""Where a line of the bank stands in Reconciliation: its account, and its period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fscdesk.models.bank import BankLine
from fscdesk.models.reconciliation import (
    BankMatch,
    BankMatchLine,
    Reconciliation,
    ReconciliationStatus,
)
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class LinePlace:
    """What to open to see a line of the bank.

    ``reconciliation_id`` is the reconciled period that it is locked in, None where no month has
    it yet. ``after`` is the last day of the period that is worked on, where the line comes later
    and is not on its sheet yet; None where it is.
    """

    line_id: int
    account_id: int
    reconciliation_id: int | None
    on: date
    after: date | None = None


def line_place(work: Work, line_id: int) -> LinePlace:
    """Return where a line stands. Raises Problem for one that was taken back with its file."""
    require(work, Right.RECONCILE, "reconcile bank accounts")
    line = work.db.get(BankLine, line_id)
    if line is None or line.live is None:
        raise Problem(
            "This line of the bank is not in the books any more.",
            hint="Its statement was taken back. Nothing was changed.",
        )
    locked = work.db.scalar(
        select(Reconciliation.id)
        .join(BankMatch, BankMatch.reconciliation_id == Reconciliation.id)
        .join(BankMatchLine, BankMatchLine.match_id == BankMatch.id)
        .where(
            BankMatchLine.live_line_id == line_id,
            Reconciliation.status == ReconciliationStatus.COMPLETED,
        )
    )
    if locked is not None:
        return LinePlace(line_id, line.bank_account_id, locked, line.on)
    last = work.db.scalar(
        select(Reconciliation.last_day).where(
            Reconciliation.bank_account_id == line.bank_account_id,
            Reconciliation.live.is_(True),
            Reconciliation.status != ReconciliationStatus.COMPLETED,
        )
    )
    after = last if last is not None and line.on > last else None
    return LinePlace(line_id, line.bank_account_id, None, line.on, after)
