"""Opens the books: the one place where transactions begin, commit and roll back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from fscdesk.services.changes import count_changes
from fscdesk.services.errors import ChangedElsewhere
from fscdesk.services.work import Actor, Job, Topic, Work

T = TypeVar("T")
LOST_RACES = frozenset({"40P01", "40001"})
"""Postgres: a deadlock of two transactions, or an order that cannot be; one of them is undone."""

TAKEN = "23505"
"""Postgres: somebody has committed the same name or number since this transaction looked."""

_ASKED_AGAIN = 2


def utc_now() -> datetime:
    """Return the moment, aware and in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Done(Generic[T]):
    """A committed write: what it returned and which topics it changed."""

    value: T
    topics: frozenset[Topic]


class Office:
    """One practice's books, open on one database. Safe to use from any thread."""

    def __init__(
        self,
        engine: Engine,
        *,
        actor: Actor,
        zone: ZoneInfo,
        name: str,
        where: str,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._engine = engine
        self._reading = sessionmaker(_of_one_moment(engine), expire_on_commit=False)
        self._writing = sessionmaker(engine.execution_options(writes=True))
        self._now = now
        self.actor, self.zone = actor, zone
        self.name, self.where = name, where

    @property
    def dialect(self) -> str:
        """Return ``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    def read(self, ask: Callable[[Work], T], job: Job | None = None) -> T:
        """Run a question in its own transaction, which is always rolled back.

        All that it reads is of one moment, whatever other desks save meanwhile. A question that
        tries something out (a plan) is asked again where another desk saved the same records.
        """
        for _ in range(_ASKED_AGAIN):
            try:
                return self._read_once(ask, job)
            except Exception as fault:
                if _sqlstate(fault) not in LOST_RACES:
                    raise
        return self._read_once(ask, job)

    def write(self, act: Callable[[Work], T], job: Job | None = None) -> Done[T]:
        """Run a change in one transaction: all of it is saved, or none of it.

        Where another workstation took the same name or number a moment before, ``act`` runs
        once more: it sees that now, and says so. Raises ChangedElsewhere when another
        workstation saved the same record first, or was saving the same records in another order.
        """
        try:
            try:
                return self._write_once(act, job)
            except Exception as fault:
                if _sqlstate(fault) != TAKEN:
                    raise
            return self._write_once(act, job)
        except StaleDataError:
            raise ChangedElsewhere(
                "Someone else saved this record first.",
                hint="Your change was not saved. Reopen the record and try again.",
            ) from None
        except Exception as fault:
            if _sqlstate(fault) not in LOST_RACES:
                raise
            raise ChangedElsewhere(
                "Someone else was saving the same records at the same moment.",
                hint="Your change was not saved. Do it once more.",
            ) from None

    def close(self) -> None:
        """Give every connection back."""
        self._engine.dispose()

    def _read_once(self, ask: Callable[[Work], T], job: Job | None) -> T:
        with self._reading() as db:
            return ask(Work(db, self._now, self.actor, self.zone, job or Job()))

    def _write_once(self, act: Callable[[Work], T], job: Job | None) -> Done[T]:
        with self._writing.begin() as db:
            work = Work(db, self._now, self.actor, self.zone, job or Job())
            value = act(work)
            db.flush()
            count_changes(work)
            return Done(value, frozenset(work.topics))


def _of_one_moment(engine: Engine) -> Engine:
    """Return the engine of reads: on Postgres each sees what was saved when it began.

    A report of several queries would not add up otherwise. SQLite has it so by itself.
    """
    if engine.dialect.name != "postgresql":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ")


def _sqlstate(fault: Exception) -> str | None:
    """Return how Postgres names a fault; SQLite, which lets one writer in at a time, has none.

    COPY goes past SQLAlchemy, and its faults come as the driver's own.
    """
    return getattr(getattr(fault, "orig", fault), "sqlstate", None)
