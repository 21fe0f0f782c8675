"""One statement run from question to pages: what was asked, planned, held back and made."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date

from PySide6.QtCore import QObject, QTimer, Signal

from fscdesk.models.values import Money
from fscdesk.services.billing.statement_holds import Holds, hold, release, still_held
from fscdesk.services.billing.statement_plan import USUAL
from fscdesk.services.billing.statement_runs import guarantors_of
from fscdesk.services.billing.statements import (
    Made,
    RunFilters,
    StatementPlan,
    make_statements,
    plan_statements,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.work import Job, Topic, Work
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.jobs.latest import Latest

LOOK_EVERY_MS = 100
BASIS = frozenset(
    {
        Topic.LEDGER,
        Topic.SESSIONS,
        Topic.IMPORTS,
        Topic.PATIENTS,
        Topic.PRACTICE,
        Topic.SETTINGS,
        Topic.STATEMENTS,
    }
)
"""What a plan is made from."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for. ``as_of`` None is the office's today, ``minimum`` None its setting.

    ``only`` are the guarantors whose accounts alone are looked at; ``patients`` are resolved to
    those who pay for them by the first answer. ``held`` are kept back this time, beside those
    who are held until a cause is gone; ``filters`` choose among all others.
    """

    as_of: date | None = None
    minimum: Money | None = None
    only: tuple[int, ...] | None = None
    patients: tuple[int, ...] = ()
    held: frozenset[int] = frozenset()
    filters: RunFilters = USUAL

    def ask(self, work: Work) -> Planned:
        """Answer in the background."""
        only = guarantors_of(work, self.patients) if self.patients else self.only
        day = self.as_of or work.today()
        until = still_held(work, as_of=day, minimum=self.minimum, filters=self.filters)
        plan = plan_statements(
            work,
            as_of=day,
            minimum=self.minimum,
            guarantor_ids=only,
            held=self.held | until,
            filters=self.filters,
        )
        return Planned(replace(self, only=only, patients=()), plan, work.today(), until)


@dataclass(frozen=True)
class Planned:
    """An answer: the plan, the office's day on which it was made, who is held for a cause."""

    question: Question
    plan: StatementPlan
    today: date
    until: frozenset[int] = frozenset()


class Planning(QObject):
    """Plans and makes in the background; makes only what was on view."""

    planned = Signal()
    unread = Signal(object)  # BaseException: nothing could be planned
    busy = Signal(object)  # Job that makes statements, or None
    made = Signal(object, object)  # Made, and the StatementPlan that it was made from
    refused = Signal(object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.question = Question()
        self.shown: Planned | None = None
        self.stale = True
        self._job: Job | None = None
        self._wanted = ""
        self._latest = Latest[Planned](desk, self, self._on_planned, self._on_unread)
        self._watch = QTimer(self, interval=LOOK_EVERY_MS)
        self._watch.timeout.connect(self._on_look)

    @property
    def counting(self) -> bool:
        """Whether a plan is on its way."""
        return self._latest.waiting

    @property
    def making(self) -> bool:
        """Whether statements are being made."""
        return self._job is not None

    def ask(self, question: Question) -> None:
        """Plan for another question; what is shown stays until the answer is there."""
        self.question, self.stale = question, False
        self._latest.ask(question.ask)

    def again(self) -> None:
        """Plan again: the books have changed, or a person asks."""
        if self.shown is None:
            self.ask(self.question)
        else:
            self.stale = False
            self._latest.again()

    def hold(self, guarantor_ids: Collection[int]) -> None:
        """Keep some back this time."""
        self.ask(replace(self.question, held=self.question.held.union(guarantor_ids)))

    def put_back(self, guarantor_ids: Collection[int]) -> None:
        """Give some their statement after all."""
        question = replace(self.question, held=self.question.held.difference(guarantor_ids))
        until = () if self.shown is None else self.shown.until
        gone = [one for one in guarantor_ids if one in until]
        if not gone:
            self.ask(question)
            return
        self._desk.act(
            self,
            lambda work: release(work, gone),
            lambda _count: self.ask(question),
            self.refused.emit,
        )

    def hold_until(self, causes: Holds, then: Callable[[], object]) -> None:
        """Hold some back until their causes are gone, over runs and workstations."""

        def held(_count: int) -> None:
            then()
            self.again()

        self._desk.act(self, lambda work: hold(work, causes), held, self.refused.emit)

    def make(self) -> None:
        """Make what is on view; if it is being counted again, only if nothing has changed."""
        shown = self.shown
        if self.making or shown is None or not shown.plan.recipients:
            return
        if self.counting:
            self._wanted = shown.plan.digest
            return
        plan = shown.plan
        self._job = self._desk.act(
            self,
            lambda work: make_statements(work, plan, shown=plan.digest),
            lambda made: self._on_made(made, plan),
            self._on_not_made,
            title="Making statements",
        )
        self._watch.start()
        self.busy.emit(self._job)

    def _on_planned(self, planned: Planned) -> None:
        self.shown = planned
        self.question = planned.question
        wanted, self._wanted = self._wanted, ""
        self.planned.emit()
        if wanted and wanted == planned.plan.digest:
            self.make()
        elif wanted:
            self.refused.emit(
                Problem(
                    "The list has changed while it was counted.",
                    hint="No statement was made. Look at it and make them again.",
                )
            )

    def _on_unread(self, fault: BaseException) -> None:
        self._wanted, self.stale = "", True
        self.unread.emit(fault)

    def _on_made(self, made: Made, plan: StatementPlan) -> None:
        self._rest()
        self.made.emit(made, plan)
        self.ask(replace(self.question, held=frozenset()))

    def _on_not_made(self, fault: BaseException) -> None:
        self._rest()
        self.refused.emit(fault)
        if isinstance(fault, ChangedElsewhere):
            self.again()

    def _on_look(self) -> None:
        """A job that was stopped tells nobody: notice that it has ended."""
        if self._job is not None and self._job.ended:
            self._rest()

    def _rest(self) -> None:
        self._job = None
        self._watch.stop()
        self.busy.emit(None)
