"""A claim that the first payer passed on by itself: never sent from here, waited for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.session import BillingStatus
from fscdesk.services.claims.building import build_claims, plan_secondary
from fscdesk.services.claims.crossing import mark_crossed_over, take_crossing_back
from fscdesk.services.claims.listing import claim_row
from fscdesk.services.claims.sending import plan_batch
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.claims import (
    add_claim_desk,
    add_policy,
    claim_of,
    put_at,
    statuses_of,
    the_claim,
)
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import verify

S = ClaimStatus
PASSED_ON = date(2026, 4, 10)


@pytest.fixture
def second(books: Office) -> int:
    """The claim to the second payer of one whose first payer has paid."""

    def act(work: Work) -> None:
        desk = add_claim_desk(work)
        add_policy(work, desk.alma, desk.next_payer, "SEC1", rank=2)
        made.append(desk)

    made: list[object] = []
    books.write(act)
    first = claim_of(books, desk=made[0])  # type: ignore[arg-type]
    books.write(lambda work: put_at(work, first, S.PARTIALLY_PAID))
    built = books.write(lambda work: build_claims(work, plan_secondary(work))).value
    (claim_id,) = built.claim_ids
    return int(claim_id)


def version_of(books: Office, claim_id: int) -> int:
    """Return the version of a claim as the list shows it."""
    return books.read(lambda work: claim_row(work, claim_id)).version


def test_what_was_passed_on_waits_for_its_payer_and_is_not_sent(books: Office, second: int) -> None:
    seen = version_of(books, second)
    assert_all_or_nothing(
        books, lambda work: mark_crossed_over(work, second, PASSED_ON, expected_version=seen)
    )
    claim = the_claim(books, second)
    assert (claim.status, claim.crossed_over) == (S.PENDING, True)
    assert (claim.first_sent_on, claim.last_sent_on) == (PASSED_ON, PASSED_ON)
    assert set(statuses_of(books).values()) == {BillingStatus.PENDING}
    plan = books.read(lambda work: plan_batch(work, [second]))
    assert plan.going == ()
    assert not books.read(plan_secondary).claims
    verify(books)


def test_it_can_be_taken_back_until_the_payer_answers(books: Office, second: int) -> None:
    seen = version_of(books, second)
    books.write(lambda work: mark_crossed_over(work, second, PASSED_ON, expected_version=seen))
    now = version_of(books, second)
    books.write(lambda work: take_crossing_back(work, second, expected_version=now))
    claim = the_claim(books, second)
    assert claim.status in (S.DRAFT, S.SCRUBBED)
    assert (claim.crossed_over, claim.first_sent_on) == (False, None)
    verify(books)
    with pytest.raises(Problem, match="does not wait"):
        books.write(
            lambda work: take_crossing_back(
                work, second, expected_version=claim_row(work, second).version
            )
        )


def test_what_cannot_have_been_passed_on_is_refused(books: Office, second: int) -> None:
    ahead = books.read(lambda work: work.today()) + timedelta(days=1)
    seen = version_of(books, second)
    with pytest.raises(Problem, match="has not come yet"):
        books.write(lambda work: mark_crossed_over(work, second, ahead, expected_version=seen))
    with pytest.raises(ChangedElsewhere):
        books.write(
            lambda work: mark_crossed_over(work, second, PASSED_ON, expected_version=seen + 1)
        )
    first = books.read(lambda work: claim_row(work, second - 1))
    with pytest.raises(Problem, match="is partially paid"):
        books.write(
            lambda work: mark_crossed_over(
                work, first.id, PASSED_ON, expected_version=first.version
            )
        )
    assert the_claim(books, second).crossed_over is False


def test_the_first_payers_claim_is_passed_on_by_nobody(books: Office) -> None:
    claim_id = claim_of(books)
    seen = version_of(books, claim_id)
    with pytest.raises(Problem, match="goes to the first payer"):
        books.write(
            lambda work: mark_crossed_over(work, claim_id, PASSED_ON, expected_version=seen)
        )
