"""Credit memos of one invoice never exceed it, and a void memo gives nothing any more."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.invoice import CreditMemo, Invoice, MemoStatus
from fscdesk.models.payment import Credit
from fscdesk.models.values import Money
from fscdesk.services.billing.credit_memos import Memo, NewMemo, issue, void_memo
from fscdesk.services.billing.invoice_plan import Chosen
from fscdesk.services.billing.invoices import make_invoices, plan_invoices, void_invoice
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments import approving
from fscdesk.services.payments.applying import Application, apply, unapply
from fscdesk.services.payments.transferring import apply_credit, take_back
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import Till, cents, verify
from tests.support.second_person import at_once, manager, refusals, winners
from tests.support.write_offs import TODAY, owes, version_of


@pytest.fixture
def invoice(books: Office, till: Till) -> int:
    """The id of an invoice of 160.00 for Ben."""
    chosen = Chosen(guarantor_ids=(till.ben_pays,))
    made = books.write(lambda work: make_invoices(work, plan_invoices(work, chosen))).value
    return made.invoices[0].id


def asked(books: Office, patient: int, amount: int, **facts: Any) -> Memo:
    new = NewMemo(patient, Money(amount), "Long wait", **facts)
    return books.write(lambda work: issue(work, new)).value


def decided(desk: Office, memo: Memo, *, approved: bool = True) -> None:
    request_id = memo.request_id or 0
    version = version_of(desk, request_id)
    if approved:
        desk.write(lambda work: approving.approve(work, request_id, expected_version=version))
    else:
        desk.write(
            lambda work: approving.refuse(work, request_id, note="no", expected_version=version)
        )


def memo_of(books: Office, memo_id: int) -> CreditMemo:
    return books.read(lambda work: work.db.get_one(CreditMemo, memo_id))


def void(books: Office, memo_id: int) -> Money:
    version = memo_of(books, memo_id).version
    return books.write(
        lambda work: void_memo(work, memo_id, reason="Given twice", expected_version=version)
    ).value


def voided_invoice(books: Office, invoice_id: int) -> None:
    version = books.read(lambda work: work.db.get_one(Invoice, invoice_id).version)
    books.write(lambda work: void_invoice(work, invoice_id, "by mistake", expected_version=version))


def test_two_memos_are_not_more_than_their_invoice(books: Office, till: Till, invoice: int) -> None:
    desk = manager(books)
    first = asked(books, till.ben, 100_00, invoice_id=invoice)
    with pytest.raises(Problem, match=r"61\.00 is more than the 60\.00 that is left") as told:
        asked(books, till.ben, 61_00, invoice_id=invoice)
    assert "100.00 of credit memos" in told.value.message
    second = asked(books, till.ben, 60_00, invoice_id=invoice)
    decided(desk, second, approved=False)
    asked(books, till.ben, 20_00, invoice_id=invoice)
    decided(desk, first)
    for wrong in (40_01, 160_00):
        with pytest.raises(Problem, match=r"is more than the 40\.00 that is left of invoice"):
            asked(books, till.ben, wrong, invoice_id=invoice)
    void(books, first.memo_id)
    assert asked(books, till.ben, 140_00, invoice_id=invoice).status is MemoStatus.WAITING
    verify(books)


def test_two_desks_do_not_give_one_invoice_back_twice(
    books: Office, till: Till, invoice: int
) -> None:
    def act(work: Work) -> Memo:
        return issue(work, NewMemo(till.ben, Money(160_00), "Long wait", invoice))

    both = at_once((books, act), (manager(books), act))
    assert len(winners(both)) == 1
    assert "is left of invoice" in str(refusals(both)[0])


def test_the_memo_of_a_void_invoice_is_not_issued(books: Office, till: Till, invoice: int) -> None:
    desk = manager(books)
    memo = asked(books, till.ben, 160_00, invoice_id=invoice)
    voided_invoice(books, invoice)
    with pytest.raises(Problem, match=r"Invoice INV-2026-00001 is void\.") as told:
        decided(desk, memo)
    assert told.value.hint == "Nothing was posted. It needs no credit memo: refuse the request."
    assert memo_of(books, memo.memo_id).status is MemoStatus.WAITING
    assert books.read(lambda work: (cents(work, "4910"), cents(work, "2400"))) == (0, 0)
    decided(desk, memo, approved=False)
    assert memo_of(books, memo.memo_id).status is MemoStatus.REFUSED
    verify(books)


def spent(books: Office, till: Till) -> tuple[int, int]:
    """Issue a memo of 100.00, apply 60.00 of it, void it; return its credit and the entry."""
    memo = asked(books, till.ben, 100_00)
    decided(manager(books), memo)
    credit = memo_of(books, memo.memo_id).credit_id or 0
    part = Application(till.own, Money(60_00))
    done = books.write(lambda work: apply_credit(work, credit, [part], on=TODAY)).value
    assert void(books, memo.memo_id) == Money(40_00)
    return credit, done.entry_ids[0]


def left_of(books: Office, credit_id: int) -> int:
    return books.read(lambda work: work.db.get_one(Credit, credit_id).balance.cents)


def test_what_comes_back_to_a_void_memo_is_taken_back_with_it(books: Office, till: Till) -> None:
    credit, entry = spent(books, till)
    assert_all_or_nothing(books, lambda work: take_back(work, entry, reason="wrong charge"))
    assert left_of(books, credit) == 0
    assert owes(books, till.own) == (160_00, 0)
    assert books.read(lambda work: (cents(work, "4910"), cents(work, "2400"))) == (0, 0)
    verify(books)


def test_money_of_a_void_memo_pays_nothing(books: Office, till: Till) -> None:
    credit, entry = spent(books, till)
    books.write(lambda work: unapply(work, [entry], on=TODAY, reason="the session was withdrawn"))
    assert left_of(books, credit) == 60_00
    part = Application(till.own, Money(60_00))
    with pytest.raises(Problem, match="Credit memo CM-2026-00001 is void") as told:
        books.write(lambda work: apply_credit(work, credit, [part], on=TODAY))
    assert told.value.hint == "Nothing was posted. Void it again: that takes back what is left."
    assert owes(books, till.own) == (160_00, 0)
    assert void(books, books.read(lambda work: work.db.scalars(select(CreditMemo.id)).one())) == (
        Money(60_00)
    )
    verify(books)


def test_what_comes_back_to_a_live_memo_stays_its_credit(books: Office, till: Till) -> None:
    memo = asked(books, till.ben, 100_00)
    decided(manager(books), memo)
    credit = memo_of(books, memo.memo_id).credit_id or 0

    def pay(work: Work) -> int:
        found = work.db.get_one(Credit, credit)
        part = Application(till.own, Money(60_00))
        return apply(work, found, [part], on=TODAY).entry_ids[0]

    entry = books.write(pay).value
    books.write(lambda work: take_back(work, entry, reason="wrong charge"))
    assert left_of(books, credit) == 100_00
    verify(books)
