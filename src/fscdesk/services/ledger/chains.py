"""Follows entries through their reversals: what of a document still stands in the ledger."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from fscdesk.models.ledger import JournalEntry
from fscdesk.services.work import Work

CHUNK = 500


def standing(work: Work, entry_ids: Iterable[int]) -> list[int]:
    """Return the entries that carry the effect of ``entry_ids`` now.

    An entry that nobody reversed stands itself. One whose reversal was reversed stands
    again through the last entry of the chain. One that is reversed does not stand.
    """
    tails: list[int] = []
    level, counts = list(dict.fromkeys(entry_ids)), True
    while level:
        reversed_by: dict[int, int] = {}
        for start in range(0, len(level), CHUNK):
            chunk = level[start : start + CHUNK]
            found = select(JournalEntry.reverses_id, JournalEntry.id).where(
                JournalEntry.reverses_id.in_(chunk)
            )
            reversed_by |= {row[0]: row[1] for row in work.db.execute(found) if row[0] is not None}
        if counts:
            tails += [entry_id for entry_id in level if entry_id not in reversed_by]
        level, counts = list(reversed_by.values()), not counts
    return sorted(tails)
