"""What people keep: views of their own and of the office, and what screens remember."""

from __future__ import annotations

import pytest

from fscdesk.models.staff import Staff
from fscdesk.models.values import StaffId
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.preferences import preference, preferences, put_preference
from fscdesk.services.views import (
    change_view,
    delete_view,
    rename_view,
    save_view,
    share_view,
    views_of,
)
from fscdesk.services.work import Actor, Work

STATE = {"filters": {"text": "fic", "picks": {"status": ["denied"]}}, "sort": "day"}


@pytest.fixture
def other(books: Office) -> Actor:
    """Somebody else who works here."""

    def add(work: Work) -> int:
        person = Staff(login="milo", name="Milo", created_at=work.now())
        work.db.add(person)
        work.db.flush()
        return person.id

    return Actor(StaffId(books.write(add).value), "Milo")


def as_other(books: Office, other: Actor) -> None:
    books.actor = other


def test_a_view_is_ones_own_until_it_is_shared(books: Office, other: Actor) -> None:
    me = books.actor
    view = books.write(lambda work: save_view(work, "sessions", "Denied FICTA", STATE)).value
    assert (view.state, view.mine, view.shared) == (STATE, True, False)

    as_other(books, other)
    assert books.read(lambda work: views_of(work, "sessions")) == ()
    as_other(books, me)
    books.write(lambda work: share_view(work, view.id, shared=True))
    as_other(books, other)
    (seen,) = books.read(lambda work: views_of(work, "sessions"))

    assert (seen.name, seen.mine, seen.owner) == ("Denied FICTA", False, me.name)
    assert books.read(lambda work: views_of(work, "patients")) == ()
    for act in (
        lambda work: rename_view(work, view.id, "Mine"),
        lambda work: change_view(work, view.id, {}),
        lambda work: share_view(work, view.id, shared=False),
        lambda work: delete_view(work, view.id),
    ):
        with pytest.raises(Problem, match="belongs to somebody else"):
            books.write(act)


def test_a_view_is_changed_renamed_and_deleted(books: Office) -> None:
    view = books.write(lambda work: save_view(work, "sessions", "Mine", {})).value
    books.write(lambda work: change_view(work, view.id, STATE))
    books.write(lambda work: rename_view(work, view.id, "  Denied  here "))
    (kept,) = books.read(lambda work: views_of(work, "sessions"))
    assert (kept.id, kept.name, kept.state) == (view.id, "Denied here", STATE)

    with pytest.raises(Problem, match="You have a view Denied here already"):
        books.write(lambda work: save_view(work, "sessions", "Denied here", {}))
    with pytest.raises(Problem, match="is missing"):
        books.write(lambda work: save_view(work, "sessions", " ", {}))
    books.write(lambda work: delete_view(work, view.id))
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: delete_view(work, view.id))
    assert books.read(lambda work: views_of(work, "sessions")) == ()


def test_screens_remember_for_each_person(books: Office, other: Actor) -> None:
    me = books.actor
    books.write(lambda work: put_preference(work, "layout/sessions", {"order": ["day"]}))
    books.write(lambda work: put_preference(work, "layout/sessions", {"order": ["client"]}))
    books.write(lambda work: put_preference(work, "last_day", "2026-03-31"))

    assert books.read(lambda work: preference(work, "layout/sessions")) == {"order": ["client"]}
    assert books.read(lambda work: preferences(work, "layout/")) == {
        "layout/sessions": {"order": ["client"]}
    }
    as_other(books, other)
    assert books.read(lambda work: preference(work, "layout/sessions", "none")) == "none"
    as_other(books, me)
    books.write(lambda work: put_preference(work, "last_day", None))
    assert list(books.read(preferences)) == ["layout/sessions"]
    with pytest.raises(Problem):
        books.write(lambda work: put_preference(work, "x" * 121, 1))
