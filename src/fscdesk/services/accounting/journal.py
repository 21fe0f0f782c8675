"""Entries that a person makes: posted as they are written, turned back by another, never changed.

Accounts that documents keep (receivables, credits, money that is not deposited) cannot be written
on: aging, patients' accounts and the general ledger stay sums of the same documents. The bank can:
what a person posts there is matched with the bank's line like everything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from fscdesk.models.account import Account
from fscdesk.models.cost_centre import CostCentre
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.recurring import DueReversal
from fscdesk.models.values import LARGEST_CENTS, LARGEST_ID, Money
from fscdesk.services.accounting.kept_accounts import KEPT
from fscdesk.services.audit import record
from fscdesk.services.editing import text_of
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.posting import Draft, Leg, Mark, post, reverse, reverse_by_hand
from fscdesk.services.ledger.proved_days import (
    accounts_of,
    first_free_day,
    require_not_proved,
)
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "BY_HAND",
    "WRITTEN",
    "EntryKind",
    "ManualEntry",
    "ManualLeg",
    "PostedEntry",
    "checked_legs",
    "late_words",
    "number_of",
    "post_checked",
    "post_due_reversals",
    "post_manual",
    "reverse_manual",
]

WRITTEN: Final = frozenset({EntryKind.MANUAL, EntryKind.ADJUSTING})
"""What a person writes here, and may turn back here; everything else is taken back elsewhere."""
BY_HAND: Final = WRITTEN | {EntryKind.OPENING}
"""What a person has typed, the opening balances among it; everything else is of a document."""
_OLDEST: Final = date(1990, 1, 1)
_AHEAD: Final = timedelta(days=31)
_TURNS_WITHIN: Final = timedelta(days=731)
"""An accrual is of the next month, or of the next year at most; later is a slip of the year."""
_LONGEST: Final = 300
_NOTHING: Final = "Nothing was posted."


@dataclass(frozen=True, slots=True)
class ManualLeg:
    """One line as a person types it, in cents: debits are positive, credits negative."""

    account: str
    cents: int
    cost_centre: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ManualEntry:
    """An entry as a person types it: manual, or adjusting at the end of a month.

    ``reverse_on`` turns it back by itself on that day. ``late_reason`` says why it belongs into a
    month that is closed.
    """

    on: date
    memo: str
    legs: tuple[ManualLeg, ...]
    kind: EntryKind = EntryKind.MANUAL
    reference: str = ""
    reverse_on: date | None = None
    late_reason: str | None = None


@dataclass(frozen=True, slots=True)
class PostedEntry:
    """An entry that stands in the books, by the number that people read.

    ``back`` is the entry that turned it back at once, because the day for it had come.
    """

    id: int
    number: str
    on: date
    back: str | None = None


def post_manual(work: Work, entry: ManualEntry) -> PostedEntry:
    """Post an entry that a person wrote.

    Raises Problem, and posts nothing, when it does not balance, for an account that documents
    keep, an account or cost centre that is not in use, a day whose month takes none, and one that
    is reconciled of a bank's account.
    """
    require(work, Right.KEEP_BOOKS, "post journal entries")
    if entry.kind not in WRITTEN:
        raise Problem("Only manual and adjusting entries are written here.", hint=_NOTHING)
    return post_checked(work, entry)


def post_checked(work: Work, entry: ManualEntry) -> PostedEntry:
    """Post what a person or a template wrote, of any kind; the caller has asked for the right."""
    memo = text_of(entry.memo, "what the entry is for", required=True)
    reference = text_of(entry.reference, "the reference", longest=100)
    legs = checked_legs(work, entry.legs)
    _require_day(work, entry)
    require_not_proved(work, (one.account for one in legs), entry.on)
    entry_id = post(
        work,
        Draft(
            on=entry.on,
            kind=entry.kind,
            memo=memo,
            legs=tuple(Leg(one.account, one.cents, Part.BOOKS) for one in legs),
            marks=tuple(Mark(one.cost_centre, one.note or None) for one in legs),
            reference=reference or None,
            stays=True,
            late_reason=late_words(entry.late_reason),
        ),
    )
    record(
        work,
        "post_entry",
        "journal_entry",
        entry_id,
        kind=entry.kind.value,
        on=entry.on.isoformat(),
        amount=Money(sum(one.cents for one in legs if one.cents > 0)).plain(),
        lines=len(legs),
        late=entry.late_reason is not None,
    )
    work.touch(Topic.BOOKS)
    back = None
    if entry.reverse_on is not None:
        due = DueReversal(entry_id=entry_id, on=entry.reverse_on)
        work.db.add(due)
        work.db.flush()
        if due.on <= work.today():
            back = number_of(work, _turn_back(work, due))
    return PostedEntry(entry_id, number_of(work, entry_id), entry.on, back)


def reverse_manual(
    work: Work,
    entry_id: int,
    *,
    reason: str,
    on: date | None = None,
    late_reason: str | None = None,
) -> PostedEntry:
    """Turn an entry back by its opposite, on a day (today); the entry stays as it was.

    Raises Problem for an entry that belongs to a document or opens the books, one that was turned
    back already, a day whose month takes none, and one that is reconciled of a bank's account.
    """
    require(work, Right.KEEP_BOOKS, "turn journal entries back")
    words = text_of(reason, "the reason", longest=200, required=True)
    row = work.db.get(JournalEntry, entry_id) if entry_id <= LARGEST_ID else None
    if row is None:
        raise Problem("This entry is not in the books.", hint=_NOTHING)
    if row.kind is EntryKind.CLOSING:
        raise Problem(
            f"Entry {row.number} closes a year.", hint=f"{_NOTHING} Take the close back instead."
        )
    if row.kind is EntryKind.OPENING and _opens_books(work, entry_id):
        raise Problem(
            f"Entry {row.number} opens the books.",
            hint=f"{_NOTHING} Take the opening back instead.",
        )
    if row.kind is EntryKind.REVERSAL:
        raise Problem(
            f"Entry {row.number} turns another one back.",
            hint=f"{_NOTHING} Post a new entry where the first one was right.",
        )
    if row.kind not in WRITTEN:
        raise Problem(
            f"Entry {row.number} belongs to a document.",
            hint=f"{_NOTHING} Correct the payment, charge, deposit or match that made it.",
        )
    day = max(work.today(), row.entry_date) if on is None else on
    if day > max(work.today(), row.entry_date) + _AHEAD:
        raise _no_day(day)
    late = late_words(late_reason)
    require_not_proved(work, accounts_of(work, entry_id), day)
    back = reverse_by_hand(work, entry_id, on=day, reason=words, late_reason=late)
    due = work.db.get(DueReversal, entry_id, with_for_update=True)
    if due is not None:
        due.done_entry_id = back
        work.db.flush()
    record(work, "reverse_entry", "journal_entry", entry_id, by=back, reason=words)
    work.touch(Topic.BOOKS)
    return PostedEntry(back, number_of(work, back), day)


def post_due_reversals(work: Work) -> int:
    """Turn back every entry whose day has come, on that day or the first free one; count them.

    A day is free where its month is open and no bank's account of it is reconciled. The caller
    has asked for the right. What a person has turned back already is left alone.
    """
    due = work.db.scalars(
        select(DueReversal)
        .where(DueReversal.done_entry_id.is_(None), DueReversal.on <= work.today())
        .order_by(DueReversal.on, DueReversal.entry_id)
        .with_for_update()
    ).all()
    done = 0
    for one in due:
        if not standing(work, [one.entry_id]):
            continue
        _turn_back(work, one)
        done += 1
    if done:
        work.touch(Topic.BOOKS)
    return done


def _turn_back(work: Work, due: DueReversal) -> int:
    """Turn one entry back on its day, or the first free one; return the entry that does it."""
    number = number_of(work, due.entry_id)
    on = first_free_day(work, accounts_of(work, due.entry_id), due.on)
    back = reverse(work, due.entry_id, on=on, reason=f"Turns back {number}")
    due.done_entry_id = back
    record(work, "reverse_entry", "journal_entry", due.entry_id, by=back)
    work.db.flush()
    return back


def checked_legs(work: Work, legs: tuple[ManualLeg, ...]) -> tuple[ManualLeg, ...]:
    """Return the lines with their texts put right.

    Raises Problem where they do not balance, or one cannot be posted by hand.
    """
    if len(legs) < 2:  # noqa: PLR2004 - an entry has two sides
        raise Problem("An entry has two lines or more.", hint=f"{_NOTHING} Add the other side.")
    off = sum(one.cents for one in legs)
    if off:
        side = "debits" if off > 0 else "credits"
        raise Problem(
            f"The {side} are {Money(abs(off))} more.", hint=f"{_NOTHING} Both sides must be equal."
        )
    wanted = {one.account for one in legs}
    chart: dict[str, Account] = {
        one.code: one for one in work.db.scalars(select(Account).where(Account.code.in_(wanted)))
    }
    centres = {one.cost_centre for one in legs if one.cost_centre}
    known: dict[str, CostCentre] = {
        one.code: one
        for one in work.db.scalars(select(CostCentre).where(CostCentre.code.in_(centres)))
    }
    for one in legs:
        _require_line(one, chart.get(one.account), known.get(one.cost_centre or ""))
    return tuple(
        ManualLeg(one.account, one.cents, one.cost_centre or None, text_of(one.note, "the note"))
        for one in legs
    )


def number_of(work: Work, entry_id: int) -> str:
    """Return the number that people read."""
    return work.db.scalars(select(JournalEntry.number).where(JournalEntry.id == entry_id)).one()


def late_words(late_reason: str | None) -> str | None:
    """Return the reason why an entry comes late, as it is kept; None for an empty one."""
    return text_of(late_reason or "", "the reason", longest=_LONGEST) or None


def _opens_books(work: Work, entry_id: int) -> bool:
    """Whether an opening entry is of the books; that of an import belongs to its charges."""
    lines = select(JournalLine.id).where(
        JournalLine.entry_id == entry_id, JournalLine.part == Part.BOOKS
    )
    return work.db.scalar(lines.limit(1)) is not None


def _require_line(one: ManualLeg, account: Account | None, centre: CostCentre | None) -> None:
    if one.account in KEPT:
        name = one.account if account is None else f"{account.code} {account.name}"
        raise Problem(f"{name} is kept by documents.", hint=f"{_NOTHING} {KEPT[one.account]}")
    if account is None:
        raise Problem(
            f"There is no account {one.account}.", hint=f"{_NOTHING} Choose one of the chart."
        )
    if not account.active:
        raise Problem(
            f"{account.code} {account.name} is not in use any more.",
            hint=f"{_NOTHING} Choose another account, or take it into use again.",
        )
    if not one.cents:
        raise Problem(
            f"The line of {account.code} {account.name} has no amount.",
            hint=f"{_NOTHING} Type an amount, or take the line away.",
        )
    if abs(one.cents) > LARGEST_CENTS:
        raise Problem(f"{Money(one.cents)} is more than these books can hold.", hint=_NOTHING)
    if one.cost_centre and (centre is None or not centre.active):
        raise Problem(
            f"{one.cost_centre} is no cost centre in use.",
            hint=f"{_NOTHING} Choose another one, or leave it empty.",
        )


def _require_day(work: Work, entry: ManualEntry) -> None:
    if entry.on < _OLDEST or entry.on > work.today() + _AHEAD:
        raise _no_day(entry.on)
    if entry.reverse_on is not None and entry.reverse_on <= entry.on:
        raise Problem(
            f"The entry cannot turn back on {entry.reverse_on:%m/%d/%Y}: that is not after it.",
            hint=f"{_NOTHING} Choose a later day, mostly the first of the next month.",
        )
    if entry.reverse_on is not None and entry.reverse_on > entry.on + _TURNS_WITHIN:
        raise _no_day(entry.reverse_on)


def _no_day(day: date) -> Problem:
    return Problem(
        f"{day:%m/%d}/{day.year:04} cannot be the day of an entry.",
        hint=f"{_NOTHING} Look at the year.",
    )
