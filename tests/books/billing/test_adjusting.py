"""Adjustments: which accounts they move, what is refused, and what waits for a second person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.approval import ApprovalRequest, ApprovalStep
from fscdesk.models.charge import Charge, Side
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.staff import Role
from fscdesk.models.values import Money
from fscdesk.services import approvals
from fscdesk.services.billing import adjusting
from fscdesk.services.billing.limits import WRITE_OFF_ALONE
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.ledger.balances import trial_balance
from fscdesk.services.office import Office
from fscdesk.services.payments import approving
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.permissions import Right
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import DAY, Till, cents, pay, received, verify
from tests.support.second_person import at_once, clerk, manager, nobody, second_person, without
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


def payer_paid(books: Office, till: Till) -> int:
    """Post a payer's payment of 1.00 for the second charge, whose remittance adjusts."""
    part = Application(till.copays[1], Money(1_00), Side.INSURANCE)
    check = NewPayment(
        Money(1_00), PaymentMethod.EFT, DAY, payer_id=till.payer, applications=(part,)
    )
    return received(books, check).payment_id


@pytest.mark.parametrize(
    ("kind", "side", "debit", "credit"),
    [
        (K.CONTRACTUAL, None, "4900", "1110"),
        (K.DISCOUNT, Side.PATIENT, "4910", "1100"),
        (K.DISCOUNT, Side.INSURANCE, "4910", "1110"),
        (K.COURTESY, None, "4910", "1100"),
        (K.SLIDING_FEE, None, "4910", "1100"),
        (K.BAD_DEBT, None, "9000", "1100"),
        (K.SMALL_BALANCE, None, "9000", "1100"),
        (K.CORRECTION, None, "4910", "1100"),
        (K.CORRECTION, Side.INSURANCE, "4910", "1110"),
    ],
)
def test_what_is_approved_moves_the_accounts_of_its_kind(
    books: Office, till: Till, kind: K, side: Side | None, debit: str, credit: str
) -> None:
    before = books.read(trial_balance)
    found = made(books, new(till.copays[0], kind, 12_34, side=side))
    assert (found.posted, found.waiting, found.needs) == (0, 1, "approve_write_off_50")
    assert books.read(trial_balance) == before, "nothing posts before it is approved"
    verify(books)
    done = approved(manager(books), found.request_id)
    assert (done.amount, done.left_out) == (Money(12_34), ())
    after = books.read(trial_balance)
    moved = {
        code: (after.get(code, Money()) - before.get(code, Money())).cents
        for code in {*after, *before}
        if after.get(code) != before.get(code)
    }
    assert moved == {debit: 12_34, credit: -12_34}
    verify(books)


def test_a_correction_may_add_to_what_is_owed_up_to_the_whole_charge(
    books: Office, till: Till
) -> None:
    found = made(books, new(till.copays[0], K.CORRECTION, -5_00))
    approved(clerk(books), found.request_id)
    assert owes(books, till.copays[0]) == (35_00, 130_00)
    assert books.read(lambda work: cents(work, "4910")) == -5_00
    verify(books)
    with pytest.raises(Problem, match=r"160\.01 cannot be added"):
        made(books, new(till.copays[0], K.CORRECTION, -160_01))


def test_the_payers_word_moves_a_share_to_the_client_at_once(books: Office, till: Till) -> None:
    desk = clerk(books)
    assert owes(books, till.copays[1]) == (30_00, 130_00)
    facts = {"group_code": "PR", "carc": "1", "payment_id": payer_paid(books, till)}
    found = made(desk, new(till.copays[1], K.TO_PATIENT, 50_00, on=DAY, **facts))
    assert (found.posted, found.request_id) == (1, None)
    assert owes(books, till.copays[1]) == (80_00, 79_00)
    verify(books)


def test_who_owes_since_when(books: Office, till: Till) -> None:
    def since(charge_id: int) -> tuple[date, date]:
        charge = books.read(lambda work: work.db.get_one(Charge, charge_id))
        return charge.patient_since, charge.insurance_since

    charge = till.copays[0]
    first = since(charge)
    made(books, new(charge, K.TO_PATIENT, 10_00))
    assert since(charge) == first, "what was owed already keeps its day"
    received(books, pay(till, 40_00, Application(charge, Money(40_00))))
    made(books, new(charge, K.TO_PATIENT, 10_00))
    assert since(charge) == (TODAY, first[1])
    made(books, new(charge, K.TO_PATIENT, 110_00))
    made(books, new(charge, K.TO_PAYER, 120_00, on=TODAY))
    assert since(charge) == (TODAY, TODAY)
    assert owes(books, charge) == (0, 120_00)
    verify(books)


def test_a_share_moves_only_with_a_reason_from_a_payer_or_with_the_right(
    books: Office, till: Till
) -> None:
    desk = clerk(books)
    for facts in ({}, {"group_code": "PR"}, {"group_code": "CO", "carc": "45"}, {"carc": "1"}):
        with pytest.raises(Problem, match="decide who owes without a payer's reason"):
            made(desk, new(till.copays[0], K.TO_PATIENT, 50_00, **facts))
    with pytest.raises(Problem, match="decide who owes"):
        made(desk, new(till.copays[0], K.TO_PAYER, 10_00))
    assert made(manager(books), new(till.copays[0], K.TO_PATIENT, 50_00)).posted == 1
    with pytest.raises(Problem, match="has no payer"):
        made(books, new(till.own, K.TO_PAYER, 10_00))


def test_what_a_payers_remittance_says_posts_at_once(books: Office, till: Till) -> None:
    payment_id = payer_paid(books, till)
    found = made(
        second_person(books, Role.ACCOUNTING),
        new(
            till.copays[1],
            K.CONTRACTUAL,
            80_00,
            group_code="CO",
            carc="45",
            rarc="N381",
            payment_id=payment_id,
        ),
    )
    assert (found.posted, found.waiting) == (1, 0)
    assert owes(books, till.copays[1]) == (30_00, 49_00)
    back = books.write(
        lambda work: adjusting.reverse_of_payment(work, payment_id, reason="taken back")
    ).value
    assert back.amount == Money(80_00)
    assert owes(books, till.copays[1]) == (30_00, 129_00)
    verify(books)


def test_a_payers_payment_is_no_way_round_the_approval(books: Office, till: Till) -> None:
    payment_id = payer_paid(books, till)
    own = received(books, pay(till, 30_00, Application(till.copays[0], Money(30_00)))).payment_id
    for wanted, words in (
        (new(till.own, K.BAD_DEBT, 5_00, payment_id=payment_id), "own decision"),
        (new(till.own, K.CORRECTION, 5_00, payment_id=payment_id), "not the client's"),
        (new(till.copays[0], K.CONTRACTUAL, 5_00, payment_id=own), "no payer's payment"),
        (new(till.copays[0], K.CONTRACTUAL, 5_00, payment_id=999), "no payer's payment"),
    ):
        with pytest.raises(Problem, match=words):
            made(books, wanted)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ((K.DISCOUNT, 0, {}), "0.00 changes nothing"),
        ((K.DISCOUNT, -100, {}), "must be above zero"),
        ((K.DISCOUNT, 30_01, {}), "30.01 is more than the 30.00 that the client owes"),
        ((K.CONTRACTUAL, 130_01, {}), "more than the 130.00 that the payer owes"),
        ((K.TO_PATIENT, 130_01, {}), "more than the 130.00 that the payer owes"),
        ((K.CORRECTION, 10**12 + 1, {}), "more than these books can hold"),
        ((K.CONTRACTUAL, 1_00, {"side": Side.PATIENT}), "not for the client's share"),
        ((K.BAD_DEBT, 1_00, {"side": Side.INSURANCE}), "not for the payer's share"),
        ((K.DISCOUNT, 1_00, {"reason": "  "}), "The reason is missing"),
        ((K.DISCOUNT, 1_00, {"reason": "x" * 301}), "301 letters; 300 fit"),
        ((K.DISCOUNT, 1_00, {"on": TODAY + timedelta(days=1)}), "has not come yet"),
        ((K.DISCOUNT, 1_00, {"on": date(2026, 3, 1)}), "in the books since 03/02/2026"),
        ((K.DISCOUNT, 1_00, {"group_code": "XX"}), "not a group code"),
        ((K.DISCOUNT, 1_00, {"carc": "٤٥"}), "does not look like a CARC"),
        ((K.DISCOUNT, 1_00, {"rarc": "45"}), "does not look like a RARC"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    books: Office, till: Till, wanted: tuple[K, int, dict[str, Any]], words: str
) -> None:
    kind, amount, facts = wanted
    with pytest.raises(Problem, match=words):
        made(books, new(till.copays[0], kind, amount, **facts))
    assert books.read(lambda work: work.db.scalars(select(Adjustment)).all()) == []


def test_a_charge_that_is_not_there_and_nothing_at_all(books: Office, till: Till) -> None:
    with pytest.raises(Problem, match="not in the books any more"):
        made(books, new(999, K.DISCOUNT, 1_00))
    with pytest.raises(Problem, match="nothing to adjust"):
        made(books)


def test_together_they_are_never_more_than_is_open(books: Office, till: Till) -> None:
    with pytest.raises(Problem, match=r"12\.00 is more than the 10\.00"):
        made(books, *(new(till.copays[0], K.DISCOUNT, one) for one in (20_00, 12_00)))
    made(books, new(till.copays[0], K.DISCOUNT, 20_00))
    with pytest.raises(Problem, match=r"12\.00 is more than the 10\.00") as told:
        made(books, new(till.copays[0], K.DISCOUNT, 12_00))
    assert "waits for approval already" in told.value.hint


def test_the_band_goes_by_what_one_account_loses(books: Office, till: Till) -> None:
    parts = [new(till.own, K.BAD_DEBT, 40_00), new(till.own, K.BAD_DEBT, 40_00)]
    assert made(books, *parts).needs == Right.APPROVE_WRITE_OFF_500
    others = [new(one, K.BAD_DEBT, 20_00) for one in (till.copays[0], till.own)]
    found = made(books, *others)
    assert (found.needs, found.amount) == (Right.APPROVE_WRITE_OFF_50, Money(40_00))
    with pytest.raises(Problem, match="You may not decide"):
        clerk(books).write(lambda work: approve(work, 1))


def test_a_practice_may_let_one_person_write_off_a_little(books: Office, till: Till) -> None:
    books.write(lambda work: decide_setting(work, WRITE_OFF_ALONE, "5.00"))
    assert made(books, new(till.copays[0], K.COURTESY, 5_00)).posted == 1
    parts = [new(till.copays[0], K.COURTESY, 3_00), new(till.copays[1], K.COURTESY, 3_00)]
    found = made(books, *parts)
    assert (found.posted, found.waiting) == (0, 2), "many small ones are not small"
    verify(books)


def test_nobody_approves_an_own_request(books: Office, till: Till) -> None:
    found = made(books, new(till.copays[0], K.COURTESY, 5_00))
    with pytest.raises(Problem, match="You asked for this yourself"):
        books.write(lambda work: approve(work, found.request_id or 0))
    assert owes(books, till.copays[0]) == (30_00, 130_00)
    with pytest.raises(Problem, match="does not decide about adjustments"):
        books.write(lambda work: adjusting.post_approved(work, found.request_id or 0))


def test_refused_and_withdrawn_post_nothing(books: Office, till: Till) -> None:
    first = made(books, new(till.copays[0], K.COURTESY, 5_00))
    manager(books).write(lambda work: refuse(work, first.request_id or 0))
    second = made(books, new(till.copays[0], K.COURTESY, 30_00))

    def back(work: Work) -> int:
        approvals.withdraw(work, second.request_id or 0, expected_version=1)
        return adjusting.refused(work, second.request_id or 0)

    assert books.write(back).value == 1
    for one in (*first.ids, *second.ids):
        assert adjustment(books, one).status is AdjustmentStatus.REFUSED
    assert owes(books, till.copays[0]) == (30_00, 130_00)
    verify(books)
    with pytest.raises(ChangedElsewhere, match="withdrawn already"):
        manager(books).write(lambda work: approve(work, second.request_id or 0, version=2))


def test_what_does_not_fit_any_more_is_refused_alone_and_said(books: Office, till: Till) -> None:
    items = [new(till.copays[0], K.BAD_DEBT, 30_00), new(till.copays[1], K.BAD_DEBT, 30_00)]
    found = made(books, *items)
    received(books, pay(till, 10_00, Application(till.copays[0], Money(10_00))))
    done = approved(manager(books), found.request_id)
    assert done.posted == found.ids[1:]
    assert [(one.code, one.where) for one in done.left_out] == [("not-open", "ADJ-2026-00001")]
    assert "30.00 is more than the 20.00" in done.left_out[0].message
    assert owes(books, till.copays[0]) == (20_00, 130_00), "nothing is made smaller"
    assert owes(books, till.copays[1]) == (0, 130_00)
    steps = books.read(lambda work: work.db.scalars(select(ApprovalStep.step)).all())
    assert steps == ["asked", "approved", "left_out"]
    verify(books)


def test_items_of_one_charge_fit_one_after_the_other(books: Office, till: Till) -> None:
    found = made(books, *(new(till.copays[0], K.COURTESY, one) for one in (20_00, 10_00)))
    received(books, pay(till, 5_00, Application(till.copays[0], Money(5_00))))
    decision = manager(books).write(
        lambda work: approving.approve(work, found.request_id or 0, expected_version=1)
    )
    (left,) = decision.value.findings
    assert left.message.startswith("10.00 is more than the 5.00 that the client owes")
    assert owes(books, till.copays[0]) == (5_00, 130_00)
    verify(books)


def test_it_stands_on_the_day_of_the_approval(books: Office, till: Till, clock: Any) -> None:
    found = made(books, new(till.copays[0], K.COURTESY, 5_00, on=DAY))
    clock.forward(days=20)
    approved(manager(books), found.request_id)
    assert adjustment(books, found.ids[0]).on == TODAY + timedelta(days=20)
    assert books.read(lambda work: work.db.get_one(Charge, till.copays[0])).last_day == date(
        2026, 5, 2
    )
    verify(books)


def test_the_same_command_twice_makes_one(books: Office, till: Till) -> None:
    wanted = new(till.copays[0], K.COURTESY, 5_00)
    first = made(books, wanted, key="k1")
    again = made(books, wanted, key="k1")
    assert again.repeated
    assert (again.ids, again.request_id) == (first.ids, first.request_id)
    with pytest.raises(Problem, match="under the same key with other facts"):
        made(books, new(till.copays[0], K.COURTESY, 6_00), key="k1")


def test_two_desks_with_one_key_make_one(books: Office, till: Till) -> None:
    wanted = new(till.copays[0], K.TO_PATIENT, 100_00)
    other = manager(books)

    def act(work: Work) -> adjusting.Adjusted:
        return adjusting.adjust(work, wanted, request_key="k1")

    both = at_once((books, act), (other, act))
    assert sorted(one.repeated for one in both) == [False, True]
    assert owes(books, till.copays[0]) == (130_00, 30_00)
    verify(books)


def test_two_desks_cannot_write_one_balance_off_twice(books: Office, till: Till) -> None:
    wanted = new(till.copays[0], K.TO_PATIENT, 100_00)
    other = manager(books)

    def act(work: Work) -> adjusting.Adjusted:
        return adjusting.adjust(work, wanted)

    both = at_once((books, act), (other, act))
    assert sorted(type(one).__name__ for one in both) == ["Adjusted", "Problem"]
    assert owes(books, till.copays[0]) == (130_00, 30_00)
    verify(books)


def test_two_managers_approve_once(books: Office, till: Till) -> None:
    found = made(books, new(till.copays[0], K.BAD_DEBT, 30_00))
    first, second = manager(books), manager(books)

    def act(work: Work) -> Any:
        return approve(work, found.request_id or 0)

    both = at_once((first, act), (second, act))
    assert sorted(type(one).__name__ for one in both) == ["ChangedElsewhere", "Decided"]
    assert owes(books, till.copays[0]) == (0, 130_00)
    assert version_of(books, found.request_id or 0) == 2
    verify(books)


def test_without_the_right_nothing_is_asked_and_nothing_taken_back(
    books: Office, till: Till
) -> None:
    found = made(books, new(till.copays[0], K.TO_PATIENT, 100_00))
    for desk in (nobody(books), without(books, Right.ADJUST)):
        with pytest.raises(Problem, match="You may not adjust what is owed"):
            made(desk, new(till.copays[0], K.COURTESY, 5_00))
        with pytest.raises(Problem, match="You may not take an adjustment back"):
            desk.write(
                lambda work: adjusting.reverse_adjustment(
                    work, found.ids[0], reason="no", expected_version=1
                )
            )


def test_a_posted_one_is_taken_back_by_a_reversing_entry(books: Office, till: Till) -> None:
    found = made(books, new(till.copays[0], K.BAD_DEBT, 30_00))
    approved(manager(books), found.request_id)

    def back(work: Work, version: int) -> adjusting.Reversed:
        return adjusting.reverse_adjustment(
            work, found.ids[0], reason="they paid after all", expected_version=version
        )

    with pytest.raises(ChangedElsewhere, match="changed this adjustment first"):
        books.write(lambda work: back(work, 1))
    version = adjustment(books, found.ids[0]).version
    done = assert_all_or_nothing(books, lambda work: back(work, version)).value
    assert done.amount == Money(30_00)
    assert owes(books, till.copays[0]) == (30_00, 130_00)
    assert adjustment(books, found.ids[0]).status is AdjustmentStatus.REVERSED
    verify(books)
    with pytest.raises(Problem, match="is reversed, not posted"):
        books.write(lambda work: back(work, version + 1))


def test_a_move_that_was_paid_meanwhile_cannot_be_taken_back(books: Office, till: Till) -> None:
    found = made(books, new(till.copays[0], K.TO_PATIENT, 50_00))
    received(books, pay(till, 70_00, Application(till.copays[0], Money(70_00))))
    with pytest.raises(Problem, match="The client has paid"):
        books.write(
            lambda work: adjusting.reverse_adjustment(
                work, found.ids[0], reason="denied in fact", expected_version=1
            )
        )
    assert owes(books, till.copays[0]) == (10_00, 80_00)


def test_asking_and_approving_are_whole_or_not_at_all(books: Office, till: Till) -> None:
    items = [new(till.copays[0], K.BAD_DEBT, 30_00), new(till.own, K.BAD_DEBT, 20_00)]
    found = assert_all_or_nothing(books, lambda work: adjusting.adjust(work, items)).value
    desk = manager(books)
    assert_all_or_nothing(desk, lambda work: approve(work, found.request_id or 0))
    other = made(books, new(till.copays[1], K.BAD_DEBT, 30_00))
    assert_all_or_nothing(desk, lambda work: refuse(work, other.request_id or 0))
    assert_all_or_nothing(
        books, lambda work: adjusting.adjust(work, new(till.copays[1], K.TO_PATIENT, 5_00))
    )
    verify(books)


def test_the_database_refuses_an_own_approval_too(books: Office, till: Till) -> None:
    found = made(books, new(till.copays[0], K.COURTESY, 5_00))
    sql = text("UPDATE approval_request SET status = 'approved', decided_by = requested_by")
    with pytest.raises(DatabaseError, match="second_person"):
        books.write(lambda work: work.db.execute(sql))
    request = books.read(lambda work: work.db.get_one(ApprovalRequest, found.request_id))
    assert request.decided_by is None
