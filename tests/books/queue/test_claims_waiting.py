"""What waits of claims: most urgent first, each line opens its claim, done work is gone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.claim_batch import Acknowledgment, AcknowledgmentItem, AcknowledgmentKind
from fscdesk.models.coverage import Policy
from fscdesk.models.payer import Payer
from fscdesk.models.values import Money
from fscdesk.services.claims.lifecycle import ClaimMove, move_claims
from fscdesk.services.claims.scrubbing import rescrub
from fscdesk.services.office import Office
from fscdesk.services.queue.claims import claims_waiting
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.work import Topic, Work
from tests.support.claims import (
    ClaimDesk,
    add_authorization,
    add_claim_desk,
    build,
    ready,
)
from tests.support.queue_items import items_of, kinds_now
from tests.support.second_person import nobody

TODAY = date(2026, 4, 12)


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """A practice that bills payers."""
    return books.write(add_claim_desk).value


def claim_on(books: Office, desk: ClaimDesk, day: date, *, patient: int | None = None) -> int:
    """A built claim of one session on a day."""
    session = books.write(lambda work: ready(work, desk, day=day, patient=patient)).value
    (claim_id,) = build(books, [session])
    return claim_id


def move(books: Office, claim_id: int, status: ClaimStatus, reason: str = "for the test") -> None:
    books.write(lambda work: move_claims(work, [ClaimMove(claim_id, status, reason)]))


def sets(books: Office, claim_id: int, **values: object) -> None:
    """Write columns of a claim, as sending and answers do."""

    def act(work: Work) -> None:
        work.db.execute(update(Claim).where(Claim.id == claim_id).values(**values))
        work.touch(Topic.CLAIMS)

    books.write(act)


def sent(books: Office, claim_id: int, days: int) -> None:
    day = TODAY - timedelta(days=days)
    move(books, claim_id, ClaimStatus.SUBMITTED)
    sets(books, claim_id, first_sent_on=day, last_sent_on=day)


def denied_claim(books: Office, claim_id: int, on: date) -> None:
    sent(books, claim_id, 40)
    move(books, claim_id, ClaimStatus.DENIED, "Modifier missing (CO-4)")
    sets(
        books,
        claim_id,
        denied_on=on,
        answered_on=on,
        reason_code="4",
        reason="Modifier missing (CO-4).",
    )


def test_what_a_finding_stops_is_to_mend_until_it_is_mended(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_on(books, desk, date(2026, 3, 2))
    assert ItemKind.HELD not in kinds_now(books)
    (ready_now,) = items_of(books, ItemKind.READY)
    assert (ready_now.opens.place, len(ready_now.lines)) == ("claim-build", 1)
    assert ready_now.every is not None
    assert dict(ready_now.every.asked) == {"view": "ready"}

    def spoil(work: Work, member: str) -> None:
        work.db.get_one(Policy, desk.policy).member_id = member
        work.db.flush()
        rescrub(work, policy_id=desk.policy)

    books.write(lambda work: spoil(work, ""))
    found = kinds_now(books)
    assert ItemKind.READY not in found
    row = found[ItemKind.HELD]
    assert (row.opens.place, row.amount) == ("claim", Money(130_00))
    assert dict(row.opens.asked) == {"claim": claim_id}
    assert "Alma Anyone" in row.about
    assert "member" in row.why.lower()
    sets(books, claim_id, held_for="asked the client")
    assert "asked the client" in kinds_now(books)[ItemKind.HELD].why
    sets(books, claim_id, held_for="")
    books.write(lambda work: spoil(work, "XYZ123456789"))
    assert ItemKind.HELD not in kinds_now(books)


def test_the_last_day_to_file_is_told_two_weeks_before(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_on(books, desk, date(2026, 3, 2))
    assert ItemKind.DEADLINE not in kinds_now(books)

    def give(work: Work, days: int) -> None:
        work.db.get_one(Payer, desk.payer).filing_days = days
        work.touch(Topic.PAYERS)

    left = (TODAY - date(2026, 3, 2)).days
    books.write(lambda work: give(work, left + 15))
    assert ItemKind.DEADLINE not in kinds_now(books)
    books.write(lambda work: give(work, left + 14))
    row = kinds_now(books)[ItemKind.DEADLINE]
    assert (row.urgency, row.title) == (Urgency.HIGH, "File in 14 days")
    assert dict(row.opens.asked) == {"claim": claim_id}
    books.write(lambda work: give(work, left - 1))
    row = kinds_now(books)[ItemKind.DEADLINE]
    assert (row.urgency, row.title) == (Urgency.CRITICAL, "File 1 day over")
    sent(books, claim_id, 0)
    assert ItemKind.DEADLINE not in kinds_now(books)


def test_a_next_action_waits_from_its_day_on(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_on(books, desk, date(2026, 3, 2))
    sent(books, claim_id, 5)
    sets(books, claim_id, next_action="Call Pat", next_action_on=date(2026, 4, 13))
    assert ItemKind.FOLLOW_UP not in kinds_now(books)
    sets(books, claim_id, next_action_on=TODAY)
    row = kinds_now(books)[ItemKind.FOLLOW_UP]
    assert (row.title, row.due_on) == ("Call Pat", TODAY)
    assert row.why == "Call Pat: it was set for 04/12/2026."
    sets(books, claim_id, next_action="", next_action_on=None)
    assert ItemKind.FOLLOW_UP not in kinds_now(books)


def test_authorizations_with_little_left_or_a_near_end_wait_the_used_up_first(
    books: Office, desk: ClaimDesk
) -> None:
    def add(work: Work) -> list[int]:
        return [
            add_authorization(work, desk.alma, desk.payer, 20, number="FULL"),
            add_authorization(work, desk.alma, desk.payer, 2, number="FEW"),
            add_authorization(
                work, desk.ben, desk.payer, 20, number="SOON", until=date(2026, 4, 20)
            ),
            add_authorization(
                work, desk.ben, desk.payer, 1, number="OVER", until=date(2026, 4, 11)
            ),
        ]

    made = books.write(add).value
    found = items_of(books, ItemKind.AUTHORIZATION)
    assert [one.about.rsplit(", ", 1)[1] for one in found] == ["SOON", "FEW"]
    assert {one.urgency for one in found} == {Urgency.MEDIUM}
    assert found[0].opens.place == "patients"
    assert dict(found[0].opens.asked) == {
        "patient": desk.ben,
        "tab": "authorizations",
        "record": made[2],
    }


def test_an_answer_about_nothing_of_ours_is_told_for_a_month(books: Office) -> None:
    def read(work: Work, at: datetime) -> None:
        answer = Acknowledgment(
            kind=AcknowledgmentKind.CLAIMS,
            file_name="answer.277",
            sha256="0" * 64,
            content=b"",
            accepted=1,
            rejected=0,
            matched=0,
            unmatched=1,
            read_by=work.actor.staff_id,
            read_at=at,
        )
        work.db.add(answer)
        work.db.flush()
        work.db.add(
            AcknowledgmentItem(
                acknowledgment_id=answer.id,
                position=1,
                reference="NOTOURS1",
                accepted=True,
                words="Accepted",
            )
        )
        work.touch(Topic.CLAIMS)

    books.write(lambda work: read(work, datetime(2026, 4, 10, 15, tzinfo=UTC)))
    row = kinds_now(books)[ItemKind.ACKNOWLEDGMENT]
    assert [(one.words, one.fact) for one in row.lines] == [("NOTOURS1", "Accepted")]
    assert row.steps[0].fact == "oldest 2 days"

    def age(work: Work) -> None:
        work.db.execute(
            update(Acknowledgment).values(read_at=datetime(2026, 3, 12, 15, tzinfo=UTC))
        )
        work.touch(Topic.CLAIMS)

    books.write(age)
    assert ItemKind.ACKNOWLEDGMENT not in kinds_now(books)


def test_the_rail_counts_what_came_back_and_what_is_stopped(books: Office, desk: ClaimDesk) -> None:
    assert books.read(claims_waiting) == 0
    day = date(2026, 3, 2)
    rejected, denied, stopped, fine = (
        claim_on(books, desk, day + timedelta(days=at)) for at in range(4)
    )
    assert books.read(claims_waiting) == 0
    denied_claim(books, denied, TODAY)
    sent(books, rejected, 3)
    move(books, rejected, ClaimStatus.REJECTED)
    sets(books, stopped, stops=1)
    assert books.read(claims_waiting) == 3
    move(books, fine, ClaimStatus.VOID)
    assert books.read(claims_waiting) == 3
    assert nobody(books).read(claims_waiting) == 0
