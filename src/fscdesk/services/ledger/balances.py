"""Balances of accounts on any day: sums over the lines of posted entries, never a stored figure."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from fscdesk.models.ledger import JournalLine
from fscdesk.models.values import Money
from fscdesk.services.ledger.accounts import OPEN_ACCOUNTS
from fscdesk.services.work import Work


def balance(work: Work, *accounts: str, as_of: date | None = None) -> Money:
    """Return the sum of these accounts at the end of a day; debits are positive.

    Without a day it is the sum of everything that was ever posted.
    """
    total = select(func.sum(JournalLine.amount)).where(JournalLine.account.in_(accounts))
    if as_of is not None:
        total = total.where(JournalLine.day <= as_of)
    return work.db.scalar(total) or Money()


def open_in_ledger(work: Work, as_of: date | None = None) -> Money:
    """Return what patients and payers owe together, by the general ledger (1100–1130, 24xx)."""
    return balance(work, *OPEN_ACCOUNTS, as_of=as_of)


def trial_balance(work: Work, as_of: date | None = None) -> dict[str, Money]:
    """Return the balance of every account that was ever used, by its code; they sum to zero."""
    sums = select(JournalLine.account, func.sum(JournalLine.amount))
    if as_of is not None:
        sums = sums.where(JournalLine.day <= as_of)
    rows = work.db.execute(sums.group_by(JournalLine.account).order_by(JournalLine.account))
    return {account: total for account, total in rows}  # noqa: C416 - rows, not pairs, to mypy


def patient_position(work: Work, patient_id: int, as_of: date | None = None) -> dict[str, Money]:
    """Return the open accounts of one patient (1100 to 2410) on a day, by code; no zeros."""
    sums = select(JournalLine.account, func.sum(JournalLine.amount)).where(
        JournalLine.patient_id == patient_id, JournalLine.account.in_(OPEN_ACCOUNTS)
    )
    if as_of is not None:
        sums = sums.where(JournalLine.day <= as_of)
    rows = work.db.execute(sums.group_by(JournalLine.account).order_by(JournalLine.account))
    return {account: total for account, total in rows if total}
