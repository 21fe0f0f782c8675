"""Where sessions took place is set at the desk, and taken back; on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from fscdesk.models.audit import AuditEvent
from fscdesk.models.practice import Location
from fscdesk.models.session import Session
from fscdesk.models.staff import RoleRight
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.sessions.filters import NOT_KNOWN
from fscdesk.services.sessions.locating import (
    Located,
    put_back,
    set_location,
    standing_places,
)
from fscdesk.services.sessions.placing import location_names, locations_in
from fscdesk.services.sessions.queries import SessionFilter, ids_of_sessions
from fscdesk.services.work import Topic, Work
from tests.support.people import SPRING, add_batch, add_patient, add_provider, add_session


@dataclass(frozen=True)
class Practice:
    """Three sessions: one in the office, two not known."""

    books: Office
    main: int
    video: int
    held: tuple[int, int, int]

    def places(self) -> dict[int, int | None]:
        """Where each session took place."""
        asked = select(Session.id, Session.location_id)
        return self.books.read(
            lambda work: {row.id: row.location_id for row in work.db.execute(asked)}
        )

    def sets(self, seen: Mapping[int, int | None], place: int | None) -> Located:
        """Set a location."""
        return self.books.write(lambda work: set_location(work, seen, place)).value


@pytest.fixture
def here(books: Office) -> Practice:
    def fill(work: Work) -> tuple[int, int, tuple[int, int, int]]:
        main, video = Location(name="Main office"), Location(name="Video", place_of_service="10")
        work.db.add_all([main, video, Location(name="Attic", active=False)])
        quill, testa = add_patient(work, "Quill Fakerson"), add_provider(work, "Testa Fernsample")
        batch = add_batch(work)
        first, second, third = (
            add_session(work, quill, testa, day=SPRING + timedelta(days), share=160_00, batch=batch)
            for days in range(3)
        )
        work.db.get_one(Session, first).location_id = main.id
        work.db.flush()
        return main.id, video.id, (first, second, third)

    main, video, held = books.write(fill).value
    return Practice(books, main, video, held)


def test_several_are_set_at_once_and_put_back(here: Practice) -> None:
    before = here.places()
    standing = here.books.read(lambda work: standing_places(work, here.held))
    assert [(one.name, one.place_of_service) for one in standing.offered] == [
        ("Main office", "11"),
        ("Video", "10"),
    ]
    first, second, third = here.held
    assert (standing.seen, standing.names) == (before, {here.main: "Main office"})
    saved = here.books.write(lambda work: set_location(work, standing.seen, here.video))
    assert saved.topics == frozenset({Topic.SESSIONS})
    done = saved.value
    assert done.changes == (
        (first, here.main, here.video),
        (second, None, here.video),
        (third, None, here.video),
    )
    assert set(here.places().values()) == {here.video}
    assert here.books.write(lambda work: put_back(work, done)).value == 3
    assert here.places() == before
    asked = select(AuditEvent.detail).where(AuditEvent.action == "set_location")
    details = here.books.read(lambda work: list(work.db.scalars(asked.order_by(AuditEvent.id))))
    assert details == [
        {"sessions": list(here.held), "location": here.video},
        {"sessions": [first], "location": here.main, "undoes": True},
        {"sessions": [second, third], "location": None, "undoes": True},
    ]


def test_each_session_counts_a_change(here: Practice) -> None:
    def versions(work: Work) -> list[int]:
        return list(work.db.scalars(select(Session.version).order_by(Session.id)))

    before = here.books.read(versions)
    done = here.sets(here.places(), here.main)
    assert len(done) == 2, "the first one is there already"
    assert here.books.read(versions) == [before[0], before[1] + 1, before[2] + 1]
    assert not len(here.sets(here.places(), here.main))


def test_who_saw_another_location_changes_nothing(here: Practice) -> None:
    seen = here.places()
    done = here.sets({here.held[1]: None}, here.video)
    before = here.places()
    with pytest.raises(ChangedElsewhere, match="Someone else set the location"):
        here.sets(seen, here.main)
    here.sets({here.held[1]: here.video}, here.main)
    with pytest.raises(ChangedElsewhere):
        here.books.write(lambda work: put_back(work, done))
    assert here.places() == {**before, here.held[1]: here.main}


def test_what_cannot_be_set(here: Practice) -> None:
    seen = here.places()
    attic = here.books.read(
        lambda work: work.db.scalar(select(Location.id).where(Location.name == "Attic"))
    )
    with pytest.raises(Problem, match=r"Attic is not in use\."):
        here.sets(seen, attic)
    with pytest.raises(Problem, match=r"This location is not in use\."):
        here.sets(seen, 99)

    def withdraw(work: Work) -> None:
        one = work.db.get_one(Session, here.held[2])
        one.withdrawn_by = one.batch_id

    here.books.write(withdraw)
    with pytest.raises(ChangedElsewhere, match="taken back by undoing"):
        here.sets(seen, here.main)
    with pytest.raises(ChangedElsewhere, match="taken back by undoing"):
        here.books.read(lambda work: standing_places(work, here.held))
    here.books.write(lambda work: work.db.execute(delete(RoleRight)))
    with pytest.raises(Problem, match="You may not set where a session took place"):
        here.sets({here.held[1]: None}, here.main)
    assert here.places() == seen


def test_sessions_are_found_by_where_they_took_place(here: Practice) -> None:
    first, second, third = here.held

    def found(work: Work, *places: int) -> tuple[int, ...]:
        return ids_of_sessions(work, SessionFilter.of({"location": places}))

    assert here.books.read(lambda work: found(work, NOT_KNOWN)) == (second, third)
    assert here.books.read(lambda work: found(work, here.main)) == (first,)
    assert here.books.read(lambda work: found(work, here.main, NOT_KNOWN)) == here.held
    offered = here.books.read(lambda work: locations_in(work, SessionFilter()))
    assert [(one.value, one.word, one.count) for one in offered] == [
        ("0", "Not known", 2),
        (str(here.main), "Main office", 1),
    ]
    names = here.books.read(lambda work: location_names(work, [NOT_KNOWN, here.video]))
    assert names == {NOT_KNOWN: "Not known", here.video: "Video"}
