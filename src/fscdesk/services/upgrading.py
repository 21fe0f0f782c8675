"""Brings a practice's schema to this program's version, and refuses a newer one."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

import fscdesk.models.migrations
from fscdesk.services.errors import Problem


def migration_config() -> Config:
    """Return alembic's settings; there is no ini file."""
    config = Config()
    config.set_main_option("script_location", str(Path(fscdesk.models.migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


def newest_revision() -> str:
    """Return the revision that this program works with."""
    head = ScriptDirectory.from_config(migration_config()).get_current_head()
    if head is None:
        raise RuntimeError("the program has no migrations")
    return head


def refuse_other(found: str | None) -> NoReturn:
    """Raise the Problem that says what to do with a schema that is not this program's."""
    if found is None:
        raise Problem(
            "This file holds no practice of fscdesk.",
            hint="Nothing was changed in it. Open another file, or create a practice.",
        )
    refuse_newer(found)
    raise Problem(
        "This practice was made by an older fscdesk and has to be brought up to date.",
        hint="Run “fscdesk migrate” once; it makes a backup first.",
    )


def is_older(revision: str) -> bool:
    """Return whether a schema of this program came before the newest one."""
    return revision != newest_revision() and revision in _known()


def refuse_newer(revision: str) -> None:
    """Raise Problem for a schema that this program does not know."""
    if revision not in _known():
        raise Problem(
            f"This practice was saved by a newer fscdesk (schema {revision}; this program knows "
            f"{newest_revision()}).",
            hint="Nothing was read or changed. Update fscdesk on this computer.",
        )


def upgrade_engine(engine: Engine, *, fresh: bool = False) -> None:
    """Run every missing migration in one transaction.

    ``fresh``: the database must hold no tables of a practice yet.
    """
    with engine.execution_options(writes=True).begin() as connection:
        if fresh and MigrationContext.configure(connection).get_current_revision() is not None:
            raise Problem(
                "This database holds a practice already, and nothing was changed in it.",
                hint="Open it instead.",
            )
        move_to(connection, "head")


def move_to(connection: Connection, revision: str, *, down: bool = False) -> None:
    """Upgrade (or downgrade) to a revision within the caller's transaction."""
    config = migration_config()
    config.attributes["connection"] = connection
    if down:
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def _known() -> set[str]:
    scripts = ScriptDirectory.from_config(migration_config()).walk_revisions()
    return {script.revision for script in scripts}
