"""Looks whether a database has this program's schema, without loading what migrates it.

Starting the window must not cost the loading of alembic; only a database that is not
current does.
"""

from __future__ import annotations

from sqlalchemy import Engine, inspect, text

SCHEMA = "0005"
"""The newest migration; a test holds it against the migrations themselves."""


def revision_of(engine: Engine) -> str | None:
    """Return the database's revision, or None for one that holds no practice."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def require_current(engine: Engine) -> None:
    """Raise Problem unless the database has exactly this program's schema."""
    found = revision_of(engine)
    if found != SCHEMA:
        from fscdesk.services.upgrading import refuse_other

        refuse_other(found)
