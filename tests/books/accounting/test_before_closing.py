"""What a month waits for is named, and is gone when it is done."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.bank import BankAccount
from fscdesk.models.staff import Role
from fscdesk.models.values import Money
from fscdesk.services.accounting.before_closing import before_closing
from fscdesk.services.accounting.journal import (
    EntryKind,
    ManualEntry,
    ManualLeg,
    post_due_reversals,
)
from fscdesk.services.accounting.opening import (
    OpeningBank,
    OpeningDraft,
    OpeningLine,
    open_books,
)
from fscdesk.services.accounting.recurring import post_due
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from tests.books.accounting.test_journal import entry, posted
from tests.books.accounting.test_recurring import RENT, saved
from tests.support.bank_books import line, other_account
from tests.support.clock import Clock
from tests.support.second_person import second_person

MARCH = date(2026, 3, 1)


def said(books: Office, month: date = MARCH) -> list[str]:
    return [one.words for one in books.read(lambda work: before_closing(work, month))]


def test_a_new_practice_waits_for_nothing(books: Office) -> None:
    assert said(books) == []


def test_what_is_not_done_is_named_until_it_is(books: Office, clock: Clock) -> None:
    saved(books)
    clock.forward(days=-43)  # the last of February, before the accrual is to turn back
    accrual = entry(kind=EntryKind.ADJUSTING, on=date(2026, 2, 28), reverse_on=MARCH)
    posted(books, accrual)
    clock.forward(days=43)
    bank = books.read(lambda work: work.db.scalars(select(BankAccount.id)).one())
    opening = OpeningDraft(
        date(2026, 2, 1),
        (OpeningLine("1000", Money(100)), OpeningLine("3000", Money(-100))),
        (OpeningBank(bank, Money(100)),),
    )
    books.write(lambda work: open_books(work, opening))
    assert said(books) == [
        "Not posted yet: Rent.",
        "Entries that are due to turn back: 1.",
        "Not reconciled to 03/31/2026: Operating account.",
    ]
    assert said(books, date(2026, 1, 1)) == ["Not posted yet: Rent."]
    books.write(post_due_reversals)
    books.write(post_due)
    assert said(books) == ["Not reconciled to 03/31/2026: Operating account."]
    assert RENT.by_itself


def test_an_account_without_a_first_day_is_named_once_something_is_on_it(books: Office) -> None:
    books.write(lambda work: line(work, "3/20", 25_00))
    assert said(books, date(2026, 2, 1)) == []
    assert said(books) == ["Not reconciled to 03/31/2026: Operating account."]
    other = books.write(other_account).value
    assert said(books) == ["Not reconciled to 03/31/2026: Operating account."]
    code = books.read(lambda work: work.db.get_one(BankAccount, other).account)
    posted(books, ManualEntry(MARCH, "Moved", (ManualLeg(code, 5_00), ManualLeg("1000", -5_00))))
    (words,) = said(books)
    name = books.read(lambda work: work.db.get_one(BankAccount, other).name)
    assert name in words
    assert "Operating account" in words


def test_it_takes_the_right(books: Office) -> None:
    nobody = second_person(books, Role.PROVIDER)
    with pytest.raises(Problem, match="You may not see what a month waits for"):
        nobody.read(lambda work: before_closing(work, MARCH))
