"""Months that are closed: in order, on record, and nothing comes into them."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, text

from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.period import PeriodStatus
from fscdesk.models.staff import Role
from fscdesk.services.accounting.closing_periods import (
    close,
    open_again,
    period_changes,
    periods,
)
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.ledger.periods import open_days, postable, status_of
from fscdesk.services.ledger.posting import Draft, Leg, post, post_all, reverse, reverse_all
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import verify
from tests.support.second_person import at_once, second_person

FEBRUARY, MARCH, APRIL = date(2026, 2, 10), date(2026, 3, 10), date(2026, 4, 10)
RENT = (Leg("7000", 1000, Part.BOOKS), Leg("1000", -1000, Part.BOOKS))


def draft(on: date, kind: EntryKind = EntryKind.BANK, **facts: object) -> Draft:
    return Draft(on, kind, "Rent", RENT, **facts)  # type: ignore[arg-type]


def posted(books: Office, on: date) -> int:
    return books.write(lambda work: post(work, draft(on))).value


def day_of(books: Office, entry: int) -> date:
    def ask(work: Work) -> date:
        days = set(work.db.scalars(select(JournalLine.day).where(JournalLine.entry_id == entry)))
        on = work.db.get_one(JournalEntry, entry).entry_date
        assert days == {on}
        return on

    return books.read(ask)


def shut(books: Office, month: date, *, soft: bool = False) -> tuple[date, ...]:
    return books.write(lambda work: close(work, month, soft=soft)).value.months


def test_a_new_practice_takes_every_day(books: Office) -> None:
    assert books.read(lambda work: postable(work, date(1999, 1, 1))) == date(1999, 1, 1)
    assert books.read(lambda work: status_of(work, MARCH)) is PeriodStatus.OPEN


def test_closing_a_month_closes_what_lies_before_it(books: Office) -> None:
    posted(books, FEBRUARY)
    assert shut(books, MARCH) == (date(2026, 2, 1), date(2026, 3, 1))
    assert books.read(lambda work: status_of(work, FEBRUARY)) is PeriodStatus.CLOSED
    assert books.read(lambda work: status_of(work, date(2019, 5, 5))) is PeriodStatus.CLOSED
    assert books.read(lambda work: status_of(work, APRIL)) is PeriodStatus.OPEN
    rows = books.read(periods)
    assert [(one.month.month, one.status.value, one.entries) for one in rows] == [
        (4, "open", 0),
        (3, "closed", 0),
        (2, "closed", 1),
    ]
    assert [(one.may_close, one.may_open) for one in rows] == [
        (False, False),
        (False, True),
        (False, False),
    ]
    assert rows[1].changed is not None
    assert rows[1].changed.new is PeriodStatus.CLOSED
    verify(books)


@pytest.mark.parametrize("day", [date(2019, 1, 1), FEBRUARY, date(2026, 3, 31)])
def test_what_posts_by_itself_lands_on_the_first_open_day(books: Office, day: date) -> None:
    shut(books, MARCH)
    assert day_of(books, posted(books, day)) == date(2026, 4, 1)
    assert day_of(books, posted(books, APRIL)) == APRIL
    verify(books)


def test_a_reversal_lands_there_too(books: Office) -> None:
    first, second = posted(books, FEBRUARY), posted(books, MARCH)
    shut(books, MARCH)
    back = books.write(lambda work: reverse(work, first, on=MARCH, reason="back")).value
    (other,) = books.write(lambda work: reverse_all(work, [second], on=None, reason="r")).value
    assert [day_of(books, one) for one in (back, other)] == [date(2026, 4, 1)] * 2
    verify(books)


def test_a_person_dates_an_entry_into_an_open_month_only(books: Office) -> None:
    shut(books, MARCH)
    with pytest.raises(Problem, match="March 2026 is closed") as refused:
        books.write(lambda work: post(work, draft(MARCH, stays=True)))
    assert "04/01/2026" in refused.value.hint
    late = draft(MARCH, stays=True, late_reason="The bill came late")
    entry = books.write(lambda work: post(work, late)).value
    assert day_of(books, entry) == MARCH
    assert books.read(periods)[1].late == 1
    verify(books)
    accountant = second_person(books, Role.ACCOUNTING)
    with pytest.raises(Problem, match="March 2026 is closed"):
        accountant.write(lambda work: post(work, late))


def test_a_soft_closed_month_takes_adjusting_entries_alone(books: Office, clock: Clock) -> None:
    shut(books, MARCH, soft=True)
    clock.forward(minutes=1)
    adjusting = books.write(
        lambda work: post(work, draft(MARCH, EntryKind.ADJUSTING, stays=True))
    ).value
    assert day_of(books, adjusting) == MARCH
    accountant = second_person(books, Role.ACCOUNTING)
    with pytest.raises(Problem, match="March 2026 is soft-closed"):
        accountant.write(lambda work: post(work, draft(MARCH, EntryKind.MANUAL, stays=True)))
    assert day_of(books, posted(books, MARCH)) == date(2026, 4, 1)
    verify(books)
    assert shut(books, MARCH) == (date(2026, 3, 1),)
    with pytest.raises(Problem, match="closed already"):
        shut(books, MARCH, soft=True)


def test_months_open_from_the_last_one_back(books: Office) -> None:
    posted(books, FEBRUARY)
    shut(books, MARCH)
    with pytest.raises(Problem, match="March 2026 is closed too"):
        books.write(lambda work: open_again(work, FEBRUARY, reason="A bill"))
    with pytest.raises(Problem, match="The reason is missing"):
        books.write(lambda work: open_again(work, MARCH, reason=" "))
    books.write(lambda work: open_again(work, MARCH, reason="A bill"))
    assert day_of(books, posted(books, MARCH)) == MARCH
    assert day_of(books, posted(books, FEBRUARY)) == date(2026, 3, 1)
    with pytest.raises(Problem, match="open already"):
        books.write(lambda work: open_again(work, MARCH, reason="A bill"))
    changes = books.read(lambda work: period_changes(work, MARCH))
    assert [(one.old.value, one.new.value, one.reason) for one in changes] == [
        ("closed", "open", "A bill"),
        ("open", "closed", ""),
    ]
    verify(books)


def test_a_month_that_is_not_over_stays_open(books: Office) -> None:
    for month in (APRIL, date(2026, 5, 1)):
        with pytest.raises(Problem, match="is not over"):
            shut(books, month)


def test_it_takes_the_right(books: Office) -> None:
    manager = second_person(books, Role.BILLING_MANAGER)
    for act in (
        lambda work: close(work, MARCH),
        lambda work: open_again(work, MARCH, reason="x"),
    ):
        with pytest.raises(Problem, match="You may not"):
            manager.write(act)


def test_the_check_names_what_came_into_a_closed_month(books: Office, clock: Clock) -> None:
    entry = posted(books, MARCH)
    shut(books, MARCH)
    clock.forward(minutes=1)
    late = posted(books, APRIL)

    def slip(work: Work) -> None:
        kind = work.db.get_bind().dialect.name
        off, on = (
            ("ALTER TABLE {} DISABLE TRIGGER USER", "ALTER TABLE {} ENABLE TRIGGER USER")
            if kind == "postgresql"
            else ("", "")
        )
        tables = ("journal_entry", "journal_line")
        triggers = (
            []
            if off
            else work.db.execute(
                text(
                    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
                    " AND tbl_name IN ('journal_entry', 'journal_line')"
                )
            ).all()
        )
        for name, _ in triggers:
            work.db.execute(text(f"DROP TRIGGER {name}"))
        for table in tables if off else ():
            work.db.execute(text(off.format(table)))
        work.db.execute(
            text("UPDATE journal_entry SET entry_date = '2026-03-31' WHERE id = :id"), {"id": late}
        )
        work.db.execute(
            text("UPDATE journal_line SET day = '2026-03-31' WHERE entry_id = :id"), {"id": late}
        )
        for table in tables if off else ():
            work.db.execute(text(on.format(table)))
        for _, sql in triggers:
            work.db.execute(text(sql))

    books.write(slip)
    (found,) = books.read(lambda work: run_checks(work, ["closed-months-unchanged"])).checks
    number = books.read(lambda work: work.db.get_one(JournalEntry, late).number)
    assert entry != late
    assert found.offenders == (f"entry {number} was posted into March 2026 after it was closed",)


def test_closing_waits_for_who_posts_and_posting_for_who_closes(books: Office) -> None:
    accountant = second_person(books, Role.ACCOUNTING)
    done = at_once(
        (books, lambda work: post_all(work, [draft(MARCH)] * 20)),
        (accountant, lambda work: close(work, MARCH)),
        (books, lambda work: post_all(work, [draft(MARCH)] * 20)),
    )
    assert not [one for one in done if isinstance(one, Exception)]
    assert books.read(open_days).closed_to == date(2026, 3, 1)
    for entries in (done[0], done[2]):
        assert len({day_of(books, one) for one in entries}) == 1
    verify(books)


def test_two_desks_that_close_one_month_close_it_once(books: Office) -> None:
    accountant = second_person(books, Role.ACCOUNTING)
    done = at_once(
        (books, lambda work: close(work, MARCH)), (accountant, lambda work: close(work, MARCH))
    )
    assert len([one for one in done if isinstance(one, Problem)]) == 1
    assert len(books.read(lambda work: period_changes(work, MARCH))) == 1


def test_a_fault_anywhere_leaves_nothing(books: Office) -> None:
    posted(books, FEBRUARY)
    assert_all_or_nothing(books, lambda work: close(work, MARCH))
    assert_all_or_nothing(books, lambda work: open_again(work, MARCH, reason="A bill"))
