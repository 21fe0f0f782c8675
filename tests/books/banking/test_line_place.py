"""Where a bank's line stands: the account, the period that locks it, or none yet."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.bank import BankLine
from fscdesk.models.staff import Role
from fscdesk.models.values import Money
from fscdesk.services.banking.line_place import LinePlace, line_place
from fscdesk.services.banking.reconciling import complete, start
from fscdesk.services.banking.typed_lines import type_line
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.bank_books import day, entry, line, match, other_account, starts
from tests.support.second_person import second_person

MARCH = date(2026, 3, 31)


def place(books: Office, ident: int) -> LinePlace:
    return books.read(lambda work: line_place(work, ident))


def test_a_line_stands_in_its_own_account_and_in_no_period_yet(books: Office) -> None:
    def two(work: Work) -> tuple[int, int, int]:
        savings = other_account(work)
        here = line(work, "4/8", -15_00)
        return here, type_line(work, savings, on=day("4/7"), amount=Money(4_20), words="X"), savings

    here, there, savings = books.write(two).value
    assert place(books, here) == LinePlace(here, 1, None, date(2026, 4, 8))
    assert place(books, there) == LinePlace(there, savings, None, date(2026, 4, 7))


def test_a_reconciled_line_stands_in_the_period_that_locks_it(books: Office) -> None:
    def month(work: Work) -> tuple[int, int, int]:
        account = starts(work, "3/1", 0)
        first = line(work, "3/10", 22_00)
        match(work, [first], [entry(work, "3/10", 22_00)])
        later = line(work, "4/2", 9_00)
        return first, later, start(work, account, MARCH, Money(22_00))

    first, later, period = books.write(month).value
    assert place(books, first).reconciliation_id is None
    assert place(books, later).after == MARCH, "it is not on the sheet that ends before it"
    assert place(books, first).after is None
    books.write(lambda work: complete(work, period))
    assert place(books, first).reconciliation_id == period
    assert place(books, later) == LinePlace(later, 1, None, date(2026, 4, 2))


def test_a_line_that_is_gone_is_refused(books: Office) -> None:
    ident = books.write(lambda work: line(work, "4/8", -15_00)).value

    def take_back(work: Work) -> None:
        work.db.get_one(BankLine, ident).live = None

    books.write(take_back)
    for one in (ident, 999):
        with pytest.raises(Problem, match="not in the books any more"):
            place(books, one)
    with pytest.raises(Problem, match="may not"):
        place(second_person(books, Role.PROVIDER), ident)
