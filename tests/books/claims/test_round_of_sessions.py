"""Sessions that were billed elsewhere on the round of the portals: no claim of ours stands here."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from fscdesk.models.alert import WorkItem
from fscdesk.models.session import BillingStatus, Session
from fscdesk.services.claims.found import Found
from fscdesk.services.claims.portal_round import SilentRow, portal_round
from fscdesk.services.claims.round_sessions import NotedSession, note_session, take_back_session
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.queue.keeping_items import snooze, write_note
from fscdesk.services.queue.reading_items import read_items
from fscdesk.services.work import Topic, Work
from tests.support.claim_acts import TODAY
from tests.support.claims import ClaimDesk, add_claim_desk, ready
from tests.support.clock import Clock
from tests.support.second_person import nobody


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """A practice that bills payers."""
    return books.write(add_claim_desk).value


@pytest.fixture
def session(books: Office, desk: ClaimDesk) -> int:
    """A session that SimplePractice has billed 60 days ago, and nothing was heard."""

    def act(work: Work) -> int:
        found = ready(work, desk, day=TODAY - timedelta(days=60))
        values = {"billing_status": BillingStatus.SUBMITTED, "status_since": TODAY}
        work.db.execute(update(Session).where(Session.id == found).values(**values))
        work.touch(Topic.SESSIONS)
        return found

    return books.write(act).value


def rows(books: Office) -> list[SilentRow]:
    return [row for stop in books.read(portal_round) for row in stop.claims]


def note(books: Office, found: Found, **said: object) -> NotedSession:
    (row,) = rows(books)
    assert row.session_id is not None
    session_id, version = row.session_id, row.version
    return books.write(
        lambda work: note_session(
            work,
            session_id,
            found,
            expected_version=version,
            **said,  # type: ignore[arg-type]
        )
    ).value


def status(books: Office, session_id: int) -> BillingStatus:
    return books.read(lambda work: work.db.get_one(Session, session_id).billing_status)


def test_a_session_that_was_billed_elsewhere_is_on_its_payers_stop(
    books: Office, session: int
) -> None:
    (stop,) = books.read(portal_round)
    (row,) = stop.claims
    assert (row.id, row.claim_id, row.session_id, row.number) == (-session, None, session, "")
    assert (row.days_sent, row.insurance_open) == (60, stop.amount)
    assert stop.oldest == TODAY - timedelta(days=60)
    asked = books.read(lambda work: read_items(work, (ItemKind.SILENT,)))
    assert [one.session_id for one in asked] == [session], "the round and the queue say the same"


@pytest.mark.parametrize(
    ("found", "said", "stands"),
    [
        (Found.PENDING, {}, BillingStatus.PENDING),
        (Found.PAID, {"payer_number": "ICN7"}, BillingStatus.PENDING),
        (Found.DENIED, {"carc": "197", "group": "CO"}, BillingStatus.DENIED),
        (Found.NOT_ON_FILE, {}, BillingStatus.READY_TO_BILL),
    ],
)
def test_what_its_portal_says_is_noted_and_taken_back(
    books: Office, session: int, found: Found, said: dict[str, str], stands: BillingStatus
) -> None:
    noted = note(books, found, words="Said by the portal", **said)
    assert (status(books, session), rows(books)) == (stands, [])
    kept = books.read(lambda work: work.db.scalars(select(WorkItem)).one())
    assert "Said by the portal" in kept.note
    assert all(word in kept.note for word in said.values())
    assert (kept.snoozed_until is None) is (found in (Found.DENIED, Found.NOT_ON_FILE))
    assert books.write(lambda work: take_back_session(work, noted)).value == noted.number
    assert status(books, session) is BillingStatus.SUBMITTED
    (again,) = rows(books)
    assert (again.session_id, again.next_action) == (session, "")
    assert again.version > noted.version
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: take_back_session(work, noted))


def test_in_process_it_comes_up_again_on_its_day(books: Office, session: int, clock: Clock) -> None:
    noted = note(books, Found.PENDING)
    assert noted.again_on == TODAY + timedelta(days=14)
    clock.forward(days=13)
    assert rows(books) == []
    clock.forward(days=1)
    (row,) = rows(books)
    assert (row.session_id, row.days_sent) == (session, 74)
    assert row.next_action.endswith("In process")


def test_what_the_queue_has_put_off_is_not_on_the_round(books: Office, session: int) -> None:
    key = f"silent:session-{session}"
    books.write(lambda work: write_note(work, key, "Ask Anna"))
    books.write(lambda work: snooze(work, [key], TODAY + timedelta(days=3)))
    assert rows(books) == []
    assert note_is(books) == "Ask Anna"


def note_is(books: Office) -> str:
    return books.read(lambda work: work.db.scalars(select(WorkItem)).one()).note


def test_a_note_that_somebody_wrote_stays(books: Office, session: int) -> None:
    key = f"silent:session-{session}"
    books.write(lambda work: write_note(work, key, "Ask Anna"))
    noted = note(books, Found.PENDING)
    assert note_is(books).startswith("Ask Anna\n")
    books.write(lambda work: take_back_session(work, noted))
    assert note_is(books) == "Ask Anna"


@pytest.mark.parametrize(
    ("found", "said", "why"),
    [
        (Found.DENIED, {}, "no denial code"),
        (Found.DENIED, {"carc": "197", "group": "XX"}, "no group code"),
        (Found.PENDING, {"again_on": date(2026, 1, 1)}, "is over"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    books: Office, session: int, found: Found, said: dict[str, object], why: str
) -> None:
    with pytest.raises(Problem, match=why):
        note(books, found, **said)
    assert status(books, session) is BillingStatus.SUBMITTED
    assert len(rows(books)) == 1


@pytest.mark.usefixtures("session")
def test_it_needs_the_right_and_what_the_person_saw(books: Office) -> None:
    (row,) = rows(books)
    seen, session_id = row.version, row.session_id or 0
    note(books, Found.PENDING)
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: note_session(work, session_id, Found.PAID, expected_version=seen))
    other = nobody(books)
    with pytest.raises(Problem, match="You may not look up claims"):
        other.write(lambda work: note_session(work, session_id, Found.PAID, expected_version=seen))
