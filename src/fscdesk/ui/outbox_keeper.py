"""Ends what a send or an undo began: files of claims go to the outbox, or leave it.

A send is saved before its file is written (``services/claims/outbox.py``), so somebody must look
whether a file still waits: when the practice was opened, and after anything about claims changed.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from fscdesk.services.work import Topic, Work
from fscdesk.ui.jobs.desk import Desk

FIRST_LOOK, SOON = 3000, 400
"""Milliseconds: the window is usable first; several changes in a row are one look."""


class OutboxKeeper(QObject):
    """Looks after the outbox while a practice is open; a folder that refuses is told elsewhere."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._ended = desk, False
        self._timer = QTimer(self, singleShot=True, interval=SOON)
        self._timer.timeout.connect(self._look)
        desk.changed.connect(self._on_changed)

    def start(self) -> None:
        """Look for the first time, once the window stands."""
        self._timer.start(FIRST_LOOK)

    def stop(self) -> None:
        """Look no more."""
        self._ended = True
        self._timer.stop()

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if Topic.CLAIMS in topics and not self._ended:
            self._timer.start(SOON)

    def _look(self) -> None:
        self._desk.ask(self, _something_waits, self._write, _quiet)

    def _write(self, waits: bool) -> None:
        if waits:
            self._desk.act(self, _write_missing, lambda _done: None, _quiet)


def _something_waits(work: Work) -> bool:
    from fscdesk.services.claims.outbox import something_waits

    return something_waits(work)


def _write_missing(work: Work) -> object:
    from fscdesk.services.claims.outbox import write_missing

    return write_missing(work)


def _quiet(_fault: BaseException) -> None:
    """Say nothing: nobody asked for this look; the list of batches shows what waits."""
