"""Plans the import of a report beside the appointments: what each of its rows would do."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import or_

from fscdesk.models.import_batch import ImportRow, Verdict
from fscdesk.models.values import Money
from fscdesk.services.errors import Finding, Problem, Severity
from fscdesk.services.importing.batches import counters_of, imported_before
from fscdesk.services.importing.knowledge import read_knowledge
from fscdesk.services.importing.naming import payer_text
from fscdesk.services.importing.plan import ImportPlan, PlanRow, PlanTotals
from fscdesk.services.importing.questions import WAITING, Asked
from fscdesk.services.importing.reading import ReadReport
from fscdesk.services.importing.report_kinds import KINDS
from fscdesk.services.importing.report_names import resolve_names, unresolved
from fscdesk.services.importing.reports_engine import (
    WAITS,
    Decision,
    Kept,
    Named,
    Planning,
    PreparedReport,
    ReportKind,
    Step,
)
from fscdesk.services.work import Topic, Work

BASIS = (
    Topic.IMPORTS,
    Topic.PATIENTS,
    Topic.PAYERS,
    Topic.PAYMENTS,
    Topic.PROVIDERS,
    Topic.SESSIONS,
    Topic.SETTINGS,
)
"""A plan of a report stands while none of these has changed."""
ABSENT = "not in the books"
FIRST = " of these days first, then this file again."
MOST_REASONS = 8
"""So many reasons are told beside the rows; each row has its own anyway."""


def kind_of(profile: str) -> ReportKind[Any]:
    """Return what plans a report of this profile. Raises Problem where nothing does."""
    kind = KINDS.get(profile)
    if kind is None:
        raise Problem(
            "This report is read, but nothing of it is kept.", hint="Nothing was imported."
        )
    return kind


def plan_report(
    work: Work,
    read: ReadReport,
    *,
    answers: Mapping[str, str] | None = None,
    accept_proposals: bool = False,
    file_day: date | None = None,
) -> PreparedReport:
    """Return what importing the report would do now, with these answers.

    ``file_day`` dates what no row dates; None takes the last day in the file, but not a day to
    come. Raises Problem for a report that nothing is kept of.
    """
    kind, report = kind_of(report_profile(read)), read.report
    still_waits = (
        ImportRow.verdict.in_((Verdict.SKIPPED, Verdict.UNCHANGED)),
        or_(ImportRow.reason == WAITING, ImportRow.reason.startswith(WAITS)),
    )
    already = imported_before(work, read.source.sha256, waits=still_waits)
    known = read_knowledge(work, None, None)
    asked = Asked(answers or {}, known.answers, accept_proposals)
    day = file_day or min(report.last_day or work.today(), work.today())
    counters = counters_of(work, BASIS)
    named = [kind.named(row) for row in report.rows]
    planning = Planning(work, report, known, asked, day, unresolved(named))
    planning.findings += report.findings
    book = _Book(planning)
    if already is not None and not already.waiting:
        for at in range(len(report.rows)):
            book.add(at, Decision(Verdict.UNCHANGED, reason=already.words))
        return _closed(read, planning, book, counters, already.words)
    if already is not None:
        planning.lines = already.waiting
    work.job.step(0, len(report.rows), "Matching rows")
    planning.state = kind.begin(planning)
    resolve_names(kind, planning)
    waiting = planning.names.waiting
    for at, row in enumerate(report.rows):
        if already is not None and row.line not in already.waiting:
            book.add(at, Decision(Verdict.UNCHANGED, reason=already.words))
        elif at in waiting:
            book.add(at, Decision(Verdict.SKIPPED, reason=WAITING, question_id=waiting[at]))
        else:
            book.add(at, kind.plan_row(planning, at, row))
    kind.end(planning)
    return _closed(read, planning, book, counters, None, again=already is not None)


def report_profile(read: ReadReport) -> str:
    """Return the key of the report."""
    return read.report.report


class _Book:
    """The rows of one plan in the making, and what they will write."""

    def __init__(self, planning: Planning[Any]) -> None:
        self._planning = planning
        self.rows: list[PlanRow] = []
        self.steps: list[Step] = []
        self.keeps: dict[int, Kept] = {}
        self.counts: Counter[Verdict] = Counter()

    def add(self, at: int, decided: Decision) -> None:
        """Add a row of the report with what was decided about it."""
        row, named = self._planning.report.rows[at], self._planning.names.named[at]
        row_id = len(self.rows)
        self.counts[decided.verdict] += 1
        if decided.verdict in (Verdict.NEW, Verdict.CHANGED):
            self.steps.append(Step(row_id, at, decided.step, decided.verdict))
        if decided.noun is not None or decided.keep is not None:
            self.keeps[row_id] = Kept(
                decided.noun, decided.noun_id, decided.keep, decided.session_id
            )
        self.rows.append(_plan_row(row_id, row.line, row.raw, named, self._planning.day, decided))

    def add_skipped(self) -> None:
        """Add the lines that the reader could not use, each with its reason."""
        for line in self._planning.report.skipped:
            self.counts[Verdict.SKIPPED] += 1
            decided = Decision(Verdict.SKIPPED, reason=line.reason)
            day = self._planning.day
            self.rows.append(_plan_row(len(self.rows), line.line, line.raw, Named(), day, decided))


def _plan_row(
    row_id: int, line: int, raw: str, named: Named, day: date, decided: Decision
) -> PlanRow:
    return PlanRow(
        id=row_id,
        line=line,
        verdict=decided.verdict,
        day=named.day or day,
        minute=0,
        client=named.client,
        clinician=named.clinician,
        payer=payer_text(named.payer),
        what=decided.what,
        reason=decided.reason,
        changes=decided.changes,
        open_change=decided.open_change,
        question_id=decided.question_id,
        session_id=decided.session_id,
        raw=raw,
    )


def _left_out(read: ReadReport, planning: Planning[Any], book: _Book) -> list[Finding]:
    """Say, once for each reason, how many rows are left out, where no finding has said it."""
    told = " ".join(finding.message for finding in planning.findings)
    lines = {finding.where for finding in planning.findings}
    early = any(finding.code == "no-session" for finding in planning.findings)
    reasons = Counter(
        row.reason
        for row in book.rows
        if row.verdict is Verdict.SKIPPED
        and row.reason not in ("", WAITING)
        and row.reason not in told
        and f"line {row.line}" not in lines
        and not (early and row.reason.startswith(WAITS))
    )
    found = []
    for reason, count in sorted(reasons.items())[:MOST_REASONS]:
        waits = reason.startswith(WAITS) and reason.endswith(ABSENT)
        many = "1 row is" if count == 1 else f"{count:,} rows are"
        advice = f" Import the appointment status report{FIRST}" if waits else ""
        found.append(
            Finding(
                "came-too-early" if waits else "left-out",
                f"{many} left out: {reason}.{advice}",
                read.source.name,
                Severity.WARNING if waits else Severity.INFO,
            )
        )
    return found


def _closed(
    read: ReadReport,
    planning: Planning[Any],
    book: _Book,
    counters: dict[str, int],
    already: str | None,
    *,
    again: bool = False,
) -> PreparedReport:
    book.add_skipped()
    planning.findings += _left_out(read, planning, book)
    report, counts = planning.report, book.counts
    if already is not None:
        planning.findings.append(
            Finding(
                "imported-already",
                f"{already}. Nothing changes.",
                read.source.name,
                Severity.INFO,
            )
        )
    digest = hashlib.sha256(f"{read.source.sha256}|{planning.day}|".encode())
    for row in book.rows:
        digest.update(f"{row.line}|{row.verdict}|{row.what}|{row.session_id}\n".encode())
    nothing = Money()
    plan = ImportPlan(
        file_name=read.source.name,
        sha256=read.source.sha256,
        profile=report.report,
        file_day=planning.day,
        first_day=report.first_day,
        last_day=report.last_day,
        read=report.read,
        created=counts[Verdict.NEW],
        changed=counts[Verdict.CHANGED],
        unchanged=counts[Verdict.UNCHANGED],
        skipped=counts[Verdict.SKIPPED],
        gone=0,
        rows=tuple(book.rows),
        questions=planning.asked.in_order(),
        findings=tuple(planning.findings),
        totals=PlanTotals(nothing, nothing, nothing, nothing, nothing, nothing),
        open_change=Money(sum(row.open_change.cents for row in book.rows)),
        already=already,
        digest=digest.hexdigest(),
        report_totals=dict(report.totals),
    )
    return PreparedReport(
        plan=plan,
        read=read,
        names=planning.names,
        known=planning.known,
        state=planning.state,
        steps=book.steps,
        keeps=book.keeps,
        counters=counters,
        again=again,
    )
