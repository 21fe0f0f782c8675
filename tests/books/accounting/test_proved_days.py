"""Days that a reconciliation has proved take no entry by hand; what dates itself goes after."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.ledger import JournalEntry
from fscdesk.models.values import Money
from fscdesk.services.accounting.closing_periods import close
from fscdesk.services.accounting.journal import (
    ManualEntry,
    ManualLeg,
    post_due_reversals,
    post_manual,
    reverse_manual,
)
from fscdesk.services.accounting.opening import OpeningDraft, OpeningLine, open_books
from fscdesk.services.accounting.recurring import Every, RecurringDraft, save_recurring
from fscdesk.services.accounting.recurring_due import due_days, post_days
from fscdesk.services.banking.accepting import MatchDraft, accept
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.reconciling import complete, start, undo_last
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.balances import balance
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.bank_books import line, starts
from tests.support.clock import Clock
from tests.support.payments import verify
from tests.support.second_person import at_once, refusals
from tests.support.tampering import tamper

MARCH_END = date(2026, 3, 31)
CHECK = (ManualLeg("7000", 50_00), ManualLeg("1000", -50_00))


def write(books: Office, on: date, *legs: ManualLeg, reverse_on: date | None = None) -> int:
    new = ManualEntry(on, "Books", legs or CHECK, reverse_on=reverse_on)
    return books.write(lambda work: post_manual(work, new)).value.id


def day_of(books: Office, entry_id: int) -> date:
    return books.read(lambda work: work.db.get_one(JournalEntry, entry_id).entry_date)


def at_march_end(books: Office) -> str:
    return str(books.read(lambda work: balance(work, "1000", as_of=MARCH_END)))


def proof(work: Work) -> None:
    complete(work, start(work, account_named(work), MARCH_END, Money(-50_00)))


def prove(books: Office) -> None:
    books.write(proof)


def rent_of_march(books: Office) -> int:
    """Rent of 50.00 that the bank paid in March; nothing is reconciled yet."""
    account = books.write(lambda work: starts(work, "3/1", 0)).value
    rent = write(books, date(2026, 3, 10))
    paid = books.write(lambda work: line(work, "3/11", -50_00, "CHECK 100")).value
    books.write(lambda work: accept(work, MatchDraft(account, (paid,), entry_ids=(rent,))))
    return rent


@pytest.fixture
def rent(books: Office) -> int:
    """Rent of 50.00, proved with March: 03/31 ended with -50.00 at the bank and here."""
    ident = rent_of_march(books)
    prove(books)
    return ident


def test_a_desk_whose_clock_is_behind_proves_what_another_posted(
    books: Office, clock: Clock
) -> None:
    rent_of_march(books)
    clock.forward(minutes=5)
    write(books, date(2026, 3, 20))  # a check on its way, from the desk whose clock is ahead
    clock.forward(minutes=-3)
    write(books, date(2026, 4, 3))
    prove(books)
    verify(books)
    books.write(lambda work: close(work, MARCH_END))
    verify(books)


def test_what_is_proved_is_not_turned_back_on_a_day_that_is(books: Office, rent: int) -> None:
    for on in (date(2026, 3, 20), MARCH_END):
        with pytest.raises(Problem, match="March 2026 of Operating account is reconciled") as no:
            books.write(lambda work, on=on: reverse_manual(work, rent, reason="x", on=on))  # type: ignore[misc]
        assert "REC-2026-00001" in no.value.message
        assert "Choose a day after 03/31/2026" in no.value.hint
    assert at_march_end(books) == "-50.00"
    back = books.write(lambda work: reverse_manual(work, rent, reason="It bounced")).value
    assert (back.on, at_march_end(books)) == (date(2026, 4, 12), "-50.00")
    verify(books)


def test_nobody_writes_on_the_bank_on_a_proved_day(books: Office, rent: int) -> None:
    for on in (date(2026, 3, 1), MARCH_END, date(2026, 2, 1)):
        with pytest.raises(Problem, match=r"March 2026 of Operating account is reconciled"):
            write(books, on)
    other = write(books, MARCH_END, ManualLeg("7000", 1), ManualLeg("2000", -1))
    assert day_of(books, other) == MARCH_END
    write(books, date(2026, 4, 1))
    assert at_march_end(books) == "-50.00"
    held = OpeningLine("1000", Money(5)), OpeningLine("3000", Money(-5))
    with pytest.raises(Problem, match="is reconciled"):
        books.write(lambda work: open_books(work, OpeningDraft(date(2026, 3, 1), held)))
    books.write(lambda work: undo_last(work, account_named(work), "A check is missing"))
    write(books, MARCH_END)
    assert at_march_end(books) == "-100.00"
    verify(books)


def test_what_comes_again_goes_after_the_proved_days(books: Office, rent: int) -> None:
    draft = RecurringDraft("Rent", Every.MONTH, date(2026, 3, 15), CHECK)
    books.write(lambda work: save_recurring(work, draft))
    (due,) = books.read(due_days)
    assert (due.on, due.posts_on) == (date(2026, 3, 15), date(2026, 4, 1))
    (done,) = books.write(lambda work: post_days(work, due_days(work))).value
    assert (done.on, at_march_end(books)) == (date(2026, 4, 1), "-50.00")
    verify(books)


def test_an_accrual_turns_back_after_the_proved_days(books: Office, clock: Clock) -> None:
    rent_of_march(books)
    clock.forward(days=-13)  # the day before it is to turn back
    accrued = write(books, date(2026, 3, 30), reverse_on=MARCH_END)
    clock.forward(days=13)
    prove(books)
    assert books.write(post_due_reversals).value == 1
    back = select(JournalEntry.entry_date).where(JournalEntry.reverses_id == accrued)
    assert books.read(lambda work: work.db.scalars(back).one()) == date(2026, 4, 1)
    assert at_march_end(books) == "-100.00"
    verify(books)


def test_two_desks_prove_a_month_or_write_into_it(books: Office) -> None:
    rent_of_march(books)
    new = ManualEntry(MARCH_END, "Late", CHECK)
    begun = books.write(
        lambda work: start(work, account_named(work), MARCH_END, Money(-50_00))
    ).value
    done = at_once(
        (books, lambda work: complete(work, begun)), (books, lambda work: post_manual(work, new))
    )
    # Whoever is second sees the first: the entry is on the proof as outstanding, or refused.
    assert [str(one) for one in refusals(done) if "is reconciled" not in str(one)] == []
    verify(books)


def test_the_check_names_what_came_into_proved_days(
    books: Office, practice: str, rent: int
) -> None:
    tamper(practice, "UPDATE reconciliation SET completed_at = '2026-01-01 00:00:00+00:00'")
    (check,) = books.read(lambda work: run_checks(work, ["reconciliations-stand"])).checks
    number = books.read(lambda work: work.db.get_one(JournalEntry, rent).number)
    said = f"entry {number} was posted into the days that reconciliation REC-2026-00001"
    assert check.offenders == (f"{said} to 03/31/2026 had proved",)
