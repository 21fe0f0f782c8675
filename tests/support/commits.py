"""Asks a database whether anything was committed: far cheaper than to compare all it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlcipher3.dbapi2
from sqlalchemy import text

from fscdesk.services.office import Office
from fscdesk.services.work import Work

_NEXT = text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
_COMMITTED = text(
    "SELECT count(*) FROM generate_series(:since, pg_snapshot_xmax(pg_current_snapshot())"
    "::text::bigint - 1) x WHERE pg_xact_status(x::text::xid8) = 'committed'"
)


@contextmanager
def commits(office: Office) -> Iterator[Callable[[], int]]:
    """Lend a number that another commit, whoever makes it, makes another one.

    While it stays the same, so does every row. SQLite counts the commits that a connection of
    its own did not make; Postgres gives every transaction that writes a number, and knows what
    came of each.
    """
    if office.dialect == "sqlite":
        watcher = sqlcipher3.dbapi2.connect(office.where)
        try:
            yield lambda: int(watcher.execute("PRAGMA data_version").fetchone()[0])
        finally:
            watcher.close()
        return

    def begins(work: Work) -> int:
        return int(work.db.execute(_NEXT).scalar_one())

    since = office.read(begins)

    def committed(work: Work) -> int:
        return int(work.db.execute(_COMMITTED, {"since": since}).scalar_one())

    yield lambda: office.read(committed)
