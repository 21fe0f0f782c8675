"""Hears every statement of an office, also those that go to the driver past SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import event
from sqlalchemy.engine import Engine

from fscdesk.services import bulk
from fscdesk.services.office import Office
from fscdesk.services.work import Work


@contextmanager
def heard(office: Office, before: Callable[[], object], *, commits: bool) -> Iterator[None]:
    """Call ``before`` ahead of each statement of this office, and of each commit if wanted.

    A write of `services/bulk.py` is one statement, though it may bring many rows. What
    ``before`` raises comes out where the statement would have run.
    """
    engine, door = office._engine, bulk._driver_to_write

    def listen(*_: object) -> None:
        before()

    def watched(work: Work) -> Any:
        # Desks of other practices may be writing at the same moment, on threads of their own.
        bind = work.db.get_bind()
        if isinstance(bind, Engine) and bind.pool is engine.pool:
            before()
        return door(work)

    names = ("before_cursor_execute", "commit") if commits else ("before_cursor_execute",)
    for name in names:
        event.listen(engine, name, listen)
    try:
        with patch.object(bulk, "_driver_to_write", watched):
            yield
    finally:
        for name in names:
            event.remove(engine, name, listen)
