"""Writes a plan down row by row, and closes it with its sums and its digest."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date

from fscdesk.models.import_batch import Verdict
from fscdesk.models.values import Money
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.naming import payer_text
from fscdesk.services.importing.plan import FieldChange, ImportPlan, PlanRow, PlanTotals
from fscdesk.services.importing.questions import Question
from fscdesk.services.importing.readers.appointments import AppointmentFile, AppointmentRow
from fscdesk.services.spreadsheets.files import SourceFile


class PlanBook:
    """The rows of one plan in the making. ``next_id`` is the place of the next one."""

    def __init__(self, source: SourceFile, content: AppointmentFile, day: date) -> None:
        self._source, self._content, self._day = source, content, day
        self._rows: list[PlanRow] = []
        self._counts: Counter[Verdict] = Counter()
        self.findings: list[Finding] = list(content.findings)

    @property
    def next_id(self) -> int:
        """Return the place that the next row will have."""
        return len(self._rows)

    def add_gone(self, row: PlanRow) -> None:
        """Add a session that is not in the file."""
        self._rows.append(row)
        self._counts[Verdict.GONE] += 1

    def add(
        self,
        row: AppointmentRow,
        verdict: Verdict,
        *,
        what: str = "",
        reason: str = "",
        changes: tuple[FieldChange, ...] = (),
        open_change: int = 0,
        question_id: str | None = None,
        session_id: int | None = None,
    ) -> None:
        """Add a row of the file; one that stands for several lines counts them all."""
        self._counts[verdict] += len(row.lines)
        self._rows.append(
            PlanRow(
                id=len(self._rows),
                line=row.lines[0],
                verdict=verdict,
                day=row.day,
                minute=row.minute,
                client=row.client,
                clinician=row.clinician,
                payer=payer_text(row.payer),
                what=what,
                reason=reason,
                changes=changes,
                open_change=Money(open_change),
                question_id=question_id,
                session_id=session_id,
                raw=row.raw,
            )
        )

    def add_skipped(self) -> None:
        """Add the lines that the reader could not use, each with its reason."""
        for skipped in self._content.skipped:
            self._counts[Verdict.SKIPPED] += 1
            self._rows.append(
                PlanRow(
                    id=len(self._rows),
                    line=skipped.line,
                    verdict=Verdict.SKIPPED,
                    day=self._day,
                    minute=0,
                    client="",
                    clinician="",
                    payer="",
                    what="",
                    reason=skipped.reason,
                    changes=(),
                    open_change=Money(),
                    question_id=None,
                    session_id=None,
                    raw=skipped.raw,
                )
            )

    def close(
        self, profile: str, questions: tuple[Question, ...], already: str | None
    ) -> ImportPlan:
        """Return the plan: sums, questions, findings, and a digest of what will happen."""
        content, counts = self._content, self._counts
        totals = content.totals
        if already is not None:
            self.findings.append(
                Finding(
                    "imported-already",
                    f"{already}. Nothing changes.",
                    self._source.name,
                    Severity.INFO,
                )
            )
        digest = hashlib.sha256()
        digest.update(f"{self._source.sha256}|{self._day}|".encode())
        for row in self._rows:
            digest.update(f"{row.line}|{row.verdict}|{row.what}|{row.session_id}\n".encode())
        return ImportPlan(
            file_name=self._source.name,
            sha256=self._source.sha256,
            profile=profile,
            file_day=self._day,
            first_day=content.first_day,
            last_day=content.last_day,
            read=content.read,
            created=counts[Verdict.NEW],
            changed=counts[Verdict.CHANGED],
            unchanged=counts[Verdict.UNCHANGED],
            skipped=counts[Verdict.SKIPPED],
            gone=counts[Verdict.GONE],
            rows=tuple(self._rows),
            questions=questions,
            findings=tuple(self.findings),
            totals=PlanTotals(
                fee=Money(totals.fee),
                patient_charge=Money(totals.patient_charge),
                insurance_charge=Money(totals.insurance_charge),
                patient_paid=Money(totals.patient_paid),
                insurance_paid=Money(totals.insurance_paid),
                write_off=Money(totals.write_off),
            ),
            open_change=Money(sum(row.open_change.cents for row in self._rows)),
            already=already,
            digest=digest.hexdigest(),
        )
