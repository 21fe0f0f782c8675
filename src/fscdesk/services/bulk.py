"""Writes many rows by table at the driver's speed; the ORM is for single acts.

The one place that knows how each database takes a hundred thousand rows: SQLite by
``executemany`` on the driver's own cursor, Postgres by COPY. Values are what the driver
stores: cents as int, dates as ISO text, UTC moments as ISO text without zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from fscdesk.services.work import Work

CHUNK = 5000


def stored_moment(moment: datetime) -> str:
    """Return a moment as both databases store it: UTC, microseconds, no zone."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def is_postgres(work: Work) -> bool:
    """Return whether this transaction runs on Postgres."""
    return work.db.get_bind().dialect.name == "postgresql"


def reserve_ids(work: Work, table: str, count: int) -> range | list[int]:
    """Return ``count`` new primary keys of ``table`` that nobody else can get.

    SQLite: the writer holds the only write lock. Postgres: from the table's sequence.
    ``table`` is a name of ours, never a user's text.
    """
    if count <= 0:
        return range(0)
    if is_postgres(work):
        sequence = text(
            f"SELECT nextval(pg_get_serial_sequence('{table}', 'id')) FROM generate_series(1, :n)"  # noqa: S608
        )
        return list(work.db.execute(sequence, {"n": count}).scalars())
    newest = text(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608
    first = int(work.db.execute(newest).scalar_one()) + 1
    return range(first, first + count)


def insert_rows(
    work: Work, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows given as tuples in the order of ``columns``; within this transaction."""
    driver = _driver_to_write(work)
    names = ", ".join(f'"{name}"' for name in columns)
    if is_postgres(work):
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(columns))
    driver.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)  # noqa: S608


def run_many(work: Work, sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run one UPDATE or DELETE of ours (``?`` marks) for many tuples of values."""
    driver = _driver_to_write(work)
    if is_postgres(work):
        with driver.cursor() as cursor:
            cursor.executemany(sql.replace("?", "%s"), rows)
        return
    driver.executemany(sql, rows)


def _driver_to_write(work: Work) -> Any:
    """Return the driver's own connection, for one write that passes SQLAlchemy by.

    Every such write asks here, so that whoever watches writes (the tests do) sees them all.
    """
    return work.db.connection().connection.driver_connection
