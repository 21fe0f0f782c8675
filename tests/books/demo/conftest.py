"""The small fictional practice, built once on each database for those who only look at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from typing import NamedTuple

import pytest

from fscdesk.services.connecting import open_office
from fscdesk.services.demo.building import DemoSummary, build_demo
from fscdesk.services.office import Office
from tests.support.built_once import built_once
from tests.support.clock import Clock
from tests.support.databases import Databases, SqliteDatabases

TODAY = date(2026, 4, 15)  # a Wednesday
SIZE = 700
EVENING = datetime(2026, 4, 15, 22, tzinfo=UTC)


class Demo(NamedTuple):
    office: Office
    summary: DemoSummary


@pytest.fixture(scope="session")
def small_demo(
    sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """In a file; that both databases hold the same is tested in ``test_building``."""
    with _opened(tmp_path_factory, "demo-sqlite", sqlite_databases) as demo:
        yield demo.office


@pytest.fixture(scope="module")
def demo_of_both(
    databases: Databases, database_kind: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    """On the database that the test runs on."""
    with _opened(tmp_path_factory, f"demo-{database_kind}", databases) as demo:
        yield demo


@pytest.fixture(scope="module")
def demo_built_again(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """Another than `small_demo`: built on Postgres or, in a run without, in a second file."""
    alone = request.config.getoption("--sqlite-only")
    databases: Databases = request.getfixturevalue(f"{'sqlite' if alone else 'postgres'}_databases")
    name = "demo-again" if alone else "demo-postgres"
    with _opened(tmp_path_factory, name, databases) as demo:
        yield demo.office


@contextmanager
def _opened(paths: pytest.TempPathFactory, name: str, databases: Databases) -> Iterator[Demo]:
    build = partial(build_demo, today=TODAY, sessions=SIZE)
    target, summary = built_once(paths, name, databases, build)
    try:
        office = open_office(target, now=Clock(EVENING))
        try:
            yield Demo(office, summary)
        finally:
            office.close()
    finally:
        databases.drop(target)
