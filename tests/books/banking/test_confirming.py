"""A person's word that something is on its way, and how it is taken back."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.values import Money
from fscdesk.services.banking.confirming import unmark
from fscdesk.services.banking.reconciling import complete, drop, mark, standing, start
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.bank_books import entry, starts


@pytest.fixture
def begun(books: Office) -> tuple[int, int]:
    """March is begun, and 95.00 is on its way: the reconciliation and the entry."""

    def act(work: Work) -> tuple[int, int]:
        account = starts(work, "3/1", 0)
        on_its_way = entry(work, "3/31", 95_00, "Slip 2")
        return start(work, account, date(2026, 3, 31), Money()), on_its_way

    return books.write(act).value


def seen(books: Office, period: int) -> list[bool]:
    """What of what is on its way was confirmed."""
    return books.read(lambda work: [one.seen for one in standing(work, period).in_transit])


def test_what_was_confirmed_waits_again(books: Office, begun: tuple[int, int]) -> None:
    period, on_its_way = begun
    books.write(lambda work: mark(work, period, on_its_way, "Mailed"))
    assert seen(books, period) == [True]
    books.write(lambda work: unmark(work, period, on_its_way))
    assert seen(books, period) == [False]
    with pytest.raises(Problem, match="is not confirmed"):
        books.write(lambda work: unmark(work, period, on_its_way))


@pytest.mark.parametrize("end", ["completed", "given up"])
def test_an_ended_period_keeps_what_it_says(
    books: Office, begun: tuple[int, int], end: str
) -> None:
    period, on_its_way = begun
    books.write(lambda work: mark(work, period, on_its_way, ""))
    if end == "completed":
        books.write(lambda work: complete(work, period))
    else:
        books.write(lambda work: drop(work, period))
    with pytest.raises(Problem, match=f"is {end} already"):
        books.write(lambda work: unmark(work, period, on_its_way))
