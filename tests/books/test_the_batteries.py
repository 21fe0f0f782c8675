"""The batteries themselves: they hear every write, and see every change of any value."""

from __future__ import annotations

from itertools import count

import pytest

from fscdesk.models.practice import Location
from fscdesk.services.bulk import insert_rows, run_many
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.commits import commits
from tests.support.every_statement import heard
from tests.support.fail_after import Broken, broken_after
from tests.support.fail_at import assert_all_or_nothing, whole_books

SERIES = ("name", "year", "next")


def _by_the_driver(work: Work) -> None:
    """Two writes that SQLAlchemy knows nothing of."""
    insert_rows(work, "number_series", SERIES, [("X", 2031, 1), ("X", 2032, 1)])
    run_many(work, "UPDATE number_series SET next = ? WHERE year = ?", [(7, 2031), (8, 2032)])


def test_a_write_by_the_driver_is_heard_before_it_happens(books: Office) -> None:
    times = count()
    with heard(books, lambda: next(times), commits=False):
        books.write(lambda work: work.db.connection() and None)
        begun = next(times)
        books.write(_by_the_driver)
    assert next(times) - begun - 1 == begun + 2


def test_an_act_of_the_driver_alone_is_cut_between_its_writes(books: Office) -> None:
    assert_all_or_nothing(books, _by_the_driver)


def test_a_countdown_counts_writes_by_the_driver(books: Office) -> None:
    sound = books.read(whole_books)
    with broken_after(books, 0) as probe, pytest.raises(Broken):
        books.write(_by_the_driver)
    assert probe.fired
    assert books.read(whole_books) == sound


def test_a_commit_is_another_number_and_nothing_else_is(books: Office) -> None:
    with commits(books) as committed:
        before = committed()
        books.read(lambda work: work.db.get(Location, 1))
        with pytest.raises(Broken):
            books.write(_added_and_broken)
        assert committed() == before
        books.write(_added)
        assert committed() != before


def test_what_an_act_commits_on_its_way_is_found(books: Office) -> None:
    def half(work: Work) -> None:
        """Keep a change for good before the act is done."""
        books.write(_added)
        _added(work)

    with pytest.raises(AssertionError, match="something was left"):
        assert_all_or_nothing(books, half)


def test_any_other_value_in_any_row_is_seen(books: Office) -> None:
    one = books.write(_added).value
    sound = books.read(whole_books)
    assert books.read(whole_books) == sound

    def rename(work: Work) -> None:
        work.db.get_one(Location, one).address = "2 Other Street"

    books.write(rename)
    changed = books.read(whole_books)
    assert {name for name in sound | changed if sound.get(name) != changed.get(name)} == {
        "location"
    }


def _added_and_broken(work: Work) -> None:
    _added(work)
    raise Broken


def _added(work: Work) -> int:
    place = Location(name="Main office", address="1 Sample Street")
    work.db.add(place)
    work.db.flush()
    return place.id
