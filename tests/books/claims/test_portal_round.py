"""The round of the portals: whom to look up, in which order, and one act for each answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus
from fscdesk.models.payer import Portal
from fscdesk.models.session import Session
from fscdesk.services.claims.appealing import NewAppeal, open_appeal
from fscdesk.services.claims.lifecycle import ClaimMove, move_claims
from fscdesk.services.claims.portal_round import (
    Found,
    PortalStop,
    note_found,
    portal_round,
    take_back_found,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Topic, Work
from tests.support.claim_acts import TODAY, sent_claim, version_of
from tests.support.claims import ClaimDesk, add_claim_desk, build, ready
from tests.support.clock import Clock
from tests.support.second_person import nobody


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """A practice that bills payers."""
    return books.write(add_claim_desk).value


def silent(books: Office, desk: ClaimDesk, days: int, *, payer: int | None = None) -> int:
    """A claim of which its payer has said nothing for so many days."""
    claim_id = sent_claim(books, desk=desk)
    sent = TODAY - timedelta(days=days)

    def act(work: Work) -> None:
        values = {"last_sent_on": sent, "payer_id": payer or desk.payer}
        work.db.execute(update(Claim).where(Claim.id == claim_id).values(**values))
        work.touch(Topic.CLAIMS)

    books.write(act)
    return claim_id


def stops(books: Office) -> tuple[PortalStop, ...]:
    return books.read(portal_round)


def test_the_payer_with_the_oldest_money_is_first_with_its_portal(
    books: Office, desk: ClaimDesk
) -> None:
    young = silent(books, desk, 40)

    def portal(work: Work) -> None:
        work.db.add(
            Portal(
                payer_id=desk.next_payer,
                name="East portal",
                address="https://portal.example",
                steps="Claims\n\n Search by member id ",
            )
        )
        work.touch(Topic.PAYERS)

    books.write(portal)
    assert [stop.payer for stop in stops(books)] == ["Imaginary Blue"]
    assert (stops(books)[0].portal, stops(books)[0].steps) == ("", ())

    def move(work: Work) -> None:
        sent = TODAY - timedelta(days=95)
        values = {"payer_id": desk.next_payer, "last_sent_on": sent}
        work.db.execute(update(Claim).where(Claim.id == young).values(**values))
        work.touch(Topic.CLAIMS)

    books.write(move)
    (stop,) = stops(books)
    assert (stop.payer, stop.portal) == ("Example East", "East portal")
    assert stop.steps == ("Claims", "Search by member id")
    assert stop.oldest == date(2026, 1, 7)
    assert [row.id for row in stop.claims] == [young]
    assert stop.amount == stop.claims[0].insurance_open


def test_stops_and_their_claims_go_by_the_day_they_were_sent(
    books: Office, desk: ClaimDesk
) -> None:
    sent = {2: (desk.payer, 40), 3: (desk.next_payer, 50), 4: (desk.payer, 60), 5: (desk.payer, 20)}

    def add(work: Work, day: int) -> int:
        return ready(work, desk, day=date(2026, 3, day))

    made: dict[int, int] = {}
    for day, (payer, days) in sent.items():
        session = books.write(lambda work, day=day: add(work, day)).value  # type: ignore[misc]
        (made[day],) = build(books, [session])
        claim_id, on = made[day], TODAY - timedelta(days=days)

        def send(work: Work, claim_id: int = claim_id, payer: int = payer, on: date = on) -> None:
            move_claims(work, [ClaimMove(claim_id, ClaimStatus.SUBMITTED, "sent")])
            values = {"payer_id": payer, "first_sent_on": on, "last_sent_on": on}
            work.db.execute(update(Claim).where(Claim.id == claim_id).values(**values))
            work.touch(Topic.CLAIMS)

        books.write(send)
    found = stops(books)
    assert [stop.payer for stop in found] == ["Imaginary Blue", "Example East"]
    assert [row.id for row in found[0].claims] == [made[4], made[2]]
    assert [row.id for row in found[1].claims] == [made[3]]
    assert found[0].amount.cents == 260_00


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (Found.PAID, ClaimStatus.PENDING),
        (Found.PENDING, ClaimStatus.PENDING),
        (Found.DENIED, ClaimStatus.DENIED),
        (Found.NOT_ON_FILE, ClaimStatus.REJECTED),
    ],
)
def test_one_act_notes_each_answer_and_ends_the_stop(
    books: Office, desk: ClaimDesk, found: Found, status: ClaimStatus
) -> None:
    claim_id = silent(books, desk, 40)
    assert len(stops(books)) == 1
    seen = version_of(books, claim_id)
    code = "197" if found is Found.DENIED else ""
    done = books.write(
        lambda work: note_found(work, claim_id, found, expected_version=seen, carc=code)
    )
    assert done.value.status is status
    assert stops(books) == ()


def test_what_is_in_process_is_looked_up_again_later_and_again(
    books: Office, desk: ClaimDesk, clock: Clock
) -> None:
    claim_id = silent(books, desk, 40)

    def pending() -> None:
        seen = version_of(books, claim_id)
        books.write(lambda work: note_found(work, claim_id, Found.PENDING, expected_version=seen))

    pending()
    assert stops(books) == ()
    clock.set(datetime(2026, 4, 26, 15, tzinfo=UTC))
    assert [row.id for row in stops(books)[0].claims] == [claim_id]
    pending()
    assert stops(books) == ()


def test_a_denial_needs_its_reason_and_the_round_its_right(books: Office, desk: ClaimDesk) -> None:
    claim_id = silent(books, desk, 40)
    seen = version_of(books, claim_id)
    with pytest.raises(Problem):
        books.write(lambda work: note_found(work, claim_id, Found.DENIED, expected_version=seen))
    assert len(stops(books)) == 1
    with pytest.raises(Problem, match="You may not look up claims"):
        nobody(books).read(portal_round)


def standing(books: Office, claim_id: int) -> tuple[object, ...]:
    """Where a claim stands, with what is to be done of it and what the payer said."""

    def look(work: Work) -> tuple[object, ...]:
        one = work.db.get_one(Claim, claim_id)
        said = one.reason, one.reason_code, one.payer_number, one.denied_on, one.answered_on
        sessions = work.db.scalars(
            select(Session.billing_status)
            .join(ClaimLine, ClaimLine.session_id == Session.id)
            .where(ClaimLine.claim_id == claim_id)
        )
        return one.status, one.next_action, one.next_action_on, *said, *sessions

    return books.read(look)


@pytest.mark.parametrize("found", list(Found))
def test_what_was_noted_is_taken_back_as_it_was(
    books: Office, desk: ClaimDesk, found: Found
) -> None:
    claim_id = silent(books, desk, 40)
    before = standing(books, claim_id)
    seen = version_of(books, claim_id)
    noted = books.write(
        lambda work: note_found(
            work, claim_id, found, expected_version=seen, carc="16", payer_number="OTHER1"
        )
    ).value
    assert standing(books, claim_id) != before
    assert stops(books) == ()
    number = books.write(lambda work: take_back_found(work, noted)).value
    assert number == noted.number
    assert standing(books, claim_id) == before
    assert [row.id for row in stops(books)[0].claims] == [claim_id]
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: take_back_found(work, noted))


def test_what_has_gone_on_since_is_not_taken_back(books: Office, desk: ClaimDesk) -> None:
    claim_id = silent(books, desk, 40)
    seen = version_of(books, claim_id)
    noted = books.write(
        lambda work: note_found(work, claim_id, Found.DENIED, expected_version=seen, carc="16")
    ).value
    appeal = NewAppeal("It is on file.")
    books.write(lambda work: open_appeal(work, claim_id, appeal, expected_version=noted.version))
    with pytest.raises(ChangedElsewhere, match="changed claim"):
        books.write(lambda work: take_back_found(work, noted))
    assert standing(books, claim_id)[0] is ClaimStatus.APPEALING


def test_what_is_paid_waits_for_its_money_until_the_day_that_the_payer_names(
    books: Office, desk: ClaimDesk
) -> None:
    claim_id = silent(books, desk, 40)
    seen, day = version_of(books, claim_id), TODAY + timedelta(days=3)
    books.write(
        lambda work: note_found(
            work, claim_id, Found.PAID, expected_version=seen, again_on=day, payer_number="ICN9"
        )
    )
    status, action, on, *_rest = standing(books, claim_id)
    assert (status, action, on) == (
        ClaimStatus.PENDING,
        "Look whether its payment has come",
        day,
    )
    assert standing(books, claim_id)[5] == "ICN9"
    later = version_of(books, claim_id)
    with pytest.raises(Problem, match="is over"):
        books.write(
            lambda work: note_found(
                work,
                claim_id,
                Found.PAID,
                expected_version=later,
                again_on=TODAY - timedelta(days=1),
            )
        )
