"""Days of bank accounts that a completed reconciliation has proved: nothing is dated into them.

What a person dates there is refused, what dates itself goes after it: the balance of that day in
our books was the bank's, with what was on the way, and stays so. The one door of the ledger asks
here of every entry (``posting``); who needs the day before it posts, or a sentence of its own,
asks here first.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sqlalchemy import func, select

from fscdesk.models.bank import BankAccount
from fscdesk.models.ledger import JournalEntry, JournalLine
from fscdesk.models.reconciliation import Reconciliation, ReconciliationStatus
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.periods import open_days, postable
from fscdesk.services.work import Work

__all__ = [
    "accounts_of",
    "day_after",
    "first_free_day",
    "free_from",
    "period_words",
    "proved_to",
    "require_not_proved",
    "undone_on",
]


def require_not_proved(work: Work, accounts: Iterable[str], on: date) -> None:
    """Raise Problem, naming the reconciliation, where a day is proved of one of these accounts.

    ``accounts`` are those of an entry; only the banks' matter. It stays so until the end of this
    work: none of them can be reconciled meanwhile.
    """
    open_days(work, to_post=True)
    found = work.db.execute(
        select(
            BankAccount.name,
            Reconciliation.number,
            Reconciliation.first_day,
            Reconciliation.last_day,
        )
        .join(BankAccount, BankAccount.id == Reconciliation.bank_account_id)
        .where(
            BankAccount.account.in_(sorted(set(accounts))),
            Reconciliation.status == ReconciliationStatus.COMPLETED,
            Reconciliation.last_day >= on,
        )
        .order_by(Reconciliation.last_day)
    ).all()
    if found:
        its, newest = found[0], found[-1].last_day
        period = period_words(its.first_day, its.last_day)
        raise Problem(
            f"{period} of {its.name} is reconciled ({its.number}).",
            hint=f"Nothing was posted. Choose a day after {newest:%m/%d/%Y}, or undo that"
            " reconciliation first.",
        )


def first_free_day(work: Work, accounts: Iterable[str], day: date) -> date:
    """Return the day on which something of ``day`` posts by itself on these accounts.

    The day, or the first after it whose month is open and that is not proved. It stays so until
    the end of this work.
    """
    return postable(work, free_from(work, accounts, postable(work, day)))


def free_from(work: Work, accounts: Iterable[str], day: date) -> date:
    """Return a day, or the first one after it that is proved of none of these accounts."""
    proved = proved_to(work)
    return day_after(proved, accounts, day)


def day_after(proved: Mapping[str, date], accounts: Iterable[str], day: date) -> date:
    """Return a day, or the first after it that none of these accounts has ``proved``."""
    newest = max((proved[one] for one in accounts if one in proved), default=date.min)
    return day if day > newest else newest + timedelta(days=1)


def proved_to(work: Work) -> dict[str, date]:
    """Return the last proved day of each bank's account that has one, by account."""
    return {
        row.account: row.newest
        for row in work.db.execute(
            select(BankAccount.account, func.max(Reconciliation.last_day).label("newest"))
            .join(BankAccount, BankAccount.id == Reconciliation.bank_account_id)
            .where(Reconciliation.status == ReconciliationStatus.COMPLETED)
            .group_by(BankAccount.account)
        )
    }


def undone_on(work: Work, entry_id: int) -> date:
    """Return the day on which an entry is taken back: its own, as if it had never been.

    Today (or the first day after it) where the month of that day is not open, or the day is
    proved of a bank's account that the entry moves: what was closed or proved stays as it was.
    """
    entered = work.db.get_one(JournalEntry, entry_id).entry_date
    accounts = accounts_of(work, entry_id)
    if open_days(work, to_post=True).postable(entered) == entered and entered == free_from(
        work, accounts, entered
    ):
        return entered
    return free_from(work, accounts, max(work.today(), entered))


def accounts_of(work: Work, entry_id: int) -> tuple[str, ...]:
    """Return the accounts that an entry moves."""
    lines = select(JournalLine.account).where(JournalLine.entry_id == entry_id).distinct()
    return tuple(work.db.scalars(lines))


def period_words(first: date, last: date) -> str:
    """Return ``March 2026`` for a whole month, else ``The time from … to …``."""
    whole = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    if whole and (first.year, first.month) == (last.year, last.month):
        return f"{last:%B %Y}"
    return f"The time from {first:%m/%d/%Y} to {last:%m/%d/%Y}"
