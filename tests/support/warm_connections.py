"""Keeps connections to a Postgres of the tests open, for the next test to find them warm.

A new connection knows no table, no function and no trigger yet: to look them up in the catalogue
cost the server more than the statements of most tests.
"""

from __future__ import annotations

from collections import defaultdict
from threading import Lock
from typing import Any

import psycopg
from psycopg.pq import ConnStatus, TransactionStatus
from sqlalchemy import Engine, event

_AS_NEW = (
    b"SET SESSION AUTHORIZATION DEFAULT; RESET ALL; DEALLOCATE ALL; CLOSE ALL; UNLISTEN *;"
    b"SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES"
)
"""What `DISCARD ALL` forgets, but for the plans inside of triggers."""
_spare: dict[str, list[WarmConnection]] = defaultdict(list)
"""Connections that nobody uses, by the name of their database."""
_lent: set[str] = set()
"""Databases whose connections are kept: those that `PostgresDatabases` made."""
_lock = Lock()


class WarmConnection(psycopg.Connection[Any]):
    """A connection that waits for its next user instead of being closed, where it can."""

    def close(self) -> None:
        """Wait to be taken again; closed is what broke, or is in a transaction, or not of ours."""
        name = "" if self.closed else self.info.dbname
        with _lock:
            if name in _lent and self not in _spare[name] and self._is_as_new():
                _spare[name].append(self)
                return
        super().close()

    def _is_as_new(self) -> bool:
        """Forget everything that was set and prepared; False when that cannot be."""
        wire = self.pgconn
        if (
            wire.status != ConnStatus.OK
            or wire.transaction_status != TransactionStatus.IDLE
            or wire.exec_(_AS_NEW).error_message
            or wire.transaction_status != TransactionStatus.IDLE
        ):
            return False
        self._prepared = type(self._prepared)()
        self._notice_handlers.clear()
        self._notify_handlers.clear()
        self._autocommit, self._begin_statement = False, b""
        self._isolation_level = self._read_only = self._deferrable = None
        return True


def keep(name: str) -> None:
    """Keep what is connected to this database, from now on."""
    with _lock:
        _lent.add(name)


def waiting(name: str) -> int:
    """Return how many connections to this database wait."""
    with _lock:
        return len(_spare[name])


def cool(name: str) -> None:
    """Close what waits for this database, before it is dropped."""
    with _lock:
        _lent.discard(name)
        cold = _spare.pop(name, [])
    for connection in cold:
        connection.close()


def cool_all() -> None:
    """Close everything that waits, before the server stops."""
    for name in list(_lent):
        cool(name)


def connect_warm(engine: Engine) -> None:
    """Let an engine take a connection that waits, where there is one."""

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, args: Any, options: dict[str, Any]) -> Any:
        name = options.get("dbname", "")
        with _lock:
            spare = _spare[name]
            while spare:
                found = spare.pop()
                if not found.closed:
                    return found
        return WarmConnection.connect(*args, **options)
