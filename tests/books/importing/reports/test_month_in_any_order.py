"""The exports of one month in every order: 1060 is explained to the cent, the books hold."""

from __future__ import annotations

from itertools import permutations

import pytest
from sqlalchemy import select

from fscdesk.models.payment import Payment
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.values import Money
from fscdesk.services.connecting import open_office
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.balances import balance
from fscdesk.services.office import Office
from fscdesk.services.payments.clearing_list import clearing_list
from tests.support.clock import Clock
from tests.support.databases import SqliteDatabases, lent
from tests.support.month import (
    ALLOCATION,
    CARDS,
    CHECKS,
    EXPORT,
    MONTH,
    SESSIONS,
    Standing,
    bring_in,
    stands,
    take_back,
)
from tests.support.payments import verify

AGAIN = "simplepractice_appointments_2026-03-16_2026-04-12_reexport.csv"
AT_LAST = Standing(
    client_open=0,
    payer_open=0,
    written_off_open=0,
    undeposited=3433_65,
    client_credits=-50_00,
    payer_credits=-40_00,
    owed=5610_00,
    contractual=681_35,
    payments=47,
    refunds=1,
    allocations=77,
    claims=18,
    cards=60,
    cards_linked=41,
)
"""Undeposited: 1894.00 of clients − 55.00 refunded + 1594.65 of payers.

The credit is the check that SimplePractice calls unallocated; the payer's, an overpayment that
the appointment report shows itself.
"""
PAID = select(Refund).where(Refund.status == RefundStatus.PAID)
ORDERS = (
    MONTH,
    tuple(reversed(MONTH)),
    (CHECKS, SESSIONS, EXPORT, CARDS, ALLOCATION),
    (EXPORT, CHECKS, CARDS, SESSIONS, ALLOCATION),
)


def after_the_month(books: Office) -> None:
    """Fail unless the books stand as the samples say, whatever came first."""
    assert stands(books) == AT_LAST
    verify(books)
    found = books.read(clearing_list)
    assert (found.lines, found.refunds, found.total, found.difference) == ((), (), Money(), Money())
    left = [(one.owner, one.left, one.received_on.day) for one in found.left_over]
    assert left == [("Quill Fakerson", Money(50_00), 12)]
    refund = books.read(lambda work: work.db.scalars(PAID).one())
    assert (refund.amount, refund.status) == (Money(55_00), RefundStatus.PAID)
    paid = books.read(lambda work: work.db.get_one(Payment, refund.payment_id))
    assert (paid.external_id, paid.amount) == ("sp:880032", Money(95_00))


@pytest.mark.parametrize("first", MONTH)
def test_every_order_ends_alike(
    sqlite_databases: SqliteDatabases, clock: Clock, first: str
) -> None:
    """All 120 orders, as a tree: what two orders share is imported once, then copied."""
    seen = 0

    def grow(done: tuple[str, ...], source: str) -> None:
        nonlocal seen
        if len(done) == len(MONTH):
            seen += 1
            return
        for file in MONTH if done else (first,):
            if file in done:
                continue
            with lent(sqlite_databases, empty=True) as target:
                sqlite_databases.copy(source, target)
                books = open_office(target, now=clock)
                try:
                    bring_in(books, file)
                    if len(done) + 1 == len(MONTH):
                        after_the_month(books)
                finally:
                    books.close()
                grow((*done, file), target)

    with lent(sqlite_databases) as empty:
        grow((), empty)
    assert seen == len(list(permutations(MONTH[1:])))


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order[0])
def test_the_books_hold_after_each_file_and_again_after_each_undo(
    books: Office, order: tuple[str, ...]
) -> None:
    on_the_way = []
    for file in order:
        before = stands(books)
        done = bring_in(books, file)
        plan = done.plan
        assert plan.read == plan.created + plan.changed + plan.unchanged + plan.skipped
        assert (plan.skipped, plan.open_questions) == (0, 0)
        verify(books)
        on_the_way.append((done.batch_id, before))
    after_the_month(books)
    for batch_id, before in reversed(on_the_way):
        take_back(books, batch_id)
        assert stands(books) == before
        verify(books)
    assert books.read(lambda work: balance(work, "1050")) == Money()
    for file in order:  # what was undone comes in again, and makes nobody twice
        bring_in(books, file)
    after_the_month(books)


def test_a_second_load_of_each_file_changes_nothing(books: Office) -> None:
    for file in MONTH:
        bring_in(books, file)
    for file in MONTH:
        again = bring_in(books, file)
        assert again.batch_id is None
        assert again.plan.unchanged == again.plan.read
    after_the_month(books)


@pytest.mark.parametrize("order", [MONTH, (CHECKS, EXPORT, SESSIONS, ALLOCATION, CARDS)], ids=str)
def test_the_next_export_of_sessions_keeps_1060_explained(
    books: Office, order: tuple[str, ...]
) -> None:
    for file in order:
        bring_in(books, file)
    done = bring_in(books, AGAIN)
    verify(books)
    found = books.read(clearing_list)
    assert found.difference == Money()
    assert all(line.reason for line in found.lines)
    assert found.total == books.read(lambda work: balance(work, "1060"))
    before = stands(books)
    take_back(books, done.batch_id)
    verify(books)
    assert stands(books) == AT_LAST != before


def test_undo_out_of_order_is_refused_by_name(books: Office) -> None:
    batches = {file: bring_in(books, file).batch_id for file in MONTH}
    before = stands(books)
    for file, names in ((SESSIONS, f"import {batches[EXPORT]} of"), (EXPORT, "income_allocation")):
        with pytest.raises(Problem, match=names) as refused:
            take_back(books, batches[file])
        assert "Later work stands on" in str(refused.value)
    assert stands(books) == before
