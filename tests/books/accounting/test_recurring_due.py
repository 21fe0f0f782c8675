"""Days of recurring entries that have come: proposed, posted whole, turned back, left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fscdesk.models.staff import Role
from fscdesk.services.accounting.closing_periods import close
from fscdesk.services.accounting.journal import ManualLeg
from fscdesk.services.accounting.recurring import (
    Every,
    RecurringDraft,
    RecurringRow,
    recurring_entries,
    save_recurring,
    skip_recurring,
)
from fscdesk.services.accounting.recurring_due import (
    DueDay,
    due_days,
    post_days,
    recurring_history,
    take_days_back,
    unskip_recurring,
)
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.balances import balance
from fscdesk.services.office import Office
from tests.support.payments import verify
from tests.support.second_person import second_person

RENT = (ManualLeg("7000", 200_00), ManualLeg("1000", -200_00))


def rent(books: Office, first: date = date(2026, 2, 28), **more: object) -> int:
    """Rent at the end of each month; today is 04/12/2026."""
    draft = RecurringDraft("Rent", Every.MONTH, first, RENT, **more)  # type: ignore[arg-type]
    return books.write(lambda work: save_recurring(work, draft)).value


def due(books: Office) -> tuple[DueDay, ...]:
    return books.read(due_days)


def only(books: Office) -> RecurringRow:
    (row,) = books.read(recurring_entries)
    return row


def spent(books: Office) -> int:
    return books.read(lambda work: balance(work, "7000")).cents


def test_every_day_that_has_come_is_due_on_the_first_open_day(books: Office) -> None:
    rent(books, date(2026, 1, 31))
    assert [one.on for one in due(books)] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
    ]
    books.write(lambda work: close(work, date(2026, 2, 1)))
    assert [one.posts_on for one in due(books)] == [
        date(2026, 3, 1),
        date(2026, 3, 1),
        date(2026, 3, 31),
    ]
    assert {one.amount.cents for one in due(books)} == {200_00}


def test_what_was_proposed_is_posted_and_turned_back_whole(books: Office) -> None:
    ident = rent(books)
    posted = books.write(lambda work: post_days(work, due_days(work))).value
    assert [one.on for one in posted] == [date(2026, 2, 28), date(2026, 3, 28)]
    assert (spent(books), due(books)) == (400_00, ())
    assert [one.number for one in books.read(lambda work: recurring_history(work, ident))] == [
        one.number for one in reversed(posted)
    ]
    ids = [one.id for one in posted]
    assert books.write(lambda work: take_days_back(work, ids, reason="Wrong rent")).value == 2
    assert spent(books) == 0
    assert [one.on for one in due(books)] == [date(2026, 2, 28), date(2026, 3, 28)]
    books.write(lambda work: post_days(work, due_days(work)))  # once more, as if never posted
    assert spent(books) == 400_00
    verify(books)


def test_only_the_newest_is_turned_back(books: Office) -> None:
    rent(books)
    posted = books.write(lambda work: post_days(work, due_days(work))).value
    with pytest.raises(Problem, match="A later day of Rent is posted"):
        books.write(lambda work: take_days_back(work, [posted[0].id], reason="Wrong"))
    assert spent(books) == 400_00


def test_what_another_desk_posted_is_not_posted_twice(books: Office) -> None:
    rent(books)
    seen = due(books)
    books.write(lambda work: post_days(work, seen[:1]))
    with pytest.raises(Problem, match="not due for 02/28/2026 any more"):
        books.write(lambda work: post_days(work, seen))
    assert spent(books) == 200_00


def test_a_day_that_was_left_out_can_be_due_again(books: Office) -> None:
    ident = rent(books)
    books.write(lambda work: skip_recurring(work, ident))
    assert [one.on for one in due(books)] == [date(2026, 3, 28)]
    books.write(lambda work: unskip_recurring(work, ident, date(2026, 2, 28)))
    assert len(due(books)) == 2
    books.write(lambda work: skip_recurring(work, ident))
    books.write(lambda work: post_days(work, due_days(work)))
    with pytest.raises(Problem, match="posted for a later day"):
        books.write(lambda work: unskip_recurring(work, ident, date(2026, 2, 28)))


def test_the_31st_stays_the_last_day_when_the_entry_is_changed_in_february(books: Office) -> None:
    ident = rent(books, date(2026, 1, 31))
    books.write(lambda work: skip_recurring(work, ident))
    row = only(books)
    assert row.next_on == date(2026, 2, 28)
    draft = RecurringDraft("Office rent", row.every, date(2026, 2, 28), row.legs)
    books.write(
        lambda work: save_recurring(work, draft, recurring_id=ident, expected_version=row.version)
    )
    assert [one.on for one in due(books)] == [date(2026, 2, 28), date(2026, 3, 31)]
    row = only(books)
    moved = replace(draft, first_on=date(2026, 3, 15))
    books.write(
        lambda work: save_recurring(work, moved, recurring_id=ident, expected_version=row.version)
    )
    assert only(books).day == 15


def test_posting_needs_the_right_to_keep_books(books: Office) -> None:
    rent(books)
    seen = due(books)
    other = second_person(books, Role.DIRECTOR)
    with pytest.raises(Problem, match="may not post recurring entries"):
        other.write(lambda work: post_days(work, seen))
    assert spent(books) == 0
