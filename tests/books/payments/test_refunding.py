"""Refunds: never more than is left, to who paid, with a second person above the limit."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.payer import Payer
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.values import Money
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.approving import approve, queue, refuse, request_detail, withdraw
from fscdesk.services.payments.policies import REFUND_ALONE
from fscdesk.services.payments.queries import RefundFilter, page_of_refunds, refund_clock
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.payments.refunding import (
    NewRefund,
    cancel_refund,
    pay_refund,
    request_refund,
)
from fscdesk.services.payments.transferring import apply_credit, transfer
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.payment_acts import LATER, asked, request_of, setting, unapplied
from tests.support.payments import DAY, Till, cents, received, verify
from tests.support.second_person import at_once, clerk, manager, refusals, winners


def paid_out(books: Office, refund_id: int) -> int:
    version = books.read(lambda work: work.db.get_one(Refund, refund_id).version)
    return books.write(
        lambda work: pay_refund(
            work, refund_id, on=LATER, reference="2001", expected_version=version
        )
    ).value


def test_up_to_the_limit_one_person_is_enough(books: Office, till: Till) -> None:
    one = unapplied(books, till)
    refund = asked(books, one.credit_id, 100_00)
    assert (refund.status, refund.request_id) == (RefundStatus.APPROVED, None)
    assert (refund.number, refund.due_on) == ("REF-2026-00001", date(2026, 5, 12))
    paid_out(books, refund.refund_id)

    def look(work: Work) -> None:
        kept = work.db.get_one(Refund, refund.refund_id)
        assert (kept.status, kept.paid_on, kept.method, kept.reference) == (
            RefundStatus.PAID,
            LATER,
            PaymentMethod.CHECK,
            "2001",
        )
        assert [cents(work, account) for account in ("1000", "1050", "2400")] == [
            -100_00,
            150_00,
            -50_00,
        ]

    books.read(look)
    verify(books)
    with pytest.raises(Problem, match="is paid, not approved"):
        paid_out(books, refund.refund_id)


def test_above_it_a_second_person_must_look(books: Office, till: Till) -> None:
    one = unapplied(books, till)
    refund = asked(books, one.credit_id, 100_01)
    assert refund.status is RefundStatus.WAITING
    with pytest.raises(Problem, match="is waiting, not approved"):
        paid_out(books, refund.refund_id)
    request, version = request_of(books, refund.refund_id)
    with pytest.raises(Problem, match="You asked for this yourself"):
        books.write(lambda work: approve(work, request, expected_version=version))
    with pytest.raises(Problem, match="You may not decide"):
        clerk(books).write(lambda work: approve(work, request, expected_version=version))
    boss = manager(books)
    (row,) = boss.read(queue)
    assert (row.amount, row.mine, row.may_decide) == (Money(100_01), False, True)
    assert row.needs == "Somebody who approves refunds"
    (own,) = books.read(queue)
    assert (own.mine, own.may_decide) == (True, False)
    boss.write(lambda work: approve(work, request, note="paid twice", expected_version=version))

    detail = boss.read(lambda work: request_detail(work, request))
    assert [(step.step, step.note) for step in detail.steps] == [
        ("asked", "Paid twice"),
        ("approved", "paid twice"),
    ]
    (item,) = detail.items
    assert (item.noun, item.noun_id, item.status, item.who) == (
        "refund",
        refund.refund_id,
        "approved",
        "Alma Anyone",
    )
    assert detail.row.decided_by == "Mara Nager"
    with pytest.raises(ChangedElsewhere, match="was approved already"):
        boss.write(lambda work: refuse(work, request, note="no", expected_version=version))
    paid_out(books, refund.refund_id)
    verify(books)


def test_two_small_ones_of_one_payment_do_not_get_around_the_limit(
    books: Office, till: Till
) -> None:
    one = unapplied(books, till)
    assert asked(books, one.credit_id, 60_00).status is RefundStatus.APPROVED
    assert asked(books, one.credit_id, 60_00).status is RefundStatus.WAITING
    setting(books, REFUND_ALONE, "150.00")
    assert asked(books, one.credit_id, 30_00).status is RefundStatus.APPROVED


@pytest.mark.parametrize("ending", ["refused", "withdrawn"])
def test_what_is_refused_or_withdrawn_is_free_again(books: Office, till: Till, ending: str) -> None:
    one = unapplied(books, till)
    refund = asked(books, one.credit_id, 150_00)
    request, version = request_of(books, refund.refund_id)
    with pytest.raises(Problem, match="waits for a decision"):
        books.write(
            lambda work: cancel_refund(
                work, refund.refund_id, reason="x", expected_version=refund.version
            )
        )
    if ending == "refused":
        boss = manager(books)
        with pytest.raises(Problem, match="reason is missing"):
            boss.write(lambda work: refuse(work, request, note="", expected_version=version))
        boss.write(lambda work: refuse(work, request, note="keep it", expected_version=version))
    else:
        with pytest.raises(Problem, match="Only who asked"):
            manager(books).write(lambda work: withdraw(work, request, expected_version=version))
        books.write(lambda work: withdraw(work, request, expected_version=version))
    status = books.read(lambda work: work.db.get_one(Refund, refund.refund_id).status)
    assert status is RefundStatus.CANCELLED
    asked(books, one.credit_id, 150_00)
    verify(books)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "above zero"),
        (-1, "above zero"),
        (150_01, r"but 150\.00 is left of this money"),
        (10**13, "is left of this money"),
    ],
)
def test_never_more_than_is_left(books: Office, till: Till, amount: int, words: str) -> None:
    one = unapplied(books, till)
    with pytest.raises(Problem, match=words):
        asked(books, one.credit_id, amount)
    asked(books, one.credit_id, 100_00)
    with pytest.raises(Problem, match=r"but 50\.00 is left of this money, as 100\.00 waits"):
        asked(books, one.credit_id, 50_01)


def test_the_same_command_twice_asks_once(books: Office, till: Till) -> None:
    one = unapplied(books, till)
    first = asked(books, one.credit_id, 150_00, request_key="r1")
    again = asked(books, one.credit_id, 150_00, request_key="r1")
    assert (again.refund_id, again.repeated) == (first.refund_id, True)
    with pytest.raises(Problem, match="with other facts"):
        asked(books, one.credit_id, 149_00, request_key="r1")
    assert len(books.read(queue)) == 1


def test_the_same_key_from_two_desks_asks_once(books: Office, till: Till) -> None:
    one = unapplied(books, till)
    new = NewRefund(one.credit_id, Money(20_00), "Paid twice", request_key="r1")
    done = at_once(*[(books, lambda work: request_refund(work, new))] * 2)
    assert sorted(asked.repeated for asked in winners(done)) == [False, True]
    assert refusals(done) == []


def test_another_method_needs_a_reason(books: Office, till: Till) -> None:
    one = unapplied(books, till)
    with pytest.raises(Problem, match="reason for another method is missing"):
        asked(books, one.credit_id, 10_00, method=PaymentMethod.CASH)
    refund = asked(
        books,
        one.credit_id,
        10_00,
        method=PaymentMethod.CASH,
        method_reason="account closed",
    )
    kept = books.read(lambda work: work.db.get_one(Refund, refund.refund_id))
    assert kept.reason == "Paid twice. By cash instead of check: account closed"


def test_money_that_was_transferred_goes_back_to_who_paid_it(books: Office, till: Till) -> None:
    one = unapplied(books, till)
    moved = books.write(
        lambda work: transfer(
            work, one.credit_id, amount=Money(40_00), to_patient=till.ben, reason="x", on=LATER
        )
    ).value
    asked(books, moved.credit_id, 40_00)
    (row,) = books.read(refund_clock)
    assert (row.to_name, row.payment_number) == ("Alma Anyone", "PAY-2026-00001")
    verify(books)


def test_the_clock_of_a_public_program_runs_longer(books: Office, till: Till, clock: Clock) -> None:
    def mark(work: Work) -> None:
        work.db.get_one(Payer, till.payer).public_program = True

    books.write(mark)
    eft = received(books, NewPayment(Money(50_00), PaymentMethod.EFT, DAY, payer_id=till.payer))
    own = unapplied(books, till)
    public = asked(books, eft.credit_id, 50_00, found_on=date(2026, 4, 10))
    assert public.due_on == date(2026, 6, 9)
    asked(books, own.credit_id, 50_00)
    with pytest.raises(Problem, match="has not come yet"):
        asked(books, own.credit_id, 50_00, found_on=date(2026, 4, 13))
    clock.forward(days=31)
    rows = books.read(refund_clock)
    assert [(row.days_left, row.overdue) for row in rows] == [(-1, True), (27, False)]
    span = Span(0, 10, "due")
    late = books.read(lambda work: page_of_refunds(work, RefundFilter(view="overdue"), span))
    assert [row.amount for row in late.rows] == [Money(50_00)]
    paid_out(books, public.refund_id)
    assert books.read(lambda work: cents(work, "2410")) == 0
    verify(books)


def test_a_refund_is_not_paid_from_money_that_is_gone(books: Office, till: Till) -> None:
    """The desk that applies by another door (an import) does not ask what is promised."""
    from fscdesk.models.payment import Credit
    from fscdesk.services.payments.applying import apply

    one = unapplied(books, till, 40_00)
    refund = asked(books, one.credit_id, 40_00)
    part = Application(till.copays[0], Money(30_00))
    books.write(lambda work: apply(work, work.db.get_one(Credit, one.credit_id), [part], on=LATER))
    with pytest.raises(Problem, match=r"40\.00 was to go back, but 10\.00 is left"):
        paid_out(books, refund.refund_id)
    verify(books)


def test_a_cancelled_refund_frees_its_money(books: Office, till: Till) -> None:
    one = unapplied(books, till)
    refund = asked(books, one.credit_id, 100_00)
    books.write(
        lambda work: cancel_refund(
            work, refund.refund_id, reason="keeps it", expected_version=refund.version
        )
    )
    with pytest.raises(Problem, match="is cancelled, not approved"):
        paid_out(books, refund.refund_id)
    part = Application(till.own, Money(150_00))
    books.write(lambda work: apply_credit(work, one.credit_id, [part], on=LATER))
    verify(books)
