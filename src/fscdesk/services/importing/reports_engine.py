"""What every report beside the appointments is to the import: the contract of its kinds.

A kind is one file under ``reports/`` with one class, entered in ``report_kinds.KINDS``. The
engine (``report_planning``, ``report_applying``, ``report_undoing``) does what is the same for
all of them:

- plan: says ``already`` for a file that was imported before, resolves the names of every row with
  the questions and spellings of the session import, lets rows wait whose names wait, then asks
  the kind about each other row (``begin``, then ``plan_row`` in the order of the file, then
  ``end``), and writes the plan down with the reader's skipped lines;
- apply: in one transaction under the practice's lock: the batch, new clients, clinicians and
  payers with their spellings, then ``apply`` of the kind, then ``payments.clearing.settle``, then
  the rows (with noun, noun_id and before), the answers, the audit record;
- undo: names what stands on it (other imports that changed the same nouns, entries of others on
  its payments, ``later_work`` of the kind), reverses every entry of the batch, then ``undo`` of the
  kind, then withdraws the clients that it made and forgets its answers and spellings.

A kind never commits, never asks for rights and never writes ImportBatch or ImportRow.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Generic

from fscdesk.models.import_batch import ImportBatch, Verdict
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Finding
from fscdesk.services.importing.knowledge import Knowledge
from fscdesk.services.importing.naming import Resolved
from fscdesk.services.importing.persons import Persons
from fscdesk.services.importing.plan import FieldChange, ImportPlan
from fscdesk.services.importing.questions import Asked
from fscdesk.services.importing.readers.report_rows import R, ReportFile
from fscdesk.services.importing.reading import ReadReport
from fscdesk.services.spreadsheets.cells import PayerName
from fscdesk.services.work import Topic, Work

WAITS = "Waits for"
"""How the reason of a row begins that comes in by itself once something else is here."""


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a row names, as it is written; blank or None where the report does not say.

    ``clinician_id`` is SimplePractice's own id of a clinician: it knows the clinician again
    under any spelling. ``day`` is the row's own day, for the list of rows.
    """

    client: str = ""
    clinician: str = ""
    payer: PayerName | None = None
    clinician_id: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What will happen to one row.

    ``what`` says it in words for NEW and CHANGED, ``reason`` for UNCHANGED and SKIPPED. ``step``
    is handed back to ``apply`` (NEW and CHANGED only). ``noun`` and ``noun_id`` name the thing
    that a row is about where it exists already. ``question_id`` with SKIPPED: it waits for that
    answer, and is planned again when the same file comes again.
    """

    verdict: Verdict
    what: str = ""
    reason: str = ""
    step: Any = None
    changes: tuple[FieldChange, ...] = ()
    open_change: Money = ZERO
    noun: str | None = None
    noun_id: int | None = None
    session_id: int | None = None
    question_id: str | None = None
    keep: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the plan that writes: its place in the plan, its place in the report, its step."""

    row_id: int
    at: int
    step: Any
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Kept:
    """What a row made or changed, for ImportRow; ``before`` is what undo needs (JSON values)."""

    noun: str | None
    noun_id: int | None
    before: dict[str, Any] | None = None
    session_id: int | None = None


@dataclass(slots=True)
class Names:
    """Whom the rows mean. Ids below zero are those of people and payers that are to be made."""

    named: Sequence[Named]
    persons: Persons
    providers: Resolved
    payers: Resolved
    provider_of: Sequence[int | None]
    payer_of: Sequence[int | None]
    waiting: dict[int, str] = field(default_factory=dict)  # row: question id
    clinician_ids: dict[int, str] = field(default_factory=dict)  # provider: SimplePractice's id

    def patient(self, at: int) -> int | None:
        """Return the client of a row; None where it names nobody, or nobody who is known."""
        return self.persons.of_row.get(at)


@dataclass(slots=True)
class Planning(Generic[R]):
    """What a kind plans with: the report, the books' names, and who each row means.

    ``state`` is what ``begin`` returned; ``day`` is the file's day; ``findings`` may be added to.
    """

    work: Work
    report: ReportFile[R]
    known: Knowledge
    asked: Asked
    day: date
    names: Names
    state: Any = None
    lines: frozenset[int] | None = None
    """Of a file that was imported before: the only lines that are planned again."""
    findings: list[Finding] = field(default_factory=list)

    def patient(self, at: int) -> int | None:
        """Return the client of a row: below zero for one to be made, None for nobody known."""
        return self.names.patient(at)

    def provider(self, at: int) -> int | None:
        """Return the clinician of a row, or None."""
        return self.names.provider_of[at]

    def payer(self, at: int) -> int | None:
        """Return the payer of a row, or None."""
        return self.names.payer_of[at]


@dataclass(slots=True)
class PreparedReport:
    """A plan with all that applying needs; stays inside the services."""

    plan: ImportPlan
    read: ReadReport
    names: Names
    known: Knowledge
    state: Any
    steps: list[Step]
    keeps: dict[int, Kept] = field(default_factory=dict)  # of rows that write nothing
    counters: dict[str, int] = field(default_factory=dict)
    again: bool = False  # this very file was imported before, some of its rows still waited


@dataclass(slots=True)
class Applying:
    """What a kind applies with: its batch, its steps, and the real ids of what was just made.

    ``on`` is the day by which entries are dated that no row dates. Put what each row made or
    changed into ``kept`` under the step's ``row_id``.
    """

    work: Work
    prepared: PreparedReport
    batch: ImportBatch
    on: date
    patients: Mapping[int, int]
    providers: Mapping[int, int]
    payers: Mapping[int, int]
    kept: dict[int, Kept] = field(default_factory=dict)

    @property
    def steps(self) -> list[Step]:
        """Return what is to be written, in the order of the file."""
        return self.prepared.steps

    def row(self, step: Step) -> Any:
        """Return the row of the report that a step came from."""
        return self.prepared.read.report.rows[step.at]

    def patient(self, plan_id: int | None) -> int | None:
        """Return the real id of a client of the plan."""
        return None if plan_id is None else self.patients.get(plan_id, plan_id)

    def provider(self, plan_id: int | None) -> int | None:
        """Return the real id of a clinician of the plan."""
        return None if plan_id is None else self.providers.get(plan_id, plan_id)

    def payer(self, plan_id: int | None) -> int | None:
        """Return the real id of a payer of the plan."""
        return None if plan_id is None else self.payers.get(plan_id, plan_id)


class ReportKind(ABC, Generic[R]):
    """One report beside the appointments: what its rows do. Stateless; one object for all."""

    profile: ClassVar[str]
    """The key of report_signatures.py."""
    makes_clients: ClassVar[bool] = False
    """Whether a client whom nobody knows is made (else the row has no patient: say why)."""
    asks_which: ClassVar[bool] = True
    """Whether a person is asked which of several clients of one name a row means."""
    makes_others: ClassVar[bool] = False
    """The same for clinicians and payers; without it an unknown one is None, and nobody asks."""
    one_row_each: ClassVar[bool] = False
    """Whether a client has one row: rows of one name with several clinicians are then asked about
    as the session import asks about one name at one minute."""
    settles: ClassVar[bool] = False
    """Whether ``settle`` runs after it: only reports about money can close anything."""
    topics: ClassVar[tuple[Topic, ...]] = ()
    """What applying and undoing change, besides imports and the people who are made."""

    @abstractmethod
    def named(self, row: R) -> Named:
        """Return whom a row names."""

    def begin(self, planning: Planning[R]) -> Any:
        """Read what the plan needs from the books, once; returned as ``planning.state``."""
        del planning

    def which(self, planning: Planning[R], at: int, patients: Sequence[int]) -> int | None:
        """Say which of several clients of one name a row means, where the clinician does not.

        ``planning.names`` is not complete yet. None lets a person decide: the row waits.
        """
        del planning, at, patients
        return None

    @abstractmethod
    def plan_row(self, planning: Planning[R], at: int, row: R) -> Decision:
        """Say what happens to a row whose names are settled."""

    def end(self, planning: Planning[R]) -> None:
        """Add the findings that are about the whole report."""
        del planning

    @abstractmethod
    def apply(self, applying: Applying) -> None:
        """Write the steps; put into ``applying.kept`` what each row made or changed."""

    def later_work(self, work: Work, batch: ImportBatch) -> list[str]:
        """Name what was done later on what this batch left, beyond what the engine finds.

        Empty where it can be taken back.
        """
        del work, batch
        return []

    @abstractmethod
    def undo(self, work: Work, batch: ImportBatch) -> int:
        """Take back what ``apply`` wrote besides entries; return how many things went.

        The entries of the batch are reversed already. ImportRow of this batch tells noun,
        noun_id and before of every row.
        """
