"""Write-offs of SimplePractice that no payer's money explains are taken by hand."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.charge import Charge, Side
from fscdesk.models.ledger import EntryKind, Part
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.session import Session, SessionReport
from fscdesk.models.values import Money
from fscdesk.services.billing.adjusting import Adjusted, NewAdjustment, adjust
from fscdesk.services.billing.adjustment_bands import band_of, lock_accounts
from fscdesk.services.billing.limits import WRITE_OFF_ALONE
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.posting import About, Draft, Leg, post
from fscdesk.services.office import Office
from fscdesk.services.payments.approving import approve
from fscdesk.services.payments.clearing_list import clearing_list
from fscdesk.services.payments.receiving import NewPayment, receive
from fscdesk.services.payments.written_off import (
    accept_by_hand,
    accept_write_offs,
    take_acceptance_back,
)
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import DAY, Till, cents, verify
from tests.support.people import add_session
from tests.support.second_person import at_once, clerk, nobody, refusals, winners
from tests.support.write_offs import decide_setting

WHY = "All of it went to the deductible"


@pytest.fixture
def charge(books: Office, till: Till) -> int:
    """A charge of 160.00 of which SimplePractice wrote 40.00 off and paid nothing."""

    def act(work: Work) -> int:
        provider = work.db.scalars(select(Session.provider_id)).first()
        assert provider is not None
        session_id = add_session(
            work,
            till.alma,
            provider,
            day=date(2026, 3, 20),
            payer=till.payer,
            insurance=40_00,
            share=120_00,
            write_off=40_00,
        )
        return work.db.scalars(select(Charge.id).filter_by(session_id=session_id)).one()

    return books.write(act).value


@pytest.fixture
def alone(books: Office) -> None:
    """One person may write 100.00 off without another."""
    books.write(lambda work: decide_setting(work, WRITE_OFF_ALONE, "100.00"))


def take(books: Office, charge: int) -> Adjusted:
    return books.write(lambda work: accept_by_hand(work, [charge], reason=WHY)).value


def figures(books: Office) -> tuple[int, int, int]:
    """Accounts 1060, 4900 and 1110, in cents."""
    return books.read(lambda work: (cents(work, "1060"), cents(work, "4900"), cents(work, "1110")))


def test_it_waits_for_a_second_person_then_leaves_the_list(books: Office, charge: int) -> None:
    before = figures(books)
    assert [line.charge_id for line in books.read(clearing_list).lines] == [charge]
    made = take(books, charge)
    assert (made.posted, made.waiting, made.amount) == (0, 1, Money(40_00))
    assert made.needs == "approve_write_off_50"
    assert figures(books) == before
    line = books.read(clearing_list).lines[0]
    assert line.request_id == made.request_id
    assert made.request_number in line.reason
    assert "second person" in line.reason
    request_id = made.request_id or 0
    with pytest.raises(Problem, match="yourself"):
        books.write(lambda work: approve(work, request_id, expected_version=1))
    clerk(books).write(lambda work: approve(work, request_id, expected_version=1))
    after = figures(books)
    assert [b - a for a, b in zip(before, after, strict=True)] == [-40_00, 40_00, 0]
    assert books.read(clearing_list).lines == ()
    row = books.read(lambda work: work.db.scalars(select(Adjustment)).one())
    assert (row.kind, row.status) == (AdjustmentKind.CONTRACTUAL, AdjustmentStatus.POSTED)
    assert (row.amount, row.reason, row.recorded) == (Money(40_00), WHY, True)
    verify(books)


def test_a_waiting_one_is_not_asked_for_twice_and_holds_nothing_of_what_is_owed(
    books: Office, charge: int
) -> None:
    take(books, charge)
    with pytest.raises(Problem, match="more than the") as refused:
        take(books, charge)
    assert refused.value.hint == "Nothing was posted. It waits for approval already."
    owed = books.read(lambda work: work.db.get_one(Charge, charge).patient_balance)
    wanted = NewAdjustment(charge, AdjustmentKind.COURTESY, owed, WHY, Side.PATIENT)
    made = books.write(lambda work: adjust(work, wanted)).value
    assert made.waiting == 1
    verify(books)


def test_withdrawn_it_is_open_again(books: Office, charge: int) -> None:
    before = figures(books)
    made = take(books, charge)
    books.write(lambda work: take_acceptance_back(work, made, reason="Taken back at once"))
    line = books.read(clearing_list).lines[0]
    assert (line.request_id, figures(books)) == (None, before)
    assert take(books, charge).waiting == 1
    verify(books)


def test_small_ones_post_at_once_and_are_taken_back_with_an_entry(
    books: Office, charge: int, alone: None
) -> None:
    before = figures(books)
    made = take(books, charge)
    assert (made.posted, made.request_id) == (1, None)
    assert books.read(clearing_list).lines == ()
    books.write(lambda work: take_acceptance_back(work, made, reason="Taken back at once"))
    assert figures(books) == before
    assert [line.charge_id for line in books.read(clearing_list).lines] == [charge]
    verify(books)


def test_what_was_taken_by_hand_fills_the_accounts_band(
    books: Office, till: Till, charge: int, alone: None
) -> None:
    assert take(books, charge).posted == 1
    wanted = NewAdjustment(till.copays[0], AdjustmentKind.CONTRACTUAL, Money(61_00), WHY)
    made = books.write(lambda work: adjust(work, wanted)).value
    assert (made.posted, made.waiting) == (0, 1)
    assert made.why.startswith("Account G-1: 61.00 now, with 40.00 that waits or was posted")


def test_what_the_payers_payment_explains_fills_no_band(
    books: Office, till: Till, charge: int, alone: None
) -> None:
    def explained(work: Work) -> int:
        about = work.db.get_one(Charge, charge)
        check = NewPayment(Money(1_00), PaymentMethod.CHECK, DAY, payer_id=till.payer)
        payment = receive(work, check).payment_id
        part = Part.INSURANCE_PAID
        draft = Draft(
            on=work.today(),
            kind=EntryKind.SP_RECORDED,
            memo="As if the payment had come",
            legs=(Leg("1060", 1, part), Leg("1110", -1, part)),
            about=About.of_charge(about, payment),
        )
        post(work, draft)
        return _accept_all(work)

    with pytest.raises(_Undone):
        books.write(lambda work: _no(work, explained(work), till))


class _Undone(Exception):
    """Nothing of the made-up payment is to stay."""


def _accept_all(work: Work) -> int:
    return accept_write_offs(work, on=work.today(), batch_id=None)


def _no(work: Work, accepted: int, till: Till) -> None:
    assert accepted == 1
    lock_accounts(work, [till.alma])
    assert band_of(work, {till.alma: 100_00}).needs is None
    raise _Undone


def test_what_was_taken_meanwhile_is_left_out_of_the_approval(
    books: Office, till: Till, charge: int
) -> None:
    asked = take(books, charge)

    def reported_anew(work: Work) -> None:
        """SimplePractice takes 30.00 of its write-off back."""
        about = work.db.get_one(Charge, charge)
        work.db.get_one(SessionReport, about.session_id).write_off = Money(10_00)
        post(
            work,
            Draft(
                on=work.today(),
                kind=EntryKind.SP_RECORDED,
                memo="Taken back in SimplePractice",
                legs=(
                    Leg("1110", 30_00, Part.WRITE_OFF),
                    Leg("1060", -30_00, Part.WRITE_OFF),
                ),
                about=About(
                    about.patient_id,
                    about.guarantor_id,
                    about.session_id,
                    charge,
                    about.payer_id,
                    about.provider_id,
                ),
            ),
        )

    books.write(reported_anew)
    request_id = asked.request_id or 0
    done = clerk(books).write(lambda work: approve(work, request_id, expected_version=1)).value
    assert [one.code for one in done.findings] == ["not-open"]
    assert "10.00 that SimplePractice wrote off" in done.findings[0].message
    assert cents_of(books, "1060") == 10_00
    verify(books)


def cents_of(books: Office, account: str) -> int:
    return books.read(lambda work: cents(work, account))


def test_what_is_not_open_is_refused_and_nothing_posted(
    books: Office, till: Till, charge: int
) -> None:
    for ids in ([], [till.own], [charge, till.own]):
        with pytest.raises(Problem, match="Nothing that SimplePractice wrote off"):
            books.write(lambda work, ids=ids: accept_by_hand(work, ids, reason=WHY))  # type: ignore[misc]
    with pytest.raises(Problem, match="reason"):
        books.write(lambda work: accept_by_hand(work, [charge], reason=" "))
    with pytest.raises(Problem, match="You may not"):
        nobody(books).write(lambda work: accept_by_hand(work, [charge], reason=WHY))
    assert books.read(lambda work: work.db.scalars(select(Adjustment)).all()) == []


def test_it_is_done_once_and_wholly(books: Office, charge: int, alone: None) -> None:
    def act(work: Work) -> Adjusted:
        return accept_by_hand(work, [charge], reason=WHY)

    assert_all_or_nothing(books, act)
    verify(books)


def test_two_people_at_once_take_it_once(books: Office, charge: int) -> None:
    def act(work: Work) -> Adjusted:
        return accept_by_hand(work, [charge], reason=WHY)

    outcomes = at_once((books, act), (books, act))
    assert len(winners(outcomes)) == len(refusals(outcomes)) == 1
    verify(books)
