"""Runs what runs by itself while a practice is open: some time after opening, then every hour.

Each job is an act of its own, so that work of a person comes between two of them. Another desk,
or the system's scheduler, may have run one: then nothing happens (``services/jobs/running``).
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from fscdesk.services.work import Work
from fscdesk.ui.jobs.desk import Desk

FIRST_LOOK, HOUR = 60_000, 3_600_000
"""Milliseconds: the office has its first minute for itself."""


class JobsKeeper(QObject):
    """Looks which jobs are due and runs them, quietly: nobody asked for it."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._timer = QTimer(self, interval=HOUR)
        self._timer.timeout.connect(self.look)
        self._first = QTimer(self, singleShot=True, interval=FIRST_LOOK)
        self._first.timeout.connect(self.look)

    def start(self) -> None:
        """Look once the first minute is over, and every hour."""
        self._first.start()
        self._timer.start()

    def stop(self) -> None:
        """Look no more."""
        self._first.stop()
        self._timer.stop()

    def look(self) -> None:
        """Run what is due now."""
        self._desk.ask(self, _due, self._run, _quiet)

    def _run(self, names: tuple[str, ...]) -> None:
        for name in names:
            self._desk.act(self, lambda work, name=name: _run_job(work, name), _done, _quiet)  # type: ignore[misc]


def _due(work: Work) -> tuple[str, ...]:
    from fscdesk.services.jobs.running import due_jobs

    return due_jobs(work)


def _run_job(work: Work, name: str) -> object:
    from fscdesk.services.jobs.running import run_job

    return run_job(work, name)


def _done(_ran: object) -> None:
    """Say nothing: the list of jobs shows it."""


def _quiet(_fault: BaseException) -> None:
    """Say nothing: what failed is due again at the next look."""
