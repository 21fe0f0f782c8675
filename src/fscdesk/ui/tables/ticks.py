"""Which records are ticked: kept by id, so that paging and sorting never move a tick."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from fscdesk.ui.tables.columns import HasId

R = TypeVar("R", bound=HasId)

MOST = 10_000
"""How many rows may be ticked at once: more is a report or an import, not a selection."""


class Ticks(QObject, Generic[R]):
    """The ticked rows of one list, in the order they were ticked."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[int, R] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, row_id: object) -> bool:
        return row_id in self._rows

    @property
    def ids(self) -> frozenset[int]:
        """Return the ids of all ticked records."""
        return frozenset(self._rows)

    @property
    def rows(self) -> tuple[R, ...]:
        """Return the ticked rows as they were last seen."""
        return tuple(self._rows.values())

    def put(self, rows: Iterable[R], *, on: bool) -> None:
        """Tick or untick rows, and say so once."""
        before = len(self._rows)
        touched = False
        for row in rows:
            if on and row.id not in self._rows:
                self._rows[row.id] = row
                touched = True
            elif not on:
                touched = self._rows.pop(row.id, None) is not None or touched
        if touched or len(self._rows) != before:
            self.changed.emit()

    def toggle(self, row: R) -> None:
        """Tick a row that is not ticked, untick one that is."""
        self.put([row], on=row.id not in self._rows)

    def drop(self, ids: Iterable[int]) -> None:
        """Untick records by id, for those that are no longer there."""
        gone = [row_id for row_id in ids if self._rows.pop(row_id, None) is not None]
        if gone:
            self.changed.emit()

    def clear(self) -> None:
        """Untick everything."""
        if self._rows:
            self._rows.clear()
            self.changed.emit()

    def renew(self, rows: Iterable[R]) -> None:
        """Take newer values of rows that are ticked, so that their sums are right."""
        newer = {row.id: row for row in rows if row.id in self._rows}
        if any(self._rows[row_id] != row for row_id, row in newer.items()):
            self._rows.update(newer)
            self.changed.emit()
