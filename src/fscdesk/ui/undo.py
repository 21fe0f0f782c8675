"""What can be undone, newest first. Undo is an opposite act, never a deletion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from fscdesk.services.errors import Problem
from fscdesk.services.work import Job, Topic, Work
from fscdesk.ui.jobs.desk import Desk

KEPT = 50
BESIDE_THE_BOOKS = frozenset(
    {Topic.DOCUMENTS, Topic.NOTES, Topic.QUEUE, Topic.SETTINGS, Topic.VIEWS}
)
"""What an act may change without being the last act in anybody's mind."""


@dataclass(frozen=True, slots=True)
class Undo:
    """One act that can be undone: what it is called, and the opposite act.

    `act` runs in a transaction and returns the sentence to say. `redo`, where an act can be
    done again, returns the sentence and how to undo it once more.
    """

    label: str
    act: Callable[[Work], str]
    redo: Callable[[Work], tuple[str, Undo]] | None = None


def _refuse_final(_work: Work) -> str:
    raise Problem(
        "Ctrl+Z does not take back what was done last.",
        hint="Nothing was changed. Open what you did last: what can be done about it stands there.",
    )


_FINAL = Undo("the last act", _refuse_final)
"""Stands for an act that has no undo."""


class UndoStack(QObject):
    """Runs the newest undo through the desk, one at a time, and says what came of it.

    A refused undo stays on top, and so does an act that has none: Ctrl+Z must not reach past
    it to an older act that the person was not thinking of.
    """

    changed = Signal()
    undone = Signal(str, object)  # the sentence; the Undo of a redo, or None
    refused = Signal(object)  # BaseException

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._done: list[Undo] = []
        self._taken_back: list[Undo] = []
        self._busy = False
        self._running: Job | None = None
        desk.acted.connect(self._on_acted)

    def push(self, undo: Undo) -> None:
        """Remember an act that was just done; what was taken back before cannot be redone."""
        if self._done and self._done[-1] is _FINAL:
            self._done.pop()  # the act that was just saved, and this is its undo
        self._done.append(undo)
        del self._done[:-KEPT]
        self._taken_back.clear()
        self.changed.emit()

    def clear(self) -> None:
        """Forget everything: another practice or another person is at the desk."""
        self._done.clear()
        self._taken_back.clear()
        self.changed.emit()

    def newest(self) -> Undo | None:
        """What Ctrl+Z would undo."""
        return self._done[-1] if self._done else None

    def redoable(self) -> Undo | None:
        """What Ctrl+Y would do again."""
        return self._taken_back[-1] if self._taken_back else None

    def undo(self) -> bool:
        """Undo the newest act; False when there is none or one is under way."""
        newest = self.newest()
        if newest is None or self._busy:
            return False
        self._busy = True

        def after(sentence: str) -> None:
            self._busy = False
            if newest in self._done:
                self._done.remove(newest)
            if newest.redo is not None:
                self._taken_back.append(newest)
            self.changed.emit()
            self.undone.emit(sentence, None)

        title = f"Undo: {newest.label}"
        self._running = self._desk.act(self, newest.act, after, self._refuse, title=title)
        return True

    def redo(self) -> bool:
        """Do again what was undone last; False when there is nothing."""
        last = self.redoable()
        if last is None or last.redo is None or self._busy:
            return False
        self._busy = True

        def after(answer: tuple[str, Undo]) -> None:
            self._busy = False
            sentence, again = answer
            if last in self._taken_back:
                self._taken_back.remove(last)
            self._done.append(again)
            self.changed.emit()
            self.undone.emit(sentence, again)

        title = f"Redo: {last.label}"
        self._running = self._desk.act(self, last.redo, after, self._refuse, title=title)
        return True

    def _on_acted(self, job: Job, topics: frozenset[Topic]) -> None:
        """Stand before what was done earlier, until this act says how it is undone."""
        if job is not self._running and topics - BESIDE_THE_BOOKS:
            self._done.append(_FINAL)
            self._taken_back.clear()
            self.changed.emit()

    def _refuse(self, fault: BaseException) -> None:
        self._busy = False
        self.refused.emit(fault)
