"""The next payer is billed once the one before has answered, with what that one said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.claim_answers import PAID, set_line_answers
from fscdesk.services.claims.assembling import content_of
from fscdesk.services.claims.building import WhyNot, build_claims, plan_claims, plan_secondary
from fscdesk.services.claims.content import ClaimContent, EarlierAnswer
from fscdesk.services.claims.earlier import Earlier
from fscdesk.services.claims.scrubbing import scrub_claims
from fscdesk.services.errors import ChangedElsewhere
from fscdesk.services.office import Office
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.remittances.typed_eobs import EobLine, post_eob
from fscdesk.services.work import Topic, Work
from tests.support.claims import (
    ClaimDesk,
    add_claim_desk,
    add_policy,
    claim_of,
    put_at,
    the_claim,
)
from tests.support.payments import verify
from tests.support.people import add_session

S = ClaimStatus
PAID_ON = date(2026, 4, 10)


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """Alma has a second payer, and a third."""

    def act(work: Work) -> ClaimDesk:
        made = add_claim_desk(work)
        add_policy(work, made.alma, made.next_payer, "SEC1", rank=2)
        add_policy(work, made.alma, made.payer, "TER1", rank=3)
        return made

    return books.write(act).value


def eob(books: Office, payer: int, cents: int, **line: Any) -> None:
    """Post a payer's check over the one charge."""

    def act(work: Work) -> None:
        charge = work.db.scalars(select(Charge.id).order_by(Charge.id)).first()
        assert charge is not None
        new = NewPayment(Money(cents), PaymentMethod.CHECK, PAID_ON, payer_id=payer)
        post_eob(work, new, [EobLine(charge, paid=Money(cents), **line)])

    books.write(act)


def second(books: Office) -> int:
    """Build the one claim to the next payer."""
    built = books.write(lambda work: build_claims(work, plan_secondary(work))).value
    (claim_id,) = built.claim_ids
    return claim_id


def answer_on(books: Office, claim_id: int, at: int = 0) -> EarlierAnswer | None:
    """Return what an earlier payer said, as a claim carries it."""
    one: ClaimContent = books.read(lambda work: content_of(work, claim_id))
    return one.others[at].answer


def parts(answer: EarlierAnswer | None) -> list[tuple[str, str, int]]:
    """Return the adjustments of the one line."""
    assert answer is not None
    (line,) = answer.lines
    return [(one.group, one.carc, one.amount.cents) for one in line.adjustments]


def balances(answer: EarlierAnswer | None) -> bool:
    """Return whether the line adds up to its charge of 160.00."""
    assert answer is not None
    (line,) = answer.lines
    return line.paid.cents + sum(one.amount.cents for one in line.adjustments) == 160_00


def test_the_next_payer_waits_for_the_first(books: Office, desk: ClaimDesk) -> None:
    claim_of(books, desk=desk)
    assert books.read(plan_secondary).read == 0  # nothing was sent
    books.write(lambda work: put_at(work, 1, S.PENDING))
    plan = books.read(plan_secondary)
    assert not plan.claims
    (left,) = plan.left_out
    assert left.code is WhyNot.WAITS
    assert left.reason == "It waits for Imaginary Blue: claim CLM-2026-00001 is pending."
    assert (left.place, left.place_id) == ("claim", 1)


def test_what_the_first_paid_and_left_is_carried_over(books: Office, desk: ClaimDesk) -> None:
    first = claim_of(books, desk=desk, status=S.PENDING)
    eob(
        *(books, desk.payer, 80_00),
        contractual=Money(30_00),
        patient=Money(20_00),
        patient_reason="2",
    )
    books.write(lambda work: put_at(work, first, S.PAID))

    def number(work: Work) -> None:
        claim = work.db.get_one(Claim, first)
        claim.payer_number, claim.answered_on = "ICN-77", PAID_ON

    books.write(number)
    claim_id = second(books)
    claim = the_claim(books, claim_id)
    assert (claim.rank, claim.primary_id, claim.payer_id) == (2, first, desk.next_payer)
    assert claim.total == Money(160_00)
    answer = answer_on(books, claim_id)
    assert answer is not None
    assert (answer.paid, answer.payer_number, answer.decided_on) == (
        *(Money(80_00), "ICN-77"),
        PAID_ON,
    )
    assert parts(answer) == [("CO", "45", 30_00), ("PR", "2", 20_00), ("PR", "3", 30_00)]
    assert answer.patient_owes == Money(50_00)
    assert balances(answer)
    verify(books)
    assert books.read(plan_secondary).left_out[0].code is WhyNot.ON_CLAIM


def test_a_denial_of_the_first_is_carried_with_its_reason(books: Office, desk: ClaimDesk) -> None:
    claim_of(books, desk=desk, status=S.PENDING)
    eob(books, desk.payer, 0, denied="50")
    answer = answer_on(books, second(books))
    assert parts(answer) == [("CO", "50", 160_00)]  # of a denied line nothing is the client's
    assert balances(answer)


def test_the_third_payer_sees_both_before(books: Office, desk: ClaimDesk) -> None:
    first = claim_of(books, desk=desk, status=S.PENDING)
    eob(books, desk.payer, 60_00, contractual=Money(20_00))
    books.write(lambda work: put_at(work, first, S.PARTIALLY_PAID))
    other = second(books)
    books.write(lambda work: put_at(work, other, S.PENDING))
    assert books.read(plan_secondary).left_out[0].reason.startswith("It waits for Example East")
    eob(books, desk.next_payer, 25_00)
    books.write(lambda work: put_at(work, other, S.PARTIALLY_PAID))
    third = second(books)
    claim = the_claim(books, third)
    assert (claim.rank, claim.primary_id) == (3, other)
    assert parts(answer_on(books, third, 0)) == [("CO", "45", 20_00), ("PR", "3", 30_00)]
    assert parts(answer_on(books, third, 1)) == [("OA", "23", 135_00)]
    assert balances(answer_on(books, third, 1))
    verify(books)


def test_nothing_open_is_billed_to_nobody(books: Office, desk: ClaimDesk) -> None:
    def act(work: Work) -> None:
        from tests.support.claims import ready

        ready(work, desk, insurance=160_00, share=0)

    books.write(act)
    built = books.write(lambda work: build_claims(work, plan_claims(work))).value
    eob(books, desk.payer, 100_00, contractual=Money(60_00))
    books.write(lambda work: put_at(work, built.claim_ids[0], S.PAID))
    assert books.read(plan_secondary).read == 0


def test_a_plan_that_the_answer_overtook_builds_nothing(books: Office, desk: ClaimDesk) -> None:
    first = claim_of(books, desk=desk, status=S.PAID)
    plan = books.read(plan_secondary)
    assert len(plan.claims) == 1
    books.write(lambda work: put_at(work, first, S.PENDING))
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: build_claims(work, plan))
    assert replace(plan, claims=()).read == 0


def test_what_simplepractice_recorded_is_the_first_payers(books: Office, desk: ClaimDesk) -> None:
    def act(work: Work) -> EarlierAnswer | None:
        add_session(
            *(work, desk.alma, desk.mock),
            payer=desk.payer,
            insurance=130_00,
            share=30_00,
            insurance_paid=90_00,
            write_off=25_00,
        )
        charge = work.db.scalars(select(Charge.id)).one()
        earlier = Earlier(work, [charge])
        assert earlier.answer(desk.next_payer, {charge: 1}, rank=2) is None
        return earlier.answer(desk.payer, {charge: 1}, rank=1)

    answer = books.write(act).value
    assert parts(answer) == [("CO", "45", 25_00), ("PR", "3", 30_00)]
    assert answer is not None
    assert answer.paid == Money(90_00)


def test_what_the_second_took_off_is_its_own(books: Office, desk: ClaimDesk) -> None:
    first = claim_of(books, desk=desk, status=S.PENDING)
    eob(books, desk.payer, 60_00, contractual=Money(20_00))
    books.write(lambda work: put_at(work, first, S.PARTIALLY_PAID))
    other = second(books)
    books.write(lambda work: put_at(work, other, S.PENDING))
    eob(books, desk.next_payer, 25_00, contractual=Money(10_00))
    books.write(lambda work: put_at(work, other, S.PARTIALLY_PAID))
    third = second(books)
    assert parts(answer_on(books, third, 0)) == [("CO", "45", 20_00), ("PR", "3", 30_00)]
    assert parts(answer_on(books, third, 1)) == [("CO", "45", 10_00), ("OA", "23", 125_00)]


def test_an_answer_that_is_taken_back_lets_the_next_payers_claim_wait(
    books: Office, desk: ClaimDesk
) -> None:
    claim_of(books, desk=desk)
    books.write(lambda work: put_at(work, 1, S.PENDING))
    owes = {"contractual": Money(20_00), "patient": Money(10_00), "patient_reason": "2"}
    eob(books, desk.payer, 100_00, **owes)
    later = second(books)
    assert the_claim(books, later).status is S.SCRUBBED

    def undo(work: Work) -> None:
        payment = work.db.scalars(select(Payment).order_by(Payment.id)).first()
        assert payment is not None
        void_payment(work, payment.id, reason="Typed wrong", expected_version=payment.version)

    assert Topic.CLAIMS in books.write(undo).topics
    waits = the_claim(books, later)
    assert (the_claim(books, 1).status, waits.status) == (S.PENDING, S.DRAFT)
    assert waits.wait_for == "Claim CLM-2026-00001 to Imaginary Blue is not answered any more."
    books.write(lambda work: scrub_claims(work, [later]))
    assert the_claim(books, later).status is S.DRAFT
    verify(books)


@pytest.mark.parametrize("held", ["", "Ask first"])
def test_it_waits_no_longer_when_the_answer_comes_again(
    books: Office, desk: ClaimDesk, held: str
) -> None:
    claim_of(books, desk=desk)
    books.write(lambda work: put_at(work, 1, S.PENDING))
    owes = {"contractual": Money(20_00), "patient": Money(10_00), "patient_reason": "2"}
    eob(books, desk.payer, 100_00, **owes)
    later = second(books)
    for said, expected in (("", S.DRAFT), (PAID, S.DRAFT if held else S.SCRUBBED)):

        def turn(work: Work, word: str = said) -> None:
            work.db.get_one(Claim, later).held_for = held
            set_line_answers(work, {1: {1: word}}, source="By hand", day=PAID_ON)

        books.write(turn)
        claim = the_claim(books, later)
        assert (claim.status, bool(claim.wait_for)) == (expected, not said)
        books.write(lambda work: scrub_claims(work, [later]))
        assert the_claim(books, later).status is expected
        assert (the_claim(books, later).stops > 0) is not bool(said)
