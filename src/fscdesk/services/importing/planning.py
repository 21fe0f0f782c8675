"""Plans an import: reads the books once, matches every row, says what would happen."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from fscdesk.models.import_batch import BatchStatus, ImportBatch, Verdict
from fscdesk.models.session import Attendance
from fscdesk.models.staff import Staff
from fscdesk.models.values import Money
from fscdesk.services.changes import change_counts
from fscdesk.services.charges.making import SessionFacts, make_charges
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.coding import Codes, resolve_codes
from fscdesk.services.importing.deriving import (
    Columns,
    attendance_of,
    code_facts,
    code_text,
    report_of,
    status_of,
    with_what_is_missing,
)
from fscdesk.services.importing.differences import differences, in_words, moved
from fscdesk.services.importing.files import SourceFile
from fscdesk.services.importing.going import plan_gone
from fscdesk.services.importing.knowledge import Knowledge, KnownSession, read_knowledge
from fscdesk.services.importing.matching import Matched, Placed, match, place
from fscdesk.services.importing.naming import (
    Resolved,
    payer_text,
    resolve_payers,
    resolve_providers,
)
from fscdesk.services.importing.persons import Persons, resolve_persons
from fscdesk.services.importing.plan import (
    Change,
    Creation,
    FieldChange,
    ImportPlan,
    PlanRow,
    PlanTotals,
    Prepared,
)
from fscdesk.services.importing.questions import WAITING, Asked
from fscdesk.services.importing.readers.appointments import AppointmentFile, AppointmentRow
from fscdesk.services.importing.recognising import Recognised
from fscdesk.services.sessions.recording import ReportFacts
from fscdesk.services.work import Topic, Work

BASIS = (
    Topic.IMPORTS,
    Topic.PATIENTS,
    Topic.PAYERS,
    Topic.PROVIDERS,
    Topic.SERVICES,
    Topic.SESSIONS,
    Topic.SETTINGS,
)
"""A plan stands while none of these has changed."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was opened, recognised and read, before anything is asked of the books."""

    source: SourceFile
    recognised: Recognised
    content: AppointmentFile


def plan_import(
    work: Work,
    file: ReadFile,
    *,
    answers: Mapping[str, str] | None = None,
    accept_proposals: bool = False,
    file_day: date | None = None,
) -> Prepared:
    """Return what importing the file would do now, with these answers.

    ``file_day`` is the day by which amounts that SimplePractice calls paid are dated; None
    takes the last day in the file, but not a day to come.
    """
    already = _already(work, file.source.sha256)
    content = file.content
    known = read_knowledge(work, content.first_day, content.last_day)
    asked = Asked(answers or {}, known.answers, accept_proposals)
    day = file_day or min(content.last_day or work.today(), work.today())
    planner = _Planner(work, file, known, asked, day)
    counters = {
        topic.value: count for topic, count in change_counts(work).items() if topic in BASIS
    }
    if already is not None:
        return planner.nothing_to_do(already, counters)
    return planner.plan(counters)


def _already(work: Work, sha256: str) -> str | None:
    found = work.db.execute(
        select(ImportBatch.applied_at, ImportBatch.id, Staff.name)
        .join(Staff, Staff.id == ImportBatch.applied_by)
        .where(ImportBatch.sha256 == sha256, ImportBatch.status == BatchStatus.APPLIED)
        .limit(1)
    ).first()
    if found is None:
        return None
    at = found.applied_at.astimezone(work.zone)
    return f"Imported already on {at:%m/%d/%Y %H:%M} by {found.name} (import {found.id})"


class _Planner:
    """One plan in the making."""

    def __init__(
        self, work: Work, file: ReadFile, known: Knowledge, asked: Asked, day: date
    ) -> None:
        self._work, self._file, self._known, self._asked = work, file, known, asked
        self._content, self._day, self._today = file.content, day, work.today()
        fields = file.recognised.columns
        self._has = Columns(
            note="note_status" in fields,
            payers="payer" in fields,
            insurance=file.content.has_insurance,
            write_off="write_off" in fields,
        )
        self._rows: list[PlanRow] = []
        self._counts: Counter[Verdict] = Counter()
        self._creations: list[Creation] = []
        self._changes: list[Change] = []
        self._findings: list[Finding] = list(file.content.findings)

    def nothing_to_do(self, already: str, counters: dict[str, int]) -> Prepared:
        """Say of every row that this very file was imported before."""
        for row in self._content.rows:
            self._add(row, Verdict.UNCHANGED, reason=already)
        self._add_skipped()
        none = Resolved()
        return Prepared(
            plan=self._plan(already),
            creations=[],
            changes=[],
            cancel=[],
            reports={},
            providers=none,
            payers=none,
            persons=Persons(),
            catalogue=self._known.catalogue,
            counters=counters,
        )

    def plan(self, counters: dict[str, int]) -> Prepared:
        """Resolve names, match rows to sessions, and write down what will happen."""
        content, known, asked = self._content, self._known, self._asked
        self._work.job.step(0, len(content.rows), "Matching rows")
        codes = resolve_codes(content.rows, known.catalogue, asked)
        self._findings += codes.findings
        providers = resolve_providers(content.rows, known, asked)
        payers = resolve_payers(content.rows, known, asked)
        provider_of = [providers.ids.get(row.clinician) for row in content.rows]
        persons = resolve_persons(content.rows, provider_of, known, asked)
        waiting = self._waiting(codes, providers, payers, persons)
        patient_of = {i: p for i, p in persons.of_row.items() if i not in waiting}
        matched = match(
            place(content.rows, patient_of, provider_of),
            known.sessions,
            asked,
            first=content.first_day or self._day,
            last=content.last_day or self._day,
            keeps=[provider for provider in providers.ids.values() if provider > 0],
            only_self_pay=not content.has_insurance,
        )
        waiting |= matched.waiting
        self._plan_rows(matched, waiting, codes, payers, provider_of, patient_of)
        cancel = self._plan_gone(matched, waiting, patient_of)
        self._add_skipped()
        return Prepared(
            plan=self._plan(None),
            creations=self._creations,
            changes=self._changes,
            cancel=cancel,
            reports={},
            providers=providers,
            payers=payers,
            persons=persons,
            catalogue=known.catalogue,
            new_codes={code: service.base_rate for code, service in codes.new.items()},
            code_kinds={code: service.kind.value for code, service in codes.new.items()},
            counters=counters,
        )

    def _waiting(
        self, codes: Codes, providers: Resolved, payers: Resolved, persons: Persons
    ) -> dict[int, str]:
        """Return the rows that cannot be planned until a question is answered."""
        waiting = dict(persons.waiting)
        if not (codes.waiting or providers.waiting or payers.waiting):
            return waiting
        for index, row in enumerate(self._content.rows):
            open_questions = (
                providers.waiting.get(row.clinician),
                *(payers.waiting.get(payer_text(one)) for one in (row.payer, row.second_payer)),
                *(codes.waiting.get(code.code) for code in row.codes),
            )
            first = next((asked for asked in open_questions if asked is not None), None)
            if first is not None:
                waiting[index] = first
        return waiting

    def _plan_rows(
        self,
        matched: Matched,
        waiting: dict[int, str],
        codes: Codes,
        payers: Resolved,
        provider_of: Sequence[int | None],
        patient_of: dict[int, int],
    ) -> None:
        placed = {one.index: one for one in matched.new}
        for index, row in enumerate(self._content.rows):
            if index in waiting:
                self._add(row, Verdict.SKIPPED, reason=WAITING, question_id=waiting[index])
                continue
            session = matched.pairs.get(index)
            if session is not None:
                provider, patient = provider_of[index], patient_of[index]
                assert provider is not None
                one = Placed(index, row, patient, provider, session.occurrence)
                self._plan_known(one, session, codes, payers)
            elif index in placed:
                self._plan_new(placed[index], codes, payers)
            else:
                reason = f"“{row.clinician}” or “{row.client}” could not be placed"
                self._add(row, Verdict.SKIPPED, reason=reason)

    def _target(
        self,
        one: Placed,
        report: ReportFacts,
        codes: Codes,
        payers: Resolved,
        by_hand: Attendance | None = None,
    ) -> Creation:
        row = one.row
        facts = code_facts(row, codes.renamed)
        payer_id = payers.ids.get(report.payer) if report.payer else None
        attendance = by_hand or attendance_of(
            report,
            facts,
            self._known.catalogue,
            said=row.attendance,
            day=row.day,
            today=self._today,
        )
        charges = make_charges(
            SessionFacts(
                day=row.day,
                attendance=attendance,
                payer_id=payer_id,
                codes=facts
                if self._content.has_fee
                else tuple(code._replace(rate=None) for code in facts),
                patient_charge=row.patient_charge if self._content.has_patient else None,
                fee=row.fee if self._content.has_fee else None,
            ),
            self._known.catalogue,
        )
        payer_open = sum(charge.insurance for charge in charges) - (
            report.insurance_paid + report.write_off
        )
        client_open = sum(charge.patient for charge in charges) - report.patient_paid
        return Creation(
            row_id=len(self._rows),
            patient_id=one.patient_id,
            provider_id=one.provider_id,
            payer_id=payer_id,
            second_payer_id=payers.ids.get(report.second_payer) if report.second_payer else None,
            occurrence=one.occurrence,
            day=row.day,
            minute=row.minute,
            code_text=code_text(facts),
            attendance=attendance,
            billing_status=status_of(report, attendance, payer_open, max(client_open, 0)),
            charges=charges,
            report=report,
        )

    def _plan_new(self, one: Placed, codes: Codes, payers: Resolved) -> None:
        report = report_of(one.row)
        if not self._has.insurance:
            report = report._replace(insurance_charge=report.fee - report.patient_charge)
        target = self._target(one, report, codes, payers)
        self._creations.append(target)
        what = f"{target.code_text}, {Money(report.fee)}"
        if target.attendance is Attendance.SCHEDULED:
            what = f"{what}, to come"
        self._add(one.row, Verdict.NEW, what=what, open_change=_owed(target))

    def _plan_known(
        self, one: Placed, session: KnownSession, codes: Codes, payers: Resolved
    ) -> None:
        before = session.report
        now = report_of(one.row)
        if before is None:
            reason = "This session was entered here, not imported; the row only confirms it"
            self._add(one.row, Verdict.UNCHANGED, reason=reason, session_id=session.id)
            return
        now = with_what_is_missing(now, before, self._has)
        changes = list(differences(before, now))
        shift = moved(session, (one.row.day, one.row.minute))
        if shift is not None:
            changes.insert(0, shift)
        # The report has no attendance, so what a person said stands, unless money came.
        kept = session.id in self._known.by_hand and not any(now.recorded)
        target = self._target(one, now, codes, payers, session.attendance if kept else None)
        if target.payer_id is None and not self._has.payers:
            target = _with_payers(target, session)
        if target.attendance is not session.attendance:
            was, will_be = session.attendance.value, target.attendance.value
            changes.insert(0, FieldChange("Attendance", _words(was), _words(will_be)))
        if not changes:
            self._add(one.row, Verdict.UNCHANGED, reason="Nothing changed", session_id=session.id)
            return
        recharge = (
            target.attendance is not session.attendance
            or _charged_differently(before, now)
            or target.provider_id != session.provider_id
            or target.payer_id != session.payer_id
            or shift is not None
        )
        self._changes.append(Change(len(self._rows), session, target, recharge))
        owed_before = session.insurance_balance + session.patient_balance
        self._add(
            one.row,
            Verdict.CHANGED,
            what=in_words(tuple(changes)),
            changes=tuple(changes),
            open_change=_owed(target) - owed_before,
            session_id=session.id,
        )

    def _plan_gone(
        self, matched: Matched, waiting: dict[int, str], patient_of: dict[int, int]
    ) -> list[tuple[int, KnownSession]]:
        hidden = {
            session.patient_id
            for session in matched.gone
            if waiting and session.patient_id not in patient_of.values()
        }
        cancel = []
        for session in matched.gone:
            row, cancelled = plan_gone(
                len(self._rows),
                session,
                self._known,
                self._asked,
                unsure=session.patient_id in hidden,
            )
            if cancelled:
                cancel.append((row.id, session))
            self._rows.append(row)
            self._counts[Verdict.GONE] += 1
        return cancel

    def _add(
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

    def _add_skipped(self) -> None:
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

    def _plan(self, already: str | None) -> ImportPlan:
        content, counts = self._content, self._counts
        totals = content.totals
        questions = self._asked.in_order()
        if already is not None:
            self._findings.append(
                Finding(
                    "imported-already",
                    f"{already}. Nothing changes.",
                    self._file.source.name,
                    Severity.INFO,
                )
            )
        digest = hashlib.sha256()
        digest.update(f"{self._file.source.sha256}|{self._day}|".encode())
        for row in self._rows:
            digest.update(f"{row.line}|{row.verdict}|{row.what}|{row.session_id}\n".encode())
        return ImportPlan(
            file_name=self._file.source.name,
            sha256=self._file.source.sha256,
            profile=self._file.recognised.profile,
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
            findings=tuple(self._findings),
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


def _with_payers(target: Creation, session: KnownSession) -> Creation:
    """Keep the payers of the books where the file has no column for them."""
    return replace(target, payer_id=session.payer_id, second_payer_id=session.second_payer_id)


def _charged_differently(before: ReportFacts, now: ReportFacts) -> bool:
    return (before.codes, before.fee, before.patient_charge) != (
        now.codes,
        now.fee,
        now.patient_charge,
    )


def _owed(target: Creation) -> int:
    """Return what will be open of a session in cents; a credit of the client is not of it."""
    if not target.charges:
        return 0
    patient = sum(charge.patient for charge in target.charges) - target.report.patient_paid
    insurance = sum(charge.insurance for charge in target.charges)
    return insurance - target.report.insurance_paid - target.report.write_off + max(patient, 0)


def _words(status: str) -> str:
    return status.replace("_", " ")
