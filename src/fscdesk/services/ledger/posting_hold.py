"""Keeps every desk from posting while days are closed or proved, and tells the moment after."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import func, select, text

from fscdesk.models.ledger import JournalEntry
from fscdesk.services.bulk import is_postgres
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.periods import LOCK
from fscdesk.services.work import Work

_TRIES: Final = 200


def hold_postings(work: Work) -> None:
    """Wait until nobody is posting, and let nobody begin before this work ends.

    Who closes months or a year, or proves days, asks this before reading the books. On SQLite one
    writer is in at a time. It asks again and again instead of standing in line: who posts may
    still need what another one holds, and would wait behind us for ever. Raises Problem after ten
    seconds.
    """
    if not is_postgres(work):
        return
    for _ in range(_TRIES):
        if work.db.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": LOCK}):
            return
        work.db.execute(text("SELECT pg_sleep(0.05)"))
    raise Problem(
        "Somebody has been posting for the last ten seconds.",
        hint="Nothing was changed. Wait until their work is saved, and try again.",
    )


def after_postings(work: Work) -> datetime:
    """Return now, or the last moment of any posting: another desk's clock may be ahead of ours.

    What was posted before days were closed is never told as posted after it.
    """
    newest = work.db.scalar(select(func.max(JournalEntry.posted_at)))
    return work.now() if newest is None else max(work.now(), newest)
