"""One question of a screen at a time: only the answer to the newest one is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject

from fscdesk.services.work import Job, Work
from fscdesk.ui.jobs.desk import Desk

T = TypeVar("T")


class Latest(QObject, Generic[T]):
    """Asks through the desk, and forgets late answers to what is no longer asked.

    Another question stops the one before. ``again`` waits for it instead: news that come
    faster than answers must not keep a screen from ever showing one.
    """

    def __init__(
        self,
        desk: Desk,
        parent: QObject,
        then: Callable[[T], None],
        refused: Callable[[BaseException], None],
    ) -> None:
        super().__init__(parent)
        self._desk, self._then, self._refused = desk, then, refused
        self._question: Callable[[Work], T] | None = None
        self._title = ""
        self._job: Job | None = None
        self._once_more = False

    @property
    def waiting(self) -> bool:
        """Whether an answer is on its way."""
        return self._job is not None

    def stop(self) -> None:
        """Ask that the question be stopped; `Desk.ended` says when it was."""
        if self._job is not None:
            self._job.cancel()

    def gave_up(self, job: Job) -> bool:
        """Forget a question that was stopped, also elsewhere; False where it is not the newest."""
        if job is not self._job:
            return False
        self._job = None
        return True

    def ask(self, question: Callable[[Work], T], *, title: str = "") -> None:
        """Put a question; whatever was asked before is stopped.

        With a ``title`` it is listed as background activity, and can be cancelled there.
        """
        if self._job is not None:
            self._job.cancel()
        self._question, self._once_more, self._title = question, False, title
        self._start(question)

    def again(self) -> None:
        """Put the last question again, after the answer that is on its way."""
        if self._job is not None:
            self._once_more = True
        elif self._question is not None:
            self._start(self._question)

    def _start(self, question: Callable[[Work], T]) -> None:
        mine: list[Job] = []  # known only when the desk has taken the question

        def settled(show: Callable[[Any], None], outcome: Any) -> None:
            if self._job is not mine[0]:
                return
            self._job = None
            show(outcome)
            if self._once_more and self._job is None:
                self._once_more = False
                self.again()

        mine.append(
            self._desk.ask(
                self,
                question,
                lambda answer: settled(self._then, answer),
                lambda fault: settled(self._refused, fault),
                title=self._title,
            )
        )
        self._job = mine[0]
