"""Counts changes by topic, so that every workstation can tell when it is out of date."""

from __future__ import annotations

from sqlalchemy import select, update

from fscdesk.models.change import ChangeCounter
from fscdesk.services.work import Topic, Work


def count_changes(work: Work) -> None:
    """Bump each touched topic: last thing before commit, and in one fixed order.

    Late and ordered, so the row locks are short and two writers cannot deadlock. The
    first migration puts one row per topic in the table.
    """
    for topic in sorted(work.topics):
        counter = update(ChangeCounter).where(ChangeCounter.topic == topic.value)
        work.db.execute(counter.values(version=ChangeCounter.version + 1))


def change_counts(work: Work) -> dict[Topic, int]:
    """Return every topic's counter; two looks that differ mean a stale screen."""
    rows = work.db.execute(select(ChangeCounter.topic, ChangeCounter.version))
    return {Topic(topic): version for topic, version in rows}
