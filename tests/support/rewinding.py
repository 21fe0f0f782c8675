"""Brings a Postgres practice back to what it was before a test, for the next one to use.

To clone the template and to drop the clone costs the server 60 ms for each test, and every
connection to a new clone begins cold. What a test changed is a few rows in a few tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier, Literal

_TABLES = """
    SELECT c.relname, array_agg(a.attname ORDER BY a.attnum) FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attgenerated = ''
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname ORDER BY 1
"""
_SEQUENCES = """
    SELECT c.relname, pg_sequence_last_value(c.oid) FROM pg_class c
    WHERE c.relkind = 'S' AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""
_CONNECTED = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
"""
_SHAPE = " UNION ALL ".join(
    f"SELECT '{name}', count(*), sum(hashtextextended(x.xmin::text || ':' || x.ctid, 0)) "  # noqa: S608
    f"FROM {name} x WHERE {where}"
    for name, where in {
        "pg_class": "oid >= 16384",
        "pg_attribute": "attrelid >= 16384",
        "pg_constraint": "oid >= 16384",
        "pg_trigger": "true",
        "pg_proc": "oid >= 16384",
        "pg_type": "oid >= 16384",
        "pg_db_role_setting": "true",
        "pg_largeobject_metadata": "true",
        "pg_namespace": "true",
    }.items()
)
"""Every definition in the database: any that is made, changed or dropped gives another number."""


@dataclass(frozen=True)
class Beginning:
    """What stands in the template: rows as COPY writes them, of the tables that hold any."""

    columns: dict[str, list[str]]
    rows: dict[str, tuple[int, bytes]]
    sequences: dict[str, int | None]


def beginning(connection: psycopg.Connection[Any]) -> Beginning:
    """Read what a practice begins with, on a connection to the template."""
    columns = dict(connection.execute(_TABLES).fetchall())
    rows: dict[str, tuple[int, bytes]] = {}
    for table, names in columns.items():
        with connection.cursor() as cursor, cursor.copy(_copying(table, names, "TO STDOUT")) as out:
            written = b"".join(bytes(part) for part in out)
        if written:
            rows[table] = (written.count(b"\n"), written)
    return Beginning(columns, rows, dict(connection.execute(_SEQUENCES).fetchall()))


class Rewindable:
    """One copy of the template, and what it takes to bring it back."""

    def __init__(self, address: str, name: str, begins: Beginning) -> None:
        self.name, self._begins, self.times = name, begins, 0
        self._connection = psycopg.connect(address, autocommit=True)
        self._connection.execute("SET session_replication_role = replica")  # no trigger, no key
        self._connection.execute("SET lock_timeout = '2s'")
        self._shape = self._connection.execute(_SHAPE).fetchall()
        self._since = self._newest()
        self._changed = " UNION ALL ".join(
            f"SELECT '{table}' FROM \"{table}\" "  # noqa: S608 - our own tables
            f"HAVING count(*) <> {begins.rows.get(table, (0,))[0]} "
            "OR count(*) FILTER (WHERE xmin::text::bigint > %(since)s) > 0"
            for table in begins.columns
        )

    def close(self) -> None:
        """Close the connection that rewinds."""
        self._connection.close()

    def rewind(self, *, waiting: int) -> bool:
        """Bring every row and every number back.

        False where a definition was changed, or somebody is connected besides those who wait.
        """
        run = self._connection.execute
        if run(_CONNECTED).fetchall() != [(waiting + 1,)]:
            return False
        if run(_SHAPE).fetchall() != self._shape:
            return False
        self.times += 1
        changed = [str(name) for (name,) in run(self._changed, {"since": self._since})]
        self._write(changed, self._begins)
        self._since = self._newest()
        return True

    def fill(self, other: Beginning) -> None:
        """Write the rows and the numbers of another practice over those that stand.

        What stands are those of the template; the next rewinding finds them changed.
        """
        assert other.columns == self._begins.columns, "kept in another schema"
        self._write(sorted({*self._begins.rows, *other.rows}), other)
        self._connection.execute("ANALYZE")

    def _write(self, tables: list[str], wanted: Beginning) -> None:
        """Make these tables, and every sequence, what they are to be."""
        run = self._connection.execute
        now: dict[str, int | None] = dict(run(_SEQUENCES).fetchall())
        with self._connection.transaction():
            for table in tables:
                run(SQL("DELETE FROM {}").format(Identifier(table)))
                if table in wanted.rows:
                    self._copy_in(table, wanted)
            for name, at in wanted.sequences.items():
                if now[name] != at:
                    run(
                        _SET.format(Literal(f'"{name}"'), Literal(at or 1), Literal(at is not None))
                    )

    def _newest(self) -> int:
        """Return a number of a transaction that is higher than those of all rows that stand."""
        found = self._connection.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
        assert found is not None
        return int(found[0])

    def _copy_in(self, table: str, wanted: Beginning) -> None:
        with (
            self._connection.cursor() as cursor,
            cursor.copy(_copying(table, wanted.columns[table], "FROM STDIN")) as into,
        ):
            into.write(wanted.rows[table][1])


_SET = SQL("SELECT setval({}, {}, {})")


def _copying(table: str, columns: list[str], way: str) -> psycopg.sql.Composed:
    names = SQL(", ").join(Identifier(column) for column in columns)
    return SQL("COPY {} ({}) " + way).format(Identifier(table), names)
