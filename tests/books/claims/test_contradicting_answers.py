"""Answers that contradict each other: nothing is swallowed, and nothing is billed twice."""

from __future__ import annotations

import pytest

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.claim_batch import BatchState
from fscdesk.services.claims.ack_plan import Acknowledged
from fscdesk.services.claims.acknowledging import apply_acknowledgment, plan_acknowledgment
from fscdesk.services.claims.correcting import resend_rejected
from fscdesk.services.claims.undoing import undo_batch
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from tests.support.sent_claims import (
    account,
    answer_277,
    answer_999,
    batch_of,
    send,
    sets_of,
    some_claims,
    statuses,
    with_clearinghouse,
)


def read(books: Office, data: bytes) -> Acknowledged:
    """Plan and apply, as a desk does."""
    return books.write(
        lambda work: apply_acknowledgment(work, plan_acknowledgment(work, "answer", data))
    ).value


def held(books: Office, claim: int) -> str:
    return books.read(lambda work: work.db.get_one(Claim, claim).held_for)


def sent(books: Office, many: int) -> tuple[tuple[int, ...], int, str]:
    """Claims that were sent in one set: their ids, their batch, and what a 999 rejects it with."""
    desk = with_clearinghouse(books)
    claims = some_claims(books, desk, many)
    (batch,) = send(books).batches
    (transaction,) = sets_of(books, batch.id)
    return tuple(claims), batch.id, transaction


def said_999(books: Office, batch: int, transaction: str, code: str) -> bytes:
    return answer_999(batch_of(books, batch).group_control, {transaction: code})


def test_a_999_does_not_reject_what_the_payer_has_taken(books: Office) -> None:
    (taken, waiting, other), batch, transaction = sent(books, 3)
    names = [(account(books, taken), "A2:20", "P-1"), (account(books, waiting), "P1:20", "")]
    read(books, answer_277(names))
    done = read(books, said_999(books, batch, transaction, "R"))
    assert statuses(books) == {
        taken: ClaimStatus.ACCEPTED,
        waiting: ClaimStatus.PENDING,
        other: ClaimStatus.REJECTED,
    }
    (finding,) = done.plan.findings
    assert finding.code == "payer_has_it"
    first, second = (account(books, one)[-5:] for one in (taken, waiting))
    assert first in finding.message
    assert second in finding.message
    assert "stay as they are" in finding.message


def test_a_ta1_does_not_reject_what_the_payer_has_taken(sqlite_books: Office) -> None:
    (taken, other), batch, _ = sent(sqlite_books, 2)
    read(sqlite_books, answer_277([(account(sqlite_books, taken), "A2:20", "P-1")]))
    isa = answer_999("1", {}).decode().splitlines()[0]
    number = int(batch_of(sqlite_books, batch).interchange)
    receipt = f"TA1*{number:09d}*260412*0830*R*025~"
    done = read(sqlite_books, f"{isa}\n{receipt}\nIEA*0*000000905~".encode())
    assert [one.code for one in done.plan.findings] == ["payer_has_it"]
    assert statuses(sqlite_books) == {
        taken: ClaimStatus.ACCEPTED,
        other: ClaimStatus.REJECTED,
    }


def test_a_rejected_claim_that_the_payer_accepts_is_held(books: Office) -> None:
    (claim,), _, _ = sent(books, 1)
    read(books, answer_277([(account(books, claim), "A7:562:85", "")]))
    done = read(books, answer_277([(account(books, claim), "A2:20", "P-1")]))
    (finding,) = (one for one in done.plan.findings if one.code == "rejected_taken")
    assert "is rejected here" in finding.message
    assert statuses(books)[claim] is ClaimStatus.REJECTED
    assert "the receiver has taken" in held(books, claim)
    version = books.read(lambda work: work.db.get_one(Claim, claim).version)
    assert books.write(lambda work: resend_rejected(work, {claim: version})).value == ()
    with pytest.raises(Problem, match="It is held: Claim CLM-2026-00001 is rejected here"):
        send(books)


def test_a_set_that_is_rejected_and_then_accepted_holds_its_claims(books: Office) -> None:
    claims, batch, transaction = sent(books, 4)
    read(books, said_999(books, batch, transaction, "R"))
    assert batch_of(books, batch).state is BatchState.REJECTED
    done = read(books, said_999(books, batch, transaction, "A"))
    (finding,) = done.plan.findings
    assert finding.code == "rejected_taken"
    assert "4 claims" in finding.message
    assert "and 1 more" in finding.message
    assert all("the receiver has taken" in held(books, one) for one in claims)
    assert set(statuses(books).values()) == {ClaimStatus.REJECTED}


def test_a_file_that_was_taken_says_nothing_against_a_claim_that_was_not(
    sqlite_books: Office,
) -> None:
    """A 999 is about syntax, an A1 about arrival: a later rejection of the claim stands."""
    (claim,), batch, transaction = sent(sqlite_books, 1)
    read(sqlite_books, answer_277([(account(sqlite_books, claim), "A7:562:85", "")]))
    done = read(sqlite_books, said_999(sqlite_books, batch, transaction, "A"))
    assert done.plan.findings == ()
    late = read(sqlite_books, answer_277([(account(sqlite_books, claim), "A1:19", "")]))
    assert [one.code for one in late.plan.findings] == ["batch_by_claims"]
    assert held(sqlite_books, claim) == ""


def test_many_answers_to_a_batch_that_was_taken_back_are_one_finding(
    sqlite_books: Office,
) -> None:
    claims, batch, transaction = sent(sqlite_books, 5)
    sqlite_books.write(lambda work: undo_batch(work, batch, "Wrong day", anyway=True))
    done = read(sqlite_books, said_999(sqlite_books, batch, transaction, "A"))
    (finding,) = done.plan.findings
    assert finding.code == "undone_answered"
    assert "5 claims" in finding.message
    assert all("was taken back" in held(sqlite_books, one) for one in claims)
