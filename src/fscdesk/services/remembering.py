"""Keeps answers until what they were computed from changes: counts, totals, name books.

An answer is filed under the change counters of the topics that it depends on, so that it
is good for exactly as long as nobody, on any workstation, has changed one of them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from fscdesk.services.changes import change_counts
from fscdesk.services.work import Topic, Work

T = TypeVar("T")
KEPT = 96
"""Answers kept for one database: some dozens of lists, each with a few questions."""


class _Shelf:
    """The answers of one database, the longest unused thrown away first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: OrderedDict[Hashable, tuple[tuple[int, ...], Any]] = OrderedDict()

    def get(self, key: Hashable, versions: tuple[int, ...]) -> tuple[bool, Any]:
        with self._lock:
            kept = self._answers.get(key)
            if kept is None or kept[0] != versions:
                return False, None
            self._answers.move_to_end(key)
            return True, kept[1]

    def put(self, key: Hashable, versions: tuple[int, ...], answer: Any) -> None:
        with self._lock:
            self._answers[key] = (versions, answer)
            self._answers.move_to_end(key)
            while len(self._answers) > KEPT:
                self._answers.popitem(last=False)


_shelves: WeakKeyDictionary[Engine, _Shelf] = WeakKeyDictionary()
_shelves_lock = Lock()


def remembered(work: Work, topics: frozenset[Topic], key: Hashable, compute: Callable[[], T]) -> T:
    """Return the answer kept under ``key``, or compute it and keep it.

    The counters are read before the answer is computed: should another workstation save
    in between, the answer is newer than its label and is computed again, never older.
    Within a write nothing is kept and nothing kept is used, as its own changes are not
    counted yet.
    """
    bind = work.db.get_bind()
    if bind.get_execution_options().get("writes") or not isinstance(bind, Engine):
        return compute()
    with _shelves_lock:
        shelf = _shelves.setdefault(bind, _Shelf())
    counts = _counts(work)
    versions = tuple(counts.get(topic, 0) for topic in sorted(topics))
    found, answer = shelf.get(key, versions)
    if found:
        return cast(T, answer)
    fresh = compute()
    shelf.put(key, versions, fresh)
    return fresh


def _counts(work: Work) -> dict[Topic, int]:
    """Read the counters once for each transaction; they are one small table."""
    known = work.db.info.get("change_counts")
    if known is None:
        known = work.db.info["change_counts"] = change_counts(work)
    return cast(dict[Topic, int], known)
