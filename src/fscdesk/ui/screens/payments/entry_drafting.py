"""Keeps the half-entered payment while it is typed, and lets it be thrown away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer

from fscdesk.services.payments.drafts import forget_draft, keep_draft
from fscdesk.services.work import Work
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.screens.payments.entry_keeping import NOBODY
from fscdesk.ui.screens.payments.entry_state import EntryState
from fscdesk.ui.undo import Undo

PAUSE_MS = 400
SAVED = "Draft, saved as you type"


class Drafting(QObject):
    """Saves what `content` gives a moment after the last key, at once when told to flush."""

    def __init__(
        self,
        desk: Desk,
        state: Callable[[], EntryState],
        content: Callable[[], Mapping[str, Any]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._desk, self._state, self._content = desk, state, content
        self._stored = ""
        self._since = ""
        self._held = False
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self._save)

    def words(self) -> str:
        """What the title line says of the draft."""
        return f"Draft of {self._since}, saved as you type" if self._since else SAVED

    def soon(self) -> None:
        """Something was typed."""
        if not self._held:
            self._timer.start()

    def waiting(self) -> bool:
        """Whether something typed is not saved yet."""
        return self._timer.isActive()

    def flush(self) -> None:
        """Save at once what waits to be saved: the screen is left."""
        if self._timer.isActive():
            self._timer.stop()
            self._save()

    def hold(self) -> None:
        """Save nothing while the payment is posted."""
        self._timer.stop()
        self._held = True

    def release(self, *, forget: bool = False) -> None:
        """Posting has ended; with ``forget`` its draft is gone with it."""
        self._held = False
        if forget:
            self._stored, self._since = "", ""
        else:
            self.soon()

    def went_on(self, about: str, since: str) -> None:
        """A draft that was kept goes on."""
        self._stored, self._since = about, since

    def moved_on(self) -> None:
        """Somebody else has paid: answers stay in the draft of who was said before."""
        state = self._state()
        if state.answered:
            self._timer.stop()
            self._save()
        elif self._stored and self._stored != self._about():
            self._forget(self._stored)
        self._stored, self._since = "", ""

    def discard(self) -> Undo:
        """Forget the draft, and return how it comes back."""
        about, content = self._about(), dict(self._content())
        self._timer.stop()
        self._forget(about)
        self._stored, self._since = "", ""

        def act(work: Work) -> str:
            keep_draft(work, about, content)
            return "The draft is back."

        return Undo("Discard the draft", act)

    def _about(self) -> str:
        source = self._state().source
        return NOBODY if source is None else source.key

    def _save(self) -> None:
        about, before = self._about(), self._stored
        if not self._state().started:
            if before:
                self._stored, self._since = "", ""
                self._forget(before)
            return
        content = dict(self._content())
        self._stored = about

        def act(work: Work) -> None:
            keep_draft(work, about, content)
            if before == NOBODY and about != NOBODY:
                forget_draft(work, NOBODY)

        self._desk.act(self, act, lambda _done: None)

    def _forget(self, about: str) -> None:
        self._desk.act(self, lambda work: forget_draft(work, about), lambda _done: None)
