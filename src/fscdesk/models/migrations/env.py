"""Runs migrations on the connection that the program hands over; never opens its own."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import types

from fscdesk.models.registry import metadata


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our column types into a migration as what the database stores."""
    if kind == "type" and isinstance(item, types.TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=False,
    compare_type=True,
    render_item=_render,
)
context.run_migrations()
