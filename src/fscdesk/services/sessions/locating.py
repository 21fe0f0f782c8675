"""Where sessions took place, set at the desk: superbills and claims name the place of service.

The attendance report sets it where its office is one of the locations; what a person has set
here, an import leaves as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from fscdesk.models.practice import Location
from fscdesk.models.session import Session
from fscdesk.services.audit import record
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work


@dataclass(frozen=True, slots=True)
class Place:
    """A location that sessions can have; ``place_of_service`` is the two-digit code of a claim."""

    id: int
    name: str
    place_of_service: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The active locations by name, and the location of each session, None where not known.

    ``names`` are those of the locations that stand at the sessions, active or not.
    """

    offered: tuple[Place, ...]
    seen: Mapping[int, int | None]
    names: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Located:
    """What an act did: for each session the location that it had, and the one that it has."""

    changes: tuple[tuple[int, int | None, int | None], ...] = ()

    def __len__(self) -> int:
        return len(self.changes)


def standing_places(work: Work, session_ids: Collection[int]) -> Standing:
    """Return what can be chosen for sessions, and what stands at them.

    Raises ChangedElsewhere when one of them was taken back with its import.
    """
    found = work.db.execute(
        select(Session.id, Session.location_id)
        .where(among(work, Session.id, session_ids), Session.withdrawn_by.is_(None))
        .order_by(Session.id)
    )
    seen = {row.id: row.location_id for row in found}
    if len(seen) != len(set(session_ids)):
        raise _gone()
    rows = list(work.db.scalars(select(Location).order_by(Location.name, Location.id)))
    used = set(seen.values())
    return Standing(
        tuple(Place(one.id, one.name, one.place_of_service) for one in rows if one.active),
        seen,
        {one.id: one.name for one in rows if one.id in used},
    )


def set_location(work: Work, seen: Mapping[int, int | None], location_id: int | None) -> Located:
    """Set where sessions took place, None for not known; return what that changed.

    ``seen`` is the location of each session that the person saw. Raises ChangedElsewhere when
    one of them has another by now or is gone, Problem when the location is not there or not
    in use. All are set, or none.
    """
    require(work, Right.CHANGE_STATUS, "set where a session took place")
    if location_id is not None:
        place = work.db.get(Location, location_id)
        if place is None or not place.active:
            named = "This location" if place is None else place.name
            raise Problem(
                f"{named} is not in use.",
                hint="Nothing was saved. Choose another, or make it active under Setup.",
            )
    done = _write(work, dict.fromkeys(seen, location_id), seen)
    if len(done):
        ids = [one for one, _old, _new in done.changes]
        record(work, "set_location", "session", None, sessions=ids, location=location_id)
    return done


def put_back(work: Work, done: Located) -> int:
    """Give sessions the location that they had; return how many.

    Raises ChangedElsewhere, with nothing changed, when one of them has another since.
    """
    require(work, Right.CHANGE_STATUS, "set where a session took place")
    back = _write(
        work,
        {one: old for one, old, _new in done.changes},
        {one: new for one, _old, new in done.changes},
    )
    by_old: dict[int | None, list[int]] = defaultdict(list)
    for one, _was, old in back.changes:
        by_old[old].append(one)
    for old, ids in by_old.items():
        record(work, "set_location", "session", None, sessions=ids, location=old, undoes=True)
    return len(back)


def _write(work: Work, wanted: Mapping[int, int | None], seen: Mapping[int, int | None]) -> Located:
    sessions = list(
        work.db.scalars(
            select(Session)
            .where(among(work, Session.id, wanted), Session.withdrawn_by.is_(None))
            .order_by(Session.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    if len(sessions) != len(wanted):
        raise _gone()
    if any(session.location_id != seen[session.id] for session in sessions):
        raise ChangedElsewhere(
            "Someone else set the location of one of these sessions first.",
            hint="Nothing was saved. Look at the list again.",
        )
    changes = []
    for session in sessions:
        new = wanted[session.id]
        if session.location_id != new:
            changes.append((session.id, session.location_id, new))
            session.location_id = new
    work.db.flush()
    if changes:
        work.touch(Topic.SESSIONS)
    return Located(tuple(changes))


def _gone() -> ChangedElsewhere:
    return ChangedElsewhere(
        "One of these sessions was taken back by undoing its import.",
        hint="Nothing was saved. Look at the list again.",
    )
