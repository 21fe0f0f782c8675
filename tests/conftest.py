"""The house of the tests: no screen, no network, no silence broken, nothing left behind."""

from __future__ import annotations

import atexit
import gc
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.memory import use_memory

# Before anything that reads them. The person's own settings, data and keys are not for tests.
use_memory()
_HOME = tempfile.mkdtemp(prefix="fscdesk-test-home-")
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
for _kind in ("CACHE_HOME", "CONFIG_HOME", "DATA_HOME", "RUNTIME_DIR", "STATE_HOME"):
    _folder = Path(_HOME, _kind.lower())
    _folder.mkdir(mode=0o700)
    os.environ[f"XDG_{_kind}"] = str(_folder)
os.environ.pop("FSCDESK_PRACTICE", None)

import hypothesis
import pytest

from fscdesk.services.connecting import open_office
from fscdesk.services.office import Office
from tests.support.clock import Clock
from tests.support.compiled import share_compiled
from tests.support.databases import Databases, SqliteDatabases, lent
from tests.support.leaks import left_behind, set_aside, standing

if TYPE_CHECKING:  # most tests need no screen
    from PySide6.QtWidgets import QApplication

    from tests.support.patience import PatientBot

share_compiled()

KINDS = ("sqlite", "postgres")
FAILED = pytest.StashKey[bool]()

hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("search", max_examples=1000, deadline=None, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --sqlite-only."""
    parser.addoption("--sqlite-only", action="store_true", help="leave the Postgres half out")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what asks for books once on each database."""
    if "database_kind" in metafunc.fixturenames:
        kinds = KINDS[:1] if metafunc.config.getoption("--sqlite-only") else KINDS
        metafunc.parametrize("database_kind", kinds, scope="session")


def pytest_collection_finish() -> None:
    """Begin with nothing for the collector to look through, and let it look less often.

    Tests make and drop small things by the million: Python's own threshold of 700 has the
    collector run for an eighth of their time.
    """
    gc.set_threshold(10_000, 20, 20)
    set_aside()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, bool | None, bool | None]:
    """Set aside what a file of tests leaves in memory for good, when its last test is done."""
    done = yield
    if nextitem is not None and nextitem.path != item.path:
        set_aside()
    return done


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember a failure, so that the fixtures below do not add to it."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(autouse=True)
def _leaves_nothing_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    before = standing(qt="qapp" in request.fixturenames)
    yield
    if FAILED in request.node.stash or request.node.get_closest_marker("leaves_behind"):
        return
    found = left_behind(before)
    assert not found, f"the test left behind: {', '.join(found)}"


@pytest.fixture(autouse=True)
def _logs_no_warning(request: pytest.FixtureRequest) -> Iterator[None]:
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(f"{record.name}: {record.getMessage()}")

    ear = Ear(logging.WARNING)
    logging.getLogger().addHandler(ear)
    yield
    logging.getLogger().removeHandler(ear)
    if FAILED in request.node.stash or request.node.get_closest_marker("logs_warnings"):
        return
    assert not heard, f"the program logged: {'; '.join(heard)}"


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """Hands for a screen, that wait as long as a machine under load needs."""
    from tests.support.patience import PatientBot

    return PatientBot(request)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at noon UTC on 12 April 2026 until the test moves it."""
    return Clock()


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    """Practices in files."""
    return SqliteDatabases(tmp_path_factory.mktemp("practices"))


@pytest.fixture(scope="session")
def databases(database_kind: str, request: pytest.FixtureRequest) -> Databases:
    """Practices on the database that the test runs on; a test that asks for it runs twice."""
    found: Databases = request.getfixturevalue(f"{database_kind}_databases")
    return found


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[Databases]:
    """Practices on a server that is started for this run."""
    from tests.support.postgres import running_postgres

    with running_postgres() as found:
        yield found


@pytest.fixture
def practice(databases: Databases) -> Iterator[str]:
    """The target of an empty practice, closed: for commands, for opening, for two desks."""
    with lent(databases) as target:
        yield target


@pytest.fixture
def empty_target(databases: Databases) -> Iterator[str]:
    """A target that holds nothing yet: for creating and for migrating."""
    with lent(databases, empty=True) as target:
        yield target


@pytest.fixture
def books(practice: str, clock: Clock) -> Iterator[Office]:
    """An empty practice, open; the test runs once on each database."""
    yield from _opened(practice, clock)


@pytest.fixture
def new_books(databases: Databases, clock: Clock) -> Callable[[], AbstractContextManager[Office]]:
    """`with new_books() as books:` gives another empty practice: one for each example."""

    @contextmanager
    def lend() -> Iterator[Office]:
        with lent(databases) as target:
            yield from _opened(target, clock)

    return lend


@pytest.fixture
def sqlite_practice(sqlite_databases: SqliteDatabases) -> Iterator[str]:
    """As `practice`, on SQLite alone: for what does not differ between the two."""
    with lent(sqlite_databases) as target:
        yield target


@pytest.fixture
def sqlite_books(sqlite_practice: str, clock: Clock) -> Iterator[Office]:
    """As `books`, on SQLite alone: for screens, which see no database."""
    yield from _opened(sqlite_practice, clock)


def _opened(target: str, clock: Clock) -> Iterator[Office]:
    office = open_office(target, now=clock)
    try:
        yield office
    finally:
        office.close()
