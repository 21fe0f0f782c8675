"""Lets the database break at a chosen statement, to show that nothing is left half done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fscdesk.services.office import Office
from tests.support.every_statement import heard


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

    def before() -> None:
        if count.left == 0:
            count.fired = True
            raise Broken
        count.left -= 1

    with heard(office, before, commits=False):
        yield count
