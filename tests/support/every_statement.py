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

COMMIT, BY_DRIVER = "COMMIT", "by the driver"
"""What stands for a commit, and for a write of `services/bulk.py`."""


@contextmanager
def heard(
    office: Office,
    before: Callable[[], object],
    *,
    commits: bool,
    words: list[str] | None = None,
) -> Iterator[None]:
    """Call ``before`` ahead of each statement of this office, and of each commit if wanted.

    ``words`` takes the text of each, before it is called; a commit is `COMMIT`. A write of
    `services/bulk.py` is one statement, though it may bring many rows. What ``before`` raises
    comes out where the statement would have run.
    """
    engine, door = office._engine, bulk._driver_to_write

    def listen(*told: object) -> None:
        if words is not None:
            words.append(str(told[2]) if len(told) > 1 else COMMIT)
        before()

    def watched(work: Work) -> Any:
        # Desks of other practices may be writing at the same moment, on threads of their own.
        bind = work.db.get_bind()
        if isinstance(bind, Engine) and bind.pool is engine.pool:
            if words is not None:
                words.append(BY_DRIVER)
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
