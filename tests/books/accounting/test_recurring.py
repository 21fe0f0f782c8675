"""Entries that come again: every day once, by a person or by the job, at two desks too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from fscdesk.models.account import Account
from fscdesk.models.ledger import JournalEntry
from fscdesk.models.recurring import DueReversal, RecurringPosting
from fscdesk.models.staff import Role
from fscdesk.services.accounting.closing_periods import close
from fscdesk.services.accounting.journal import ManualLeg
from fscdesk.services.accounting.recurring import (
    Every,
    RecurringDraft,
    post_due,
    post_recurring,
    recurring_entries,
    save_recurring,
    skip_recurring,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.jobs.running import Outcome, run_jobs
from fscdesk.services.ledger.balances import balance
from fscdesk.services.office import Office
from tests.support.clock import Clock
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import verify
from tests.support.second_person import at_once, refusals, second_person

RENT = RecurringDraft(
    "Rent",
    Every.MONTH,
    date(2026, 1, 31),
    (ManualLeg("7000", 120000, note="Main Street"), ManualLeg("1000", -120000)),
    by_itself=True,
)


def saved(books: Office, draft: RecurringDraft = RENT) -> int:
    return books.write(lambda work: save_recurring(work, draft)).value


def days(books: Office) -> list[str]:
    rows = select(RecurringPosting.on).order_by(RecurringPosting.on)
    return [f"{one:%m/%d}" for one in books.read(lambda work: work.db.scalars(rows).all())]


def test_the_job_posts_each_day_that_has_come_once(books: Office, clock: Clock) -> None:
    saved(books)
    (ran,) = run_jobs(books, ["books"])
    assert (ran.outcome, ran.result) == (Outcome.DONE, "3 recurring entries posted")
    assert days(books) == ["01/31", "02/28", "03/31"]
    (row,) = books.read(recurring_entries)
    assert (row.next_on, row.posted, row.last_on) == (date(2026, 4, 30), 3, date(2026, 3, 31))
    assert str(books.read(lambda work: balance(work, "7000"))) == "3,600.00"
    assert books.write(post_due).value.posted == ()
    clock.set(datetime(2026, 5, 1, 17, tzinfo=UTC))
    assert len(books.write(post_due).value.posted) == 1
    verify(books)


@pytest.mark.parametrize(
    ("every", "first", "nexts"),
    [
        (Every.QUARTER, date(2025, 11, 30), [date(2026, 2, 28), date(2026, 5, 30)]),
        (Every.YEAR, date(2024, 2, 29), [date(2025, 2, 28), date(2026, 2, 28)]),
    ],
)
def test_it_comes_as_often_as_it_says(
    sqlite_books: Office, every: Every, first: date, nexts: list[date]
) -> None:
    ident = saved(sqlite_books, replace(RENT, every=every, first_on=first))
    found = [
        sqlite_books.write(lambda work: skip_recurring(work, ident)).value
        for _ in range(len(nexts))
    ]
    assert found == nexts


def test_it_ends_with_its_last_day(books: Office) -> None:
    ident = saved(books, replace(RENT, until=date(2026, 2, 28)))
    books.write(post_due)
    assert days(books) == ["01/31", "02/28"]
    assert books.read(recurring_entries)[0].next_on is None
    with pytest.raises(Problem, match="Rent has ended"):
        books.write(lambda work: post_recurring(work, ident))


def test_a_closed_month_gets_none_of_it(books: Office) -> None:
    saved(books, replace(RENT, turns_back=True))
    books.write(lambda work: close(work, date(2026, 2, 1)))
    done = books.write(post_due).value.posted
    assert [one.on for one in done] == [date(2026, 3, 1), date(2026, 3, 1), date(2026, 3, 31)]
    assert days(books) == ["01/31", "02/28", "03/31"]
    turns = books.read(lambda work: work.db.scalars(select(DueReversal.on)).all())
    # Each in its own month: what came late turns back at once, and March's is April's alone.
    assert sorted(turns) == [date(2026, 3, 2), date(2026, 3, 2), date(2026, 4, 1)]
    verify(books)


def test_one_that_cannot_be_posted_waits_and_stops_no_other(books: Office) -> None:
    saved(books)
    saved(
        books,
        replace(RENT, name="Water", legs=(ManualLeg("1020", 100), ManualLeg("1000", -100))),
    )
    books.write(lambda work: setattr(work.db.get_one(Account, "7000"), "active", False))
    (ran,) = run_jobs(books, ["books"])
    assert ran.result == (
        "3 recurring entries posted; not posted: Rent: 7000 Rent is not in use any more."
    )
    assert books.read(recurring_entries)[0].next_on == date(2026, 1, 31)
    verify(books)


def test_a_person_posts_changes_and_leaves_out(books: Office) -> None:
    ident = saved(books, replace(RENT, by_itself=False))
    assert books.write(post_due).value.posted == ()
    done = books.write(lambda work: post_recurring(work, ident)).value
    row = books.read(lambda work: work.db.get_one(JournalEntry, done.id))
    assert (row.memo, row.reference) == ("Rent", "Rent, 01/31/2026")
    with pytest.raises(Problem, match="posted for 01/31/2026 already"):
        books.write(lambda work: save_recurring(work, RENT, recurring_id=ident))
    version = books.read(recurring_entries)[0].version
    later = replace(RENT, first_on=date(2026, 5, 1), active=False)
    books.write(
        lambda work: save_recurring(work, later, recurring_id=ident, expected_version=version)
    )
    with pytest.raises(ChangedElsewhere):
        books.write(
            lambda work: save_recurring(work, later, recurring_id=ident, expected_version=version)
        )
    with pytest.raises(Problem, match="Rent is not in use"):
        books.write(lambda work: post_recurring(work, ident))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (replace(RENT, name="rent"), "There is a recurring entry “rent” already"),
        (replace(RENT, name=" "), "The name is missing"),
        (replace(RENT, name="X", until=date(2025, 1, 1)), "before it begins"),
        (replace(RENT, name="X", legs=(ManualLeg("1100", 1), ManualLeg("1000", -1))), "documents"),
    ],
)
def test_what_cannot_come_again_is_refused(
    sqlite_books: Office, wrong: RecurringDraft, words: str
) -> None:
    saved(sqlite_books)
    with pytest.raises(Problem, match=words):
        saved(sqlite_books, wrong)


def test_it_takes_the_right(books: Office) -> None:
    ident = saved(books)
    clerk = second_person(books, Role.BILLING_CLERK)
    for act in (
        lambda work: save_recurring(work, RENT),
        lambda work: post_recurring(work, ident),
        lambda work: skip_recurring(work, ident),
    ):
        with pytest.raises(Problem, match="You may not"):
            clerk.write(act)
    (ran,) = run_jobs(clerk, ["books"])
    assert ran.outcome is Outcome.MAY_NOT


def test_two_desks_post_a_day_once(books: Office) -> None:
    saved(books)
    other = second_person(books, Role.ACCOUNTING)
    done = at_once((books, post_due), (other, post_due))
    assert sorted(len(one.posted) for one in done) == [0, 3], done
    assert days(books) == ["01/31", "02/28", "03/31"]


def test_a_day_that_was_seen_is_posted_once(books: Office) -> None:
    ident = saved(books, replace(RENT, by_itself=False))
    seen = date(2026, 1, 31)
    done = at_once(
        (books, lambda work: post_recurring(work, ident, on=seen)),
        (
            second_person(books, Role.ACCOUNTING),
            lambda work: post_recurring(work, ident, on=seen),
        ),
    )
    (late,) = refusals(done)
    assert "Rent is not due for 01/31/2026 any more" in str(late)
    assert days(books) == ["01/31"]


def test_a_day_that_has_not_come_is_not_posted(books: Office) -> None:
    ident = saved(books, replace(RENT, first_on=date(2026, 4, 12), by_itself=False))
    books.write(lambda work: post_recurring(work, ident))
    with pytest.raises(Problem, match=r"Rent is due on 05/12/2026; that day has not come"):
        books.write(lambda work: post_recurring(work, ident))
    assert days(books) == ["04/12"]
    verify(books)


def test_a_fault_anywhere_leaves_nothing(books: Office) -> None:
    assert_all_or_nothing(books, lambda work: save_recurring(work, RENT))
    ident = books.read(recurring_entries)[0].id
    assert_all_or_nothing(books, lambda work: post_recurring(work, ident))
    assert_all_or_nothing(books, lambda work: skip_recurring(work, ident))
