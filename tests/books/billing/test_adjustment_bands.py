"""The approval bands go by what one account loses, however many commands ask for it (DESIGN 8)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.approval import ApprovalStep
from fscdesk.models.charge import Side
from fscdesk.models.invoice import CreditMemo
from fscdesk.models.values import Money
from fscdesk.services.billing.adjusting import adjust, reverse_adjustment
from fscdesk.services.billing.credit_memos import Memo, NewMemo, issue, void_memo
from fscdesk.services.billing.limits import WRITE_OFF_ALONE
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments import approving
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.transferring import apply_credit
from fscdesk.services.permissions import Right
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.payments import Till, verify
from tests.support.second_person import at_once, clerk, manager
from tests.support.write_offs import (
    TODAY,
    adjustment,
    approve,
    approved,
    decide_setting,
    made,
    new,
    owes,
    refuse,
    version_of,
)

K = AdjustmentKind
CLERK, MANAGER, CFO = (
    Right.APPROVE_WRITE_OFF_50,
    Right.APPROVE_WRITE_OFF_500,
    Right.APPROVE_WRITE_OFF_ANY,
)


def memo(books: Office, patient: int, cents: int, **facts: Any) -> Memo:
    """Issue a credit memo, or ask for it."""
    wanted = NewMemo(patient, Money(cents), "Waited an hour", **facts)
    return books.write(lambda work: issue(work, wanted)).value


def decided(desk: Office, request_id: int | None) -> None:
    """Approve a request at this desk."""
    assert request_id is not None
    version = version_of(desk, request_id)
    desk.write(lambda work: approving.approve(work, request_id, expected_version=version))


def test_three_times_fifty_is_not_a_clerks_to_approve(books: Office, till: Till) -> None:
    asking, approving_clerk = clerk(books), clerk(books)
    first = made(asking, new(till.own, K.BAD_DEBT, 50_00))
    assert (first.needs, first.why) == (CLERK, "")
    approved(approving_clerk, first.request_id)
    second = made(asking, new(till.own, K.BAD_DEBT, 50_00))
    assert second.needs == MANAGER
    assert second.why == (
        "Account G-2: 50.00 now, with 50.00 that waits or was posted in the last 30 days, are"
        " 100.00. Above 50.00 a higher right decides."
    )
    with pytest.raises(Problem, match="You may not decide about 50"):
        decided(approving_clerk, second.request_id)
    steps = books.read(
        lambda work: work.db.execute(
            select(ApprovalStep.step, ApprovalStep.note)
            .where(ApprovalStep.request_id == second.request_id)
            .order_by(ApprovalStep.id)
        ).all()
    )
    assert [tuple(one) for one in steps][1:] == [("band", second.why)], "who decides is told"
    decided(manager(books), second.request_id)
    assert owes(books, till.own) == (60_00, 0)
    verify(books)


def test_what_waits_counts_at_once(books: Office, till: Till) -> None:
    assert made(books, new(till.own, K.COURTESY, 30_00)).needs == CLERK
    assert made(books, new(till.own, K.BAD_DEBT, 30_00)).needs == MANAGER
    assert memo(books, till.ben, 30_00).needs == MANAGER
    assert made(books, new(till.copays[0], K.COURTESY, 30_00)).needs == CLERK, "another account"


def test_memos_and_write_offs_fill_one_band(books: Office, till: Till) -> None:
    first = memo(books, till.ben, 40_00)
    assert (first.needs, first.why) == (CLERK, "")
    decided(clerk(books), first.request_id)
    found = made(books, new(till.own, K.BAD_DEBT, 20_00))
    assert found.needs == MANAGER
    assert "40.00 that waits or was posted" in found.why
    again = memo(books, till.ben, 20_00)
    assert again.needs == MANAGER
    assert again.why.startswith("Account G-2: 20.00 now, with 40.00")


def test_the_spent_part_of_a_void_memo_counts(books: Office, till: Till) -> None:
    first = memo(books, till.ben, 40_00)
    decided(clerk(books), first.request_id)
    applied_part(books, till.own, 30_00)
    version = books.read(lambda work: work.db.get_one(CreditMemo, first.memo_id).version)
    books.write(
        lambda work: void_memo(work, first.memo_id, reason="Twice", expected_version=version)
    )
    assert made(books, new(till.own, K.BAD_DEBT, 20_00)).needs == CLERK
    assert made(books, new(till.own, K.BAD_DEBT, 1)).needs == MANAGER


def applied_part(books: Office, charge_id: int, cents: int) -> None:
    """Apply so much of the only credit to a charge."""
    part = Application(charge_id, Money(cents), Side.PATIENT)
    books.write(lambda work: apply_credit(work, 1, [part], on=TODAY))


def test_what_a_higher_person_decided_leaves_the_lower_band_free(books: Office, till: Till) -> None:
    approved(manager(books), made(books, new(till.own, K.BAD_DEBT, 100_00)).request_id)
    assert made(books, new(till.own, K.BAD_DEBT, 50_00)).needs == CLERK


def test_a_managers_band_is_not_split_either(books: Office, till: Till) -> None:
    desk = manager(books)
    first = made(books, *[new(one, K.CORRECTION, -150_00) for one in till.copays])
    assert first.needs == MANAGER
    approved(desk, first.request_id)
    assert memo(books, till.alma, 150_00).needs == MANAGER, "450.00 in all"
    assert memo(books, till.alma, 50_00).needs == CLERK, "the others were a manager's to decide"
    above = memo(books, till.alma, 51_00)
    assert above.needs == CFO
    assert above.why.endswith("are 551.00. Above 500.00 a higher right decides.")


def test_refused_taken_back_and_long_ago_do_not_count(
    books: Office, till: Till, clock: Clock
) -> None:
    desk = clerk(books)
    first = made(books, new(till.own, K.BAD_DEBT, 50_00))
    desk.write(lambda work: refuse(work, first.request_id or 0))
    second = made(books, new(till.own, K.BAD_DEBT, 50_00))
    assert second.needs == CLERK
    approved(desk, second.request_id)
    row = adjustment(books, second.ids[0])
    books.write(
        lambda work: reverse_adjustment(
            work, row.id, reason="by mistake", expected_version=row.version
        )
    )
    third = made(books, new(till.own, K.BAD_DEBT, 50_00))
    assert third.needs == CLERK
    approved(desk, third.request_id)
    clock.forward(days=30)
    assert made(books, new(till.own, K.BAD_DEBT, 1_00)).needs == MANAGER
    clock.forward(days=1)
    waiting = made(books, new(till.own, K.BAD_DEBT, 1_00))
    assert waiting.needs == CLERK


def test_what_one_person_writes_off_alone_is_not_split(books: Office, till: Till) -> None:
    books.write(lambda work: decide_setting(work, WRITE_OFF_ALONE, "10.00"))
    desk = clerk(books)
    found = made(desk, new(till.own, K.BAD_DEBT, 6_00, on=TODAY.replace(day=1)))
    assert (found.posted, found.why) == (1, "")
    assert made(desk, new(till.own, K.BAD_DEBT, 4_00)).posted == 1
    third = made(desk, new(till.own, K.BAD_DEBT, 1_00))
    assert (third.posted, third.waiting, third.needs) == (0, 1, CLERK)
    assert third.why == (
        "Account G-2: 1.00 now, with 10.00 that one person wrote off alone in the last 30 days,"
        " are 11.00. Above 10.00 a second person decides."
    )
    asked = memo(desk, till.ben, 10_00)
    assert asked.credit_id is None
    assert "wrote off alone" in asked.why
    assert made(desk, new(till.copays[0], K.BAD_DEBT, 10_00)).posted == 1, "another account"
    assert owes(books, till.own) == (150_00, 0)
    verify(books)


def test_memos_alone_are_not_split(books: Office, till: Till) -> None:
    books.write(lambda work: decide_setting(work, WRITE_OFF_ALONE, "10.00"))
    desk = clerk(books)
    found = [memo(desk, till.ben, 10_00, request_key=f"k{one}") for one in range(3)]
    assert [one.request_id is None for one in found] == [True, False, False]
    assert memo(desk, till.ben, 10_00, request_key="k1").why == found[1].why != ""
    assert made(desk, new(till.own, K.BAD_DEBT, 1_00)).posted == 0
    verify(books)


def test_two_desks_at_once_do_not_fill_one_band_twice(books: Office, till: Till) -> None:
    charges = till.copays
    acts = [lambda work, one=one: _fifty(work, one) for one in charges]
    both = at_once((clerk(books), acts[0]), (clerk(books), acts[1]))
    assert sorted(both) == [CLERK, MANAGER]
    verify(books)


def _fifty(work: Work, charge_id: int) -> str:
    return adjust(work, new(charge_id, K.COURTESY, 28_00)).needs


def test_a_run_asks_for_the_higher_right_of_its_accounts(books: Office, till: Till) -> None:
    approved(clerk(books), made(books, new(till.own, K.BAD_DEBT, 45_00)).request_id)
    both = [new(till.own, K.SMALL_BALANCE, 6_00), new(till.copays[0], K.SMALL_BALANCE, 20_00)]
    found = made(books, *both)
    assert found.needs == MANAGER
    assert found.why.startswith("Account G-2: 6.00 now")
    with pytest.raises(Problem, match="You may not decide"):
        clerk(books).write(lambda work: approve(work, found.request_id or 0))
