"""Notices what other workstations changed, by asking one tiny question."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from fscdesk.services.changes import change_counts
from fscdesk.services.work import Topic, Work
from fscdesk.ui.jobs.desk import Desk

EVERY_MS = 2000


class Live(QObject):
    """Polls the change counters and repeats the news through ``Desk.changed``.

    One way for SQLite and Postgres alike. A failed look says ``online(False)`` and
    the next look tries again.
    """

    online = Signal(bool)

    def __init__(
        self,
        desk: Desk,
        parent: QObject | None = None,
        counts: Callable[[Work], dict[Topic, int]] = change_counts,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._counts = counts
        self._seen: dict[Topic, int] | None = None
        self._looking = False
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Look now, then every two seconds."""
        self.look()
        self._timer.start()

    def stop(self) -> None:
        """Look no more: the practice is being closed."""
        self._timer.stop()

    @Slot()
    def look(self) -> None:
        """Ask for the counters, unless the last answer is still on its way."""
        if not self._looking:
            self._looking = True
            self._desk.ask(self, self._counts, self._compare, self._lost)

    def _compare(self, now: dict[Topic, int]) -> None:
        self._looking = False
        self.online.emit(True)
        before, self._seen = self._seen, now
        if before is None:
            return
        news = frozenset(topic for topic, count in now.items() if before.get(topic) != count)
        if news:
            self._desk.changed.emit(news)

    def _lost(self, _fault: BaseException) -> None:
        self._looking = False
        self.online.emit(False)
