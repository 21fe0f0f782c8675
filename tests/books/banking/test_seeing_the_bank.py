"""Who sees deposits and the bank's lines: whoever deposits, reconciles, or reads reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.session import Session
from fscdesk.models.staff import Role
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.bank_sheet_reading import bank_sheet
from fscdesk.services.banking.deposit_book import deposit_book, deposits_to_make
from fscdesk.services.banking.deposit_list import deposit_detail, deposits
from fscdesk.services.banking.deposit_plan import plan_deposits
from fscdesk.services.banking.matching import proposals
from fscdesk.services.banking.payouts import payouts
from fscdesk.services.banking.suspense import suspense
from fscdesk.services.banking.three_way import three_way
from fscdesk.services.banking.undeposited import undeposited
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.sessions.story_bank import bank_steps
from fscdesk.services.work import Work
from tests.support.deposits import deposit, paid
from tests.support.payments import Till
from tests.support.second_person import nobody, second_person

LISTS: dict[str, Callable[[Work], Any]] = {
    "undeposited": undeposited,
    "undeposited of a past day": lambda work: undeposited(work, date(2026, 4, 1)),
    "plan_deposits": plan_deposits,
    "proposals": lambda work: proposals(work, account_named(work)),
    "suspense": suspense,
    "payouts": payouts,
    "deposits": deposits,
    "deposit_detail": lambda work: deposit_detail(work, 1),
    "deposit_book": deposit_book,
    "three_way": lambda work: three_way(work, session_of(work)),
}


def session_of(work: Work) -> int:
    """Return the first session of the books."""
    return work.db.scalars(select(Session.id).order_by(Session.id).limit(1)).one()


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_the_bank_needs_a_right(books: Office, till: Till, name: str) -> None:
    deposit(books, paid(books, till, 42_50).payment_id)
    paid(books, till, 20_00)
    for role in (Role.DIRECTOR, Role.ACCOUNTING, Role.BILLING_CLERK):
        second_person(books, role).read(LISTS[name])
    with pytest.raises(Problem, match="You may not see"):
        nobody(books).read(LISTS[name])


def test_the_sheet_is_for_who_reconciles(books: Office) -> None:
    with pytest.raises(Problem, match="You may not"):
        nobody(books).read(lambda work: bank_sheet(work, account_named(work)))


def test_a_count_and_a_sessions_story_need_none(books: Office, till: Till) -> None:
    paid(books, till, 20_00)
    other = nobody(books)
    assert other.read(deposits_to_make) == 1
    assert other.read(lambda work: list(bank_steps(work, session_of(work)))) == []
