"""What a completed reconciliation locks: its matches, and all that stands in them.

Whoever takes a match apart, undoes a deposit or corrects what stands on its slip asks here first;
so does whoever takes an entry back that the bank has shown (a return, a transfer).
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, false, or_, select

from fscdesk.models.bank import BankAccount
from fscdesk.models.deposit import Deposit, DepositItem
from fscdesk.models.ledger import JournalLine
from fscdesk.models.reconciliation import (
    BankMatch,
    BankMatchEntry,
    BankMatchLine,
    Reconciliation,
    ReconciliationStatus,
)
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.proved_days import period_words
from fscdesk.services.work import Work

__all__ = ["period_words", "require_unlocked", "require_unmatched"]


def require_unlocked(
    work: Work,
    *,
    matches: Collection[int] = (),
    lines: Collection[int] = (),
    entries: Collection[int] = (),
    deposits: Collection[int] = (),
    payments: Collection[int] = (),
    saved: str = "Nothing was changed.",
) -> None:
    """Raise Problem, naming the month, where one of these belongs to a completed reconciliation.

    All are ids; a deposit counts by its entry, a payment by the deposit that it is in. ``saved``
    says what was or was not saved.
    """
    found = work.db.execute(
        select(Reconciliation.number, Reconciliation.first_day, Reconciliation.last_day)
        .join(BankMatch, BankMatch.reconciliation_id == Reconciliation.id)
        .where(
            Reconciliation.status == ReconciliationStatus.COMPLETED,
            or_(
                *_in_match(work, matches, lines),
                *_entries_in_match(work, entries, deposits, payments),
                false(),
            ),
        )
        .order_by(Reconciliation.last_day.desc())
        .limit(1)
    ).first()
    if found is not None:
        period = period_words(found.first_day, found.last_day)
        raise Problem(
            f"{period} is reconciled ({found.number}).",
            hint=f"{saved} Undo that reconciliation first.",
        )


def require_unmatched(
    work: Work, entries: Collection[int], what: str, *, besides: int | None = None
) -> None:
    """Raise Problem, naming the bank account, where the bank has shown one of these entries.

    It is matched, and perhaps reconciled: that comes apart first. ``what`` begins the sentence;
    the match ``besides`` does not count. Nobody matches on their accounts before this work ends.
    """
    if not entries:
        return
    moved = select(JournalLine.account).where(among(work, JournalLine.entry_id, entries))
    held = select(BankAccount.id).where(BankAccount.account.in_(moved)).order_by(BankAccount.id)
    work.db.execute(held.with_for_update())
    found = work.db.execute(
        select(
            BankAccount.name,
            BankMatch.on,
            Reconciliation.number,
            Reconciliation.first_day,
            Reconciliation.last_day,
        )
        .join(BankMatch, BankMatch.bank_account_id == BankAccount.id)
        .join(BankMatchEntry, BankMatchEntry.match_id == BankMatch.id)
        .outerjoin(
            Reconciliation,
            (Reconciliation.id == BankMatch.reconciliation_id)
            & (Reconciliation.status == ReconciliationStatus.COMPLETED),
        )
        .where(
            among(work, BankMatchEntry.entry_id, entries),
            BankMatchEntry.live.is_(True),
            BankMatchEntry.match_id != (besides or 0),
        )
        .order_by(Reconciliation.last_day.desc().nulls_last(), BankMatch.id)
        .limit(1)
    ).first()
    if found is None:
        return
    matched = f"{what} is matched with the bank's line of {found.on:%m/%d/%Y} in {found.name}"
    if found.number is None:
        raise Problem(f"{matched}.", hint="Nothing was changed. Take that match apart first.")
    period = period_words(found.first_day, found.last_day)
    raise Problem(
        f"{matched}. {period} is reconciled there ({found.number}).",
        hint="Nothing was changed. Undo that reconciliation, and take the match apart first.",
    )


def _in_match(
    work: Work, matches: Collection[int], lines: Collection[int]
) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if matches:
        asked.append(among(work, BankMatch.id, matches))
    if lines:
        asked.append(
            BankMatch.id.in_(
                select(BankMatchLine.match_id).where(among(work, BankMatchLine.live_line_id, lines))
            )
        )
    return asked


def _entries_in_match(
    work: Work,
    entries: Collection[int],
    deposits: Collection[int],
    payments: Collection[int],
) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if entries:
        wanted.append(among(work, BankMatchEntry.entry_id, entries))
    if deposits:
        of_deposits = select(Deposit.entry_id).where(among(work, Deposit.id, deposits))
        wanted.append(BankMatchEntry.entry_id.in_(of_deposits))
    if payments:
        of_payments = (
            select(Deposit.entry_id)
            .join(DepositItem, DepositItem.deposit_id == Deposit.id)
            .where(among(work, DepositItem.live_payment_id, payments))
        )
        wanted.append(BankMatchEntry.entry_id.in_(of_payments))
    if not wanted:
        return []
    standing = select(BankMatchEntry.match_id).where(BankMatchEntry.live.is_(True), or_(*wanted))
    return [BankMatch.id.in_(standing)]
