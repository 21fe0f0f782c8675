"""Entries that come again: rent, depreciation, insurance. Each day of one is posted once."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final, cast

from sqlalchemy import func, select

from fscdesk.models.recurring import Every, RecurringEntry, RecurringPosting
from fscdesk.models.values import Money
from fscdesk.services.accounting.journal import (
    ManualEntry,
    ManualLeg,
    PostedEntry,
    checked_legs,
    post_checked,
)
from fscdesk.services.audit import record
from fscdesk.services.editing import apply_changes, locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.periods import next_month
from fscdesk.services.ledger.proved_days import first_free_day
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "Every",
    "PostedDue",
    "RecurringDraft",
    "RecurringRow",
    "day_after",
    "legs_of",
    "post_due",
    "post_recurring",
    "recurring_entries",
    "save_recurring",
    "skip_recurring",
]

_NOTHING: Final = "Nothing was saved."
_MONTHS: Final[Mapping[Every, int]] = MappingProxyType(
    {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}
)
_MOST: Final = 120
"""Days of one entry that one run posts; a template with a mistyped year stops there."""


@dataclass(frozen=True, slots=True)
class RecurringDraft:
    """What a person enters. ``day`` 31 is the last of any month; ``until`` the last day, or None.

    ``by_itself``: the daily job posts it. ``turns_back``: each is reversed on the first of the
    month after.
    """

    name: str
    every: Every
    first_on: date
    legs: tuple[ManualLeg, ...]
    memo: str = ""
    until: date | None = None
    by_itself: bool = False
    turns_back: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class RecurringRow:
    """A recurring entry with its next day; None when it has ended. ``due``: that day has come."""

    id: int
    name: str
    memo: str
    every: Every
    next_on: date | None
    day: int
    until: date | None
    legs: tuple[ManualLeg, ...]
    amount: Money
    by_itself: bool
    turns_back: bool
    active: bool
    due: bool
    posted: int
    last_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class PostedDue:
    """What a run posted, and why entries wait, in words."""

    posted: tuple[PostedEntry, ...]
    waiting: tuple[str, ...]


def recurring_entries(work: Work, *, also_inactive: bool = True) -> tuple[RecurringRow, ...]:
    """Return the recurring entries, the next one first, those that have ended last."""
    done: dict[int, tuple[int, date]] = {
        row.recurring_id: (row.many, row.newest)
        for row in work.db.execute(
            select(
                RecurringPosting.recurring_id,
                func.count().label("many"),
                func.max(RecurringPosting.on).label("newest"),
            ).group_by(RecurringPosting.recurring_id)
        )
    }
    today = work.today()
    rows = [
        RecurringRow(
            id=one.id,
            name=one.name,
            memo=one.memo,
            every=one.every,
            next_on=one.next_on,
            day=one.day,
            until=one.until,
            legs=legs_of(one),
            amount=Money(sum(leg.cents for leg in legs_of(one) if leg.cents > 0)),
            by_itself=one.by_itself,
            turns_back=one.turns_back,
            active=one.active,
            due=one.active and one.next_on is not None and one.next_on <= today,
            posted=done.get(one.id, (0, None))[0],
            last_on=done.get(one.id, (0, None))[1],
            version=one.version,
        )
        for one in work.db.scalars(select(RecurringEntry))
        if one.active or also_inactive
    ]
    return tuple(sorted(rows, key=lambda row: (row.next_on or date.max, row.name)))


def save_recurring(
    work: Work,
    draft: RecurringDraft,
    *,
    recurring_id: int | None = None,
    expected_version: int | None = None,
) -> int:
    """Add a recurring entry, or change one from its next day on; return its id.

    Raises Problem for a name that is taken, lines that cannot be posted, and a first day that
    was posted already.
    """
    require(work, Right.KEEP_BOOKS, "change recurring entries")
    name = text_of(draft.name, "the name", required=True)
    taken = work.db.scalar(
        select(RecurringEntry.id).where(func.lower(RecurringEntry.name) == name.lower())
    )
    if taken not in (None, recurring_id):
        raise Problem(f"There is a recurring entry “{name}” already.", hint=_NOTHING)
    if draft.until is not None and draft.until < draft.first_on:
        raise Problem(
            f"It ends on {draft.until:%m/%d/%Y}, before it begins.",
            hint=f"{_NOTHING} Choose a later last day, or none.",
        )
    legs = checked_legs(work, draft.legs)
    values: dict[str, Any] = {
        "name": name,
        "memo": text_of(draft.memo, "the memo"),
        "every": draft.every,
        "next_on": draft.first_on,
        "day": draft.first_on.day,
        "until": draft.until,
        "legs": cast("Any", [_plain(one) for one in legs]),
        "by_itself": draft.by_itself,
        "turns_back": draft.turns_back,
        "active": draft.active,
    }
    work.touch(Topic.BOOKS)
    if recurring_id is None:
        row = RecurringEntry(**values, made_by=work.actor.staff_id, made_at=work.now())
        work.db.add(row)
        work.db.flush()
        record(work, "add_recurring", "recurring_entry", row.id, every=draft.every.value)
        return row.id
    row = locked(work, RecurringEntry, recurring_id, "this recurring entry")
    if expected_version is not None:
        require_version(row, expected_version, "this recurring entry")
    _require_not_posted(work, recurring_id, draft.first_on)
    if _shortened(row.day, draft.first_on):
        del values["day"]  # the 31st is shown as 02/28, and stays the last day of every month
    apply_changes(work, row, values, action="change_recurring", noun="recurring_entry")
    return row.id


def post_recurring(work: Work, recurring_id: int, *, on: date | None = None) -> PostedEntry:
    """Post the next day of a recurring entry, on the first free day after it where that is shut.

    ``on`` is the day that was seen to be due. Raises Problem where that is not the next one any
    more (another desk was first), and where the next day has not come.
    """
    require(work, Right.KEEP_BOOKS, "post recurring entries")
    row = locked(work, RecurringEntry, recurring_id, "this recurring entry")
    if on is not None and row.next_on != on:
        raise Problem(
            f"{row.name} is not due for {on:%m/%d/%Y} any more.",
            hint="Nothing was posted. It changed at another desk; look at what is due now.",
        )
    due = _next(row)
    if due > work.today():
        raise Problem(
            f"{row.name} is due on {due:%m/%d/%Y}; that day has not come.",
            hint="Nothing was posted. Post it then, or write an entry of its own.",
        )
    return _post_next(work, row)


def skip_recurring(work: Work, recurring_id: int) -> date | None:
    """Leave the next day of a recurring entry out, and return the day after that."""
    require(work, Right.KEEP_BOOKS, "leave recurring entries out")
    row = locked(work, RecurringEntry, recurring_id, "this recurring entry")
    on = _next(row)
    row.next_on = day_after(row, on)
    work.db.flush()
    record(work, "skip_recurring", "recurring_entry", row.id, on=on.isoformat())
    work.touch(Topic.BOOKS)
    return row.next_on


def post_due(work: Work) -> PostedDue:
    """Post every day that has come of the entries that post by themselves.

    The caller has asked for the right. One that cannot be posted (its account is not in use any
    more) stops no other; it waits and is named.
    """
    wanted = work.db.scalars(
        select(RecurringEntry.id)
        .where(
            RecurringEntry.by_itself,
            RecurringEntry.active,
            RecurringEntry.next_on <= work.today(),
        )
        .order_by(RecurringEntry.id)
    ).all()
    posted: list[PostedEntry] = []
    waiting: list[str] = []
    for recurring_id in wanted:
        row = locked(work, RecurringEntry, recurring_id, "this recurring entry")
        for _ in range(_MOST):
            if row.next_on is None or row.next_on > work.today():
                break
            try:
                with work.db.begin_nested():
                    posted.append(_post_next(work, row))
            except Problem as refused:
                waiting.append(f"{row.name}: {refused.message}")
                break
    return PostedDue(tuple(posted), tuple(waiting))


def _post_next(work: Work, row: RecurringEntry) -> PostedEntry:
    on = _next(row)
    day = first_free_day(work, (one.account for one in legs_of(row)), on)
    done = post_checked(
        work,
        ManualEntry(
            day,
            row.memo or row.name,
            legs_of(row),
            reference=f"{row.name}, {on:%m/%d/%Y}"[:100],
            # Its own month's, also where it is posted late: else two months fall into one.
            reverse_on=max(next_month(on), day + timedelta(days=1)) if row.turns_back else None,
        ),
    )
    work.db.add(RecurringPosting(recurring_id=row.id, on=on, entry_id=done.id))
    row.next_on = day_after(row, on)
    work.db.flush()
    return done


def _next(row: RecurringEntry) -> date:
    if not row.active:
        raise Problem(f"{row.name} is not in use.", hint="Nothing was posted.")
    if row.next_on is None:
        raise Problem(f"{row.name} has ended.", hint="Nothing was posted.")
    return row.next_on


def day_after(row: RecurringEntry, on: date) -> date | None:
    """Return the next day; the 31st stays the last day of every month."""
    count = on.year * 12 + on.month - 1 + _MONTHS[row.every]
    year, month = count // 12, count % 12 + 1
    day = date(year, month, min(row.day, calendar.monthrange(year, month)[1]))
    return None if row.until is not None and day > row.until else day


def _shortened(day: int, on: date) -> bool:
    return on.day < day and on.day == calendar.monthrange(on.year, on.month)[1]


def _require_not_posted(work: Work, recurring_id: int, first_on: date) -> None:
    newest = work.db.scalar(
        select(func.max(RecurringPosting.on)).where(RecurringPosting.recurring_id == recurring_id)
    )
    if newest is not None and first_on <= newest:
        raise Problem(
            f"It was posted for {newest:%m/%d/%Y} already.",
            hint=f"{_NOTHING} Choose a later next day.",
        )


def _plain(leg: ManualLeg) -> dict[str, Any]:
    return {
        "account": leg.account,
        "cents": leg.cents,
        "cost_centre": leg.cost_centre,
        "note": leg.note,
    }


def legs_of(row: RecurringEntry) -> tuple[ManualLeg, ...]:
    """Return the lines of a recurring entry as they are kept."""
    kept = cast("list[dict[str, Any]]", row.legs)
    return tuple(
        ManualLeg(one["account"], int(one["cents"]), one["cost_centre"], one["note"])
        for one in kept
    )
