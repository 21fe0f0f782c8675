"""Runs service calls off the GUI thread and brings the answers back to it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from fscdesk.services.errors import Cancelled
from fscdesk.services.work import Job, Topic, Work

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Refused = Callable[[BaseException], None]


class Written(Protocol[T_co]):
    """A committed write: what it returned, and which topics it changed."""

    @property
    def value(self) -> T_co:
        """What the service function returned."""

    @property
    def topics(self) -> frozenset[Topic]:
        """What the screens have to look at again."""


class Books(Protocol):
    """The part of the office that the desk needs: transactions, safe from any thread."""

    def read(self, ask: Callable[[Work], T], job: Job | None = None, /) -> T:
        """Answer a question in a transaction that is always rolled back."""

    def write(self, act: Callable[[Work], T], job: Job | None = None, /) -> Written[T]:
        """Make a change in one transaction: all of it is saved, or none of it."""


@dataclass(frozen=True, slots=True)
class Began:
    """A job that has a title is shown as background activity."""

    title: str
    job: Job


@dataclass(frozen=True, slots=True)
class Ended:
    """How a titled job ended: `fault` is None when all was saved."""

    title: str
    job: Job
    fault: BaseException | None


class Desk(QObject):
    """The screens' only way to the services: ``ask`` to read, ``act`` to write.

    Reads run side by side; writes run one after another. Answers arrive on the GUI
    thread, and are dropped when the owner that asked has been closed. What a write
    changed is told to every screen even then.
    """

    changed = Signal(object)  # frozenset[Topic], from this or another workstation
    acted = Signal(object, object)  # Job, frozenset[Topic]: a write of this desk was saved
    failed = Signal(object)  # BaseException that no screen took charge of
    began = Signal(object)  # Began
    ended = Signal(object)  # Ended
    _settled = Signal(object)  # a callable to run on the GUI thread

    def __init__(self, office: Books, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self._readers = ThreadPoolExecutor(4, "read")
        self._writer = ThreadPoolExecutor(1, "write")
        self._closed = False
        self._asked: set[Job] = set()
        self._running: set[Job] = set()
        self._settled.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def ask(
        self,
        owner: QObject,
        question: Callable[[Work], T],
        then: Callable[[T], None],
        refused: Refused | None = None,
        *,
        title: str = "",
    ) -> Job:
        """Read in the background, then hand the answer to ``then``.

        With a ``title`` the job is listed as background activity and can be cancelled there.
        """
        job = Job()
        self._asked.add(job)

        def after(answer: T) -> None:
            if isValid(owner):
                then(answer)

        work = partial(self._office.read, question, job)
        self._start(self._readers, work, _Errand(job, owner, title, after, refused))
        return job

    def act(
        self,
        owner: QObject,
        change: Callable[[Work], T],
        then: Callable[[T], None],
        refused: Refused | None = None,
        *,
        title: str = "",
    ) -> Job:
        """Write in the background, tell every screen what changed, then ``then``."""
        job = Job()

        def after(done: Written[T]) -> None:
            if done.topics:
                self.changed.emit(done.topics)
                self.acted.emit(job, done.topics)
            if isValid(owner):
                then(done.value)

        work = partial(self._office.write, change, job)
        self._start(self._writer, work, _Errand(job, owner, title, after, refused))
        return job

    def quiet(self) -> bool:
        """Whether nothing is asked or acted on just now."""
        return not self._running

    def close(self) -> None:
        """Let running writes finish, stop what only reads, and take no more.

        Answers under way are dropped.
        """
        self._closed = True
        for job in self._asked:
            job.cancel()
        self._readers.shutdown(cancel_futures=True)
        self._writer.shutdown()

    def _start(self, pool: ThreadPoolExecutor, work: Callable[[], Any], errand: _Errand) -> None:
        if self._closed:
            errand.job.ended = True
            return
        if errand.title:
            self.began.emit(Began(errand.title, errand.job))
        self._running.add(errand.job)
        pool.submit(work).add_done_callback(partial(self._settle, errand))

    def _settle(self, errand: _Errand, future: Future[Any]) -> None:
        # still on the worker's thread: touch no widget here
        if not future.cancelled() and not self._closed:
            self._settled.emit(partial(self._deliver, errand, future))

    def _deliver(self, errand: _Errand, future: Future[Any]) -> None:  # on the GUI thread
        if self._closed:
            return
        errand.job.ended = True
        self._asked.discard(errand.job)
        self._running.discard(errand.job)
        fault = future.exception()
        if errand.title:
            self.ended.emit(Ended(errand.title, errand.job, fault))
        if fault is None:
            errand.after(future.result())
        elif isinstance(fault, Cancelled):
            return
        elif errand.refused is not None and isValid(errand.owner):
            errand.refused(fault)
        else:
            self.failed.emit(fault)

    @Slot(object)
    def _run(self, action: Callable[[], None]) -> None:
        action()


@dataclass(frozen=True, slots=True)
class _Errand:
    """What to do with an answer, and for whom."""

    job: Job
    owner: QObject
    title: str
    after: Callable[[Any], None]
    refused: Refused | None
