"""Breaks the database at every write in turn: all of an act is saved, or none of it."""

# ruff: noqa: S608 - the names are those of our own tables

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import Any, TypeVar

import pytest

from fscdesk.models.registry import metadata
from fscdesk.services.office import Done, Office
from fscdesk.services.work import Work
from tests.support.commits import commits
from tests.support.every_statement import BY_DRIVER, COMMIT, heard

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
    """Fail at the commit, at the first statement, and at each write of an act; then not at all.

    After each failure the books must be as before; at the end they must not. Returns what
    the office returned at last. What is read between two writes is not cut by itself: there the
    books hold what they hold at the next write. A write whose text comes often fails at its first
    and at its last time. An act that commits on its way is found by what it asks afterwards. A
    long one, whose parts are tried so by themselves, may fail at each ``every``-th place alone.
    """
    before = office.read(counts)
    with commits(office) as committed:
        mark = committed()
        words = _words_of(office, act)
        assert office.read(counts) == before, "something was left when the commit failed"
        mark = committed()
        for place in (*places(words)[::every], len(words) + 1):
            try:
                with _cut_at(office, place):
                    done = office.write(act)
            except Broken:
                # Without a commit no row can have changed; anything else is looked at each time.
                if counts is not whole_books or committed() != mark:
                    assert office.read(counts) == before, (
                        f"something was left when statement {place} failed"
                    )
                    mark = committed()
                continue
            break
        else:
            pytest.fail("the act commits on its way")
    assert office.read(counts) != before, "the act changed nothing"
    return done


def places(words: Sequence[str]) -> list[int]:
    """Return at which statements to fail, from 1: the first, and each write, at most twice.

    ``words`` are the texts of all, in their order, the last a commit. What the driver writes
    past SQLAlchemy has no text: it is tried each time.
    """
    first, last = dict[str, int](), dict[str, int]()
    for place, one in enumerate(words, start=1):
        if _writes(one):
            first.setdefault(one, place)
            last[one] = place
    by_driver = {place for place, one in enumerate(words, start=1) if one == BY_DRIVER}
    return sorted({1, *first.values(), *last.values(), *by_driver})


def _writes(statement: str) -> bool:
    first = statement.lstrip().partition(" ")[0].upper()
    return first not in ("SELECT", "PRAGMA", "BEGIN", "SET", COMMIT)


def _words_of(office: Office, act: Callable[[Work], Any]) -> list[str]:
    """Return the text of each statement of an act that fails when it is to be committed."""
    words: list[str] = []

    def cut() -> None:
        if words[-1] == COMMIT:
            raise Broken

    with pytest.raises(Broken), heard(office, cut, commits=True, words=words):
        office.write(act)
    assert len(words) > 1, "the act asked the database nothing"
    return words


@contextmanager
def _cut_at(office: Office, place: int) -> Iterator[None]:
    seen = count(1)

    def cut() -> None:
        if next(seen) == place:
            raise Broken

    with heard(office, cut, commits=True):
        yield
