"""Sums of journal lines: what every financial statement and every figure of the books is made of.

A sum without a cut reads nothing but the index of lines by account and day. Amounts are
signed as in the ledger: debits positive.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.period import YearClose
from fscdesk.models.values import ZERO, Money
from fscdesk.services.accounting.centre_history import CentresInForce, in_force
from fscdesk.services.ledger.accounts import RETAINED_EARNINGS
from fscdesk.services.paging import Page, Span
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.reason_lines import Reason
from fscdesk.services.work import Work

Key = str | int | None


class Cut(enum.StrEnum):
    """By what a sum is cut into parts; each value names the field of `Balance.keys`."""

    COST_CENTRE = "cost-centre"
    PROVIDER = "provider"
    PAYER = "payer"
    CODE = "code"
    PART = "part"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Lines:
    """Which journal lines a number is made of. Empty ``accounts`` are all of them.

    ``first`` None is from the beginning. ``cuts`` pins a line's cost centre, clinician and so on;
    a pinned None means that the line has none, several are any of them. ``closing`` False leaves
    out the entries that close a year, so that the year still shows what it earned. ``touching``
    means the other sides of entries that move these accounts. ``sign`` is how the number is read:
    −1 for what the ledger keeps as a credit. ``more`` are lines that the number has besides.
    ``entries`` are the only entries that count, ``but`` those that do not; ``side`` 1 counts
    debits only, −1 credits only; ``reason`` is that of the adjustment that made the entry.
    """

    accounts: tuple[str, ...]
    first: date | None
    last: date
    cuts: tuple[tuple[Cut, Key | tuple[Key, ...]], ...] = ()
    closing: bool = True
    touching: tuple[str, ...] = ()
    sign: int = 1
    more: tuple[Lines, ...] = ()
    entries: tuple[int, ...] = ()
    but: tuple[int, ...] = ()
    side: int = 0
    reason: Reason | None = None

    def also(self, cut: Cut, key: Key | tuple[Key, ...]) -> Lines:
        """Return the lines of these that have this cost centre, clinician, …."""
        return replace(
            self,
            cuts=(*self.cuts, (cut, key)),
            more=tuple(one.also(cut, key) for one in self.more),
        )

    def facing(self, sign: int) -> Lines:
        """Return the same lines, read with this sign."""
        return replace(self, sign=sign)


@dataclass(frozen=True, slots=True)
class Balance:
    """What the lines of one account, and of one part of the cut, sum to, in cents."""

    account: str
    keys: tuple[Key, ...]
    cents: int


@dataclass(frozen=True, slots=True)
class BookLine:
    """One line behind a number; ``amount`` as that number counts it."""

    line_id: int
    entry_id: int
    number: str
    day: date
    kind: EntryKind
    account: str
    memo: str
    part: Part
    amount: Money
    session_id: int | None
    charge_id: int | None
    patient_id: int | None
    payer_id: int | None
    provider_id: int | None
    payment_id: int | None

    @property
    def id(self) -> int:
        """Return the line's own number, by which a list knows it."""
        return self.line_id


def balances(
    work: Work,
    first: date | None,
    last: date,
    *,
    accounts: Collection[str] = (),
    by: Sequence[Cut] = (),
    closing: bool = True,
) -> tuple[Balance, ...]:
    """Return what each account moved from ``first`` to ``last``, by the cuts; no zeros.

    Without ``first`` these are the balances at the end of ``last``.
    """
    which = Lines(tuple(sorted(accounts)), first, last, closing=closing)
    return balances_of(work, which, by)


def balances_of(work: Work, which: Lines, by: Sequence[Cut] = ()) -> tuple[Balance, ...]:
    """Return what these lines sum to by account and cut, as the ledger signs them; no zeros."""
    sums: dict[tuple[str, tuple[Key, ...]], int] = defaultdict(int)
    for account, keys, cents in _sums(work, which, by):
        sums[account, keys] += cents
    if not which.closing:
        # What closings moved is taken off again: to leave them out above, the question would
        # have to look at each line instead of the index alone.
        ids = closing_entries(work, which)
        if ids:
            for account, keys, cents in _sums(work, which, by, ids):
                sums[account, keys] -= cents
    return tuple(
        Balance(account, keys, cents)
        for (account, keys), cents in sorted(
            sums.items(), key=lambda one: (one[0][0], tuple(str(key) for key in one[0][1]))
        )
        if cents
    )


def drill(work: Work, which: Lines, span: Span) -> Page[BookLine]:
    """Return the lines that a number is made of, by day; their sum is that number.

    Raises Problem without the right to see reports.
    """
    require(work, Right.SEE_REPORTS, "look behind a report")
    centres = _centres(work, which)
    found = or_(*(and_(*_where(work, one, centres)) for one in (which, *which.more)))
    sign = which.sign
    asked = _joined(select(func.count(), func.sum(JournalLine.amount)), which, centres)
    count, total = work.db.execute(asked.select_from(JournalLine).where(found)).one()
    order = (JournalLine.day, JournalLine.id)
    rows = work.db.execute(
        _joined(
            select(JournalLine, JournalEntry.number, JournalEntry.kind, JournalEntry.memo).join(
                JournalEntry, JournalEntry.id == JournalLine.entry_id
            ),
            which,
            centres,
        )
        .where(found)
        .order_by(*(one.desc() if span.descending else one.asc() for one in order))
        .offset(span.start)
        .limit(span.size)
    )
    return Page(
        span.start,
        count,
        tuple(_line(line, number, kind, memo, sign) for line, number, kind, memo in rows),
        {"amount": Money(sign * cents_of(total))},
    )


def cents_of(value: object) -> int:
    """Return a sum of amounts in cents, however the database gave it; None is nothing."""
    if value is None:
        return 0
    return value.cents if isinstance(value, Money) else int(str(value))


def _line(line: JournalLine, number: str, kind: EntryKind, memo: str, sign: int) -> BookLine:
    return BookLine(
        line_id=line.id,
        entry_id=line.entry_id,
        number=number,
        day=line.day,
        kind=kind,
        account=line.account,
        memo=line.note or memo,
        part=line.part,
        amount=line.amount if sign > 0 else -line.amount,
        session_id=line.session_id,
        charge_id=line.charge_id,
        patient_id=line.patient_id,
        payer_id=line.payer_id,
        provider_id=line.provider_id,
        payment_id=line.payment_id,
    )


def _sums(
    work: Work, which: Lines, by: Sequence[Cut], entries: Collection[int] | None = None
) -> Iterator[tuple[str, tuple[Key, ...], int]]:
    centres = _centres(work, which, by)
    parts = [_parts(one, centres) for one in by]
    columns = [one.label(f"cut_{at}") for at, one in enumerate(chain(*parts))]
    asked: Select[Any] = select(JournalLine.account, *columns, func.sum(JournalLine.amount))
    asked = _joined(asked, which, centres, by).where(*_range(which), *_pins(which, centres))
    if entries is not None:
        asked = asked.where(JournalLine.entry_id.in_(entries))
    names = [one.name for one in columns]
    for account, *found, cents in work.db.execute(asked.group_by(JournalLine.account, *names)):
        values = iter(found)
        keys = (
            _key(cut, tuple(islice(values, len(of))), centres)
            for cut, of in zip(by, parts, strict=True)
        )
        yield account, tuple(keys), cents_of(cents)


def _parts(cut: Cut, centres: CentresInForce | None) -> tuple[Any, ...]:
    """Return the columns that a sum is asked by, for this cut."""
    if cut is Cut.COST_CENTRE:
        assert centres is not None
        return centres.parts_of_line()
    return (_column(cut, centres),)


def _key(cut: Cut, values: tuple[Any, ...], centres: CentresInForce | None) -> Key:
    """Return the key of a part of a cut: days and eras are folded where they arrive."""
    if cut is Cut.COST_CENTRE:
        assert centres is not None
        return centres.centre_of(*values)
    found: Key = values[0].isoformat()[:7] if cut is Cut.MONTH else values[0]
    return found


def _centres(work: Work, which: Lines, by: Sequence[Cut] = ()) -> CentresInForce | None:
    """Return how the centre in force is found, where the question is cut by it at all."""
    wanted = Cut.COST_CENTRE in by or any(cut is Cut.COST_CENTRE for cut, _key in which.cuts)
    return in_force(work) if wanted else None


def _column(cut: Cut, centres: CentresInForce | None) -> Any:
    if cut is Cut.COST_CENTRE:
        assert centres is not None
        return centres.pinned()
    return {
        Cut.PROVIDER: JournalLine.provider_id,
        Cut.PAYER: JournalLine.payer_id,
        Cut.CODE: Charge.code,
        Cut.PART: JournalLine.part,
        Cut.MONTH: JournalLine.day,
    }[cut]


def _joined(
    asked: Any, which: Lines, centres: CentresInForce | None, by: Sequence[Cut] = ()
) -> Any:
    cuts = {*by, *(cut for cut, _key in which.cuts)}
    if centres is not None and any(cut is Cut.COST_CENTRE for cut, _key in which.cuts):
        asked = centres.joined(asked)
    if Cut.CODE in cuts:
        asked = asked.outerjoin(Charge, Charge.id == JournalLine.charge_id)
    return asked


def _range(which: Lines) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [JournalLine.day <= which.last]
    if which.first is not None:
        found.append(JournalLine.day >= which.first)
    if which.touching:
        around = _range(Lines(which.touching, which.first, which.last))
        moved = select(JournalLine.entry_id).where(*around)
        found.append(JournalLine.entry_id.in_(moved))
        found.append(JournalLine.account.not_in(which.touching))
    if which.accounts:
        found.append(JournalLine.account.in_(which.accounts))
    return found


def _pins(which: Lines, centres: CentresInForce | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for cut, key in which.cuts:
        if cut is Cut.MONTH:
            message = "a month is pinned by its first and last day"
            raise ValueError(message)
        column = _column(cut, centres)
        if isinstance(key, tuple):
            found.append(column.in_(key))
        else:
            found.append(column.is_(None) if key is None else column == key)
    return found


def _where(work: Work, which: Lines, centres: CentresInForce | None) -> list[ColumnElement[bool]]:
    found = [*_range(which), *_pins(which, centres), *_picked(which)]
    closings = () if which.closing else closing_entries(work, which)
    if closings:
        found.append(JournalLine.entry_id.not_in(closings))
    return found


def _picked(which: Lines) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if which.entries:
        found.append(JournalLine.entry_id.in_(which.entries))
    if which.but:
        found.append(JournalLine.entry_id.not_in(which.but))
    if which.side:
        found.append(JournalLine.amount > ZERO if which.side > 0 else JournalLine.amount < ZERO)
    if which.reason is not None:
        found.append(JournalLine.entry_id.in_(which.reason.entries()))
    return found


def closing_entries(work: Work, which: Lines) -> tuple[int, ...]:
    """Return the entries that close a year, or take a closing back, on these days.

    A closed year names its entry, whatever it earned: one that earned 0.00 moves no retained
    earnings. Of a closing that no year names, retained earnings tell.
    """
    carried = select(JournalLine.entry_id).where(JournalLine.account == RETAINED_EARNINGS)
    closes = list(
        work.db.scalars(
            select(JournalEntry.id).where(
                JournalEntry.kind == EntryKind.CLOSING,
                JournalEntry.id.in_(union(select(YearClose.entry_id), carried)),
            )
        )
    )
    if not closes:
        return ()
    days = [JournalEntry.entry_date <= which.last]
    if which.first is not None:
        days.append(JournalEntry.entry_date >= which.first)
    meant = or_(JournalEntry.id.in_(closes), JournalEntry.reverses_id.in_(closes))
    return tuple(work.db.scalars(select(JournalEntry.id).where(*days, meant)))
