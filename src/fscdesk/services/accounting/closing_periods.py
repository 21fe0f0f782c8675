"""Closes months and opens them again: never with a gap, always on record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.ledger import JournalEntry
from fscdesk.models.period import AccountingPeriod, PeriodChange, PeriodStatus, YearClose
from fscdesk.models.staff import Staff
from fscdesk.services.audit import record
from fscdesk.services.editing import text_of
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.periods import (
    OpenDays,
    month_end,
    month_words,
    next_month,
    open_days,
)
from fscdesk.services.ledger.posting_hold import after_postings, hold_postings
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "ChangedMonths",
    "PeriodChangeRow",
    "PeriodRow",
    "PeriodStatus",
    "close",
    "open_again",
    "period_changes",
    "periods",
]

_NOTHING: Final = "Nothing was changed."
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class PeriodChangeRow:
    """Who opened or closed a month, when (UTC), and why."""

    month: date
    old: PeriodStatus
    new: PeriodStatus
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A month, by its first day: how it stands, what was posted in it, its last change.

    ``late`` counts what was posted into it with a written reason; ``may_close`` is true for a
    month that is over and not closed, ``may_open`` for the last one that is not open.
    """

    month: date
    status: PeriodStatus
    entries: int
    late: int
    may_close: bool
    may_open: bool
    changed: PeriodChangeRow | None = None


@dataclass(frozen=True, slots=True)
class ChangedMonths:
    """The months that were closed or opened, oldest first, and how they stand now."""

    months: tuple[date, ...]
    status: PeriodStatus


def periods(work: Work) -> tuple[PeriodRow, ...]:
    """Return every month from that of the first entry to this one, the newest first."""
    days, this = open_days(work), work.today().replace(day=1)
    changed: dict[date, PeriodChangeRow] = {row.month: row for row in period_changes(work)[::-1]}
    posted = _posted(work)
    first = min((*posted, *changed, this))
    last = max((*posted, this))
    shut = _last_shut(days)
    return tuple(
        PeriodRow(
            month,
            days.status(month),
            *posted.get(month, (0, 0)),
            may_close=month < this and days.status(month) is not PeriodStatus.CLOSED,
            may_open=month == shut,
            changed=changed.get(month),
        )
        for month in reversed(list(_months(first, last)))
    )


def period_changes(work: Work, month: date | None = None) -> tuple[PeriodChangeRow, ...]:
    """Return who opened and closed months (of one month, where it is given), the newest first."""
    asked = select(PeriodChange, Staff.name).join(Staff, Staff.id == PeriodChange.staff_id)
    if month is not None:
        asked = asked.where(PeriodChange.month == month.replace(day=1))
    return tuple(
        PeriodChangeRow(one.month, one.old, one.new, one.reason, one.at, by)
        for one, by in work.db.execute(asked.order_by(PeriodChange.id.desc()))
    )


def close(work: Work, month: date, *, soft: bool = False, reason: str = "") -> ChangedMonths:
    """Close the month of a day, and every month before it that is not closed yet.

    ``soft`` leaves it to adjusting and closing entries. Waits for those who are posting; what
    they post afterwards lands on the first open day. Raises Problem for a month that is not
    over, for one that is closed already, and where somebody posts for too long.
    """
    require(work, Right.CLOSE_PERIODS, "close months")
    why = text_of(reason, "the reason", longest=_LONGEST)
    hold_postings(work)
    wanted, month = PeriodStatus.SOFT_CLOSED if soft else PeriodStatus.CLOSED, month.replace(day=1)
    days = open_days(work)
    if month_end(month) >= work.today():
        raise Problem(
            f"{month_words(month)} is not over.",
            hint=f"{_NOTHING} It can be closed from {next_month(month):%m/%d/%Y} on.",
        )
    if _shut(days.status(month)) >= _shut(wanted):
        raise Problem(
            f"{month_words(month)} is {days.status(month).value.replace('_', '-')} already.",
            hint=_NOTHING,
        )
    first = min((*_posted(work), *_with_row(work), month))
    changing = [one for one in _months(first, month) if _shut(days.status(one)) < _shut(wanted)]
    _change(work, changing, days, wanted, why)
    return ChangedMonths(tuple(changing), wanted)


def open_again(work: Work, month: date, *, reason: str, soft: bool = False) -> ChangedMonths:
    """Open the last closed month again, for everything or (``soft``) for adjusting entries.

    Raises Problem without a reason, for a month that is open, for one before another that is
    closed, and for a year that was carried to retained earnings.
    """
    require(work, Right.CLOSE_PERIODS, "open months again")
    why = text_of(reason, "the reason", longest=_LONGEST, required=True)
    hold_postings(work)
    wanted, month = PeriodStatus.SOFT_CLOSED if soft else PeriodStatus.OPEN, month.replace(day=1)
    days = open_days(work)
    now = days.status(month)
    if _shut(now) <= _shut(wanted):
        raise Problem(
            f"{month_words(month)} is {now.value.replace('_', '-')} already.", hint=_NOTHING
        )
    _require_last(days, month, wanted)
    year = work.db.scalar(
        select(YearClose.live)
        .where(YearClose.live.is_not(None), YearClose.last_day >= month)
        .limit(1)
    )
    if year is not None:
        raise Problem(
            f"{month_words(month)} lies in the year {year}, which is closed.",
            hint=f"{_NOTHING} Take the close of {year} back first.",
        )
    _change(work, [month], days, wanted, why)
    return ChangedMonths((month,), wanted)


def _require_last(days: OpenDays, month: date, wanted: PeriodStatus) -> None:
    """Raise Problem where a later month is more closed than this one will be."""
    last = days.closed_to if wanted is PeriodStatus.SOFT_CLOSED else _last_shut(days)
    if last is not None and last > month:
        raise Problem(
            f"{month_words(last)} is closed too.",
            hint=f"{_NOTHING} Months open from the last one back: open that one first.",
        )


def _change(
    work: Work, months: list[date], days: OpenDays, wanted: PeriodStatus, reason: str
) -> None:
    at = after_postings(work)
    for month in months:
        row = work.db.get(AccountingPeriod, month, with_for_update=True)
        if row is None:
            work.db.add(AccountingPeriod(month=month, status=wanted))
        else:
            row.status = wanted
        work.db.add(
            PeriodChange(
                month=month,
                old=days.status(month),
                new=wanted,
                reason=reason,
                at=at,
                staff_id=work.actor.staff_id,
            )
        )
        work.db.flush()
        record(
            work,
            "change_period",
            "accounting_period",
            month=month.isoformat(),
            old=days.status(month).value,
            new=wanted.value,
            reason=reason,
        )
    work.touch(Topic.BOOKS)


def _posted(work: Work) -> dict[date, tuple[int, int]]:
    """Return how many entries each month has, and how many of them came late."""
    counted: dict[date, tuple[int, int]] = {}
    for row in work.db.execute(
        select(
            JournalEntry.entry_date,
            func.count().label("entries"),
            func.count(JournalEntry.late_reason).label("late"),
        ).group_by(JournalEntry.entry_date)
    ):
        month = row.entry_date.replace(day=1)
        entries, late = counted.get(month, (0, 0))
        counted[month] = entries + row.entries, late + row.late
    return counted


def _with_row(work: Work) -> list[date]:
    return list(work.db.scalars(select(AccountingPeriod.month)))


def _last_shut(days: OpenDays) -> date | None:
    return max((one for one in (days.closed_to, days.soft_to) if one), default=None)


def _shut(status: PeriodStatus) -> int:
    return (PeriodStatus.OPEN, PeriodStatus.SOFT_CLOSED, PeriodStatus.CLOSED).index(status)


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = next_month(month)
