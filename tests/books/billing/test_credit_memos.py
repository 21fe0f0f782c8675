"""Credit memos: issued or asked for, applied in part, voided for what is left."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.invoice import CreditMemo, MemoStatus
from fscdesk.models.ledger import EntryKind, JournalEntry
from fscdesk.models.patient import Patient
from fscdesk.models.payment import Credit, CreditKind
from fscdesk.models.values import Money
from fscdesk.services.billing.adjustment_lists import MemoRow, memo_in, memos_of, page_of_memos
from fscdesk.services.billing.credit_memos import Memo, NewMemo, issue, post_approved, void_memo
from fscdesk.services.billing.limits import WRITE_OFF_ALONE
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.payments import approving
from fscdesk.services.payments.applying import Application, apply, unapply
from fscdesk.services.permissions import Right
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import Till, cents, verify
from tests.support.second_person import at_once, manager, nobody, without
from tests.support.write_offs import TODAY, approve, decide_setting, owes, refuse

WHY = "Long wait on 03/02"


def asked(books: Office, till: Till, amount: int = 20_00, **facts: Any) -> Memo:
    new = NewMemo(till.alma, Money(amount), WHY, **facts)
    return books.write(lambda work: issue(work, new)).value


def issued(books: Office, till: Till, amount: int = 20_00) -> Memo:
    """Issue a memo with the approval of a second person."""
    memo = asked(books, till, amount)
    found = manager(books).write(lambda work: approve(work, memo.request_id or 0)).value
    assert isinstance(found, Memo)
    return found


def applied(books: Office, memo: Memo, charge_id: int, amount: int) -> None:
    def act(work: Work) -> None:
        credit = work.db.get_one(Credit, memo.credit_id)
        apply(work, credit, [Application(charge_id, Money(amount))], on=TODAY)

    books.write(act)


def row(books: Office, till: Till) -> MemoRow:
    return books.read(lambda work: memos_of(work, till.alma))[0]


def voided(books: Office, till: Till) -> Money:
    one = row(books, till)

    def act(work: Work) -> Money:
        return void_memo(work, one.id, reason="Given twice", expected_version=one.version)

    return books.write(act).value


def test_a_memo_waits_and_then_is_a_credit(books: Office, till: Till) -> None:
    memo = asked(books, till)
    assert (memo.number, memo.status, memo.credit_id) == ("CM-2026-00001", MemoStatus.WAITING, None)
    assert memo.needs == Right.APPROVE_WRITE_OFF_50
    assert books.read(lambda work: cents(work, "2400")) == 0
    verify(books)
    waiting = books.read(lambda work: memo_in(work, memo.request_id or 0))
    assert waiting is not None
    assert (waiting.applied, waiting.left) == (Money(), Money())
    manager(books).write(lambda work: approve(work, memo.request_id or 0))

    def look(work: Work) -> None:
        assert (cents(work, "4910"), cents(work, "2400")) == (20_00, -20_00)
        assert work.db.get_one(Patient, till.alma).unapplied == Money(20_00)
        assert work.db.scalars(select(Credit)).one().kind is CreditKind.CREDIT_MEMO

    books.read(look)
    verify(books)


def test_the_door_of_decisions_knows_memos(books: Office, till: Till) -> None:
    desk = manager(books)
    first, second, third = (asked(books, till, amount) for amount in (5_00, 6_00, 7_00))
    desk.write(lambda work: approving.approve(work, first.request_id or 0, expected_version=1))
    desk.write(
        lambda work: approving.refuse(work, second.request_id or 0, note="no", expected_version=1)
    )
    books.write(lambda work: approving.withdraw(work, third.request_id or 0, expected_version=1))
    rows = books.read(lambda work: memos_of(work, till.alma))
    assert [one.status for one in rows] == [
        MemoStatus.REFUSED,
        MemoStatus.REFUSED,
        MemoStatus.ISSUED,
    ]
    assert books.read(lambda work: cents(work, "2400")) == -5_00
    verify(books)


def test_it_is_applied_in_parts_and_voided_for_what_is_left(books: Office, till: Till) -> None:
    memo = issued(books, till)
    applied(books, memo, till.copays[0], 12_00)
    assert owes(books, till.copays[0]) == (18_00, 130_00)
    found = row(books, till)
    assert (found.applied, found.left) == (Money(12_00), Money(8_00))
    assert voided(books, till) == Money(8_00)
    found = row(books, till)
    assert (found.status, found.applied, found.left) == (MemoStatus.VOID, Money(12_00), Money())
    assert found.void_reason == "Given twice"
    assert books.read(lambda work: cents(work, "4910")) == 12_00
    assert owes(books, till.copays[0]) == (18_00, 130_00), "what was applied stays applied"
    verify(books)
    with pytest.raises(Problem, match="Nothing is left of credit memo CM-2026-00001"):
        voided(books, till)


def test_an_untouched_one_is_voided_by_a_reversing_entry(books: Office, till: Till) -> None:
    issued(books, till)
    assert voided(books, till) == Money(20_00)
    found = row(books, till)
    assert (found.applied, found.left) == (Money(), Money())
    assert books.read(lambda work: (cents(work, "4910"), cents(work, "2400"))) == (0, 0)
    verify(books)


def test_what_comes_back_to_a_void_memo_can_be_taken_back(books: Office, till: Till) -> None:
    memo = issued(books, till)
    applied(books, memo, till.copays[0], 12_00)
    voided(books, till)

    def back(work: Work) -> None:
        entries = work.db.scalars(select(JournalEntry.id).filter_by(kind=EntryKind.APPLIED)).all()
        unapply(work, entries, on=TODAY, reason="wrong client")

    books.write(back)
    assert voided(books, till) == Money(12_00)
    assert books.read(lambda work: (cents(work, "4910"), cents(work, "2400"))) == (0, 0)
    verify(books)


def test_a_small_one_needs_nobody_where_the_practice_says_so(books: Office, till: Till) -> None:
    books.write(lambda work: decide_setting(work, WRITE_OFF_ALONE, "5.00"))
    memo = asked(books, till, 5_00)
    assert (memo.status, memo.request_id) == (MemoStatus.ISSUED, None)
    verify(books)


def test_a_refused_one_was_never_issued(books: Office, till: Till) -> None:
    memo = asked(books, till)
    assert manager(books).write(lambda work: refuse(work, memo.request_id or 0)).value == 1
    assert row(books, till).status is MemoStatus.REFUSED
    with pytest.raises(Problem, match="is refused; it was never issued"):
        voided(books, till)
    with pytest.raises(Problem, match="does not decide about a credit memo"):
        books.write(lambda work: post_approved(work, memo.request_id or 0))
    verify(books)


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0, "above zero"), (-1, "above zero"), (10**12 + 1, "more than these books can hold")],
)
def test_amounts_that_cannot_be(books: Office, till: Till, amount: int, words: str) -> None:
    with pytest.raises(Problem, match=words):
        asked(books, till, amount)


def test_an_unknown_client_a_strange_invoice_no_reason(books: Office, till: Till) -> None:
    for new, words in (
        (NewMemo(999, Money(1_00), WHY), "This client is not in the books"),
        (NewMemo(till.alma, Money(1_00), WHY, invoice_id=9), "not one of this client's"),
        (NewMemo(till.alma, Money(1_00), " "), "The reason is missing"),
    ):
        with pytest.raises(Problem, match=words):
            books.write(lambda work, new=new: issue(work, new))  # type: ignore[misc]
    assert books.read(lambda work: work.db.scalars(select(CreditMemo)).all()) == []


def test_the_same_key_issues_once_at_two_desks_too(books: Office, till: Till) -> None:
    new = NewMemo(till.alma, Money(20_00), WHY, request_key="m1")
    both = at_once(
        (books, lambda work: issue(work, new)), (manager(books), lambda work: issue(work, new))
    )
    assert "CM-2026-00001" in [one.number for one in both if isinstance(one, Memo)]
    assert all(isinstance(one, Memo | Problem) for one in both)
    assert asked(books, till, request_key="m1").repeated
    count = books.read(lambda work: page_of_memos(work, Span(0, 10, "number")))
    assert (count.total, count.totals["amount"]) == (1, Money(20_00))
    with pytest.raises(Problem, match="with other facts"):
        asked(books, till, 21_00, request_key="m1")


def test_two_desks_void_once(books: Office, till: Till) -> None:
    issued(books, till)
    one = row(books, till)

    def act(work: Work) -> Money:
        return void_memo(work, one.id, reason="Given twice", expected_version=one.version)

    both = at_once((books, act), (manager(books), act))
    assert sorted(type(one).__name__ for one in both) == ["ChangedElsewhere", "Money"]
    verify(books)


def test_rights_stale_versions_and_whole_or_nothing(books: Office, till: Till) -> None:
    for desk in (nobody(books), without(books, Right.ADJUST)):
        with pytest.raises(Problem, match="You may not issue credit memos"):
            asked(desk, till)
    new = NewMemo(till.alma, Money(20_00), WHY)
    memo = assert_all_or_nothing(books, lambda work: issue(work, new)).value
    desk = manager(books)
    with pytest.raises(Problem, match="You asked for this yourself"):
        books.write(lambda work: approve(work, memo.request_id or 0))
    assert_all_or_nothing(desk, lambda work: approve(work, memo.request_id or 0))
    one = row(books, till)

    def void(work: Work, version: int) -> Money:
        return void_memo(work, one.id, reason="Twice", expected_version=version)

    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: void(work, 1))
    assert_all_or_nothing(books, lambda work: void(work, one.version))
    verify(books)
