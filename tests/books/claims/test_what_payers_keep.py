"""What a payer has stays billed once: rejected successors, closed and voided claims."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from fscdesk.models.claim import ClaimFinding, ClaimStatus
from fscdesk.models.session import BillingStatus
from fscdesk.services.claim_answers import PAID, set_line_answers
from fscdesk.services.claim_standing import sent_claims
from fscdesk.services.claims.acknowledging import apply_acknowledgment, plan_acknowledgment
from fscdesk.services.claims.building import drop_claims
from fscdesk.services.claims.correcting import resend_rejected
from fscdesk.services.claims.lifecycle import ClaimMove, move_claims, set_claim_status
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from tests.books.claims.test_sending_replacements import denied, lives, successor
from tests.support.claims import build, plan_of, statuses_of, the_claim
from tests.support.payments import verify
from tests.support.sent_claims import (
    account,
    answer_277,
    plan,
    send,
    some_claims,
    statuses,
    with_clearinghouse,
)

REJECTED, DENIED = ClaimStatus.REJECTED, ClaimStatus.DENIED


def reject(books: Office, claim: int) -> None:
    """Let the clearinghouse refuse a claim."""
    data = answer_277([(account(books, claim), "A3:21", "")], on="260412")

    books.write(lambda work: apply_acknowledgment(work, plan_acknowledgment(work, "a.277", data)))


def answer(books: Office, claim: int, status: ClaimStatus) -> None:
    """Let a payer answer the one line of a claim."""
    if status is ClaimStatus.PAID:
        said = {claim: {1: PAID}}
        books.write(lambda work: set_line_answers(work, said, source="EOB", day=work.today()))
    else:
        books.write(lambda work: move_claims(work, [ClaimMove(claim, status, "EOB")]))


def denied_one(books: Office, outbox: Path) -> int:
    """A claim that was sent and that its payer denied."""
    desk = with_clearinghouse(books, outbox)
    (claim,) = some_claims(books, desk)
    send(books)
    denied(books, claim)
    return claim


def move(books: Office, claim: int, status: ClaimStatus) -> None:
    """Let a claim stand elsewhere by what came in."""
    books.write(lambda work: move_claims(work, [ClaimMove(claim, status, "277CA")]))


def session_of(books: Office) -> BillingStatus:
    (session,) = statuses_of(books).values()
    return session


@pytest.mark.parametrize("how", ["corrected", "original", "void"])
def test_a_rejected_successor_leaves_the_payer_with_the_first_claim(
    books: Office, tmp_path: Path, how: str
) -> None:
    claim = denied_one(books, tmp_path)
    before = lives(books)[claim]
    new = successor(books, claim, how)
    send(books)
    reject(books, new)
    assert statuses(books) == {claim: DENIED, new: REJECTED}
    assert lives(books) == {claim: before, new: [None]}
    assert session_of(books) is BillingStatus.DENIED
    assert len(books.read(sent_claims)) == 1
    assert plan_of(books).claims == ()
    verify(books)
    books.write(lambda work: drop_claims(work, [new], "Not after all"))
    assert statuses(books) == {claim: DENIED, new: ClaimStatus.VOID}
    assert session_of(books) is BillingStatus.DENIED
    assert plan_of(books).claims == ()
    verify(books)


def test_a_rejected_correction_goes_again_in_the_place_of_the_first(
    books: Office, tmp_path: Path
) -> None:
    claim = denied_one(books, tmp_path)
    before = lives(books)[claim]
    new = successor(books, claim, "corrected")
    send(books)
    reject(books, new)
    books.write(lambda work: resend_rejected(work, {new: the_claim(books, new).version}))
    send(books)
    assert statuses(books) == {claim: ClaimStatus.CLOSED, new: ClaimStatus.SUBMITTED}
    assert lives(books) == {claim: [None], new: before}
    verify(books)


def test_a_correction_that_is_answered_after_its_rejection_takes_the_place(
    books: Office, tmp_path: Path
) -> None:
    claim = denied_one(books, tmp_path)
    before = lives(books)[claim]
    new = successor(books, claim, "corrected")
    send(books)
    reject(books, new)
    answer(books, new, ClaimStatus.PAID)
    assert statuses(books) == {claim: ClaimStatus.CLOSED, new: ClaimStatus.PAID}
    assert lives(books) == {claim: [None], new: before}
    verify(books)


@pytest.mark.parametrize(
    ("status", "session"),
    [
        (ClaimStatus.PAID, BillingStatus.APPROVED),
        (ClaimStatus.PARTIALLY_PAID, BillingStatus.APPROVED),
        (ClaimStatus.DENIED, BillingStatus.DENIED),
    ],
)
def test_a_claim_that_a_person_closes_keeps_its_charges(
    books: Office, tmp_path: Path, status: ClaimStatus, session: BillingStatus
) -> None:
    desk = with_clearinghouse(books, tmp_path)
    (claim,) = some_claims(books, desk)
    send(books)
    before = lives(books)
    answer(books, claim, status)
    close = {claim: status}
    books.write(lambda work: set_claim_status(work, close, ClaimStatus.CLOSED, reason="Done"))
    assert lives(books) == before
    assert session_of(books) is session
    assert plan_of(books).claims == ()
    assert plan_of(books, list(statuses_of(books))).left_out[0].reason.startswith("It is on claim")
    assert len(books.read(sent_claims)) == 1
    verify(books)
    shut = {claim: ClaimStatus.CLOSED}
    books.write(lambda work: set_claim_status(work, shut, status, reason="Looked at again"))
    assert (statuses(books), lives(books)) == ({claim: status}, before)


def test_what_was_replaced_is_not_opened_again(books: Office, tmp_path: Path) -> None:
    claim = denied_one(books, tmp_path)
    successor(books, claim, "corrected")
    send(books)
    shut = {claim: ClaimStatus.CLOSED}
    with pytest.raises(Problem, match="is closed"):
        books.write(lambda work: set_claim_status(work, shut, DENIED, reason="Again"))


def test_what_was_sent_and_not_taken_back_is_billed_once(books: Office, tmp_path: Path) -> None:
    """Rule 41 sees a claim that a person made void, though no 8 was sent for it."""
    claim = denied_one(books, tmp_path)
    number = the_claim(books, claim).number
    seen = {claim: DENIED}
    books.write(lambda work: set_claim_status(work, seen, ClaimStatus.VOID, reason="By phone"))
    (again,) = build(books)
    (staying,) = plan(books, [again]).staying
    assert staying.reason.startswith(f"{number} bills the same service")


def test_after_a_void_claim_its_session_is_billed_anew(books: Office, tmp_path: Path) -> None:
    claim = denied_one(books, tmp_path)
    back = successor(books, claim, "void")
    assert plan_of(books).claims == ()
    send(books)
    books.write(lambda work: move_claims(work, [ClaimMove(back, ClaimStatus.ACCEPTED, "277CA")]))
    assert session_of(books) is BillingStatus.READY_TO_BILL
    (again,) = build(books)
    assert [one.claim_id for one in plan(books, [again]).going] == [again]
    send(books)
    assert statuses(books)[again] is ClaimStatus.SUBMITTED
    assert not books.read(
        lambda work: work.db.scalars(
            select(ClaimFinding.message).where(
                ClaimFinding.claim_id == again, ClaimFinding.rule == "double"
            )
        ).all()
    )
    verify(books)


def test_a_rejected_claim_that_was_dropped_is_no_double(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    (claim,) = some_claims(books, desk)
    send(books)
    reject(books, claim)
    books.write(lambda work: drop_claims(work, [claim], "Build anew"))
    (again,) = build(books)
    assert [one.claim_id for one in plan(books, [again]).going] == [again]


def test_a_correction_waits_while_its_original_is_rejected(books: Office, tmp_path: Path) -> None:
    claim = denied_one(books, tmp_path)
    new = successor(books, claim, "corrected")
    books.write(lambda work: move_claims(work, [ClaimMove(claim, REJECTED, "277CA")]))
    judged = plan(books, [new])
    assert judged.going == ()
    assert the_claim(books, claim).number in judged.staying[0].reason
    assert "rejected" in judged.staying[0].reason
    seen = {claim: the_claim(books, claim).version}
    with pytest.raises(Problem, match=the_claim(books, new).number):
        books.write(lambda work: resend_rejected(work, seen))
    books.write(lambda work: drop_claims(work, [new], "Goes again instead"))
    assert books.write(lambda work: resend_rejected(work, seen)).value == (claim,)


def test_what_no_payer_decided_does_not_go_as_another_original(
    books: Office, tmp_path: Path
) -> None:
    desk = with_clearinghouse(books, tmp_path)
    (claim,) = some_claims(books, desk)
    send(books)
    for status in (None, ClaimStatus.ACCEPTED, ClaimStatus.PENDING):
        if status is not None:
            move(books, claim, status)
        with pytest.raises(Problem, match="has not decided"):
            successor(books, claim, "original")


@pytest.mark.parametrize("sent", [False, True])
def test_what_was_built_anew_while_a_void_claim_was_on_its_way(
    books: Office, tmp_path: Path, *, sent: bool
) -> None:
    """The 8 is rejected: a draft of its charges falls; what was sent holds them."""
    claim = denied_one(books, tmp_path)
    before = lives(books)[claim]
    back = successor(books, claim, "void")
    send(books)
    (again,) = build(books)
    if sent:
        send(books)
    reject(books, back)
    if sent:
        assert statuses(books)[claim] is ClaimStatus.VOID
        assert lives(books) == {claim: [None], back: [None], again: before}
    else:
        assert statuses(books) == {claim: DENIED, back: REJECTED, again: ClaimStatus.VOID}
        assert lives(books) == {claim: before, back: [None], again: [None]}
        assert session_of(books) is BillingStatus.DENIED
    verify(books)
