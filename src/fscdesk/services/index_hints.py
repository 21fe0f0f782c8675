"""Lets a question name the index that answers it, on SQLite.

SQLite plans without statistics until ANALYZE has run, and a wrong guess over a million
sessions takes seconds instead of milliseconds. SQLAlchemy has the place for such a hint
(``Select.with_hint``), but its SQLite compiler leaves it out. Postgres plans by its own
statistics, and never sees the hint.
"""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler

S = TypeVar("S", bound=Select[*tuple[Any, ...]])


class HintedCompiler(SQLiteCompiler):
    """Writes the text of a hint behind the table's name: ``session INDEXED BY ix_…``."""

    def get_from_hint_text(self, table: Any, text: str | None) -> str | None:
        """Return the hint as it is."""
        return text


def from_index(query: S, table: Any, index: str) -> S:
    """Return the question with the index it is to read ``table`` by; no name, no hint.

    The question must hold a partial index's own condition, or SQLite refuses it.
    """
    return query.with_hint(table, f"INDEXED BY {index}", "sqlite") if index else query
