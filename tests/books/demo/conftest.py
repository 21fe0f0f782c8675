"""The small fictional practice, built once for those who only look at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from fscdesk.services.connecting import open_office
from fscdesk.services.demo.building import build_demo
from fscdesk.services.office import Office
from tests.support.clock import Clock
from tests.support.databases import SqliteDatabases, lent

TODAY = date(2026, 4, 15)
SIZE = 700


@pytest.fixture(scope="session")
def small_demo(sqlite_databases: SqliteDatabases) -> Iterator[Office]:
    """In a file; that both databases hold the same is tested in ``test_building``."""
    with lent(sqlite_databases, empty=True) as target:
        build_demo(target, today=TODAY, sessions=SIZE)
        office = open_office(target, now=Clock(datetime(2026, 4, 15, 22, tzinfo=UTC)))
        yield office
        office.close()
