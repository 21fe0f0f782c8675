"""What is taken back is taken back on its own day, unless that day is closed or proved."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.ledger import JournalEntry
from fscdesk.models.values import Money
from fscdesk.services.accounting.closing_periods import close
from fscdesk.services.banking.accepting import MatchDraft, accept, take_apart
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.match_items import BankLeg
from fscdesk.services.banking.reconciling import complete, standing, start
from fscdesk.services.banking.suspense import explain_by_account, suspense, tell_apart
from fscdesk.services.banking.typed_lines import type_line
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.balances import balance
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.bank_books import line, other_account, starts
from tests.support.clock import Clock
from tests.support.deposits import deposit, paid, undone
from tests.support.payments import Till, open_till, verify

MARCH_END = date(2026, 3, 31)
TODAY = date(2026, 4, 12)


@pytest.fixture
def till(books: Office) -> Till:
    return books.write(open_till).value


def held(books: Office, account: str, as_of: date = MARCH_END) -> str:
    return str(books.read(lambda work: balance(work, account, as_of=as_of)))


def fee(books: Office, account: str, on: str = "3/15") -> tuple[int, int]:
    """A fee of 15.00 that the bank took, posted to an account: the line and its match."""
    ident = books.read(account_named)
    taken = books.write(lambda work: line(work, on, -15_00, "MONTHLY FEE")).value
    return taken, matched(books, ident, taken, account)


def matched(books: Office, ident: int, taken: int, account: str) -> int:
    legs = (BankLeg(account, Money(-15_00)),)
    draft = MatchDraft(ident, (taken,), legs=legs, memo="Fee")
    return books.write(lambda work: accept(work, draft)).value


def reversed_on(books: Office) -> list[date]:
    rows = select(JournalEntry.entry_date).where(JournalEntry.reverses_id.is_not(None))
    return list(books.read(lambda work: work.db.scalars(rows.order_by(JournalEntry.id)).all()))


def day_of(books: Office, entry_id: int) -> date:
    return books.read(lambda work: work.db.get_one(JournalEntry, entry_id).entry_date)


def test_a_fee_that_was_matched_wrong_is_no_expense_of_march(books: Office) -> None:
    ident = books.write(lambda work: starts(work, "3/1", 0)).value
    taken, match = fee(books, "7000")
    books.write(lambda work: take_apart(work, match, "Not the rent"))
    assert (held(books, "7000"), held(books, "1000")) == ("0.00", "0.00")
    matched(books, ident, taken, "8100")
    assert (held(books, "8100"), held(books, "1000")) == ("15.00", "-15.00")
    proof = books.write(lambda work: start(work, ident, MARCH_END, Money(-15_00))).value
    state = books.read(lambda work: standing(work, proof))
    assert (state.ready, state.in_transit, state.outstanding) == (True, (), ())
    verify(books)


def test_a_closed_month_keeps_its_fee(books: Office, clock: Clock) -> None:
    _taken, match = fee(books, "7000")
    books.write(lambda work: close(work, MARCH_END))
    clock.forward(minutes=1)
    books.write(lambda work: take_apart(work, match, "Not the rent"))
    assert reversed_on(books) == [TODAY]
    assert held(books, "7000") == "15.00"
    verify(books)


def test_what_another_account_has_proved_stays(books: Office) -> None:
    _taken, match = fee(books, "1020")
    transfer = books.read(lambda work: work.db.scalars(select(JournalEntry.id)).one())

    def prove(work: Work) -> None:
        ident = other_account(work)
        on, amount = date(2026, 3, 15), Money(15_00)
        theirs = type_line(work, ident, on=on, amount=amount, words="TRANSFER")
        accept(work, MatchDraft(ident, (theirs,), entry_ids=(transfer,)))
        complete(work, start(work, ident, MARCH_END, amount))

    books.write(prove)
    # Once its other half is proved, the transfer was one: only undoing that proof sets it free.
    with pytest.raises(Problem, match=r"in Savings\. .* is reconciled there \(REC-2026-00001\)"):
        books.write(lambda work: take_apart(work, match, "Not between our accounts"))
    assert (reversed_on(books), held(books, "1020")) == ([], "15.00")
    verify(books)


def test_money_on_hold_goes_on_its_day(books: Office) -> None:
    came = books.write(lambda work: line(work, "3/15", 61_75, "UNKNOWN")).value
    ident = books.read(account_named)
    match = books.write(lambda work: accept(work, MatchDraft(ident, (came,), hold=True))).value
    books.write(lambda work: take_apart(work, match, "It is interest"))
    assert (held(books, "2420"), held(books, "1000")) == ("0.00", "0.00")
    verify(books)


def test_an_explanation_is_told_apart_on_its_day(books: Office, clock: Clock) -> None:
    came = books.write(lambda work: line(work, "3/15", 61_75, "UNKNOWN")).value
    ident = books.read(account_named)
    books.write(lambda work: accept(work, MatchDraft(ident, (came,), hold=True)))
    legs = [BankLeg("4340", Money(61_75))]
    waits = books.read(suspense)[0].id
    entry = books.write(lambda work: explain_by_account(work, waits, legs, "Interest")).value
    assert (held(books, "4340"), held(books, "2420")) == ("-61.75", "0.00")
    clock.forward(days=30)
    books.write(lambda work: tell_apart(work, entry, "Not interest"))
    assert reversed_on(books) == [date(2026, 3, 15)]
    again = books.write(lambda work: explain_by_account(work, waits, legs, "Interest")).value
    clock.forward(days=30)
    books.write(lambda work: close(work, date(2026, 5, 1)))
    clock.forward(minutes=1)
    books.write(lambda work: tell_apart(work, again, "Not interest"))
    assert reversed_on(books)[-1] == date(2026, 6, 11)
    late = books.write(lambda work: explain_by_account(work, waits, legs, "Interest")).value
    assert day_of(books, late) == date(2026, 6, 11)
    verify(books)


def test_an_explanation_after_the_proof_is_of_today(books: Office) -> None:
    ident = books.write(lambda work: starts(work, "3/1", 0)).value
    came = books.write(lambda work: line(work, "3/15", 61_75, "UNKNOWN")).value
    books.write(lambda work: accept(work, MatchDraft(ident, (came,), hold=True)))
    books.write(lambda work: complete(work, start(work, ident, MARCH_END, Money(61_75))))
    legs = [BankLeg("4340", Money(61_75))]
    waits = books.read(suspense)[0].id
    said = books.write(lambda work: explain_by_account(work, waits, legs, "Interest")).value
    assert day_of(books, said) == TODAY
    assert (held(books, "4340"), held(books, "2420")) == ("0.00", "-61.75")
    verify(books)


def test_a_deposit_goes_on_its_day_by_the_same_rule(
    books: Office, till: Till, clock: Clock
) -> None:
    one, other = (paid(books, till, cents).payment_id for cents in (30_00, 50_00))
    first, second = deposit(books, one), deposit(books, other)
    clock.forward(days=20)
    undone(books, first.id)
    assert reversed_on(books) == [first.entered_on]
    books.write(lambda work: close(work, date(2026, 4, 1)))
    clock.forward(minutes=1)
    undone(books, second.id)
    assert reversed_on(books) == [first.entered_on, date(2026, 5, 2)]
    verify(books)


def test_a_deposit_undone_does_not_push_the_true_one_later(books: Office, till: Till) -> None:
    one = paid(books, till, 50_00, received_on=date(2026, 3, 12)).payment_id
    first = deposit(books, one, on=TODAY)
    undone(books, first.id)
    again = deposit(books, one, on=date(2026, 3, 13))
    assert (again.on, again.entered_on) == (date(2026, 3, 13), date(2026, 3, 13))
    assert (held(books, "1000"), held(books, "1050")) == ("50.00", "0.00")
    verify(books)


def test_a_deposit_of_a_closed_month_is_made_anew_after_it(
    books: Office, till: Till, clock: Clock
) -> None:
    """Until the day on which it was taken back the money was at the bank, in what was told."""
    one = paid(books, till, 50_00, received_on=date(2026, 3, 12)).payment_id
    first = deposit(books, one, on=date(2026, 3, 13))
    books.write(lambda work: close(work, MARCH_END))
    clock.forward(minutes=1)
    undone(books, first.id)
    again = deposit(books, one, on=date(2026, 3, 13))
    assert again.entered_on == TODAY
    assert held(books, "1050", date(2026, 4, 1)) == "0.00"
    verify(books)
