"""What people do about things of the queue: it stays with the thing, and ends with its cause."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from fscdesk.models.alert import WorkItem
from fscdesk.models.audit import AuditEvent
from fscdesk.models.claim import Claim
from fscdesk.models.session import Session
from fscdesk.models.staff import Role, Staff
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.queue.items import ItemKind, QueueItem
from fscdesk.services.queue.keeping_items import (
    assign,
    set_done,
    snooze,
    take_up,
    wake,
    write_note,
)
from fscdesk.services.queue.listing_items import NOBODY, QueueFilter, item_counts, page_of_items
from fscdesk.services.work import Topic, Work
from tests.support.claim_acts import denied_claim
from tests.support.claims import ClaimDesk, add_claim_desk, build, ready
from tests.support.clock import Clock
from tests.support.second_person import at_once, clerk, second_person

LOST = Span(0, 100, "lost")


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """A practice that bills payers."""
    return books.write(add_claim_desk).value


@pytest.fixture
def key(books: Office, desk: ClaimDesk) -> str:
    """A session that is to be billed, as a thing of the queue."""
    session = books.write(lambda work: ready(work, desk)).value
    return f"unbilled:{session}"


def shown(books: Office, view: str = "all", **asked: object) -> list[QueueItem]:
    wanted = QueueFilter.of({"view": view, **asked})
    found = books.read(lambda work: page_of_items(work, wanted, LOST)).rows
    return [one for one in found if one.kind is not ItemKind.STATEMENT_RUN]


def test_a_thing_that_sleeps_is_back_on_its_day(books: Office, key: str, clock: Clock) -> None:
    books.write(lambda work: snooze(work, [key], date(2026, 4, 15)))
    assert shown(books) == []
    (asleep,) = shown(books, "snoozed")
    assert asleep.snoozed_until == date(2026, 4, 15)
    assert books.read(item_counts).views == {
        "all": 1,  # the month's statements
        "mine": 0,
        "unassigned": 1,
        "snoozed": 1,
        "done": 0,
    }
    clock.set(datetime(2026, 4, 15, 15, tzinfo=UTC))
    assert [one.key for one in shown(books)] == [key]
    books.write(lambda work: snooze(work, [key], date(2026, 5, 1)))
    books.write(lambda work: wake(work, [key]))
    assert [one.key for one in shown(books)] == [key]


def test_a_day_that_is_not_ahead_is_refused(books: Office, key: str) -> None:
    with pytest.raises(Problem, match="04/12/2026 is not ahead"):
        books.write(lambda work: snooze(work, [key], date(2026, 4, 12)))
    assert [one.key for one in shown(books)] == [key]


def test_what_is_set_aside_comes_back_when_it_changes(books: Office, key: str) -> None:
    books.write(lambda work: set_done(work, [key]))
    assert shown(books) == []
    (aside,) = shown(books, "done")
    assert aside.done

    def dearer(work: Work) -> None:
        found = work.db.get_one(Session, int(key.partition(":")[2]))
        found.insurance_balance = Money(found.insurance_balance.cents + 1)
        work.touch(Topic.SESSIONS)

    books.write(dearer)
    (back,) = shown(books)
    assert not back.done
    books.write(lambda work: set_done(work, [key]))
    assert shown(books) == []
    books.write(lambda work: take_up(work, [key]))
    assert [one.key for one in shown(books)] == [key]


def test_a_note_stays_with_the_thing(books: Office, key: str) -> None:
    books.write(lambda work: write_note(work, key, " asked  Testa "))
    assert shown(books)[0].note == "asked Testa"
    assert len(shown(books, text="testa")) == 1
    books.write(lambda work: write_note(work, key, ""))
    assert shown(books)[0].note == ""


def test_taking_a_thing_and_giving_it_to_others(books: Office, key: str) -> None:
    other = clerk(books)
    me, them = books.actor.staff_id, other.actor.staff_id
    assert books.write(lambda work: assign(work, [key], me)).value == 1
    assert books.write(lambda work: assign(work, [key], me)).value == 0
    assert [one.key for one in shown(books, "mine")] == [key]
    assert shown(other, "mine") == shown(books, "unassigned") == []
    books.write(lambda work: assign(work, [key], them))
    assert shown(other, "mine")[0].assignee == "Cleo Clerkson"
    assert shown(books, "all", **{"with": [them]}) != []
    assert shown(books, "all", **{"with": [NOBODY]}) == []
    other.write(lambda work: assign(work, [key], None))
    assert len(shown(books, "unassigned")) == 1


def test_who_may_not_follow_claims_takes_things_and_gives_them_to_nobody_else(
    books: Office, desk: ClaimDesk
) -> None:
    session = books.write(lambda work: ready(work, desk)).value

    def forget(work: Work) -> None:
        work.db.get_one(Session, session).note_status = "NO_NOTE"
        work.touch(Topic.SESSIONS)

    books.write(forget)
    reader = second_person(books, Role.DIRECTOR, name="Dee Rector")
    key = f"undocumented:{session}"
    assert [one.key for one in shown(reader)] == [key]
    mine = reader.actor.staff_id
    assert reader.write(lambda work: assign(work, [key], mine)).value == 1
    with pytest.raises(Problem, match="You may not give things"):
        reader.write(lambda work: assign(work, [key], books.actor.staff_id))
    assert shown(reader, "mine")[0].assigned_to == mine
    books.write(lambda work: assign(work, [key], books.actor.staff_id))
    with pytest.raises(Problem, match="You may not give things"):
        reader.write(lambda work: assign(work, [key], mine))


def test_a_claim_is_assigned_at_the_claim(books: Office) -> None:
    claim_id = denied_claim(books)
    me = books.actor.staff_id
    books.write(lambda work: assign(work, [f"denied:{claim_id}"], me))
    assert books.read(lambda work: work.db.get_one(Claim, claim_id).assigned_to) == me
    assert shown(books, "mine")[0].claim_id == claim_id
    books.write(lambda work: assign(work, [f"denied:{claim_id}"], None))
    assert shown(books, "mine") == []


def test_who_works_here_no_more_gets_nothing(books: Office, key: str) -> None:
    other = clerk(books)

    def leave(work: Work) -> None:
        work.db.get_one(Staff, other.actor.staff_id).active = False

    books.write(leave)
    with pytest.raises(Problem, match="works here no more"):
        books.write(lambda work: assign(work, [key], other.actor.staff_id))


def test_what_is_gone_is_said_and_nothing_is_written(
    books: Office, desk: ClaimDesk, key: str
) -> None:
    second = books.write(lambda work: ready(work, desk, patient=desk.ben)).value
    build(books, [int(key.partition(":")[2])])
    with pytest.raises(Problem, match="not in the queue any more"):
        books.write(lambda work: set_done(work, [key, f"unbilled:{second}"]))
    with pytest.raises(Problem, match="not in the queue any more"):
        books.write(lambda work: write_note(work, "nonsense", "x"))
    assert books.read(lambda work: work.db.scalar(select(func.count(WorkItem.id)))) == 0


def test_acts_are_on_record_without_names(books: Office, key: str) -> None:
    done = books.write(lambda work: write_note(work, key, "about Alma"))
    assert Topic.QUEUE in done.topics
    newest = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)
    event = books.read(lambda work: work.db.scalars(newest).one())
    assert (event.action, event.noun) == ("note_item", "work_item")
    assert "Alma" not in str(event.detail)


def test_two_desks_at_once_keep_one_row(books: Office, key: str) -> None:
    other = clerk(books)
    until = date(2026, 5, 1)
    results = at_once(
        (books, lambda work: snooze(work, [key], until)),
        (other, lambda work: write_note(work, key, "called")),
    )
    assert results.count(1) + results.count(None) == 2
    (asleep,) = shown(books, "snoozed")
    assert (asleep.note, asleep.snoozed_until) == ("called", until)
    assert asleep.kind is ItemKind.UNBILLED
