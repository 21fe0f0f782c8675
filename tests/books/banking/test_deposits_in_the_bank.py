"""Deposits beside the bank's statement: matched, from money that waited, and checked by verify."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from fscdesk.models.bank import BankSuspense
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.banking.deposit_list import deposit_detail, deposits
from fscdesk.services.banking.deposits import DepositDraft, DepositKind, make_deposit, undo_deposit
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support import bank_books
from tests.support.deposits import deposit, paid, undone
from tests.support.payment_acts import LATER
from tests.support.payments import Till, cents, verify


def test_a_matched_deposit_is_not_undone(books: Office, till: Till) -> None:
    one = paid(books, till, 150_00)
    done = deposit(books, one.payment_id)

    def match(work: Work) -> int:
        return bank_books.match(work, [bank_books.line(work, "4/12", 150_00)], [done.entry_id])

    found = books.write(match).value
    (row,) = books.read(deposits)
    assert (row.number, row.items, row.banked_on) == (done.number, 1, bank_books.day("4/12"))
    with pytest.raises(Problem, match="DEP-2026-00001 is matched with the bank's statement"):
        undone(books, done.id)
    books.write(lambda work: bank_books.unmatch(work, found))
    undone(books, done.id)
    detail = books.read(lambda work: deposit_detail(work, done.id))
    assert (detail.undone_why, detail.gross) == ("Counted again", Money(150_00))
    assert [(line.number, line.amount) for line in detail.lines] == [(one.number, Money(150_00))]
    verify(books)


def test_money_that_waited_is_explained_by_payments(books: Office, till: Till) -> None:
    held = books.write(
        lambda work: bank_books.suspense(work, bank_books.line(work, "4/11", 200_00))
    ).value
    one = paid(books, till, 150_00, PaymentMethod.EFT)
    more = paid(books, till, 60_00, PaymentMethod.EFT)
    draft = DepositDraft(None, DepositKind.SUSPENSE, LATER, (one.payment_id,), suspense_id=held)
    done = books.write(lambda work: make_deposit(work, draft)).value

    def standing(work: Work) -> tuple[int, ...]:
        left = work.db.get_one(BankSuspense, held).open.cents
        return (*(cents(work, account) for account in ("1000", "1050", "2420")), left)

    assert books.read(standing) == (200_00, 60_00, -50_00, 50_00)
    over = DepositDraft(None, DepositKind.SUSPENSE, LATER, (more.payment_id,), suspense_id=held)
    with pytest.raises(Problem, match=r"50\.00 of SUS-2026-00001 is not explained yet"):
        books.write(lambda work: make_deposit(work, over))
    books.write(lambda work: undo_deposit(work, done.id, "Another payer"))
    assert books.read(standing) == (200_00, 210_00, -200_00, 200_00)


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE deposit SET amount = amount + 1", "deposits-add-up"),
        ("UPDATE deposit_item SET amount = amount + 1", "deposits-add-up"),
        ("UPDATE deposit_item SET live_payment_id = NULL", "deposits-add-up"),
        ("UPDATE payment SET deposited_on = NULL", "payments-deposited"),
    ],
)
def test_verify_sees_a_deposit_that_is_not_its_items(
    books: Office, till: Till, statement: str, check: str
) -> None:
    one = paid(books, till, 150_00)
    deposit(books, one.payment_id)

    def look(work: Work) -> bool:
        work.db.execute(text(statement))
        (found,) = run_checks(work, [check]).checks
        return found.ok

    assert not books.read(look)
    verify(books)
