"""Money that nobody can name: held, explained by what comes later, told apart again, sent back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.bank import BankSuspense
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.banking.accepting import accept, draft_of, take_apart
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.certain import apply_certain
from fscdesk.services.banking.deposits import undo_deposit
from fscdesk.services.banking.match_items import BankLeg
from fscdesk.services.banking.matching import Proposal, Reach, proposals
from fscdesk.services.banking.reconciling import complete, start
from fscdesk.services.banking.suspense import explain, explain_by_account, suspense, tell_apart
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import NewPayment, receive
from fscdesk.services.work import Work
from tests.support.bank_books import line, starts
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import Till, cents, verify
from tests.support.second_person import at_once, clerk, refusals, winners

EFT = "EFT9990001"
TRACED = f"FICTA HCCLAIMPMT TRN*1*{EFT}*1999010000\\"
HELD = date(2026, 3, 30)


def look(books: Office) -> tuple[Proposal, ...]:
    return books.read(lambda work: proposals(work, account_named(work)))


def hold(work: Work) -> int:
    """Put the one open line into suspense, and return the match."""
    account = account_named(work)
    (one,) = proposals(work, account)
    return accept(work, draft_of(account, one, hold=True))


def held(books: Office, words: str = TRACED) -> int:
    """Return money of 61.75 in suspense."""
    books.write(lambda work: line(work, "3/30", 61_75, words))
    books.write(hold)
    return books.read(suspense)[0].id


def eft(books: Office, till: Till, amount: int = 61_75) -> int:
    new = NewPayment(
        Money(amount),
        PaymentMethod.EFT,
        date(2026, 4, 9),
        payer_id=till.payer,
        reference=EFT,
    )
    return books.write(lambda work: receive(work, new)).value.payment_id


def stands(books: Office) -> tuple[int, int, int]:
    """Return what is at the bank, in suspense and undeposited, in cents."""
    return books.read(lambda work: (cents(work, "1000"), cents(work, "2420"), cents(work, "1050")))


def open_of(books: Office, ident: int) -> Money:
    return books.read(lambda work: work.db.get_one(BankSuspense, ident).open)


def test_unknown_money_is_held_and_its_line_is_matched(books: Office) -> None:
    ident = held(books, "UNKNOWN PAYER")
    assert stands(books) == (61_75, -61_75, 0)
    (row,) = books.read(suspense)
    assert (row.number, row.open, row.words) == ("SUS-2026-00001", Money(61_75), "UNKNOWN PAYER")
    assert (look(books), open_of(books, ident)) == ((), Money(61_75))
    verify(books)


def test_what_comes_later_is_taken_from_it_by_its_trace(books: Office, till: Till) -> None:
    ident = held(books)
    payment = eft(books, till)
    assert stands(books) == (61_75, -61_75, 61_75)
    done = books.write(lambda work: apply_certain(work, account_named(work))).value
    assert (done.explained, done.matches) == (1, ())
    assert stands(books) == (61_75, 0, 0)
    days = books.read(lambda work: work.db.get_one(Payment, payment))
    assert (days.deposited_on, days.banked_on) == (HELD, HELD)
    assert (books.read(suspense), open_of(books, ident)) == ((), Money())
    assert len(books.read(lambda work: suspense(work, also_explained=True))) == 1
    verify(books)


def test_a_payment_of_another_amount_is_for_a_person(books: Office, till: Till) -> None:
    ident = held(books)
    payment = eft(books, till, 60_00)
    done = books.write(lambda work: apply_certain(work, account_named(work))).value
    assert done.explained == 0
    books.write(lambda work: explain(work, ident, [payment]))
    assert open_of(books, ident) == Money(1_75)
    books.write(
        lambda work: explain_by_account(work, ident, [BankLeg("4340", Money(1_75))], "Interest")
    )
    assert (stands(books), open_of(books, ident)) == ((61_75, 0, 0), Money())
    verify(books)


def test_more_than_is_open_is_refused(books: Office, till: Till) -> None:
    ident = held(books)
    payment = eft(books, till, 70_00)
    with pytest.raises(Problem, match=r"61\.75 of SUS-2026-00001 is not explained"):
        books.write(lambda work: explain(work, ident, [payment]))
    leg = BankLeg("4340", Money(61_76))
    with pytest.raises(Problem, match=r"61\.75 of SUS-2026-00001 is not explained; this is 61\.76"):
        books.write(lambda work: explain_by_account(work, ident, [leg], "Interest"))
    assert open_of(books, ident) == Money(61_75)


def test_an_explanation_is_told_apart_once(books: Office) -> None:
    ident = held(books)
    leg = BankLeg("4340", Money(61_75))
    entry = books.write(lambda work: explain_by_account(work, ident, [leg], "Interest")).value
    assert books.read(lambda work: cents(work, "4340")) == -61_75
    books.write(lambda work: tell_apart(work, entry, "Not interest"))
    assert (stands(books), open_of(books, ident)) == ((61_75, -61_75, 0), Money(61_75))
    with pytest.raises(Problem, match="explains no money that was held"):
        books.write(lambda work: tell_apart(work, entry, "Again"))
    first = books.read(lambda work: work.db.scalars(select(BankSuspense.entry_id)).one())
    with pytest.raises(Problem, match="explains no money that was held"):
        books.write(lambda work: tell_apart(work, first, "The money itself"))
    verify(books)


def test_what_a_payment_explained_is_undone_with_its_deposit(books: Office, till: Till) -> None:
    ident = held(books)
    payment = eft(books, till)
    made = books.write(lambda work: explain(work, ident, [payment])).value
    books.write(lambda work: undo_deposit(work, made.id, "Another payment"))
    assert (stands(books), open_of(books, ident)) == ((61_75, -61_75, 61_75), Money(61_75))
    days = books.read(lambda work: work.db.get_one(Payment, payment))
    assert (days.deposited_on, days.banked_on) == (None, None)
    verify(books)


def test_money_on_hold_is_let_go_unless_it_was_explained(books: Office) -> None:
    books.write(lambda work: line(work, "3/30", 61_75, TRACED))
    match = books.write(hold).value
    ident = books.read(suspense)[0].id
    leg = BankLeg("4340", Money(1_00))
    entry = books.write(lambda work: explain_by_account(work, ident, [leg], "Interest")).value
    with pytest.raises(Problem, match=r"1\.00 of SUS-2026-00001 was explained since"):
        books.write(lambda work: take_apart(work, match, "No"))
    books.write(lambda work: tell_apart(work, entry, "No"))
    books.write(lambda work: take_apart(work, match, "Known now"))
    assert (stands(books), books.read(suspense)) == ((0, 0, 0), ())
    assert [one.reach for one in look(books)] == [Reach.NONE]
    verify(books)


def test_money_that_went_back_is_known_by_its_amount(books: Office) -> None:
    ident = held(books)
    books.write(lambda work: line(work, "4/2", -61_75, "ACH RETURN"))
    (one,) = look(books)
    assert one.sends_back == ident
    match = books.write(lambda work: accept(work, draft_of(account_named(work), one))).value
    assert (stands(books), open_of(books, ident)) == ((0, 0, 0), Money())
    verify(books)
    books.write(lambda work: take_apart(work, match, "Another"))
    assert (stands(books), open_of(books, ident)) == ((61_75, -61_75, 0), Money(61_75))
    verify(books)


def test_whose_the_money_is_likely_to_be_is_learnt(books: Office, till: Till) -> None:
    books.write(lambda work: line(work, "3/30", 61_75, "UNKNOWN ACH 77"))
    (one,) = look(books)

    def hold_for_payer(work: Work) -> int:
        draft = draft_of(account_named(work), one, hold=True)
        return accept(work, replace(draft, payer_id=till.payer))

    books.write(hold_for_payer)
    assert [(row.payer, row.open) for row in books.read(suspense)] == [
        ("Example East", Money(61_75))
    ]
    books.write(lambda work: line(work, "4/2", 9_00, "UNKNOWN ACH 78"))
    (next_one,) = look(books)
    assert (next_one.payer_id, next_one.hold) == (till.payer, True)
    verify(books)


def test_money_that_left_cannot_be_held(sqlite_books: Office) -> None:
    sqlite_books.write(lambda work: line(work, "3/30", -61_75, "X"))
    with pytest.raises(Problem, match="only money that came can"):
        sqlite_books.write(hold)


def test_a_locked_months_suspense_is_explained_without_touching_the_month(
    books: Office, till: Till
) -> None:
    account = books.write(lambda work: starts(work, "3/1", 0)).value
    held(books)
    month = books.write(lambda work: start(work, account, date(2026, 3, 31), Money(61_75))).value
    books.write(lambda work: complete(work, month))
    eft(books, till)
    done = books.write(lambda work: apply_certain(work, account_named(work))).value
    assert (done.explained, stands(books)) == (1, (61_75, 0, 0))
    verify(books)


def test_two_desks_explain_held_money_once(books: Office) -> None:
    ident = held(books)
    leg = BankLeg("4340", Money(61_75))
    done = at_once(
        (books, lambda work: explain_by_account(work, ident, [leg], "Interest")),
        (clerk(books), lambda work: explain_by_account(work, ident, [leg], "Interest")),
    )
    assert (len(winners(done)), len(refusals(done))) == (1, 1)
    assert (open_of(books, ident), stands(books)) == (Money(), (61_75, 0, 0))
    verify(books)


def test_two_desks_explain_held_money_by_a_payment_once(books: Office, till: Till) -> None:
    ident = held(books)
    payment = eft(books, till)
    done = at_once(
        (books, lambda work: explain(work, ident, [payment])),
        (clerk(books), lambda work: explain(work, ident, [payment])),
    )
    assert (len(winners(done)), len(refusals(done))) == (1, 1)
    assert isinstance(refusals(done)[0], Problem)
    with pytest.raises(Problem, match="This money is not in the books"):
        books.write(lambda work: explain(work, 77, [payment]))
    verify(books)


def test_each_act_is_whole_or_nothing(books: Office, till: Till) -> None:
    books.write(lambda work: line(work, "3/30", 61_75, TRACED))
    assert_all_or_nothing(books, hold)
    ident = books.read(suspense)[0].id
    leg = BankLeg("4340", Money(1_75))
    entry = assert_all_or_nothing(
        books, lambda work: explain_by_account(work, ident, [leg], "Interest")
    ).value
    assert_all_or_nothing(books, lambda work: tell_apart(work, entry, "No"))
    payment = eft(books, till)
    assert_all_or_nothing(books, lambda work: explain(work, ident, [payment]))
