"""What payers answer moves the claim: with money, with an EOB, from a look-up; and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from fscdesk.models.charge import Side
from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.session import BillingStatus
from fscdesk.models.values import Money
from fscdesk.services.claims.answers import PayersAnswer, record_answer
from fscdesk.services.claims.clocks import ClockKind
from fscdesk.services.claims.detail import claim_page
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application, applications_of
from fscdesk.services.payments.correcting import correct_payer, void_payment
from fscdesk.services.payments.receiving import NewPayment, receive
from fscdesk.services.payments.transferring import take_back as take_application_back
from fscdesk.services.remittances.taking_back import take_back
from fscdesk.services.remittances.typed_eobs import EobLine, PostedEob, post_eob
from fscdesk.services.work import Work
from tests.support.claim_acts import DENIED, TODAY, sent_claim, version_of
from tests.support.claims import charges_of, claim_of, statuses_of, the_claim
from tests.support.fail_at import assert_all_or_nothing, whole_books
from tests.support.payments import verify

PAID_IN_FULL = {"paid": Money(100_00), "contractual": Money(30_00)}
ON = date(2026, 4, 10)


def check(books: Office, amount: int) -> NewPayment:
    """Return a check of the payer of all claims here."""
    payer = books.read(lambda work: work.db.get_one(Claim, 1).payer_id)
    return NewPayment(Money(amount), PaymentMethod.CHECK, ON, payer_id=payer, reference="4711")


def eob(books: Office, *lines: EobLine) -> PostedEob:
    """Post an EOB with these lines."""
    new = check(books, sum(one.paid.cents for one in lines))
    return books.write(lambda work: post_eob(work, new, lines)).value


def charge(books: Office, session: int) -> int:
    """Return the one charge of a session."""
    (found,) = charges_of(books, session)
    return found


def paid(books: Office, session: int) -> EobLine:
    """Return a line that is paid as the contract says."""
    return EobLine(charge(books, session), Money(100_00), Money(30_00))


def denied(books: Office, session: int, carc: str = "197") -> EobLine:
    """Return a line that is denied."""
    return EobLine(charge(books, session), denied=carc)


def said(books: Office, claim_id: int) -> list[tuple[str, str]]:
    """Return what was last said of each line."""
    money = books.read(lambda work: claim_page(work, claim_id)).money
    return [(one.answer, one.carc) for one in money]


def answer(books: Office, claim_id: int, what: PayersAnswer) -> ClaimStatus:
    """Note an answer as somebody who has just looked at the claim."""
    seen = version_of(books, claim_id)
    return books.write(
        lambda work: record_answer(work, claim_id, what, expected_version=seen)
    ).value


def test_a_claim_is_paid_when_each_line_is_answered(books: Office) -> None:
    claim_id = sent_claim(books, sessions=2)
    eob(books, paid(books, 1))
    assert the_claim(books, claim_id).status is ClaimStatus.ACCEPTED
    assert said(books, claim_id) == [("paid", ""), ("", "")]
    assert statuses_of(books)[1] is BillingStatus.APPROVED
    second = eob(books, EobLine(charge(books, 2), patient=Money(130_00)))
    claim = the_claim(books, claim_id)
    assert (claim.status, claim.answered_on, claim.denied_on) == (ClaimStatus.PAID, ON, None)
    history = books.read(lambda work: claim_page(work, claim_id)).history
    assert history[-1].reason == f"{second.payment.number}: the payer has answered"
    assert set(statuses_of(books).values()) == {BillingStatus.APPROVED}
    verify(books)


def test_a_claim_is_denied_when_all_of_it_is(books: Office) -> None:
    claim_id = sent_claim(books, sessions=2)
    found = eob(books, denied(books, 1), denied(books, 2, "4"))
    claim = the_claim(books, claim_id)
    assert claim.status is ClaimStatus.DENIED
    assert (claim.denied_on, claim.answered_on) == (ON, ON)
    assert (claim.reason_code, claim.reason) == ("197", "Denied, CARC 197, 4")
    assert set(statuses_of(books).values()) == {BillingStatus.DENIED}
    page = books.read(lambda work: claim_page(work, claim_id))
    assert page.history[-1].reason == f"{found.payment.number}: denied, CARC 197, 4"
    assert page.look_at[0] == "authorization"
    assert [one.what for one in page.clocks] == [ClockKind.APPEAL, ClockKind.CORRECT]
    verify(books)


def test_a_line_that_was_denied_stays_denied_when_the_rest_is_paid(books: Office) -> None:
    claim_id = sent_claim(books, sessions=2)
    eob(books, denied(books, 1))
    assert the_claim(books, claim_id).status is ClaimStatus.ACCEPTED
    eob(books, paid(books, 2))
    claim = the_claim(books, claim_id)
    assert (claim.status, claim.reason_code) == (ClaimStatus.PARTIALLY_PAID, "197")
    assert statuses_of(books) == {1: BillingStatus.DENIED, 2: BillingStatus.APPROVED}
    assert said(books, claim_id) == [("denied", "197"), ("paid", "")]
    verify(books)


def test_a_line_answered_before_the_others_keeps_its_session_approved(books: Office) -> None:
    claim_id = sent_claim(books, sessions=3)
    eob(books, paid(books, 1))
    eob(books, paid(books, 2))
    assert the_claim(books, claim_id).status is ClaimStatus.ACCEPTED
    assert statuses_of(books) == {
        1: BillingStatus.APPROVED,
        2: BillingStatus.APPROVED,
        3: BillingStatus.PENDING,
    }


def test_of_two_denied_lines_one_may_be_paid_later(books: Office) -> None:
    claim_id = sent_claim(books, sessions=3)
    eob(books, paid(books, 1), denied(books, 2), denied(books, 3))
    part = Application(charge(books, 2), Money(90_00), Side.INSURANCE)
    books.write(lambda work: receive(work, replace(check(books, 90_00), applications=(part,))))
    assert the_claim(books, claim_id).status is ClaimStatus.PARTIALLY_PAID
    assert statuses_of(books) == {
        1: BillingStatus.APPROVED,
        2: BillingStatus.APPROVED,
        3: BillingStatus.DENIED,
    }
    verify(books)


def test_one_eob_may_pay_and_deny(books: Office) -> None:
    claim_id = sent_claim(books, sessions=2)
    eob(books, paid(books, 1), denied(books, 2))
    assert the_claim(books, claim_id).status is ClaimStatus.PARTIALLY_PAID
    assert statuses_of(books) == {1: BillingStatus.APPROVED, 2: BillingStatus.DENIED}
    history = books.read(lambda work: claim_page(work, claim_id)).history
    assert [row.new for row in history[-2:]] == [ClaimStatus.ACCEPTED, ClaimStatus.PARTIALLY_PAID]


def test_a_denied_line_that_is_paid_after_all_makes_the_claim_paid(books: Office) -> None:
    claim_id = sent_claim(books)
    eob(books, denied(books, 1))
    eob(books, paid(books, 1))
    claim = the_claim(books, claim_id)
    assert (claim.status, claim.denied_on, claim.reason_code, claim.reason) == (
        ClaimStatus.PAID,
        None,
        "",
        "",
    )
    assert statuses_of(books)[1] is BillingStatus.APPROVED


def test_a_duplicate_that_is_denied_changes_nothing(books: Office) -> None:
    claim_id = sent_claim(books)
    eob(books, paid(books, 1))
    eob(books, denied(books, 1, "18"))
    assert the_claim(books, claim_id).status is ClaimStatus.PAID
    assert said(books, claim_id) == [("paid", "")]


@pytest.mark.parametrize("amount", [100_00, 0])
def test_an_eob_that_is_undone_takes_its_answers_with_it(books: Office, amount: int) -> None:
    claim_id = sent_claim(books, sessions=2)
    before = statuses_of(books)
    lines = (paid(books, 1), denied(books, 2)) if amount else (denied(books, 1), denied(books, 2))
    found = eob(books, *lines)
    assert the_claim(books, claim_id).status is not ClaimStatus.ACCEPTED
    seen = books.read(lambda work: work.db.get_one(Payment, found.payment.payment_id).version)
    books.write(lambda work: take_back(work, found.payment.payment_id, expected_version=seen))
    claim = the_claim(books, claim_id)
    assert (claim.status, claim.answered_on, claim.denied_on, claim.reason_code) == (
        ClaimStatus.ACCEPTED,
        None,
        None,
        "",
    )
    assert statuses_of(books) == before
    assert said(books, claim_id) == [("", ""), ("", "")]
    verify(books)


def test_what_was_said_before_is_said_again(books: Office) -> None:
    claim_id = sent_claim(books)
    eob(books, denied(books, 1))
    found = eob(books, paid(books, 1))
    seen = books.read(lambda work: work.db.get_one(Payment, found.payment.payment_id).version)
    books.write(
        lambda work: void_payment(
            work, found.payment.payment_id, reason="Misread", expected_version=seen
        )
    )
    claim = the_claim(books, claim_id)
    assert (claim.status, claim.reason_code) == (ClaimStatus.DENIED, "197")
    assert said(books, claim_id) == [("denied", "197")]
    assert statuses_of(books)[1] is BillingStatus.DENIED
    verify(books)


def test_an_answer_that_came_since_stays_when_an_older_one_is_taken_back(books: Office) -> None:
    claim_id = sent_claim(books)
    first = eob(books, denied(books, 1))
    eob(books, paid(books, 1))
    seen = books.read(lambda work: work.db.get_one(Payment, first.payment.payment_id).version)
    books.write(
        lambda work: void_payment(
            work, first.payment.payment_id, reason="Misread", expected_version=seen
        )
    )
    assert the_claim(books, claim_id).status is ClaimStatus.PAID


def test_money_alone_is_an_answer_and_its_return_takes_it_back(books: Office) -> None:
    claim_id = sent_claim(books)
    part = Application(charge(books, 1), Money(90_00), Side.INSURANCE)
    new = replace(check(books, 90_00), applications=(part,))
    done = books.write(lambda work: receive(work, new)).value
    assert the_claim(books, claim_id).status is ClaimStatus.PAID
    (entry,) = books.read(lambda work: applications_of(work, done.payment_id))
    books.write(lambda work: take_application_back(work, entry, reason="Another charge"))
    assert the_claim(books, claim_id).status is ClaimStatus.ACCEPTED
    verify(books)


def test_money_that_was_another_payers_takes_its_answer_with_it(books: Office) -> None:
    claim_id = sent_claim(books)
    part = Application(charge(books, 1), Money(90_00), Side.INSURANCE)
    new = replace(check(books, 90_00), applications=(part,))
    done = books.write(lambda work: receive(work, new)).value
    assert the_claim(books, claim_id).status is ClaimStatus.PAID
    seen = books.read(lambda work: work.db.get_one(Payment, done.payment_id).version)
    books.write(
        lambda work: correct_payer(
            work, done.payment_id, guarantor_id=1, reason="Hers", expected_version=seen
        )
    )
    assert the_claim(books, claim_id).status is ClaimStatus.ACCEPTED
    verify(books)


def test_another_payers_money_answers_nothing(books: Office) -> None:
    claim_id = sent_claim(books)
    part = Application(charge(books, 1), Money(30_00), Side.PATIENT)
    guarantor = NewPayment(
        Money(30_00), PaymentMethod.CASH, ON, guarantor_id=1, applications=(part,)
    )
    books.write(lambda work: receive(work, guarantor))
    assert the_claim(books, claim_id).status is ClaimStatus.ACCEPTED


@pytest.mark.parametrize("status", [None, ClaimStatus.VOID, ClaimStatus.CLOSED])
def test_what_is_not_sent_or_has_fallen_is_answered_by_nothing(
    books: Office, status: ClaimStatus | None
) -> None:
    claim_id = claim_of(books, status=status)
    before = the_claim(books, claim_id).status
    eob(books, denied(books, 1))
    assert the_claim(books, claim_id).status is before
    assert said(books, claim_id) == [("", "")]


def test_an_eob_is_whole_or_not_there_with_its_claim(books: Office) -> None:
    sent_claim(books, sessions=2)
    new = check(books, 100_00)
    lines = (paid(books, 1), denied(books, 2))
    assert_all_or_nothing(books, lambda work: post_eob(work, new, lines), every=3)
    verify(books)


def test_a_denial_that_was_looked_up_is_kept_with_its_words(books: Office) -> None:
    claim_id = sent_claim(books)
    found = answer(books, claim_id, replace(DENIED, payer_number="ICN-9", carc=" 0197"))
    assert found is ClaimStatus.DENIED
    claim = the_claim(books, claim_id)
    assert (claim.reason_code, claim.reason) == ("197", "CO-197: No authorization")
    assert (claim.payer_number, claim.denied_on) == ("ICN-9", TODAY)
    assert statuses_of(books)[1] is BillingStatus.DENIED
    page = books.read(lambda work: claim_page(work, claim_id))
    assert page.reason_words == "No authorization was asked for."
    assert ("payer_number", "ICN-2026-1", "ICN-9") in [
        (one.field, one.old, one.new) for one in page.changes
    ]
    verify(books)


def test_part_of_a_claim_can_be_denied(books: Office) -> None:
    claim_id = sent_claim(books, sessions=2)
    partly = replace(DENIED, status=ClaimStatus.PARTIALLY_PAID, denied_lines=(2,))
    assert answer(books, claim_id, partly) is ClaimStatus.PARTIALLY_PAID
    assert said(books, claim_id) == [("paid", ""), ("denied", "197")]
    assert statuses_of(books) == {1: BillingStatus.APPROVED, 2: BillingStatus.DENIED}


def test_a_decision_can_turn_out_to_be_none(books: Office) -> None:
    claim_id = sent_claim(books)
    answer(books, claim_id, DENIED)
    assert answer(books, claim_id, PayersAnswer(ClaimStatus.PENDING, TODAY)) is ClaimStatus.PENDING
    claim = the_claim(books, claim_id)
    assert (claim.denied_on, claim.reason_code, claim.answered_on) == (None, "", None)
    assert statuses_of(books)[1] is BillingStatus.PENDING
    history = books.read(lambda work: claim_page(work, claim_id)).history
    assert history[-1].reason == "The payer has it in process"
    assert history[-1].old is ClaimStatus.DENIED  # and nothing between


def test_a_rejection_sends_the_sessions_back(books: Office) -> None:
    claim_id = claim_of(books, status=ClaimStatus.SUBMITTED)
    what = PayersAnswer(ClaimStatus.REJECTED, TODAY, reason="The member is not known")
    assert answer(books, claim_id, what) is ClaimStatus.REJECTED
    assert the_claim(books, claim_id).reason == "The member is not known"
    assert statuses_of(books)[1] is BillingStatus.READY_TO_BILL


@pytest.mark.parametrize(
    ("what", "says"),
    [
        (replace(DENIED, carc=""), "Nothing is no denial code"),
        (replace(DENIED, carc="999"), "999 is no denial code"),
        (replace(DENIED, group="XX"), "XX is no group code"),
        (replace(DENIED, on=TODAY + timedelta(days=1)), "cannot have answered on 04/13/2026"),
        (replace(DENIED, on=date(2026, 3, 1)), "cannot have answered on 03/01/2026"),
        (replace(DENIED, status=ClaimStatus.PARTIALLY_PAID), "Which lines were denied"),
        (
            replace(DENIED, status=ClaimStatus.PARTIALLY_PAID, denied_lines=(1, 2)),
            "Which lines were denied",
        ),
        (
            replace(DENIED, status=ClaimStatus.PARTIALLY_PAID, denied_lines=(3,)),
            "Which lines were denied",
        ),
        (PayersAnswer(ClaimStatus.REJECTED, TODAY), "Why the claim was rejected"),
        (PayersAnswer(ClaimStatus.DRAFT, TODAY), "Draft is nothing that a payer answers"),
        (PayersAnswer(ClaimStatus.PAID, TODAY, payer_number="9" * 51), "51 letters; 50 fit"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(books: Office, what: PayersAnswer, says: str) -> None:
    claim_id = sent_claim(books, sessions=2)
    before = books.read(whole_books)
    with pytest.raises(Problem, match=says) as refused:
        answer(books, claim_id, what)
    assert refused.value.hint
    assert books.read(whole_books) == before


def test_what_was_decided_was_not_rejected(books: Office) -> None:
    claim_id = sent_claim(books)
    answer(books, claim_id, DENIED)
    with pytest.raises(Problem, match="it did reach the payer"):
        answer(books, claim_id, PayersAnswer(ClaimStatus.REJECTED, TODAY, reason="Why"))


def test_nobody_answers_what_was_not_sent(books: Office) -> None:
    with pytest.raises(Problem, match="is scrubbed"):
        answer(books, claim_of(books), DENIED)


def test_a_session_that_is_settled_is_paid_whatever_the_claim_says(books: Office) -> None:
    claim_id = sent_claim(books)
    eob(books, paid(books, 1))

    def copay(work: Work) -> None:
        part = Application(charges[0], Money(30_00), Side.PATIENT)
        new = NewPayment(Money(30_00), PaymentMethod.CASH, ON, guarantor_id=1, applications=(part,))
        receive(work, new)

    charges = charges_of(books, 1)
    books.write(copay)
    assert statuses_of(books)[1] is BillingStatus.PAID
    assert the_claim(books, claim_id).status is ClaimStatus.PAID
