"""Random months at the bank: whatever is typed, matched, proved, undone, the books stay sound."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from random import Random

import pytest
from sqlalchemy import func, select

from fscdesk.models.bank import BankAccount, BankLine
from fscdesk.models.ledger import JournalLine
from fscdesk.models.reconciliation import (
    BankMatch,
    BankMatchEntry,
    BankMatchLine,
    MatchedBy,
    MatchStatus,
)
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.reconciling import (
    complete,
    drop,
    open_one,
    require_unlocked,
    standing,
    start,
    undo_last,
)
from fscdesk.services.banking.typed_lines import take_back_line
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.accounts import BANK
from fscdesk.services.ledger.balances import balance
from fscdesk.services.ledger.posting import reverse
from fscdesk.services.office import Office
from fscdesk.services.reports.exceptions import exceptions
from fscdesk.services.work import Work
from tests.support.bank_books import entry, line, match, starts, suspense, unmatch
from tests.support.payments import verify

FIRST, TODAY = date(2026, 3, 1), date(2026, 4, 12)
ACTS = 60


def some_day(random: Random) -> str:
    on = FIRST + timedelta(days=random.randrange((TODAY - FIRST).days + 1))
    return f"{on.month}/{on.day}"


def open_lines(work: Work) -> list[tuple[int, int]]:
    rows = work.db.execute(
        select(BankLine.id, BankLine.amount)
        .outerjoin(BankMatchLine, BankMatchLine.live_line_id == BankLine.id)
        .where(BankLine.live.is_(True), BankMatchLine.id.is_(None))
        .order_by(BankLine.id)
    )
    return [(row.id, row.amount.cents) for row in rows]


def open_entries(work: Work) -> list[tuple[int, int]]:
    matched = select(BankMatchEntry.entry_id).where(BankMatchEntry.live.is_(True))
    rows = work.db.execute(
        select(JournalLine.entry_id, func.sum(JournalLine.amount).label("amount"))
        .where(JournalLine.account == BANK, JournalLine.entry_id.not_in(matched))
        .group_by(JournalLine.entry_id)
        .order_by(JournalLine.entry_id)
    )
    return [(row.entry_id, row.amount.cents) for row in rows]


def both(work: Work, random: Random) -> None:
    """The bank and our books tell of the same money on days of their own; perhaps it is matched."""
    cents = random.choice((-1, 1)) * random.randrange(1, 500_00)
    ours = entry(work, some_day(random), cents)
    theirs = line(work, some_day(random), cents)
    if random.random() < 0.7:
        match(work, [theirs], [ours])


def several(work: Work, random: Random) -> None:
    """One line of the bank is two entries of ours."""
    first, second = random.randrange(1, 200_00), random.randrange(1, 200_00)
    ours = [entry(work, some_day(random), cents) for cents in (first, second)]
    match(work, [line(work, some_day(random), first + second)], ours, by=MatchedBy.SUM)


def alone(work: Work, random: Random) -> None:
    """Only one side tells of it, for now."""
    cents = random.randrange(1, 90_00)
    if random.random() < 0.5:
        line(work, some_day(random), cents)
    else:
        entry(work, some_day(random), -cents)


def wrong(work: Work, random: Random) -> None:
    """An entry that was a mistake, reversed and offset."""
    ours = entry(work, some_day(random), -random.randrange(1, 90_00))
    back = reverse(work, ours, on=TODAY, reason="Typed twice")
    match(work, [], [ours, back], by=MatchedBy.OFFSET)


def hold(work: Work, random: Random) -> None:
    """Money that nobody can name."""
    held = line(work, some_day(random), random.randrange(1, 90_00))
    suspense(work, held, f"SUS-2026-9{held:04d}")


def apart(work: Work, random: Random) -> None:
    """A match is taken apart, unless its month is reconciled."""
    standing_ones = work.db.scalars(
        select(BankMatch.id)
        .where(
            BankMatch.status == MatchStatus.STANDING,
            BankMatch.by.in_((MatchedBy.HAND, MatchedBy.SUM)),
        )
        .order_by(BankMatch.id)
    ).all()
    if standing_ones:
        one = random.choice(standing_ones)
        require_unlocked(work, matches=[one])
        unmatch(work, one)


def mistyped(work: Work, random: Random) -> None:
    """A typed line that nobody matched goes again."""
    if found := open_lines(work):
        take_back_line(work, random.choice(found)[0])


def settle(work: Work, random: Random) -> None:
    """Whatever is open on one side comes on the other too."""
    for ident, cents in open_lines(work):
        match(work, [ident], [entry(work, some_day(random), cents)])


def prove(work: Work, random: Random) -> None:
    """A period is begun with what the bank must say, and completed where it can be."""
    on = FIRST + timedelta(days=random.randrange(20, (TODAY - FIRST).days + 1))
    finish(work, on)


def finish(work: Work, on: date) -> None:
    """Begin, look and complete."""
    lines = work.db.scalar(
        select(func.sum(BankLine.amount)).where(BankLine.live.is_(True), BankLine.on <= on)
    )
    account = work.db.scalars(select(BankAccount)).one()
    ident = start(work, account.id, on, account.starts_with + (lines or ZERO))
    state = standing(work, ident)
    if not (state.open_lines or state.across):
        assert (state.difference, state.unexplained) == (ZERO, ZERO), state.missing
        assert balance(work, BANK, as_of=on) == state.book
    complete(work, ident)


def give_up(work: Work, _random: Random) -> None:
    """What is begun is given up."""
    ident = open_one(work, 1)
    if ident is not None:
        drop(work, ident)


def undo(work: Work, _random: Random) -> None:
    """The last one is taken back."""
    undo_last(work, 1, "Look again")


_ACTS: tuple[Callable[[Work, Random], None], ...] = (
    *(both,) * 8,
    *(several,) * 3,
    *(settle,) * 3,
    *(prove,) * 5,
    *(alone, wrong, hold, apart, apart, mistyped, give_up, undo),
)


def _done(act: Callable[[Work, Random], None], random: Random, work: Work) -> None:
    act(work, random)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_the_books_stay_sound(books: Office, seed: int) -> None:
    random = Random(seed)

    def begin(work: Work) -> None:
        starts(work, "3/1", 900_00)
        entry(work, "2/28", 900_00)

    books.write(begin)
    for done in range(ACTS):
        act = random.choice(_ACTS)
        with suppress(Problem):
            books.write(partial(_done, act, random))
        if done % 15 == 0:
            verify(books)

    def end(work: Work) -> None:
        give_up(work, random)
        for ident, cents in open_lines(work):
            match(work, [ident], [entry(work, "4/12", cents)])
        finish(work, TODAY)

    with suppress(Problem):  # it may be reconciled to today already
        books.write(end)
    verify(books)
    assert books.read(lambda work: Money(sum(cents for _, cents in open_lines(work)))) == ZERO
    books.read(exceptions)
