"""Checks of the months: nothing came into a closed one without a written reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select

from fscdesk.models.ledger import EntryKind, JournalEntry
from fscdesk.models.period import AccountingPeriod, PeriodChange, PeriodStatus
from fscdesk.services.ledger.offenders import Found, ask, cents, listed
from fscdesk.services.ledger.periods import IN_SOFT_CLOSED, month_words, next_month
from fscdesk.services.work import Work


def closed_months_unchanged(work: Work) -> Found:
    """Invariant 7: no entry came into a month while it was closed, except with a written reason.

    A soft-closed month takes adjusting and closing entries, and their reversals. A month stands
    as its last change says.
    """
    changes: dict[date, list[PeriodChange]] = defaultdict(list)
    for one in work.db.scalars(select(PeriodChange).order_by(PeriodChange.id)):
        changes[one.month].append(one)
    return listed(_strange(work, changes)) + listed(_as_changed(work, changes))


def closed_years_carried(work: Work) -> Found:
    """Of a year that is closed, every account of income and expense is carried to the cent."""
    return ask(
        work,
        "SELECT y.year, l.account, sum(l.amount) AS held FROM year_close y"
        " JOIN journal_line l ON l.day <= y.last_day JOIN account a ON a.code = l.account"
        " WHERE y.live IS NOT NULL AND a.type IN ('income', 'expense')"
        " GROUP BY y.year, l.account HAVING sum(l.amount) <> 0 ORDER BY y.year, l.account",
        lambda row: (
            f"the year {row.year} is closed, and account {row.account} still holds"
            f" {cents(row.held)} of it"
        ),
    )


def _strange(work: Work, changes: dict[date, list[PeriodChange]]) -> Iterator[str]:
    for month, listed_changes in sorted(changes.items()):
        for row in work.db.execute(
            select(
                JournalEntry.number,
                JournalEntry.kind,
                JournalEntry.posted_at,
                JournalEntry.reverses_id,
            )
            .where(
                JournalEntry.entry_date >= month,
                JournalEntry.entry_date <= next_month(month) - timedelta(days=1),
                JournalEntry.posted_at > listed_changes[0].at,
                JournalEntry.late_reason.is_(None),
            )
            .order_by(JournalEntry.id)
        ):
            status = _status_at(listed_changes, row.posted_at)
            if status is PeriodStatus.OPEN:
                continue
            kind = _kind(work, row.kind, row.reverses_id)
            if status is PeriodStatus.CLOSED or kind not in IN_SOFT_CLOSED:
                yield f"entry {row.number} was posted into {month_words(month)} after it was closed"


def _as_changed(work: Work, changes: dict[date, list[PeriodChange]]) -> Iterator[str]:
    now = {one.month: one.status for one in work.db.scalars(select(AccountingPeriod))}
    for month in sorted({*now, *changes}):
        told = changes[month][-1].new if changes.get(month) else PeriodStatus.OPEN
        stands = now.get(month, PeriodStatus.OPEN)
        if told is not stands:
            yield f"{month_words(month)} is {stands.value}, its last change says {told.value}"


def _status_at(changes: list[PeriodChange], moment: datetime) -> PeriodStatus:
    """Return how a month stood just before a moment; a posting of that very moment came first."""
    status = PeriodStatus.OPEN
    for one in changes:
        if one.at >= moment:
            break
        status = one.new
    return status


def _kind(work: Work, kind: EntryKind, reverses: int | None) -> EntryKind:
    return kind if reverses is None else work.db.get_one(JournalEntry, reverses).kind
