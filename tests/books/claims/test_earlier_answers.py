"""A claim to the next payer says what the earlier one said, line by line, and invents nothing."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.claims.answers import PayersAnswer, record_answer
from fscdesk.services.claims.assembling import content_of
from fscdesk.services.claims.batch_plan import Stays
from fscdesk.services.claims.building import build_claims, plan_secondary
from fscdesk.services.claims.correcting import correct_claim, void_claim
from fscdesk.services.claims.undoing import undo_batch
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.payments.returning import return_payment
from fscdesk.services.remittances.typed_eobs import EobLine, PostedEob, post_eob
from fscdesk.services.work import Work
from tests.support.claims import (
    DAY,
    ClaimDesk,
    add_policy,
    build,
    ready,
    the_claim,
)
from tests.support.payments import verify
from tests.support.sent_claims import plan, send, statuses, text_of, with_clearinghouse

S = ClaimStatus
ON = date(2026, 4, 12)


@pytest.fixture
def desk(books: Office, tmp_path: Path) -> ClaimDesk:
    """Alma has a second payer; everything can be sent."""
    made = with_clearinghouse(books, tmp_path)
    books.write(lambda work: add_policy(work, made.alma, made.next_payer, "SEC1", rank=2))
    return made


def sent(books: Office, desk: ClaimDesk, sessions: int = 1) -> int:
    """One claim of some sessions of 160.00, 30.00 of each the client's, at the first payer."""

    def sit(work: Work) -> list[int]:
        return [ready(work, desk, day=DAY + timedelta(weeks=at)) for at in range(sessions)]

    (claim_id,) = build(books, books.write(sit).value)
    send(books)
    return claim_id


def charges(books: Office, claim_id: int) -> list[int]:
    """The charges of a claim's lines."""
    wanted = select(ClaimLine.charge_id).where(ClaimLine.claim_id == claim_id)
    return books.read(lambda work: list(work.db.scalars(wanted.order_by(ClaimLine.position))))


def eob(books: Office, payer: int, cents: int, *lines: EobLine) -> PostedEob:
    """Post a check with its lines."""
    new = NewPayment(Money(cents), PaymentMethod.CHECK, ON, payer_id=payer)
    return books.write(lambda work: post_eob(work, new, lines)).value


def paid_in_full(books: Office, desk: ClaimDesk, claim_id: int) -> PostedEob:
    """Post 90.00, 20.00 off by contract, and 20.00 to the client beside his 30.00."""
    (charge,) = charges(books, claim_id)
    line = EobLine(charge, Money(90_00), Money(20_00), Money(20_00), patient_reason="2")
    return eob(books, desk.payer, 90_00, line)


def say(books: Office, claim_id: int, answer: PayersAnswer) -> None:
    """Note what somebody looked up."""
    version = the_claim(books, claim_id).version
    books.write(lambda work: record_answer(work, claim_id, answer, expected_version=version))


def second(books: Office) -> int:
    """Build the claim to the next payer."""
    built = books.write(lambda work: build_claims(work, plan_secondary(work))).value
    (claim_id,) = built.claim_ids
    return claim_id


def stays(books: Office, claim_id: int) -> str:
    """Return why a claim stays behind, and what to do; empty where it goes."""
    return " / ".join(f"{one.reason}. {one.hint}" for one in plan(books, [claim_id]).staying)


def written(books: Office, claim_id: int) -> list[str]:
    """Send a claim and return what its file says of the earlier payer."""
    (batch,) = send(books, [claim_id]).batches
    wanted = ("AMT*D", "SVD", "CAS", "AMT*EAF")
    lines = text_of(books, batch.id).splitlines()
    return [line.rstrip("~") for line in lines if line.startswith(wanted)]


def test_paid_by_a_look_up_and_nothing_posted_does_not_go(books: Office, desk: ClaimDesk) -> None:
    first = sent(books, desk)
    say(books, first, PayersAnswer(S.PAID, ON))
    why = stays(books, second(books))
    assert "Imaginary Blue has answered line 1, and nothing of what it said is posted" in why
    assert "Post its EOB first" in why


def test_an_eob_that_is_short_does_not_go(books: Office, desk: ClaimDesk) -> None:
    (charge,) = charges(books, sent(books, desk))
    eob(books, desk.payer, 0, EobLine(charge, contractual=Money(50_00)))
    assert "paid 0.00 and adjusted 80.00, which makes 80.00" in stays(books, second(books))


def test_a_bounced_check_of_the_first_does_not_go(books: Office, desk: ClaimDesk) -> None:
    payment = paid_in_full(books, desk, sent(books, desk)).payment.payment_id

    def bounce(work: Work) -> None:
        version = work.db.get_one(Payment, payment).version
        return_payment(work, payment, on=ON, reason="bounced", expected_version=version)

    books.write(bounce)
    assert "paid 0.00 and adjusted 70.00, which makes 70.00" in stays(books, second(books))
    verify(books)


def test_each_denied_line_keeps_its_own_reason(books: Office, desk: ClaimDesk) -> None:
    one, two = charges(books, sent(books, desk, 2))
    eob(books, desk.payer, 0, EobLine(one, denied="50"), EobLine(two, denied="204"))
    assert written(books, second(books)) == [
        "AMT*D*0",
        "SVD*99901*0*HC:90837**1",
        "CAS*CO*50*160",
        "SVD*99901*0*HC:90837**1",
        "CAS*CO*204*160",
    ]


@pytest.mark.parametrize("beside", ["denied", "paid"])
def test_a_line_that_lacked_something_does_not_go(
    books: Office, desk: ClaimDesk, beside: str
) -> None:
    one, two = charges(books, sent(books, desk, 2))
    if beside == "paid":
        other = EobLine(one, paid=Money(80_00), contractual=Money(30_00), patient=Money(20_00))
        eob(books, desk.payer, 80_00, other, EobLine(two, denied="16"))
    else:
        eob(books, desk.payer, 0, EobLine(one, denied="50"), EobLine(two, denied="16"))
    why = stays(books, second(books))
    assert "because something was lacking (CARC 16)" in why
    assert "Correct the claim to Imaginary Blue first" in why


def test_a_denial_by_telephone_keeps_its_group(books: Office, desk: ClaimDesk) -> None:
    first = sent(books, desk)
    say(books, first, PayersAnswer(S.DENIED, ON, carc="204", group="PR"))
    assert the_claim(books, first).reason_code == "204"
    assert written(books, second(books)) == [
        "AMT*D*0",
        "SVD*99901*0*HC:90837**1",
        "CAS*PR*204*160",
        "AMT*EAF*160",
    ]


def test_a_denial_without_a_reason_waits_for_it(books: Office, desk: ClaimDesk) -> None:
    first = sent(books, desk)

    def decide(work: Work) -> None:
        claim = work.db.get_one(Claim, first)
        claim.status, claim.answered_on, claim.denied_on = S.DENIED, ON, ON

    books.write(decide)
    assert "and nothing of what it said is posted" in stays(books, second(books))


def test_a_denial_of_the_second_is_told_to_the_third(books: Office, desk: ClaimDesk) -> None:
    third = desk.payer
    books.write(lambda work: add_policy(work, desk.alma, third, "TER1", rank=3))
    first = sent(books, desk)
    say(books, first, PayersAnswer(S.DENIED, ON, carc="50"))
    other = second(books)
    send(books, [other])
    say(books, other, PayersAnswer(S.DENIED, ON, carc="16"))
    why = stays(books, second(books))
    assert "Example East paid nothing because something was lacking (CARC 16)" in why


def test_two_plans_of_one_payer_follow_each_other(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    books.write(lambda work: add_policy(work, desk.alma, desk.payer, "SAME2", rank=2))
    (charge,) = charges(books, sent(books, desk))
    eob(books, desk.payer, 0, EobLine(charge, denied="50"))
    claim_id = second(books)
    assert not stays(books, claim_id)
    assert "CAS*CO*50*160" in written(books, claim_id)


def test_an_answer_that_is_being_corrected_is_none(books: Office, desk: ClaimDesk) -> None:
    first = sent(books, desk)
    paid_in_full(books, desk, first)
    claim_id = second(books)
    books.write(lambda work: correct_as_original(work, first))
    send(books)
    answer = books.read(lambda work: content_of(work, claim_id)).others[0].answer
    assert answer is None


def correct_as_original(work: Work, claim_id: int) -> int:
    """Make a corrected claim of one."""
    version = work.db.get_one(Claim, claim_id).version
    return correct_claim(work, claim_id, expected_version=version, as_original=True)


def test_what_stands_behind_a_claim_that_was_taken_back_does_not_go(
    books: Office, desk: ClaimDesk
) -> None:
    first = sent(books, desk)
    paid_in_full(books, desk, first)
    claim_id = second(books)

    def take_back(work: Work) -> int:
        claim = work.db.get_one(Claim, first)
        claim.payer_number = "ICN-1"
        work.db.flush()
        return void_claim(work, first, "Another client's", expected_version=claim.version)

    taking = books.write(take_back).value
    assert not stays(books, claim_id)  # nothing was taken back yet
    (batch,) = send(books, [taking]).batches
    assert statuses(books) == {first: S.VOID, claim_id: S.SCRUBBED, taking: S.SUBMITTED}
    (left,) = plan(books, [claim_id]).staying
    assert left.reason_code is Stays.OUTDATED
    assert left.reason == "Claim CLM-2026-00001 to the earlier payer was taken back"
    books.write(lambda work: undo_batch(work, batch.id, "Sent too early"))
    assert not stays(books, claim_id)
