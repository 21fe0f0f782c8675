"""The attendance report: whether sessions took place, as SimplePractice says it.

Attendance is changed through ``sessions.attending``, with the fees that a service asks. Money
stays where it is: a session on which it stands is left alone and becomes a finding, and what a
person said of a session is asked about.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from sqlalchemy import select

from fscdesk.models.import_batch import ImportBatch, ImportRow, Verdict
from fscdesk.models.session import Attendance, Session, StatusKind
from fscdesk.models.values import Money
from fscdesk.services.billing.invoice_following import follow_back
from fscdesk.services.billing.parking import park_without_visit, release_on_new_visit
from fscdesk.services.charges.catalogue import Catalogue, read_catalogue
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.knowledge import UNDOING
from fscdesk.services.importing.later_work import money_on_sessions
from fscdesk.services.importing.plan import FieldChange
from fscdesk.services.importing.questions import WAITING, Option, Question, QuestionKind
from fscdesk.services.importing.readers.attendance import AttendanceRow
from fscdesk.services.importing.report_signatures import ATTENDANCE
from fscdesk.services.importing.reports.attendance_book import (
    AttendanceBook,
    SessionNow,
    Slot,
    meant,
    pair,
    read_book,
    words_of,
)
from fscdesk.services.importing.reports.attendance_places import (
    PLACE,
    PLACE_BEFORE,
    Places,
    put_back,
    unknown_offices,
)
from fscdesk.services.importing.reports_engine import (
    WAITS,
    Applying,
    Decision,
    Kept,
    Named,
    Planning,
    ReportKind,
)
from fscdesk.services.importing.taking_back import free_charges
from fscdesk.services.sessions.attending import set_attendance, will_charge
from fscdesk.services.statuses import StatusChange, write_status_changes
from fscdesk.services.work import Topic, Work

NOUN = "session"
KEEP, TAKE = "keep", "take"
_CANCELLED = frozenset({"cancelled", "clinician_cancelled"})


class AttendanceReport(ReportKind[AttendanceRow]):
    """Sets the attendance of sessions that are in the books; it makes none."""

    profile = ATTENDANCE
    topics = (Topic.SESSIONS, Topic.LEDGER)

    def named(self, row: AttendanceRow) -> Named:
        """Return client and clinician."""
        return Named(row.client, row.clinician, day=row.day)

    def begin(self, planning: Planning[AttendanceRow]) -> AttendanceBook:
        """Read the sessions of the report's days."""
        report, today = planning.report, planning.work.today()
        return read_book(planning.work, report.first_day or today, report.last_day or today)

    def which(self, planning: Planning[AttendanceRow], at: int, patients: Any) -> int | None:
        """Tell clients of one name apart by who has a session with the clinician that day."""
        row, provider = planning.report.rows[at], planning.names.provider_of[at]
        if provider is None:
            return None
        there = [one for one in patients if (one, provider, row.day) in planning.state.slots]
        return there[0] if len(there) == 1 else None

    def plan_row(self, planning: Planning[AttendanceRow], at: int, row: AttendanceRow) -> Decision:
        """Say what a row changes, or why not."""
        book: AttendanceBook = planning.state
        if not book.paired:
            _pair_all(planning)
        if at in book.waiting:
            return Decision(Verdict.SKIPPED, reason=WAITING, question_id=book.waiting[at])
        session = book.pairs.get(at)
        if at in book.unclear:
            return _unclear(planning, row, book.unclear[at])
        if session is None:
            return _nowhere(planning, row)
        wanted = meant(row.attendance)
        known: dict[str, Any] = {
            "noun": NOUN,
            "noun_id": session.id,
            "session_id": session.id,
        }
        if wanted is None:
            reason = f"“{row.status_word}” is no attendance that is known"
            return Decision(Verdict.SKIPPED, reason=reason, **known)
        place = places_of(planning).known(row.office)
        if wanted is session.attendance:
            return _same(planning, row, session, place)
        return self._differing(planning, row, session, wanted, place)

    def _differing(
        self,
        planning: Planning[AttendanceRow],
        row: AttendanceRow,
        session: SessionNow,
        wanted: Attendance,
        place: int | None,
    ) -> Decision:
        known: dict[str, Any] = {
            "noun": NOUN,
            "noun_id": session.id,
            "session_id": session.id,
        }
        was, now = words_of(session.attendance), words_of(wanted)
        if session.money:
            reason = f"{session.money}, so it stays {was}"
            planning.findings.append(
                Finding(
                    "money-on-session",
                    f"SimplePractice says {now}. {reason}. Take the money back first if the "
                    "session did not take place.",
                    f"line {row.line}",
                    Severity.WARNING,
                )
            )
            return Decision(Verdict.SKIPPED, reason=reason, **known)
        if session.id in planning.state.by_hand:
            question = Question(
                id=f"attendance_said:{session.id}|{session.attendance}|{wanted}",
                kind=QuestionKind.ATTENDANCE,
                text=f"{row.client}, {row.day:%m/%d/%Y}: {was} here, {now} in SimplePractice. "
                "Which holds?",
                detail="It was set here by a person. The answer is remembered.",
                options=(Option(KEEP, f"Keep {was}"), Option(TAKE, f"Take {now}")),
                proposal=None,
                rows=1,
            )
            answer = planning.asked.ask(question)
            if answer is None:
                return Decision(Verdict.SKIPPED, reason=WAITING, question_id=question.id, **known)
            if answer == KEEP:
                reason = f"It stays {was}, as a person said"
                return Decision(Verdict.UNCHANGED, reason=reason, **known)
        moved = _moved(planning, session, place)
        why = " by the clinician" if row.attendance == "clinician_cancelled" else ""
        return Decision(
            Verdict.CHANGED,
            what=f"Attendance {was} → {now}{why}",
            changes=(FieldChange("Attendance", was, now), *moved),
            step=(session.id, wanted, row.attendance, place if moved else None),
            open_change=_open_change(planning, session.id, wanted),
            **known,
        )

    def end(self, planning: Planning[AttendanceRow]) -> None:
        """Say once how many rows have no session, and which offices are not known."""
        planning.findings += unknown_offices(places_of(planning))
        missing = planning.state.missing
        if missing:
            many = "1 row has" if missing == 1 else f"{missing:,} rows have"
            planning.findings.append(
                Finding(
                    "no-session",
                    f"{many} no session in the books. Import the appointment status report of "
                    "these days, then this file again.",
                    "",
                    Severity.WARNING,
                )
            )

    def apply(self, applying: Applying) -> None:
        """Set attendance, the same one for many sessions at once; charges and fees follow.

        The location is set besides, where the office is one.
        """
        work, batch = applying.work, applying.batch
        wanted: dict[tuple[Attendance, str], list[int]] = defaultdict(list)
        for step in applying.steps:
            session_id, attendance, word, place = step.step
            session = work.db.get_one(Session, session_id, with_for_update=True)
            before: dict[str, Any] = {
                "attendance": session.attendance.value,
                "now": attendance.value,
                "fee": session.fee.cents,
            }
            if session.attendance is not attendance:
                wanted[attendance, word].append(session_id)
            if place is not None:
                before |= {PLACE: place, PLACE_BEFORE: session.location_id}
                session.location_id = place
            applying.kept[step.row_id] = Kept(NOUN, session_id, before, session_id)
        work.db.flush()
        for (attendance, word), ids in wanted.items():
            moving = [work.db.get_one(Session, one) for one in ids]
            reason = f"Attendance report: {words_of(word, _REASONS)}"
            set_attendance(
                work, moving, attendance, reason=reason, on=applying.on, batch_id=batch.id
            )

    def later_work(self, work: Work, batch: ImportBatch) -> list[str]:
        """Name the money that stands on what the new attendance charged."""
        return money_on_sessions(work, batch)

    def undo(self, work: Work, batch: ImportBatch) -> int:
        """Put back the attendance, the charges, the fee and the location that sessions had."""
        free_charges(work, batch)
        follow_back(work, batch)
        changes: list[StatusChange] = []
        rows = work.db.execute(
            select(ImportRow.session_id, ImportRow.before).where(
                ImportRow.batch_id == batch.id, ImportRow.before.is_not(None)
            )
        ).all()
        fees: dict[int, int] = {}
        for session_id, text in rows:
            if session_id is None or text is None:
                continue
            before = json.loads(text)
            session = work.db.get_one(Session, session_id)
            if session.attendance.value != before["attendance"]:
                reason = f"{UNDOING}the import of {batch.file_name}"
                was, now = before["attendance"], session.attendance.value
                changes.append(StatusChange(session_id, StatusKind.ATTENDANCE, now, was, reason))
            fees[session_id] = before["fee"]
            put_back(work, session, before)
        write_status_changes(work, changes, day=work.today())
        for session_id, fee in fees.items():
            work.db.get_one(Session, session_id).fee = Money(fee)
        work.db.flush()
        patients = {work.db.get_one(Session, one).patient_id for one in fees}
        release_on_new_visit(work, patients)
        park_without_visit(work, patients)
        return len(changes)


_REASONS = {
    "completed": "attended",
    "clinician_cancelled": "cancelled by the clinician",
}


def places_of(planning: Planning[AttendanceRow]) -> Places:
    """Return the practice's locations, as the plan has read them."""
    places: Places | None = planning.state.places
    assert places is not None
    return places


def _same(
    planning: Planning[AttendanceRow], row: AttendanceRow, session: SessionNow, place: int | None
) -> Decision:
    """Decide about a row whose attendance is the same: its office may still be news."""
    known: dict[str, Any] = {"noun": NOUN, "noun_id": session.id, "session_id": session.id}
    moved = _moved(planning, session, place)
    if moved:
        return Decision(
            Verdict.CHANGED,
            what=f"Location {moved[0].old} → {moved[0].new}",
            changes=moved,
            step=(session.id, session.attendance, row.attendance, place),
            **known,
        )
    places = places_of(planning)
    if place is not None and place != places.at.get(session.id):
        stays = places.name(places.at.get(session.id))
        reason = f"It stays at {stays}, as a person said"
    elif row.office.strip() and place is None:
        reason = f"{WAITS} its office, “{row.office.strip()[:100]}”, which is no location here"
    else:
        reason = "Nothing changed"
    return Decision(Verdict.UNCHANGED, reason=reason, **known)


def _moved(
    planning: Planning[AttendanceRow], session: SessionNow, place: int | None
) -> tuple[FieldChange, ...]:
    """Return what a row changes of where its session took place: nothing that a person said."""
    places = places_of(planning)
    stands = places.at.get(session.id)
    if place is None or place == stands or places.typed(session.id):
        return ()
    return (FieldChange("Location", places.name(stands), places.name(place)),)


def _pair_all(planning: Planning[AttendanceRow]) -> None:
    """Pair all rows whose names are settled with the sessions of their days."""
    planning.state.paired = True
    groups: dict[Slot, list[tuple[int, str]]] = defaultdict(list)
    names: dict[Slot, str] = {}
    for at, row in enumerate(planning.report.rows):
        patient, provider = planning.patient(at), planning.provider(at)
        if patient is None or provider is None:
            continue
        slot = (patient, provider, row.day)
        groups[slot].append((at, row.attendance))
        names[slot] = row.client
    for slot, rows in groups.items():
        pair(planning.state, slot, rows, planning.asked, names[slot])


def _unclear(planning: Planning[AttendanceRow], row: AttendanceRow, why: str) -> Decision:
    planning.findings.append(
        Finding(
            "which-session",
            f"{why}, and the report has no time of day. Set the attendance of {row.client} on "
            f"{row.day:%m/%d/%Y} here.",
            f"line {row.line}",
            Severity.WARNING,
        )
    )
    return Decision(Verdict.SKIPPED, reason=why)


def _nowhere(planning: Planning[AttendanceRow], row: AttendanceRow) -> Decision:
    if row.attendance in _CANCELLED:
        reason = "Cancelled, not in the appointment report"
        planning.findings.append(
            Finding("cancelled-absent", f"{reason}.", f"line {row.line}", Severity.INFO)
        )
        return Decision(Verdict.SKIPPED, reason=reason)
    planning.state.missing += 1
    return Decision(Verdict.SKIPPED, reason=f"{WAITS} its session, which is not in the books")


def _open_change(planning: Planning[AttendanceRow], session_id: int, wanted: Attendance) -> Money:
    """Return what the change does to the open balance: what is charged then and now."""
    work = planning.work
    session = work.db.get_one(Session, session_id)
    return will_charge(work, session, wanted, _catalogue(planning)) - session.fee


def _catalogue(planning: Planning[AttendanceRow]) -> Catalogue:
    book: AttendanceBook = planning.state
    found = book.catalogue = book.catalogue or read_catalogue(planning.work)
    return found
