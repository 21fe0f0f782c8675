"""The plan of an import: of every row, what will happen and why. What screens and files show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from fscdesk.models.import_batch import Verdict
from fscdesk.models.session import Attendance, BillingStatus
from fscdesk.models.values import Money
from fscdesk.services.charges.catalogue import Catalogue
from fscdesk.services.charges.making import ChargeFacts
from fscdesk.services.errors import Finding
from fscdesk.services.importing.knowledge import KnownSession
from fscdesk.services.importing.naming import Resolved
from fscdesk.services.importing.persons import Persons
from fscdesk.services.importing.questions import Question
from fscdesk.services.sessions.recording import ReportFacts


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One difference, in words: ``Fee 160.00 → 130.00``."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One row of the file (or one session that is not in it) and what will happen.

    ``id`` is its place in the plan. ``open_change`` is what it does to the open balance.
    """

    id: int
    line: int
    verdict: Verdict
    day: date
    minute: int
    client: str
    clinician: str
    payer: str
    what: str
    reason: str
    changes: tuple[FieldChange, ...]
    open_change: Money
    question_id: str | None
    session_id: int | None
    raw: str


@dataclass(frozen=True, slots=True)
class PlanTotals:
    """Sums of the file's usable rows."""

    fee: Money
    patient_charge: Money
    insurance_charge: Money
    patient_paid: Money
    insurance_paid: Money
    write_off: Money


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What applying will do; ``read = created + changed + unchanged + skipped``.

    ``already`` says who imported this very file and when; then nothing will be done.
    ``digest`` names the plan's content: what is applied must be what was shown.
    """

    file_name: str
    sha256: str
    profile: str
    file_day: date
    first_day: date | None
    last_day: date | None
    read: int
    created: int
    changed: int
    unchanged: int
    skipped: int
    gone: int
    rows: tuple[PlanRow, ...]
    questions: tuple[Question, ...]
    findings: tuple[Finding, ...]
    totals: PlanTotals
    open_change: Money
    already: str | None
    digest: str
    report_totals: Mapping[str, Money] | None = None
    """Sums of a report beside the appointments, by its own names; None for sessions."""

    @property
    def writes(self) -> int:
        """Return how many rows (and gone sessions) would change something."""
        return sum(
            row.verdict in (Verdict.NEW, Verdict.CHANGED)
            or (row.verdict is Verdict.GONE and row.what != "")
            for row in self.rows
        )

    @property
    def open_questions(self) -> int:
        """Return how many questions have no answer."""
        return sum(question.answer is None for question in self.questions)


@dataclass(frozen=True, slots=True)
class Creation:
    """A session to be made. Ids below zero are those of new people and payers."""

    row_id: int
    patient_id: int
    provider_id: int
    payer_id: int | None
    second_payer_id: int | None
    occurrence: int
    day: date
    minute: int
    code_text: str
    attendance: Attendance
    billing_status: BillingStatus
    charges: tuple[ChargeFacts, ...]
    report: ReportFacts


@dataclass(frozen=True, slots=True)
class Change:
    """A session to be changed. ``recharge``: its charges are voided and made again."""

    row_id: int
    session: KnownSession
    target: Creation
    recharge: bool


@dataclass(slots=True)
class Prepared:
    """A plan with all that applying needs; stays inside the services."""

    plan: ImportPlan
    creations: list[Creation]
    changes: list[Change]
    cancel: list[tuple[int, KnownSession]]
    reports: dict[int, ReportFacts]  # unchanged sessions need none
    providers: Resolved
    payers: Resolved
    persons: Persons
    catalogue: Catalogue
    new_codes: dict[str, int] = field(default_factory=dict)  # code: first rate
    code_kinds: dict[str, str] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    again: bool = False  # this very file was imported before, some of its rows still waited
