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
from fscdesk.services.queue.waiting import Kind, Urgency, Waiting, queue, waiting_count
from fscdesk.services.work import Topic, Work
from tests.support.claims import (
    ClaimDesk,
    add_authorization,
    add_claim_desk,
    build,
    claim_of,
    ready,
)
from tests.support.second_person import nobody

TODAY = date(2026, 4, 12)


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """A practice that bills payers."""
    return books.write(add_claim_desk).value


def rows(books: Office) -> dict[Kind, Waiting]:
    return {row.kind: row for row in books.read(queue).rows}


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


def test_the_denial_whose_time_ends_first_is_what_the_row_opens(
    books: Office, desk: ClaimDesk
) -> None:
    late = claim_on(books, desk, date(2026, 3, 2))
    first = claim_on(books, desk, date(2026, 3, 3), patient=desk.ben)
    denied_claim(books, late, date(2026, 4, 1))
    denied_claim(books, first, TODAY - timedelta(days=175))
    row = rows(books)[Kind.CLAIM_DENIED]
    assert (row.opens.place, dict(row.opens.asked)) == ("claim", {"claim": first})
    assert [line.opens and dict(line.opens.asked) for line in row.lines] == [
        {"claim": first},
        {"claim": late},
    ]
    assert row.all_open is not None
    assert (row.all_open.place, dict(row.all_open.asked)) == ("claims", {"view": "denied"})
    assert (row.count, row.amount, row.urgency) == (2, Money(320_00), Urgency.CRITICAL)
    assert row.when == "appeal in 5 days"
    assert row.why == "2 claims, the first for Ben Somebody: Modifier missing (CO-4)"
    assert "CO-4" in row.lines[0].fact
    before = row.id
    move(books, first, ClaimStatus.CLOSED)
    row = rows(books)[Kind.CLAIM_DENIED]
    assert (row.urgency, dict(row.opens.asked)) == (Urgency.HIGH, {"claim": late})
    assert row.id == before  # the list finds its row again, whichever claim is the first
    move(books, late, ClaimStatus.CLOSED)
    assert Kind.CLAIM_DENIED not in rows(books)


def test_a_rejected_claim_waits_and_is_not_among_the_denied(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_on(books, desk, date(2026, 3, 2))
    sent(books, claim_id, 3)
    assert Kind.CLAIM_REJECTED not in rows(books)
    move(books, claim_id, ClaimStatus.REJECTED, "Member not found")
    sets(books, claim_id, reason="Member not found")
    found = rows(books)
    assert Kind.CLAIM_DENIED not in found
    row = found[Kind.CLAIM_REJECTED]
    assert dict(row.opens.asked) == {"claim": claim_id}
    assert row.urgency is Urgency.HIGH
    assert "Member not found" in row.why


def test_what_a_finding_stops_is_to_mend_until_it_is_mended(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_on(books, desk, date(2026, 3, 2))
    assert Kind.CLAIM_MEND not in rows(books)
    assert rows(books)[Kind.CLAIM_READY].count == 1

    def spoil(work: Work, member: str) -> None:
        work.db.get_one(Policy, desk.policy).member_id = member
        work.db.flush()
        rescrub(work, policy_id=desk.policy)

    books.write(lambda work: spoil(work, ""))
    found = rows(books)
    assert Kind.CLAIM_READY not in found
    row = found[Kind.CLAIM_MEND]
    assert (row.opens.place, row.count, row.amount) == ("claim-build", 1, Money(160_00))
    line = row.lines[0]
    assert line.words == "Alma Anyone"
    assert line.opens is not None
    assert dict(line.opens.asked) == {"claim": claim_id}
    assert "member" in line.fact.lower()
    sets(books, claim_id, held_for="asked the client")
    assert Kind.CLAIM_MEND not in rows(books)
    sets(books, claim_id, held_for="")
    books.write(lambda work: spoil(work, "XYZ123456789"))
    assert Kind.CLAIM_MEND not in rows(books)


def test_ready_sessions_wait_until_they_are_on_a_claim(books: Office, desk: ClaimDesk) -> None:
    session = books.write(lambda work: ready(work, desk, day=date(2026, 4, 8))).value
    row = rows(books)[Kind.UNBILLED]
    assert (row.count, row.amount, row.urgency) == (1, Money(130_00), Urgency.LOW)
    assert (row.opens.place, row.when) == ("claim-build", "oldest 4 days")
    assert row.lines[0].opens is not None
    assert dict(row.lines[0].opens.asked) == {"session": session}
    books.write(lambda work: ready(work, desk, day=date(2026, 3, 2), minute=600))
    books.write(lambda work: ready(work, desk, day=date(2026, 3, 3), insurance=0))
    row = rows(books)[Kind.UNBILLED]
    assert (row.count, row.urgency) == (2, Urgency.MEDIUM)
    build(books)
    assert Kind.UNBILLED not in rows(books)


@pytest.mark.parametrize(
    ("days", "urgency", "said"),
    [
        ((29,), None, ""),
        ((30, 31), Urgency.MEDIUM, "2 for 30 days"),
        ((30, 60), Urgency.HIGH, "1 for 60 days, 1 for 30 days"),
        ((35, 65, 90, 200), Urgency.CRITICAL, "2 for 90 days, 1 for 60 days, 1 for 30 days"),
    ],
)
def test_a_silent_payer_is_graver_with_time(
    books: Office, desk: ClaimDesk, days: tuple[int, ...], urgency: Urgency | None, said: str
) -> None:
    for at, count in enumerate(days):
        sent(books, claim_on(books, desk, date(2026, 3, 2) + timedelta(days=at)), count)
    found = rows(books)
    if urgency is None:
        assert Kind.CLAIM_SILENT not in found
        return
    row = found[Kind.CLAIM_SILENT]
    assert (row.urgency, row.count) == (urgency, len(days))
    assert said in row.why
    assert dict(row.opens.asked) == {"view": "all", "silent": 30}
    assert f"no answer for {max(days)} days" in row.lines[0].fact


def test_the_last_day_to_file_is_told_two_weeks_before(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_on(books, desk, date(2026, 3, 2))
    assert Kind.CLAIM_DEADLINE not in rows(books)

    def give(work: Work, days: int) -> None:
        work.db.get_one(Payer, desk.payer).filing_days = days
        work.touch(Topic.PAYERS)

    left = (TODAY - date(2026, 3, 2)).days
    books.write(lambda work: give(work, left + 15))
    assert Kind.CLAIM_DEADLINE not in rows(books)
    books.write(lambda work: give(work, left + 14))
    row = rows(books)[Kind.CLAIM_DEADLINE]
    assert (row.urgency, row.when) == (Urgency.HIGH, "file in 14 days")
    assert dict(row.opens.asked) == {"claim": claim_id}
    books.write(lambda work: give(work, left - 1))
    row = rows(books)[Kind.CLAIM_DEADLINE]
    assert (row.urgency, row.when) == (Urgency.CRITICAL, "file 1 day over")
    sent(books, claim_id, 0)
    assert Kind.CLAIM_DEADLINE not in rows(books)


def test_a_next_action_waits_from_its_day_on(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_on(books, desk, date(2026, 3, 2))
    sent(books, claim_id, 5)
    sets(books, claim_id, next_action="Call Pat", next_action_on=date(2026, 4, 13))
    assert Kind.CLAIM_FOLLOW_UP not in rows(books)
    sets(books, claim_id, next_action_on=TODAY)
    row = rows(books)[Kind.CLAIM_FOLLOW_UP]
    assert row.why.endswith("Call Pat")
    assert row.when == "set for 04/12/2026"


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
    row = rows(books)[Kind.AUTHORIZATION]
    assert [line.fact.split(",")[0] for line in row.lines] == ["SOON", "FEW"]
    assert (row.count, row.urgency) == (2, Urgency.MEDIUM)
    assert row.opens.place == "patients"
    assert dict(row.opens.asked) == {
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

    books.write(lambda work: read(work, datetime(2026, 4, 10, 15, tzinfo=UTC)))
    row = rows(books)[Kind.ACKNOWLEDGMENT]
    assert (row.count, row.lines[0].words, row.lines[0].fact) == (1, "NOTOURS1", "Accepted")
    assert row.when == "oldest 2 days"

    def age(work: Work) -> None:
        work.db.execute(
            update(Acknowledgment).values(read_at=datetime(2026, 3, 12, 15, tzinfo=UTC))
        )

    books.write(age)
    assert Kind.ACKNOWLEDGMENT not in rows(books)


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


def test_the_count_is_that_of_the_rows_and_nobody_sees_what_he_may_not_do(
    books: Office, desk: ClaimDesk
) -> None:
    denied_claim(books, claim_of(books, desk=desk), TODAY - timedelta(days=3))
    for at, days in enumerate((40, 70)):
        sent(books, claim_on(books, desk, date(2026, 3, 10) + timedelta(days=at)), days)
    claim_on(books, desk, date(2026, 3, 20))
    books.write(lambda work: ready(work, desk, day=date(2026, 4, 9)))
    books.write(lambda work: add_authorization(work, desk.alma, desk.payer, 1))
    found = books.read(queue).rows
    assert books.read(waiting_count) == len(found) >= 5
    assert nobody(books).read(queue).rows == ()
    assert nobody(books).read(waiting_count) == 0
