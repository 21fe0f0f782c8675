"""Background activity: which jobs run, how far they are, and how the last ten ended."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from fscdesk.services.errors import Cancelled, Problem
from fscdesk.services.work import Job
from fscdesk.ui.jobs.desk import Began, Desk, Ended

LOOK_EVERY_MS, SHOW_AFTER_MS, KEPT = 100, 500, 10


@dataclass(frozen=True, slots=True)
class Running:
    """One job that goes on now; `since` is a reading of the monotonic clock, in seconds."""

    title: str
    job: Job
    since: float


@dataclass(frozen=True, slots=True)
class Result:
    """How a job ended: `icon` and `tone` for the eye, `words` for everyone."""

    title: str
    words: str
    icon: str
    tone: str


class Activity(QObject):
    """Listens to the desk; `ticked` ten times a second while something runs."""

    ticked = Signal()
    failed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.running: list[Running] = []
        self.results: deque[Result] = deque(maxlen=KEPT)
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.ticked)
        desk.began.connect(self._on_began)
        desk.ended.connect(self._on_ended)

    def shown(self) -> Running | None:
        """The oldest job that has run for half a second: shorter ones are not shown."""
        now = monotonic()
        for one in self.running:
            if (now - one.since) * 1000 >= SHOW_AFTER_MS:
                return one
        return None

    def close(self) -> None:
        """Stop looking."""
        self._timer.stop()

    @Slot(object)
    def _on_began(self, began: Began) -> None:
        self.running.append(Running(began.title, began.job, monotonic()))
        self._timer.start()

    @Slot(object)
    def _on_ended(self, ended: Ended) -> None:
        self.running = [one for one in self.running if one.job is not ended.job]
        self.results.appendleft(_result(ended))
        if not self.running:
            self._timer.stop()
        if ended.fault is not None and not isinstance(ended.fault, Cancelled):
            self.failed.emit()
        self.ticked.emit()


def _result(ended: Ended) -> Result:
    fault = ended.fault
    if fault is None:
        return Result(ended.title, "Done", "circle-check", "green")
    if isinstance(fault, Cancelled):
        return Result(ended.title, "Stopped. Nothing was saved.", "circle-stop", "neutral")
    words = fault.message if isinstance(fault, Problem) else "Did not work. Nothing was saved."
    return Result(ended.title, words, "circle-x", "red")
