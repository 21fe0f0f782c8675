"""Corrected and voiding claims: what they replace falls when they go, and stands again by undo."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus
from fscdesk.models.coverage import Authorization
from fscdesk.models.session import BillingStatus
from fscdesk.services.claims.correcting import correct_claim, void_claim
from fscdesk.services.claims.lifecycle import ClaimMove, move_claims
from fscdesk.services.claims.undoing import undo_batch
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.claims import add_authorization, build, ready, statuses_of
from tests.support.pyx12_judge import assert_accepted
from tests.support.sent_claims import send, some_claims, statuses, text_of, with_clearinghouse


def denied(books: Office, claim: int, *, number: str = "PAYER-1") -> None:
    """Let a payer have denied a claim."""

    def act(work: Work) -> None:
        move_claims(work, [ClaimMove(claim, ClaimStatus.DENIED, "CARC 4")])
        work.db.get_one(Claim, claim).payer_number = number

    books.write(act)


def lives(books: Office) -> dict[int, list[str | None]]:
    """What each claim's lines hold."""

    def look(work: Work) -> dict[int, list[str | None]]:
        found: dict[int, list[str | None]] = {}
        for line in work.db.scalars(select(ClaimLine).order_by(ClaimLine.id)):
            found.setdefault(line.claim_id, []).append(line.live)
        return found

    return books.read(look)


def successor(books: Office, claim: int, how: str) -> int:
    def act(work: Work) -> int:
        version = work.db.get_one(Claim, claim).version
        if how == "void":
            return void_claim(work, claim, "Billed by mistake", expected_version=version)
        original = how == "original"
        return correct_claim(work, claim, expected_version=version, as_original=original)

    return books.write(act).value


@pytest.mark.parametrize(
    ("how", "fallen"),
    [
        ("corrected", ClaimStatus.CLOSED),
        ("original", ClaimStatus.CLOSED),
        ("void", ClaimStatus.VOID),
    ],
)
def test_what_is_replaced_falls_when_the_other_goes_and_stands_again_by_undo(
    books: Office, tmp_path: Path, how: str, fallen: ClaimStatus
) -> None:
    desk = with_clearinghouse(books, tmp_path)
    (claim,) = some_claims(books, desk)
    send(books)
    denied(books, claim)
    before = lives(books)
    new = successor(books, claim, how)
    assert lives(books)[new] == [None]
    (batch,) = send(books).batches
    text = text_of(books, batch.id)
    assert_accepted(text)
    assert ("REF*F8*PAYER-1~" in text) is (how != "original")
    assert statuses(books) == {claim: fallen, new: ClaimStatus.SUBMITTED}
    held = {claim: [None], new: [None] if how == "void" else before[claim]}
    assert lives(books) == held
    (session,) = statuses_of(books).values()
    expected = BillingStatus.READY_TO_BILL if how == "void" else BillingStatus.SUBMITTED
    assert session is expected
    books.write(lambda work: undo_batch(work, batch.id, "Not yet"))
    assert statuses(books) == {claim: ClaimStatus.DENIED, new: ClaimStatus.SCRUBBED}
    assert lives(books) == {claim: before[claim], new: [None]}
    assert list(statuses_of(books).values()) == [BillingStatus.DENIED]
    send(books)
    assert statuses(books) == {claim: fallen, new: ClaimStatus.SUBMITTED}


def test_authorizations_are_counted_when_claims_go_and_given_back(books: Office) -> None:
    desk = with_clearinghouse(books)

    def granted(work: Work) -> int:
        return add_authorization(work, desk.alma, desk.payer, 2)

    authorization = books.write(granted).value
    sessions = books.write(lambda work: [ready(work, desk, minute=540 + 60 * 3)]).value
    build(books, sessions)

    def used() -> int:
        return books.read(lambda work: work.db.get_one(Authorization, authorization).used)

    assert used() == 0
    (batch,) = send(books).batches
    assert used() == 1
    books.write(lambda work: undo_batch(work, batch.id, "Wrong day"))
    assert used() == 0
