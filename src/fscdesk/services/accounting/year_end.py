"""The end of a fiscal year: income and expense go to retained earnings, by one entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select

from fscdesk.models.account import Account, AccountType
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.period import AccountingPeriod, PeriodStatus, YearClose
from fscdesk.models.staff import Staff
from fscdesk.models.values import ZERO, Money
from fscdesk.services.accounting.fiscal import days_of_year, fiscal_year_of
from fscdesk.services.accounting.journal import PostedEntry, number_of
from fscdesk.services.audit import record
from fscdesk.services.editing import text_of
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.accounts import RETAINED_EARNINGS
from fscdesk.services.ledger.periods import month_words, open_days, status_of
from fscdesk.services.ledger.posting import Draft, Leg, post, reverse_by_hand
from fscdesk.services.ledger.posting_hold import hold_postings
from fscdesk.services.permissions import Right, may, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "CarriedLine",
    "YearEndPlan",
    "YearRow",
    "close_year",
    "plan_year_end",
    "undo_year_end",
    "years",
]

_NOTHING: Final = "Nothing was posted."
_DOING: Final = "close years"


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """One account of income or expense and what it holds; debits are positive."""

    account: str
    name: str
    type: AccountType
    balance: Money

    @property
    def is_income(self) -> bool:
        """Say whether it is an account of income."""
        return self.type is AccountType.INCOME


@dataclass(frozen=True, slots=True)
class YearEndPlan:
    """What closing a year would carry, or has carried. ``earned`` is income less expense.

    ``missing`` says what stands against it; empty where it can be closed now. ``carried_by`` is
    the number of the entry that has closed it, or a later year and this one along; "" where
    none has.
    """

    year: int
    first_day: date
    last_day: date
    lines: tuple[CarriedLine, ...]
    earned: Money
    missing: tuple[str, ...]
    carried_by: str = ""


@dataclass(frozen=True, slots=True)
class YearRow:
    """A fiscal year: closed by which entry, when (UTC) and by whom; None while it is open."""

    year: int
    first_day: date
    last_day: date
    number: str | None = None
    closed_at: datetime | None = None
    closed_by: str = ""


def years(work: Work) -> tuple[YearRow, ...]:
    """Return the fiscal years from that of the first entry to this one, the newest first."""
    earliest = work.db.scalar(select(func.min(JournalLine.day))) or work.today()
    closed: dict[int, tuple[YearClose, str, str]] = {
        one.year: (one, number, by)
        for one, number, by in work.db.execute(
            select(YearClose, JournalEntry.number, Staff.name)
            .join(JournalEntry, JournalEntry.id == YearClose.entry_id)
            .join(Staff, Staff.id == YearClose.closed_by)
            .where(YearClose.live.is_not(None))
        )
    }
    rows: list[YearRow] = []
    for year in range(fiscal_year_of(work, work.today()), fiscal_year_of(work, earliest) - 1, -1):
        days = days_of_year(work, year)
        if year not in closed:
            rows.append(YearRow(year, *days))
            continue
        one, number, by = closed[year]
        rows.append(YearRow(year, *days, number, one.closed_at, by))
    return tuple(rows)


def plan_year_end(work: Work, year: int) -> YearEndPlan:
    """Return what closing a fiscal year would carry, and what stands against it.

    Of a year that is closed, what it has earned and carried.
    """
    require(work, Right.KEEP_BOOKS, _DOING)
    first, last = days_of_year(work, year)
    closed = _closed_over(work, last)
    if closed is not None:
        kept = tuple(_held(work, JournalLine.day.between(first, last), _no_closing(work)))
        missing = (f"The year {closed.year} is closed already.",)
        sum_of = Money(-sum(one.balance.cents for one in kept))
        number = number_of(work, closed.entry_id)
        return YearEndPlan(year, first, last, kept, sum_of, missing, number)
    lines = tuple(_held(work, JournalLine.day <= last))
    earned = Money(-sum(one.balance.cents for one in lines))
    return YearEndPlan(year, first, last, lines, earned, tuple(_missing(work, year, last, lines)))


def close_year(work: Work, year: int) -> PostedEntry:
    """Carry the income and expense of a fiscal year to retained earnings, on its last day.

    Its months must be closed, at least softly. Raises Problem, and posts nothing, where
    something stands against it.
    """
    require(work, Right.KEEP_BOOKS, _DOING)
    require(work, Right.CLOSE_PERIODS, _DOING)
    hold_postings(work)
    _lock_months(work)
    plan = plan_year_end(work, year)
    if plan.missing:
        raise Problem(plan.missing[0], hint=f"{_NOTHING} See to it, and close {year} then.")
    late = _late_reason(work, plan.last_day, f"Close of the year {year}")
    legs = [Leg(one.account, -one.balance.cents, Part.BOOKS) for one in plan.lines]
    if plan.earned:
        legs.append(Leg(RETAINED_EARNINGS, -plan.earned.cents, Part.BOOKS))
    entry_id = post(
        work,
        Draft(
            on=plan.last_day,
            kind=EntryKind.CLOSING,
            memo=f"Income and expense of {year} to retained earnings",
            legs=tuple(legs),
            stays=True,
            late_reason=late,
        ),
    )
    work.db.add(
        YearClose(
            year=year,
            live=year,
            last_day=plan.last_day,
            entry_id=entry_id,
            closed_by=work.actor.staff_id,
            closed_at=work.now(),
        )
    )
    work.db.flush()
    record(work, "close_year", "journal_entry", entry_id, year=year, earned=plan.earned.plain())
    work.touch(Topic.BOOKS)
    return PostedEntry(entry_id, number_of(work, entry_id), plan.last_day)


def undo_year_end(work: Work, year: int, *, reason: str) -> PostedEntry:
    """Take the close of a year back by the opposite of its entry, on the same day.

    Raises Problem for a year that is not closed, and where a later one is closed.
    """
    require(work, Right.KEEP_BOOKS, _DOING)
    require(work, Right.CLOSE_PERIODS, _DOING)
    words = text_of(reason, "the reason", longest=200, required=True)
    hold_postings(work)
    _lock_months(work)
    newest = work.db.scalars(
        select(YearClose)
        .where(YearClose.live.is_not(None))
        .order_by(YearClose.last_day.desc())
        .limit(1)
        .with_for_update()
    ).one_or_none()
    if newest is None or newest.year < year:
        raise Problem(f"The year {year} is not closed.", hint=_NOTHING)
    if newest.year != year:
        raise Problem(
            f"The year {newest.year} is closed after it.",
            hint=f"{_NOTHING} Take the close of {newest.year} back first.",
        )
    newest.live, newest.undone_why = None, words
    newest.undone_by, newest.undone_at = work.actor.staff_id, work.now()
    work.db.flush()
    late = _late_reason(work, newest.last_day, words)
    back = reverse_by_hand(
        work, newest.entry_id, on=newest.last_day, reason=words, late_reason=late
    )
    record(work, "undo_year_end", "journal_entry", newest.entry_id, year=year, by=back)
    work.touch(Topic.BOOKS)
    return PostedEntry(back, number_of(work, back), newest.last_day)


def _held(work: Work, *which: ColumnElement[bool]) -> list[CarriedLine]:
    """Return the accounts of income and expense that hold something by these lines."""
    held = func.sum(JournalLine.amount)
    rows = work.db.execute(
        select(Account.code, Account.name, Account.type, held.label("held"))
        .join(JournalLine, JournalLine.account == Account.code)
        .where(Account.type.in_((AccountType.INCOME, AccountType.EXPENSE)), *which)
        .group_by(Account.code, Account.name, Account.type)
        .having(held != ZERO)
        .order_by(Account.code)
    )
    return [CarriedLine(row.code, row.name, row.type, row.held) for row in rows]


def _closed_over(work: Work, last: date) -> YearClose | None:
    """Return the close of the year of a last day, else of the first later one; None: open."""
    return work.db.scalars(
        select(YearClose)
        .where(YearClose.live.is_not(None), YearClose.last_day >= last)
        .order_by(YearClose.last_day)
    ).first()


def _no_closing(work: Work) -> ColumnElement[bool]:
    """Leave out the entries that closed a year: it still shows what it earned.

    What was taken back stays in: the two come to nothing, both on the last day.
    """
    standing = select(YearClose.entry_id).where(YearClose.live.is_not(None))
    return JournalLine.entry_id.not_in(list(work.db.scalars(standing)))


def _missing(work: Work, year: int, last: date, lines: tuple[CarriedLine, ...]) -> list[str]:
    if last >= work.today():
        return [f"The year {year} ends on {last:%m/%d/%Y}; it is not over."]
    if open_days(work).status(last) is PeriodStatus.OPEN:
        return [f"{month_words(last)} is open; close its months first, at least softly."]
    if not lines:
        return [f"Nothing was earned or spent until {last:%m/%d/%Y} that is not carried yet."]
    return []


def _late_reason(work: Work, last: date, reason: str) -> str | None:
    if status_of(work, last) is not PeriodStatus.CLOSED:
        return None
    if not may(work, Right.POST_CLOSED):
        raise Problem(
            f"{month_words(last)} is closed, and you may not post into it.",
            hint=f"{_NOTHING} Open it again, softly, or ask who may.",
        )
    return reason


def _lock_months(work: Work) -> None:
    """Let nobody else open a month or close a year before this work ends."""
    newest = select(AccountingPeriod).order_by(AccountingPeriod.month.desc()).limit(1)
    work.db.scalars(newest.with_for_update()).one_or_none()
