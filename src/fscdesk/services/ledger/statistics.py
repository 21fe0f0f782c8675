"""Keeps the database's planner informed after many rows: without it lists take seconds."""

from __future__ import annotations

from sqlalchemy import text

from fscdesk.services.bulk import is_postgres
from fscdesk.services.work import Work

MANY = 5000


def refresh_statistics(work: Work, *, rows: int) -> None:
    """Run ANALYZE when this work wrote many rows. Postgres does that by itself."""
    if rows >= MANY and not is_postgres(work):
        work.db.execute(text("PRAGMA analysis_limit=1000"))
        work.db.execute(text("ANALYZE"))
