"""Breaks the database at every statement in turn: all of an act is saved, or none of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import event, func, literal, literal_column, select, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

from fscdesk.models.base import MoneyColumn
from fscdesk.models.registry import metadata
from fscdesk.services.office import Done, Office
from fscdesk.services.work import Work

T = TypeVar("T")
DIALECTS: dict[str, Callable[[], Dialect]] = {
    "postgresql": postgresql.dialect,
    "sqlite": sqlite.dialect,
}


class Broken(Exception):
    """The wire was cut here."""


def whole_books(work: Work) -> dict[str, tuple[int, int]]:
    """Every table's number of rows and the sum of its amounts and versions: what to compare."""
    connection = work.db.connection()
    rows = connection.exec_driver_sql(_counting(connection.dialect.name))
    return {row[0]: (row[1], int(row[2])) for row in rows}


@cache
def _counting(dialect: str) -> str:
    """Return the SQL of `whole_books`: to build it costs many times what running it costs."""
    parts = []
    for table in metadata.sorted_tables:
        summed = [
            func.coalesce(func.sum(column), literal_column("0"))
            for column in table.columns
            if isinstance(column.type, MoneyColumn) or column.name == "version"
        ]
        total: Any = literal(0)
        for one in summed:
            total = total + one
        parts.append(select(literal(str(table.name)), func.count(), total).select_from(table))
    written = union_all(*parts).compile(
        dialect=DIALECTS[dialect](), compile_kwargs={"literal_binds": True}
    )
    return str(written)


def assert_all_or_nothing(
    office: Office, act: Callable[[Work], T], counts: Callable[[Work], Any] = whole_books
) -> Done[T]:
    """Fail at the first statement, then at the second, … then at the commit, then not at all.

    After each failure the books must be as before; at the end they must not. Returns what
    the office returned at last.
    """
    before = office.read(counts)
    for place in count(1):
        try:
            with _cut_at(office, place) as cut:
                done = office.write(act)
        except Broken:
            assert office.read(counts) == before, (
                f"something was left when statement {place} failed"
            )
            continue
        assert not cut["reached"]
        break
    assert place > 2, "the act asked the database nothing"
    assert office.read(counts) != before, "the act changed nothing"
    return done


@contextmanager
def _cut_at(office: Office, place: int) -> Iterator[dict[str, bool]]:
    engine, seen, state = office._engine, count(1), {"reached": False}

    def cut(*_: object) -> None:
        if next(seen) == place:
            state["reached"] = True
            raise Broken

    event.listen(engine, "before_cursor_execute", cut)
    event.listen(engine, "commit", cut)
    try:
        yield state
    finally:
        event.remove(engine, "before_cursor_execute", cut)
        event.remove(engine, "commit", cut)
