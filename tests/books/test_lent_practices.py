"""What a test is lent is as new, whatever the test before it did to it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete, inspect, text, update

from fscdesk.models.practice import Location, Practice
from fscdesk.models.staff import StaffRole
from fscdesk.services.connecting import engine_for, open_office
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.databases import Databases, lent
from tests.support.fail_at import whole_books
from tests.support.tampering import tamper


def test_rows_and_numbers_come_back(databases: Databases) -> None:
    with lent(databases) as target:
        as_new = _books(target)
    for _ in range(3):
        with lent(databases) as target:
            assert _books(target) == as_new
            office = open_office(target, now=Clock())
            assert office.write(_disturb).value == 1
            office.close()
    with lent(databases) as target:
        assert _books(target) == as_new


def test_on_postgres_it_is_the_same_one_again(databases: Databases) -> None:
    with lent(databases) as first:
        pass
    with lent(databases) as second:
        assert (first == second) is first.startswith("postgresql")


def test_definitions_come_back(databases: Databases) -> None:
    with lent(databases) as target:
        as_new = _checks(target)
        tamper(target, "SELECT 1")  # on Postgres, this drops a check on its way
    with lent(databases) as target:
        assert _checks(target) == as_new


def test_settings_of_a_connection_are_gone(databases: Databases) -> None:
    with lent(databases) as target:
        if not target.startswith("postgresql"):
            return
        for _ in range(2):
            engine = engine_for(target)
            with engine.connect() as connection:
                found = connection.execute(text("SHOW session_replication_role")).scalar_one()
                assert found == "origin"
                connection.execute(text("SET session_replication_role = replica"))
                connection.commit()
            engine.dispose()


def test_two_at_once_are_two(databases: Databases) -> None:
    with lent(databases) as one, lent(databases) as other:
        office = open_office(one, now=Clock())
        office.write(_disturb)
        office.close()
        assert _books(one) != _books(other)


def test_what_was_kept_is_copied_with_its_numbers(databases: Databases, tmp_path: Path) -> None:
    with lent(databases) as target:
        as_new = _books(target)
        office = open_office(target, now=Clock())
        first = office.write(_disturb).value
        office.close()
        kept = _books(target)
        databases.keep(target, tmp_path / "kept")
    copy = databases.copy_of(tmp_path / "kept")
    try:
        assert _books(copy) == kept != as_new
        office = open_office(copy, now=Clock())
        try:
            assert office.write(_add_an_office).value == first + 1
        finally:
            office.close()
    finally:
        databases.drop(copy)
    with lent(databases) as target:
        assert _books(target) == as_new


def _disturb(work: Work) -> int:
    """Add a row, change one and take one away that every practice begins with."""
    place = Location(name="Main office", address="1 Sample Street")
    work.db.add(place)
    work.db.flush()
    work.db.execute(update(Practice).values(name="Another name"))
    work.db.execute(delete(StaffRole))
    return place.id


def _add_an_office(work: Work) -> int:
    place = Location(name="Other office", address="2 Sample Street")
    work.db.add(place)
    work.db.flush()
    return place.id


def _books(target: str) -> dict[str, tuple[int, int]]:
    office = open_office(target, now=Clock())
    try:
        return office.read(whole_books)
    finally:
        office.close()


def _checks(target: str) -> set[str]:
    engine = engine_for(target)
    try:
        return {str(one["name"]) for one in inspect(engine).get_check_constraints("charge")}
    finally:
        engine.dispose()
