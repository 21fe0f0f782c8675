"""Plans an import: reads the books once, matches every row, says what would happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fscdesk.models.import_batch import ImportRow, Verdict
from fscdesk.models.session import Attendance
from fscdesk.models.values import Money
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.batches import ImportedBefore, counters_of, imported_before
from fscdesk.services.importing.coding import Codes, resolve_codes
from fscdesk.services.importing.deriving import (
    Columns,
    report_of,
    with_what_is_missing,
)
from fscdesk.services.importing.differences import differences, in_words, moved
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
    Prepared,
)
from fscdesk.services.importing.plan_book import PlanBook
from fscdesk.services.importing.questions import WAITING, Asked
from fscdesk.services.importing.readers.appointments import AppointmentFile
from fscdesk.services.importing.recharging import foresee_changes
from fscdesk.services.importing.recognising import Recognised
from fscdesk.services.importing.targets import (
    Basis,
    charged_differently,
    owed,
    target_of,
    with_payers,
)
from fscdesk.services.payments.held_sessions import HELD_WORDS, Held
from fscdesk.services.sessions.recording import ReportFacts
from fscdesk.services.spreadsheets.files import SourceFile
from fscdesk.services.work import Topic, Work

_HELD_HINTS = {
    Held.PLAN: "End the plan, then import again.",
    Held.AGENCY: "Recall it, then import again.",
    Held.RECOVERED: "Adjust the session here, with the reason.",
}
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
    still_waits = ImportRow.verdict == Verdict.SKIPPED, ImportRow.reason == WAITING
    already = imported_before(work, file.source.sha256, waits=still_waits)
    content = file.content
    known = read_knowledge(work, content.first_day, content.last_day)
    asked = Asked(answers or {}, known.answers, accept_proposals)
    day = file_day or min(content.last_day or work.today(), work.today())
    planner = _Planner(work, file, known, asked, day)
    counters = counters_of(work, BASIS)
    if already is not None and not already.waiting:
        return planner.nothing_to_do(already.words, counters)
    return planner.plan(counters, already)


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
        self._book = PlanBook(file.source, file.content, day)
        self._creations: list[Creation] = []
        self._changes: list[Change] = []
        self._carrying: dict[int, Change] = {}  # by line: what stands on them goes along

    def _closed(self, already: str | None) -> ImportPlan:
        return self._book.close(self._file.recognised.profile, self._asked.in_order(), already)

    def nothing_to_do(self, already: str, counters: dict[str, int]) -> Prepared:
        """Say of every row that this very file was imported before."""
        for row in self._content.rows:
            self._book.add(row, Verdict.UNCHANGED, reason=already)
        self._book.add_skipped()
        none = Resolved()
        return Prepared(
            plan=self._closed(already),
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

    def plan(self, counters: dict[str, int], already: ImportedBefore | None) -> Prepared:
        """Resolve names, match rows to sessions, and write down what will happen.

        Of a file that was imported before, only the lines that waited for an answer are
        planned: what the others said may have changed since.
        """
        content, known, asked = self._content, self._known, self._asked
        self._work.job.step(0, len(content.rows), "Matching rows")
        codes = resolve_codes(content.rows, known.catalogue, asked)
        self._book.findings += codes.findings
        providers = resolve_providers(content.rows, known, asked)
        payers = resolve_payers(content.rows, known, asked)
        provider_of = [providers.ids.get(row.clinician) for row in content.rows]
        persons = resolve_persons(content.rows, provider_of, known, asked)
        waiting = self._waiting(codes, providers, payers, persons)
        patient_of = {i: p for i, p in persons.of_row.items() if i not in waiting}
        placed = place(content.rows, patient_of, provider_of)
        matched = match(
            placed,
            known.sessions,
            asked,
            first=content.first_day or self._day,
            last=content.last_day or self._day,
            keeps=[provider for provider in providers.ids.values() if provider > 0],
            only_self_pay=not content.has_insurance,
        )
        waiting |= matched.waiting
        self._basis = Basis(content, known.catalogue, codes, payers, self._today, self._book)
        self._plan_rows(matched, waiting, {one.index: one for one in placed}, already)
        self._book.findings += foresee_changes(self._work, self._carrying)
        cancel = self._plan_gone(matched, waiting, patient_of) if already is None else []
        self._book.add_skipped()
        return Prepared(
            plan=self._closed(None),
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
            again=already is not None,
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
        placed: dict[int, Placed],
        already: ImportedBefore | None,
    ) -> None:
        for index, row in enumerate(self._content.rows):
            one, session = placed.get(index), matched.pairs.get(index)
            if already is not None and row.lines[0] not in already.waiting:
                self._book.add(row, Verdict.UNCHANGED, reason=already.words)
            elif index in waiting:
                reason = WAITING
                self._book.add(row, Verdict.SKIPPED, reason=reason, question_id=waiting[index])
            elif one is None:
                reason = f"“{row.clinician}” or “{row.client}” could not be placed"
                self._book.add(row, Verdict.SKIPPED, reason=reason)
            elif session is None:
                self._plan_new(one)
            else:
                self._plan_known(one, session)

    def _plan_new(self, one: Placed) -> None:
        report = report_of(one.row)._replace(posts=self._known.posts)
        if not self._has.insurance:
            report = report._replace(insurance_charge=report.fee - report.patient_charge)
        target = target_of(self._basis, one, report)
        if self._money_without_charge(one, target):
            return
        self._creations.append(target)
        self._compare(one, report, None)
        what = f"{target.code_text}, {Money(report.fee)}"
        if target.attendance is Attendance.SCHEDULED:
            what = f"{what}, to come"
        self._book.add(one.row, Verdict.NEW, what=what, open_change=owed(target))

    def _plan_known(self, one: Placed, session: KnownSession) -> None:
        before = session.report
        now = report_of(one.row)
        if before is None:
            reason = "This session was entered here, not imported; the row only confirms it"
            self._book.add(one.row, Verdict.UNCHANGED, reason=reason, session_id=session.id)
            return
        now = with_what_is_missing(now, before, self._has)
        # What was posted for a session stays posted, whatever the office decided since.
        now = now._replace(posts=self._known.posts or any(before.recorded))
        changes = list(differences(before, now))
        shift = moved(session, (one.row.day, one.row.minute))
        if shift is not None:
            changes.insert(0, shift)
        # The report has no attendance, so what a person said stands, unless money came.
        kept = session.id in self._known.by_hand and not any(now.said)
        by_hand = session.attendance if kept else None
        target = target_of(self._basis, one, now, by_hand)
        if self._money_without_charge(one, target):
            return
        if target.payer_id is None and not self._has.payers:
            target = with_payers(target, session)
        if target.attendance is not session.attendance:
            was, will_be = session.attendance.value, target.attendance.value
            changes.insert(0, FieldChange("Attendance", _words(was), _words(will_be)))
        self._compare(one, now, session)
        if not changes:
            self._book.add(
                one.row, Verdict.UNCHANGED, reason="Nothing changed", session_id=session.id
            )
            return
        recharge = (
            target.attendance is not session.attendance
            or charged_differently(before, now)
            or target.provider_id != session.provider_id
            or target.payer_id != session.payer_id
            or shift is not None
        )
        held = self._known.held.get(session.id)
        if recharge and held is not None:
            reason = f"{HELD_WORDS[held]}, so it stays as it is"
            self._book.add(one.row, Verdict.SKIPPED, reason=reason, session_id=session.id)
            self._book.findings.append(
                Finding(
                    "agreed-elsewhere",
                    f"{reason}: {in_words(tuple(changes))}. {_HELD_HINTS[held]}",
                    f"line {one.row.lines[0]}",
                    Severity.WARNING,
                )
            )
            return
        change = Change(self._book.next_id, session, target, recharge)
        self._changes.append(change)
        # What of the fee is the client's is no word of the claim: the deductible moves it.
        billed = (before.codes, before.fee) != (now.codes, now.fee)
        self._say_claim(one, session, target, recharged=billed)
        if recharge and session.id in self._known.worked:
            self._carrying[one.row.lines[0]] = change
        owed_before = session.insurance_balance + session.patient_balance
        self._book.add(
            one.row,
            Verdict.CHANGED,
            what=in_words(tuple(changes)),
            changes=tuple(changes),
            open_change=owed(target) - owed_before,
            session_id=session.id,
        )

    def _say_claim(
        self, one: Placed, session: KnownSession, target: Creation, *, recharged: bool
    ) -> None:
        """Say that a payer has a session on a claim whose charges will be others."""
        claim = self._known.claimed.get(session.id)
        was = session.attendance, session.provider_id, session.payer_id, session.day
        will_be = target.attendance, target.provider_id, target.payer_id, target.day
        if claim and (recharged or was != will_be):
            self._book.findings.append(
                Finding(
                    "on-sent-claim",
                    f"It is on {claim}, which says what was charged before. Correct that claim"
                    " afterwards, or take it back.",
                    f"line {one.row.lines[0]}",
                    Severity.WARNING,
                )
            )

    def _compare(self, one: Placed, report: ReportFacts, session: KnownSession | None) -> None:
        """Say where SimplePractice calls more or less paid than was applied here."""
        if report.posts:
            return
        ours = self._known.applied.get(session.id, (0, 0)) if session is not None else (0, 0)
        said = (report.patient_paid, report.insurance_paid)
        for who, theirs, here in zip(("client", "payer"), said, ours, strict=True):
            if theirs != here:
                self._book.findings.append(
                    Finding(
                        "paid-differs",
                        f"SimplePractice calls {Money(theirs)} paid by the {who}, {Money(here)}"
                        " was applied here.",
                        f"line {one.row.lines[0]}",
                        Severity.WARNING,
                    )
                )

    def _money_without_charge(self, one: Placed, target: Creation) -> bool:
        """Skip a row that calls something paid for which nothing is charged: say so."""
        if target.charges or not any(target.report.recorded):
            return False
        reason = "Money is recorded for a session that costs nothing"
        self._book.add(one.row, Verdict.SKIPPED, reason=reason)
        self._book.findings.append(
            Finding(
                "money-without-charge",
                f"{reason}, so it cannot be kept apart from other money. Correct the fee in "
                "SimplePractice and export again.",
                f"line {one.row.lines[0]}",
            )
        )
        return True

    def _plan_gone(
        self, matched: Matched, waiting: dict[int, str], patient_of: dict[int, int]
    ) -> list[tuple[int, KnownSession]]:
        sure = set(patient_of.values())
        hidden = {
            session.patient_id
            for session in matched.gone
            if waiting and session.patient_id not in sure
        }
        cancel = []
        for session in matched.gone:
            row, cancelled = plan_gone(
                self._book.next_id,
                session,
                self._known,
                self._asked,
                unsure=session.patient_id in hidden,
            )
            if cancelled:
                cancel.append((row.id, session))
            self._book.add_gone(row)
        return cancel


def _words(status: str) -> str:
    return status.replace("_", " ")
