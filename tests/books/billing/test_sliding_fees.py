"""Sliding fees: the full fee is charged, then a discount by the scale of the day is proposed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from fscdesk.models.adjustment import AdjustmentKind, SlidingFee
from fscdesk.models.charge import Charge
from fscdesk.models.values import Money
from fscdesk.services.billing.adjusting import adjust
from fscdesk.services.billing.sliding_fees import (
    SlidingFeeFields,
    SlidingProposal,
    add_sliding_fee,
    end_sliding_fee,
    expired_proofs,
    pays_of,
    sliding_discount,
    sliding_fees_of,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.permissions import Right
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import Till, pay, received, verify
from tests.support.people import add_session
from tests.support.second_person import at_once, clerk, manager, nobody, without
from tests.support.write_offs import TODAY, approved, made, new, owes

SPRING = SlidingFeeFields(40, date(2026, 3, 1), date(2026, 3, 31), "Pay stubs of February")


def granted(books: Office, patient: int, fields: SlidingFeeFields = SPRING) -> int:
    return books.write(lambda work: add_sliding_fee(work, patient, fields)).value


def proposed(books: Office, *charges: int) -> SlidingProposal:
    return books.read(lambda work: sliding_discount(work, charges))


def test_the_fee_is_charged_in_full_and_the_discount_says_what_is_paid(
    books: Office, till: Till
) -> None:
    granted(books, till.ben)
    found = proposed(books, till.own)
    assert found.left_out == ()
    (one,) = found.adjustments
    assert (one.kind, one.amount) == (AdjustmentKind.SLIDING_FEE, Money(96_00))
    assert one.reason == "Sliding fee: pays 40 % of 160.00, which is 64.00"
    asked = books.write(lambda work: adjust(work, found.adjustments)).value
    again = proposed(books, till.own)
    assert [left.code for left in again.left_out] == ["discounted"], "once, even while it waits"
    approved(manager(books), asked.request_id)
    assert owes(books, till.own) == (64_00, 0)
    assert books.read(lambda work: work.db.get_one(Charge, till.own).amount) == Money(160_00)
    assert [left.code for left in proposed(books, till.own).left_out] == ["discounted"]
    verify(books)


@pytest.mark.parametrize(
    ("cents", "percent", "pays"),
    [(160_00, 40, 64_00), (99_99, 33, 33_00), (1, 50, 1), (101, 50, 51), (1, 49, 0), (5_00, 0, 0)],
)
def test_what_is_paid_is_rounded_to_the_cent_half_a_cent_up(
    cents: int, percent: int, pays: int
) -> None:
    assert pays_of(Money(cents), percent) == Money(pays)


def test_a_rounded_amount_says_so(books: Office, till: Till) -> None:
    granted(books, till.ben, SlidingFeeFields(33, SPRING.valid_from, None, "Tax return"))

    def odd(work: Work) -> int:
        provider = work.db.get_one(Charge, till.own).provider_id or 0
        session = add_session(work, till.ben, provider, day=date(2026, 3, 20), share=99_99)
        return work.db.scalars(select(Charge.id).filter_by(session_id=session)).one()

    (one,) = proposed(books, books.write(odd).value).adjustments
    assert one.reason.endswith("pays 33 % of 99.99, which is 33.00, rounded to the cent")
    assert one.amount == Money(66_99)


def test_who_gets_none_and_why(books: Office, till: Till) -> None:
    granted(books, till.alma)
    found = proposed(books, till.copays[0], till.own, 999)
    assert [(one.code, one.where) for one in found.left_out] == [
        ("unknown", "charge 999"),
        ("insured", f"charge {till.copays[0]}"),
        ("no-scale", f"charge {till.own}"),
    ]
    assert found.adjustments == ()
    granted(books, till.ben)
    part = (Application(till.own, Money(70_00)),)
    received(books, pay(till, 70_00, *part))
    (left,) = proposed(books, till.own).left_out
    assert left.code == "short"
    assert left.message == (
        "90837 of 03/03/2026: The discount would be 96.00, but only 90.00 is open."
    )
    made(books, new(till.own, AdjustmentKind.COURTESY, 20_00))
    (left,) = proposed(books, till.own).left_out
    assert "only 70.00 is open" in left.message


def test_the_scale_of_the_day_of_service_counts(books: Office, till: Till) -> None:
    granted(books, till.ben, SlidingFeeFields(10, date(2026, 3, 4), None, "Tax return"))
    assert [one.code for one in proposed(books, till.own).left_out] == ["no-scale"]
    granted(books, till.ben, SlidingFeeFields(75, date(2026, 3, 3), date(2026, 3, 3), "Letter"))
    assert proposed(books, till.own).adjustments[0].amount == Money(40_00)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (SlidingFeeFields(100, TODAY, None, "x"), "100 % cannot be"),
        (SlidingFeeFields(-1, TODAY, None, "x"), "-1 % cannot be"),
        (SlidingFeeFields(40, TODAY, TODAY - timedelta(1), "x"), "It cannot end on 04/11/2026"),
        (SlidingFeeFields(40, TODAY, None, " "), "The proof of income is missing"),
        (SlidingFeeFields(40, date(2026, 3, 31), None, "x"), "40 % is valid from 03/01/2026"),
        (SlidingFeeFields(40, date(2026, 1, 1), date(2026, 3, 1), "x"), "is valid from 03/01/2026"),
    ],
)
def test_what_cannot_be_granted(
    books: Office, till: Till, fields: SlidingFeeFields, words: str
) -> None:
    granted(books, till.ben)
    with pytest.raises(Problem, match=words):
        granted(books, till.ben, fields)
    assert len(books.read(lambda work: work.db.scalars(select(SlidingFee)).all())) == 1


def test_a_scale_is_ended_and_expired_proofs_are_listed(books: Office, till: Till) -> None:
    first = granted(books, till.ben)
    open_end = granted(books, till.alma, SlidingFeeFields(50, TODAY, None, "Tax return"))
    listed = books.read(expired_proofs)
    assert [(one.patient, one.in_force) for one in listed] == [("Ben Somebody", False)]
    with pytest.raises(Problem, match="It ends on 03/31/2026 already"):
        books.write(lambda work: end_sliding_fee(work, first, on=TODAY, expected_version=1))
    with pytest.raises(Problem, match="It cannot end"):
        books.write(
            lambda work: end_sliding_fee(work, open_end, on=date(2026, 4, 1), expected_version=1)
        )

    def end(work: Work) -> None:
        end_sliding_fee(work, open_end, on=TODAY + timedelta(30), expected_version=1)

    assert_all_or_nothing(books, end)
    with pytest.raises(ChangedElsewhere):
        books.write(end)
    assert [one.patient for one in books.read(expired_proofs)] == ["Ben Somebody", "Alma Anyone"]
    assert len(books.read(lambda work: expired_proofs(work, within=29))) == 1
    granted(books, till.ben, SlidingFeeFields(40, TODAY, None, "Pay stubs of March"))
    assert [one.patient for one in books.read(expired_proofs)] == ["Alma Anyone"]
    rows = books.read(lambda work: sliding_fees_of(work, till.ben))
    assert [one.in_force for one in rows] == [True, False]


def test_rights_two_desks_and_whole_or_nothing(books: Office, till: Till) -> None:
    for desk in (nobody(books), without(books, Right.ADJUST)):
        with pytest.raises(Problem, match="You may not grant sliding fees"):
            granted(desk, till.ben)
    assert_all_or_nothing(books, lambda work: add_sliding_fee(work, till.alma, SPRING))

    def act(work: Work) -> int:
        return add_sliding_fee(work, till.ben, SPRING)

    both = at_once((books, act), (clerk(books), act))
    assert sorted(type(one).__name__ for one in both) == ["Problem", "int"]
    assert "is valid from 03/01/2026" in str(next(one for one in both if not isinstance(one, int)))
