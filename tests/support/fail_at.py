"""Breaks the database at every statement in turn: all of an act is saved, or none of it."""

# ruff: noqa: S608 - the names are those of our own tables

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import Any, TypeVar

from fscdesk.models.registry import metadata
from fscdesk.services.office import Done, Office
from fscdesk.services.work import Work
from tests.support.commits import commits
from tests.support.every_statement import heard

T = TypeVar("T")


class Broken(Exception):
    """The wire was cut here."""


def whole_books(work: Work) -> dict[str, tuple[int, int]]:
    """Every table's number of rows and a digest of them: what to compare within one run.

    Any other value in any row is another digest; the order of rows is not part of it.
    """
    connection = work.db.connection()
    rows = connection.exec_driver_sql(_digesting(connection.dialect.name))
    if connection.dialect.name == "postgresql":
        return {name: (many, int(digest)) for name, many, digest in rows if many}
    found: dict[str, tuple[int, int]] = {}
    for name, row in rows:
        many, digest = found.get(name, (0, 0))
        found[name] = (many + 1, digest + hash(row))
    return found


@cache
def _digesting(dialect: str) -> str:
    """Return the SQL of `whole_books`.

    Postgres digests its own rows; SQLite, which cannot, hands each of them over as a text.
    """
    if dialect == "postgresql":
        digest = "coalesce(sum(hashtextextended(t::text, 0)), 0)"
        return " UNION ALL ".join(
            f"SELECT '{table.name}', count(*), {digest} FROM \"{table.name}\" t"
            for table in metadata.sorted_tables
        )
    return " UNION ALL ".join(
        f"SELECT '{table.name}', "
        + " || ',' || ".join(f'quote("{column.name}")' for column in table.columns)
        + f' FROM "{table.name}"'
        for table in metadata.sorted_tables
    )


def assert_all_or_nothing(
    office: Office,
    act: Callable[[Work], T],
    counts: Callable[[Work], Any] = whole_books,
    *,
    every: int = 1,
) -> Done[T]:
    """Fail at the first statement, then at the second, … then at the commit, then not at all.

    After each failure the books must be as before; at the end they must not. Returns what
    the office returned at last. A long act, whose parts are tried so by themselves, may fail at
    each ``every``-th statement alone.
    """
    before = office.read(counts)
    with commits(office) as committed:
        mark = committed()
        for place in count(1, every):
            try:
                with _cut_at(office, place) as cut:
                    done = office.write(act)
            except Broken:
                # Without a commit no row can have changed; anything else is looked at each time.
                if counts is not whole_books or committed() != mark:
                    assert office.read(counts) == before, (
                        f"something was left when statement {place} failed"
                    )
                    mark = committed()
                continue
            assert not cut["reached"]
            break
    assert place > 2, "the act asked the database nothing"
    assert office.read(counts) != before, "the act changed nothing"
    return done


@contextmanager
def _cut_at(office: Office, place: int) -> Iterator[dict[str, bool]]:
    seen, state = count(1), {"reached": False}

    def cut() -> None:
        if next(seen) == place:
            state["reached"] = True
            raise Broken

    with heard(office, cut, commits=True):
        yield state
