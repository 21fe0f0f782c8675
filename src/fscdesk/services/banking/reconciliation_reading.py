"""Reads how a reconciliation stands: the bank's lines beside the entries of its account.

An entry is cleared on the day of the last bank line of its match. What earlier reconciliations
have locked is not looked at again: their statement balance is the opening of this one.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select

from fscdesk.models.bank import BankAccount, BankLine, BankSuspense
from fscdesk.models.deposit import Deposit
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.reconciliation import (
    BankMatch,
    BankMatchEntry,
    BankMatchLine,
    MatchStatus,
    Reconciliation,
    ReconciliationItem,
    ReconciliationStatus,
)
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.reconciliation_state import (
    BookItem,
    ReconciliationState,
    StatementLine,
)
from fscdesk.services.banking.told_start import lacks_start, told_start
from fscdesk.services.ledger.balances import balance
from fscdesk.services.work import Work


def match_days() -> Subquery:
    """Return each match (``match_id``) with the day on which all of it has happened (``day``).

    That is its last bank line's; of entries that offset each other, the last entry's.
    """
    lines = (
        select(BankMatchLine.match_id, func.max(BankLine.on).label("day"))
        .join(BankLine, BankLine.id == BankMatchLine.bank_line_id)
        .group_by(BankMatchLine.match_id)
        .subquery()
    )
    entries = (
        select(BankMatchEntry.match_id, func.max(JournalEntry.entry_date).label("day"))
        .join(JournalEntry, JournalEntry.id == BankMatchEntry.entry_id)
        .group_by(BankMatchEntry.match_id)
        .subquery()
    )
    return (
        select(
            BankMatch.id.label("match_id"), func.coalesce(lines.c.day, entries.c.day).label("day")
        )
        .outerjoin(lines, lines.c.match_id == BankMatch.id)
        .outerjoin(entries, entries.c.match_id == BankMatch.id)
        .subquery()
    )


def read_state(work: Work, row: Reconciliation) -> ReconciliationState:
    """Return how a reconciliation stands now; of a completed one, what it has locked."""
    account = work.db.get_one(BankAccount, row.bank_account_id)
    cleared, waiting, across = _lines(work, row)
    items, before = _items(work, row, account)
    completed = row.status is ReconciliationStatus.COMPLETED
    lacks = not completed and lacks_start(work, account)
    return ReconciliationState(
        id=row.id,
        number=row.number,
        account_id=account.id,
        account_name=account.name,
        account=account.account,
        first_day=row.first_day,
        last_day=row.last_day,
        status=row.status,
        opening=row.opening,
        statement=row.statement,
        book=(
            row.book
            if completed and row.book is not None
            else balance(work, account.account, as_of=row.last_day)
        ),
        before=ZERO if completed else before,
        cleared=tuple(cleared),
        open_lines=() if completed else tuple(waiting),
        across=tuple(across),
        in_transit=tuple(one for late, one in items if not late and one.amount > ZERO),
        outstanding=tuple(one for late, one in items if not late and one.amount < ZERO),
        booked_after=tuple(one for late, one in items if late),
        version=row.version,
        lacks_start=lacks,
        told_start=told_start(work, account) if lacks else None,
    )


def matches_to_lock(work: Work, row: Reconciliation) -> list[int]:
    """Return the matches of the account that happened up to the last day and no month has."""
    days = match_days()
    return list(
        work.db.scalars(
            select(BankMatch.id)
            .join(days, days.c.match_id == BankMatch.id)
            .where(
                BankMatch.bank_account_id == row.bank_account_id,
                _standing(),
                BankMatch.reconciliation_id.is_(None),
                days.c.day <= row.last_day,
            )
            .order_by(BankMatch.id)
        )
    )


def _standing() -> ColumnElement[bool]:
    return BankMatch.status == MatchStatus.STANDING


def _of_this(row: Reconciliation) -> ColumnElement[bool]:
    """What belongs to a period: of a completed one what it locked, else what nothing has."""
    if row.status is ReconciliationStatus.COMPLETED:
        return BankMatch.reconciliation_id == row.id
    return BankMatch.reconciliation_id.is_(None)


def _lines(
    work: Work, row: Reconciliation
) -> tuple[list[StatementLine], list[StatementLine], list[StatementLine]]:
    """Return the lines that are cleared, that wait, and that reach into the next period."""
    days = match_days()
    found = work.db.execute(
        select(BankLine.id, BankLine.on, BankLine.amount, BankLine.words, BankMatch.id, days.c.day)
        .outerjoin(BankMatchLine, BankMatchLine.live_line_id == BankLine.id)
        .outerjoin(BankMatch, BankMatch.id == BankMatchLine.match_id)
        .outerjoin(days, days.c.match_id == BankMatch.id)
        .where(
            BankLine.bank_account_id == row.bank_account_id,
            BankLine.live.is_(True),
            BankLine.on <= row.last_day,
            or_(BankMatch.id.is_(None), _of_this(row)),
        )
        .order_by(BankLine.on, BankLine.id)
    ).all()
    cleared: list[StatementLine] = []
    waiting: list[StatementLine] = []
    across: list[StatementLine] = []
    for line_id, on, amount, words, match_id, day in found:
        line = StatementLine(line_id, on, amount, words, match_id)
        if match_id is None:
            waiting.append(line)
        elif day <= row.last_day:
            cleared.append(line)
        else:
            across.append(line)
    return cleared, waiting, across


def _items(
    work: Work, row: Reconciliation, account: BankAccount
) -> tuple[list[tuple[bool, BookItem]], Money]:
    """Return what the books have and the bank has not, or the other way, and what was before.

    True beside an item says that the bank was first. The amount is by how much the books and the
    bank differ by entries of the days before the first.
    """
    if row.status is ReconciliationStatus.COMPLETED:
        return _kept_items(work, row), ZERO
    days = match_days()
    sums = (
        select(JournalLine.entry_id, func.sum(JournalLine.amount).label("amount"))
        .where(JournalLine.account == account.account)
        .group_by(JournalLine.entry_id)
        .having(func.sum(JournalLine.amount) != ZERO)
        .subquery()
    )
    marked = _marked(row)
    cleared = and_(BankMatch.id.is_not(None), days.c.day <= row.last_day)
    asked = _described(
        select(
            JournalEntry.id,
            JournalEntry.number,
            JournalEntry.kind,
            JournalEntry.entry_date,
            JournalEntry.memo,
            sums.c.amount,
            case((cleared, True), else_=False).label("cleared"),
            case((BankMatch.id.is_not(None), True), else_=False).label("matched"),
            marked.c.note,
            marked.c.seen_by,
        ).join_from(JournalEntry, sums, sums.c.entry_id == JournalEntry.id)
    )
    rows = work.db.execute(
        asked.outerjoin(
            BankMatchEntry,
            and_(
                BankMatchEntry.entry_id == JournalEntry.id,
                BankMatchEntry.account == account.account,
                BankMatchEntry.live.is_(True),
            ),
        )
        .outerjoin(BankMatch, BankMatch.id == BankMatchEntry.match_id)
        .outerjoin(days, days.c.match_id == BankMatch.id)
        .outerjoin(marked, marked.c.entry_id == JournalEntry.id)
        .where(
            # What an earlier period cleared stays booked after until its own day has come.
            or_(BankMatch.reconciliation_id.is_(None), JournalEntry.entry_date > row.last_day),
            or_(JournalEntry.entry_date <= row.last_day, cleared),
        )
        .order_by(JournalEntry.entry_date, JournalEntry.id)
    )
    items: list[tuple[bool, BookItem]] = []
    opened = ZERO
    for found in rows:
        late = found.entry_date > row.last_day
        if found.cleared != late:
            continue
        if (
            not found.matched
            and found.seen_by is None
            and _before(found.kind, found.entry_date, account.starts_on)
        ):
            opened += found.amount
            continue
        items.append((late, _item(found)))
    return items, opened - account.starts_with


def _before(kind: EntryKind, day: date, starts_on: date | None) -> bool:
    """Say whether an open entry is part of what the account began with."""
    if kind is EntryKind.OPENING:
        return starts_on is None or day <= starts_on
    return starts_on is not None and day < starts_on


def _marked(row: Reconciliation) -> Subquery:
    """Return the entries that a person has marked as on the way, in this period or before."""
    return (
        select(
            ReconciliationItem.entry_id,
            func.max(ReconciliationItem.note).label("note"),
            func.max(ReconciliationItem.seen_by).label("seen_by"),
        )
        .join(Reconciliation, Reconciliation.id == ReconciliationItem.reconciliation_id)
        .where(
            Reconciliation.bank_account_id == row.bank_account_id,
            Reconciliation.live.is_(True),
        )
        .group_by(ReconciliationItem.entry_id)
        .subquery()
    )


def _kept_items(work: Work, row: Reconciliation) -> list[tuple[bool, BookItem]]:
    asked = _described(
        select(
            JournalEntry.id,
            JournalEntry.number,
            JournalEntry.kind,
            JournalEntry.entry_date,
            JournalEntry.memo,
            ReconciliationItem.amount,
            ReconciliationItem.note,
            ReconciliationItem.seen_by,
        ).join_from(
            JournalEntry, ReconciliationItem, ReconciliationItem.entry_id == JournalEntry.id
        )
    )
    rows = work.db.execute(
        asked.where(ReconciliationItem.reconciliation_id == row.id).order_by(
            JournalEntry.entry_date, JournalEntry.id
        )
    )
    return [
        (late, _item(found, flipped=late))
        for found in rows
        for late in (found.entry_date > row.last_day,)
    ]


def _described(asked: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Add the numbers of the documents that entries are of."""
    return (
        asked.add_columns(
            Deposit.number.label("deposit"),
            Deposit.reference.label("reference"),
            BankSuspense.number.label("suspense"),
        )
        .outerjoin(Deposit, Deposit.entry_id == JournalEntry.id)
        .outerjoin(BankSuspense, BankSuspense.entry_id == JournalEntry.id)
    )


def _item(found: Any, *, flipped: bool = False) -> BookItem:
    return BookItem(
        entry_id=found.id,
        number=found.number,
        kind=found.kind,
        on=found.entry_date,
        words=", ".join(filter(None, (found.memo, found.reference))),
        amount=-found.amount if flipped else found.amount,
        document=found.deposit or found.suspense or found.number,
        note=found.note or "",
        seen=found.seen_by is not None,
    )
