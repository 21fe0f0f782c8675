"""Recurring entries in the work queue: they come with their day, and go when it is settled."""

from __future__ import annotations

from datetime import date

from fscdesk.models.staff import Role
from fscdesk.models.values import Money
from fscdesk.services.accounting.journal import ManualLeg
from fscdesk.services.accounting.recurring import (
    Every,
    RecurringDraft,
    post_recurring,
    save_recurring,
    skip_recurring,
)
from fscdesk.services.office import Office
from fscdesk.services.queue.books_items import recurring_due
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.reports.needs_you import Urgency
from tests.support.queue_items import items_of
from tests.support.second_person import second_person

RENT = (ManualLeg("7000", 200_00), ManualLeg("1000", -200_00))


def rent(books: Office, first: date, name: str = "Rent") -> int:
    """Rent of each month; today is 04/12/2026."""
    draft = RecurringDraft(name, Every.MONTH, first, RENT)
    return books.write(lambda work: save_recurring(work, draft)).value


def test_an_entry_waits_until_its_days_are_posted_or_left_out(books: Office) -> None:
    ident = rent(books, date(2026, 3, 5))
    (item,) = items_of(books, ItemKind.RECURRING)
    assert (item.amount, item.since, item.urgency) == (
        Money(400_00),
        date(2026, 3, 5),
        Urgency.MEDIUM,
    )
    assert item.why == "200.00 for 03/05/2026 and 1 later day is due."
    assert (item.opens.place, dict(item.opens.asked)) == (
        "accounting",
        {"tab": "recurring", "row": ident},
    )
    before = item.fingerprint
    books.write(lambda work: post_recurring(work, ident))
    (item,) = items_of(books, ItemKind.RECURRING)
    assert (item.amount, item.since, item.urgency) == (
        Money(200_00),
        date(2026, 4, 5),
        Urgency.LOW,
    )
    assert item.fingerprint != before
    books.write(lambda work: skip_recurring(work, ident))
    assert items_of(books, ItemKind.RECURRING) == []


def test_a_day_that_has_not_come_is_nothing_to_do(books: Office) -> None:
    rent(books, date(2026, 4, 13))
    assert items_of(books, ItemKind.RECURRING) == []


def test_whoever_does_not_keep_the_books_is_not_asked(books: Office) -> None:
    rent(books, date(2026, 3, 5))
    assert items_of(second_person(books, Role.PROVIDER), ItemKind.RECURRING) == []


def test_more_than_are_named_are_counted(books: Office) -> None:
    for at in range(3):
        rent(books, date(2026, 4, 1 + at), f"Rent {at}")
    found = books.read(lambda work: list(recurring_due(work, 2)))
    assert [one.counts for one in found] == [1, 1, 1]
    assert [one.named for one in found] == [True, True, False]
    assert found[0].about == "Rent 0, due 04/01/2026"
