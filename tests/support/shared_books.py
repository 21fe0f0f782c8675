"""One filled practice for many tests that only read: filling it costs more than reading it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fscdesk.services.connecting import open_office
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.databases import Databases, lent


@contextmanager
def opened_books(databases: Databases) -> Iterator[Office]:
    """Lend an empty practice, open, to fill in several acts; for fixtures of a module's scope."""
    with lent(databases) as target:
        office = open_office(target, now=Clock())
        try:
            yield office
        finally:
            office.close()


@contextmanager
def filled_books(databases: Databases, fill: Callable[[Work], object]) -> Iterator[Office]:
    """Lend a practice in which `fill` was done; for fixtures of a module's scope."""
    with opened_books(databases) as office:
        office.write(fill)
        yield office
