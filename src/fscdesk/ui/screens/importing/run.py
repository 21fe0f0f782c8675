"""One import from file to books: what was read, asked, answered, planned and applied."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.importing.applying import Applied
from fscdesk.services.importing.history import BatchRow, import_of
from fscdesk.services.importing.looking import Looked, look_at, map_again, map_by_hand
from fscdesk.services.importing.mapping import Profile
from fscdesk.services.importing.plan import ImportPlan
from fscdesk.services.importing.planning import ReadFile
from fscdesk.services.importing.profiles import save_profile
from fscdesk.services.importing.proposing import BASIS, Proposal, apply_proposal, propose
from fscdesk.services.importing.reading import ReadReport
from fscdesk.services.importing.watching import Nothing, Noticed, look_into, newest_unseen
from fscdesk.services.work import Job, Topic, Work
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.screens.importing.steps import Step
from fscdesk.ui.screens.importing.taking_back import again, undo_of
from fscdesk.ui.screens.importing.words import applied_words

T = TypeVar("T")
LOOK_EVERY_MS = 100
SAVING = ("applying", "saving")


@dataclass(frozen=True)
class Kept:
    """What an import left: its number, and the plan that was applied."""

    batch_id: int
    proposal: Proposal


class ImportRun(QObject):
    """Knows where one import is. Reads and plans in the background, one question at a time."""

    moved = Signal(object)  # Step: another step is in front
    looked = Signal()  # a file was looked at, or another one is being looked at
    planned = Signal()  # a plan is new
    busy = Signal(object)  # Job that goes on, or None
    noticed = Signal(object)  # Noticed, or Nothing: what waits in the watched folder
    applied = Signal(str, object)  # a sentence, and its Undo
    undone = Signal()
    refused = Signal(object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.step = Step.FILES
        self.queue: list[Path] = []
        self.path: Path | None = None
        self._watched: Path | None = None
        self.file: Looked | None = None
        self.file_day: date | None = None
        self.answers: dict[str, str] = {}
        self.given: list[str] = []
        self.order: list[str] = []
        self.proposal: Proposal | None = None
        self.kept: Kept | None = None
        self.doing = ""  # looking, planning, saving, applying
        self._then_apply = self._show_plan = False
        self._number = 0
        self._job: Job | None = None
        self._watch = QTimer(self, interval=LOOK_EVERY_MS)
        self._watch.timeout.connect(self._on_look)
        desk.changed.connect(self._on_changed)

    # Files

    def take(self, paths: Sequence[Path]) -> None:
        """Import files, one after the other."""
        if self._is_saving() or not paths:
            return
        self.queue = [*paths[1:]]
        self._open(paths[0])

    def take_next(self) -> None:
        """Go on with the next file that was chosen."""
        if self._is_saving():
            return
        if self.queue:
            self._open(self.queue.pop(0))
        else:
            self.go(Step.FILES)

    def take_newest(self, folder: Path) -> None:
        """Import the newest export in a folder that was not imported yet."""

        def look(work: Work) -> Looked | None:
            found = newest_unseen(work, folder)
            return None if found is None else look_at(work, found.path)

        def after(looked: Looked | None) -> None:
            if looked is None:
                self._rest()
                self.go(Step.FILES)
                self.refused.emit(
                    Problem(
                        f"There is no new export in {folder.name or folder}.",
                        hint="Every file there was imported, or is no report that fscdesk reads.",
                    )
                )
                return
            self._after_look(looked)

        if self._is_saving():
            return
        self._begin("looking")
        self._ask(look, after, f"Looking in {folder.name or folder}")

    def notice(self, folder: Path) -> None:
        """Look whether a new export waits in a folder; tells `noticed`."""
        self._watched = folder

        def tell(found: Noticed | Nothing) -> None:
            if folder == self._watched:  # a late answer about another folder is dropped
                self.noticed.emit(found)

        self._desk.ask(
            self,
            lambda work: look_into(work, folder),
            tell,
            lambda _fault: tell(Nothing.NO_REPORT),
        )

    def change_mapping(self) -> None:
        """Offer the columns again of a file that was read by a mapping."""
        if self.file is not None and not self._is_saving():
            self.file = map_again(self.file)
            self.proposal = None
            self.looked.emit()
            self.go(Step.RECOGNISED)

    def map(self, profile: Profile) -> None:
        """Read the file with a mapping made by hand, which is kept for the next time."""
        looked = self.file
        if looked is None:
            return
        self._set_doing("saving")

        def act(work: Work) -> Looked:
            return map_by_hand(work, looked, save_profile(work, profile))

        number = self._count()
        job = self._desk.act(
            self, act, partial(self._if_newest, number, self._after_look), self._refuse
        )
        self._follow(job)

    # The plan

    def plan(self, *, show: bool = False) -> None:
        """Make the plan (again), in the background; what is shown stays until it is there.

        With `show` its step comes to the front then.
        """
        file = self._read_file()
        if file is None or self.doing in SAVING:
            return
        self._show_plan = self._show_plan or show
        answers, day = dict(self.answers), self.file_day
        self._set_doing("planning")
        self._ask(
            lambda work: propose(work, file, answers=answers, file_day=day),
            self._after_plan,
            f"Planning {file.source.name}",
        )

    def answer(self, question: str, key: str) -> None:
        """Answer a question, and count again."""
        if self.doing in SAVING:
            return
        self.answers[question] = key
        self.given = [one for one in self.given if one != question] + [question]
        self.plan()

    def answer_all(self, answers: Mapping[str, str]) -> None:
        """Answer several questions at once, and count again."""
        if self.doing in SAVING:
            return
        self.answers.update(answers)
        self.given = [one for one in self.given if one not in answers] + list(answers)
        self.plan()

    def take_back(self) -> str:
        """Take the last answer back; returns its question, or nothing."""
        if not self.given or self.doing in SAVING:
            return ""
        question = self.given.pop()
        del self.answers[question]
        self.plan()
        return question

    def set_file_day(self, day: date) -> None:
        """Date what SimplePractice calls paid by another day; the next plan follows it."""
        self.file_day = day

    # Doing it

    def apply(self) -> None:
        """Apply the plan that is shown; if another is on its way, that one, once it is shown.

        A plan that brings a new question is not applied: the question is asked first.
        """
        if self.doing == "planning":
            self._then_apply = True
            return
        file, proposal = self._read_file(), self.proposal
        if self.doing or file is None or proposal is None or not can_apply(proposal.plan):
            return
        answers, day = dict(self.answers), self.file_day
        self._set_doing("applying")
        number = self._count()
        job = self._desk.act(
            self,
            lambda work: apply_proposal(work, file, proposal, answers=answers, file_day=day),
            partial(self._if_newest, number, partial(self._after_apply, file)),
            self._on_not_applied,
            title=f"Importing {file.source.name}",
        )
        self._follow(job)

    def go(self, step: Step) -> None:
        """Go to a step that was reached."""
        self.step = step
        self.moved.emit(step)

    @property
    def reached(self) -> frozenset[Step]:
        """The steps that can be gone to now."""
        steps = {Step.FILES}
        if self.kept is not None:
            return frozenset({Step.FILES, Step.DONE})
        if self.file is not None:
            steps.add(Step.RECOGNISED)
        if self.proposal is not None:
            steps.add(Step.PLAN)
        return frozenset(steps)

    # What comes back

    def _open(self, path: Path) -> None:
        self.path = path
        self._begin("looking")
        self._ask(lambda work: look_at(work, path), self._after_look, f"Reading {path.name}")

    def _begin(self, doing: str) -> None:
        self.file = self.proposal = self.kept = None
        self.answers, self.given, self.order = {}, [], []
        self.file_day = None
        self._then_apply = self._show_plan = False
        self._set_doing(doing)
        self.looked.emit()

    def _after_look(self, looked: Looked) -> None:
        self.file, self.path = looked, looked.source.path
        self._rest()
        self.looked.emit()
        if looked.file is None:
            self.go(Step.RECOGNISED)
        else:
            self.plan(show=True)

    def _after_plan(self, proposal: Proposal) -> None:
        self.proposal = proposal
        self.file_day = proposal.plan.file_day
        fresh = [one.id for one in proposal.plan.questions if one.id not in self.order]
        self.order += fresh
        open_now = {one.id for one in proposal.plan.questions if one.answer is None}
        self._rest()
        self.planned.emit()
        if self._show_plan:
            self._show_plan = False
            self.go(Step.PLAN)
        wanted, self._then_apply = self._then_apply, False
        if wanted and not open_now.intersection(fresh):
            self.apply()

    def _after_apply(self, file: ReadFile | ReadReport, applied: Applied) -> None:
        proposal = self.proposal
        self._rest()
        if applied.batch_id is None or proposal is None:
            self.plan()
            return
        batch_id = int(applied.batch_id)
        self.kept = Kept(batch_id, proposal)
        self.go(Step.DONE)
        redo = partial(again, file, dict(self.answers), self.file_day)
        undo = undo_of(batch_id, file.source.name, redo)
        self.applied.emit(applied_words(applied.plan), undo)

    def _on_not_applied(self, fault: BaseException) -> None:
        self._refuse(fault)
        if isinstance(fault, ChangedElsewhere):
            self.plan()

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if not topics.intersection(BASIS) or self.doing in SAVING:
            return
        if self.kept is not None:
            batch_id = self.kept.batch_id
            self._desk.ask(self, lambda work: import_of(work, batch_id), self._after_batch)
        elif self.proposal is not None:
            self.plan()

    def _after_batch(self, batch: BatchRow | None) -> None:
        if self.kept is None or batch is None or batch.id != self.kept.batch_id or batch.stands:
            return
        self.kept = None
        self.undone.emit()
        self.plan(show=True)

    # One job at a time

    def _ask(self, question: Callable[[Work], T], then: Callable[[T], None], title: str) -> None:
        number = self._count()
        self._follow(
            self._desk.ask(
                self,
                question,
                partial(self._if_newest, number, then),
                partial(self._if_newest, number, self._refuse),
                title=title,
            )
        )

    def _if_newest(self, number: int, then: Callable[[Any], None], answer: Any) -> None:
        if number == self._number:
            then(answer)

    def _count(self) -> int:
        """Number the next question: an answer to an older one is dropped."""
        if self._job is not None:
            self._job.cancel()
        self._number += 1
        return self._number

    def _follow(self, job: Job) -> None:
        self._job = job
        self._watch.start()
        self.busy.emit(job)

    def _is_saving(self) -> bool:
        if self.doing not in SAVING:
            return False
        self.refused.emit(
            Problem("A file is being imported.", hint="The next one can begin when it is done.")
        )
        return True

    def _set_doing(self, doing: str) -> None:
        self.doing = doing

    def _rest(self) -> None:
        self.doing = ""
        self._job = None
        self._watch.stop()
        self.busy.emit(None)

    def _refuse(self, fault: BaseException) -> None:
        was = self.doing
        self._then_apply = False
        self._rest()
        if was == "looking":
            self.file = None
            self.looked.emit()
            self.go(Step.FILES)
        self.refused.emit(fault)

    def _on_look(self) -> None:
        """A job that was stopped tells nobody: notice that it has ended."""
        if self._job is not None and self._job.ended:
            was = self.doing
            self._then_apply = False
            self._rest()
            if was == "looking":
                self.go(Step.FILES)

    def _read_file(self) -> ReadFile | ReadReport | None:
        return None if self.file is None else self.file.file


def can_apply(plan: ImportPlan) -> bool:
    """Whether applying would leave anything: a batch, if only to know the file again."""
    return plan.already is None and bool(plan.writes or plan.unchanged)
