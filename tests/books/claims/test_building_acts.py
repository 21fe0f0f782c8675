"""Building is exactly the plan, or nothing; what was built can be dropped and taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus
from fscdesk.models.claim_rule import RuleAct
from fscdesk.models.coverage import Policy
from fscdesk.models.practice import Location
from fscdesk.models.session import BillingStatus, Session
from fscdesk.services.claims.building import build_claims, drop_claims, plan_claims, undo_build
from fscdesk.services.claims.rule_setup import RuleFields, add_rule
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.claims import (
    DAY,
    ClaimDesk,
    add_claim_desk,
    add_diagnosis,
    build,
    claim_of,
    plan_of,
    put_at,
    ready,
    the_claim,
)
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import verify
from tests.support.second_person import at_once, manager, nobody, refusals, winners


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """The little practice that bills payers."""
    return books.write(add_claim_desk).value


def sit(books: Office, desk: ClaimDesk, **facts: Any) -> int:
    """A session that is ready to bill."""
    return books.write(lambda work: ready(work, desk, **facts)).value


def rows(books: Office, noun: Any) -> list[Any]:
    """Return all rows of a table in their order."""
    return books.read(lambda work: list(work.db.scalars(select(noun).order_by(noun.id))))


@pytest.mark.parametrize("change", ["session", "place", "diagnosis", "policy", "rule"])
def test_what_changed_since_the_plan_builds_nothing(
    books: Office, desk: ClaimDesk, change: str
) -> None:
    session = sit(books, desk)
    plan = plan_of(books)

    def meanwhile(work: Work) -> None:
        if change == "session":
            put = BillingStatus.DOCUMENTED
            work.db.get_one(Session, session).billing_status = put
        elif change == "place":
            work.db.get_one(Location, desk.office).place_of_service = "12"
        elif change == "diagnosis":
            add_diagnosis(work, desk.alma, "F33.0", 2)
        elif change == "policy":
            work.db.get_one(Policy, desk.policy).valid_to = DAY - timedelta(days=1)
        else:
            fields = RuleFields("x", RuleAct.SET, (), DAY, field="modifiers", value="+HO")
            add_rule(work, fields)

    books.write(meanwhile)
    with pytest.raises(ChangedElsewhere, match="changed after this list") as told:
        books.write(lambda work: build_claims(work, plan))
    assert "No claim was built" in told.value.hint
    assert rows(books, Claim) == []


def test_a_session_that_became_ready_since_does_not_disturb(books: Office, desk: ClaimDesk) -> None:
    sit(books, desk)
    plan = plan_of(books)
    sit(books, desk, patient=desk.ben)
    assert len(books.write(lambda work: build_claims(work, plan)).value.claim_ids) == 1
    assert len(plan_of(books).claims) == 1


def test_dropping_frees_the_sessions_and_keeps_the_claim(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)
    with pytest.raises(Problem, match="reason is missing"):
        books.write(lambda work: drop_claims(work, [claim_id], " "))
    assert books.write(lambda work: drop_claims(work, [claim_id], "Wrong policy")).value == 1
    assert the_claim(books, claim_id).status is ClaimStatus.VOID
    assert [line.live for line in rows(books, ClaimLine)] == [None]
    assert books.write(lambda work: drop_claims(work, [claim_id], "Again")).value == 0
    (again,) = build(books)
    assert again != claim_id
    assert the_claim(books, again).number == "CLM-2026-00002"
    verify(books)


def test_what_a_payer_has_is_not_dropped(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk, status=ClaimStatus.SUBMITTED)
    with pytest.raises(Problem, match="CLM-2026-00001 was sent: it is submitted"):
        books.write(lambda work: drop_claims(work, [claim_id], "No"))
    books.write(lambda work: put_at(work, claim_id, ClaimStatus.REJECTED))
    assert books.write(lambda work: drop_claims(work, [claim_id], "Anew")).value == 1
    assert plan_of(books).read == 1
    verify(books)


def test_a_build_is_taken_back_unless_one_was_sent(books: Office, desk: ClaimDesk) -> None:
    sit(books, desk)
    sit(books, desk, patient=desk.ben)
    before = plan_of(books)
    built = books.write(lambda work: build_claims(work, plan_claims(work))).value
    books.write(lambda work: put_at(work, built.claim_ids[1], ClaimStatus.SUBMITTED))
    with pytest.raises(Problem, match="CLM-2026-00002 was sent"):
        books.write(lambda work: undo_build(work, built))
    assert the_claim(books, built.claim_ids[0]).status is ClaimStatus.SCRUBBED
    books.write(lambda work: put_at(work, built.claim_ids[1], ClaimStatus.REJECTED))
    assert books.write(lambda work: undo_build(work, built)).value == 2
    assert books.write(lambda work: undo_build(work, built)).value == 0
    assert plan_of(books) == before
    verify(books)


def test_building_needs_its_right(books: Office, desk: ClaimDesk) -> None:
    sit(books, desk)
    other = nobody(books)
    plan = other.read(plan_claims)
    with pytest.raises(Problem, match="may not build claims"):
        other.write(lambda work: build_claims(work, plan))
    built = books.write(lambda work: build_claims(work, plan)).value
    with pytest.raises(Problem, match="may not drop claims"):
        other.write(lambda work: drop_claims(work, built.claim_ids, "No"))
    with pytest.raises(Problem, match="may not drop claims"):
        other.write(lambda work: undo_build(work, built))


def test_nothing_of_a_build_is_half_done(books: Office, desk: ClaimDesk) -> None:
    sit(books, desk, location=desk.video)
    sit(books, desk, patient=desk.ben)
    plan = plan_of(books)
    built = assert_all_or_nothing(books, lambda work: build_claims(work, plan)).value
    assert_all_or_nothing(books, lambda work: drop_claims(work, built.claim_ids[:1], "Wrong"))
    assert_all_or_nothing(books, lambda work: undo_build(work, built))
    verify(books)


def test_of_two_desks_that_build_at_once_one_does(books: Office, desk: ClaimDesk) -> None:
    for week in range(3):
        sit(books, desk, day=DAY + timedelta(weeks=week))
    plan = plan_of(books)

    def act(work: Work) -> Any:
        return build_claims(work, plan)

    outcomes = at_once((books, act), (manager(books), act))
    assert len(winners(outcomes)) == 1, outcomes
    (told,) = refusals(outcomes)
    assert isinstance(told, ChangedElsewhere), repr(told)
    assert len(rows(books, Claim)) == 1
    assert len(rows(books, ClaimLine)) == 3
    verify(books)


def test_of_two_desks_whose_plans_overlap_nothing_is_built_twice(
    books: Office, desk: ClaimDesk
) -> None:
    first, second = (sit(books, desk, day=DAY + timedelta(weeks=week)) for week in range(2))
    plans = [plan_of(books, [first]), plan_of(books, [first, second])]
    outcomes = at_once(
        *((books, lambda work, plan=plan: build_claims(work, plan)) for plan in plans)
    )
    assert len(winners(outcomes)) == 1, outcomes
    assert all(isinstance(one, ChangedElsewhere) for one in refusals(outcomes)), outcomes
    lives = [line.live for line in rows(books, ClaimLine)]
    assert len(lives) == len(set(lives)) in (1, 2)
    verify(books)
