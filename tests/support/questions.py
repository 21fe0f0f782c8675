"""What goes to the database: every statement, and how SQLite plans to answer it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from fscdesk.services.office import Office
from fscdesk.services.work import Work


@contextmanager
def asked_of(office: Office) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that goes to the database, with its parameters."""
    heard: list[tuple[str, Any]] = []

    def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        heard.append((statement, parameters))

    event.listen(office._engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(office._engine, "before_cursor_execute", hear)


def plans(office: Office, heard: list[tuple[str, Any]]) -> list[str]:
    """The plan of each question in a line."""

    def explain(work: Work) -> list[str]:
        driver: Any = work.db.connection().connection.driver_connection
        return [
            " | ".join(row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {sql}", parameters))
            for sql, parameters in heard
            if sql.lstrip().startswith(("SELECT", "WITH"))
        ]

    return office.read(explain)
