"""Lets the database break at a chosen statement, to show that nothing is left half done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from fscdesk.services.office import Office


class Broken(Exception):
    """The fault that was asked for."""


@dataclass
class Countdown:
    """How many statements still pass; `fired` once one did not."""

    left: int
    fired: bool = False


@contextmanager
def broken_after(office: Office, statements: int) -> Iterator[Countdown]:
    """Let so many statements of this office pass and break at the next one."""
    count = Countdown(statements)
    engine = office._engine

    def before(*_arguments: Any) -> None:
        if count.left == 0:
            count.fired = True
            raise Broken
        count.left -= 1

    event.listen(engine, "before_cursor_execute", before)
    try:
        yield count
    finally:
        event.remove(engine, "before_cursor_execute", before)
