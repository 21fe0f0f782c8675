"""Plans, builds, mends and sends today's claims in the background, one thing after the other."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from fscdesk.services.claims.mend_cards import MendCard
from fscdesk.services.claims.today import (
    BatchPlan,
    BuiltToday,
    Today,
    build_today,
    todays_plan,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.work import Job, Topic, Work
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.jobs.latest import Latest

T = TypeVar("T")
LOOK_EVERY_MS = 100
BASIS = frozenset(
    {
        Topic.CLAIMS,
        Topic.SESSIONS,
        Topic.PATIENTS,
        Topic.PAYERS,
        Topic.PRACTICE,
        Topic.PROVIDERS,
        Topic.SETTINGS,
    }
)
"""What a plan of claims hangs on."""
Send = Callable[[BatchPlan, Callable[[BaseException], None]], Job]
"""Sends a plan; is given what to tell when nothing was sent."""


class DayPlan(QObject):
    """Knows the plan on view. A card that is being saved is not shown again until that is done.

    Sending waits for what is saved just now; a plan that brings something new to mend is shown
    first and not sent.
    """

    planned = Signal()
    unread = Signal(object)
    busy = Signal(object)  # Job that builds or sends, or None
    built = Signal(object)  # BuiltToday
    refused = Signal(object)

    def __init__(self, desk: Desk, send: Send, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._send = desk, send
        self.shown: Today | None = None
        self.only: tuple[int, ...] | None = None
        self.stale = True
        self._saving: set[str] = set()
        self._saved: set[str] = set()
        self._known: frozenset[str] | None = None
        self._job: Job | None = None
        self._latest = Latest[tuple[frozenset[str], Today]](
            desk, self, self._on_planned, self._on_unread
        )
        self._watch = QTimer(self, interval=LOOK_EVERY_MS)
        self._watch.timeout.connect(self._on_look)

    @property
    def cards(self) -> tuple[MendCard, ...]:
        """The cards that wait for an answer."""
        if self.shown is None:
            return ()
        gone = self._saving | self._saved
        return tuple(one for one in self.shown.cards if one.key not in gone)

    @property
    def working(self) -> bool:
        """Whether claims are built or sent just now."""
        return self._job is not None

    @property
    def settled(self) -> bool:
        """Whether what is on view is what is in the books."""
        return not (self._latest.waiting or self._saving or self._saved or self.working)

    def look(self, only: Collection[int] | None = None) -> None:
        """Plan all claims that wait, or some of them."""
        self.only = None if only is None else tuple(only)
        self._ask()

    def again(self) -> None:
        """Plan again: the books have changed."""
        self.stale = False
        if self._latest.waiting:
            self._latest.again()
        else:
            self._ask()

    def build(self, session_ids: Collection[int] | None = None) -> None:
        """Build what is ready, or some sessions; then show the plan."""
        if self.working:
            return
        ids = None if session_ids is None else tuple(session_ids)

        def done(built: BuiltToday) -> None:
            self._rest()
            self.built.emit(built)
            self.look()

        def not_built(fault: BaseException) -> None:
            self._rest()
            self.refused.emit(fault)
            self.look()

        job = self._desk.act(
            self,
            lambda work: build_today(work, ids),
            done,
            not_built,
            title="Building claims",
        )
        self._follow(job)

    def save(
        self,
        card: MendCard,
        act: Callable[[Work], T],
        then: Callable[[T], object],
        refused: Callable[[BaseException], object],
    ) -> None:
        """Answer a card; the next one is on view at once."""
        self._saving.add(card.key)

        def done(value: T) -> None:
            self._saving.discard(card.key)
            self._saved.add(card.key)
            then(value)
            self.again()

        def not_done(fault: BaseException) -> None:
            self._saving.discard(card.key)
            self._known = None
            refused(fault)
            if isinstance(fault, ChangedElsewhere):
                self.again()
            else:
                self.planned.emit()

        self._desk.act(self, act, done, not_done)
        self.planned.emit()

    def send(self) -> None:
        """Send what can go, once what is being saved is in the plan."""
        if self.shown is None or self.working:
            return
        if self.settled:
            self._send_now()
        elif self._known is None:
            self._known = frozenset(one.key for one in self.cards if one.stops)

    # What comes back

    def _ask(self) -> None:
        self.stale, only = False, self.only

        def ask(work: Work) -> tuple[frozenset[str], Today]:
            seen = frozenset(self._saved)  # before the books are read: what is saved is in them
            return seen, todays_plan(work, only)

        self._latest.ask(ask)

    def _on_planned(self, answer: tuple[frozenset[str], Today]) -> None:
        seen, self.shown = answer
        self._saved -= seen
        self.planned.emit()
        QTimer.singleShot(0, self, self._go_on)

    def _go_on(self) -> None:
        """Send now, if that was asked for and nothing is under way any more."""
        if self._known is None or not self.settled:
            return
        known, self._known = self._known, None
        if any(one.stops and one.key not in known for one in self.cards):
            self.refused.emit(
                Problem(
                    "What was saved last does not mend it yet.",
                    hint="Nothing was sent. Look at the card, or send without its claim.",
                )
            )
            return
        self._send_now()

    def _send_now(self) -> None:
        shown = self.shown
        if shown is None or not shown.batch.going or not shown.may_send:
            return
        self._follow(self._send(shown.batch, self._on_not_sent))

    def sent(self) -> None:
        """Be told that the claims went; the plan is made again."""
        self._rest()
        self.again()

    def _on_not_sent(self, fault: BaseException) -> None:
        self._rest()
        self.refused.emit(fault)
        if isinstance(fault, ChangedElsewhere):
            self.again()

    def _on_unread(self, fault: BaseException) -> None:
        self._known, self.stale = None, True
        self.unread.emit(fault)

    def _follow(self, job: Job) -> None:
        self._job = job
        self._watch.start()
        self.busy.emit(job)

    def _on_look(self) -> None:
        """A job that was stopped tells nobody: notice that it has ended."""
        if self._job is not None and self._job.ended:
            self._rest()
            self.again()

    def _rest(self) -> None:
        self._job = None
        self._watch.stop()
        self.busy.emit(None)
