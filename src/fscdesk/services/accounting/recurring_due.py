"""What recurring entries wait for: the days that have come, posted when somebody says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import aliased

from fscdesk.models.ledger import JournalEntry
from fscdesk.models.recurring import RecurringEntry, RecurringPosting
from fscdesk.models.values import Money
from fscdesk.services.accounting.journal import PostedEntry, reverse_manual
from fscdesk.services.accounting.recurring import (
    day_after,
    legs_of,
    post_recurring,
)
from fscdesk.services.audit import record
from fscdesk.services.editing import locked
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.periods import open_days
from fscdesk.services.ledger.proved_days import free_from, undone_on
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "DueDay",
    "RecurringHistory",
    "due_days",
    "post_days",
    "recurring_history",
    "take_days_back",
    "unskip_recurring",
]

_MOST: Final = 120
"""Days of one entry that are proposed at once; a template with a mistyped year stops there."""


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day of a recurring entry that has come; ``posts_on`` differs where that day is shut.

    Its month is closed, or the bank's account that it moves is reconciled.
    """

    recurring_id: int
    name: str
    on: date
    posts_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class RecurringHistory:
    """A day that was posted, by which entry; ``turned_back`` names the entry that reversed it."""

    on: date
    entry_id: int
    number: str
    posted_on: date
    turned_back: str | None


def due_days(work: Work, recurring_id: int | None = None) -> tuple[DueDay, ...]:
    """Return every day that has come and is not posted, of one entry or of all, oldest first."""
    today, days = work.today(), open_days(work)
    found: list[DueDay] = []
    wanted = select(RecurringEntry).where(RecurringEntry.active, RecurringEntry.next_on <= today)
    if recurring_id is not None:
        wanted = wanted.where(RecurringEntry.id == recurring_id)
    for row in work.db.scalars(wanted):
        amount = Money(sum(leg.cents for leg in legs_of(row) if leg.cents > 0))
        accounts = [leg.account for leg in legs_of(row)]
        on = row.next_on
        for _ in range(_MOST):
            if on is None or on > today:
                break
            posts_on = days.postable(free_from(work, accounts, days.postable(on)))
            found.append(DueDay(row.id, row.name, on, posts_on, amount))
            on = day_after(row, on)
    return tuple(sorted(found, key=lambda one: (one.on, one.name)))


def post_days(work: Work, wanted: Sequence[DueDay]) -> tuple[PostedEntry, ...]:
    """Post exactly the days that were proposed, all of them or none.

    Raises Problem where one was posted or left out at another desk since then.
    """
    require(work, Right.KEEP_BOOKS, "post recurring entries")
    return tuple(
        post_recurring(work, one.recurring_id, on=one.on)
        for one in sorted(wanted, key=lambda due: (due.recurring_id, due.on))
    )


def recurring_history(work: Work, recurring_id: int) -> tuple[RecurringHistory, ...]:
    """Return the days of an entry that were posted, the newest first."""
    back = aliased(JournalEntry)
    rows = work.db.execute(
        select(
            RecurringPosting.on,
            RecurringPosting.entry_id,
            JournalEntry.number,
            JournalEntry.entry_date,
            back.number.label("back"),
        )
        .join(JournalEntry, JournalEntry.id == RecurringPosting.entry_id)
        .outerjoin(back, back.reverses_id == JournalEntry.id)
        .where(RecurringPosting.recurring_id == recurring_id)
        .order_by(RecurringPosting.on.desc())
    )
    return tuple(RecurringHistory(*row) for row in rows)


def take_days_back(work: Work, entry_ids: Sequence[int], *, reason: str) -> int:
    """Turn postings of recurring entries back, and let their days be due again; return how many.

    Raises Problem, and turns nothing back, where a later day of the same entry stands.
    """
    require(work, Right.KEEP_BOOKS, "turn recurring entries back")
    rows = work.db.scalars(
        select(RecurringPosting)
        .where(RecurringPosting.entry_id.in_(entry_ids))
        .order_by(RecurringPosting.on.desc())
    ).all()
    for one in rows:
        row = locked(work, RecurringEntry, one.recurring_id, "this recurring entry")
        later = select(RecurringPosting.on).where(
            RecurringPosting.recurring_id == row.id, RecurringPosting.on > one.on
        )
        if work.db.scalars(later.limit(1)).first() is not None:
            raise Problem(
                f"A later day of {row.name} is posted.",
                hint="Nothing was turned back. Turn the newest back first.",
            )
        reverse_manual(work, one.entry_id, reason=reason, on=undone_on(work, one.entry_id))
        row.next_on = one.on
        work.db.delete(one)
        work.db.flush()
        record(work, "undo_recurring", "recurring_entry", row.id, on=one.on.isoformat())
    work.touch(Topic.BOOKS)
    return len(rows)


def unskip_recurring(work: Work, recurring_id: int, on: date) -> None:
    """Let a day that was left out be due again. Raises Problem where a later one is posted."""
    require(work, Right.KEEP_BOOKS, "leave recurring entries out")
    row = locked(work, RecurringEntry, recurring_id, "this recurring entry")
    later = select(RecurringPosting.on).where(
        RecurringPosting.recurring_id == row.id, RecurringPosting.on >= on
    )
    if work.db.scalars(later.limit(1)).first() is not None:
        raise Problem(
            f"{row.name} was posted for a later day.",
            hint="Nothing was changed. Post the day that was left out as an entry of its own.",
        )
    row.next_on = on
    work.db.flush()
    record(work, "unskip_recurring", "recurring_entry", row.id, on=on.isoformat())
    work.touch(Topic.BOOKS)
