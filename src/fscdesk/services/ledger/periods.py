"""Which months take postings: what the one door of the ledger asks before it writes.

Closed months are those up to one month, without a gap: whoever closes March closes what lies
before it, and months open again from the last one back. Before the first month that was ever
closed nothing can be open, so an old session cannot slip into the past. What posts by itself and
carries a day in a closed month lands on the first open day; its other dates stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from sqlalchemy import func, select, text

from fscdesk.models.ledger import EntryKind
from fscdesk.models.period import AccountingPeriod, PeriodStatus, YearClose
from fscdesk.services.bulk import is_postgres
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, may
from fscdesk.services.work import Work

__all__ = [
    "LOCK",
    "OpenDays",
    "PeriodStatus",
    "month_end",
    "month_words",
    "next_month",
    "open_days",
    "postable",
    "require_takes",
    "status_of",
]

LOCK: Final = 0x66736270
"""Postgres: who posts shares this advisory lock until the commit; who closes has it alone."""
IN_SOFT_CLOSED: Final = frozenset({EntryKind.ADJUSTING, EntryKind.CLOSING})
"""What a soft-closed month still takes from those who keep the books."""
_WORDS: Final[Mapping[PeriodStatus, str]] = MappingProxyType(
    {
        PeriodStatus.OPEN: "open",
        PeriodStatus.SOFT_CLOSED: "soft-closed",
        PeriodStatus.CLOSED: "closed",
    }
)
_NOTHING: Final = "Nothing was posted."


class OpenDays(NamedTuple):
    """The last months, by their first days, that are closed and that are soft-closed."""

    closed_to: date | None = None
    soft_to: date | None = None

    def status(self, day: date) -> PeriodStatus:
        """Return how the month of a day stands."""
        month = day.replace(day=1)
        if self.closed_to is not None and month <= self.closed_to:
            return PeriodStatus.CLOSED
        if self.soft_to is not None and month <= self.soft_to:
            return PeriodStatus.SOFT_CLOSED
        return PeriodStatus.OPEN

    @property
    def first(self) -> date | None:
        """Return the first day that takes whatever posts by itself; None where every day does."""
        shut = max((one for one in (self.closed_to, self.soft_to) if one), default=None)
        return None if shut is None else next_month(shut)

    def postable(self, day: date) -> date:
        """Return the day itself, or the first open one where its month is not open."""
        first = self.first
        return day if first is None or day >= first else first


def open_days(work: Work, *, to_post: bool = False) -> OpenDays:
    """Return which days are open. ``to_post``: no month can be closed until this work ends."""
    if to_post and is_postgres(work):
        work.db.execute(text("SELECT pg_advisory_xact_lock_shared(:lock)"), {"lock": LOCK})
    newest: dict[PeriodStatus, date] = {
        row.status: row.newest
        for row in work.db.execute(
            select(AccountingPeriod.status, func.max(AccountingPeriod.month).label("newest"))
            .where(AccountingPeriod.status != PeriodStatus.OPEN)
            .group_by(AccountingPeriod.status)
        )
    }
    return OpenDays(newest.get(PeriodStatus.CLOSED), newest.get(PeriodStatus.SOFT_CLOSED))


def status_of(work: Work, month: date) -> PeriodStatus:
    """Return how the month of a day stands now."""
    return open_days(work).status(month)


def postable(work: Work, day: date) -> date:
    """Return the day on which something of ``day`` posts: the day, or the first open one.

    It stays so until the end of this work: no month can be closed meanwhile.
    """
    return open_days(work, to_post=True).postable(day)


def require_takes(
    work: Work, days: OpenDays, on: date, kind: EntryKind, late_reason: str | None
) -> None:
    """Raise Problem unless the month of ``on`` takes an entry that a person dates.

    A soft-closed month takes adjusting and closing entries by who keeps the books; a closed one
    takes what has a written reason, by who may post into closed months. A year that was carried
    to retained earnings takes nothing.
    """
    year = work.db.scalar(
        select(YearClose.live).where(YearClose.live.is_not(None), YearClose.last_day >= on).limit(1)
    )
    if year is not None:
        raise Problem(
            f"{on:%m/%d/%Y} lies in a year that is closed.",
            hint=f"{_NOTHING} Take the close of {year} back first, or choose a later day.",
        )
    status = days.status(on)
    if status is PeriodStatus.OPEN:
        return
    if (
        status is PeriodStatus.SOFT_CLOSED
        and kind in IN_SOFT_CLOSED
        and may(work, Right.KEEP_BOOKS)
    ):
        return
    shut = f"{month_words(on)} is {_WORDS[status]}."
    if not may(work, Right.POST_CLOSED):
        raise Problem(shut, hint=f"{_NOTHING} Choose a day from {days.postable(on):%m/%d/%Y} on.")
    if not (late_reason or "").strip():
        raise Problem(
            shut,
            hint=f"{_NOTHING} Write the reason why it belongs there,"
            f" or choose a day from {days.postable(on):%m/%d/%Y} on.",
        )


def month_words(day: date) -> str:
    """Return ``March 2026``."""
    return f"{day:%B} {day.year}"


def next_month(day: date) -> date:
    """Return the first day of the month after that of a day."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def month_end(day: date) -> date:
    """Return the last day of the month of a day."""
    return next_month(day) - timedelta(days=1)
