"""Opens a practice's database: a file on this computer, or a shared Postgres."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlcipher3.dbapi2
from sqlalchemy import Engine, create_engine, event, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.pool import QueuePool

from fscdesk.models import registry
from fscdesk.models.practice import Practice
from fscdesk.models.staff import Role, Staff, StaffRole
from fscdesk.models.values import StaffId
from fscdesk.services.drives import refuse_network_drive
from fscdesk.services.errors import Problem
from fscdesk.services.index_hints import HintedCompiler
from fscdesk.services.office import Office, utc_now
from fscdesk.services.schema_version import require_current
from fscdesk.services.whole_answers import WholeConnection
from fscdesk.services.work import Actor

TABLES = registry.TABLES
"""Whoever opens books has every table: one refers to others that its own room never names."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PRAGMAS = (
    "PRAGMA cipher_log_level=NONE",
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",  # REPLACE fires delete triggers
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA cache_size=-65536",
)


def open_office(target: str | Path, *, now: Callable[[], datetime] = utc_now) -> Office:
    """Open an existing practice. Raises Problem with what to do when that cannot be."""
    shared = is_shared(target)
    if not shared and not Path(target).is_file():
        raise Problem(
            f"There is no practice at {target}.",
            hint="Choose another file, or create a practice there.",
        )
    engine = _postgres(str(target)) if shared else _sqlite(Path(target))
    try:
        require_current(engine)
        return _office(engine, target, now)
    except BaseException:
        engine.dispose()
        raise


def create_practice(
    target: str | Path, *, name: str, zone: str, now: Callable[[], datetime] = utc_now
) -> Office:
    """Make a new, empty practice and open it. Never writes over an existing one."""
    if not name.strip():
        raise Problem("A practice needs a name.", hint="Type the name that clients know.")
    zone_of(zone)
    shared = is_shared(target)
    if not shared and Path(target).exists():
        raise Problem(
            f"{target} exists already, and nothing was changed in it.",
            hint="Open it, or choose another name for the new practice.",
        )
    if not shared and not Path(target).parent.is_dir():
        raise Problem(
            f"The folder {Path(target).parent} does not exist.",
            hint="Nothing was made. Create the folder first, or choose another.",
        )
    from fscdesk.services.seeding import plant
    from fscdesk.services.upgrading import upgrade_engine

    engine = _postgres(str(target)) if shared else _sqlite(Path(target))
    try:
        upgrade_engine(engine, fresh=True)
        with DbSession(engine.execution_options(writes=True)) as db, db.begin():
            if db.get(Practice, 1) is not None:
                raise Problem(
                    "This database holds a practice already, and nothing was changed in it.",
                    hint="Open it instead.",
                )
            db.add(Practice(id=1, name=name.strip(), zone=zone))
            plant(db)
        return _office(engine, target, now)
    except BaseException:
        engine.dispose()
        raise


def is_shared(target: str | Path) -> bool:
    """Return whether the target names a Postgres database rather than a file."""
    return str(target).startswith(("postgresql://", "postgres://"))


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone of this name, or refuse it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise Problem(
            f"{name} is not a time zone.", hint="Write it like America/New_York."
        ) from None


def engine_for(target: str | Path) -> Engine:
    """Return an engine for the target without looking whether its schema is current."""
    return _postgres(str(target)) if is_shared(target) else _sqlite(Path(target))


def _office(engine: Engine, target: str | Path, now: Callable[[], datetime]) -> Office:
    with DbSession(engine) as db:
        practice = db.get(Practice, 1)
    if practice is None:
        raise Problem(
            "This database holds no practice.", hint="Create a practice, or open another file."
        )
    where = _postgres_url(str(target)).render_as_string() if is_shared(target) else str(target)
    return Office(
        engine,
        actor=_person_at_the_desk(engine, now),
        zone=zone_of(practice.zone),
        name=practice.name,
        where=where,
        now=now,
    )


def _person_at_the_desk(engine: Engine, now: Callable[[], datetime]) -> Actor:
    """Return the operating system's user as staff; the first visit makes the record.

    Until people sign in, each of them has every right.
    """
    login = getpass.getuser()
    with DbSession(engine) as db:
        known = db.scalars(select(Staff).filter_by(login=login)).one_or_none()
        if known is not None:
            return Actor(StaffId(known.id), known.name)
    with DbSession(engine.execution_options(writes=True)) as db, db.begin():
        person = Staff(login=login, name=login, created_at=now())
        db.add(person)
        db.flush()
        db.add(StaffRole(staff_id=person.id, role=Role.ADMIN))
        return Actor(StaffId(person.id), person.name)


def _sqlite(path: Path) -> Engine:
    """Open books on this computer; writers queue instead of failing half way."""
    refuse_network_drive(path)

    def connect() -> Any:
        connection = sqlcipher3.dbapi2.connect(
            str(path),
            timeout=10.0,
            isolation_level=None,
            check_same_thread=False,
            factory=WholeConnection,
        )
        try:
            for pragma in _PRAGMAS:
                connection.execute(pragma)
        except sqlcipher3.dbapi2.DatabaseError:
            connection.close()
            raise Problem(
                f"{path} is not a practice of fscdesk, or it is damaged.",
                hint="Nothing was changed in it. Open another file, or restore a backup.",
            ) from None
        return connection

    # Named, because SQLAlchemy takes an address without a file for a database in memory, and
    # would give it a pool that closes a thread's connection while the thread is using it.
    engine = create_engine(
        "sqlite://",
        module=sqlcipher3.dbapi2,
        creator=connect,
        poolclass=QueuePool,
        hide_parameters=True,
        pool_size=8,
    )
    engine.dialect.statement_compiler = HintedCompiler
    _begin_properly(engine)
    return engine


def _begin_properly(engine: Engine) -> None:
    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgres_url(target: str) -> URL:
    try:
        url = make_url(target.replace("postgres://", "postgresql://", 1))
    except (ArgumentError, ValueError):
        raise Problem(
            "This is not an address of a shared practice.",
            hint="Write it like postgresql://user@server/practice.",
        ) from None
    return url.set(drivername="postgresql+psycopg")


def _postgres(target: str) -> Engine:
    """Open shared books; beyond this computer only over a verified connection."""
    url = _postgres_url(target)
    host = url.host or str(url.query.get("host", "/"))
    if not host.startswith("/") and host not in LOOPBACK:
        mode = url.query.get("sslmode", "verify-full")
        if mode != "verify-full":
            raise Problem(
                f"A shared practice is opened with sslmode=verify-full only, not {mode}.",
                hint="Nothing was sent. Leave sslmode out of the address.",
            )
        url = url.update_query_dict({"sslmode": "verify-full"})
    engine = create_engine(url, hide_parameters=True, pool_size=8, pool_pre_ping=True)
    try:
        engine.connect().close()
    except OperationalError:
        engine.dispose()
        raise Problem(
            f"The database at {host} did not let us in.",
            hint="Look at the address, the name, the password and whether the server runs.",
        ) from None
    return engine
